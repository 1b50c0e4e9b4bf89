/* SPDX-License-Identifier: BSD-2-Clause */
#include "plan/balance_repair.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"

#define EFFORT 100000 /* pairs that are looked at to make room */

struct repairing {
	struct placement *placement;
	const struct limits *limits;
	enum repair_way way;
	bool *is_homeless; /* by unit */
	uint32_t *scratch; /* as many as there are units */
	long effort;
};

static bool is_tight(const struct repairing *repairing)
{
	return repairing->way == REPAIR_FEW_TIGHT || repairing->way == REPAIR_GIANTS_TIGHT;
}

static bool keeps_giants(const struct repairing *repairing)
{
	return repairing->way == REPAIR_GIANTS || repairing->way == REPAIR_GIANTS_TIGHT;
}

static void expel(struct repairing *repairing, uint32_t unit)
{
	placement_take(repairing->placement, unit);
	repairing->is_homeless[unit] = true;
}

static int compare_ids(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* The units of n CPUs that can leave and come after `behind` in the order, the largest first. */
static uint32_t gather(struct repairing *repairing, uint32_t first, uint32_t n, int64_t behind)
{
	const struct placement *placement = repairing->placement;
	const struct work *work = placement->work;
	uint32_t n_units = 0, kept = 0;

	for (uint32_t cpu = first; cpu < first + n; cpu++) {
		for (uint32_t unit = placement->first[cpu]; unit != BALANCE_NOWHERE;
		     unit = placement->next[unit]) {
			const struct work_unit *u = &work->units[unit];

			if (u->load > 0 && unit > behind && work->classes[u->class].n_cpus > 1)
				repairing->scratch[n_units++] = unit;
		}
	}
	qsort(repairing->scratch, n_units, sizeof(*repairing->scratch), compare_ids);
	if (n_units > 1 && behind < 0 && n == 1 && keeps_giants(repairing) &&
	    work->units[repairing->scratch[0]].load >
		    repairing->limits->cpu[first] * work->cpus[first].capacity)
		kept = 1;
	memmove(repairing->scratch, repairing->scratch + kept,
		(n_units - kept) * sizeof(*repairing->scratch));
	return n_units - kept;
}

/*
 * Which of the units that are enough alone leaves, the smallest of them being the last: of equal
 * ones the farthest from its device.
 */
static uint32_t farthest_of_equal(const struct repairing *repairing, uint32_t first, uint32_t last)
{
	const struct placement *placement = repairing->placement;
	const struct work *work = placement->work;
	uint32_t best = repairing->scratch[last];

	for (uint32_t i = last; i-- > first;) {
		uint32_t unit = repairing->scratch[i];

		if (work->units[unit].load > work->units[best].load)
			break;
		if (work_farness(work, &work->units[unit], placement->at[unit]) >=
		    work_farness(work, &work->units[best], placement->at[best]))
			best = unit;
	}
	return best;
}

/* Takes load off n CPUs: the smallest unit that is enough, or else the largest and so on. */
static void shed(struct repairing *repairing, uint32_t first, uint32_t n, int64_t behind,
		 double excess)
{
	const struct work_unit *units = repairing->placement->work->units;
	uint32_t n_units = gather(repairing, first, n, behind);

	for (uint32_t i = 0; i < n_units && excess > 0; i++) {
		uint32_t unit = repairing->scratch[i], last = i;

		if (units[unit].load >= excess) {
			while (last + 1 < n_units &&
			       units[repairing->scratch[last + 1]].load >= excess)
				last++;
			expel(repairing, farthest_of_equal(repairing, i, last));
			return;
		}
		expel(repairing, unit);
		excess -= units[unit].load;
	}
}

/* Takes units off a CPU, and its core, until it keeps its limit. */
static void relieve(struct repairing *repairing, uint32_t cpu)
{
	struct placement *placement = repairing->placement;
	const struct limits *limits = repairing->limits;
	const struct work *work = placement->work;
	const struct work_cpu *c = &work->cpus[cpu];
	const struct work_core *core = &work->cores[c->core];

	if (!placement_is_over(placement, limits, cpu))
		return;
	shed(repairing, cpu, 1, -1,
	     placement->own[cpu] - limits->cpu[cpu] * c->capacity - WORK_EPSILON);
	if (placement_is_over(placement, limits, cpu))
		shed(repairing, core->first, core->n, -1,
		     placement->core[c->core] - limits->core[c->core] * core->capacity -
			     WORK_EPSILON);
}

/* How much load has to leave a CPU for a unit to fit; all of it for one that needs a CPU alone. */
static double excess_on(const struct repairing *repairing, uint32_t unit, uint32_t cpu)
{
	const struct placement *placement = repairing->placement;
	const struct work_cpu *c = &placement->work->cpus[cpu];
	double load = placement->work->units[unit].load;
	double limit = repairing->limits->cpu[cpu] * c->capacity;

	return load > limit + WORK_EPSILON ? placement->own[cpu] - c->base - WORK_EPSILON
					   : placement->own[cpu] + load - limit - WORK_EPSILON;
}

static double excess_on_core(const struct repairing *repairing, uint32_t unit, uint32_t cpu)
{
	const struct placement *placement = repairing->placement;
	const struct work *work = placement->work;
	uint32_t at = work->cpus[cpu].core;
	const struct work_core *core = &work->cores[at];
	double load = work->units[unit].load;
	double limit = repairing->limits->core[at] * core->capacity;

	return load > limit + WORK_EPSILON ? placement->core[at] - core->base - WORK_EPSILON
					   : placement->core[at] + load - limit - WORK_EPSILON;
}

/* Load of the units of n CPUs that come after a unit. */
static double load_behind(const struct repairing *repairing, uint32_t first, uint32_t n,
			  uint32_t behind)
{
	const struct placement *placement = repairing->placement;
	const struct work *work = placement->work;
	double load = 0;

	for (uint32_t cpu = first; cpu < first + n; cpu++) {
		for (uint32_t unit = placement->first[cpu]; unit != BALANCE_NOWHERE;
		     unit = placement->next[unit]) {
			if (unit > behind && work->classes[work->units[unit].class].n_cpus > 1)
				load += work->units[unit].load;
		}
	}
	return load;
}

/*
 * Has a unit on a CPU in the place of smaller ones, which look for other places afterwards: units
 * are placed in their order, so none of them is driven out again once it has its place.
 */
static bool oust(struct repairing *repairing, uint32_t unit, uint32_t cpu)
{
	struct placement *placement = repairing->placement;
	const struct work *work = placement->work;
	const struct work_core *core = &work->cores[work->cpus[cpu].core];

	repairing->effort -= 1 + placement->n_core_units[work->cpus[cpu].core];
	if (repairing->limits->cpu[cpu] < 0 ||
	    excess_on(repairing, unit, cpu) > load_behind(repairing, cpu, 1, unit) ||
	    excess_on_core(repairing, unit, cpu) >
		    load_behind(repairing, core->first, core->n, unit))
		return false;
	shed(repairing, cpu, 1, unit, excess_on(repairing, unit, cpu));
	shed(repairing, core->first, core->n, unit, excess_on_core(repairing, unit, cpu));
	if (!placement_fits(placement, repairing->limits, unit, cpu))
		return false;
	placement_put(placement, unit, cpu);
	return true;
}

/* On the emptiest CPU, or else on the first one where that is possible. */
static bool oust_anywhere(struct repairing *repairing, uint32_t unit)
{
	struct placement *placement = repairing->placement;
	const struct work *work = placement->work;
	double fill;
	uint32_t cpu = placement_emptiest(placement, unit, BALANCE_NOWHERE, INFINITY, &fill);

	if (cpu != BALANCE_NOWHERE && oust(repairing, unit, cpu))
		return true;
	for (cpu = 0; cpu < work->n_cpus && repairing->effort > 0; cpu++) {
		if (work_may(work, work->units[unit].class, cpu) && oust(repairing, unit, cpu))
			return true;
	}
	return false;
}

static bool place(struct repairing *repairing, uint32_t unit)
{
	struct placement *placement = repairing->placement;
	uint32_t cpu = placement->work->units[unit].present;

	if (cpu == BALANCE_NOWHERE || !placement_fits(placement, repairing->limits, unit, cpu))
		cpu = placement_nearest(placement, repairing->limits, unit, is_tight(repairing),
					INFINITY);
	if (cpu == BALANCE_NOWHERE)
		return oust_anywhere(repairing, unit);
	placement_put(placement, unit, cpu);
	return true;
}

int repair(struct placement *placement, const struct limits *limits, enum repair_way way)
{
	const struct work *work = placement->work;
	_cleanup_free_ bool *is_homeless = calloc(work->n_units + (size_t)1, sizeof(*is_homeless));
	_cleanup_free_ uint32_t *scratch = calloc(work->n_units + (size_t)1, sizeof(*scratch));
	struct repairing repairing = {.placement = placement,
				      .limits = limits,
				      .way = way,
				      .is_homeless = is_homeless,
				      .scratch = scratch,
				      .effort = EFFORT};

	if (!is_homeless || !scratch)
		return -ENOMEM;
	for (uint32_t i = 0; i < work->n_units; i++)
		is_homeless[i] = placement->at[i] == BALANCE_NOWHERE;
	for (uint32_t cpu = 0; cpu < work->n_cpus; cpu++)
		relieve(&repairing, cpu);
	for (uint32_t i = 0; i < work->n_units; i++) {
		if (is_homeless[i] && !place(&repairing, i))
			return -ENOSPC;
	}
	return repair_is_done(placement, limits) ? 0 : -ENOSPC;
}

bool repair_is_done(const struct placement *placement, const struct limits *limits)
{
	const struct work *work = placement->work;

	for (uint32_t i = 0; i < work->n_units; i++) {
		if (placement->at[i] == BALANCE_NOWHERE)
			return false;
	}
	for (uint32_t cpu = 0; cpu < work->n_cpus; cpu++) {
		if (placement_is_over(placement, limits, cpu))
			return false;
	}
	return true;
}
