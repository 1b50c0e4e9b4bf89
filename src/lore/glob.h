/* SPDX-License-Identifier: BSD-2-Clause */
/* What the globs of the tables can tell apart. */
#pragma once

#include <stdbool.h>
#include <string.h>

/* Most globs begin with a letter, and most names with another: no look at the rest of those. */
static inline bool glob_may_match(const char *glob, const char *name)
{
	return *glob == *name || *glob == '*' || *glob == '?' || *glob == '[' || *glob == '\\';
}

/*
 * Whether the glob may give different answers for names that differ only in which digits their runs
 * of digits hold, and how many. "[0-9]*" asks for a digit, whichever, and takes what follows; only
 * two of them side by side ask for two.
 */
static inline bool glob_tells_digits(const char *glob)
{
	static const char any[] = "[0-9]*";
	bool beside = false;

	for (; *glob; glob++) {
		if (*glob == '[' && strncmp(glob, any, sizeof(any) - 1) == 0) {
			if (beside)
				return true;
			beside = true;
			glob += sizeof(any) - 2;
		} else if (*glob == '[') {
			size_t len = strcspn(glob, "]");

			/* a range or a negation may hold digits */
			if (glob[1] == '!' || glob[1] == '^' || strcspn(glob, "0123456789") < len ||
			    memchr(glob + 2, '-', len > 3 ? len - 3 : 0))
				return true;
			glob += glob[len] ? len : len - 1;
			beside = false;
		} else if ((*glob >= '0' && *glob <= '9') || *glob == '?') {
			return true;
		} else if (*glob != '*') {
			beside = false;
		}
	}
	return false;
}
