/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two questions, one after the other: how low can the highest fill get, however many moves it
 * takes; and what is the cheapest way from here to a fill that is nearly as low (`slack`). The
 * first one is answered by a bound where that can be reached, by a search otherwise
 * (balance_search.c). The answer is a limit for each CPU, and the second question is then how to
 * keep to the limits: repair what is above (balance_repair.c), take back what was not needed, bring
 * near what is far (balance_polish.c). Small problems are solved by trying everything
 * (balance_exact.c).
 *
 * Threads of a core are balanced twice, since what is best for the cores leaves open which of a
 * core's threads serves what: first the cores, then within the limits of the cores the threads.
 */
#include "plan/balance.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/macros.h"
#include "plan/balance_bound.h"
#include "plan/balance_build.h"
#include "plan/balance_emit.h"

#define EFFORT       600000 /* pairs that the search for the lowest fill looks at */
#define EFFORT_LARGE 150000 /* the same, above MEDIUM_PAIRS */
#define EXACT_NODES  20000
#define SMALL_PAIRS  20000u  /* units x CPUs: all ways are tried, and the cheapest taken */
#define MEDIUM_PAIRS 200000u /* the same: squeezing is tried */
#define SQUEEZES     6
#define OWN_SLACK    2    /* times the slack: threads need not be as even as cores */
#define NEAR         1.05 /* times the bound: a start that needs no other, in a large problem */
#define ROUNDS       4    /* of finding out who has no room */

/* CPUs below this part of the highest fill are left as they are. */
#define FLOOR 0.25

static void building_done(struct building *building)
{
	free(building->present);
	free(building->best);
	limits_done(&building->limits);
	placement_done(&building->placement);
	work_done(&building->work);
}

static uint64_t pairs(const struct building *building)
{
	return (uint64_t)building->work.n_units * building->work.n_cpus;
}

static void remember(struct building *building, uint32_t *at)
{
	memcpy(at, building->placement.at, building->work.n_units * sizeof(*at));
}

/* One way to keep the limits, and what it costs. */
static int try_way(struct building *building, const struct limits *limits, enum repair_way way,
		   double *ret_cost)
{
	int r;

	placement_set(&building->placement, building->present);
	r = repair(&building->placement, limits, way);
	if (r < 0)
		return r;
	polish(&building->placement, limits);
	*ret_cost = placement_cost(&building->placement);
	return 0;
}

int build_within(struct building *building, const struct limits *limits)
{
	bool is_small = pairs(building) <= SMALL_PAIRS;
	int n_ways = is_small || !building->is_adrift ? N_REPAIR_WAYS : 1;
	double lowest = INFINITY;

	for (int way = 0; way < n_ways; way += is_small ? 1 : N_REPAIR_WAYS - 1) {
		double cost;
		int r = try_way(building, limits, (enum repair_way)way, &cost);

		if (r == -ENOMEM)
			return r;
		if (r < 0 || cost >= lowest)
			continue;
		lowest = cost;
		remember(building, building->best);
		if (!is_small)
			return 0;
	}
	if (!(lowest < INFINITY))
		return -ENOSPC;
	placement_set(&building->placement, building->best);
	return exact_cost(&building->placement, limits, true, EXACT_NODES);
}

/* The best placement known, by what the placement measures at the time. */
struct candidate {
	struct building *building;
	struct score score;
	double goal;
	long effort;
	bool is_known;
};

static void keep_if_better(struct candidate *candidate)
{
	struct building *building = candidate->building;
	struct score score = score_of(&building->placement);

	if (candidate->is_known && !score_is_better(&score, &candidate->score))
		return;
	candidate->is_known = true;
	candidate->score = score;
	remember(building, building->best);
}

static void clear(struct building *building)
{
	for (uint32_t i = 0; i < building->work.n_units; i++) {
		if (building->placement.at[i] != BALANCE_NOWHERE)
			placement_take(&building->placement, i);
	}
}

static int search_from(struct candidate *candidate)
{
	int r;

	search_place_rest(&candidate->building->placement);
	r = search_descend(&candidate->building->placement, candidate->goal, &candidate->effort);
	if (r == 0)
		keep_if_better(candidate);
	return r;
}

/* Bisects for the lowest fill below which everything can be packed. */
static int squeeze(struct candidate *candidate)
{
	struct building *building = candidate->building;
	double low = candidate->goal, high = candidate->score.max;
	int r = 0;

	for (int i = 0; i < SQUEEZES && r == 0 && candidate->score.max > candidate->goal &&
			candidate->effort > 0;
	     i++) {
		double middle = (low + high) / 2;

		clear(building);
		if (search_squeeze(&building->placement, middle))
			high = middle;
		else
			low = middle;
		r = search_from(candidate);
	}
	return r;
}

static bool is_all_placed(const struct building *building)
{
	for (uint32_t i = 0; i < building->work.n_units; i++) {
		if (building->placement.at[i] == BALANCE_NOWHERE)
			return false;
	}
	return true;
}

/*
 * In a large problem there is time to search from one start only. What a repair has left over is a
 * poor one where much of it found no place; an empty machine, where the largest come first, is
 * then better by far.
 */
static void choose_start(struct candidate *candidate)
{
	struct building *building = candidate->building;
	double near = NEAR * larger(candidate->goal, building->bound);
	bool is_empty_first = building->is_adrift && !is_all_placed(building);

	if (is_empty_first)
		clear(building);
	search_place_rest(&building->placement);
	keep_if_better(candidate);
	if (candidate->score.max <= near)
		return;
	if (is_empty_first)
		placement_set(&building->placement, building->present);
	else
		clear(building);
	search_place_rest(&building->placement);
	keep_if_better(candidate);
	placement_set(&building->placement, building->best);
}

/* The placement with the lowest highest fill that is found; it starts from the one that is there.
 */
static int find_best(struct building *building, double goal)
{
	bool is_large = pairs(building) > MEDIUM_PAIRS;
	struct candidate candidate = {
		.building = building, .goal = goal, .effort = is_large ? EFFORT_LARGE : EFFORT};
	int r;

	if (is_large)
		choose_start(&candidate);
	r = search_from(&candidate);
	if (r == 0 && candidate.score.max > goal && !is_large) {
		clear(building);
		r = search_from(&candidate);
	}
	if (r == 0 && candidate.score.max > goal && !is_large)
		r = squeeze(&candidate);
	if (r < 0)
		return r;
	placement_set(&building->placement, building->best);
	r = exact_max(&building->placement, goal, EXACT_NODES);
	if (r == 0)
		r = search_descend(&building->placement, goal, &candidate.effort);
	remember(building, building->best);
	return r;
}

/* Water finds the limits: where it does, no search is needed. */
static int limit_by_level(struct building *building, struct limits *limits)
{
	double slack = 1 + building->work.problem->slack;
	double own_slack = 1 + OWN_SLACK * building->work.problem->slack;
	double level = 0, own_level = 0;
	double floor = FLOOR * building->bound;
	int r = bound_level(&building->work, false, &level);

	if (r == 0)
		r = bound_level(&building->work, true, &own_level);
	if (r < 0)
		return r;
	return limits_init(limits, &building->work, larger(floor, own_level * own_slack),
			   larger(floor, level * slack), building->bound * slack);
}

/* The limits of the best placement that a search finds, which is left in `best`. */
static int limit_by_search(struct building *building, struct limits *limits)
{
	struct placement *placement = &building->placement;
	double slack = building->work.problem->slack, highest, level;
	int r = bound_level(&building->work, false, &level);

	if (r == 0)
		r = find_best(building, level * (1 + slack / 2));
	if (r < 0)
		return r;
	highest = larger(placement_max(placement), building->bound) * (1 + slack);
	r = limits_init(limits, &building->work, highest, highest, highest);
	if (r == 0)
		r = limits_follow(limits, placement, false, slack, FLOOR * highest);
	if (r < 0 || !building->work.has_threads)
		return r;
	placement_measure(placement, limits->core);
	r = bound_level(&building->work, true, &level);
	if (r == 0)
		r = find_best(building, level * (1 + slack));
	if (r == 0)
		r = limits_follow(limits, placement, true, OWN_SLACK * slack, FLOOR * highest);
	placement_measure(placement, NULL);
	return r;
}

static int search_and_repair(struct building *building)
{
	_cleanup_free_ uint32_t *found = calloc(building->work.n_units + (size_t)1, sizeof(*found));
	struct limits *limits = &building->limits;
	int r;

	if (!found)
		return -ENOMEM;
	limits_done(limits);
	r = limit_by_search(building, limits);
	if (r < 0)
		return r;
	remember(building, found);
	r = build_within(building, limits);
	if (r != -ENOSPC)
		return r;
	placement_set(&building->placement, found);
	polish(&building->placement, limits);
	return exact_cost(&building->placement, limits,
			  repair_is_done(&building->placement, limits), EXACT_NODES);
}

int build_spread(struct building *building)
{
	int r = limit_by_level(building, &building->limits);

	if (r == 0)
		r = build_within(building, &building->limits);
	return r == -ENOSPC ? search_and_repair(building) : r;
}

static bool is_adrift(const struct building *building)
{
	uint32_t n_homeless = 0;

	for (uint32_t i = 0; i < building->work.n_units; i++)
		n_homeless += building->present[i] == BALANCE_NOWHERE;
	return n_homeless > building->work.n_units / 2;
}

static int prepare(struct building *building, const struct balance_problem *problem,
		   const bool *is_stuck)
{
	int r = work_init(&building->work, problem, is_stuck);

	if (r == 0)
		r = placement_init(&building->placement, &building->work);
	if (r == 0)
		r = bound_max(&building->work, &building->bound);
	if (r < 0)
		return r;
	building->present = calloc(building->work.n_units + (size_t)1, sizeof(uint32_t));
	building->best = calloc(building->work.n_units + (size_t)1, sizeof(uint32_t));
	if (!building->present || !building->best)
		return -ENOMEM;
	remember(building, building->present);
	building->is_adrift = is_adrift(building);
	return 0;
}

static int explain(const struct balance_problem *problem, const struct planned_move *moves,
		   struct balance_plan *plan)
{
	_cleanup_(buf_done) struct buf text = {0};

	for (size_t i = 0; i < plan->n_moves; i++) {
		int r;

		buf_cut(&text, 0);
		r = reason_of_move(problem, &moves[i], &text);
		if (r < 0)
			return r;
		plan->moves[i].reason = arena_strndup(&plan->strings, text.data, text.len);
		if (!plan->moves[i].reason)
			return -ENOMEM;
	}
	return 0;
}

static int build(struct building *building, const struct balance_problem *problem,
		 const bool *is_stuck)
{
	int r = prepare(building, problem, is_stuck);

	if (r < 0)
		return r;
	r = problem->mode == BALANCE_PACK ? build_pack(building) : -ENOSPC;
	return r == -ENOSPC ? build_spread(building) : r;
}

/*
 * Those that found no room keep the room that they have; whether there are any. With `is_last` so
 * does everything else that has no place of its own, and the others can always stay.
 */
static bool find_stuck(const struct building *building, bool is_last, bool *is_stuck)
{
	const struct work *work = &building->work;
	bool is_any = false;

	for (uint32_t i = 0; i < work->n_units; i++) {
		const struct work_unit *unit = &work->units[i];

		is_any |= building->placement.at[i] == BALANCE_NOWHERE;
		if (building->placement.at[i] != BALANCE_NOWHERE &&
		    !(is_last && building->present[i] == BALANCE_NOWHERE))
			continue;
		for (uint32_t j = 0; j < unit->n_members; j++)
			is_stuck[work->members[unit->first_member + j]] = true;
	}
	return is_any;
}

/* Builds until everything that is to be placed finds room. */
static int build_all(struct building *building, const struct balance_problem *problem)
{
	_cleanup_free_ bool *is_stuck = calloc(problem->n_irqs + 1, sizeof(*is_stuck));
	int r = is_stuck ? build(building, problem, is_stuck) : -ENOMEM;

	for (int i = 0; r == 0 && find_stuck(building, i == ROUNDS, is_stuck); i++) {
		building_done(building);
		*building = (struct building){0};
		r = build(building, problem, is_stuck);
	}
	return r;
}

int balance_plan_build(const struct balance_problem *problem, struct balance_plan *ret)
{
	_cleanup_(building_done) struct building building = {0};
	_cleanup_(balance_plan_done) struct balance_plan plan = {0};
	_cleanup_free_ struct planned_move *moves = NULL;
	int r;

	if (!work_is_sane(problem))
		return -EINVAL;
	r = build_all(&building, problem);
	if (r == 0)
		r = emit_plan(&building.placement, &building.limits, building.bound, &plan, &moves);
	if (r == 0)
		r = explain(problem, moves, &plan);
	if (r < 0)
		return r;
	*ret = plan;
	plan = (struct balance_plan){0};
	return 0;
}

void balance_plan_done(struct balance_plan *plan)
{
	free(plan->moves);
	free(plan->at);
	arena_done(&plan->strings);
	*plan = (struct balance_plan){0};
}

double balance_remote(const struct balance_problem *problem, const uint32_t *at)
{
	double load = 0, remote = 0;

	for (size_t i = 0; i < problem->n_irqs; i++) {
		const struct balance_irq *irq = &problem->irqs[i];
		uint32_t cpu = at ? at[i] : irq->at;

		load += irq->load;
		if (irq->node >= 0 && cpu != BALANCE_NOWHERE && problem->cpus[cpu].node >= 0 &&
		    problem->cpus[cpu].node != irq->node)
			remote += irq->load;
	}
	return load > 0 ? remote / load : 0;
}
