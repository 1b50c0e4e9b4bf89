/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmocka_all.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/macros.h"
#include "parse/proc_stat.h"

static char *heap_copy(const char *text, size_t len)
{
	char *copy = malloc(len ? len : 1);

	assert_non_null(copy);
	memcpy(copy, text, len);
	return copy;
}

static int parse_stat(const char *text, struct cpu_time **ret_times, size_t *ret_n)
{
	_cleanup_free_ char *copy = heap_copy(text, strlen(text));

	return proc_stat_parse(copy, strlen(text), ret_times, ret_n);
}

static void usual_stat(void **state)
{
	_cleanup_free_ struct cpu_time *times = NULL;
	size_t n = 0;

	(void)state;
	assert_int_equal(parse_stat("cpu  30 3 15 300 6 12 18 3 6 9\n"
				    "cpu0 10 1 5 100 2 4 6 1 2 3\n"
				    "cpu2 20 2 10 200 4 8 12 2 4 6\n"
				    "intr 123 1 2 3\n"
				    "ctxt 5\n"
				    "softirq 8 1 2\n",
				    &times, &n),
			 0);
	assert_int_equal(n, 2);
	assert_int_equal(times[0].cpu, 0);
	assert_int_equal(times[0].irq_ticks, 4);
	assert_int_equal(times[0].softirq_ticks, 6);
	assert_int_equal(times[0].idle_ticks, 100 + 2);
	/* guest time is part of user time already */
	assert_int_equal(times[0].total_ticks, 10 + 1 + 5 + 100 + 2 + 4 + 6 + 1);
	assert_int_equal(times[1].cpu, 2);
	assert_int_equal(times[1].irq_ticks, 8);
}

/* Columns came one by one: steal in 2.6.11, guest in 2.6.24, guest_nice in 2.6.33. */
static void fewer_columns(void **state)
{
	_cleanup_free_ struct cpu_time *times = NULL;
	size_t n = 0;

	(void)state;
	assert_int_equal(parse_stat("cpu  10 1 5 100 2 4 6\ncpu0 10 1 5 100 2 4 6\n", &times, &n),
			 0);
	assert_int_equal(n, 1);
	assert_int_equal(times[0].softirq_ticks, 6);
	assert_int_equal(times[0].total_ticks, 128);
}

static void last_line_without_newline(void **state)
{
	_cleanup_free_ struct cpu_time *times = NULL;
	size_t n = 0;

	(void)state;
	assert_int_equal(parse_stat("cpu0 10 1 5 100 2 4 6 1 2 3", &times, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(times[0].irq_ticks, 4);
}

static void no_cpu_line(void **state)
{
	struct cpu_time *times = NULL;
	size_t n = 7;

	(void)state;
	assert_int_equal(parse_stat("", &times, &n), -EINVAL);
	assert_int_equal(parse_stat("\n", &times, &n), -EINVAL);
	assert_int_equal(parse_stat("intr 1 2 3\n", &times, &n), -EINVAL);
	assert_int_equal(parse_stat("cpu  30 3 15 300 6 12 18 3 6 9\n", &times, &n), -EINVAL);
	assert_null(times);
	assert_int_equal(n, 7);
}

/* Linux 2.4 had four columns: no idle time that waits, no time of interrupts. */
static void four_columns(void **state)
{
	_cleanup_free_ struct cpu_time *times = NULL;
	size_t n = 0;

	(void)state;
	assert_int_equal(parse_stat("cpu0 10 1 5 100\n", &times, &n), 0);
	assert_int_equal(times[0].idle_ticks, 100);
	assert_int_equal(times[0].irq_ticks, 0);
	assert_int_equal(times[0].total_ticks, 116);
}

/* The arrays of one sample after the other; the text ends where its memory ends. */
struct arrays {
	struct cpu_time *cpus;
	uint64_t *counts;
	size_t n_cpus, cap_cpus, n_counts, cap_counts;
};

static int read_cpus(struct arrays *a, const char *text)
{
	_cleanup_free_ char *copy = heap_copy(text, strlen(text));

	return proc_stat_cpus(copy, strlen(text), &a->cpus, &a->n_cpus, &a->cap_cpus);
}

static int read_counts(struct arrays *a, const char *text)
{
	_cleanup_free_ char *copy = heap_copy(text, strlen(text));

	return proc_stat_counts(copy, strlen(text), &a->counts, &a->n_counts, &a->cap_counts);
}

static void arrays_done(struct arrays *a)
{
	free(a->cpus);
	free(a->counts);
}

static void cpus_again_and_again(void **state)
{
	_cleanup_(arrays_done) struct arrays a = {0};
	struct cpu_time *kept;

	(void)state;
	assert_int_equal(read_cpus(&a, "cpu  9\ncpu0 1 2 3 4 5 6 7 8\ncpu1 1 1 1 1 1 1 1 1\n"), 0);
	assert_int_equal(a.n_cpus, 2);
	kept = a.cpus;
	assert_int_equal(read_cpus(&a, "cpu1 1 2 3 4 5 6 7 8\nintr 3\n"), 0);
	assert_ptr_equal(a.cpus, kept);
	assert_int_equal(a.n_cpus, 1);
	assert_int_equal(a.cpus[0].cpu, 1);
	assert_int_equal(a.cpus[0].idle_ticks, 9);
	assert_int_equal(read_cpus(&a, "intr 3\n"), -EINVAL);
	assert_int_equal(a.n_cpus, 0);
}

/* A line with a number past 64 bits, and CPUs that do not ascend, are left out. */
static void bad_cpu_lines(void **state)
{
	_cleanup_(arrays_done) struct arrays a = {0};

	(void)state;
	assert_int_equal(read_cpus(&a,
				   "cpu0 18446744073709551616 0 0 0\n"
				   "cpu4294967296 1 1 1 1\n"
				   "cpu3 0 0 0 000000000000000000000000000018446744073709551615\n"
				   "cpu2 1 1 1 1\n"
				   "cpux 1 1 1 1\n"),
			 0);
	assert_int_equal(a.n_cpus, 1);
	assert_int_equal(a.cpus[0].cpu, 3);
	assert_true(a.cpus[0].idle_ticks == UINT64_MAX);
}

static void usual_counts(void **state)
{
	_cleanup_(arrays_done) struct arrays a = {0};
	uint64_t *kept;

	(void)state;
	assert_int_equal(read_counts(&a, "cpu  1 2\ncpu0 1 2\nintr 123 7 0 4294967295 000042\n"
					 "ctxt 5\n"),
			 0);
	assert_int_equal(a.n_counts, 4);
	assert_int_equal(a.counts[0], 7);
	assert_int_equal(a.counts[1], 0);
	assert_int_equal(a.counts[2], 4294967295u);
	assert_int_equal(a.counts[3], 42);
	kept = a.counts;
	assert_int_equal(read_counts(&a, "intr 9 8\n"), 0);
	assert_ptr_equal(a.counts, kept);
	assert_int_equal(a.n_counts, 1);
	assert_int_equal(a.counts[0], 8);
}

static void counts_of_64_bits(void **state)
{
	_cleanup_(arrays_done) struct arrays a = {0};

	(void)state;
	assert_int_equal(read_counts(&a, "intr 18446744073709551615 18446744073709551615 "
					 "9999999999999999999 10000000000000000000 1\n"),
			 0);
	assert_int_equal(a.n_counts, 4);
	assert_true(a.counts[0] == UINT64_MAX);
	assert_true(a.counts[1] == 9999999999999999999u);
	assert_true(a.counts[2] == 10000000000000000000u);
	/* what follows a number that is none belongs to nobody knows which interrupt */
	assert_int_equal(read_counts(&a, "intr 1 5 18446744073709551616 6\n"), 0);
	assert_int_equal(a.n_counts, 1);
}

static void no_counts(void **state)
{
	static const char *const none[] = {
		"", "\n", "cpu0 1 2 3\n", "intr", "xintr 1 2 3\n", "softirq 1 2 3\n", "ctxt 1\n\n"};
	static const char *const empty[] = {"intr ",         "intr \n",      "intr 5",
					    "intr 5\n1 2\n", "intr x 1 2\n", "intr -1 2\n"};
	_cleanup_(arrays_done) struct arrays a = {.n_counts = 7};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(none); i++) {
		a.n_counts = 7;
		assert_int_equal(read_counts(&a, none[i]), -ENODATA);
		assert_int_equal(a.n_counts, 0);
	}
	for (size_t i = 0; i < ARRAY_SIZE(empty); i++) {
		a.n_counts = 7;
		assert_int_equal(read_counts(&a, empty[i]), 0);
		assert_int_equal(a.n_counts, 0);
	}
}

/* Whatever the place of the cut, no number is shorter than it was. */
static void cut_counts(void **state)
{
	static const char text[] = "cpu0 1 2 3 4\nintr 1000 111 222 333\n";

	(void)state;
	for (size_t len = 0; len < sizeof(text); len++) {
		_cleanup_(arrays_done) struct arrays a = {0};
		_cleanup_free_ char *copy = heap_copy(text, len);
		int r = proc_stat_counts(copy, len, &a.counts, &a.n_counts, &a.cap_counts);

		assert_true(r == (len < 18 ? -ENODATA : 0));
		for (size_t i = 0; i < a.n_counts; i++)
			assert_int_equal(a.counts[i], 111 * (i + 1));
	}
}

static void many_counts(void **state)
{
	_cleanup_(arrays_done) struct arrays a = {0};
	_cleanup_(buf_done) struct buf text = {0};

	(void)state;
	assert_int_equal(buf_puts(&text, "intr 1"), 0);
	for (size_t i = 0; i < PROC_STAT_MAX_COUNTS + 5; i++)
		assert_int_equal(buf_puts(&text, " 3"), 0);
	assert_int_equal(buf_puts(&text, "\n"), 0);
	assert_int_equal(
		proc_stat_counts(text.data, text.len, &a.counts, &a.n_counts, &a.cap_counts), 0);
	assert_int_equal(a.n_counts, PROC_STAT_MAX_COUNTS);
	assert_int_equal(a.counts[PROC_STAT_MAX_COUNTS - 1], 3);
}

static void uptime(void **state)
{
	static const char *const bad[] = {"", "\n", "x", "-1.0 2", "."};
	double seconds = -1, idle = 0;

	(void)state;
	assert_int_equal(proc_uptime_parse("12345.67 23456.78\n", 18, &seconds, &idle), 0);
	assert_true(seconds > 12345.66 && seconds < 12345.68);
	assert_true(idle > 23456.77 && idle < 23456.79);
	assert_int_equal(proc_uptime_parse("7.00", 4, &seconds, &idle), 0);
	assert_true(seconds > 6.99 && seconds < 7.01);
	assert_true(idle < 0);
	seconds = -1;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		_cleanup_free_ char *copy = heap_copy(bad[i], strlen(bad[i]));

		assert_int_equal(proc_uptime_parse(copy, strlen(bad[i]), &seconds, &idle), -EINVAL);
	}
	assert_true(seconds < 0);
}

static int parse_pressure(const char *text, struct irq_pressure *ret)
{
	_cleanup_free_ char *copy = heap_copy(text, strlen(text));

	return irq_pressure_parse(copy, strlen(text), ret);
}

static void pressure(void **state)
{
	struct irq_pressure p = {0};

	(void)state;
	assert_int_equal(
		parse_pressure("full avg10=0.12 avg60=3.40 avg300=56.00 total=178234\n", &p), 0);
	assert_true(p.avg10 > 0.119 && p.avg10 < 0.121);
	assert_true(p.avg60 > 3.39 && p.avg60 < 3.41);
	assert_true(p.avg300 > 55.99 && p.avg300 < 56.01);
	assert_int_equal(p.total_us, 178234);
	assert_int_equal(parse_pressure("some avg10=1.00 avg60=1.00 avg300=1.00 total=1\n"
					"full avg10=0.00 avg60=0.00 avg300=0.00 total=2\n",
					&p),
			 0);
	assert_int_equal(p.total_us, 2);
}

static void bad_pressure(void **state)
{
	static const char *const bad[] = {
		"",
		"full\n",
		"some avg10=1.00 avg60=1.00 avg300=1.00 total=1\n",
		"full avg10=x avg60=1.00 avg300=1.00 total=1\n",
		"full avg10=1.00 avg60=1.00 avg300=1.00 total=\n",
	};
	struct irq_pressure p = {.total_us = 9};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(parse_pressure(bad[i], &p), -EINVAL);
	assert_int_equal(p.total_us, 9);
}

static void any_bytes(void **state)
{
	static const char letters[] = "cpu0123456789 \nfulavgtol=.intr\0\xff";

	(void)state;
	srand(5);
	for (size_t round = 0; round < 20000; round++) {
		size_t len = (size_t)rand() % 40, n = 0;
		_cleanup_free_ char *text = malloc(len ? len : 1);
		_cleanup_free_ struct cpu_time *times = NULL;
		_cleanup_(arrays_done) struct arrays a = {0};
		struct irq_pressure p;
		double seconds, idle;

		assert_non_null(text);
		for (size_t i = 0; i < len; i++)
			text[i] = letters[(size_t)rand() % sizeof(letters)];
		(void)proc_stat_parse(text, len, &times, &n);
		(void)proc_stat_counts(text, len, &a.counts, &a.n_counts, &a.cap_counts);
		(void)proc_uptime_parse(text, len, &seconds, &idle);
		(void)irq_pressure_parse(text, len, &p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(usual_stat),
		cmocka_unit_test(fewer_columns),
		cmocka_unit_test(last_line_without_newline),
		cmocka_unit_test(no_cpu_line),
		cmocka_unit_test(four_columns),
		cmocka_unit_test(cpus_again_and_again),
		cmocka_unit_test(bad_cpu_lines),
		cmocka_unit_test(usual_counts),
		cmocka_unit_test(counts_of_64_bits),
		cmocka_unit_test(no_counts),
		cmocka_unit_test(cut_counts),
		cmocka_unit_test(many_counts),
		cmocka_unit_test(uptime),
		cmocka_unit_test(pressure),
		cmocka_unit_test(bad_pressure),
		cmocka_unit_test(any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
