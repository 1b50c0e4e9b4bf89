/* SPDX-License-Identifier: BSD-2-Clause */
#include "parse/vectors.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/macros.h"
#include "base/number.h"
#include "base/text.h"

static const char *skip_blanks(const char *p, const char *end)
{
	while (p < end && is_blank(*p))
		p++;
	return p;
}

static bool is_heading(const char *p, const char *end)
{
	static const char heading[] = "| CPU | avl |";

	p = skip_blanks(p, end);
	return (size_t)(end - p) >= sizeof(heading) - 1 &&
	       memcmp(p, heading, sizeof(heading) - 1) == 0;
}

/* "   0   193     0     0    7  33-37,48": 0, 1 behind the table, -errno */
static int read_row(const char *p, const char *end, struct cpuset *room)
{
	uint64_t cpu = 0, available = 0;
	int r;

	p = skip_blanks(p, end);
	if (p == end || !is_digit(*p))
		return 1;
	r = number_read(&p, end, CPUSET_MAX - 1, &cpu);
	if (r == 0 && p < end && !is_blank(*p))
		r = -EINVAL;
	p = skip_blanks(p, end);
	if (r == 0)
		r = number_read(&p, end, UINT32_MAX, &available);
	if (r < 0)
		return -EINVAL;
	return available ? cpuset_add(room, (uint32_t)cpu) : 0;
}

int vectors_parse_room(const char *text, size_t len, struct cpuset *room)
{
	_cleanup_(cpuset_done) struct cpuset found = {0};
	const char *end = text + len;
	bool in_table = false, has_rows = false;
	int r = 0;

	for (const char *p = text; p < end && r == 0;) {
		const char *newline = memchr(p, '\n', (size_t)(end - p));
		const char *line_end = newline ? newline : end;

		if (in_table) {
			r = read_row(p, line_end, &found);
			has_rows = has_rows || r == 0;
		} else {
			in_table = is_heading(p, line_end);
		}
		p = newline ? newline + 1 : end;
	}
	if (r < 0)
		return r;
	return has_rows ? cpuset_copy(room, &found) : -EINVAL;
}
