/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers out of text, without hidden state: no sign, no white space, no overflow. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The sum, which stays at the largest number instead of starting again at 0. */
static inline uint64_t add_saturated(uint64_t a, uint64_t b)
{
	uint64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

/*
 * Reads decimal digits at *text and moves *text behind them.
 * Returns 0, -EINVAL where there is no digit, -ERANGE where the number passes `max` (*text
 * unmoved).
 */
int number_read(const char **text, const char *end, uint64_t max, uint64_t *ret_value);

/* A whole string: digits and nothing else. 0, -EINVAL or -ERANGE. */
int number_parse(const char *text, uint64_t max, uint64_t *ret_value);
/* A whole string: an optional '-' and digits, within int32_t. */
int number_parse_i32(const char *text, int32_t *ret_value);
/* A whole string: seconds such as "2", "0.5"; above zero, at most `max`. 0, -EINVAL or -ERANGE. */
int number_parse_seconds(const char *text, double max, double *ret_seconds);
