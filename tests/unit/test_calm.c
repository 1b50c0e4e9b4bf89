/* SPDX-License-Identifier: BSD-2-Clause */
/* How little irqctl's own policy moves once the load is settled, on invented machines. */
#include "cmocka_all.h"

#include <string.h>

#include "base/macros.h"
#include "plan/simulate.h"

#define SEEDS 20u

#define _result_ _cleanup_(simulate_result_done) struct simulate_result

/* Interrupts for play(). */
static void add(struct buf *irqs, unsigned int count, unsigned int rate, unsigned int cost_us)
{
	assert_int_equal(buf_printf(irqs, "%s{\"rate\": %u, \"cost_us\": %u, \"count\": %u}",
				    irqs->len ? ", " : "", rate, cost_us, count),
			 0);
}

/* A scenario with these interrupts; `fmt` is all else of it. */
static PRINTF_LIKE(2, 3) struct simulate_result play(const struct buf *irqs, const char *fmt, ...)
{
	_cleanup_(buf_done) struct buf text = {0}, error = {0};
	_cleanup_(scenario_done) struct scenario scenario;
	struct simulate_result result;
	va_list args;

	assert_int_equal(buf_printf(&text, "{\"irqs\": [%s], ", buf_text(irqs)), 0);
	va_start(args, fmt);
	assert_int_equal(buf_vprintf(&text, fmt, args), 0);
	va_end(args);
	assert_int_equal(buf_putc(&text, '}'), 0);
	if (scenario_parse(buf_text(&text), text.len, &scenario, &error) != 0)
		fail_msg("%s", buf_text(&error));
	assert_int_equal(simulate(&scenario, &policy_irqctl, &(struct policy_options){1}, &result),
			 0);
	return result;
}

static uint64_t moves_from(const struct simulate_result *result, uint32_t first, uint32_t last)
{
	uint64_t moves = 0;

	for (size_t i = 0; i < result->n_seconds; i++) {
		if (result->seconds[i].second >= first && result->seconds[i].second <= last)
			moves += result->seconds[i].moves;
	}
	return moves;
}

/* Rates that are off by a fifth at every look move six interrupts a minute at most. */
static void test_noise(void **state)
{
	_cleanup_(buf_done) struct buf irqs = {0};

	(void)state;
	for (unsigned int i = 0; i < 24; i++)
		add(&irqs, 1, 40000 / (1 + i / 2), 6);
	for (unsigned int seed = 1; seed <= SEEDS; seed++) {
		_result_ result = play(
			&irqs, "\"cpus\": 8, \"noise\": 0.2, \"seconds\": 240, \"seed\": %u", seed);

		for (uint32_t second = 31; second + 59 <= 240; second++)
			assert_true(moves_from(&result, second, second + 59) <= 6);
		assert_true(result.ratio < 1.15);
	}
}

/*
 * On a settled machine `n` busy interrupts become idle and as many others busy: these 2 * n cause
 * no more moves than that, which leave the machine nearly balanced.
 */
static void check_changes(unsigned int n)
{
	_cleanup_(buf_done) struct buf irqs = {0};
	_result_ result = {0};
	uint64_t moves;

	for (unsigned int i = 0; i < 32; i++)
		add(&irqs, 1, 9000 + 300 * i, 8);
	add(&irqs, n, 0, 8);
	add(&irqs, n, 30000, 8);
	result = play(&irqs,
		      "\"cpus\": 16, \"seconds\": 100, \"noise\": 0.02, \"events\": [{\"at\": 60, "
		      "\"do\": \"swap\", \"a\": [32, %u], \"b\": [%u, %u]}]",
		      32 + n, 32 + n, 32 + 2 * n);
	moves = moves_from(&result, 60, 90);
	assert_true(moves > 0);
	assert_true(moves <= (uint64_t)2 * n);
	for (uint32_t i = 70; i < 90; i++)
		assert_true(result.seconds[i].max < 1.15 * result.seconds[i].bound);
}

static void test_changes(void **state)
{
	(void)state;
	check_changes(1);
	check_changes(2);
	check_changes(4);
}

/* Loads that are even, but far from their devices, are moved once, and stay even. */
static void test_nearness(void **state)
{
	_cleanup_(buf_done) struct buf irqs = {0};
	_result_ result = {0};

	(void)state;
	for (unsigned int i = 0; i < 8; i++)
		buf_printf(&irqs, "%s{\"rate\": 20000, \"cost_us\": 10, \"node\": %d}",
			   i ? ", " : "", i < 4);
	result = play(&irqs, "\"cpus\": 8, \"nodes\": 2, \"seconds\": 90, \"noise\": 0.02");
	assert_true(result.seconds[0].remote == 1);
	assert_true(result.remote_share == 0);
	assert_int_equal(result.moves_total, 8);
	assert_true(result.ratio < 1.05);
}

/* One interrupt that fills a CPU of its own does not keep the others from being relieved. */
static void test_giant(void **state)
{
	_cleanup_(buf_done) struct buf irqs = {0};
	_result_ result = {0};

	(void)state;
	add(&irqs, 1, 10000, 120);
	add(&irqs, 1, 570, 166);
	add(&irqs, 4, 1690, 52);
	add(&irqs, 1, 29000, 39);
	add(&irqs, 1, 2400, 45);
	add(&irqs, 1, 5700, 166); /* the ninth one is served beside the giant */
	result = play(&irqs, "\"cpus\": 8, \"noise\": 0.1, \"seconds\": 60");
	assert_true(result.seconds[0].max > 1.5 * result.seconds[0].bound);
	assert_true(result.ratio < 1.05);
}

/* Hundreds of interrupts that come rarely say nothing of the few that are busy. */
static void test_rare(void **state)
{
	_cleanup_(buf_done) struct buf irqs = {0};

	(void)state;
	for (unsigned int i = 0; i < 8; i++)
		add(&irqs, 1, i % 4 ? 9000 : 30000, 10);
	add(&irqs, 300, 5, 10);
	for (unsigned int seed = 1; seed <= 5; seed++) {
		_result_ result = play(
			&irqs, "\"cpus\": 4, \"noise\": 0.3, \"seconds\": 90, \"seed\": %u", seed);

		assert_true(result.ratio < 1.2);
		assert_true(result.moves <= 6);
		assert_true(result.moves_total < 60);
	}
}

/* Two sets of interrupts change places again and again: each kind of work is known again. */
static void test_kinds(void **state)
{
	_cleanup_(buf_done) struct buf irqs = {0};
	_result_ result = {0};

	(void)state;
	for (unsigned int i = 0; i < 8; i++)
		add(&irqs, 1, 2000 + 500 * i, 90);
	for (unsigned int i = 0; i < 8; i++)
		add(&irqs, 1, 30000, 2 + i);
	add(&irqs, 16, 500, 5);
	result = play(&irqs, "\"cpus\": 8, \"noise\": 0.05, \"seconds\": 120, \"events\": "
			     "[{\"at\": 15, \"every\": 15, \"do\": \"swap\", \"a\": [0, 8], "
			     "\"b\": [8, 16]}]");
	assert_true(result.ratio < 1.3);
}

/* Without time left on any CPU nobody knows what a move would bring, not even one nearer. */
static void test_full(void **state)
{
	_cleanup_(buf_done) struct buf irqs = {0};
	_result_ result = {0};

	(void)state;
	buf_puts(&irqs, "{\"rate\": 57000, \"cost_us\": 18, \"node\": 0}, ");
	buf_puts(&irqs, "{\"rate\": 5600, \"cost_us\": 155, \"node\": 0, \"device\": 2}, ");
	buf_puts(&irqs, "{\"rate\": 2800, \"cost_us\": 155, \"node\": 0, \"device\": 2}, ");
	buf_puts(&irqs, "{\"rate\": 57000, \"cost_us\": 18, \"node\": 0}, ");
	buf_puts(&irqs, "{\"rate\": 5600, \"cost_us\": 155, \"node\": 0, \"device\": 2}, ");
	buf_puts(&irqs,
		 "{\"rate\": 9600, \"cost_us\": 3, \"count\": 4, \"node\": 1, \"device\": 3}");
	result = play(&irqs, "\"cpus\": 2, \"nodes\": 2, \"noise\": 0.1, \"seconds\": 60");
	assert_int_equal(result.moves_total, 0);
}

/* What is hidden on full CPUs costs what the other interrupts of its device do. */
static void test_devices(void **state)
{
	_cleanup_(buf_done) struct buf irqs = {0};
	_result_ result = {0};

	(void)state;
	buf_puts(&irqs, "{\"rate\": 54, \"cost_us\": 317, \"count\": 30, \"device\": 1}, ");
	buf_puts(&irqs, "{\"rate\": 37000, \"cost_us\": 20, \"device\": 2}, ");
	buf_puts(&irqs, "{\"rate\": 800000, \"cost_us\": 1.1, \"count\": 4, \"device\": 3}, ");
	buf_puts(&irqs, "{\"rate\": 4900, \"cost_us\": 74, \"count\": 32, \"device\": 4}");
	result = play(&irqs, "\"cpus\": 32, \"noise\": 0, \"seconds\": 60");
	assert_true(result.seconds[0].max > 1.4 * result.seconds[0].bound);
	assert_true(result.ratio < 1.05);
}

/* Rare interrupts that cost much do not make frequent ones of other devices seem dear. */
static void test_hidden(void **state)
{
	_cleanup_(buf_done) struct buf irqs = {0};
	_result_ result = {0};

	(void)state;
	buf_puts(&irqs, "{\"rate\": 100, \"cost_us\": 200, \"count\": 4, \"device\": 1}, ");
	buf_puts(&irqs, "{\"rate\": 570000, \"cost_us\": 2.4, \"device\": 2}, ");
	buf_puts(&irqs, "{\"rate\": 100, \"cost_us\": 200, \"count\": 6, \"device\": 1}, ");
	buf_puts(&irqs, "{\"rate\": 860000, \"cost_us\": 2.4, \"device\": 2}, ");
	/* on the same CPU as the first one that is frequent */
	buf_puts(&irqs, "{\"rate\": 2900, \"cost_us\": 500, \"device\": 3}, ");
	buf_puts(&irqs, "{\"rate\": 320, \"cost_us\": 60, \"count\": 6, \"device\": 4}");
	result = play(&irqs, "\"cpus\": 8, \"noise\": 0.1, \"seconds\": 60");
	assert_true(result.ratio < 1.1);
}

/* A machine of one core balances its threads, although the core is as full either way. */
static void test_threads(void **state)
{
	_cleanup_(buf_done) struct buf irqs = {0};
	_result_ result = {0};

	(void)state;
	add(&irqs, 1, 2800, 100);
	add(&irqs, 1, 600, 400);
	add(&irqs, 1, 1400, 400);
	result = play(&irqs, "\"cpus\": 2, \"smt\": 2, \"noise\": 0.1, \"seconds\": 60");
	assert_true(result.seconds[0].max > 1.3 * result.seconds[0].bound);
	assert_true(result.ratio < 1.1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_noise),    cmocka_unit_test(test_changes),
		cmocka_unit_test(test_nearness), cmocka_unit_test(test_giant),
		cmocka_unit_test(test_rare),     cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_full),     cmocka_unit_test(test_devices),
		cmocka_unit_test(test_hidden),   cmocka_unit_test(test_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
