/* SPDX-License-Identifier: BSD-2-Clause */
#include "daemon/keeper_moves.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/heap.h"
#include "base/i18n.h"
#include "base/macros.h"
#include "daemon/log.h"

#define MEASURED_AFTER 2u           /* samples */
#define RETRY_NS       10000000000u /* after a write showed that nothing can be written */

void keeper_move_done(struct keeper_move *move)
{
	free(move->name);
	free(move->from);
	free(move->to);
	free(move->reason);
	*move = (struct keeper_move){0};
}

char *keeper_list(const struct cpuset *set)
{
	struct buf text = {0};

	if (cpuset_format(set, &text) < 0 || (!text.len && buf_puts(&text, "") < 0)) {
		buf_done(&text);
		return NULL;
	}
	return text.data;
}

/* Into the ring, in the place of the oldest. */
int keeper_remember(struct keeper *keeper, const struct keeper_wish *wish, enum change_state state,
		    bool foreign)
{
	const struct fleet_irq *irq = &keeper->fleet.irqs[wish->irq];
	struct keeper_move *slot = &keeper->moves[keeper->n_moves % KEEPER_MOVES];
	struct keeper_move move = {
		.time_ns = clock_ns(CLOCK_REALTIME),
		.irq = keeper->fleet.engine.irqs[wish->irq].irq,
		.round = keeper->round,
		.name = strdup(irq->name),
		.from = keeper_list(&irq->expected),
		.to = keeper_list(&wish->cpus),
		.reason = strdup(wish->reason),
		.state = state,
		.foreign = foreign,
		.before = wish->before,
		.predicted = wish->predicted,
		.measured = NAN,
	};

	if (!move.name || !move.from || !move.to || !move.reason) {
		keeper_move_done(&move);
		return -ENOMEM;
	}
	keeper_move_done(slot);
	*slot = move;
	keeper->n_moves++;
	return 0;
}

struct record_entry keeper_entry(const struct keeper *keeper, uint32_t irq)
{
	const struct fleet_irq *known = &keeper->fleet.irqs[irq];

	return (struct record_entry){
		.setting = {.kind = SETTING_IRQ, .irq = keeper->fleet.engine.irqs[irq].irq},
		.device = known->device,
		.vector = known->vector,
		.actions = known->actions,
		.cpus = known->expected,
	};
}

/* What is to be put back, as far as it is known: nothing for a first journal. */
static int write_originals(struct keeper *keeper, struct buf *error)
{
	const struct fleet *fleet = &keeper->fleet;
	const struct record *old = &keeper->old;
	size_t n = 0, room = fleet->n_irqs + old->n + 1;
	_cleanup_free_ struct record_entry *entries = calloc(room, sizeof(*entries));
	_cleanup_free_ const struct record_entry **list =
		calloc(room, sizeof(const struct record_entry *));

	if (!entries || !list)
		return -ENOMEM;
	for (size_t i = 0; i < old->n; i++)
		list[n++] = &old->entries[i];
	for (uint32_t i = 0; i < fleet->n_irqs; i++) {
		if (!fleet->irqs[i].journaled || cpuset_next(&fleet->irqs[i].original, 0) < 0)
			continue;
		entries[i] = keeper_entry(keeper, i);
		entries[i].cpus = fleet->irqs[i].original;
		list[n++] = &entries[i];
	}
	return n ? journal_write(keeper->journal, list, n, NULL, 0, error) : 0;
}

/* One that somebody removed still takes what is written, and tells it to nobody. */
static int open_journal(struct keeper *keeper, struct buf *error)
{
	_cleanup_(buf_done) struct buf path = {0};
	const char *dir = keeper->state_dir;
	int r = keeper_journal_path(dir, &path);

	if (r < 0 || (keeper->journal && access(buf_text(&path), F_OK) == 0))
		return r;
	journal_close(keeper->journal);
	keeper->journal = NULL;
	if (mkdir(dir, 0755) < 0 && errno != EEXIST) {
		r = -errno;
		buf_printf(error, "%s: %s", dir, strerror(-r));
		return r;
	}
	r = journal_open(buf_text(&path), true, buf_text(&keeper->boot), &keeper->journal, error);
	if (r < 0)
		return r;
	r = write_originals(keeper, error);
	if (r < 0) { /* the next time begins here again */
		journal_close(keeper->journal);
		keeper->journal = NULL;
	}
	return r;
}

/* What is about to be written goes to the journal first. 0, or -EAGAIN after a message. */
static int journal_wishes(struct keeper *keeper, const struct keeper_wish *wishes, size_t n)
{
	_cleanup_(buf_done) struct buf error = {0};
	_cleanup_free_ struct record_entry *entries = calloc(n + 1, sizeof(*entries));
	_cleanup_free_ const struct record_entry **list =
		calloc(n + 1, sizeof(const struct record_entry *));
	_cleanup_free_ struct journal_change *changes = calloc(n + 1, sizeof(*changes));
	size_t n_list = 0;
	int r = entries && list && changes ? open_journal(keeper, &error) : -ENOMEM;

	for (size_t i = 0; i < n && r == 0; i++) {
		const struct fleet_irq *irq = &keeper->fleet.irqs[wishes[i].irq];

		changes[i] = (struct journal_change){
			.time_ns = clock_ns(CLOCK_REALTIME),
			.irq = keeper->fleet.engine.irqs[wishes[i].irq].irq,
			.name = irq->name,
			.before = keeper_list(&irq->expected),
			.after = keeper_list(&wishes[i].cpus),
			.reason = wishes[i].reason,
		};
		if (!changes[i].before || !changes[i].after)
			r = -ENOMEM;
		entries[i] = keeper_entry(keeper, wishes[i].irq);
		if (!irq->journaled)
			list[n_list++] = &entries[i];
	}
	if (r == 0)
		r = journal_write(keeper->journal, list, n_list, changes, n, &error);
	for (size_t i = 0; changes && i < n; i++) {
		free((char *)changes[i].before);
		free((char *)changes[i].after);
	}
	if (r < 0 && !keeper->has_lost_journal)
		log_error("the journal cannot be written, so nothing is moved: %s",
			  error.len ? buf_text(&error) : strerror(-r));
	if (r == 0 && keeper->has_lost_journal)
		log_info("the journal can be written again");
	keeper->has_lost_journal = r < 0;
	return r < 0 && r != -ENOMEM ? -EAGAIN : r;
}

/* The journal has them: what was there before is known for good. */
static int keep_originals(struct keeper *keeper, const struct keeper_wish *wishes, size_t n)
{
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++) {
		struct fleet_irq *irq = &keeper->fleet.irqs[wishes[i].irq];

		if (irq->journaled)
			continue;
		r = cpuset_copy(&irq->original, &irq->expected);
		irq->journaled = r == 0;
	}
	return r;
}

/*
 * Whether the kernel never takes a write: it manages the interrupt (kernel/irq/proc.c). FreeBSD's
 * EPERM is about us.
 */
static bool is_refusal(const struct keeper *keeper, const struct change *change)
{
	bool is_freebsd = keeper->sampler.is_freebsd;

	return change->state == CHANGE_REFUSED &&
	       (is_freebsd ? change->error == EOPNOTSUPP
			   : change->error == EIO || change->error == EPERM);
}

/* A file that vanished after it was opened says EIO, too (fs/proc/inode.c). */
static bool is_there(const struct keeper *keeper, const struct change *change)
{
	_cleanup_(buf_done) struct buf path = {0};
	uint32_t mode;

	return keeper->sampler.is_freebsd || setting_path(&change->setting, &path) < 0 ||
	       source_mode(keeper->source, buf_text(&path), &mode) != -ENOENT;
}

/*
 * A write that failed, but might succeed another time: /proc/irq is read-only, the CPU has gone
 * offline (EINVAL), an earlier move is not finished (EBUSY).
 */
static void failed_for_now(struct keeper *keeper, const struct keeper_wish *wish,
			   const struct change *change)
{
	const char *name = keeper->fleet.irqs[wish->irq].name;

	log_debug("IRQ %" PRId32 " (%s): its affinity could not be written: %s",
		  change->setting.irq, name, strerror(change->error));
	if (change->error == EINVAL)
		keeper->stale = true;
	if (change->error != EROFS && change->error != EACCES && change->error != EPERM)
		return;
	if (!keeper->is_read_only && keeper->sampler.is_freebsd)
		log_error("cpuset_setaffinity: %s; nothing is moved until affinities can be set",
			  strerror(change->error));
	else if (!keeper->is_read_only)
		log_error("/proc/irq/%" PRId32 "/smp_affinity_list: %s; nothing is moved until "
			  "affinities can be written",
			  change->setting.irq, strerror(change->error));
	keeper->is_read_only = true;
	keeper->retry_ns = clock_ns(CLOCK_MONOTONIC) + RETRY_NS;
}

/* The write that was told of was ours, as far as it still is what we wrote. */
static bool is_still_ours(struct keeper *keeper, struct change *change)
{
	return apply_read(&keeper->applier, change) == 0 &&
	       cpuset_equal(&change->before, &change->wanted);
}

static int taken(struct keeper *keeper, const struct keeper_wish *wish, struct change *change)
{
	struct fleet *fleet = &keeper->fleet;
	struct fleet_irq *irq = &fleet->irqs[wish->irq];
	uint32_t to = engine_find_cpu(&fleet->engine, (uint32_t)cpuset_next(&wish->cpus, 0));
	int r = cpuset_copy(&irq->previous, &irq->expected);

	if (keeper->is_read_only)
		log_info("affinities can be written again");
	keeper->is_read_only = false;
	irq->set_ns = clock_ns(CLOCK_MONOTONIC);
	irq->disputed = false;
	irq->written = irq->written && !is_still_ours(keeper, change);
	if (r == 0)
		r = cpuset_copy(&irq->expected, &wish->cpus);
	if (r == 0 && cpuset_count(&wish->cpus) == 1)
		r = engine_place(&fleet->engine, wish->irq, to);
	return r;
}

int keeper_no_vector(struct keeper *keeper, uint32_t irq, uint32_t cpu)
{
	struct fleet *fleet = &keeper->fleet;
	uint32_t index = engine_find_cpu(&fleet->engine, cpu);

	log_warning("IRQ %" PRId32 " (%s): no interrupt vector is left on CPU %" PRIu32
		    "; nothing more is moved there for some minutes",
		    fleet->engine.irqs[irq].irq, fleet->irqs[irq].name, cpu);
	return index == ENGINE_NOWHERE ? 0
				       : fleet_no_vector(fleet, index, clock_ns(CLOCK_MONOTONIC));
}

/* What came of a write, for the engine and for people. */
static int settle(struct keeper *keeper, const struct keeper_wish *wish, struct change *change)
{
	const struct fleet_irq *irq = &keeper->fleet.irqs[wish->irq];
	int r;

	if (is_refusal(keeper, change) && !is_there(keeper, change))
		change->state = CHANGE_GONE;
	if (change->state == CHANGE_REFUSED && !is_refusal(keeper, change)) {
		failed_for_now(keeper, wish, change);
		return 0;
	}
	r = keeper_remember(keeper, wish, change->state, false);
	if (r < 0)
		return r;
	switch (change->state) {
	case CHANGE_REFUSED:
		fleet_refused(&keeper->fleet, wish->irq);
		log_info("IRQ %" PRId32 " (%s): the kernel refused to move it: %s; it is left "
			 "alone from now on",
			 change->setting.irq, irq->name, strerror(change->error));
		return 0;
	case CHANGE_NO_VECTOR:
		return keeper_no_vector(keeper, wish->irq, (uint32_t)cpuset_next(&wish->cpus, 0));
	case CHANGE_GONE:
		keeper->stale = true;
		return 0;
	default:
		return taken(keeper, wish, change);
	}
}

static void say(const struct keeper *keeper, const struct keeper_wish *wish, const char *what)
{
	const struct fleet_irq *irq = &keeper->fleet.irqs[wish->irq];
	_cleanup_free_ char *from = keeper_list(&irq->expected), *to = keeper_list(&wish->cpus);

	log_info("%sIRQ %" PRId32 " (%s): %s to CPU %s: %s", what,
		 keeper->fleet.engine.irqs[wish->irq].irq, irq->name, from ? from : "",
		 to ? to : "", wish->reason);
}

/* With --observe: nothing comes of it, so that the same is asked for again and again. */
static void propose(struct keeper *keeper, const struct keeper_wish *wishes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct fleet_irq *irq = &keeper->fleet.irqs[wishes[i].irq];
		uint32_t to = (uint32_t)cpuset_next(&wishes[i].cpus, 0) + 1;

		if (irq->proposed != to)
			say(keeper, &wishes[i], "would move ");
		irq->proposed = to;
	}
}

/* What somebody else set since the last look is not overwritten: the next look finds it. */
static bool is_overtaken(struct keeper *keeper, const struct keeper_wish *wish,
			 struct change *change)
{
	bool overtaken = !wish->is_contested && apply_read(&keeper->applier, change) == 0 &&
			 !cpuset_equal(&change->before, &keeper->fleet.irqs[wish->irq].expected);

	change->state = overtaken ? CHANGE_UNCHANGED : CHANGE_PLANNED;
	return overtaken;
}

static int make_changes(struct keeper *keeper, const struct keeper_wish *wishes, size_t n,
			struct change *changes)
{
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++) {
		changes[i].setting = (struct setting){
			.kind = SETTING_IRQ,
			.irq = keeper->fleet.engine.irqs[wishes[i].irq].irq,
		};
		if (!is_overtaken(keeper, &wishes[i], &changes[i]))
			r = cpuset_copy(&changes[i].wanted, &wishes[i].cpus);
	}
	return r;
}

int keeper_carry_out(struct keeper *keeper, const struct keeper_wish *wishes, size_t n)
{
	_cleanup_free_ struct change *changes = calloc(n + 1, sizeof(*changes));
	int r = changes ? 0 : -ENOMEM;

	if (keeper->options.observe) {
		propose(keeper, wishes, n);
		return r;
	}
	if (r == 0)
		r = journal_wishes(keeper, wishes, n);
	if (r == 0)
		r = keep_originals(keeper, wishes, n);
	if (r == 0)
		r = make_changes(keeper, wishes, n, changes);
	if (r == 0)
		r = keeper_write(keeper, changes, n);
	keeper_has_writes(keeper);
	for (size_t i = 0; i < n && r == 0; i++) {
		if (changes[i].state == CHANGE_UNCHANGED)
			continue;
		if (!change_is_failure(&changes[i]))
			say(keeper, &wishes[i], "");
		r = settle(keeper, &wishes[i], &changes[i]);
	}
	for (size_t i = 0; changes && i < n; i++)
		change_done(&changes[i]);
	return r;
}

int keeper_pins(struct keeper *keeper)
{
	struct fleet *fleet = &keeper->fleet;
	int r = 0;

	for (uint32_t i = 0; i < fleet->n_irqs && r == 0; i++) {
		struct fleet_irq *irq = &fleet->irqs[i];

		/* once; a change of somebody else is another matter */
		if (!irq->pinned || irq->foreign || irq->banned || irq->refused)
			continue;
		if (!irq->seen) {
			_cleanup_(cpuset_done) struct cpuset unused = {0};

			r = fleet_look(fleet, &keeper->sampler, i, &unused);
			if (r < 0) {
				r = r == -ENOMEM ? r : 0;
				continue;
			}
		}
		if (!cpuset_equal(&irq->expected, irq->pin))
			r = keeper_carry_out(
				keeper,
				&(const struct keeper_wish){.irq = i,
							    .cpus = *irq->pin,
							    .reason = "pinned by the configuration",
							    .before = NAN,
							    .predicted = NAN},
				1);
		irq->pinned = r < 0 || keeper->is_read_only;
	}
	return r;
}

int keeper_balance(struct keeper *keeper)
{
	struct engine *engine = &keeper->fleet.engine;
	struct balance_plan plan = {0};
	struct keeper_wish *wishes = NULL;
	bool was_asked;
	size_t n = 0;
	int r = fleet_plan(&keeper->fleet, &keeper->sampler, false, &plan);

	if (r == 0 && plan.n_moves) {
		wishes = calloc(plan.n_moves, sizeof(*wishes));
		r = wishes ? 0 : -ENOMEM;
		keeper->round++;
		keeper->checked = 0;
	}
	for (; n < plan.n_moves && r == 0; n++) {
		const struct balance_move *move = &plan.moves[n];

		wishes[n] = (struct keeper_wish){.irq = move->irq,
						 .reason = move->reason,
						 .before = plan.before.max,
						 .predicted = plan.after.max};
		r = cpuset_add(&wishes[n].cpus, engine->cpus[move->to].place.cpu);
	}
	if (r == 0 && n)
		r = keeper_carry_out(keeper, wishes, n);
	if (r == -EAGAIN || keeper->is_read_only)
		engine->budget += (double)n; /* they were not made */
	for (size_t i = 0; wishes && i < plan.n_moves; i++)
		cpuset_done(&wishes[i].cpus);
	free(wishes);
	was_asked = plan.at;
	balance_plan_done(&plan);
	if (was_asked)
		heap_trim(); /* the planner's work on a large machine is large */
	return r;
}

void keeper_measure(struct keeper *keeper)
{
	const struct engine *engine = &keeper->fleet.engine;
	double busiest;

	if (!keeper->round || ++keeper->checked != MEASURED_AFTER)
		return;
	busiest = engine_cpu_load(engine, engine_fullest(engine));
	for (size_t i = 0; i < KEEPER_MOVES && i < keeper->n_moves; i++) {
		struct keeper_move *move = &keeper->moves[i];

		if (move->round == keeper->round && !move->foreign && !isnan(move->predicted))
			move->measured = busiest;
	}
}
