/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/text.h"

#include <ctype.h>
#include <string.h>

#define NAME_MAX_COMPARED 64u

static size_t min_of(size_t a, size_t b)
{
	return a < b ? a : b;
}

static bool same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Damerau-Levenshtein (optimal string alignment) over three rolling rows. */
size_t text_distance(const char *a, const char *b)
{
	size_t n = strnlen(a, NAME_MAX_COMPARED), m = strnlen(b, NAME_MAX_COMPARED);
	size_t rows[3][NAME_MAX_COMPARED + 1];

	for (size_t j = 0; j <= m; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= n; i++) {
		size_t *now = rows[i % 3];
		const size_t *above = rows[(i + 2) % 3], *above2 = rows[(i + 1) % 3];

		now[0] = i;
		for (size_t j = 1; j <= m; j++) {
			now[j] = min_of(min_of(above[j], now[j - 1]) + 1,
					above[j - 1] + !same(a[i - 1], b[j - 1]));
			if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
				now[j] = min_of(now[j], above2[j - 2] + 1);
		}
	}
	return rows[n % 3][m];
}

bool text_is_near(const char *a, const char *b)
{
	size_t len = min_of(strlen(a), strlen(b));

	return text_distance(a, b) <= 1 + len / 4;
}

bool text_has_prefix(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

const char *text_line(const char **rest, size_t *ret_len)
{
	const char *line = *rest + strspn(*rest, "\n");

	*ret_len = strcspn(line, "\n");
	*rest = line + *ret_len;
	return *ret_len ? line : NULL;
}
