/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Branch and bound over the units, the largest first. The depth is that of a small problem
 * (SMALL_UNITS).
 */
#include "plan/balance_search.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"

#define SMALL_UNITS 24u
#define SMALL_CPUS  32u

struct exact {
	struct placement *placement;
	const struct limits *limits; /* NULL: the lowest highest fill is looked for */
	double bound, best;
	long nodes;
	double rest[SMALL_UNITS +
		    1]; /* what the units from there on add at the least: load, or cost */
	bool is_present[SMALL_CPUS]; /* some unit is there */
	uint32_t at[SMALL_UNITS];
	bool is_found;
};

struct option {
	uint32_t cpu;
	double value; /* highest fill, or cost, with the unit there */
};

bool exact_is_small(const struct work *work)
{
	return work->n_units <= SMALL_UNITS && work->n_cpus <= SMALL_CPUS;
}

static bool is_in_same_classes(const struct work *work, uint32_t a, uint32_t b)
{
	for (uint32_t i = 0; i < work->n_classes; i++) {
		if (work_may(work, i, a) != work_may(work, i, b))
			return false;
	}
	return true;
}

static bool is_near(double a, double b)
{
	return fabs(a - b) <= 1e-12;
}

/* Whether two cores could change their names. */
static bool are_twin_cores(const struct placement *placement, uint32_t a, uint32_t b)
{
	const struct work_core *x = &placement->work->cores[a], *y = &placement->work->cores[b];

	return a == b || (x->n == 1 && y->n == 1) ||
	       (x->n == y->n && is_near(x->capacity, y->capacity) &&
		placement->n_core_units[a] == 0 && placement->n_core_units[b] == 0 &&
		is_near(placement->core[a], 0) && is_near(placement->core[b], 0));
}

/* Whether it makes no difference on which of two CPUs the next units are. */
static bool are_twins(const struct exact *exact, uint32_t a, uint32_t b)
{
	const struct placement *placement = exact->placement;
	const struct work *work = placement->work;
	const struct work_cpu *x = &work->cpus[a], *y = &work->cpus[b];

	if (!is_near(placement->own[a], placement->own[b]) || !is_near(x->capacity, y->capacity) ||
	    x->slots - placement->used[a] != y->slots - placement->used[b] ||
	    !are_twin_cores(placement, x->core, y->core) || !is_in_same_classes(work, a, b))
		return false;
	if (x->core != y->core && work->cores[x->core].n > 1) {
		/* a sibling that is closed to some would tell the cores apart */
		for (uint32_t i = 0; i < work->cores[x->core].n; i++) {
			if (!is_in_same_classes(work, work->cores[x->core].first + i,
						work->cores[y->core].first + i) ||
			    (exact->limits && (exact->is_present[work->cores[x->core].first + i] ||
					       exact->is_present[work->cores[y->core].first + i])))
				return false;
		}
	}
	if (!exact->limits)
		return true;
	return x->node == y->node && x->llc == y->llc && !exact->is_present[a] &&
	       !exact->is_present[b] && is_near(exact->limits->cpu[a], exact->limits->cpu[b]) &&
	       is_near(exact->limits->core[x->core], exact->limits->core[y->core]);
}

/* Load that fits below the best highest fill. */
static double free_below(const struct placement *placement, double level)
{
	const struct work *work = placement->work;
	double sum = 0;

	for (uint32_t i = 0; i < work->n_cores; i++) {
		const struct work_core *core = &work->cores[i];
		double on_core = 0;

		for (uint32_t cpu = core->first; cpu < core->first + core->n; cpu++) {
			if (!work->cpus[cpu].is_closed)
				on_core += larger(0, level * work->cpus[cpu].capacity -
							     placement->own[cpu]);
		}
		if (!placement->core_limit)
			on_core = smaller(on_core,
					  larger(0, level * core->capacity - placement->core[i]));
		sum += on_core;
	}
	return sum;
}

static bool is_hopeless(const struct exact *exact, uint32_t unit, double value)
{
	if (exact->limits)
		return value + exact->rest[unit] >= exact->best - 1e-9;
	return value >= exact->best * (1 - WORK_EPSILON) ||
	       free_below(exact->placement, exact->best) < exact->rest[unit] * (1 - WORK_EPSILON);
}

/* What comes of the unit on that CPU; INFINITY: not allowed. */
static double value_with(const struct exact *exact, uint32_t unit, uint32_t cpu, double value)
{
	const struct placement *placement = exact->placement;
	const struct work_unit *u = &placement->work->units[unit];

	if (exact->limits)
		return placement_fits(placement, exact->limits, unit, cpu)
			       ? value + placement_unit_cost(placement, unit, cpu)
			       : INFINITY;
	if (!work_may(placement->work, u->class, cpu) ||
	    !placement_has_slots(placement, cpu, u->n_members))
		return INFINITY;
	return larger(value, placement_fill_with(placement, cpu, u->load, u->load));
}

/* The CPUs that are worth a try, the most promising first. */
static uint32_t list_options(const struct exact *exact, uint32_t unit, double value,
			     struct option *options)
{
	const struct placement *placement = exact->placement;
	uint32_t n = 0;

	for (uint32_t cpu = 0; cpu < placement->work->n_cpus; cpu++) {
		struct option option = {cpu, value_with(exact, unit, cpu, value)};
		uint32_t at = n;

		if (!(option.value < INFINITY))
			continue;
		for (uint32_t i = 0; i < n; i++) {
			if (are_twins(exact, options[i].cpu, cpu)) {
				at = BALANCE_NOWHERE;
				break;
			}
		}
		if (at == BALANCE_NOWHERE)
			continue;
		while (at > 0 && (options[at - 1].value > option.value ||
				  (options[at - 1].value >= option.value &&
				   placement->fill[options[at - 1].cpu] > placement->fill[cpu]))) {
			options[at] = options[at - 1];
			at--;
		}
		options[at] = option;
		n++;
	}
	return n;
}

/* As deep as there are units. */
static void branch(struct exact *exact, uint32_t unit, double value)
{
	struct placement *placement = exact->placement;
	struct option options[SMALL_CPUS];
	uint32_t n;

	if (exact->nodes-- <= 0 || exact->best <= exact->bound || is_hopeless(exact, unit, value))
		return;
	if (unit == placement->work->n_units) {
		exact->best = value;
		exact->is_found = true;
		memcpy(exact->at, placement->at, unit * sizeof(*exact->at));
		return;
	}
	n = list_options(exact, unit, value, options);
	for (uint32_t i = 0; i < n; i++) {
		placement_put(placement, unit, options[i].cpu);
		branch(exact, unit + 1, options[i].value);
		placement_take(placement, unit);
	}
}

/* Looks from an empty machine, and leaves the best that it knows. */
static int run(struct exact *exact)
{
	struct placement *placement = exact->placement;
	uint32_t n = placement->work->n_units;
	uint32_t start[SMALL_UNITS];
	double highest = 0;

	memcpy(start, placement->at, n * sizeof(*start));
	for (uint32_t i = 0; i < n; i++) {
		if (placement->at[i] != BALANCE_NOWHERE)
			placement_take(placement, i);
	}
	if (!exact->limits)
		highest = placement_max(placement);
	branch(exact, 0, highest);
	placement_set(placement, exact->is_found ? exact->at : start);
	return 0;
}

int exact_max(struct placement *placement, double bound, long nodes)
{
	const struct work *work = placement->work;
	struct exact exact = {.placement = placement, .nodes = nodes};
	struct score score = score_of(placement);

	if (!exact_is_small(work))
		return 0;
	exact.bound = bound * (1 + WORK_EPSILON);
	exact.best = score.max;
	for (uint32_t i = work->n_units; i-- > 0;)
		exact.rest[i] = exact.rest[i + 1] + work->units[i].load;
	return run(&exact);
}

int exact_cost(struct placement *placement, const struct limits *limits, bool is_valid, long nodes)
{
	const struct work *work = placement->work;
	struct exact exact = {.placement = placement, .limits = limits, .nodes = nodes};

	if (!exact_is_small(work))
		return 0;
	exact.bound = -1;
	exact.best = is_valid ? placement_cost(placement) : INFINITY;
	for (uint32_t i = work->n_units; i-- > 0;) {
		const struct work_unit *unit = &work->units[i];
		double lowest = INFINITY;

		for (uint32_t cpu = 0; cpu < work->n_cpus; cpu++) {
			if (work_may(work, unit->class, cpu))
				lowest = smaller(lowest, placement_unit_cost(placement, i, cpu));
		}
		exact.rest[i] = exact.rest[i + 1] + lowest;
		if (unit->present != BALANCE_NOWHERE)
			exact.is_present[unit->present] = true;
	}
	return run(&exact);
}
