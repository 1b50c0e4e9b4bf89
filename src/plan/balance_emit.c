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
	bool is_forced, is_done;
};

/* A CPU, as it is after the moves so far. */
struct spot {
	double own, fill;  /* load, fill */
	uint32_t used;     /* interrupts */
	uint32_t first;    /* the largest bundle that leaves it */
	uint32_t first_in; /* one that goes there */
	bool is_blocked;   /* nothing can leave it until there is room elsewhere */
};

struct block {
	double highest; /* fill of any open CPU */
	double giving;  /* fill of a CPU with bundles that is not blocked; -1: none */
	bool is_stale;  /* both have to be found anew */
};

struct emitting {
	const struct placement *placement;
	const struct work *work;
	const struct limits *limits;
	struct balance_plan *plan;
	struct planned_move *moves; /* the caller's in the end */
	struct arena memory;        /* of all that follows */
	struct bundle *bundles;
	uint32_t n_bundles, n_pending, n_forced;
	size_t n_left;      /* moves that are still to be done */
	size_t budget;      /* moves that may still be done */
	struct spot *spots; /* by CPU */
	double *core;       /* loads as they are after the moves so far */
	struct block *blocks;
	uint32_t n_blocked;
};

static void emitting_done(struct emitting *emitting)
{
	free(emitting->moves);
	arena_done(&emitting->memory);
}

static void *take(struct emitting *emitting, size_t n, size_t size)
{
	void *memory = arena_alloc(&emitting->memory, n * size);

	return memory ? memset(memory, 0, n * size) : NULL;
}

static double fill_with(const struct emitting *emitting, uint32_t cpu, double own, double core)
{
	const struct work *work = emitting->work;
	const struct work_cpu *c = &work->cpus[cpu];

	return larger((emitting->spots[cpu].own + own) * c->scale,
		      (emitting->core[c->core] + core) * work->cores[c->core].scale);
}

static uint32_t first_pending(struct emitting *emitting, uint32_t cpu)
{
	while (emitting->spots[cpu].first != BALANCE_NOWHERE &&
	       emitting->bundles[emitting->spots[cpu].first].is_done)
		emitting->spots[cpu].first = emitting->bundles[emitting->spots[cpu].first].next;
	return emitting->spots[cpu].first;
}

static void refresh(struct emitting *emitting, uint32_t block)
{
	const struct work_block *b = &emitting->work->blocks[block];
	double highest = 0, giving = -1;

	for (uint32_t cpu = b->first; cpu < b->first + b->n; cpu++) {
		double fill = emitting->spots[cpu].fill;

		if (fill > highest && !emitting->work->cpus[cpu].is_closed)
			highest = fill;
		if (fill > giving && !emitting->spots[cpu].is_blocked &&
		    first_pending(emitting, cpu) != BALANCE_NOWHERE)
			giving = fill;
	}
	emitting->blocks[block].highest = highest;
	emitting->blocks[block].giving = giving;
	emitting->blocks[block].is_stale = false;
}

static void refresh_stale(struct emitting *emitting)
{
	for (uint32_t i = 0; i < emitting->work->n_blocks; i++) {
		if (emitting->blocks[i].is_stale)
			refresh(emitting, i);
	}
}

/* After the load of a CPU has changed. */
static void refresh_cpu(struct emitting *emitting, uint32_t cpu)
{
	const struct work_core *core = &emitting->work->cores[emitting->work->cpus[cpu].core];

	for (uint32_t i = core->first; i < core->first + core->n; i++)
		emitting->spots[i].fill = fill_with(emitting, i, 0, 0);
	emitting->blocks[emitting->work->cpus[cpu].block].is_stale = true;
}

static void set_blocked(struct emitting *emitting, uint32_t cpu, bool is_blocked)
{
	emitting->spots[cpu].is_blocked = is_blocked;
	emitting->n_blocked += is_blocked ? 1 : -1;
	emitting->blocks[emitting->work->cpus[cpu].block].is_stale = true;
}

static double highest_of(struct emitting *emitting)
{
	double highest = 0;

	refresh_stale(emitting);
	for (uint32_t i = 0; i < emitting->work->n_blocks; i++)
		highest = larger(highest, emitting->blocks[i].highest);
	return highest;
}

static uint32_t fullest_giver(struct emitting *emitting)
{
	const struct work *work = emitting->work;
	uint32_t block = 0;

	refresh_stale(emitting);
	for (uint32_t i = 1; i < work->n_blocks; i++) {
		if (emitting->blocks[i].giving > emitting->blocks[block].giving)
			block = i;
	}
	for (uint32_t i = 0; i < work->blocks[block].n; i++) {
		uint32_t cpu = work->blocks[block].first + i;

		if (!emitting->spots[cpu].is_blocked &&
		    emitting->spots[cpu].first != BALANCE_NOWHERE &&
		    emitting->spots[cpu].fill >= emitting->blocks[block].giving)
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

/* n interrupts with that load more on a CPU. */
static void add(struct emitting *emitting, uint32_t cpu, double load, int n)
{
	if (cpu == BALANCE_NOWHERE)
		return;
	emitting->spots[cpu].own += load;
	emitting->spots[cpu].used += (uint32_t)n;
	emitting->core[emitting->work->cpus[cpu].core] += load;
}

/* Those that wait for room on a CPU, or its core, may try again. */
static void unblock(struct emitting *emitting, uint32_t cpu)
{
	const struct work *work = emitting->work;
	const struct work_core *core = &work->cores[work->cpus[cpu].core];
	uint32_t end = emitting->n_blocked > 0 ? core->first + core->n : 0;

	for (uint32_t to = core->first; to < end; to++) {
		for (uint32_t i = emitting->spots[to].first_in; i != BALANCE_NOWHERE;
		     i = emitting->bundles[i].next_in) {
			uint32_t from = emitting->bundles[i].from;

			if (emitting->bundles[i].is_done || from == BALANCE_NOWHERE ||
			    !emitting->spots[from].is_blocked)
				continue;
			set_blocked(emitting, from, false);
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

	return fill_after(emitting, bundle) < emitting->spots[from].fill &&
	       (emitting->spots[from].own * work->cpus[from].scale >
			limits->cpu[from] + WORK_EPSILON ||
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

static struct planned_move describe(struct emitting *emitting, const struct bundle *bundle,
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
				    .to_fill = emitting->spots[bundle->to].fill};

	if (from != BALANCE_NOWHERE)
		move.from_fill = emitting->spots[from].fill;
	if (move.cause == MOVE_LOAD)
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
		add(emitting, bundle->to, work->problem->irqs[irq].load, 1);
		if (from == BALANCE_NOWHERE)
			continue;
		add(emitting, from, -work->problem->irqs[irq].load, -1);
		refresh_cpu(emitting, from);
		unblock(emitting, from);
	}
	refresh_cpu(emitting, bundle->to);
	emitting->n_pending--;
	emitting->n_forced -= bundle->is_forced;
	emitting->n_left -= bundle->n;
	emitting->budget -= bundle->n;
}

/* Whether there are slots where it goes, when so many interrupts come back from there. */
static bool has_slots(const struct emitting *emitting, const struct bundle *bundle, uint32_t n_back)
{
	return (uint64_t)emitting->spots[bundle->to].used + bundle->n <=
	       (uint64_t)emitting->work->cpus[bundle->to].slots + n_back;
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
		    !has_slots(emitting, bundle, other->n) ||
		    !has_slots(emitting, other, bundle->n) ||
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
		emit_swap(emitting, b, a);
		return;
	}
	emit_bundle(emitting, a, &other);
	emit_bundle(emitting, b, &one);
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
		if (fill_after(emitting, bundle) <= highest && has_slots(emitting, bundle, 0)) {
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
	if (best != BALANCE_NOWHERE)
		emit_bundle(emitting, best, NULL);
	return best != BALANCE_NOWHERE;
}

/* What has to leave its CPU, as far as there are slots; whether there were any. */
static bool emit_forced(struct emitting *emitting)
{
	bool is_any = false;

	for (uint32_t i = 0; i < emitting->n_bundles && emitting->n_forced > 0; i++) {
		const struct bundle *bundle = &emitting->bundles[i];

		if (!bundle->is_forced || bundle->is_done || bundle->n > emitting->budget ||
		    !has_slots(emitting, bundle, 0))
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
			if (!give(emitting, cpu))
				set_blocked(emitting, cpu, true);
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
		emitting->spots[cpu].own = work->cpus[cpu].base;
		emitting->spots[cpu].used = work->cpus[cpu].held;
		emitting->spots[cpu].first = emitting->spots[cpu].first_in = BALANCE_NOWHERE;
	}
	for (uint32_t i = 0; i < work->n_cores; i++)
		emitting->core[i] = work->cores[i].base;
	for (uint32_t i = 0; i < work->n_units; i++) {
		for (uint32_t j = 0; j < work->units[i].n_members; j++) {
			uint32_t irq = work->members[work->units[i].first_member + j];

			add(emitting, place_of(emitting, irq), work->problem->irqs[irq].load, 1);
		}
		add_bundle(emitting, i);
	}
	emitting->n_pending = emitting->n_bundles;
	for (uint32_t i = emitting->n_bundles; i-- > 0;) {
		struct bundle *bundle = &emitting->bundles[i];

		bundle->next_in = emitting->spots[bundle->to].first_in;
		emitting->spots[bundle->to].first_in = i;
		if (bundle->from == BALANCE_NOWHERE)
			continue;
		bundle->next = emitting->spots[bundle->from].first;
		emitting->spots[bundle->from].first = i;
	}
	for (uint32_t i = 0; i < work->n_cores; i++)
		refresh_cpu(emitting, work->cores[i].first);
}

/* Of what the CPUs serve by `at`, with loads as in `emitting`. */
static struct balance_fill sum_up(struct emitting *emitting, const uint32_t *at)
{
	const struct work *work = emitting->work;
	struct balance_fill fill = {.max = highest_of(emitting),
				    .remote = balance_remote(work->problem, at)};

	for (uint32_t cpu = 0; cpu < work->n_cpus; cpu++) {
		const struct spot *spot = &emitting->spots[cpu];

		if (work->cpus[cpu].is_closed)
			continue;
		fill.mean += spot->fill / work->n_open;
		fill.own = larger(fill.own, spot->own / work->cpus[cpu].capacity);
	}
	return fill;
}

static int reserve(struct emitting *emitting)
{
	const struct work *work = emitting->work;
	size_t n = work->n_cpus, n_irqs = work->problem->n_irqs + 1;

	emitting->moves = calloc(n_irqs, sizeof(*emitting->moves));
	emitting->bundles = take(emitting, work->n_units + (size_t)1, sizeof(*emitting->bundles));
	emitting->spots = take(emitting, n, sizeof(*emitting->spots));
	emitting->core = take(emitting, n, sizeof(*emitting->core));
	emitting->blocks = take(emitting, n, sizeof(*emitting->blocks));
	emitting->plan->at = calloc(n_irqs, sizeof(*emitting->plan->at));
	if (!emitting->moves || !emitting->bundles || !emitting->spots || !emitting->core ||
	    !emitting->blocks || !emitting->plan->at)
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
		const struct planned_move *from = &emitting->moves[i];
		struct balance_move *move = &plan->moves[i];

		*move = (struct balance_move){.irq = from->irq, .from = from->from, .to = from->to};
		move->to_fill = emitting->spots[cpu_of[move->to]].fill;
		if (move->from != BALANCE_NOWHERE)
			move->from_fill = emitting->spots[cpu_of[move->from]].fill;
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
	plan->before = sum_up(&emitting, plan->at);
	emit_all(&emitting);
	plan->after = sum_up(&emitting, plan->at);
	/* the bound is for all: it may be above, where what finds no room stays */
	plan->before.bound = plan->after.bound = smaller(bound, plan->after.max);
	r = copy_moves(&emitting);
	if (r == 0)
		*ret_moves = take_ptr(emitting.moves);
	return r;
}
