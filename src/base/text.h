/* SPDX-License-Identifier: BSD-2-Clause */
/* Helpers for short texts: names that a user typed and names that a machine has. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* ASCII only, whatever the locale: these read the kernel's text. */
static inline bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Edits (insert, delete, change, swap of neighbours) from a to b, ignoring case; names above 64
 * characters are cut, so the cost is bounded. */
size_t text_distance(const char *a, const char *b);
/* Whether `b` is near enough to `a` to be offered as what was meant. */
bool text_is_near(const char *a, const char *b);
bool text_has_prefix(const char *text, const char *prefix);

/* The next line of *rest that is not empty, *ret_len long without its newline; NULL at the end. */
const char *text_line(const char **rest, size_t *ret_len);
