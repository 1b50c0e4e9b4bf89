/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmocka_all.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

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

static void uptime(void **state)
{
	static const char *const bad[] = {"", "\n", "x", "-1.0 2", "."};
	double seconds = -1;

	(void)state;
	assert_int_equal(proc_uptime_parse("12345.67 23456.78\n", 18, &seconds), 0);
	assert_true(seconds > 12345.66 && seconds < 12345.68);
	assert_int_equal(proc_uptime_parse("7.00", 4, &seconds), 0);
	assert_true(seconds > 6.99 && seconds < 7.01);
	seconds = -1;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		_cleanup_free_ char *copy = heap_copy(bad[i], strlen(bad[i]));

		assert_int_equal(proc_uptime_parse(copy, strlen(bad[i]), &seconds), -EINVAL);
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
	static const char letters[] = "cpu0123456789 \nfulavgtol=.\0\xff";

	(void)state;
	srand(5);
	for (size_t round = 0; round < 20000; round++) {
		size_t len = (size_t)rand() % 40, n = 0;
		_cleanup_free_ char *text = malloc(len ? len : 1);
		_cleanup_free_ struct cpu_time *times = NULL;
		struct irq_pressure p;
		double seconds;

		assert_non_null(text);
		for (size_t i = 0; i < len; i++)
			text[i] = letters[(size_t)rand() % sizeof(letters)];
		(void)proc_stat_parse(text, len, &times, &n);
		(void)proc_uptime_parse(text, len, &seconds);
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
		cmocka_unit_test(uptime),
		cmocka_unit_test(pressure),
		cmocka_unit_test(bad_pressure),
		cmocka_unit_test(any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
