/* SPDX-License-Identifier: BSD-2-Clause */
#include "plan/balance_repair.h"

#include <errno.h>
#include <stdlib.h>

#include "base/macros.h"

#define PASSES 3u
#define EFFORT 150000 /* pairs that are looked at to bring units nearer */

struct polishing {
	struct placement *placement;
	const struct limits *limits;
	long effort;
};

static double cost_at(const struct polishing *polishing, uint32_t unit, uint32_t cpu)
{
	return placement_unit_cost(polishing->placement, unit, cpu);
}

static bool has_moved(const struct placement *placement, uint32_t unit)
{
	uint32_t present = placement->work->units[unit].present;

	return present != BALANCE_NOWHERE && placement->at[unit] != BALANCE_NOWHERE &&
	       placement->at[unit] != present;
}

static double load_of(const struct polishing *polishing, uint32_t unit)
{
	return polishing->placement->work->units[unit].load;
}

/* A quick look at what placement_fits() finds in the end: with so much more on a CPU and its core.
 */
static bool is_too_much(const struct polishing *polishing, uint32_t unit, uint32_t cpu, double own,
			double core)
{
	const struct placement *placement = polishing->placement;
	const struct limits *limits = polishing->limits;
	const struct work_cpu *c = &placement->work->cpus[cpu];
	double alone = load_of(polishing, unit) > limits->giant ? limits->alone : 0;

	return (placement->own[cpu] + own) * c->scale >
		       larger(limits->cpu[cpu], alone) + WORK_EPSILON ||
	       (placement->core[c->core] + core) * placement->work->cores[c->core].scale >
		       larger(limits->core[c->core], alone) + WORK_EPSILON;
}

static bool is_same_core(const struct polishing *polishing, uint32_t a, uint32_t b)
{
	const struct work_cpu *cpus = polishing->placement->work->cpus;

	return cpus[a].core == cpus[b].core;
}

/* To `cpu`, if that is cheaper and keeps the limits. */
static bool move_if_cheaper(struct polishing *polishing, uint32_t unit, uint32_t cpu)
{
	struct placement *placement = polishing->placement;
	uint32_t from = placement->at[unit];
	double load = load_of(polishing, unit);
	bool is_done;

	polishing->effort--;
	if (cost_at(polishing, unit, cpu) >= cost_at(polishing, unit, from) - WORK_EPSILON ||
	    is_too_much(polishing, unit, cpu, load, is_same_core(polishing, from, cpu) ? 0 : load))
		return false;
	placement_take(placement, unit);
	is_done = placement_fits(placement, polishing->limits, unit, cpu);
	placement_put(placement, unit, is_done ? cpu : from);
	return is_done;
}

/* The two change places, if that is cheaper and keeps the limits. */
static bool swap_if_cheaper(struct polishing *polishing, uint32_t a, uint32_t b)
{
	struct placement *placement = polishing->placement;
	uint32_t from = placement->at[a], to = placement->at[b];
	double more = load_of(polishing, a) - load_of(polishing, b);
	double core = is_same_core(polishing, from, to) ? 0 : more;

	polishing->effort--;
	if (is_too_much(polishing, a, to, more, core) ||
	    is_too_much(polishing, b, from, -more, -core) ||
	    cost_at(polishing, a, to) + cost_at(polishing, b, from) >=
		    cost_at(polishing, a, from) + cost_at(polishing, b, to) - WORK_EPSILON)
		return false;
	placement_take(placement, a);
	placement_take(placement, b);
	if (placement_fits(placement, polishing->limits, a, to)) {
		placement_put(placement, a, to);
		if (placement_fits(placement, polishing->limits, b, from)) {
			placement_put(placement, b, from);
			return true;
		}
		placement_take(placement, a);
	}
	placement_put(placement, a, from);
	placement_put(placement, b, to);
	return false;
}

/*
 * To `cpu`, where that is above the limits, but cheaper, and no fuller than the CPU that it leaves:
 * what has a CPU for itself may be worse off there than where it was.
 */
static bool move_if_lower(struct polishing *polishing, uint32_t unit, uint32_t cpu)
{
	struct placement *placement = polishing->placement;
	const struct work *work = placement->work;
	uint32_t from = placement->at[unit];
	const struct work_cpu *a = &work->cpus[from], *b = &work->cpus[cpu];
	double load = load_of(polishing, unit), core = a->core == b->core ? 0 : load;

	if (polishing->limits->cpu[cpu] < 0 ||
	    cost_at(polishing, unit, cpu) >= cost_at(polishing, unit, from) - WORK_EPSILON ||
	    (placement->own[cpu] + load) * b->scale >
		    placement->own[from] * a->scale + WORK_EPSILON ||
	    (placement->core[b->core] + core) * work->cores[b->core].scale >
		    placement->core[a->core] * work->cores[a->core].scale + WORK_EPSILON ||
	    !placement_has_slots(placement, cpu, work->units[unit].n_members))
		return false;
	placement_move(placement, unit, cpu);
	return true;
}

/* Back to where it is now, alone or with a unit that was moved to there. */
static bool take_back(struct polishing *polishing, uint32_t unit)
{
	const struct placement *placement = polishing->placement;
	uint32_t present = placement->work->units[unit].present;

	if (move_if_cheaper(polishing, unit, present) || move_if_lower(polishing, unit, present))
		return true;
	for (uint32_t other = placement->first[present], next; other != BALANCE_NOWHERE;
	     other = next) {
		next = placement->next[other]; /* a try reorders the list */
		if (polishing->effort <= 0)
			return false;
		if (placement->work->units[other].present != present &&
		    swap_if_cheaper(polishing, unit, other))
			return true;
	}
	return false;
}

/* The least load first: it is what most likely need not have moved. */
static bool take_all_back(struct polishing *polishing)
{
	const struct placement *placement = polishing->placement;
	bool is_better = false;

	for (uint32_t i = placement->work->n_units; i-- > 0;) {
		if (has_moved(placement, i))
			is_better |= take_back(polishing, i);
	}
	return is_better;
}

static bool swap_nearer(struct polishing *polishing, uint32_t unit, uint32_t node)
{
	const struct placement *placement = polishing->placement;
	const struct work *work = placement->work;
	const struct work_node *n = &work->nodes[node];
	const struct work_block *last = &work->blocks[n->first_block + n->n_blocks - 1];

	for (uint32_t cpu = work->blocks[n->first_block].first; cpu < last->first + last->n;
	     cpu++) {
		if (!work_may(work, work->units[unit].class, cpu))
			continue;
		for (uint32_t other = placement->first[cpu], next; other != BALANCE_NOWHERE;
		     other = next) {
			next = placement->next[other];
			if (polishing->effort <= 0)
				return false;
			if (swap_if_cheaper(polishing, unit, other))
				return true;
		}
	}
	return false;
}

static bool bring_nearer(struct polishing *polishing, uint32_t unit)
{
	struct placement *placement = polishing->placement;
	const struct work *work = placement->work;
	const struct work_unit *u = &work->units[unit];
	uint32_t from = placement->at[unit], to;
	uint32_t nearest = work->near[u->home * work->n_nodes];

	if (polishing->effort <= 0 || from == BALANCE_NOWHERE || u->load < WORK_MOVE_WORTH ||
	    work_farness(work, u, from) <= 0)
		return false;
	polishing->effort -= WORK_BLOCK / 2;
	to = placement_nearest(placement, polishing->limits, unit, false,
			       work_farness(work, u, from));
	if (to != BALANCE_NOWHERE && to != from && move_if_cheaper(polishing, unit, to))
		return true;
	if (work->cpus[from].node == nearest)
		return false;
	return swap_nearer(polishing, unit, nearest);
}

static bool bring_all_nearer(struct polishing *polishing)
{
	bool is_better = false;

	for (uint32_t i = 0; i < polishing->placement->work->n_units; i++)
		is_better |= bring_nearer(polishing, i);
	return is_better;
}

void polish(struct placement *placement, const struct limits *limits)
{
	struct polishing polishing = {placement, limits, EFFORT};
	bool is_better = true;

	for (uint32_t pass = 0; pass < PASSES && is_better; pass++) {
		is_better = take_all_back(&polishing);
		is_better |= bring_all_nearer(&polishing);
	}
}
