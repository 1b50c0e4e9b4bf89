/* SPDX-License-Identifier: BSD-2-Clause */
#include "plan/balance_repair.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"

#define ROUNDS 4

int limits_init(struct limits *limits, const struct work *work, double cpu, double core,
		double alone)
{
	*limits = (struct limits){.alone = alone};
	limits->cpu = calloc(work->n_cpus, sizeof(*limits->cpu));
	limits->core = calloc(work->n_cpus, sizeof(*limits->core));
	if (!limits->cpu || !limits->core) {
		limits_done(limits);
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < work->n_cpus; i++) {
		limits->cpu[i] = cpu;
		limits->core[i] = core;
	}
	limits_finish(limits, work);
	return 0;
}

void limits_finish(struct limits *limits, const struct work *work)
{
	limits->highest = 0;
	limits->giant = INFINITY;
	for (uint32_t cpu = 0; cpu < work->n_cpus; cpu++) {
		const struct work_core *core = &work->cores[work->cpus[cpu].core];
		double limit = limits->cpu[cpu], core_limit = limits->core[work->cpus[cpu].core];

		if (work->cpus[cpu].is_closed || limit < 0)
			continue;
		limits->highest = larger(limits->highest, larger(limit, core_limit));
		limits->giant = smaller(limits->giant, smaller(limit * work->cpus[cpu].capacity,
							       core_limit * core->capacity));
	}
}

void limits_done(struct limits *limits)
{
	free(limits->cpu);
	free(limits->core);
	*limits = (struct limits){0};
}

/* Levels of CPUs: how high the fullest of those is whose units could also be there. */
struct levels {
	const struct placement *placement;
	double *level;  /* by CPU, -1: not reached */
	bool *is_known; /* by class: all of its CPUs are reached */
	uint32_t *stack, n;
	bool *is_root; /* by CPU: what fills it could go elsewhere, or be shared out */
	double *outer; /* by CPU: the limits until now */
};

static void levels_done(struct levels *levels)
{
	free(levels->level);
	free(levels->is_known);
	free(levels->stack);
	free(levels->is_root);
	free(levels->outer);
}

static void reach(struct levels *levels, uint32_t cpu, double level)
{
	if (levels->level[cpu] >= 0)
		return;
	levels->level[cpu] = level;
	levels->stack[levels->n++] = cpu;
}

static void reach_class(struct levels *levels, uint32_t class, double level)
{
	const struct work *work = levels->placement->work;

	if (levels->is_known[class])
		return;
	levels->is_known[class] = true;
	for (size_t i = 0; i < work->n_words; i++) {
		for (uint64_t left = work->classes[class].words[i]; left; left &= left - 1)
			reach(levels, (uint32_t)i * 64 + (uint32_t)__builtin_ctzll(left), level);
	}
}

/* All CPUs that load of this one could be pushed to, directly or by pushing others. */
static void flood(struct levels *levels, uint32_t from, double level)
{
	const struct placement *placement = levels->placement;

	reach(levels, from, level);
	while (levels->n > 0) {
		uint32_t cpu = levels->stack[--levels->n];

		for (uint32_t unit = placement->first[cpu]; unit != BALANCE_NOWHERE;
		     unit = placement->next[unit])
			reach_class(levels, placement->work->units[unit].class, level);
	}
}

struct filled {
	double fill;
	uint32_t cpu;
};

static int compare_filled(const void *a, const void *b)
{
	const struct filled *x = a, *y = b;

	if (x->fill < y->fill || x->fill > y->fill)
		return x->fill < y->fill ? 1 : -1;
	return (x->cpu > y->cpu) - (x->cpu < y->cpu);
}

static int find_levels(struct levels *levels)
{
	const struct placement *placement = levels->placement;
	const struct work *work = placement->work;
	_cleanup_free_ struct filled *order = calloc(work->n_cpus, sizeof(*order));
	double lowest = INFINITY;
	uint32_t n = 0;

	if (!order)
		return -ENOMEM;
	memset(levels->is_known, 0, work->n_classes * sizeof(*levels->is_known));
	for (uint32_t cpu = 0; cpu < work->n_cpus; cpu++) {
		levels->level[cpu] = -1;
		if (work->cpus[cpu].is_closed)
			continue;
		lowest = smaller(lowest, placement->fill[cpu]);
		order[n++] = (struct filled){placement->fill[cpu], cpu};
	}
	qsort(order, n, sizeof(*order), compare_filled);
	for (uint32_t i = 0; i < n; i++) {
		if (levels->is_root[order[i].cpu] && levels->level[order[i].cpu] < 0)
			flood(levels, order[i].cpu, order[i].fill);
	}
	for (uint32_t i = 0; i < n; i++) {
		if (levels->level[order[i].cpu] < 0)
			levels->level[order[i].cpu] = lowest;
	}
	return 0;
}

static void apply_levels(struct limits *limits, const struct levels *levels, bool by_own,
			 double slack, double floor)
{
	const struct work *work = levels->placement->work;

	for (uint32_t i = 0; i < work->n_cores && !by_own; i++)
		limits->core[i] = 0;
	for (uint32_t cpu = 0; cpu < work->n_cpus; cpu++) {
		double limit = larger(floor, levels->level[cpu] * (1 + slack));
		uint32_t core = work->cpus[cpu].core;

		if (by_own)
			limit = smaller(limit, levels->outer[cpu]);
		else
			limits->core[core] = larger(limits->core[core], limit);
		limits->cpu[cpu] = limit;
	}
	limits_finish(limits, work);
}

/*
 * A CPU that serves one unit is as full as that makes it, which is no reason to fill others up to
 * there; unless the limits that follow from this leave the unit no room where it is.
 */
static bool find_roots(struct levels *levels, const struct limits *limits, bool is_last)
{
	const struct placement *placement = levels->placement;
	bool is_any = false;

	for (uint32_t cpu = 0; cpu < placement->work->n_cpus; cpu++) {
		if (levels->is_root[cpu] || placement->n_units[cpu] == 0 ||
		    !(is_last || placement_is_over(placement, limits, cpu)))
			continue;
		levels->is_root[cpu] = true;
		is_any = true;
	}
	return is_any;
}

static int levels_init(struct levels *levels, const struct limits *limits)
{
	const struct placement *placement = levels->placement;
	size_t n = placement->work->n_cpus;

	levels->level = calloc(n, sizeof(*levels->level));
	levels->is_known = calloc(placement->work->n_classes, sizeof(*levels->is_known));
	levels->stack = calloc(n, sizeof(*levels->stack));
	levels->is_root = calloc(n, sizeof(*levels->is_root));
	levels->outer = calloc(n, sizeof(*levels->outer));
	if (!levels->level || !levels->is_known || !levels->stack || !levels->is_root ||
	    !levels->outer)
		return -ENOMEM;
	memcpy(levels->outer, limits->cpu, n * sizeof(*levels->outer));
	for (uint32_t cpu = 0; cpu < n; cpu++)
		levels->is_root[cpu] = placement->n_core_units[placement->work->cpus[cpu].core] > 1;
	return 0;
}

int limits_follow(struct limits *limits, const struct placement *placement, bool by_own,
		  double slack, double floor)
{
	_cleanup_(levels_done) struct levels levels = {.placement = placement};
	int r = levels_init(&levels, limits);

	for (int i = 0; r == 0 && i <= ROUNDS + 1; i++) {
		r = find_levels(&levels);
		if (r == 0)
			apply_levels(limits, &levels, by_own, slack, floor);
		if (r < 0 || !find_roots(&levels, limits, i == ROUNDS))
			break;
	}
	return r;
}
