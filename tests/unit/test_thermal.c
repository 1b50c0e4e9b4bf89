/* SPDX-License-Identifier: BSD-2-Clause */
/* Events of the processor's capabilities: which CPUs are to be left idle. */
#include "netlink_message.h"

#include "base/macros.h"
#include "parse/thermal.h"

/* n triples of a CPU, its performance and its efficiency */
static void put_event(struct messages *events, uint8_t command, const uint32_t (*cpus)[3], size_t n)
{
	size_t start = messages_begin(events, command);

	messages_put_header(events, 4 + 24 * n, 0x8000 | THERMAL_CPU_CAPABILITY);
	for (size_t i = 0; i < 3 * n; i++)
		messages_put_u32(events, (uint16_t)(THERMAL_CPU_ID + i % 3), cpus[i / 3][i % 3]);
	messages_end(events, start);
}

static void check(const struct messages *events, size_t len, struct cpuset *hot, const char *wanted)
{
	_cleanup_(buf_done) struct buf text = {0};

	assert_int_equal(thermal_update(events->bytes, len, hot), 0);
	assert_int_equal(cpuset_format(hot, &text), 0);
	assert_string_equal(buf_text(&text), wanted);
}

static void test_changes(void **state)
{
	static const uint32_t first[][3] = {{1, 0, 0}, {2, 0, 4}, {3, 8, 0}, {9, 0, 0}};
	static const uint32_t second[][3] = {{1, 1023, 1023}, {2, 0, 0}};
	_cleanup_(cpuset_done) struct cpuset hot = {0};
	struct messages events = {0};

	(void)state;
	put_event(&events, THERMAL_CPU_CAPABILITY_CHANGE, first, ARRAY_SIZE(first));
	check(&events, events.len, &hot, "1,9");
	put_event(&events, THERMAL_CPU_CAPABILITY_CHANGE, second, ARRAY_SIZE(second));
	check(&events, events.len, &hot, "2,9");
}

static void test_other_events(void **state)
{
	static const uint32_t cpus[][3] = {{1, 0, 0}};
	_cleanup_(cpuset_done) struct cpuset hot = {0};
	struct messages events = {0};

	(void)state;
	put_event(&events, 5, cpus, 1);
	check(&events, events.len, &hot, "");
}

/* Whatever is cut off, and CPUs beyond all that there are. */
static void test_cut(void **state)
{
	static const uint32_t cpus[][3] = {{1, 0, 0}, {UINT32_MAX, 0, 0}, {2, 0, 0}};
	struct messages events = {0};

	(void)state;
	put_event(&events, THERMAL_CPU_CAPABILITY_CHANGE, cpus, ARRAY_SIZE(cpus));
	for (size_t len = 0; len <= events.len; len++) {
		_cleanup_(cpuset_done) struct cpuset hot = {0};

		check(&events, len, &hot, len < events.len ? "" : "1-2");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_other_events),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
