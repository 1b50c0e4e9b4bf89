/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/glob.h"

#include <stddef.h>
#include <string.h>

/* "[...]" at `set`: whether it holds c, and where it ends. NULL where the bracket is not closed. */
static const char *match_set(const char *set, char c, bool *ret_holds)
{
	bool inverted = set[1] == '!' || set[1] == '^', holds = false;
	const char *p = set + 1 + inverted, *first = p;

	for (; *p && (*p != ']' || p == first); p++) {
		unsigned char low = (unsigned char)*p, high = low;

		if (p[1] == '-' && p[2] && p[2] != ']') {
			high = (unsigned char)p[2];
			p += 2;
		}
		holds = holds || (low <= (unsigned char)c && (unsigned char)c <= high);
	}
	if (!*p)
		return NULL;
	*ret_holds = holds != inverted;
	return p + 1;
}

/* Matches one character of the text. Returns the glob behind what matched it, or NULL. */
static const char *match_one(const char *glob, char c)
{
	const char *next;
	bool holds;

	if (*glob == '?')
		return glob + 1;
	if (*glob == '[') {
		next = match_set(glob, c, &holds);
		if (next)
			return holds ? next : NULL;
	}
	if (*glob == '\\' && glob[1])
		glob++;
	return *glob == c ? glob + 1 : NULL;
}

bool glob_match(const char *glob, const char *text)
{
	const char *star = NULL, *resume = NULL; /* behind the last '*', and where its match ends */

	while (*text) {
		const char *next = NULL;

		if (*glob == '*') {
			star = ++glob;
			resume = text;
			continue;
		}
		if (*glob)
			next = match_one(glob, *text);
		if (next) {
			glob = next;
			text++;
		} else if (star) {
			glob = star;
			text = ++resume;
		} else {
			return false;
		}
	}
	return glob[strspn(glob, "*")] == '\0';
}
