/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's table of vectors, and our own count where there is none. */
#include "cmocka_all.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "parse/cpulist.h"
#include "parse/vectors.h"
#include "plan/room.h"

static char *heap_copy(const char *text, size_t len)
{
	char *copy = malloc(len ? len : 1);

	assert_non_null(copy);
	memcpy(copy, text, len);
	return copy;
}

/* From a heap block of just that size, so that a read behind its end is seen. */
static int parse(const char *text, struct cpuset *room)
{
	_cleanup_free_ char *copy = heap_copy(text, strlen(text));

	return vectors_parse_room(copy, strlen(text), room);
}

static void check_room(const char *text, const char *wanted)
{
	_cleanup_(cpuset_done) struct cpuset room = {0};
	_cleanup_(buf_done) struct buf list = {0};

	assert_int_equal(parse(text, &room), 0);
	assert_int_equal(cpuset_format(&room, &list), 0);
	assert_string_equal(buf_text(&list), wanted);
}

static void check_bad(const char *text)
{
	_cleanup_(cpuset_done) struct cpuset room = {0};

	assert_int_equal(cpuset_add(&room, 7), 0);
	assert_int_equal(parse(text, &room), -EINVAL);
	assert_int_equal(cpuset_count(&room), 1); /* as it was */
}

#define SUMS                                                                                       \
	"name:   VECTOR\n size:   0\n mapped: 529\n flags:  0x00000103\n"                          \
	"Online bitmaps:        7\nGlobal available:    884\nGlobal reserved:       6\n"           \
	"Total allocated:     539\nSystem: 36: 0-19,21,50,128,236,243-244,246-255\n"

static void test_kernels(void **state)
{
	(void)state;
	check_room(SUMS " | CPU | avl | man | mac | act | vectors\n"
			"     0   147     0     0   55  32-49,51-87\n"
			"     1   147     0     0   55  32-49,51-87\n"
			"     2     0     0     0  202  32-49,51-127,129-235\n"
			"     4   147     0     0   55  32-49,51-87\n",
		   "0-1,4");
	/* 4.15 to 4.18: no "mac" */
	check_room(SUMS "     | CPU | avl | man | act | vectors\n"
			"         0   197     0     4  33-35,48\n"
			"         1     0     1   202  33-235\n",
		   "0");
	/* no interrupt at all on a CPU, and no newline at the end */
	check_room(SUMS " | CPU | avl | man | mac | act | vectors\n"
			"  1200   201     1     0    0\n"
			"  1201   201     1     0    0",
		   "1200-1201");
	check_room(SUMS " | CPU | avl | man | mac | act | vectors\n"
			"     0     0     0     0  202  32-235\n",
		   "");
}

static void test_not_the_table(void **state)
{
	(void)state;
	check_bad("");
	check_bad(SUMS);
	check_bad(SUMS " | CPU | avl | man | mac | act | vectors\n");
	check_bad(SUMS " | CPU | avl | man | mac | act | vectors\n     0\n");
	check_bad(SUMS " | CPU | avl | man | mac | act | vectors\n     0   -1     0\n");
	check_bad(SUMS " | CPU | avl | man | mac | act | vectors\n     0x   1     0\n");
	check_bad(SUMS " | CPU | avl | man | mac | act | vectors\n 99999999   1     0\n");
	check_bad(SUMS " | CPU | avl | man | mac | act | vectors\n 1   99999999999999999999\n");
	check_bad("     0   147     0     0   55  32-49,51-87\n");
}

static struct irq_facts served_by(const char *cpus, bool known)
{
	struct irq_facts facts = {.node = -1, .has_effective = known};

	assert_int_equal(cpulist_parse(cpus, strlen(cpus), &facts.effective), 0);
	return facts;
}

static void check_count(uint32_t limit, const char *wanted)
{
	struct irq_facts irqs[] = {served_by("1", true), served_by("1", true), served_by("0", true),
				   served_by("3", false), served_by("900", true)};
	_cleanup_(cpuset_done) struct cpuset online = {0}, room = {0};
	_cleanup_(buf_done) struct buf list = {0};

	assert_int_equal(cpulist_parse("0-3", 3, &online), 0);
	assert_int_equal(room_count(irqs, ARRAY_SIZE(irqs), &online, limit, &room), 0);
	assert_int_equal(cpuset_format(&room, &list), 0);
	assert_string_equal(buf_text(&list), wanted);
	for (size_t i = 0; i < ARRAY_SIZE(irqs); i++)
		cpuset_done(&irqs[i].effective);
}

static void test_count(void **state)
{
	(void)state;
	check_count(3, "0-3");
	check_count(2, "0,2-3");
	check_count(1, "2-3");
	check_count(0, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kernels),
		cmocka_unit_test(test_not_the_table),
		cmocka_unit_test(test_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
