/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmocka_all.h"

#include "base/text.h"

static void lines_of_a_text(void **state)
{
	const char *rest = "\nfirst\n\n\nsecond";
	const char *line;
	size_t len = 0;

	(void)state;
	line = text_line(&rest, &len);
	assert_non_null(line);
	assert_int_equal(len, 5);
	assert_memory_equal(line, "first", 5);
	line = text_line(&rest, &len);
	assert_non_null(line);
	assert_int_equal(len, 6);
	assert_memory_equal(line, "second", 6);
	assert_null(text_line(&rest, &len));
	assert_null(text_line(&rest, &len));
	rest = "\n\n";
	assert_null(text_line(&rest, &len));
}

static void distances(void **state)
{
	(void)state;
	assert_int_equal(text_distance("", ""), 0);
	assert_int_equal(text_distance("eth0", ""), 4);
	assert_int_equal(text_distance("show", "SHOW"), 0);
	assert_int_equal(text_distance("daemon", "daemno"), 1);
	assert_int_equal(text_distance("balance", "balanced"), 1);
	assert_int_equal(text_distance("plan", "blan"), 1);
	assert_int_equal(text_distance("kitten", "sitting"), 3);
	assert_true(text_is_near("status", "staus"));
	assert_false(text_is_near("set", "get-all"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_of_a_text),
		cmocka_unit_test(distances),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
