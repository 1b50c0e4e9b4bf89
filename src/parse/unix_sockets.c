/* SPDX-License-Identifier: BSD-2-Clause */
#include "parse/unix_sockets.h"

#include <stdbool.h>
#include <string.h>

#define FIELDS_BEFORE_STATE 5

static const char *next_field(const char *p, const char *end)
{
	while (p < end && *p != ' ')
		p++;
	while (p < end && *p == ' ')
		p++;
	return p;
}

static bool is_field(const char *p, const char *end, const char *wanted)
{
	size_t len = strlen(wanted);

	return (size_t)(end - p) > len && memcmp(p, wanted, len) == 0 && p[len] == ' ';
}

/* The name is the rest of the line, and may hold blanks. */
static bool is_waiting(const char *p, const char *end, const char *name)
{
	const char *inode;

	for (int i = 0; i < FIELDS_BEFORE_STATE; i++)
		p = next_field(p, end);
	inode = next_field(p, end);
	if (!is_field(p, end, "02") || !is_field(inode, end, "0"))
		return false;
	p = inode + 2;
	return (size_t)(end - p) == strlen(name) && memcmp(p, name, strlen(name)) == 0;
}

size_t unix_sockets_waiting(const char *text, size_t len, const char *name)
{
	const char *end = text + len;
	size_t n = 0;

	for (const char *p = text; p < end;) {
		const char *newline = memchr(p, '\n', (size_t)(end - p));
		const char *line_end = newline ? newline : end;

		n += is_waiting(p, line_end, name);
		p = newline ? newline + 1 : end;
	}
	return n;
}
