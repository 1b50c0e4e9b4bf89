/* SPDX-License-Identifier: BSD-2-Clause */
#include "parse/proc_stat.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/cpuset.h"
#include "base/macros.h"
#include "base/number.h"

/* Columns of a "cpuN" line. Linux 2.4 stops at idle, and steal came with 2.6.11. */
enum stat_field {
	STAT_IRQ = 5,
	STAT_SOFTIRQ = 6,
	STAT_STEAL = 7, /* guest time, behind it, is part of user time already */
};

static const char *skip_spaces(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	return p;
}

static const char *line_end(const char *p, const char *end)
{
	const char *newline = memchr(p, '\n', (size_t)(end - p));

	return newline ? newline : end;
}

/* "cpu3 17 0 9 ...": false where the line is something else, such as the sum of all CPUs. */
static bool read_cpu_line(const char *p, const char *end, struct cpu_time *ret)
{
	struct cpu_time time = {0};
	uint64_t number;

	p += 3;
	if (number_read(&p, end, CPUSET_MAX - 1, &number) < 0)
		return false;
	time.cpu = (uint32_t)number;
	for (int field = 0; field <= STAT_STEAL; field++) {
		p = skip_spaces(p, end);
		if (p == end)
			break;
		if (number_read(&p, end, UINT64_MAX, &number) < 0)
			return false;
		time.total_ticks += number;
		if (field == STAT_IRQ)
			time.irq_ticks = number;
		if (field == STAT_SOFTIRQ)
			time.softirq_ticks = number;
	}
	*ret = time;
	return true;
}

/* The cpu lines come first, so the long "intr" line behind them is never looked at. */
int proc_stat_parse(const char *text, size_t len, struct cpu_time **ret_times, size_t *ret_n)
{
	_cleanup_free_ struct cpu_time *times = NULL;
	const char *p = text, *end = text + len;
	size_t n = 0, cap = 0;

	while (end - p > 3 && memcmp(p, "cpu", 3) == 0) {
		const char *stop = line_end(p, end);
		struct cpu_time time;

		/* the kernel prints them in ascending order, and users of the array rely on it */
		if (read_cpu_line(p, stop, &time) && (!n || time.cpu > times[n - 1].cpu)) {
			int r = ARRAY_RESERVE(times, n + 1, cap);

			if (r < 0)
				return r;
			times[n++] = time;
		}
		p = stop < end ? stop + 1 : end;
	}
	if (!n)
		return -EINVAL;
	*ret_times = take_ptr(times);
	*ret_n = n;
	return 0;
}

/* "12.34" by hand, because strtod follows the locale. */
static int read_decimal(const char **p, const char *end, double *ret_value)
{
	uint64_t whole;
	double value, unit = 0.1;
	int r = number_read(p, end, UINT64_MAX, &whole);

	if (r < 0)
		return r;
	value = (double)whole;
	if (*p < end && **p == '.')
		(*p)++;
	else
		end = *p;
	while (*p < end && **p >= '0' && **p <= '9') {
		value += unit * (double)(**p - '0');
		unit /= 10;
		(*p)++;
	}
	*ret_value = value;
	return 0;
}

int proc_uptime_parse(const char *text, size_t len, double *ret_seconds)
{
	const char *end = text + len, *p = skip_spaces(text, end);

	return read_decimal(&p, end, ret_seconds) < 0 ? -EINVAL : 0;
}

/* " name=" at *p. Moves *p behind it. */
static bool read_name(const char **p, const char *end, const char *name)
{
	const char *start = skip_spaces(*p, end);
	size_t len = strlen(name);

	if ((size_t)(end - start) < len || memcmp(start, name, len) != 0)
		return false;
	*p = start + len;
	return true;
}

static int read_pressure(const char *p, const char *end, struct irq_pressure *ret)
{
	struct irq_pressure pressure;

	if (!read_name(&p, end, "avg10=") || read_decimal(&p, end, &pressure.avg10) < 0 ||
	    !read_name(&p, end, "avg60=") || read_decimal(&p, end, &pressure.avg60) < 0 ||
	    !read_name(&p, end, "avg300=") || read_decimal(&p, end, &pressure.avg300) < 0 ||
	    !read_name(&p, end, "total=") ||
	    number_read(&p, end, UINT64_MAX, &pressure.total_us) < 0)
		return -EINVAL;
	*ret = pressure;
	return 0;
}

int irq_pressure_parse(const char *text, size_t len, struct irq_pressure *ret)
{
	const char *p = text, *end = text + len;

	while (p < end) {
		const char *stop = line_end(p, end);

		if (read_name(&p, stop, "full "))
			return read_pressure(p, stop, ret);
		p = stop < end ? stop + 1 : end;
	}
	return -EINVAL;
}
