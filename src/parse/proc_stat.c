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
#include "base/text.h"

/* Columns of a "cpuN" line. Linux 2.4 stops at idle, and steal came with 2.6.11. */
enum stat_field {
	STAT_IDLE = 3,
	STAT_IOWAIT = 4,
	STAT_IRQ = 5,
	STAT_SOFTIRQ = 6,
	STAT_STEAL = 7, /* guest time, behind it, is part of user time already */
};

/* So many decimal digits fit into 64 bits, whatever they are. */
#define SAFE_DIGITS 19

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

/*
 * number_read() of 64 bits that asks about an overflow once per number and not per digit: a wide
 * machine has ten thousand numbers here. Returns what follows, or NULL where no number stands.
 */
static inline const char *read_digits(const char *p, const char *end, uint64_t *ret_value)
{
	const char *start = p;
	uint64_t value = 0;

	while (p < end && is_digit(*p))
		value = 10 * value + (uint64_t)(*p++ - '0');
	if (p - start > SAFE_DIGITS) {
		p = start;
		if (number_read(&p, end, UINT64_MAX, &value) < 0)
			return NULL;
	}
	*ret_value = value;
	return p > start ? p : NULL;
}

/* "cpu3 17 0 9 ...": false where the line is something else, such as the sum of all CPUs. */
static bool read_cpu_line(const char *p, const char *end, struct cpu_time *ret)
{
	uint64_t fields[STAT_STEAL + 1] = {0}, number;
	struct cpu_time time = {0};

	p += 3;
	if (number_read(&p, end, CPUSET_MAX - 1, &number) < 0)
		return false;
	time.cpu = (uint32_t)number;
	for (int field = 0; field <= STAT_STEAL; field++) {
		p = skip_spaces(p, end);
		if (p == end)
			break;
		p = read_digits(p, end, &fields[field]);
		if (!p)
			return false;
		time.total_ticks += fields[field];
	}
	time.irq_ticks = fields[STAT_IRQ];
	time.softirq_ticks = fields[STAT_SOFTIRQ];
	time.idle_ticks = fields[STAT_IDLE] + fields[STAT_IOWAIT];
	*ret = time;
	return true;
}

/* The cpu lines come first, so the long "intr" line behind them is never looked at. */
int proc_stat_cpus(const char *text, size_t len, struct cpu_time **times, size_t *n, size_t *cap)
{
	const char *p = text, *end = text + len;
	size_t n_read = 0;

	*n = 0;
	while (end - p > 3 && memcmp(p, "cpu", 3) == 0) {
		const char *stop = line_end(p, end);
		struct cpu_time time;

		/* the kernel prints them in ascending order, and users of the array rely on it */
		if (read_cpu_line(p, stop, &time) &&
		    (!n_read || time.cpu > (*times)[n_read - 1].cpu)) {
			int r = ARRAY_RESERVE(*times, n_read + 1, *cap);

			if (r < 0)
				return r;
			(*times)[n_read++] = time;
		}
		p = stop < end ? stop + 1 : end;
	}
	*n = n_read;
	return n_read ? 0 : -EINVAL;
}

int proc_stat_parse(const char *text, size_t len, struct cpu_time **ret_times, size_t *ret_n)
{
	_cleanup_free_ struct cpu_time *times = NULL;
	size_t n = 0, cap = 0;
	int r = proc_stat_cpus(text, len, &times, &n, &cap);

	if (r < 0)
		return r;
	*ret_times = take_ptr(times);
	*ret_n = n;
	return 0;
}

/* The numbers behind "intr", or NULL where there is no such line. */
static const char *find_counts(const char *p, const char *end)
{
	static const char intr[] = "intr ";
	const size_t len = sizeof(intr) - 1;

	while ((size_t)(end - p) >= len && memcmp(p, intr, len) != 0) {
		p = line_end(p, end);
		if (p < end)
			p++;
	}
	return (size_t)(end - p) >= len ? p + len : NULL;
}

/*
 * Reads numbers from *p as long as there is room and numbers stand there, and moves *p behind the
 * last; *p becomes NULL where none is left. Returns how many.
 */
static size_t read_counts(const char **p, const char *end, uint64_t *counts, size_t room)
{
	const char *at = *p;
	size_t n = 0;

	while (n < room) {
		const char *next = at;

		while (next < end && *next == ' ')
			next++;
		at = read_digits(next, end, &counts[n]);
		if (!at)
			break;
		n += at < end; /* what stands at the very end may have been cut */
	}
	*p = at;
	return n;
}

int proc_stat_counts(const char *text, size_t len, uint64_t **counts, size_t *n, size_t *cap)
{
	const char *end = text + len, *p = find_counts(text, end);
	size_t n_read = 0;
	uint64_t sum;

	*n = 0;
	if (!p)
		return -ENODATA;
	p = read_digits(skip_spaces(p, end), end, &sum);
	while (p && n_read < PROC_STAT_MAX_COUNTS) {
		int r = ARRAY_RESERVE(*counts, n_read + 1, *cap);
		size_t room = *cap < PROC_STAT_MAX_COUNTS ? *cap : PROC_STAT_MAX_COUNTS;

		if (r < 0)
			return r;
		n_read += read_counts(&p, end, *counts + n_read, room - n_read);
	}
	*n = n_read;
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

int proc_uptime_parse(const char *text, size_t len, double *ret_seconds, double *ret_idle)
{
	const char *end = text + len, *p = skip_spaces(text, end);
	double seconds;

	if (read_decimal(&p, end, &seconds) < 0)
		return -EINVAL;
	p = skip_spaces(p, end);
	if (read_decimal(&p, end, ret_idle) < 0)
		*ret_idle = -1;
	*ret_seconds = seconds;
	return 0;
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
