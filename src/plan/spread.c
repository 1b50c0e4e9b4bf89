/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Queues are poured like water: all cores get their first queue before one gets its second. Within
 * such a level, queues that find room on the node of their device go first, whichever device they
 * belong to; the others then take the nearest of what is left. So no device is driven from its node
 * by another one that does not belong there, and the devices take turns, queue by queue.
 */
#include "plan/spread.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/macros.h"
#include "plan/places.h"
#include "plan/queues.h"
#include "plan/reason.h"
#include "plan/taken.h"

#define NO_LEVEL UINT32_MAX

enum fate {
	FATE_NONE, /* not decided yet, or named a second time */
	FATE_MOVE,
	FATE_LEFT,
};

/* What becomes of an interrupt of the request. */
struct outcome {
	enum fate fate;
	uint32_t cpu;
	struct cpuset target;
	const char *text; /* reason or why */
};

struct planner {
	const struct spread_request *request;
	struct places places;
	struct queues queues;
	size_t *positions; /* in the request, of the interrupts that are to be placed */
	size_t n_listed;
	bool *is_settled;         /* by queue */
	struct outcome *outcomes; /* by position in the request */
	uint32_t *distances;      /* from `node` to each of places.nodes */
	int32_t node;             /* -1: all distances are 0 */
	struct spread_plan plan;
};

static void planner_done(struct planner *planner)
{
	for (size_t i = 0; i < planner->request->n_interrupts && planner->outcomes; i++)
		cpuset_done(&planner->outcomes[i].target);
	places_done(&planner->places);
	queues_done(&planner->queues);
	free(planner->positions);
	free(planner->is_settled);
	free(planner->outcomes);
	free(planner->distances);
	spread_plan_done(&planner->plan);
}

static uint32_t pack_of(const struct spread_request *request)
{
	return request->pack ? request->pack : 1;
}

static uint32_t level_of(const struct planner *planner, const struct place *place)
{
	if (planner->request->policy == SPREAD_PACK)
		return place->queues / pack_of(planner->request);
	return planner->places.cores[place->core].queues;
}

static bool has_room(const struct planner *planner, const struct place *place, size_t n_vectors)
{
	uint32_t limit = planner->request->vectors_per_cpu;

	return limit == 0 || place->vectors + n_vectors <= limit;
}

static uint32_t next_level(const struct planner *planner, uint32_t from)
{
	uint32_t lowest = NO_LEVEL;

	for (size_t i = 0; i < planner->places.n_usable; i++) {
		const struct place *place = planner->places.usable[i];
		uint32_t level = level_of(planner, place);

		if (level >= from && level < lowest && has_room(planner, place, 1))
			lowest = level;
	}
	return lowest;
}

/* The node that a queue wants to be near, -1: none. */
static int32_t home_of(const struct planner *planner, const struct queue *queue)
{
	return planner->request->policy == SPREAD_ALL ? -1 : queue->node;
}

static void measure_from(struct planner *planner, int32_t node)
{
	const struct places *places = &planner->places;

	if (planner->node == node)
		return;
	planner->node = node;
	for (size_t i = 0; i < places->n_nodes; i++) {
		int32_t to = places->nodes[i];

		planner->distances[i] =
			node < 0 || to == node
				? 0
				: topology_distance(planner->request->topology, node, to);
	}
}

/* What makes one CPU better than another one of the same level: the first that differs, less. */
struct rank {
	uint32_t by[6];
};

static struct rank rank_of(const struct planner *planner, const struct place *place)
{
	const struct place_core *core = &planner->places.cores[place->core];
	uint32_t distance = planner->distances[place->node_at];

	if (planner->request->policy == SPREAD_PACK) {
		bool is_begun = place->queues % pack_of(planner->request) != 0;

		return (struct rank){{distance, !is_begun, core->queues, core->visitors,
				      place->thread, place->cpu}};
	}
	return (struct rank){{distance, core->visitors,
			      planner->places.domain_queues[place->domain], place->queues,
			      place->thread, place->cpu}};
}

static bool is_better(const struct rank *a, const struct rank *b)
{
	size_t i = 0;

	while (i + 1 < ARRAY_SIZE(a->by) && a->by[i] == b->by[i])
		i++;
	return a->by[i] < b->by[i];
}

static struct place *choose(struct planner *planner, const struct queue *queue, uint32_t level,
			    bool at_home)
{
	int32_t home = home_of(planner, queue);
	struct place *best = NULL;
	struct rank best_rank;

	measure_from(planner, home);
	for (size_t i = 0; i < planner->places.n_usable; i++) {
		struct place *place = planner->places.usable[i];
		struct rank rank;

		if (level_of(planner, place) != level || (at_home && place->node != home) ||
		    !has_room(planner, place, queue->n_members))
			continue;
		rank = rank_of(planner, place);
		if (best && !is_better(&rank, &best_rank))
			continue;
		best = place;
		best_rank = rank;
	}
	return best;
}

static int move_to(struct outcome *outcome, uint32_t cpu, const char *reason)
{
	outcome->fate = FATE_MOVE;
	outcome->cpu = cpu;
	outcome->text = reason;
	return reason ? cpuset_add(&outcome->target, cpu) : -ENOMEM;
}

static int leave_full(struct planner *planner, struct outcome *outcome)
{
	outcome->fate = FATE_LEFT;
	outcome->text = reason_full(planner->request->vectors_per_cpu, &planner->plan.strings);
	return outcome->text ? 0 : -ENOMEM;
}

/* The first interrupt of the queue says why it is there, the others that they share its CPU. */
static int settle(struct planner *planner, const struct queue *queue, struct place *place,
		  uint32_t level)
{
	struct reason reason = {.request = planner->request,
				.places = &planner->places,
				.place = place,
				.home = home_of(planner, queue),
				.level = level};
	const char *text = reason_first(&reason, &planner->plan.strings);
	int r = 0;

	for (size_t i = 0; i < queue->n_members && r == 0; i++) {
		size_t at = planner->positions[queue->members[i].at];

		if (i == 1)
			text = reason_shared(queue->members[0].interrupt, &planner->plan.strings);
		r = move_to(&planner->outcomes[at], place->cpu, text);
	}
	places_bind(&planner->places, place);
	place->vectors += (uint32_t)queue->n_members;
	return r;
}

/* Fills the CPUs of that level. */
static int pour(struct planner *planner, uint32_t level, bool at_home)
{
	size_t refused = SIZE_MAX; /* a queue of that many interrupts found no CPU */

	for (size_t i = 0; i < planner->queues.n; i++) {
		const struct queue *queue = &planner->queues.items[i];
		struct place *place;
		int r;

		if (planner->is_settled[i] || queue->n_members >= refused ||
		    (at_home && home_of(planner, queue) < 0))
			continue;
		place = choose(planner, queue, level, at_home);
		if (!place && !at_home)
			refused = queue->n_members;
		if (!place)
			continue;
		r = settle(planner, queue, place, level);
		if (r < 0)
			return r;
		planner->is_settled[i] = true;
	}
	return 0;
}

static size_t count_unsettled(const struct planner *planner)
{
	size_t n = 0;

	for (size_t i = 0; i < planner->queues.n; i++)
		n += !planner->is_settled[i];
	return n;
}

static int leave_queue(struct planner *planner, const struct queue *queue)
{
	int r = 0;

	for (size_t i = 0; i < queue->n_members && r == 0; i++)
		r = leave_full(planner,
			       &planner->outcomes[planner->positions[queue->members[i].at]]);
	return r;
}

static int leave_the_rest(struct planner *planner)
{
	int r = 0;

	for (size_t i = 0; i < planner->queues.n && r == 0; i++) {
		if (!planner->is_settled[i])
			r = leave_queue(planner, &planner->queues.items[i]);
	}
	return r;
}

static int place_queues(struct planner *planner)
{
	uint32_t level = next_level(planner, 0);
	int r = 0;

	while (r == 0 && level != NO_LEVEL && count_unsettled(planner) > 0) {
		r = pour(planner, level, true);
		if (r == 0)
			r = pour(planner, level, false);
		level = next_level(planner, level + 1);
	}
	return r == 0 ? leave_the_rest(planner) : r;
}

/* Sorts the request into what is left, with the reason, and what is to be placed. */
static int sort_out(struct planner *planner, const struct interrupt **list, bool *is_placed)
{
	const struct spread_request *request = planner->request;
	const struct model *model = request->model;
	_cleanup_free_ bool *is_known = calloc(model->n_items + 1, sizeof(*is_known));

	if (!is_known)
		return -ENOMEM;
	for (size_t i = 0; i < request->n_interrupts; i++) {
		const struct interrupt *interrupt = request->interrupts[i];
		size_t item = (size_t)(interrupt - model->items);
		const char *why;

		if (is_known[item])
			continue;
		is_known[item] = true;
		why = taken_why(request, interrupt);
		is_placed[item] = !why;
		if (why) {
			planner->outcomes[i] = (struct outcome){.fate = FATE_LEFT, .text = why};
			continue;
		}
		list[planner->n_listed] = interrupt;
		planner->positions[planner->n_listed++] = i;
	}
	return 0;
}

static int prepare(struct planner *planner)
{
	const struct spread_request *request = planner->request;
	_cleanup_free_ const struct interrupt **list =
		calloc(request->n_interrupts + 1, sizeof(const struct interrupt *));
	_cleanup_free_ bool *is_placed = calloc(request->model->n_items + 1, sizeof(*is_placed));
	int r;

	planner->positions = calloc(request->n_interrupts + 1, sizeof(*planner->positions));
	planner->outcomes = calloc(request->n_interrupts + 1, sizeof(*planner->outcomes));
	planner->is_settled = calloc(request->n_interrupts + 1, sizeof(*planner->is_settled));
	planner->distances = calloc(planner->places.n_nodes + 1, sizeof(*planner->distances));
	if (!list || !is_placed || !planner->positions || !planner->outcomes ||
	    !planner->is_settled || !planner->distances)
		return -ENOMEM;
	r = sort_out(planner, list, is_placed);
	if (r == 0)
		r = queues_build(list, planner->n_listed, &planner->queues);
	if (r == 0)
		r = taken_count(request, is_placed, &planner->places);
	return r;
}

/* The CPUs of the hint that are allowed and have room, into `target`, which is empty. */
static int cut_hint(const struct planner *planner, const struct cpuset *hint, struct cpuset *target)
{
	int r = 0;

	for (size_t i = 0; i < planner->places.n_usable && r == 0; i++) {
		const struct place *place = planner->places.usable[i];

		if (cpuset_has(hint, place->cpu) && has_room(planner, place, 1))
			r = cpuset_add(target, place->cpu);
	}
	return r;
}

static int follow_hint(struct planner *planner, const struct interrupt *interrupt,
		       struct outcome *outcome)
{
	const struct cpuset *hint = &interrupt->facts->hint;
	int r = cut_hint(planner, hint, &outcome->target);
	int64_t cpu = cpuset_next(&outcome->target, 0);

	if (r < 0)
		return r;
	if (cpu < 0)
		return leave_full(planner, outcome);
	/* of several CPUs the kernel takes one, and only it knows which: no vector is counted */
	if (cpuset_count(&outcome->target) == 1)
		places_find(&planner->places, (uint32_t)cpu)->vectors++;
	outcome->fate = FATE_MOVE;
	outcome->cpu = (uint32_t)cpu;
	outcome->text = reason_hint(hint, &outcome->target, &planner->plan.strings);
	return outcome->text ? 0 : -ENOMEM;
}

static int follow_hints(struct planner *planner)
{
	int r = 0;

	for (size_t i = 0; i < planner->n_listed && r == 0; i++) {
		size_t at = planner->positions[i];

		r = follow_hint(planner, planner->request->interrupts[at], &planner->outcomes[at]);
	}
	return r;
}

/* The outcomes in the order of the request. Targets change hands. */
static int emit(struct planner *planner)
{
	const struct spread_request *request = planner->request;
	struct spread_plan *plan = &planner->plan;

	plan->moves = calloc(request->n_interrupts + 1, sizeof(*plan->moves));
	plan->left = calloc(request->n_interrupts + 1, sizeof(*plan->left));
	if (!plan->moves || !plan->left)
		return -ENOMEM;
	for (size_t i = 0; i < request->n_interrupts; i++) {
		const struct interrupt *interrupt = request->interrupts[i];
		struct outcome *outcome = &planner->outcomes[i];

		if (outcome->fate == FATE_LEFT)
			plan->left[plan->n_left++] = (struct spread_left){interrupt, outcome->text};
		if (outcome->fate != FATE_MOVE)
			continue;
		plan->moves[plan->n_moves++] = (struct spread_move){.interrupt = interrupt,
								    .cpu = outcome->cpu,
								    .target = outcome->target,
								    .reason = outcome->text};
		outcome->target = (struct cpuset){0};
	}
	return 0;
}

/* An interrupt from elsewhere has no place in the tables that are kept by item of the model. */
static bool is_of_model(const struct spread_request *request)
{
	uintptr_t first = (uintptr_t)request->model->items;
	uintptr_t end = (uintptr_t)(request->model->items + request->model->n_items);

	for (size_t i = 0; i < request->n_interrupts; i++) {
		uintptr_t item = (uintptr_t)request->interrupts[i];

		if (item < first || item >= end)
			return false;
	}
	return true;
}

int spread_plan_build(const struct spread_request *request, struct spread_plan *ret)
{
	_cleanup_(planner_done) struct planner planner = {.request = request, .node = -1};
	int r;

	if (cpuset_next(request->allowed, 0) < 0 || !is_of_model(request))
		return -EINVAL;
	r = places_init(&planner.places, request->topology, request->allowed);
	if (r == 0 && request->policy == SPREAD_APART)
		r = places_keep_apart(&planner.places);
	if (r == 0)
		r = prepare(&planner);
	if (r == 0)
		r = request->policy == SPREAD_HINT ? follow_hints(&planner)
						   : place_queues(&planner);
	if (r == 0)
		r = emit(&planner);
	if (r < 0)
		return r;
	*ret = planner.plan;
	planner.plan = (struct spread_plan){0};
	return 0;
}

void spread_plan_done(struct spread_plan *plan)
{
	for (size_t i = 0; i < plan->n_moves; i++)
		cpuset_done(&plan->moves[i].target);
	free(plan->moves);
	free(plan->left);
	arena_done(&plan->strings);
	*plan = (struct spread_plan){0};
}
