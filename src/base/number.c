/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/number.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"

#define NANOSECONDS 1000000000u

int number_read(const char **text, const char *end, uint64_t max, uint64_t *ret_value)
{
	const char *p = *text;
	uint64_t value = 0;

	if (p == end || !is_digit(*p))
		return -EINVAL;
	for (; p < end && is_digit(*p); p++) {
		if (__builtin_mul_overflow(value, 10u, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(*p - '0'), &value) || value > max)
			return -ERANGE;
	}
	*text = p;
	*ret_value = value;
	return 0;
}

int number_parse(const char *text, uint64_t max, uint64_t *ret_value)
{
	const char *p = text, *end = text + strlen(text);
	uint64_t value;
	int r = number_read(&p, end, max, &value);

	if (r < 0)
		return r;
	if (p != end)
		return -EINVAL;
	*ret_value = value;
	return 0;
}

int number_parse_i32(const char *text, int32_t *ret_value)
{
	bool negative = *text == '-';
	uint64_t value;
	int r = number_parse(text + negative, INT32_MAX, &value);

	if (r < 0)
		return r;
	*ret_value = negative ? -(int32_t)value : (int32_t)value;
	return 0;
}

/* By hand, because strtod follows the locale: "0.5" must mean the same everywhere. */
int number_parse_seconds(const char *text, double max, double *ret_seconds)
{
	const char *p = text, *end = text + strlen(text);
	uint64_t whole = 0;
	uint64_t fraction = 0, unit = 1;
	double seconds;
	int r = 0;

	if (p < end && *p != '.')
		r = number_read(&p, end, UINT32_MAX, &whole);
	else if (end - p < 2)
		r = -EINVAL;
	if (r < 0)
		return r;
	if (p < end && *p++ != '.')
		return -EINVAL;
	for (; p < end; p++) {
		if (!is_digit(*p))
			return -EINVAL;
		if (unit < NANOSECONDS) { /* finer digits say nothing */
			fraction = 10 * fraction + (uint64_t)(*p - '0');
			unit *= 10;
		}
	}
	seconds = (double)whole + (double)fraction / (double)unit;
	if (seconds <= 0 || seconds > max)
		return -ERANGE;
	*ret_seconds = seconds;
	return 0;
}
