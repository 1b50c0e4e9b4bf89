/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How fast the planner is: processor time of the fastest of several plans, for several ways in
 * which the load lies, and what the plan makes of it.
 *
 * usage: balance-bench [CPUS INTERRUPTS]      (1024 10000)
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/macros.h"
#include "base/number.h"
#include "plan/balance.h"

#define RUNS  5
#define NODES 8u

struct random {
	uint64_t state;
};

/* splitmix64 (Steele, Lea, Flood 2014): from 0 to 1, the same in every run. */
static double draw(struct random *random)
{
	uint64_t z = random->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (double)((z ^ (z >> 31)) >> 11) / 9007199254740992.0;
}

static void *take(size_t n, size_t size)
{
	void *memory = calloc(n, size);

	if (!memory) {
		fputs("balance-bench: out of memory\n", stderr);
		exit(1);
	}
	return memory;
}

enum shape {
	SHAPE_SKEWED, /* few heavy ones, many light ones, anywhere */
	SHAPE_PILED,  /* the same, all on the first CPU */
	SHAPE_EQUAL,  /* all alike, anywhere */
	SHAPE_IDLE,   /* nine of ten without load */
	SHAPE_SETS,   /* skewed; each may use an eighth of the CPUs, its own */
	SHAPE_LOCAL,  /* skewed; each may use its own node only */
	SHAPE_HALF,   /* skewed and balanced but for half of the first node */
	SHAPE_FULL,   /* skewed; no CPU has a vector left, so interrupts can only change places */
	SHAPE_PACK,   /* piled, to be packed onto as few cores as hold them below 0.8 */
	N_SHAPES,
};

static const char *const shape_names[N_SHAPES] = {"skewed", "piled", "equal", "idle", "sets",
						  "local",  "half",  "full",  "pack"};

static void set_irq(struct balance_irq *irq, struct cpuset *set, struct random *random,
		    enum shape shape, uint32_t n_cpus)
{
	double x = draw(random);
	uint32_t part = n_cpus / NODES ? n_cpus / NODES : 1;

	irq->load = shape == SHAPE_EQUAL ? 0.05 : 0.002 + 0.3 * pow(x, 6);
	if (shape == SHAPE_IDLE && draw(random) < 0.9)
		irq->load = 0;
	irq->at =
		shape == SHAPE_PILED || shape == SHAPE_PACK ? 0 : (uint32_t)(draw(random) * n_cpus);
	if (shape == SHAPE_HALF && draw(random) < 0.5)
		irq->at = (uint32_t)(draw(random) * part / 2);
	if (shape == SHAPE_LOCAL)
		irq->at = irq->at % part + (uint32_t)irq->node * part;
	if ((shape == SHAPE_SETS || shape == SHAPE_LOCAL) && part * NODES == n_cpus) {
		uint32_t first = shape == SHAPE_LOCAL ? (uint32_t)irq->node * part
						      : (uint32_t)(draw(random) * (n_cpus - part));

		if (cpuset_add_range(set, first, first + part - 1) < 0)
			exit(1);
		irq->allowed = set;
	}
}

static void run_shape(enum shape shape, uint32_t n_cpus, uint32_t n_irqs)
{
	struct random random = {shape};
	_cleanup_free_ struct balance_cpu *cpus = take(n_cpus, sizeof(*cpus));
	_cleanup_free_ struct balance_irq *irqs = take(n_irqs, sizeof(*irqs));
	_cleanup_free_ struct cpuset *sets = take(n_irqs, sizeof(*sets));
	struct arena names = {0};
	struct balance_problem problem = {.cpus = cpus,
					  .n_cpus = n_cpus,
					  .irqs = irqs,
					  .n_irqs = n_irqs,
					  .mode = shape == SHAPE_PACK ? BALANCE_PACK
								      : BALANCE_SPREAD,
					  .pack_fill = 0.8,
					  .slack = 0.01,
					  .budget = BALANCE_NO_LIMIT};
	struct balance_plan plan = {0};
	double best = 1e9;

	for (uint32_t i = 0; i < n_cpus; i++) {
		int32_t node = (int32_t)((uint64_t)i * NODES / n_cpus);

		cpus[i] = (struct balance_cpu){.cpu = i,
					       .core = (int32_t)(i / 2),
					       .llc = node,
					       .node = node,
					       .package = node,
					       .capacity = 1,
					       .room = shape == SHAPE_FULL ? 0 : 200};
	}
	for (uint32_t i = 0; i < n_irqs; i++) {
		irqs[i] = (struct balance_irq){
			.irq = (int32_t)i,
			.name = arena_printf(&names, "eth%u-TxRx-%u", i / 64, i % 64),
			.node = (int32_t)(i / 64 % NODES),
			.llc = -1,
			.device = 1 + i / 64};
		set_irq(&irqs[i], &sets[i], &random, shape, n_cpus);
	}
	for (int i = 0; i < RUNS; i++) {
		double start = clock_s(CLOCK_PROCESS_CPUTIME_ID);

		balance_plan_done(&plan);
		if (balance_plan_build(&problem, &plan) < 0)
			exit(1);
		best = fmin(best, (clock_s(CLOCK_PROCESS_CPUTIME_ID) - start) * 1e3);
	}
	printf("%-7s %u CPUs, %u interrupts: %6.2f ms, highest fill %.4f -> %.4f (bound %.4f), %zu "
	       "moves, remote %.3f -> %.3f\n",
	       shape_names[shape], n_cpus, n_irqs, best, plan.before.max, plan.after.max,
	       plan.after.bound, plan.n_moves, plan.before.remote, plan.after.remote);
	balance_plan_done(&plan);
	for (uint32_t i = 0; i < n_irqs; i++)
		cpuset_done(&sets[i]);
	arena_done(&names);
}

int main(int argc, char **argv)
{
	uint64_t n_cpus = 1024, n_irqs = 10000;

	if (argc != 1 && (argc != 3 || number_parse(argv[1], CPUSET_MAX, &n_cpus) < 0 ||
			  number_parse(argv[2], 1000000, &n_irqs) < 0 || !n_cpus || !n_irqs)) {
		fputs("usage: balance-bench [CPUS INTERRUPTS]\n", stderr);
		return 2;
	}
	for (int shape = 0; shape < N_SHAPES; shape++)
		run_shape((enum shape)shape, (uint32_t)n_cpus, (uint32_t)n_irqs);
	return 0;
}
