/* SPDX-License-Identifier: BSD-2-Clause */
/* Machines and interrupts for the planner, made by hand. Includes cmocka. */
#pragma once

#include "cmocka_all.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "parse/cpulist.h"
#include "plan/balance.h"

/* A problem and the memory of its parts. `n_max` interrupts at most. */
struct stage {
	struct balance_problem problem;
	struct topology topology;
	struct balance_cpu *cpus;
	struct balance_irq *irqs;
	struct cpuset *sets; /* one for each interrupt, used where its `allowed` is not NULL */
	struct arena strings;
	struct balance_plan plan;
};

/* A machine of equal parts: CPUs of a core follow each other, an LLC per node. */
static inline struct stage stage_of(uint32_t nodes, uint32_t cores, uint32_t threads, size_t n_max)
{
	uint32_t n = nodes * cores * threads;
	struct stage stage = {0};

	stage.cpus = calloc(n, sizeof(*stage.cpus));
	stage.irqs = calloc(n_max + 1, sizeof(*stage.irqs));
	stage.sets = calloc(n_max + 1, sizeof(*stage.sets));
	assert_true(stage.cpus && stage.irqs && stage.sets);
	for (uint32_t i = 0; i < n; i++) {
		int32_t node = (int32_t)(i / threads / cores);

		stage.cpus[i] = (struct balance_cpu){.cpu = i,
						     .core = (int32_t)(i / threads),
						     .llc = node,
						     .node = node,
						     .package = node,
						     .capacity = 1,
						     .room = BALANCE_NO_LIMIT};
	}
	stage.problem = (struct balance_problem){.cpus = stage.cpus,
						 .n_cpus = n,
						 .irqs = stage.irqs,
						 .slack = 0.01,
						 .budget = BALANCE_NO_LIMIT};
	return stage;
}

/* One more interrupt, named by its number. */
static inline struct balance_irq *add_irq(struct stage *stage, double load, uint32_t at)
{
	int32_t number = 24 + (int32_t)stage->problem.n_irqs;
	struct balance_irq *irq = &stage->irqs[stage->problem.n_irqs++];

	*irq = (struct balance_irq){.irq = number,
				    .name = arena_printf(&stage->strings, "irq%d", number),
				    .load = load,
				    .at = at,
				    .node = -1,
				    .llc = -1};
	assert_non_null(irq->name);
	return irq;
}

static inline void allow_cpus(struct stage *stage, struct balance_irq *irq, const char *list)
{
	struct cpuset *set = &stage->sets[irq - stage->irqs];

	assert_int_equal(cpulist_parse(list, strlen(list), set), 0);
	irq->allowed = set;
}

static inline void plan_stage(struct stage *stage)
{
	balance_plan_done(&stage->plan);
	assert_int_equal(balance_plan_build(&stage->problem, &stage->plan), 0);
}

static inline void stage_done(struct stage *stage)
{
	for (size_t i = 0; i < stage->problem.n_irqs; i++)
		cpuset_done(&stage->sets[i]);
	balance_plan_done(&stage->plan);
	topology_done(&stage->topology);
	arena_done(&stage->strings);
	free(stage->cpus);
	free(stage->irqs);
	free(stage->sets);
}

static inline bool may_serve(const struct stage *stage, const struct balance_irq *irq, uint32_t cpu)
{
	const struct balance_cpu *c = &stage->cpus[cpu];

	return !c->closed && (!irq->allowed || cpuset_has(irq->allowed, c->cpu));
}

/* The fill of balance.h, counted anew from where the interrupts are. */
static inline double fill_at(const struct stage *stage, const uint32_t *at, uint32_t cpu)
{
	const struct balance_cpu *c = &stage->cpus[cpu];
	double own = 0, core = 0;
	uint32_t threads = 0;

	for (uint32_t i = 0; i < stage->problem.n_cpus; i++) {
		const struct balance_cpu *other = &stage->cpus[i];
		bool is_sibling = i == cpu || (c->core >= 0 && other->core == c->core);
		double load = other->base;

		for (size_t j = 0; j < stage->problem.n_irqs; j++)
			load += at[j] == i ? stage->irqs[j].load : 0;
		if (i == cpu)
			own = load;
		if (is_sibling) {
			core += load;
			threads++;
		}
	}
	core /= c->capacity * (1 + BALANCE_THREAD_GAIN * (threads - 1));
	return fmax(own / c->capacity, core);
}

static inline double max_at(const struct stage *stage, const uint32_t *at)
{
	double highest = 0;

	for (uint32_t i = 0; i < stage->problem.n_cpus; i++) {
		if (!stage->cpus[i].closed)
			highest = fmax(highest, fill_at(stage, at, i));
	}
	return highest;
}

/* cmocka's own compares as float. */
#define assert_near(a, b) assert_true(fabs((a) - (b)) < 1e-6)

struct random {
	uint64_t state;
};

/* splitmix64 (Steele, Lea, Flood 2014): the same machines in every run. */
static inline uint32_t draw(struct random *random, uint32_t below)
{
	uint64_t z = random->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((z ^ (z >> 31)) >> 32) % below;
}

static inline bool one_in(struct random *random, uint32_t n)
{
	return draw(random, n) == 0;
}

/* From `low` to `high`, in steps of a thousandth of the way. */
static inline double draw_between(struct random *random, double low, double high)
{
	return low + (high - low) * draw(random, 1001) / 1000;
}
