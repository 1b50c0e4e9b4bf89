/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmocka_all.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "parse/cpulist.h"

typedef int (*parse_fn)(const char *text, size_t len, struct cpuset *set);

/* An exact copy on the heap: the sanitizers see a read behind the end. */
static int parse_with(parse_fn parse, const char *text, size_t len, struct cpuset *set)
{
	char *copy = malloc(len ? len : 1);
	int r;

	assert_non_null(copy);
	memcpy(copy, text, len);
	r = parse(copy, len, set);
	free(copy);
	return r;
}

static void assert_parses(parse_fn parse, const char *text, const char *want)
{
	_cleanup_(cpuset_done) struct cpuset set = {0};
	_cleanup_(buf_done) struct buf got = {0};

	assert_int_equal(cpuset_add(&set, 999), 0); /* must be replaced */
	assert_int_equal(parse_with(parse, text, strlen(text), &set), 0);
	assert_int_equal(cpuset_format(&set, &got), 0);
	assert_string_equal(buf_text(&got), want);
}

static void assert_refuses(parse_fn parse, const char *text, int want)
{
	_cleanup_(cpuset_done) struct cpuset set = {0};

	assert_int_equal(parse_with(parse, text, strlen(text), &set), want);
}

static void lists(void **state)
{
	(void)state;
	assert_parses(cpulist_parse, "0", "0");
	assert_parses(cpulist_parse, "0-3,8", "0-3,8");
	assert_parses(cpulist_parse, "8,0-3", "0-3,8");
	assert_parses(cpulist_parse, "5-5", "5");
	assert_parses(cpulist_parse, "0-3,2-6", "0-6");
	assert_parses(cpulist_parse, "007", "7");
	assert_parses(cpulist_parse, "65535", "65535");
	assert_parses(cpulist_parse, "0-65535", "0-65535");
}

static void blanks_and_nothing(void **state)
{
	(void)state;
	assert_parses(cpulist_parse, "", "");
	assert_parses(cpulist_parse, "\n", "");
	assert_parses(cpulist_parse, " \t\n", "");
	assert_parses(cpulist_parse, "0-3\n", "0-3");
	assert_parses(cpulist_parse, " 1,2 ", "1-2");
	assert_parses(cpulist_parse, "0 1", "0-1");
}

static void steps(void **state)
{
	(void)state;
	assert_parses(cpulist_parse, "0-9:2/5", "0-1,5-6");
	assert_parses(cpulist_parse, "10-14:2", "10,12,14");
	assert_parses(cpulist_parse, "0-7:1/4", "0,4");
	assert_parses(cpulist_parse, "0-7:4/4", "0-7");
	assert_parses(cpulist_parse, "0-10:3/8", "0-2,8-10");
	assert_parses(cpulist_parse, "0-3,8,10-14:2", "0-3,8,10,12,14");
	assert_parses(cpulist_parse, "0-3:1/100", "0");
	assert_parses(cpulist_parse, "0-3:0/2", "");
}

static void no_lists(void **state)
{
	static const char *const bad[] = {
		"x",      "1-",     "-1",   "3-1",       "1--2",    "1-2-3",
		"0x1",    "1 2 x",  "0-3:", "0-3:0",     "0-3:2/0", "0-3:3/2",
		"0-3:1/", "0-3:/2", "none", "0-3:1/2/3", "+1",      "1;2",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_refuses(cpulist_parse, bad[i], -EINVAL);
}

static void too_far(void **state)
{
	(void)state;
	assert_refuses(cpulist_parse, "65536", -ERANGE);
	assert_refuses(cpulist_parse, "0-65536", -ERANGE);
	assert_refuses(cpulist_parse, "99999999999999999999", -ERANGE);
	assert_refuses(cpulist_parse, "0-4294967296", -ERANGE);
}

static void masks(void **state)
{
	(void)state;
	assert_parses(cpumask_parse, "1", "0");
	assert_parses(cpumask_parse, "ff\n", "0-7");
	assert_parses(cpumask_parse, "FF", "0-7");
	assert_parses(cpumask_parse, "00000000,00000003", "0-1");
	assert_parses(cpumask_parse, "ff,00000001", "0,32-39");
	assert_parses(cpumask_parse, "80000000,00000000,00000001", "0,95");
	assert_parses(cpumask_parse, "0", "");
	assert_parses(cpumask_parse, "00000000,00000000", "");
}

static void no_masks(void **state)
{
	static const char *const bad[] = {"0x1", "g", "1,,1", "1-2", "ff ff x"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_refuses(cpumask_parse, bad[i], -EINVAL);
}

/* A mask of zeros of any length is cheap, one CPU too far is refused. */
static void long_masks(void **state)
{
	_cleanup_(buf_done) struct buf text = {0};

	(void)state;
	assert_int_equal(buf_puts(&text, "1"), 0);
	for (size_t i = 0; i < CPUSET_MAX / 32; i++)
		assert_int_equal(buf_puts(&text, ",00000000"), 0);
	assert_refuses(cpumask_parse, text.data, -ERANGE);
}

static void any_bytes(void **state)
{
	char text[24];

	(void)state;
	srand(3);
	for (size_t round = 0; round < 20000; round++) {
		static const char letters[] = "0123456789-,:/ \nafx\0";
		_cleanup_(cpuset_done) struct cpuset set = {0};
		size_t len = (size_t)rand() % sizeof(text);

		for (size_t i = 0; i < len; i++)
			text[i] = letters[(size_t)rand() % sizeof(letters)];
		(void)parse_with(cpulist_parse, text, len, &set);
		(void)parse_with(cpumask_parse, text, len, &set);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists),     cmocka_unit_test(blanks_and_nothing),
		cmocka_unit_test(steps),     cmocka_unit_test(no_lists),
		cmocka_unit_test(too_far),   cmocka_unit_test(masks),
		cmocka_unit_test(no_masks),  cmocka_unit_test(long_masks),
		cmocka_unit_test(any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
