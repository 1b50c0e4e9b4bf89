/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The order of the moves: what has to leave its CPU first, then always one off the busiest CPU that
 * has any to give, the largest that does not make another CPU the busiest of all. Where two wait
 * for each other they change places.
 */
#include "plan/balance_emit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"

/* The members of a unit that are not where the unit is to be: they go together. */
struct bundle {
	uint32_t unit, from, to, n;
	double load;
	uint32_t next;    /* of the same `from`, with less load */
	uint32_t next_in; /* of the same `to` */
	enum move_cause cause;
	bool is_forced, is_done;
};

struct emitting {
	const struct placement *placement;
	const struct work *work;
	const struct limits *limits;
	struct balance_plan *plan;
	struct planned_move *moves;
	struct bundle *bundles;
	uint32_t n_bundles, n_pending, n_forced;
	size_t n_left;      /* moves that are still to be done */
	size_t budget;      /* moves that may still be done */
	uint32_t *first;    /* by CPU: the largest bundle that leaves it */
	uint32_t *first_in; /* by CPU: one that goes there */
	uint32_t *used;     /* by CPU: interrupts */
	double *own, *core; /* loads as they are after the moves so far */
	double *fill;       /* by CPU */
	double *highest;    /* by block: fill of any open CPU */
	double *giving;     /* by block: fill of a CPU with bundles that is not blocked; -1: none */
	bool *is_blocked;   /* by CPU: nothing can leave it until there is room elsewhere */
};

static void emitting_done(struct emitting *emitting)
{
	free(emitting->moves);
	free(emitting->bundles);
	free(emitting->first);
	free(emitting->first_in);
	free(emitting->fill);
	free(emitting->used);
	free(emitting->own);
	free(emitting->core);
	free(emitting->highest);
	free(emitting->giving);
	free(emitting->is_blocked);
}

static double fill_with(const struct emitting *emitting, uint32_t cpu, double own, double core)
{
	const struct work *work = emitting->work;
	const struct work_cpu *c = &work->cpus[cpu];

	return larger((emitting->own[cpu] + own) * c->scale,
		      (emitting->core[c->core] + core) * work->cores[c->core].scale);
}

static uint32_t first_pending(struct emitting *emitting, uint32_t cpu)
{
	while (emitting->first[cpu] != BALANCE_NOWHERE &&
	       emitting->bundles[emitting->first[cpu]].is_done)
		emitting->first[cpu] = emitting->bundles[emitting->first[cpu]].next;
	return emitting->first[cpu];
}

static void refresh(struct emitting *emitting, uint32_t block)
{
	const struct work_block *b = &emitting->work->blocks[block];
	double highest = 0, giving = -1;

	for (uint32_t cpu = b->first; cpu < b->first + b->n; cpu++) {
		double fill = emitting->fill[cpu];

		if (fill > highest && !emitting->work->cpus[cpu].is_closed)
			highest = fill;
		if (fill > giving && !emitting->is_blocked[cpu] &&
		    first_pending(emitting, cpu) != BALANCE_NOWHERE)
			giving = fill;
	}
	emitting->highest[block] = highest;
	emitting->giving[block] = giving;
}

/* After the load of a CPU has changed. */
static void refresh_cpu(struct emitting *emitting, uint32_t cpu)
{
	const struct work_core *core = &emitting->work->cores[emitting->work->cpus[cpu].core];

	for (uint32_t i = core->first; i < core->first + core->n; i++)
		emitting->fill[i] = fill_with(emitting, i, 0, 0);
	refresh(emitting, emitting->work->cpus[cpu].block);
}

static double highest_of(const struct emitting *emitting)
{
	double highest = 0;

	for (uint32_t i = 0; i < emitting->work->n_blocks; i++)
		highest = larger(highest, emitting->highest[i]);
	return highest;
}

static uint32_t fullest_giver(const struct emitting *emitting)
{
	const struct work *work = emitting->work;
	uint32_t block = 0;

	for (uint32_t i = 1; i < work->n_blocks; i++) {
		if (emitting->giving[i] > emitting->giving[block])
			block = i;
	}
	for (uint32_t i = 0; i < work->blocks[block].n; i++) {
		uint32_t cpu = work->blocks[block].first + i;

		if (!emitting->is_blocked[cpu] && emitting->first[cpu] != BALANCE_NOWHERE &&
		    emitting->fill[cpu] >= emitting->giving[block])
			return cpu;
	}
	return BALANCE_NOWHERE;
}

static uint32_t place_of(const struct emitting *emitting, uint32_t irq)
{
	uint32_t at = emitting->work->problem->irqs[irq].at;

	return at == BALANCE_NOWHERE ? at : emitting->work->cpu_of[at];
}

static uint32_t index_of(const struct emitting *emitting, uint32_t cpu)
{
	return cpu == BALANCE_NOWHERE ? cpu : emitting->work->cpus[cpu].index;
}

static void add_load(struct emitting *emitting, uint32_t cpu, double load)
{
	if (cpu == BALANCE_NOWHERE)
		return;
	emitting->own[cpu] += load;
	emitting->core[emitting->work->cpus[cpu].core] += load;
}

/* Those that wait for room on a CPU, or its core, may try again. */
static void unblock(struct emitting *emitting, uint32_t cpu)
{
	const struct work *work = emitting->work;
	const struct work_core *core = &work->cores[work->cpus[cpu].core];

	for (uint32_t to = core->first; to < core->first + core->n; to++) {
		for (uint32_t i = emitting->first_in[to]; i != BALANCE_NOWHERE;
		     i = emitting->bundles[i].next_in) {
			uint32_t from = emitting->bundles[i].from;

			if (emitting->bundles[i].is_done || from == BALANCE_NOWHERE ||
			    !emitting->is_blocked[from])
				continue;
			emitting->is_blocked[from] = false;
			refresh(emitting, work->cpus[from].block);
		}
	}
}

/* The fill of the CPU that it goes to, once it is there. */
static double fill_after(const struct emitting *emitting, const struct bundle *bundle)
{
	const struct work *work = emitting->work;
	bool is_same_core = bundle->from != BALANCE_NOWHERE &&
			    work->cpus[bundle->from].core == work->cpus[bundle->to].core;

	return fill_with(emitting, bundle->to, bundle->load, is_same_core ? 0 : bundle->load);
}

/* Whether a CPU is above its limit, and the one that its bundle goes to ends below it. */
static bool is_relief(const struct emitting *emitting, const struct bundle *bundle, uint32_t from)
{
	const struct work *work = emitting->work;
	const struct limits *limits = emitting->limits;
	uint32_t core = work->cpus[from].core;

	return fill_after(emitting, bundle) < emitting->fill[from] &&
	       (emitting->own[from] * work->cpus[from].scale > limits->cpu[from] + WORK_EPSILON ||
		emitting->core[core] * work->cores[core].scale > limits->core[core] + WORK_EPSILON);
}

/* What the first interrupt of a bundle is moved for; the others go with it. */
static enum move_cause cause_of(const struct emitting *emitting, const struct bundle *bundle,
				uint32_t from)
{
	const struct work *work = emitting->work;
	const struct work_unit *unit = &work->units[bundle->unit];

	if (from == BALANCE_NOWHERE)
		return MOVE_NOWHERE;
	if (work->cpus[from].is_closed)
		return MOVE_CLOSED;
	if (!work_may(work, unit->class, from))
		return MOVE_NOT_ALLOWED;
	if (unit->present == bundle->to)
		return MOVE_TOGETHER;
	if (emitting->limits->cpu[from] < 0)
		return MOVE_PACK;
	if (work_farness(work, unit, bundle->to) < work_farness(work, unit, from) &&
	    !is_relief(emitting, bundle, from))
		return MOVE_NEARER;
	return MOVE_LOAD;
}

static struct planned_move describe(const struct emitting *emitting, const struct bundle *bundle,
				    uint32_t irq, const struct bundle *swapped)
{
	const struct work *work = emitting->work;
	const struct work_unit *unit = &work->units[bundle->unit];
	uint32_t from = place_of(emitting, irq);
	struct planned_move move = {.irq = irq,
				    .from = index_of(emitting, from),
				    .to = index_of(emitting, bundle->to),
				    .cause = cause_of(emitting, bundle, from),
				    .partner = work->members[unit->first_member],
				    .to_fill = emitting->fill[bundle->to]};

	if (from != BALANCE_NOWHERE)
		move.from_fill = emitting->fill[from];
	move.is_busiest = move.from_fill >= highest_of(emitting) - WORK_EPSILON;
	if (swapped && move.cause == MOVE_LOAD) {
		move.cause = MOVE_SWAP;
		move.partner = work->members[work->units[swapped->unit].first_member];
	}
	return move;
}

static void emit_bundle(struct emitting *emitting, uint32_t at, const struct bundle *swapped)
{
	struct bundle *bundle = &emitting->bundles[at];
	const struct work *work = emitting->work;
	const struct work_unit *unit = &work->units[bundle->unit];
	size_t first = emitting->plan->n_moves;

	for (uint32_t i = 0; i < unit->n_members; i++) {
		uint32_t irq = work->members[unit->first_member + i];
		struct planned_move *move = &emitting->moves[emitting->plan->n_moves];

		if (place_of(emitting, irq) == bundle->to)
			continue;
		*move = describe(emitting, bundle, irq, swapped);
		if (emitting->plan->n_moves++ > first) {
			move->cause = MOVE_TOGETHER;
			move->partner = emitting->moves[first].irq;
		}
	}
	bundle->is_done = true;
	for (uint32_t i = 0; i < unit->n_members; i++) {
		uint32_t irq = work->members[unit->first_member + i];
		uint32_t from = place_of(emitting, irq);

		if (from == bundle->to)
			continue;
		emitting->plan->at[irq] = index_of(emitting, bundle->to);
		emitting->used[bundle->to]++;
		add_load(emitting, bundle->to, work->problem->irqs[irq].load);
		if (from == BALANCE_NOWHERE)
			continue;
		emitting->used[from]--;
		add_load(emitting, from, -work->problem->irqs[irq].load);
		refresh_cpu(emitting, from);
		unblock(emitting, from);
	}
	refresh_cpu(emitting, bundle->to);
	emitting->n_pending--;
	emitting->n_forced -= bundle->is_forced;
	emitting->n_left -= bundle->n;
	emitting->budget -= bundle->n;
}

static bool has_slots(const struct emitting *emitting, const struct bundle *bundle)
{
	return (uint64_t)emitting->used[bundle->to] + bundle->n <=
	       emitting->work->cpus[bundle->to].slots;
}

static bool has_slots_for_swap(const struct emitting *emitting, const struct bundle *a,
			       const struct bundle *b)
{
	const struct work_cpu *cpus = emitting->work->cpus;

	return (uint64_t)emitting->used[a->to] + a->n <= (uint64_t)cpus[a->to].slots + b->n &&
	       (uint64_t)emitting->used[b->to] + b->n <= (uint64_t)cpus[b->to].slots + a->n;
}

/* A bundle the other way, with which both CPUs end at most at `highest`. */
static uint32_t find_return(struct emitting *emitting, const struct bundle *bundle, double highest)
{
	const struct work *work = emitting->work;

	for (uint32_t i = first_pending(emitting, bundle->to); i != BALANCE_NOWHERE;
	     i = emitting->bundles[i].next) {
		const struct bundle *other = &emitting->bundles[i];
		double more = bundle->load - other->load;
		bool is_same_core = work->cpus[bundle->from].core == work->cpus[bundle->to].core;
		double core = is_same_core ? 0 : more;

		if (other->is_done || other->to != bundle->from ||
		    !has_slots_for_swap(emitting, bundle, other) ||
		    (uint64_t)other->n + bundle->n > emitting->budget)
			continue;
		if (fill_with(emitting, bundle->to, more, core) <= highest &&
		    fill_with(emitting, bundle->from, -more, -core) <= highest)
			return i;
	}
	return BALANCE_NOWHERE;
}

/* The half that raises its CPU less goes first. */
static void emit_swap(struct emitting *emitting, uint32_t a, uint32_t b)
{
	const struct bundle one = emitting->bundles[a], other = emitting->bundles[b];

	if (fill_after(emitting, &one) > fill_after(emitting, &other)) {
		emit_bundle(emitting, b, &one);
		emit_bundle(emitting, a, &other);
	} else {
		emit_bundle(emitting, a, &other);
		emit_bundle(emitting, b, &one);
	}
}

/* Moves something off a CPU, without a new highest fill; false: not now. */
static bool give(struct emitting *emitting, uint32_t cpu)
{
	double highest = highest_of(emitting) + WORK_EPSILON;

	for (uint32_t i = first_pending(emitting, cpu); i != BALANCE_NOWHERE;
	     i = emitting->bundles[i].next) {
		const struct bundle *bundle = &emitting->bundles[i];
		uint32_t other;

		if (bundle->is_done || bundle->n > emitting->budget)
			continue;
		if (fill_after(emitting, bundle) <= highest && has_slots(emitting, bundle)) {
			emit_bundle(emitting, i, NULL);
			return true;
		}
		other = find_return(emitting, bundle, highest);
		if (other != BALANCE_NOWHERE) {
			emit_swap(emitting, i, other);
			return true;
		}
	}
	return false;
}

/*
 * Moves that wait for each other in a ring raise a CPU for a moment, whichever goes first: the one
 * that raises it least does, if all of them can be done.
 */
static bool break_ring(struct emitting *emitting)
{
	uint32_t best = BALANCE_NOWHERE;

	if (emitting->n_left > emitting->budget)
		return false;
	for (uint32_t cpu = 0; cpu < emitting->work->n_cpus; cpu++) {
		uint32_t i = first_pending(emitting, cpu);

		if (i != BALANCE_NOWHERE &&
		    (best == BALANCE_NOWHERE ||
		     fill_after(emitting, &emitting->bundles[i]) <
			     fill_after(emitting, &emitting->bundles[best])))
			best = i;
	}
	if (best == BALANCE_NOWHERE)
		return false;
	emit_bundle(emitting, best, NULL);
	return true;
}

/* What has to leave its CPU, as far as there are slots; whether there were any. */
static bool emit_forced(struct emitting *emitting)
{
	bool is_any = false;

	for (uint32_t i = 0; i < emitting->n_bundles && emitting->n_forced > 0; i++) {
		const struct bundle *bundle = &emitting->bundles[i];

		if (!bundle->is_forced || bundle->is_done || bundle->n > emitting->budget ||
		    !has_slots(emitting, bundle))
			continue;
		emit_bundle(emitting, i, NULL);
		is_any = true;
	}
	return is_any;
}

/* Those that wait for slots that others leave, and these for theirs. */
static void emit_rest(struct emitting *emitting)
{
	for (uint32_t i = 0; i < emitting->n_bundles && emitting->n_left <= emitting->budget; i++) {
		if (!emitting->bundles[i].is_done)
			emit_bundle(emitting, i, NULL);
	}
}

static void emit_all(struct emitting *emitting)
{
	emit_forced(emitting);
	while (emitting->n_pending > 0 && emitting->budget > 0) {
		uint32_t cpu = fullest_giver(emitting);

		if (cpu != BALANCE_NOWHERE) {
			if (!give(emitting, cpu)) {
				emitting->is_blocked[cpu] = true;
				refresh(emitting, emitting->work->cpus[cpu].block);
			}
		} else if (!emit_forced(emitting) && !break_ring(emitting)) {
			break;
		}
	}
	emit_rest(emitting);
}

static void add_bundle(struct emitting *emitting, uint32_t unit)
{
	const struct work *work = emitting->work;
	const struct work_unit *u = &work->units[unit];
	struct bundle *bundle = &emitting->bundles[emitting->n_bundles];

	*bundle = (struct bundle){.unit = unit,
				  .from = BALANCE_NOWHERE,
				  .to = emitting->placement->at[unit],
				  .next = BALANCE_NOWHERE,
				  .next_in = BALANCE_NOWHERE};
	for (uint32_t i = 0; i < u->n_members && bundle->to != BALANCE_NOWHERE; i++) {
		uint32_t irq = work->members[u->first_member + i];
		uint32_t from = place_of(emitting, irq);

		if (from == bundle->to)
			continue;
		bundle->n++;
		bundle->load += work->problem->irqs[irq].load;
		if (bundle->from == BALANCE_NOWHERE)
			bundle->from = from;
		bundle->is_forced |= from == BALANCE_NOWHERE || !work_may(work, u->class, from);
	}
	if (bundle->n == 0)
		return;
	emitting->n_left += bundle->n;
	emitting->n_forced += bundle->is_forced;
	emitting->n_bundles++;
}

/* The loads as they are now. */
static void add_up(struct emitting *emitting)
{
	const struct work *work = emitting->work;

	for (uint32_t cpu = 0; cpu < work->n_cpus; cpu++) {
		emitting->own[cpu] = work->cpus[cpu].base;
		emitting->used[cpu] = work->cpus[cpu].held;
		emitting->first[cpu] = emitting->first_in[cpu] = BALANCE_NOWHERE;
	}
	for (uint32_t i = 0; i < work->n_cores; i++)
		emitting->core[i] = work->cores[i].base;
	for (uint32_t i = 0; i < work->n_units; i++) {
		for (uint32_t j = 0; j < work->units[i].n_members; j++) {
			uint32_t irq = work->members[work->units[i].first_member + j];
			uint32_t at = place_of(emitting, irq);

			add_load(emitting, at, work->problem->irqs[irq].load);
			if (at != BALANCE_NOWHERE)
				emitting->used[at]++;
		}
		add_bundle(emitting, i);
	}
	emitting->n_pending = emitting->n_bundles;
	for (uint32_t i = emitting->n_bundles; i-- > 0;) {
		struct bundle *bundle = &emitting->bundles[i];

		bundle->next_in = emitting->first_in[bundle->to];
		emitting->first_in[bundle->to] = i;
		if (bundle->from == BALANCE_NOWHERE)
			continue;
		bundle->next = emitting->first[bundle->from];
		emitting->first[bundle->from] = i;
	}
	for (uint32_t i = 0; i < work->n_cores; i++)
		refresh_cpu(emitting, work->cores[i].first);
}

/* Of what the CPUs serve by `at`, with loads as in `emitting`. */
static struct balance_fill sum_up(const struct emitting *emitting, const uint32_t *at, double bound)
{
	const struct work *work = emitting->work;
	struct balance_fill fill = {.max = highest_of(emitting), .bound = bound};
	double load = 0, remote = 0;

	for (uint32_t cpu = 0; cpu < work->n_cpus; cpu++) {
		if (!work->cpus[cpu].is_closed)
			fill.mean += emitting->fill[cpu] / work->n_open;
	}
	for (uint32_t i = 0; i < work->problem->n_irqs; i++) {
		const struct balance_irq *irq = &work->problem->irqs[i];

		load += irq->load;
		if (irq->node >= 0 && at[i] != BALANCE_NOWHERE &&
		    work->problem->cpus[at[i]].node >= 0 &&
		    work->problem->cpus[at[i]].node != irq->node)
			remote += irq->load;
	}
	fill.remote = load > 0 ? remote / load : 0;
	return fill;
}

static int reserve(struct emitting *emitting)
{
	const struct work *work = emitting->work;
	size_t n = work->n_cpus, n_irqs = work->problem->n_irqs + 1;

	emitting->moves = calloc(n_irqs, sizeof(*emitting->moves));
	emitting->bundles = calloc(work->n_units + (size_t)1, sizeof(*emitting->bundles));
	emitting->first = calloc(n, sizeof(*emitting->first));
	emitting->used = calloc(n, sizeof(*emitting->used));
	emitting->own = calloc(n, sizeof(*emitting->own));
	emitting->core = calloc(n, sizeof(*emitting->core));
	emitting->highest = calloc(n, sizeof(*emitting->highest));
	emitting->giving = calloc(n, sizeof(*emitting->giving));
	emitting->is_blocked = calloc(n, sizeof(*emitting->is_blocked));
	emitting->first_in = calloc(n, sizeof(*emitting->first_in));
	emitting->fill = calloc(n, sizeof(*emitting->fill));
	emitting->plan->at = calloc(n_irqs, sizeof(*emitting->plan->at));
	if (!emitting->moves || !emitting->bundles || !emitting->first || !emitting->used ||
	    !emitting->own || !emitting->core || !emitting->highest || !emitting->giving ||
	    !emitting->is_blocked || !emitting->first_in || !emitting->fill || !emitting->plan->at)
		return -ENOMEM;
	return 0;
}

/* The moves with the fills at the end. */
static int copy_moves(const struct emitting *emitting)
{
	struct balance_plan *plan = emitting->plan;
	const uint32_t *cpu_of = emitting->work->cpu_of;

	plan->moves = calloc(plan->n_moves + 1, sizeof(*plan->moves));
	if (!plan->moves)
		return -ENOMEM;
	for (size_t i = 0; i < plan->n_moves; i++) {
		const struct planned_move *move = &emitting->moves[i];

		plan->moves[i] = (struct balance_move){
			.irq = move->irq,
			.from = move->from,
			.to = move->to,
			.from_fill = move->from == BALANCE_NOWHERE
					     ? 0
					     : emitting->fill[cpu_of[move->from]],
			.to_fill = emitting->fill[cpu_of[move->to]]};
	}
	return 0;
}

int emit_plan(const struct placement *placement, const struct limits *limits, double bound,
	      struct balance_plan *plan, struct planned_move **ret_moves)
{
	const struct work *work = placement->work;
	_cleanup_(emitting_done) struct emitting emitting = {
		.placement = placement, .work = work, .limits = limits, .plan = plan};
	int r = reserve(&emitting);

	if (r < 0)
		return r;
	emitting.budget =
		work->problem->budget == BALANCE_NO_LIMIT ? SIZE_MAX : work->problem->budget;
	for (size_t i = 0; i < work->problem->n_irqs; i++)
		plan->at[i] = work->problem->irqs[i].at;
	add_up(&emitting);
	plan->before = sum_up(&emitting, plan->at, bound);
	emit_all(&emitting);
	plan->after = sum_up(&emitting, plan->at, bound);
	/* what finds no room is left where it is, and then the bound, which is for all, may be
	 * above */
	plan->before.bound = plan->after.bound = smaller(bound, plan->after.max);
	r = copy_moves(&emitting);
	if (r == 0)
		*ret_moves = take_ptr(emitting.moves);
	return r;
}
