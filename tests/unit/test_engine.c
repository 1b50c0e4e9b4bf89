/* SPDX-License-Identifier: BSD-2-Clause */
/* What the engine takes for the time that interrupts cost a CPU. */
#include "cmocka_all.h"

#include <math.h>
#include <stdlib.h>

#include "base/macros.h"
#include "plan/engine.h"

#define N_CPUS 2
#define N_IRQS 4 /* all on CPU 0, 100 events a second each */
#define FIRST  24

/* What /proc/stat says of two CPUs, in ticks of 10 ms, as it is counted up. */
struct fake {
	struct engine engine;
	struct topology topology;
	struct cpu_time cpus[N_CPUS];
	uint64_t counts[FIRST + N_IRQS];
	uint64_t ns;
};

static void make(struct fake *fake, uint32_t n_irqs)
{
	const struct engine_options options = {.mode = BALANCE_SPREAD};
	struct engine_cpu cpus[N_CPUS];
	struct engine_irq irqs[N_IRQS];

	fake->topology = (struct topology){.n_cpus = N_CPUS};
	for (uint32_t i = 0; i < N_CPUS; i++) {
		cpus[i] = (struct engine_cpu){
			.place = {.cpu = i, .core = (int32_t)i, .llc = 0, .node = 0, .package = 0},
			.capacity = 1,
			.room = BALANCE_NO_LIMIT,
		};
	}
	for (uint32_t i = 0; i < N_IRQS; i++)
		irqs[i] = (struct engine_irq){
			.irq = (int32_t)(FIRST + i), .name = "eth0", .node = -1, .weight = 1};
	assert_int_equal(
		engine_init(&fake->engine, &options, &fake->topology, cpus, N_CPUS, irqs, n_irqs),
		0);
}

static void begin(struct fake *fake)
{
	for (uint32_t i = 0; i < N_CPUS; i++)
		fake->cpus[i].cpu = i;
	make(fake, N_IRQS);
}

/* The engine is made anew, with so many of the interrupts. */
static void renew(struct fake *fake, uint32_t n_irqs)
{
	uint32_t map[N_IRQS];
	struct engine old = fake->engine;

	for (uint32_t i = 0; i < N_IRQS; i++)
		map[i] = i;
	make(fake, n_irqs);
	assert_int_equal(engine_inherit(&fake->engine, &old, map), 0);
	engine_done(&old);
}

/* A second passes, of which the kernel counts so many ticks of the CPUs. */
static void second(struct fake *fake, uint64_t idle0, uint64_t softirq0, uint64_t user0)
{
	const struct sample sample = {
		.mono_ns = fake->ns += 1000000000,
		.cpus = fake->cpus,
		.n_cpus = N_CPUS,
		.counts = fake->counts,
		.n_counts = ARRAY_SIZE(fake->counts),
	};

	fake->cpus[0].idle_ticks += idle0;
	fake->cpus[0].softirq_ticks += softirq0;
	fake->cpus[0].total_ticks += idle0 + softirq0 + user0;
	fake->cpus[1].idle_ticks += 100;
	fake->cpus[1].total_ticks += 100;
	for (size_t i = 0; i < N_IRQS; i++)
		fake->counts[FIRST + i] += 100;
	assert_int_equal(engine_sample(&fake->engine, &sample), 0);
}

/* An idle CPU without a clock tick: what its times lack is what interrupts took. */
static void test_uncounted(void **state)
{
	struct fake fake = {0};
	struct balance_plan plan = {0};

	(void)state;
	begin(&fake);
	for (int i = 0; i < 8; i++)
		second(&fake, 70, 0, 0);
	assert_float_equal(engine_cpu_load(&fake.engine, 0), 0.3, 1e-6);
	assert_float_equal(engine_cpu_load(&fake.engine, 1), 0, 1e-6);
	assert_int_equal(engine_plan(&fake.engine, true, &plan), 0);
	assert_int_equal(plan.n_moves, N_IRQS / 2);
	balance_plan_done(&plan);
	engine_done(&fake.engine);
}

/* Where everything was counted, as by CONFIG_IRQ_TIME_ACCOUNTING, nothing is added. */
static void test_counted(void **state)
{
	struct fake fake = {0};

	(void)state;
	begin(&fake);
	for (int i = 0; i < 8; i++)
		second(&fake, 60, 25, 15);
	assert_float_equal(engine_cpu_load(&fake.engine, 0), 0.25, 1e-6);
	engine_done(&fake.engine);
}

/*
 * The same work takes a CPU of half the capacity twice as long: that one is as full as it says, and
 * three of its four interrupts are 3 / 4 x 0.3 / 2 of the other one.
 */
static void test_slow_cpu(void **state)
{
	struct fake fake = {0};
	struct balance_plan plan = {0};

	(void)state;
	begin(&fake);
	fake.engine.cpus[0].capacity = 0.5;
	for (int i = 0; i < 30; i++)
		second(&fake, 70, 30, 0);
	assert_float_equal(engine_cpu_load(&fake.engine, 0), 0.3, 1e-6);
	assert_int_equal(engine_plan(&fake.engine, true, &plan), 0);
	assert_float_equal(plan.before.max, 0.3, 0.01);
	assert_float_equal(plan.after.max, 0.1125, 0.01);
	assert_int_equal(plan.n_moves, 3);
	balance_plan_done(&plan);
	engine_done(&fake.engine);
}

/* A count that leaps by more than any interrupt can come says nothing: the rate is what it was. */
static void test_leap(void **state)
{
	struct fake fake = {0};
	struct balance_plan plan = {0};

	(void)state;
	begin(&fake);
	for (int i = 0; i < 8; i++)
		second(&fake, 70, 30, 0);
	fake.counts[FIRST] += 4000000000;
	second(&fake, 70, 30, 0);
	assert_float_equal(engine_load(&fake.engine, 0).rate, 100, 1e-6);
	assert_int_equal(engine_plan(&fake.engine, true, &plan), 0);
	assert_float_equal(plan.before.max, 0.3, 0.02);
	balance_plan_done(&plan);
	engine_done(&fake.engine);
}

/* Whole ticks are too many in one sample and too few in the next: that is no load. */
static void test_rounding(void **state)
{
	struct fake fake = {0};
	double sum = 0;

	(void)state;
	begin(&fake);
	for (int i = 0; i < 20; i++) {
		second(&fake, i % 2 ? 98 : 100, 0, 1);
		sum += engine_cpu_load(&fake.engine, 0);
	}
	assert_true(sum < 0.01 + 1e-6); /* of 20 samples: the first one cannot tell */
	engine_done(&fake.engine);
}

/* A kernel or a recording without idle time, and idle time that runs backwards: nothing is known.
 */
static void test_no_idle_time(void **state)
{
	struct fake fake = {0};

	(void)state;
	begin(&fake);
	for (int i = 0; i < 4; i++)
		second(&fake, 0, 20, 0);
	assert_float_equal(engine_cpu_load(&fake.engine, 0), 0.2, 1e-6);
	fake.cpus[0].idle_ticks = 100;
	second(&fake, 0, 20, 0);
	fake.cpus[0].idle_ticks = 50;
	second(&fake, 0, 20, 0);
	assert_float_equal(engine_cpu_load(&fake.engine, 0), 0.2, 1e-6);
	engine_done(&fake.engine);
}

/*
 * An engine that is made anew within each sample learns from all of them; where interrupts went,
 * nobody knows whose time it was.
 */
static void test_renewed(void **state)
{
	struct fake fake = {0};

	(void)state;
	begin(&fake);
	second(&fake, 70, 0, 0);
	for (int i = 0; i < 4; i++) {
		renew(&fake, N_IRQS);
		second(&fake, 70, 0, 0);
		assert_float_equal(fake.engine.time_s, i + 1, 1e-6);
		assert_float_equal(engine_cpu_load(&fake.engine, 0), 0.3, 1e-6);
		assert_float_equal(engine_load(&fake.engine, 0).rate, 100, 1e-6);
	}
	renew(&fake, N_IRQS - 1);
	second(&fake, 70, 0, 0);
	assert_float_equal(fake.engine.time_s, 4, 1e-6);
	second(&fake, 70, 0, 0);
	assert_float_equal(fake.engine.time_s, 5, 1e-6);
	engine_done(&fake.engine);
}

/*
 * How many moves are made to find out what one of four costs that comes a hundredth as often as
 * another one, where CPU 1 is nearly full of other work.
 */
static size_t count_probes(bool respect_load)
{
	struct fake fake = {.cpus = {{0}, {.idle_ticks = 1000, .total_ticks = 1000}}};
	size_t n_moves = 0;

	begin(&fake);
	fake.engine.options.respect_load = respect_load;
	for (uint32_t i = 0; i < N_IRQS; i++)
		assert_int_equal(engine_place(&fake.engine, i, 0), 0);
	for (int i = 0; i < 4 && !n_moves; i++) {
		struct balance_plan plan = {0};

		fake.counts[FIRST] += 9900;
		fake.cpus[1].idle_ticks -= 90;
		second(&fake, 50, 50, 0);
		assert_int_equal(engine_plan(&fake.engine, false, &plan), 0);
		n_moves = plan.n_moves;
		balance_plan_done(&plan);
	}
	engine_done(&fake.engine);
	return n_moves;
}

static void test_probe(void **state)
{
	(void)state;
	assert_int_equal(count_probes(false), 1);
	assert_int_equal(count_probes(true), 0);
}

/* An interrupt that fills any CPU above the limit of packing gains nothing anywhere: it stays. */
static void test_packed_heavy(void **state)
{
	struct fake fake = {0};
	size_t moves = 0;

	(void)state;
	begin(&fake);
	engine_done(&fake.engine);
	make(&fake, 1);
	fake.engine.options.mode = BALANCE_PACK;
	fake.engine.options.pack_fill = 0.5;
	for (unsigned int i = 0; i < 60; i++) {
		struct balance_plan plan = {0};

		second(&fake, 20u - i % 3u, 80u + i % 3u, 0);
		assert_int_equal(engine_plan(&fake.engine, false, &plan), 0);
		moves += plan.n_moves;
		balance_plan_done(&plan);
	}
	assert_int_equal(moves, 0);
	engine_done(&fake.engine);
}

/* What may be nowhere else stays on a closed CPU, and the planner is not asked each time. */
static void test_nowhere_else(void **state)
{
	_cleanup_(cpuset_done) struct cpuset only = {0};
	struct balance_plan plan = {0};
	struct fake fake = {0};

	(void)state;
	begin(&fake);
	assert_int_equal(cpuset_add(&only, 0), 0);
	fake.engine.cpus[0].closed = true;
	for (uint32_t i = 0; i < N_IRQS; i++) {
		assert_int_equal(engine_place(&fake.engine, i, 0), 0);
		fake.engine.irqs[i].allowed = &only;
	}
	for (int i = 0; i < 4; i++)
		second(&fake, 70, 30, 0);
	assert_int_equal(engine_plan(&fake.engine, false, &plan), 0);
	assert_null(plan.at);
	balance_plan_done(&plan);
	fake.engine.irqs[0].allowed = NULL;
	assert_int_equal(engine_plan(&fake.engine, false, &plan), 0);
	assert_int_equal(plan.n_moves, 1);
	balance_plan_done(&plan);
	engine_done(&fake.engine);
}

/* What comes once a second is left where it is, though another CPU has room for it. */
static void test_rare(void **state)
{
	struct fake fake = {0};
	struct balance_plan plan = {0};

	(void)state;
	begin(&fake);
	for (uint32_t i = 0; i < N_IRQS; i++)
		assert_int_equal(engine_place(&fake.engine, i, 0), 0);
	for (int i = 0; i < 8; i++) {
		fake.counts[FIRST] -= 99;
		for (uint32_t k = 1; k < N_IRQS; k++)
			fake.counts[FIRST + k] -= 90;
		second(&fake, i % 2 ? 80 : 60, i % 2 ? 20 : 40, 0);
	}
	assert_true(engine_load(&fake.engine, 0).load > 0.001);
	assert_int_equal(engine_plan(&fake.engine, true, &plan), 0);
	assert_true(plan.n_moves > 0);
	for (size_t i = 0; i < plan.n_moves; i++)
		assert_int_not_equal(plan.moves[i].irq, 0);
	balance_plan_done(&plan);
	engine_done(&fake.engine);
}

/* A core that programs fill, more than any interrupts do, is no reason to leave these as they are.
 */
static void test_core_of_programs(void **state)
{
	enum {
		N = 6
	};
	const struct engine_options options = {.mode = BALANCE_SPREAD, .respect_load = true};
	const struct topology topology = {.n_cpus = N};
	struct cpu_time times[N] = {{0}};
	uint64_t counts[FIRST + N_IRQS] = {0};
	struct balance_plan plan = {0};
	struct engine_cpu cpus[N];
	struct engine_irq irqs[N_IRQS];
	struct engine engine;

	(void)state;
	for (uint32_t i = 0; i < N; i++) {
		times[i].cpu = i;
		cpus[i] = (struct engine_cpu){.place = {.cpu = i, .core = i < 2 ? 0 : (int32_t)i},
					      .capacity = 1,
					      .room = BALANCE_NO_LIMIT};
	}
	for (uint32_t i = 0; i < N_IRQS; i++)
		irqs[i] = (struct engine_irq){.irq = (int32_t)(FIRST + i),
					      .name = "eth0",
					      .node = -1,
					      .weight = 1,
					      .cpu = ENGINE_NOWHERE};
	assert_int_equal(engine_init(&engine, &options, &topology, cpus, N, irqs, N_IRQS), 0);
	for (uint32_t i = 0; i < N_IRQS; i++)
		assert_int_equal(engine_place(&engine, i, 2), 0);
	for (uint64_t s = 1; s <= 8; s++) {
		const struct sample sample = {.mono_ns = s * 1000000000,
					      .cpus = times,
					      .n_cpus = N,
					      .counts = counts,
					      .n_counts = ARRAY_SIZE(counts)};

		for (uint32_t i = 0; i < N; i++) {
			times[i].total_ticks += 100;
			times[i].idle_ticks += i < 2 ? 10 : i == 2 ? 40 : 100;
		}
		times[2].softirq_ticks += 60;
		for (size_t i = 0; i < N_IRQS; i++)
			counts[FIRST + i] += 100;
		assert_int_equal(engine_sample(&engine, &sample), 0);
	}
	assert_int_equal(engine_plan(&engine, true, &plan), 0);
	assert_int_equal(plan.n_moves, N_IRQS - 1);
	assert_float_equal(plan.before.max, 1.385F, 0.01);
	balance_plan_done(&plan);
	engine_done(&engine);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_uncounted),    cmocka_unit_test(test_counted),
		cmocka_unit_test(test_slow_cpu),     cmocka_unit_test(test_leap),
		cmocka_unit_test(test_packed_heavy), cmocka_unit_test(test_rounding),
		cmocka_unit_test(test_no_idle_time), cmocka_unit_test(test_renewed),
		cmocka_unit_test(test_probe),        cmocka_unit_test(test_nowhere_else),
		cmocka_unit_test(test_rare),         cmocka_unit_test(test_core_of_programs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
