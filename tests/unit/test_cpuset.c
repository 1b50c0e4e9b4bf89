/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmocka_all.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cpuset.h"
#include "base/macros.h"

#define _set_ _cleanup_(cpuset_done) struct cpuset

static void assert_set(const struct cpuset *set, const char *want)
{
	_cleanup_(buf_done) struct buf text = {0};

	assert_int_equal(cpuset_format(set, &text), 0);
	assert_string_equal(buf_text(&text), want);
}

static void empty(void **state)
{
	_set_ a = {0};
	_set_ b = {0};

	(void)state;
	assert_int_equal(cpuset_count(&a), 0);
	assert_false(cpuset_has(&a, 0));
	assert_int_equal(cpuset_next(&a, 0), -1);
	assert_int_equal(cpuset_next(&a, UINT32_MAX), -1);
	assert_true(cpuset_equal(&a, &b));
	assert_true(cpuset_subset(&a, &b));
	cpuset_del(&a, 5);
	assert_set(&a, "");
	assert_int_equal(cpuset_copy(&a, &b), 0);
	assert_int_equal(cpuset_or(&a, &b), 0);
	cpuset_and(&a, &b);
	cpuset_and_not(&a, &b);
	assert_set(&a, "");
}

static void adds_and_deletes(void **state)
{
	_set_ a = {0};

	(void)state;
	assert_int_equal(cpuset_add(&a, 3), 0);
	assert_int_equal(cpuset_add(&a, 64), 0);
	assert_int_equal(cpuset_add(&a, 3), 0);
	assert_int_equal(cpuset_count(&a), 2);
	assert_true(cpuset_has(&a, 64));
	assert_false(cpuset_has(&a, 65));
	assert_false(cpuset_has(&a, UINT32_MAX));
	cpuset_del(&a, 64);
	cpuset_del(&a, 100000);
	assert_set(&a, "3");
}

static void ranges(void **state)
{
	_set_ a = {0};

	(void)state;
	assert_int_equal(cpuset_add_range(&a, 62, 65), 0);
	assert_int_equal(cpuset_add_range(&a, 0, 0), 0);
	assert_int_equal(cpuset_add_range(&a, 127, 128), 0);
	assert_set(&a, "0,62-65,127-128");
	assert_int_equal(cpuset_count(&a), 7);
	assert_int_equal(cpuset_add_range(&a, 5, 4), -EINVAL);
	assert_set(&a, "0,62-65,127-128");
}

static void bounds(void **state)
{
	_set_ a = {0};

	(void)state;
	assert_int_equal(cpuset_add(&a, CPUSET_MAX), -ERANGE);
	assert_int_equal(cpuset_add(&a, UINT32_MAX), -ERANGE);
	assert_int_equal(cpuset_add_range(&a, 0, CPUSET_MAX), -ERANGE);
	assert_set(&a, "");
	assert_int_equal(cpuset_add(&a, CPUSET_MAX - 1), 0);
	assert_set(&a, "65535");
	assert_int_equal(cpuset_add_range(&a, 0, CPUSET_MAX - 1), 0);
	assert_int_equal(cpuset_count(&a), CPUSET_MAX);
	assert_set(&a, "0-65535");
	assert_int_equal(cpuset_next(&a, CPUSET_MAX - 1), CPUSET_MAX - 1);
	assert_int_equal(cpuset_next(&a, CPUSET_MAX), -1);
}

/* Sets whose memory has different lengths are compared by what they hold. */
static void different_lengths(void **state)
{
	_set_ small = {0};
	_set_ wide = {0};

	(void)state;
	assert_int_equal(cpuset_add(&small, 1), 0);
	assert_int_equal(cpuset_add(&wide, 1), 0);
	assert_int_equal(cpuset_add(&wide, 1000), 0);
	assert_true(cpuset_subset(&small, &wide));
	assert_false(cpuset_subset(&wide, &small));
	assert_false(cpuset_equal(&small, &wide));
	cpuset_del(&wide, 1000);
	assert_true(cpuset_equal(&small, &wide));
	assert_true(cpuset_subset(&wide, &small));
}

static void set_algebra(void **state)
{
	_set_ a = {0};
	_set_ b = {0};

	(void)state;
	assert_int_equal(cpuset_add_range(&a, 0, 70), 0);
	assert_int_equal(cpuset_add_range(&b, 60, 200), 0);
	cpuset_and(&a, &b);
	assert_set(&a, "60-70");
	assert_int_equal(cpuset_or(&a, &b), 0);
	assert_set(&a, "60-200");
	assert_int_equal(cpuset_copy(&b, &a), 0);
	assert_true(cpuset_equal(&a, &b));
	cpuset_del(&b, 100);
	cpuset_and_not(&a, &b);
	assert_set(&a, "100");
	assert_int_equal(cpuset_copy(&b, &a), 0);
	assert_set(&b, "100");
}

static void and_with_a_shorter_set(void **state)
{
	_set_ a = {0};
	_set_ b = {0};

	(void)state;
	assert_int_equal(cpuset_add_range(&a, 0, 300), 0);
	assert_int_equal(cpuset_add(&b, 2), 0);
	cpuset_and(&a, &b);
	assert_set(&a, "2");
}

static void walks(void **state)
{
	static const uint32_t want[] = {0, 63, 64, 127, 4095};
	_set_ a = {0};
	size_t n = 0;

	(void)state;
	for (size_t i = ARRAY_SIZE(want); i-- > 0;)
		assert_int_equal(cpuset_add(&a, want[i]), 0);
	cpuset_foreach (cpu, &a) {
		assert_true(n < ARRAY_SIZE(want));
		assert_int_equal(cpu, want[n++]);
	}
	assert_int_equal(n, ARRAY_SIZE(want));
	assert_int_equal(cpuset_next(&a, 1), 63);
	assert_int_equal(cpuset_next(&a, 65), 127);
	assert_int_equal(cpuset_next(&a, 4096), -1);
}

static void formats_behind_text(void **state)
{
	_cleanup_(buf_done) struct buf text = {0};
	_set_ a = {0};

	(void)state;
	assert_int_equal(cpuset_add_range(&a, 0, 1), 0);
	assert_int_equal(cpuset_add(&a, 3), 0);
	assert_int_equal(buf_puts(&text, "cpus "), 0);
	assert_int_equal(cpuset_format(&a, &text), 0);
	assert_string_equal(buf_text(&text), "cpus 0-1,3");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty),
		cmocka_unit_test(adds_and_deletes),
		cmocka_unit_test(ranges),
		cmocka_unit_test(bounds),
		cmocka_unit_test(different_lengths),
		cmocka_unit_test(set_algebra),
		cmocka_unit_test(and_with_a_shorter_set),
		cmocka_unit_test(walks),
		cmocka_unit_test(formats_behind_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
