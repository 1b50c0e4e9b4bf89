/* SPDX-License-Identifier: BSD-2-Clause */
#include "plan/balance_search.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "base/macros.h"

#define STUCK_MAX 64u /* CPUs that nothing could lower, until the search gives up */
#define PASSES    4u

/* A step that lowers a CPU: `unit` to `to`, and what was there, `other`, to `other_to`. */
struct step {
	uint32_t unit, to, other, other_to;
	double fill; /* highest of the CPUs that take part, afterwards */
};

struct search {
	struct placement *placement;
	double goal;
	long *effort;
	uint32_t busiest;
	double fill;
	struct step best;
};

struct score score_of(const struct placement *placement)
{
	const struct work *work = placement->work;
	struct score score = {placement_max(placement), 0};

	for (uint32_t i = 0; i < work->n_cpus; i++) {
		if (!work->cpus[i].is_closed)
			score.squares += placement->fill[i] * placement->fill[i];
	}
	for (uint32_t i = 0; i < work->n_units; i++) {
		/* what found no slots is worse than any fill */
		if (placement->at[i] == BALANCE_NOWHERE)
			score.max += 1e9;
	}
	return score;
}

bool score_is_better(const struct score *a, const struct score *b)
{
	if (fabs(a->max - b->max) > WORK_EPSILON * (1 + b->max))
		return a->max < b->max;
	return a->squares < b->squares - WORK_EPSILON * (1 + b->squares);
}

void search_place_rest(struct placement *placement)
{
	for (uint32_t i = 0; i < placement->work->n_units; i++) {
		double fill;
		uint32_t cpu;

		if (placement->at[i] != BALANCE_NOWHERE)
			continue;
		cpu = placement_emptiest(placement, i, BALANCE_NOWHERE, INFINITY, &fill);
		if (cpu != BALANCE_NOWHERE)
			placement_put(placement, i, cpu);
	}
}

/* The fill of `cpu` (and of the busiest CPU, if the two share a core) after load left `cpu`. */
static double fill_without(const struct search *search, uint32_t cpu, double own, double core)
{
	const struct placement *placement = search->placement;
	double fill = placement_fill_with(placement, cpu, -own, -core);

	if (cpu != search->busiest)
		fill = larger(fill, placement_fill_with(placement, search->busiest, 0, -core));
	return fill;
}

static void offer(struct search *search, const struct step *step)
{
	if (step->fill < search->best.fill)
		search->best = *step;
}

static bool is_good_enough(const struct search *search)
{
	return *search->effort <= 0 || search->best.fill <= search->goal;
}

static void try_move(struct search *search, uint32_t unit)
{
	struct placement *placement = search->placement;
	const struct work *work = placement->work;
	double load = work->units[unit].load;
	uint32_t from = placement->at[unit];
	struct step step = {unit, 0, BALANCE_NOWHERE, 0, 0};

	*search->effort -= 2 * WORK_BLOCK;
	step.to = placement_emptiest(placement, unit, from, search->best.fill, &step.fill);
	if (step.to == BALANCE_NOWHERE)
		return;
	step.fill =
		larger(step.fill,
		       fill_without(search, from, load,
				    work->cpus[step.to].core == work->cpus[from].core ? 0 : load));
	offer(search, &step);
}

/* Whether the two could change places, as far as classes and slots go. */
static bool may_swap(const struct placement *placement, uint32_t a, uint32_t b)
{
	const struct work *work = placement->work;
	const struct work_unit *x = &work->units[a], *y = &work->units[b];
	uint32_t more = x->n_members > y->n_members ? x->n_members - y->n_members : 0;
	uint32_t less = y->n_members > x->n_members ? y->n_members - x->n_members : 0;

	return work_may(work, x->class, placement->at[b]) &&
	       work_may(work, y->class, placement->at[a]) &&
	       placement_has_slots(placement, placement->at[b], more) &&
	       placement_has_slots(placement, placement->at[a], less);
}

static void try_swaps_with(struct search *search, uint32_t unit, uint32_t cpu)
{
	const struct placement *placement = search->placement;
	const struct work *work = placement->work;
	uint32_t from = placement->at[unit];
	bool is_same_core = work->cpus[from].core == work->cpus[cpu].core;

	for (uint32_t other = placement->first[cpu]; other != BALANCE_NOWHERE;
	     other = placement->next[other]) {
		double more = work->units[unit].load - work->units[other].load;
		double core = is_same_core ? 0 : more;
		struct step step = {unit, cpu, other, from, 0};

		--*search->effort;
		if (more <= WORK_EPSILON * search->fill)
			continue;
		step.fill = placement_fill_with(placement, cpu, more, core);
		if (step.fill >= search->best.fill || !may_swap(placement, unit, other))
			continue;
		step.fill = larger(step.fill, fill_without(search, from, more, core));
		offer(search, &step);
	}
}

static void try_swaps(struct search *search, uint32_t unit)
{
	const struct placement *placement = search->placement;

	for (uint32_t cpu = 0; cpu < placement->work->n_cpus; cpu++) {
		if (placement->fill[cpu] < search->best.fill && placement->at[unit] != cpu)
			try_swaps_with(search, unit, cpu);
		if (is_good_enough(search))
			return;
	}
}

/* The unit to `cpu`, one from there to the emptiest other CPU: done for a look, and undone. */
static void try_chains_with(struct search *search, uint32_t unit, uint32_t cpu)
{
	struct placement *placement = search->placement;
	const struct work *work = placement->work;
	uint32_t from = placement->at[unit];

	for (uint32_t other = placement->first[cpu], next; other != BALANCE_NOWHERE; other = next) {
		struct step step = {unit, cpu, other, 0, 0};

		next = placement->next[other];
		*search->effort -= 2 * WORK_BLOCK;
		if (!work_may(work, work->units[unit].class, cpu) ||
		    placement_fill_with(placement, cpu,
					work->units[unit].load - work->units[other].load,
					-INFINITY) >= search->best.fill)
			continue;
		placement_take(placement, unit);
		placement_take(placement, other);
		if (placement_has_slots(placement, cpu, work->units[unit].n_members) &&
		    placement_fill_with(placement, cpu, work->units[unit].load,
					work->units[unit].load) < search->best.fill) {
			placement_put(placement, unit, cpu);
			step.other_to = placement_emptiest(placement, other, BALANCE_NOWHERE,
							   search->best.fill, &step.fill);
			if (step.other_to != BALANCE_NOWHERE) {
				step.fill = larger(step.fill, placement->fill[cpu]);
				step.fill = larger(step.fill, placement->fill[from]);
				step.fill = larger(step.fill, placement->fill[search->busiest]);
				offer(search, &step);
			}
			placement_take(placement, unit);
		}
		placement_put(placement, other, cpu);
		placement_put(placement, unit, from);
		/* `other` is the first of its CPU now: `next` was read before */
		if (is_good_enough(search))
			return;
	}
}

static void try_chains(struct search *search, uint32_t unit)
{
	const struct placement *placement = search->placement;

	for (uint32_t cpu = 0; cpu < placement->work->n_cpus; cpu++) {
		if (placement->fill[cpu] < search->fill && placement->at[unit] != cpu)
			try_chains_with(search, unit, cpu);
		if (is_good_enough(search))
			return;
	}
}

/* The units that make the busiest CPU what it is: its own, or those of its core. */
static uint32_t gather(const struct search *search, uint32_t *units)
{
	const struct placement *placement = search->placement;
	const struct work *work = placement->work;
	const struct work_cpu *c = &work->cpus[search->busiest];
	const struct work_core *core = &work->cores[c->core];
	uint32_t first = search->busiest, end = first + 1, n = 0;

	if (placement->own[search->busiest] / c->capacity < search->fill) {
		first = core->first;
		end = first + core->n;
	}
	for (uint32_t cpu = first; cpu < end; cpu++) {
		for (uint32_t unit = placement->first[cpu]; unit != BALANCE_NOWHERE;
		     unit = placement->next[unit])
			units[n++] = unit;
	}
	return n;
}

typedef void try_fn(struct search *search, uint32_t unit);

static bool lower(struct search *search, uint32_t *units)
{
	static try_fn *const tries[] = {try_move, try_swaps, try_chains};
	struct placement *placement = search->placement;
	uint32_t n = gather(search, units);
	const double worth = search->fill * (1 - WORK_EPSILON);

	for (size_t i = 0; i < ARRAY_SIZE(tries); i++) {
		search->best = (struct step){.fill = worth};
		for (uint32_t j = 0; j < n && !is_good_enough(search); j++)
			tries[i](search, units[j]);
		if (search->best.fill >= worth)
			continue;
		placement_take(placement, search->best.unit);
		if (search->best.other != BALANCE_NOWHERE)
			placement_move(placement, search->best.other, search->best.other_to);
		placement_put(placement, search->best.unit, search->best.to);
		return true;
	}
	return false;
}

static uint32_t find_busiest(const struct placement *placement, const bool *is_stuck)
{
	uint32_t busiest = BALANCE_NOWHERE;

	for (uint32_t cpu = 0; cpu < placement->work->n_cpus; cpu++) {
		if (placement->work->cpus[cpu].is_closed || is_stuck[cpu] ||
		    (busiest != BALANCE_NOWHERE &&
		     placement->fill[cpu] <= placement->fill[busiest]))
			continue;
		busiest = cpu;
	}
	return busiest;
}

int search_descend(struct placement *placement, double goal, long *effort)
{
	const struct work *work = placement->work;
	_cleanup_free_ uint32_t *units = calloc(work->n_units + (size_t)1, sizeof(*units));
	struct search search = {.placement = placement, .goal = goal, .effort = effort};
	bool is_lower = true;

	if (!units)
		return -ENOMEM;
	for (uint32_t pass = 0; pass < PASSES && is_lower; pass++) {
		_cleanup_free_ bool *is_stuck = calloc(work->n_cpus, sizeof(*is_stuck));
		uint32_t n_stuck = 0;

		if (!is_stuck)
			return -ENOMEM;
		is_lower = false;
		while (n_stuck<STUCK_MAX && * search.effort> 0) {
			search.busiest = find_busiest(placement, is_stuck);
			if (search.busiest == BALANCE_NOWHERE)
				break;
			search.fill = placement->fill[search.busiest];
			if (search.fill <= goal)
				break;
			*effort -= work->n_cpus;
			if (lower(&search, units)) {
				is_lower = true;
				continue;
			}
			is_stuck[search.busiest] = true;
			n_stuck++;
		}
	}
	return 0;
}

static uint32_t find_tightest(const struct placement *placement, uint32_t unit, double level)
{
	const struct work *work = placement->work;
	const struct work_unit *u = &work->units[unit];
	uint32_t tightest = BALANCE_NOWHERE;
	double highest = -1;

	for (uint32_t cpu = work->classes[u->class].first; cpu < work->n_cpus; cpu++) {
		double fill;

		if (!work_may(work, u->class, cpu) ||
		    !placement_has_slots(placement, cpu, u->n_members))
			continue;
		fill = placement_fill_with(placement, cpu, u->load, u->load);
		if (fill <= level && fill > highest) {
			tightest = cpu;
			highest = fill;
		}
	}
	return tightest;
}

bool search_squeeze(struct placement *placement, double level)
{
	for (uint32_t i = 0; i < placement->work->n_units; i++) {
		uint32_t cpu;

		if (placement->at[i] != BALANCE_NOWHERE)
			continue;
		cpu = find_tightest(placement, i, level);
		if (cpu == BALANCE_NOWHERE)
			return false;
		placement_put(placement, i, cpu);
	}
	return true;
}
