/* SPDX-License-Identifier: BSD-2-Clause */
#include "plan/balance_place.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"

#define MARK_MAX 32u /* units of a device that are looked at to keep them apart, the heaviest */

static void *take(struct placement *placement, size_t n, size_t size)
{
	void *memory = arena_alloc(&placement->memory, (n ? n : 1) * size);

	return memory ? memset(memory, 0, (n ? n : 1) * size) : NULL;
}

void placement_done(struct placement *placement)
{
	arena_done(&placement->memory);
	*placement = (struct placement){0};
}

static double measure(const struct placement *placement, uint32_t cpu)
{
	const struct work_cpu *c = &placement->work->cpus[cpu];

	if (c->is_closed)
		return INFINITY;
	if (placement->core_limit)
		return placement->own[cpu] * c->scale;
	return larger(placement->own[cpu] * c->scale,
		      placement->core[c->core] * placement->work->cores[c->core].scale);
}

static double lowest_of(const struct placement *placement, const struct work_block *block)
{
	double lowest = INFINITY;

	for (uint32_t cpu = block->first; cpu < block->first + block->n; cpu++)
		lowest = smaller(lowest, placement->free_fill[cpu]);
	return lowest;
}

static void refresh_fill(struct placement *placement, uint32_t cpu)
{
	double fill = measure(placement, cpu);

	placement->fill[cpu] = fill;
	placement->free_fill[cpu] = placement_has_slots(placement, cpu, 1) ? fill : INFINITY;
}

/* A core lies in one block. */
static void refresh(struct placement *placement, uint32_t core)
{
	const struct work *work = placement->work;
	const struct work_core *c = &work->cores[core];
	uint32_t block = work->cpus[c->first].block;
	double before = INFINITY, after = INFINITY;

	for (uint32_t cpu = c->first; cpu < c->first + c->n; cpu++) {
		before = smaller(before, placement->free_fill[cpu]);
		refresh_fill(placement, cpu);
		after = smaller(after, placement->free_fill[cpu]);
	}
	if (after <= placement->block_fill[block])
		placement->block_fill[block] = after;
	else if (before <= placement->block_fill[block])
		placement->block_fill[block] = lowest_of(placement, &work->blocks[block]);
}

void placement_measure(struct placement *placement, const double *core_limit)
{
	const struct work *work = placement->work;

	placement->core_limit = core_limit;
	for (uint32_t cpu = 0; cpu < work->n_cpus; cpu++)
		refresh_fill(placement, cpu);
	for (uint32_t i = 0; i < work->n_blocks; i++)
		placement->block_fill[i] = lowest_of(placement, &work->blocks[i]);
}

void placement_put(struct placement *placement, uint32_t unit, uint32_t cpu)
{
	const struct work_unit *u = &placement->work->units[unit];
	uint32_t core = placement->work->cpus[cpu].core;

	placement->at[unit] = cpu;
	placement->core_of[u->rank] = core;
	placement->previous[unit] = BALANCE_NOWHERE;
	placement->next[unit] = placement->first[cpu];
	if (placement->first[cpu] != BALANCE_NOWHERE)
		placement->previous[placement->first[cpu]] = unit;
	placement->first[cpu] = unit;
	placement->n_units[cpu]++;
	placement->n_core_units[core]++;
	placement->used[cpu] += u->n_members;
	placement->own[cpu] += u->load;
	placement->core[core] += u->load;
	refresh(placement, core);
}

/* The sums of an empty CPU are what they were at the start: no rounding is kept. */
static void settle_sums(struct placement *placement, uint32_t cpu)
{
	const struct work_cpu *c = &placement->work->cpus[cpu];

	if (placement->n_units[cpu] == 0)
		placement->own[cpu] = c->base;
	if (placement->n_core_units[c->core] == 0)
		placement->core[c->core] = placement->work->cores[c->core].base;
}

void placement_take(struct placement *placement, uint32_t unit)
{
	const struct work_unit *u = &placement->work->units[unit];
	uint32_t cpu = placement->at[unit], core = placement->work->cpus[cpu].core;
	uint32_t next = placement->next[unit], previous = placement->previous[unit];

	if (previous == BALANCE_NOWHERE)
		placement->first[cpu] = next;
	else
		placement->next[previous] = next;
	if (next != BALANCE_NOWHERE)
		placement->previous[next] = previous;
	placement->at[unit] = placement->core_of[u->rank] = BALANCE_NOWHERE;
	placement->n_units[cpu]--;
	placement->n_core_units[core]--;
	placement->used[cpu] -= u->n_members;
	placement->own[cpu] -= u->load;
	placement->core[core] -= u->load;
	settle_sums(placement, cpu);
	refresh(placement, core);
}

void placement_move(struct placement *placement, uint32_t unit, uint32_t cpu)
{
	if (placement->at[unit] != BALANCE_NOWHERE)
		placement_take(placement, unit);
	if (cpu != BALANCE_NOWHERE)
		placement_put(placement, unit, cpu);
}

/* The CPUs with what no unit makes. */
static void clear(struct placement *placement)
{
	const struct work *work = placement->work;

	for (uint32_t cpu = 0; cpu < work->n_cpus; cpu++) {
		placement->first[cpu] = BALANCE_NOWHERE;
		placement->n_units[cpu] = 0;
		placement->used[cpu] = work->cpus[cpu].held;
		placement->own[cpu] = work->cpus[cpu].base;
	}
	for (uint32_t i = 0; i < work->n_cores; i++) {
		placement->n_core_units[i] = 0;
		placement->core[i] = work->cores[i].base;
	}
	for (uint32_t i = 0; i < work->n_units; i++)
		placement->at[i] = placement->core_of[i] = BALANCE_NOWHERE;
	placement_measure(placement, placement->core_limit);
}

void placement_set(struct placement *placement, const uint32_t *at)
{
	clear(placement);
	for (uint32_t i = 0; i < placement->work->n_units; i++) {
		if (at[i] != BALANCE_NOWHERE)
			placement_put(placement, i, at[i]);
	}
}

/* Those that are gathered from several CPUs come last: they have no right to the slots. */
static void put_present(struct placement *placement, bool is_gathered)
{
	for (uint32_t i = 0; i < placement->work->n_units; i++) {
		const struct work_unit *unit = &placement->work->units[i];

		if (unit->present != BALANCE_NOWHERE && (unit->n_strays > 0) == is_gathered &&
		    placement_has_slots(placement, unit->present, unit->n_members))
			placement_put(placement, i, unit->present);
	}
}

int placement_init(struct placement *placement, const struct work *work)
{
	size_t n = work->n_cpus, n_units = work->n_units;

	*placement = (struct placement){.work = work};
	placement->at = take(placement, n_units, sizeof(*placement->at));
	placement->core_of = take(placement, n_units, sizeof(*placement->core_of));
	placement->next = take(placement, n_units, sizeof(*placement->next));
	placement->previous = take(placement, n_units, sizeof(*placement->previous));
	placement->first = take(placement, n, sizeof(*placement->first));
	placement->n_units = take(placement, n, sizeof(*placement->n_units));
	placement->n_core_units = take(placement, n, sizeof(*placement->n_core_units));
	placement->used = take(placement, n, sizeof(*placement->used));
	placement->own = take(placement, n, sizeof(*placement->own));
	placement->core = take(placement, n, sizeof(*placement->core));
	placement->fill = take(placement, n, sizeof(*placement->fill));
	placement->free_fill = take(placement, n, sizeof(*placement->free_fill));
	placement->block_fill = take(placement, n, sizeof(*placement->block_fill));
	placement->core_mark = take(placement, n, sizeof(*placement->core_mark));
	if (!placement->at || !placement->core_of || !placement->next || !placement->previous ||
	    !placement->first || !placement->n_units || !placement->n_core_units ||
	    !placement->used || !placement->own || !placement->core || !placement->fill ||
	    !placement->free_fill || !placement->block_fill || !placement->core_mark) {
		placement_done(placement);
		return -ENOMEM;
	}
	clear(placement);
	put_present(placement, false);
	put_present(placement, true);
	return 0;
}

double placement_fill_with(const struct placement *placement, uint32_t cpu, double own, double core)
{
	const struct work_cpu *c = &placement->work->cpus[cpu];
	double own_fill = (placement->own[cpu] + own) * c->scale;
	double core_fill =
		(placement->core[c->core] + core) * placement->work->cores[c->core].scale;

	if (!placement->core_limit)
		return larger(own_fill, core_fill);
	if (core > 0 && core_fill > placement->core_limit[c->core] + WORK_EPSILON)
		return INFINITY;
	return own_fill;
}

double placement_max(const struct placement *placement)
{
	double highest = 0;

	for (uint32_t cpu = 0; cpu < placement->work->n_cpus; cpu++) {
		if (!placement->work->cpus[cpu].is_closed)
			highest = larger(highest, placement->fill[cpu]);
	}
	return highest;
}

double placement_unit_cost(const struct placement *placement, uint32_t unit, uint32_t cpu)
{
	const struct work_unit *u = &placement->work->units[unit];
	double moves = 0;

	if (cpu != u->present)
		moves = u->n_members;
	return u->load * work_farness(placement->work, u, cpu) + WORK_MOVE_WORTH * moves;
}

double placement_cost(const struct placement *placement)
{
	double cost = 0;

	for (uint32_t i = 0; i < placement->work->n_units; i++) {
		if (placement->at[i] != BALANCE_NOWHERE)
			cost += placement_unit_cost(placement, i, placement->at[i]);
	}
	return cost;
}

/* The CPU with the lowest fill so far. */
struct lowest {
	uint32_t unit, except; /* what is looked for */
	uint32_t cpu;
	double fill;
};

static void look_at_block(const struct placement *placement, uint32_t block, struct lowest *lowest)
{
	const struct work *work = placement->work;
	const struct work_block *b = &work->blocks[block];
	const struct work_unit *u = &work->units[lowest->unit];

	for (uint64_t left = work_block_bits(work, u->class, block); left; left &= left - 1) {
		uint32_t cpu = b->first + (uint32_t)__builtin_ctzll(left);
		bool is_same_core = lowest->except != BALANCE_NOWHERE &&
				    work->cpus[cpu].core == work->cpus[lowest->except].core;
		double fill;

		if (placement->free_fill[cpu] >= lowest->fill || cpu == lowest->except ||
		    !placement_has_slots(placement, cpu, u->n_members))
			continue;
		fill = placement_fill_with(placement, cpu, u->load, is_same_core ? 0 : u->load);
		if (fill >= lowest->fill)
			continue;
		lowest->cpu = cpu;
		lowest->fill = fill;
	}
}

/* The first block to look at: the lowest of those that the class has CPUs in. */
static uint32_t lowest_block(const struct placement *placement, const struct work_class *class)
{
	uint32_t lowest = class->first_block;

	for (uint32_t i = lowest + 1; i < class->end_block; i++) {
		if (placement->block_fill[i] < placement->block_fill[lowest])
			lowest = i;
	}
	return lowest;
}

uint32_t placement_emptiest(struct placement *placement, uint32_t unit, uint32_t except,
			    double below, double *ret_fill)
{
	const struct work *work = placement->work;
	const struct work_class *class = &work->classes[work->units[unit].class];
	struct lowest lowest = {unit, except, BALANCE_NOWHERE, below};
	double adds = work->units[unit].load * work->scale_min;
	uint32_t own = BALANCE_NOWHERE, first = lowest_block(placement, class);

	/* on its own core a unit may add nothing */
	if (except != BALANCE_NOWHERE) {
		own = work->cpus[except].block;
		look_at_block(placement, own, &lowest);
	}
	if (first != own)
		look_at_block(placement, first, &lowest);
	for (uint32_t i = class->first_block; i < class->end_block; i++) {
		if (i != own && i != first && placement->block_fill[i] + adds < lowest.fill)
			look_at_block(placement, i, &lowest);
	}
	if (lowest.cpu != BALANCE_NOWHERE)
		*ret_fill = lowest.fill;
	return lowest.cpu;
}

/* A unit that fills a CPU above the limit whatever else is there may have it for itself. */
static bool is_alone(const struct limits *limits, double load, double limit, double filled)
{
	return load > limit + WORK_EPSILON && filled <= limits->alone + WORK_EPSILON;
}

bool placement_fits(const struct placement *placement, const struct limits *limits, uint32_t unit,
		    uint32_t cpu)
{
	const struct work *work = placement->work;
	const struct work_unit *u = &work->units[unit];
	const struct work_cpu *c = &work->cpus[cpu];
	double scale = work->cores[c->core].scale;
	double own = (placement->own[cpu] + u->load) * c->scale;
	double core = (placement->core[c->core] + u->load) * scale;

	if (limits->cpu[cpu] < 0 || !work_may(work, u->class, cpu) ||
	    !placement_has_slots(placement, cpu, u->n_members))
		return false;
	if (own > limits->cpu[cpu] + WORK_EPSILON &&
	    (placement->n_units[cpu] > 0 ||
	     !is_alone(limits, u->load * c->scale, limits->cpu[cpu], own)))
		return false;
	return core <= limits->core[c->core] + WORK_EPSILON ||
	       (placement->n_core_units[c->core] == 0 &&
		is_alone(limits, u->load * scale, limits->core[c->core], core));
}

/* The load of the only unit of a core, 0 where there are several. */
static double only_load(const struct placement *placement, const struct work_core *core)
{
	for (uint32_t cpu = core->first; cpu < core->first + core->n; cpu++) {
		if (placement->n_units[cpu] == 1)
			return placement->work->units[placement->first[cpu]].load;
	}
	return 0;
}

static bool is_core_over(const struct placement *placement, const struct limits *limits,
			 uint32_t core)
{
	const struct work_core *c = &placement->work->cores[core];
	double fill = placement->core[core] / c->capacity;

	if (fill <= limits->core[core] + WORK_EPSILON || placement->n_core_units[core] == 0)
		return false;
	return placement->n_core_units[core] > 1 ||
	       !is_alone(limits, only_load(placement, c) / c->capacity, limits->core[core], fill);
}

bool placement_is_over(const struct placement *placement, const struct limits *limits, uint32_t cpu)
{
	const struct work *work = placement->work;
	const struct work_cpu *c = &work->cpus[cpu];
	double fill = placement->own[cpu] / c->capacity;

	if (c->is_closed || placement->n_units[cpu] == 0)
		return false;
	if (limits->cpu[cpu] < 0 || is_core_over(placement, limits, c->core))
		return true;
	if (fill <= limits->cpu[cpu] + WORK_EPSILON)
		return false;
	return placement->n_units[cpu] > 1 ||
	       !is_alone(limits, work->units[placement->first[cpu]].load / c->capacity,
			 limits->cpu[cpu], fill);
}

/* Marks the cores that serve the device of a unit. */
static void mark_peers(struct placement *placement, uint32_t unit)
{
	const struct work *work = placement->work;
	const struct work_device *device = &work->devices[work->units[unit].device];
	const uint32_t *cores = &placement->core_of[device->first];

	placement->mark++;
	for (uint32_t i = 0; i < device->n && i < MARK_MAX; i++) {
		if (cores[i] != BALANCE_NOWHERE)
			placement->core_mark[cores[i]] = placement->mark;
	}
}

struct choice {
	uint32_t cpu;
	double far, fill;
	bool is_shared; /* its core serves the same device */
};

static bool is_better(const struct choice *a, const struct choice *b, bool is_tight)
{
	if (b->cpu == BALANCE_NOWHERE)
		return true;
	if (a->far < b->far || a->far > b->far)
		return a->far < b->far;
	if (a->is_shared != b->is_shared)
		return b->is_shared;
	return is_tight ? a->fill > b->fill : a->fill < b->fill;
}

/* Whether only an emptier CPU can be better, on the same node or a farther one. */
static bool is_settled(const struct choice *best, bool is_tight, bool has_cache)
{
	return !is_tight && !has_cache && best->cpu != BALANCE_NOWHERE && !best->is_shared;
}

/* The best CPU of a node, if it is better than `best`. */
static void look_at_node(struct placement *placement, const struct limits *limits, uint32_t unit,
			 uint32_t node, bool is_tight, struct choice *best)
{
	const struct work *work = placement->work;
	const struct work_node *n = &work->nodes[node];
	double load = work->units[unit].load, adds = load * work->scale_min;
	bool has_cache = work->units[unit].llc >= 0;
	const struct work_class *class = &work->classes[work->units[unit].class];
	uint32_t first = n->first_block > class->first_block ? n->first_block : class->first_block;
	uint32_t end = n->first_block + n->n_blocks;
	double highest =
		WORK_EPSILON +
		(load > limits->giant ? larger(limits->highest, limits->alone) : limits->highest);

	for (uint32_t i = first; i < end && i < class->end_block; i++) {
		const struct work_block *block = &work->blocks[i];

		if (placement->block_fill[i] + adds > highest ||
		    (is_settled(best, is_tight, has_cache) &&
		     placement->block_fill[i] >= best->fill))
			continue;
		for (uint64_t left = work_block_bits(work, work->units[unit].class, i); left;
		     left &= left - 1) {
			uint32_t cpu = block->first + (uint32_t)__builtin_ctzll(left);
			struct choice choice = {.cpu = cpu, .fill = placement->free_fill[cpu]};

			/* most are full, or fuller than the best, and that is seen quickly */
			if (choice.fill + adds > highest ||
			    (is_settled(best, is_tight, has_cache) && choice.fill >= best->fill))
				continue;
			choice.far = work_farness(work, &work->units[unit], cpu);
			choice.is_shared =
				placement->core_mark[work->cpus[cpu].core] == placement->mark;
			if (is_better(&choice, best, is_tight) &&
			    placement_fits(placement, limits, unit, cpu))
				*best = choice;
		}
	}
}

uint32_t placement_nearest(struct placement *placement, const struct limits *limits, uint32_t unit,
			   bool is_tight, double nearer_than)
{
	const struct work *work = placement->work;
	uint32_t home = work->units[unit].home;
	const uint32_t *near = &work->near[home * work->n_nodes];
	const double *remote = &work->remote[home * work->n_nodes];
	struct choice best = {.cpu = BALANCE_NOWHERE};

	mark_peers(placement, unit);
	for (uint32_t i = 0; i < work->n_nodes; i++) {
		if (remote[near[i]] >= nearer_than ||
		    (best.cpu != BALANCE_NOWHERE && remote[near[i]] > remote[near[i - 1]]))
			break;
		look_at_node(placement, limits, unit, near[i], is_tight, &best);
	}
	return best.cpu;
}
