/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmocka_all.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/buf.h"
#include "base/macros.h"
#include "base/strv.h"

#define _buf_ _cleanup_(buf_done) struct buf

static void empty(void **state)
{
	_buf_ b = {0};

	(void)state;
	assert_string_equal(buf_text(&b), "");
	assert_int_equal(buf_append(&b, NULL, 0), 0);
	assert_string_equal(buf_text(&b), "");
	assert_int_equal(b.len, 0);
}

static void appends(void **state)
{
	_buf_ b = {0};

	(void)state;
	assert_int_equal(buf_puts(&b, "ab"), 0);
	assert_int_equal(buf_putc(&b, 'c'), 0);
	assert_int_equal(buf_append(&b, "d\0e", 3), 0);
	assert_int_equal(buf_fill(&b, '-', 3), 0);
	assert_int_equal(buf_fill(&b, '-', 0), 0);
	assert_int_equal(b.len, 9);
	assert_memory_equal(b.data, "abcd\0e---", 10);
}

static void prints(void **state)
{
	_buf_ b = {0};

	(void)state;
	assert_int_equal(buf_printf(&b, "%s=%d", "irq", 24), 0);
	assert_int_equal(buf_printf(&b, "%s", ""), 0);
	assert_int_equal(buf_printf(&b, "%5000d", 1), 0);
	assert_int_equal(b.len, 5006);
	assert_int_equal(strlen(b.data), 5006);
	assert_memory_equal(b.data, "irq=24  ", 8);
}

static void grows(void **state)
{
	_buf_ b = {0};

	(void)state;
	for (int i = 0; i < 100000; i++)
		assert_int_equal(buf_putc(&b, (char)('a' + i % 26)), 0);
	assert_int_equal(b.len, 100000);
	assert_int_equal(strlen(b.data), 100000);
	assert_int_equal(b.data[99999], 'a' + 99999 % 26);
}

static void refuses_the_impossible(void **state)
{
	_buf_ b = {0};

	(void)state;
	assert_int_equal(buf_puts(&b, "x"), 0);
	assert_int_equal(buf_reserve(&b, SIZE_MAX), -ENOMEM);
	assert_int_equal(buf_reserve(&b, SIZE_MAX - 1), -ENOMEM);
	assert_int_equal(buf_reserve(&b, SIZE_MAX / 2), -ENOMEM);
	assert_string_equal(buf_text(&b), "x");
}

static void cuts(void **state)
{
	_buf_ b = {0};

	(void)state;
	buf_cut(&b, 0);
	buf_rstrip(&b);
	assert_int_equal(buf_puts(&b, "text \t\r\n "), 0);
	buf_rstrip(&b);
	assert_string_equal(buf_text(&b), "text");
	buf_cut(&b, 2);
	assert_string_equal(buf_text(&b), "te");
	assert_int_equal(buf_puts(&b, "n"), 0);
	assert_string_equal(buf_text(&b), "ten");
	buf_cut(&b, 0);
	assert_int_equal(buf_puts(&b, "   "), 0);
	buf_rstrip(&b);
	assert_int_equal(b.len, 0);
}

static void done_twice(void **state)
{
	struct buf b = {0};

	(void)state;
	assert_int_equal(buf_puts(&b, "x"), 0);
	buf_done(&b);
	buf_done(&b);
	assert_int_equal(buf_puts(&b, "y"), 0);
	assert_string_equal(buf_text(&b), "y");
	buf_done(&b);
}

static void arena_strings(void **state)
{
	_cleanup_(arena_done) struct arena arena = {0};
	char *kept[2000];
	char *big;

	(void)state;
	for (int i = 0; i < 2000; i++)
		kept[i] = arena_printf(&arena, "string %d", i);
	big = arena_alloc(&arena, 100000);
	assert_non_null(big);
	memset(big, 'x', 100000);
	assert_int_equal((uintptr_t)big % _Alignof(max_align_t), 0);
	assert_string_equal(arena_strdup(&arena, ""), "");
	assert_string_equal(arena_strndup(&arena, "abcdef", 3), "abc");
	for (int i = 0; i < 2000; i++) {
		_buf_ want = {0};

		assert_int_equal(buf_printf(&want, "string %d", i), 0);
		assert_string_equal(kept[i], buf_text(&want));
	}
}

static void arrays(void **state)
{
	_cleanup_free_ uint32_t *items = NULL;
	size_t cap = 0;
	void *before;

	(void)state;
	assert_int_equal(ARRAY_RESERVE(items, 1, cap), 0);
	assert_true(cap >= 1);
	before = items;
	assert_int_equal(ARRAY_RESERVE(items, cap, cap), 0);
	assert_ptr_equal(items, before);
	assert_int_equal(ARRAY_RESERVE(items, SIZE_MAX / 2, cap), -ENOMEM);
	assert_ptr_equal(items, before);
	assert_int_equal(ARRAY_RESERVE(items, 1000, cap), 0);
	assert_true(cap >= 1000);
	items[999] = 1;
}

static void string_lists(void **state)
{
	_cleanup_(strv_done) struct strv list = {0};
	char name[] = "b";

	(void)state;
	strv_sort(&list);
	assert_int_equal(strv_add(&list, name), 0);
	name[0] = 'a';
	assert_int_equal(strv_add(&list, name), 0);
	assert_int_equal(strv_add(&list, "10"), 0);
	assert_int_equal(strv_add(&list, "9"), 0);
	strv_sort(&list);
	assert_int_equal(list.n, 4);
	assert_string_equal(list.items[0], "10");
	assert_string_equal(list.items[1], "9");
	assert_string_equal(list.items[2], "a");
	assert_string_equal(list.items[3], "b");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty),
		cmocka_unit_test(appends),
		cmocka_unit_test(prints),
		cmocka_unit_test(grows),
		cmocka_unit_test(refuses_the_impossible),
		cmocka_unit_test(cuts),
		cmocka_unit_test(done_twice),
		cmocka_unit_test(arena_strings),
		cmocka_unit_test(arrays),
		cmocka_unit_test(string_lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
