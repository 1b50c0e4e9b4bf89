/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmocka_all.h"

#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"

static void reads_and_moves(void **state)
{
	const char *text = "042x", *p = text;
	uint64_t value = 0;

	(void)state;
	assert_int_equal(number_read(&p, text + 4, 100, &value), 0);
	assert_int_equal(value, 42);
	assert_ptr_equal(p, text + 3);
}

static void stops_at_the_end(void **state)
{
	const char *text = "12345", *p = text;
	uint64_t value = 0;

	(void)state;
	assert_int_equal(number_read(&p, text + 3, UINT64_MAX, &value), 0);
	assert_int_equal(value, 123);
	p = text;
	assert_int_equal(number_read(&p, text, UINT64_MAX, &value), -EINVAL);
	assert_ptr_equal(p, text);
}

static void leaves_things_alone_on_error(void **state)
{
	const char *text = "300", *p = text;
	uint64_t value = 7;

	(void)state;
	assert_int_equal(number_read(&p, text + 3, 299, &value), -ERANGE);
	assert_ptr_equal(p, text);
	assert_int_equal(value, 7);
	assert_int_equal(number_read(&p, text + 3, 300, &value), 0);
}

static void no_signs_or_blanks(void **state)
{
	static const char *const bad[] = {"", "-1", "+1", " 1", "1 ", "0x10", "1a", "\n", "1\n"};
	uint64_t value = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(number_parse(bad[i], UINT64_MAX, &value), -EINVAL);
	assert_int_equal(value, 7);
}

static void sixty_four_bits(void **state)
{
	uint64_t value = 0;

	(void)state;
	assert_int_equal(number_parse("18446744073709551615", UINT64_MAX, &value), 0);
	assert_true(value == UINT64_MAX);
	assert_int_equal(number_parse("18446744073709551616", UINT64_MAX, &value), -ERANGE);
	assert_int_equal(number_parse("184467440737095516150", UINT64_MAX, &value), -ERANGE);
	assert_int_equal(number_parse("00000000000000000000000001", UINT64_MAX, &value), 0);
	assert_int_equal(value, 1);
}

static void signed_numbers(void **state)
{
	int32_t value = 7;

	(void)state;
	assert_int_equal(number_parse_i32("-1", &value), 0);
	assert_int_equal(value, -1);
	assert_int_equal(number_parse_i32("2147483647", &value), 0);
	assert_int_equal(value, INT32_MAX);
	value = 7;
	assert_int_equal(number_parse_i32("2147483648", &value), -ERANGE);
	assert_int_equal(number_parse_i32("-2147483649", &value), -ERANGE);
	assert_int_equal(number_parse_i32("--1", &value), -EINVAL);
	assert_int_equal(number_parse_i32("-", &value), -EINVAL);
	assert_int_equal(number_parse_i32("", &value), -EINVAL);
	assert_int_equal(value, 7);
}

static void assert_seconds(const char *text, double want)
{
	double seconds = -1;

	assert_int_equal(number_parse_seconds(text, 86400, &seconds), 0);
	assert_true(seconds > want - 1e-9 && seconds < want + 1e-9);
}

static void seconds(void **state)
{
	(void)state;
	assert_seconds("2", 2);
	assert_seconds("0.5", 0.5);
	assert_seconds(".25", 0.25);
	assert_seconds("1.", 1);
	assert_seconds("86400", 86400);
	assert_seconds("0.001", 0.001);
}

static void bad_seconds(void **state)
{
	static const char *const bad[] = {"", ".", "-1", "1,5", "1s", "nan", "inf", "1e3", "1.2.3"};
	double value = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(number_parse_seconds(bad[i], 10, &value), -EINVAL);
	assert_int_equal(number_parse_seconds("0", 10, &value), -ERANGE);
	assert_int_equal(number_parse_seconds("0.0", 10, &value), -ERANGE);
	assert_int_equal(number_parse_seconds("10.1", 10, &value), -ERANGE);
	assert_int_equal(number_parse_seconds("99999999999999999999", 10, &value), -ERANGE);
	assert_true(value > 6.9 && value < 7.1);
}

/* A locale with a decimal comma changes nothing. */
static void locale_makes_no_difference(void **state)
{
	(void)state;
	if (!setlocale(LC_ALL, "de_DE.UTF-8")) { /* script/test makes it */
		assert_null(getenv("CI"));
		skip();
	}
	assert_seconds("0.5", 0.5);
	(void)setlocale(LC_ALL, "C");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_and_moves),
		cmocka_unit_test(stops_at_the_end),
		cmocka_unit_test(leaves_things_alone_on_error),
		cmocka_unit_test(no_signs_or_blanks),
		cmocka_unit_test(sixty_four_bits),
		cmocka_unit_test(signed_numbers),
		cmocka_unit_test(seconds),
		cmocka_unit_test(bad_seconds),
		cmocka_unit_test(locale_makes_no_difference),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
