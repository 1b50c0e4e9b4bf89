/* SPDX-License-Identifier: BSD-2-Clause */
/* Costs are learned from counts and times: machines whose true costs are known. */
#include "cmocka_all.h"

#include <math.h>
#include <stdlib.h>

#include "model/cost.h"

#define MAX 64

/* A machine: where each interrupt is served, how often it comes, what it really costs. */
struct world {
	struct costs costs;
	size_t n_irqs, n_cpus;
	uint32_t at[MAX];
	double rate[MAX], cost[MAX];
	double base[MAX]; /* load of each CPU by other interrupts */
	double busy[MAX], blur[MAX], events[MAX], ticks[MAX];
	bool saturated[MAX];
	double tick;  /* s: what the kernel accounts at once; 0: exactly */
	double noise; /* of the rates, as a part */
	uint64_t random;
};

static double chance(struct world *world)
{
	world->random = world->random * 6364136223846793005u + 1442695040888963407u;
	return (double)(world->random >> 11) / 9007199254740992.0;
}

static void begin(struct world *world, size_t n_irqs, size_t n_cpus)
{
	world->n_irqs = n_irqs;
	world->n_cpus = n_cpus;
	assert_int_equal(costs_init(&world->costs, n_irqs, n_cpus, 1), 0);
	for (uint32_t i = 0; i < n_irqs; i++)
		assert_int_equal(costs_place(&world->costs, i, world->at[i]), 0);
}

/* A second: times as /proc/stat prints them, whole ticks of 10 ms that pile up. */
static double printed(struct world *world, size_t cpu, double load)
{
	double before = floor(world->ticks[cpu]), time = fmin(load, 1);

	if (world->tick > 0) {
		size_t hits = 0, ticks = (size_t)(1 / world->tick);

		for (size_t i = 0; i < ticks; i++)
			hits += chance(world) < time;
		time = (double)hits * world->tick;
	}
	world->ticks[cpu] += time * 100;
	return (floor(world->ticks[cpu]) - before) / 100;
}

static void second(struct world *world)
{
	const struct cost_sample sample = {
		.seconds = 1,
		.busy = world->busy,
		.blur = world->blur,
		.saturated = world->saturated,
		.events = world->events,
	};
	double load[MAX] = {0};

	for (size_t i = 0; i < world->n_irqs; i++) {
		world->events[i] =
			floor(world->rate[i] * (1 + world->noise * (2 * chance(world) - 1)));
		load[world->at[i]] += world->events[i] * world->cost[i];
	}
	for (size_t i = 0; i < world->n_cpus; i++) {
		load[i] += world->base[i];
		world->busy[i] = printed(world, i, load[i]);
		world->saturated[i] = load[i] >= 1;
	}
	assert_int_equal(costs_learn(&world->costs, &sample), 0);
}

static void seconds(struct world *world, int n)
{
	while (n-- > 0)
		second(world);
}

static double load_of(const struct world *world, uint32_t irq)
{
	return world->costs.slots[irq].cost * world->rate[irq];
}

static void move(struct world *world, uint32_t irq, uint32_t cpu)
{
	world->at[irq] = cpu;
	assert_int_equal(costs_place(&world->costs, irq, cpu), 0);
}

static void test_alone(void **state)
{
	struct world world = {
		.at = {0, 1, 2}, .rate = {10000, 200, 60000}, .cost = {20e-6, 500e-6, 1e-6}};

	(void)state;
	begin(&world, 3, 3);
	seconds(&world, 5);
	for (uint32_t i = 0; i < 3; i++)
		assert_true(fabs(load_of(&world, i) - world.rate[i] * world.cost[i]) < 0.01);
	costs_done(&world.costs);
}

/* Rates that vary, each in its own way, tell two interrupts of one CPU apart. */
static void test_variation_tells(void **state)
{
	struct world world = {
		.at = {0, 0}, .rate = {10000, 10000}, .cost = {5e-6, 40e-6}, .noise = 0.5};

	(void)state;
	begin(&world, 2, 1);
	seconds(&world, 40);
	assert_true(fabs(world.costs.slots[0].cost - 5e-6) < 2e-6);
	assert_true(fabs(world.costs.slots[1].cost - 40e-6) < 2e-6);
	costs_done(&world.costs);
}

/* Steady rates don't: only the sum is known, and the doubt says so. A move tells. */
static void test_move_tells(void **state)
{
	struct world world = {
		.at = {0, 0, 1}, .rate = {10000, 10000, 10000}, .cost = {5e-6, 35e-6, 10e-6}};

	(void)state;
	begin(&world, 3, 2);
	seconds(&world, 20);
	assert_true(fabs(load_of(&world, 0) + load_of(&world, 1) - 0.4) < 0.01);
	assert_true(costs_doubt(&world.costs, 0) * 10000 > 0.05);
	move(&world, 1, 1);
	seconds(&world, 3);
	assert_true(fabs(load_of(&world, 0) - 0.05) < 0.015);
	assert_true(fabs(load_of(&world, 1) - 0.35) < 0.03);
	assert_true(fabs(load_of(&world, 2) - 0.1) < 0.03);
	costs_done(&world.costs);
}

/* A kernel that gives a whole tick to what it interrupts: 0 % or 100 %. */
static void test_tick_noise(void **state)
{
	struct world world = {.at = {0, 1},
			      .rate = {10000, 20000},
			      .cost = {30e-6, 5e-6},
			      .tick = 0.004,
			      .random = 7};

	(void)state;
	begin(&world, 2, 2);
	seconds(&world, 60);
	assert_true(fabs(load_of(&world, 0) - 0.3) < 0.03);
	assert_true(fabs(load_of(&world, 1) - 0.1) < 0.02);
	assert_true(world.costs.tick_noise > 0.001);
	costs_done(&world.costs);
}

static void test_never_negative(void **state)
{
	struct world world = {.at = {0, 0, 0},
			      .rate = {50000, 1000, 1000},
			      .cost = {0, 300e-6, 0},
			      .noise = 0.3,
			      .tick = 0.01};

	(void)state;
	begin(&world, 3, 1);
	for (int i = 0; i < 60; i++) {
		second(&world);
		for (uint32_t k = 0; k < 3; k++)
			assert_true(world.costs.slots[k].cost >= 0);
	}
	assert_true(fabs(load_of(&world, 1) - 0.3) < 0.08);
	costs_done(&world.costs);
}

/* Timers and calls between CPUs take time too: an interrupt is not charged for them. */
static void test_background(void **state)
{
	struct world world = {.at = {0, 1},
			      .rate = {10000, 10},
			      .cost = {20e-6, 1e-6},
			      .base = {0.02, 0.02},
			      .noise = 0.5};

	(void)state;
	begin(&world, 2, 2);
	seconds(&world, 60);
	assert_true(fabs(costs_background(&world.costs, 0) - 0.02) < 0.01);
	assert_true(fabs(load_of(&world, 0) - 0.2) < 0.015);
	costs_done(&world.costs);
}

/* A cost that is another one from now on is learned at once, not averaged. */
static void test_change(void **state)
{
	struct world world = {.at = {0, 1}, .rate = {10000, 10000}, .cost = {5e-6, 5e-6}};

	(void)state;
	begin(&world, 2, 2);
	seconds(&world, 60);
	world.cost[0] = 60e-6;
	seconds(&world, 2);
	assert_true(fabs(load_of(&world, 0) - 0.6) < 0.02);
	assert_true(fabs(load_of(&world, 1) - 0.05) < 0.01);
	costs_done(&world.costs);
}

/* One sample that is far off, and the next ones are as before: nothing is believed of it. */
static void test_accident(void **state)
{
	struct world world = {.at = {0, 0}, .rate = {10000, 10000}, .cost = {5e-6, 5e-6}};

	(void)state;
	begin(&world, 2, 1);
	seconds(&world, 60);
	world.base[0] = 0.4;
	second(&world);
	assert_true(fabs(load_of(&world, 0) + load_of(&world, 1) - 0.1) < 0.02);
	world.base[0] = 0;
	seconds(&world, 2);
	assert_true(fabs(load_of(&world, 0) + load_of(&world, 1) - 0.1) < 0.02);
	costs_done(&world.costs);
}

/* A CPU that has no time left shows less than what was asked for; others tell what it costs. */
static void test_saturated(void **state)
{
	struct world world = {
		.at = {0, 0, 1}, .rate = {20000, 20000, 20000}, .cost = {40e-6, 40e-6, 40e-6}};

	(void)state;
	begin(&world, 3, 2);
	seconds(&world, 5);
	assert_true(load_of(&world, 0) + load_of(&world, 1) > 1.5);
	assert_true(fabs(load_of(&world, 2) - 0.8) < 0.02);
	costs_done(&world.costs);
}

static void test_rest_and_places(void **state)
{
	struct world world = {.at = {0, 0, 0, 0, 1},
			      .rate = {1e4, 1e4, 1e4, 1e4, 1e4},
			      .cost = {1e-5, 1e-5, 1e-5, 1e-5, 1e-5}};

	(void)state;
	begin(&world, 5, 2);
	seconds(&world, 3);
	costs_rest(&world.costs, 1);
	costs_rest(&world.costs, 1);
	assert_int_equal(world.costs.slots[1].at, COST_NOWHERE);
	world.rate[1] = 0;
	move(&world, 3, 1);
	move(&world, 0, 1);
	move(&world, 1, 0);
	world.rate[1] = 1e4;
	seconds(&world, 5);
	for (uint32_t i = 0; i < 5; i++)
		assert_true(fabs(load_of(&world, i) - 0.1) < 0.04);
	costs_done(&world.costs);
}

/* The doubt is honest: the true cost is within three of it nearly always. */
static void test_doubt(void **state)
{
	size_t inside = 0, all = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 50; seed++) {
		struct world world = {.noise = 0.2, .random = seed};

		for (uint32_t i = 0; i < 24; i++) {
			world.at[i] = i % 6;
			world.rate[i] = 1000 + 20000 * chance(&world);
			world.cost[i] = (1 + 9 * chance(&world)) * 1e-6;
		}
		begin(&world, 24, 6);
		for (int round = 0; round < 10; round++) {
			seconds(&world, 2);
			move(&world, (uint32_t)(chance(&world) * 24),
			     (uint32_t)(chance(&world) * 6));
		}
		seconds(&world, 5);
		for (uint32_t i = 0; i < 24; i++) {
			double off = fabs(world.costs.slots[i].cost - world.cost[i]);

			inside += off <= 3 * costs_doubt(&world.costs, i);
			all++;
		}
		costs_done(&world.costs);
	}
	assert_true(inside >= all * 95 / 100);
}

/* More interrupts on one CPU than a matrix has room for. */
static void test_many(void **state)
{
	static double events[1000], busy[1] = {0.5}, blur[1];
	static bool saturated[1];
	const struct cost_sample sample = {1, busy, blur, saturated, events};
	struct costs costs;
	double sum = 0;

	(void)state;
	assert_int_equal(costs_init(&costs, 1000, 1, 1), 0);
	for (uint32_t i = 0; i < 1000; i++) {
		events[i] = 100;
		assert_int_equal(costs_place(&costs, i, 0), 0);
	}
	for (int i = 0; i < 5; i++)
		assert_int_equal(costs_learn(&costs, &sample), 0);
	for (uint32_t i = 0; i < 1000; i++)
		sum += costs.slots[i].cost * 100;
	assert_true(fabs(sum - 0.5) < 0.03);
	for (uint32_t i = 0; i < 1000; i += 3)
		costs_rest(&costs, i);
	for (uint32_t i = 0; i < 1000; i++) {
		if (costs.slots[i].at != COST_NOWHERE)
			assert_true(costs.slots[i].at >= 1 && costs.slots[i].at <= 666);
	}
	costs_done(&costs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alone),          cmocka_unit_test(test_variation_tells),
		cmocka_unit_test(test_move_tells),     cmocka_unit_test(test_tick_noise),
		cmocka_unit_test(test_never_negative), cmocka_unit_test(test_background),
		cmocka_unit_test(test_change),         cmocka_unit_test(test_accident),
		cmocka_unit_test(test_saturated),      cmocka_unit_test(test_rest_and_places),
		cmocka_unit_test(test_doubt),          cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
