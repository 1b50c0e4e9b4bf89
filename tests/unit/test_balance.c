/* SPDX-License-Identifier: BSD-2-Clause */
/* What the planner does, rule by rule. */
#include "balance_helper.h"

#include <errno.h>

/* A stage with one node of n cores without threads. */
static struct stage flat(uint32_t n, size_t n_max)
{
	return stage_of(1, n, 1, n_max);
}

static void add_irqs(struct stage *stage, size_t n, double load, uint32_t at)
{
	for (size_t i = 0; i < n; i++)
		add_irq(stage, load, at);
}

static void test_spreads(void **state)
{
	struct stage stage = flat(4, 8);

	(void)state;
	add_irqs(&stage, 8, 0.2, 0);
	plan_stage(&stage);
	assert_int_equal(stage.plan.n_moves, 6);
	assert_near(stage.plan.before.max, 1.6);
	assert_near(stage.plan.after.max, 0.4);
	assert_near(stage.plan.after.bound, 0.4);
	assert_near(stage.plan.after.mean, 0.4);
	stage_done(&stage);
}

/* Two interrupts that are too much for one CPU and fit nowhere else change places with others. */
static void test_swaps(void **state)
{
	struct stage stage = flat(2, 4);

	(void)state;
	add_irq(&stage, 0.6, 0);
	add_irq(&stage, 0.5, 0);
	add_irq(&stage, 0.2, 1);
	add_irq(&stage, 0.1, 1);
	plan_stage(&stage);
	assert_near(stage.plan.after.max, 0.7);
	assert_int_equal(stage.plan.n_moves, 2);
	stage_done(&stage);
}

static void test_reason_of_swap(void **state)
{
	struct stage stage = flat(2, 4);

	(void)state;
	add_irq(&stage, 0.50, 0);
	add_irq(&stage, 0.40, 0);
	add_irq(&stage, 0.45, 1);
	add_irq(&stage, 0.25, 1);
	stage.irqs[1].name = "eth0-rx-1";
	stage.problem.slack = 0;
	plan_stage(&stage);
	assert_near(stage.plan.after.max, 0.85);
	assert_int_equal(stage.plan.n_moves, 2);
	for (size_t i = 0; i < 2; i++)
		assert_true(strstr(stage.plan.moves[i].reason,
				   stage.plan.moves[i].irq == 3
					   ? "changes places with eth0-rx-1: CPU 1"
					   : "changes places with irq27: CPU 0"));
	stage_done(&stage);
}

static void test_calm(void **state)
{
	struct stage stage = flat(4, 9);

	(void)state;
	for (uint32_t i = 0; i < 8; i++)
		add_irq(&stage, i < 4 ? 0.3 : 0.1, i % 4);
	plan_stage(&stage);
	assert_int_equal(stage.plan.n_moves, 0);
	/* half a percent above the best is as good */
	stage.irqs[0].load = 0.302;
	plan_stage(&stage);
	assert_int_equal(stage.plan.n_moves, 0);
	stage_done(&stage);
}

/* One CPU has one too many: one move is enough, however the others lie. */
static void test_few_moves(void **state)
{
	struct stage stage = flat(8, 24);

	(void)state;
	for (uint32_t i = 0; i < 23; i++)
		add_irq(&stage, 0.1, i % 8 == 7 ? 0 : i % 8);
	plan_stage(&stage);
	assert_near(stage.plan.after.max, 0.3);
	assert_int_equal(stage.plan.n_moves, 2);
	stage_done(&stage);
}

static void test_overload(void **state)
{
	struct stage stage = flat(2, 4);

	(void)state;
	add_irqs(&stage, 4, 1.5, 1);
	plan_stage(&stage);
	assert_near(stage.plan.after.max, 3.0);
	stage_done(&stage);
}

static void test_idle_stay(void **state)
{
	struct stage stage = flat(4, 70);

	(void)state;
	add_irqs(&stage, 64, 0, 0);
	add_irq(&stage, 0, BALANCE_NOWHERE);
	add_irqs(&stage, 2, 0.3, 0);
	stage.irqs[0].node = 7;
	plan_stage(&stage);
	assert_int_equal(stage.plan.n_moves, 1);
	assert_true(stage.plan.moves[0].irq >= 65);
	stage_done(&stage);
}

static void test_closed(void **state)
{
	struct stage stage = flat(4, 4);

	(void)state;
	add_irq(&stage, 0, 3);
	add_irq(&stage, 0.2, 3);
	add_irq(&stage, 0.1, 1);
	stage.cpus[3].closed = true;
	plan_stage(&stage);
	assert_int_equal(stage.plan.n_moves, 2);
	for (size_t i = 0; i < 2; i++) {
		assert_true(stage.plan.at[i] < 3);
		assert_true(
			strstr(stage.plan.moves[i].reason, "CPU 3 takes no interrupts (closed)"));
	}
	stage_done(&stage);
}

/* What no open CPU may have stays, and counts where it is. */
static void test_nowhere_to_go(void **state)
{
	struct stage stage = flat(3, 4);

	(void)state;
	allow_cpus(&stage, add_irq(&stage, 0.5, 2), "2");
	allow_cpus(&stage, add_irq(&stage, 0.5, 0), "7");
	add_irq(&stage, 0.2, 0);
	stage.cpus[2].closed = true;
	plan_stage(&stage);
	assert_int_equal(stage.plan.n_moves, 1);
	assert_int_equal(stage.plan.at[0], 2);
	assert_int_equal(stage.plan.at[1], 0);
	assert_int_equal(stage.plan.at[2], 1);
	assert_near(stage.plan.before.max, 0.7);
	assert_near(stage.plan.after.max, 0.5);
	stage_done(&stage);
}

static void test_not_served(void **state)
{
	struct stage stage = flat(3, 2);

	(void)state;
	add_irq(&stage, 0.5, BALANCE_NOWHERE);
	add_irq(&stage, 0.2, 0);
	plan_stage(&stage);
	assert_int_equal(stage.plan.n_moves, 1);
	assert_int_equal(stage.plan.moves[0].from, BALANCE_NOWHERE);
	assert_true(stage.plan.at[0] == 1 || stage.plan.at[0] == 2);
	stage_done(&stage);
}

static void test_allowed(void **state)
{
	struct stage stage = flat(4, 4);

	(void)state;
	for (int i = 0; i < 4; i++)
		allow_cpus(&stage, add_irq(&stage, 0.4, 0), "0-1");
	plan_stage(&stage);
	assert_near(stage.plan.after.max, 0.8);
	assert_near(stage.plan.after.bound, 0.8);
	allow_cpus(&stage, &stage.irqs[3], "3");
	cpuset_del(&stage.sets[3], 0);
	cpuset_del(&stage.sets[3], 1);
	plan_stage(&stage);
	assert_int_equal(stage.plan.at[3], 3);
	stage_done(&stage);
}

static void test_base(void **state)
{
	struct stage stage = flat(3, 3);

	(void)state;
	stage.cpus[0].base = 0.5;
	stage.cpus[1].base = 0.2;
	add_irqs(&stage, 3, 0.2, 0);
	plan_stage(&stage);
	assert_near(stage.plan.after.max, 0.5);
	assert_true(stage.plan.at[0] && stage.plan.at[1] && stage.plan.at[2]);
	stage_done(&stage);
}

/* A CPU that cannot be relieved is no reason to leave the others as they are. */
static void test_rest_of_the_machine(void **state)
{
	struct stage stage = flat(8, 8);

	(void)state;
	add_irq(&stage, 1.0, 0);
	add_irqs(&stage, 7, 0.14, 1);
	plan_stage(&stage);
	assert_near(stage.plan.after.max, 1.0);
	for (uint32_t cpu = 1; cpu < 8; cpu++)
		assert_true(fill_at(&stage, stage.plan.at, cpu) < 0.3);
	assert_int_equal(stage.plan.at[0], 0);
	stage_done(&stage);
}

/* A CPU for itself is no gain where it ends fuller than the one that was shared. */
static void test_not_worse_alone(void **state)
{
	struct stage stage = stage_of(1, 4, 1, 4);

	(void)state;
	stage.cpus[1].base = 0.057;
	stage.cpus[2].base = 0.19;
	stage.cpus[3].base = 0.33;
	add_irq(&stage, 0.138, 0);
	add_irq(&stage, 0.005, 0);
	add_irq(&stage, 0.005, 0);
	allow_cpus(&stage, add_irq(&stage, 0.001, 1), "1");
	plan_stage(&stage);
	assert_int_equal(stage.plan.at[0], 0);
	stage_done(&stage);
}

/* Two parts of a machine that have nothing to do with each other. */
static void test_apart(void **state)
{
	struct stage stage = stage_of(2, 2, 1, 8);

	(void)state;
	for (int i = 0; i < 4; i++)
		allow_cpus(&stage, add_irq(&stage, 0.45, 0), "0-1");
	for (int i = 0; i < 4; i++)
		allow_cpus(&stage, add_irq(&stage, 0.2, 2), "2-3");
	plan_stage(&stage);
	assert_near(stage.plan.after.max, 0.9);
	assert_near(fill_at(&stage, stage.plan.at, 2), 0.4);
	assert_near(fill_at(&stage, stage.plan.at, 3), 0.4);
	stage_done(&stage);
}

static void test_hybrid(void **state)
{
	struct stage stage = flat(2, 3);

	(void)state;
	stage.cpus[1].capacity = 0.5;
	add_irqs(&stage, 3, 0.3, 1);
	plan_stage(&stage);
	assert_near(stage.plan.after.max, 0.6);
	assert_near(fill_at(&stage, stage.plan.at, 0), 0.6);
	stage_done(&stage);
}

/* Two cores with two threads each: a core first, then its threads alike. */
static void test_threads(void **state)
{
	struct stage stage = stage_of(1, 2, 2, 6);

	(void)state;
	add_irqs(&stage, 2, 0.5, 0);
	add_irqs(&stage, 2, 0.3, 1);
	plan_stage(&stage);
	assert_near(stage.plan.after.max, 0.8 / 1.3);
	for (uint32_t cpu = 0; cpu < 4; cpu++) {
		double own = 0;

		for (size_t i = 0; i < 4; i++)
			own += stage.plan.at[i] == cpu ? stage.irqs[i].load : 0;
		assert_true(own > 0.2);
	}
	stage_done(&stage);
}

/* Two heavy ones are better on two cores than on two threads of one. */
static void test_cores_before_threads(void **state)
{
	struct stage stage = stage_of(1, 2, 2, 2);

	(void)state;
	add_irq(&stage, 0.8, 0);
	add_irq(&stage, 0.8, 1);
	plan_stage(&stage);
	assert_near(stage.plan.after.max, 0.8);
	assert_int_equal(stage.plan.n_moves, 1);
	stage_done(&stage);
}

/* Threads of one core: which serves what matters, though the core's fill stays as it is. */
static void test_threads_alike(void **state)
{
	struct stage stage = stage_of(1, 1, 2, 4);

	(void)state;
	add_irq(&stage, 0.30, 0);
	add_irq(&stage, 0.20, 0);
	add_irq(&stage, 0.10, 1);
	add_irq(&stage, 0.02, 1);
	plan_stage(&stage);
	assert_near(stage.plan.after.max, 0.62 / 1.3);
	for (uint32_t cpu = 0; cpu < 2; cpu++) {
		double own = 0;

		for (size_t i = 0; i < 4; i++)
			own += stage.plan.at[i] == cpu ? stage.irqs[i].load : 0;
		assert_true(own < 0.33);
	}
	stage_done(&stage);
}

static void test_group(void **state)
{
	struct stage stage = flat(3, 6);

	(void)state;
	for (uint32_t i = 0; i < 6; i++)
		add_irq(&stage, 0.1, 0)->group = 1 + i / 2;
	plan_stage(&stage);
	assert_near(stage.plan.after.max, 0.2);
	for (size_t i = 0; i < 6; i += 2)
		assert_int_equal(stage.plan.at[i], stage.plan.at[i + 1]);
	/* its interrupts follow each other */
	assert_int_equal(stage.irqs[stage.plan.moves[0].irq].group,
			 stage.irqs[stage.plan.moves[1].irq].group);
	assert_true(strstr(stage.plan.moves[1].reason, "goes with irq"));
	stage_done(&stage);
}

/* A pair that is apart comes together, unless that is worth nothing. */
static void test_group_apart(void **state)
{
	struct stage stage = flat(4, 2);

	(void)state;
	add_irq(&stage, 0.2, 0)->group = 1;
	add_irq(&stage, 0.1, 1)->group = 1;
	plan_stage(&stage);
	assert_int_equal(stage.plan.n_moves, 1);
	assert_int_equal(stage.plan.at[1], 0);
	stage.irqs[1].load = 0.001;
	plan_stage(&stage);
	assert_int_equal(stage.plan.n_moves, 0);
	stage_done(&stage);
}

static void test_room(void **state)
{
	struct stage stage = flat(2, 4);

	(void)state;
	add_irqs(&stage, 4, 0.2, 0);
	stage.cpus[1].room = 1;
	plan_stage(&stage);
	assert_int_equal(stage.plan.n_moves, 1);
	assert_near(stage.plan.after.max, 0.6);
	stage_done(&stage);
}

static void test_goes_home(void **state)
{
	struct stage stage = stage_of(2, 2, 1, 2);

	(void)state;
	add_irq(&stage, 0.2, 2)->node = 0;
	add_irq(&stage, 0.009, 3)->node = 0;
	plan_stage(&stage);
	assert_int_equal(stage.plan.n_moves, 1);
	assert_int_equal(stage.plan.moves[0].irq, 0);
	assert_true(stage.plan.at[0] < 2);
	assert_true(strstr(stage.plan.moves[0].reason, "closer to its device: node 0"));
	assert_near(stage.plan.before.remote, 1);
	assert_true(stage.plan.after.remote < 0.05);
	stage_done(&stage);
}

/* Home is full: who is there stays, who is not stays away. */
static void test_home_is_full(void **state)
{
	struct stage stage = stage_of(2, 2, 1, 6);

	(void)state;
	for (uint32_t i = 0; i < 4; i++)
		add_irq(&stage, 0.3, i)->node = 0;
	plan_stage(&stage);
	assert_int_equal(stage.plan.n_moves, 0);
	stage_done(&stage);
}

static void set_distances(struct stage *stage, const uint32_t *distances)
{
	stage->topology.n_nodes = 3;
	stage->topology.nodes = calloc(3, sizeof(*stage->topology.nodes));
	stage->topology.distances = calloc(9, sizeof(*stage->topology.distances));
	assert_true(stage->topology.nodes && stage->topology.distances);
	for (int32_t i = 0; i < 3; i++)
		stage->topology.nodes[i] = i;
	memcpy(stage->topology.distances, distances, 9 * sizeof(*distances));
	stage->problem.topology = &stage->topology;
}

/* Node 0 is full, node 2 is the nearest one, node 1 is as empty. */
static void test_spills_to_nearest(void **state)
{
	static const uint32_t distances[] = {10, 31, 12, 31, 10, 31, 12, 31, 10};
	struct stage stage = stage_of(3, 2, 1, 4);

	(void)state;
	set_distances(&stage, distances);
	for (uint32_t i = 0; i < 4; i++)
		add_irq(&stage, 0.3, i % 2)->node = 0;
	plan_stage(&stage);
	assert_near(stage.plan.after.max, 0.3);
	assert_int_equal(stage.plan.n_moves, 2);
	for (size_t i = 0; i < 2; i++) {
		assert_true(stage.plan.moves[i].to >= 4);
		assert_true(strstr(stage.plan.moves[i].reason, "on node 2 is the nearest"));
	}
	stage_done(&stage);
}

static void test_cache(void **state)
{
	struct stage stage = flat(4, 2);

	(void)state;
	stage.cpus[2].llc = stage.cpus[3].llc = 1;
	add_irq(&stage, 0.3, 0);
	add_irq(&stage, 0.3, 0)->llc = 1;
	plan_stage(&stage);
	assert_int_equal(stage.plan.n_moves, 1);
	assert_int_equal(stage.plan.moves[0].irq, 1);
	assert_true(stage.plan.at[1] >= 2);
	stage_done(&stage);
}

/* The queues of a device go on different cores where that costs nothing. */
static void test_device_apart(void **state)
{
	struct stage stage = stage_of(1, 4, 2, 8);

	(void)state;
	for (uint32_t i = 0; i < 4; i++)
		add_irq(&stage, 0.01, BALANCE_NOWHERE)->device = 1;
	plan_stage(&stage);
	for (size_t i = 0; i < 4; i++) {
		for (size_t j = 0; j < i; j++)
			assert_true(stage.plan.at[i] / 2 != stage.plan.at[j] / 2);
	}
	stage_done(&stage);
}

/* The same where a thread of their core would be the emptiest CPU. */
static void test_device_before_fill(void **state)
{
	struct stage stage = stage_of(1, 4, 2, 3);

	(void)state;
	for (uint32_t cpu = 2; cpu < 8; cpu++)
		stage.cpus[cpu].base = cpu == 7 ? 0.5 : 0.05;
	for (uint32_t i = 0; i < 3; i++)
		add_irq(&stage, 0.01, BALANCE_NOWHERE)->device = 1;
	plan_stage(&stage);
	for (size_t i = 0; i < 3; i++) {
		for (size_t j = 0; j < i; j++)
			assert_true(stage.plan.at[i] / 2 != stage.plan.at[j] / 2);
	}
	stage_done(&stage);
}

static double load_on(const struct stage *stage, const uint32_t *at, uint32_t first, uint32_t n)
{
	double load = 0;

	for (size_t i = 0; i < stage->problem.n_irqs; i++)
		load += at[i] >= first && at[i] < first + n ? stage->irqs[i].load : 0;
	return load;
}

static void test_pack(void **state)
{
	struct stage stage = stage_of(2, 4, 1, 8);

	(void)state;
	stage.problem.mode = BALANCE_PACK;
	stage.problem.pack_fill = 0.6;
	for (uint32_t i = 0; i < 8; i++)
		add_irq(&stage, 0.1, i)->node = 1;
	plan_stage(&stage);
	/* 0.8 on two cores of node 1 */
	assert_near(load_on(&stage, stage.plan.at, 0, 4), 0);
	assert_true(stage.plan.after.max <= 0.6 + 1e-9);
	assert_int_equal(stage.plan.n_moves, 6);
	for (size_t i = 0; i < 8; i++)
		stage.irqs[i].at = stage.plan.at[i];
	plan_stage(&stage);
	assert_int_equal(stage.plan.n_moves, 0);
	stage_done(&stage);
}

/* Two cores would do, and two are in use: they are not the nearest, but that is no reason. */
static void test_pack_is_calm(void **state)
{
	struct stage stage = stage_of(2, 4, 1, 8);

	(void)state;
	stage.problem.mode = BALANCE_PACK;
	stage.problem.pack_fill = 0.6;
	for (uint32_t i = 0; i < 8; i++)
		add_irq(&stage, 0.1, i % 2)->node = 1;
	plan_stage(&stage);
	assert_int_equal(stage.plan.n_moves, 0);
	stage_done(&stage);
}

/* One that is above the limit by itself stays where it is, and the others are packed beside it. */
static void test_pack_giant(void **state)
{
	struct stage stage = flat(6, 8);

	(void)state;
	stage.problem.mode = BALANCE_PACK;
	stage.problem.pack_fill = 0.5;
	add_irq(&stage, 0.8, 3);
	for (uint32_t i = 0; i < 6; i++)
		add_irq(&stage, 0.05, i);
	plan_stage(&stage);
	assert_int_equal(stage.plan.at[0], 3);
	for (size_t i = 1; i < 7; i++) {
		assert_int_not_equal(stage.plan.at[i], 3);
		assert_int_equal(stage.plan.at[i], stage.plan.at[1]);
	}
	for (size_t i = 0; i < 7; i++)
		stage.irqs[i].at = stage.plan.at[i];
	plan_stage(&stage);
	assert_int_equal(stage.plan.n_moves, 0);
	stage_done(&stage);
}

/* More than can be packed is spread. */
static void test_pack_overload(void **state)
{
	struct stage stage = flat(2, 4);

	(void)state;
	stage.problem.mode = BALANCE_PACK;
	stage.problem.pack_fill = 0.5;
	add_irqs(&stage, 4, 0.4, 0);
	plan_stage(&stage);
	assert_near(stage.plan.after.max, 0.8);
	stage_done(&stage);
}

static void test_budget(void **state)
{
	struct stage stage = flat(4, 12);

	(void)state;
	for (uint32_t i = 0; i < 8; i++)
		add_irq(&stage, 0.1 + 0.01 * i, 0);
	for (size_t budget = 0; budget < 7; budget++) {
		stage.problem.budget = budget;
		plan_stage(&stage);
		assert_true(stage.plan.n_moves <= budget);
		/* the largest first */
		for (size_t i = 1; i < stage.plan.n_moves; i++)
			assert_true(stage.irqs[stage.plan.moves[i - 1].irq].load >=
				    stage.irqs[stage.plan.moves[i].irq].load);
	}
	stage_done(&stage);
}

/* Half of a swap is worse than none. */
static void test_budget_of_swap(void **state)
{
	struct stage stage = flat(2, 4);

	(void)state;
	add_irq(&stage, 0.6, 0);
	add_irq(&stage, 0.5, 0);
	add_irq(&stage, 0.45, 1);
	add_irq(&stage, 0.2, 1);
	stage.problem.budget = 1;
	stage.problem.slack = 0;
	plan_stage(&stage);
	assert_true(stage.plan.n_moves <= 1);
	assert_true(stage.plan.after.max <= stage.plan.before.max + 1e-9);
	stage_done(&stage);
}

static void test_invalid(void **state)
{
	struct stage stage = flat(2, 1);
	struct balance_plan plan;

	(void)state;
	add_irq(&stage, 0.5, 0);
	stage.irqs[0].load = NAN;
	assert_int_equal(balance_plan_build(&stage.problem, &plan), -EINVAL);
	stage.irqs[0].load = -1;
	assert_int_equal(balance_plan_build(&stage.problem, &plan), -EINVAL);
	stage.irqs[0].load = INFINITY;
	assert_int_equal(balance_plan_build(&stage.problem, &plan), -EINVAL);
	stage.irqs[0].load = 0.5;
	stage.irqs[0].at = 2;
	assert_int_equal(balance_plan_build(&stage.problem, &plan), -EINVAL);
	stage.irqs[0].at = 0;
	stage.cpus[1].capacity = 0;
	assert_int_equal(balance_plan_build(&stage.problem, &plan), -EINVAL);
	stage.cpus[1].capacity = 1;
	stage.cpus[0].closed = stage.cpus[1].closed = true;
	assert_int_equal(balance_plan_build(&stage.problem, &plan), -EINVAL);
	stage.cpus[1].closed = false;
	stage.problem.n_cpus = 0;
	assert_int_equal(balance_plan_build(&stage.problem, &plan), -EINVAL);
	stage.problem.n_cpus = 2;
	stage.problem.n_irqs = 0;
	assert_int_equal(balance_plan_build(&stage.problem, &plan), 0);
	assert_int_equal(plan.n_moves, 0);
	balance_plan_done(&plan);
	stage.problem.n_irqs = 1;
	stage_done(&stage);
}

static void test_reason_of_load(void **state)
{
	struct stage stage = flat(2, 4);

	(void)state;
	add_irqs(&stage, 4, 0.2, 0);
	plan_stage(&stage);
	assert_int_equal(stage.plan.n_moves, 2);
	assert_string_equal(
		stage.plan.moves[0].reason,
		"CPU 0 at 0.80 is the busiest; CPU 1 at 0.00 on the same node has room");
	assert_near(stage.plan.moves[0].from_fill, 0.4);
	assert_near(stage.plan.moves[0].to_fill, 0.4);
	stage_done(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spreads),
		cmocka_unit_test(test_swaps),
		cmocka_unit_test(test_reason_of_swap),
		cmocka_unit_test(test_calm),
		cmocka_unit_test(test_few_moves),
		cmocka_unit_test(test_overload),
		cmocka_unit_test(test_idle_stay),
		cmocka_unit_test(test_closed),
		cmocka_unit_test(test_nowhere_to_go),
		cmocka_unit_test(test_not_served),
		cmocka_unit_test(test_allowed),
		cmocka_unit_test(test_base),
		cmocka_unit_test(test_rest_of_the_machine),
		cmocka_unit_test(test_not_worse_alone),
		cmocka_unit_test(test_apart),
		cmocka_unit_test(test_hybrid),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_cores_before_threads),
		cmocka_unit_test(test_threads_alike),
		cmocka_unit_test(test_group),
		cmocka_unit_test(test_group_apart),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_goes_home),
		cmocka_unit_test(test_home_is_full),
		cmocka_unit_test(test_spills_to_nearest),
		cmocka_unit_test(test_cache),
		cmocka_unit_test(test_device_apart),
		cmocka_unit_test(test_device_before_fill),
		cmocka_unit_test(test_pack),
		cmocka_unit_test(test_pack_is_calm),
		cmocka_unit_test(test_pack_giant),
		cmocka_unit_test(test_pack_overload),
		cmocka_unit_test(test_budget),
		cmocka_unit_test(test_budget_of_swap),
		cmocka_unit_test(test_invalid),
		cmocka_unit_test(test_reason_of_load),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
