/* SPDX-License-Identifier: BSD-2-Clause */
#include "daemon/keeper_moves.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/i18n.h"
#include "base/macros.h"
#include "daemon/log.h"

#define MEASURED_AFTER 2u /* samples */

/* A set that is to be written, and why. */
struct wish {
	uint32_t irq;
	struct cpuset cpus;
	const char *reason;
	double before, predicted; /* fills of the fullest CPU, or NAN */
};

static uint64_t realtime_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void keeper_move_done(struct keeper_move *move)
{
	free(move->name);
	free(move->from);
	free(move->to);
	free(move->reason);
	*move = (struct keeper_move){0};
}

static char *list_text(const struct cpuset *set)
{
	struct buf text = {0};

	if (cpuset_format(set, &text) < 0 || (!text.len && buf_puts(&text, "") < 0)) {
		buf_done(&text);
		return NULL;
	}
	return text.data;
}

/* Into the ring, in the place of the oldest. */
static int remember(struct keeper *keeper, struct keeper_move *move)
{
	struct keeper_move *slot = &keeper->moves[keeper->n_moves % KEEPER_MOVES];

	if (!move->name || !move->from || !move->to || !move->reason) {
		keeper_move_done(move);
		return -ENOMEM;
	}
	keeper_move_done(slot);
	*slot = *move;
	keeper->n_moves++;
	return 0;
}

/* Our own write shows in the same place as somebody else's. */
static int expect(struct keeper *keeper, uint32_t irq, const struct cpuset *set)
{
	return cpuset_copy(&keeper->fleet.irqs[irq].expected, set);
}

static int open_journal(struct keeper *keeper, struct buf *error)
{
	_cleanup_(buf_done) struct buf path = {0};
	const char *dir = keeper->config->state_dir;
	int r = keeper_journal_path(keeper->config, &path);

	if (keeper->journal || r < 0)
		return r;
	if (mkdir(dir, 0755) < 0 && errno != EEXIST) {
		r = -errno;
		buf_printf(error, "%s: %s", dir, strerror(-r));
		return r;
	}
	return journal_open(buf_text(&path), true, &keeper->journal, error);
}

/* What is about to be written goes to the journal first. */
static int journal_wishes(struct keeper *keeper, const struct wish *wishes, size_t n)
{
	_cleanup_(buf_done) struct buf error = {0};
	_cleanup_free_ struct record_entry *entries = calloc(n + 1, sizeof(*entries));
	_cleanup_free_ const struct record_entry **list =
		calloc(n + 1, sizeof(const struct record_entry *));
	_cleanup_free_ struct journal_change *changes = calloc(n + 1, sizeof(*changes));
	size_t n_list = 0;
	int r = entries && list && changes ? open_journal(keeper, &error) : -ENOMEM;

	for (size_t i = 0; i < n && r == 0; i++) {
		struct fleet_irq *irq = &keeper->fleet.irqs[wishes[i].irq];
		int32_t number = keeper->fleet.engine.irqs[wishes[i].irq].irq;

		changes[i] = (struct journal_change){
			.time_ns = realtime_ns(),
			.irq = number,
			.name = irq->name,
			.before = list_text(&irq->expected),
			.after = list_text(&wishes[i].cpus),
			.reason = wishes[i].reason,
		};
		if (!changes[i].before || !changes[i].after)
			r = -ENOMEM;
		entries[i] = (struct record_entry){
			.setting = {.kind = SETTING_IRQ, .irq = number},
			.device = irq->device,
			.vector = irq->vector,
			.actions = irq->actions,
			.cpus = irq->expected,
		};
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
	return r;
}

/* The journal has them: what was there before is known for good. */
static int keep_originals(struct keeper *keeper, const struct wish *wishes, size_t n)
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

/* What came of a write, for the engine and for people. */
static int settle(struct keeper *keeper, const struct wish *wish, struct change *change)
{
	struct fleet *fleet = &keeper->fleet;
	struct fleet_irq *irq = &fleet->irqs[wish->irq];
	uint32_t to = engine_find_cpu(&fleet->engine, (uint32_t)cpuset_next(&wish->cpus, 0));
	struct keeper_move move = {
		.time_ns = realtime_ns(),
		.irq = change->setting.irq,
		.round = keeper->round,
		.name = strdup(irq->name),
		.from = list_text(&irq->expected),
		.to = list_text(&wish->cpus),
		.reason = strdup(wish->reason),
		.state = change->state,
		.before = wish->before,
		.predicted = wish->predicted,
		.measured = NAN,
	};
	int r = remember(keeper, &move);

	if (r < 0)
		return r;
	switch (change->state) {
	case CHANGE_REFUSED:
		fleet_fix(fleet, wish->irq, N_("refused by the kernel: it is managed there"));
		log_info("IRQ %" PRId32
			 " (%s): the kernel refused CPU %s: %s; it is left alone from "
			 "now on",
			 change->setting.irq, irq->name,
			 keeper->moves[(keeper->n_moves - 1) % KEEPER_MOVES].to,
			 strerror(change->error));
		return 0;
	case CHANGE_NO_VECTOR:
		if (to != ENGINE_NOWHERE)
			fleet->engine.cpus[to].room = 0;
		log_warning("IRQ %" PRId32 " (%s): no interrupt vector is left on CPU %" PRId64,
			    change->setting.irq, irq->name, cpuset_next(&wish->cpus, 0));
		return 0;
	case CHANGE_GONE:
		keeper->stale = true;
		return 0;
	default:
		break;
	}
	r = expect(keeper, wish->irq, &wish->cpus);
	if (r == 0 && cpuset_count(&wish->cpus) == 1)
		r = engine_place(&fleet->engine, wish->irq, to);
	return r;
}

static void say(const struct keeper *keeper, const struct wish *wish, const char *what)
{
	const struct fleet_irq *irq = &keeper->fleet.irqs[wish->irq];
	_cleanup_free_ char *from = list_text(&irq->expected), *to = list_text(&wish->cpus);

	log_info("%sIRQ %" PRId32 " (%s): %s to CPU %s: %s", what,
		 keeper->fleet.engine.irqs[wish->irq].irq, irq->name, from ? from : "",
		 to ? to : "", wish->reason);
}

/* Journals, writes, reads back. */
static int carry_out(struct keeper *keeper, const struct wish *wishes, size_t n)
{
	_cleanup_free_ struct change *changes = calloc(n + 1, sizeof(*changes));
	int r = changes ? 0 : -ENOMEM;

	for (size_t i = 0; i < n; i++)
		say(keeper, &wishes[i], keeper->options.observe ? "would move " : "");
	if (keeper->options.observe)
		return r;
	if (r == 0)
		r = journal_wishes(keeper, wishes, n);
	if (r == 0)
		r = keep_originals(keeper, wishes, n);
	for (size_t i = 0; i < n && r == 0; i++) {
		changes[i].setting = (struct setting){
			.kind = SETTING_IRQ,
			.irq = keeper->fleet.engine.irqs[wishes[i].irq].irq,
		};
		r = cpuset_copy(&changes[i].wanted, &wishes[i].cpus);
	}
	if (r == 0) {
		r = apply_write(&keeper->applier, changes, n, false);
		r = r < 0 ? r : 0;
	}
	for (size_t i = 0; i < n && r == 0; i++)
		r = settle(keeper, &wishes[i], &changes[i]);
	for (size_t i = 0; changes && i < n; i++)
		change_done(&changes[i]);
	return r;
}

static int pin_respected(struct keeper *keeper, uint32_t irq, const struct cpuset *now)
{
	struct fleet *fleet = &keeper->fleet;
	struct fleet_irq *to = &fleet->irqs[irq];
	struct engine_irq *engine = &fleet->engine.irqs[irq];
	int r = expect(keeper, irq, now);

	if (r < 0)
		return r;
	if (cpuset_count(now) < fleet->engine.n_cpus)
		fleet_respect(fleet, irq);
	else
		engine->allowed = NULL; /* all CPUs: nobody's wish, a driver that began anew */
	/* what is there now is what somebody wants to find at the end */
	cpuset_done(&to->original);
	return 0;
}

/* Where it was served before: an affinity of many CPUs would leave it where it is now. */
static int put_back(struct keeper *keeper, uint32_t index)
{
	const struct fleet *fleet = &keeper->fleet;
	const struct fleet_irq *irq = &fleet->irqs[index];
	struct wish wish = {.irq = index,
			    .reason = "put back where it was: somebody else moved it",
			    .before = NAN,
			    .predicted = NAN};
	int r = irq->last == ENGINE_NOWHERE
			? cpuset_copy(&wish.cpus, &irq->expected)
			: cpuset_add(&wish.cpus, fleet->engine.cpus[irq->last].place.cpu);

	if (r == 0)
		r = carry_out(keeper, &wish, 1);
	cpuset_done(&wish.cpus);
	return r;
}

int keeper_foreign(struct keeper *keeper, uint32_t index, const struct cpuset *now)
{
	struct fleet_irq *irq = &keeper->fleet.irqs[index];
	int32_t number = keeper->fleet.engine.irqs[index].irq;
	bool restore = keeper->config->foreign == CONFIG_RESTORE && !keeper->options.observe;
	_cleanup_free_ char *ours = list_text(&irq->expected), *theirs = list_text(now);
	struct keeper_move move = {
		.time_ns = realtime_ns(),
		.irq = number,
		.round = keeper->round,
		.name = strdup(irq->name),
		.from = list_text(&irq->expected),
		.to = list_text(now),
		.reason = strdup("changed by somebody else"),
		.state = CHANGE_APPLIED,
		.foreign = true,
		.before = NAN,
		.predicted = NAN,
		.measured = NAN,
	};
	int r = remember(keeper, &move);

	if (r < 0 || !ours || !theirs)
		return -ENOMEM;
	log_warning("IRQ %" PRId32 " (%s): somebody else changed its affinity from %s to %s: %s",
		    number, irq->name, ours, theirs,
		    restore ? "put back (foreign = restore)" : "respected (foreign = respect)");
	keeper->calm_ns = 0;
	return restore ? put_back(keeper, index) : pin_respected(keeper, index, now);
}

int keeper_pins(struct keeper *keeper)
{
	struct fleet *fleet = &keeper->fleet;
	int r = 0;

	for (uint32_t i = 0; i < fleet->n_irqs && r == 0; i++) {
		struct fleet_irq *irq = &fleet->irqs[i];

		if (!irq->pinned)
			continue;
		irq->pinned = false; /* once; a change of somebody else is another matter */
		if (!irq->seen) {
			_cleanup_(cpuset_done) struct cpuset unused = {0};

			r = fleet_look(fleet, &keeper->sampler, i, &unused);
			if (r < 0) {
				r = r == -ENOMEM ? r : 0;
				continue;
			}
		}
		if (cpuset_equal(&irq->expected, irq->pin))
			continue;
		r = carry_out(keeper,
			      &(const struct wish){.irq = i,
						   .cpus = *irq->pin,
						   .reason = "pinned by the configuration",
						   .before = NAN,
						   .predicted = NAN},
			      1);
	}
	return r;
}

int keeper_balance(struct keeper *keeper)
{
	struct engine *engine = &keeper->fleet.engine;
	struct balance_plan plan = {0};
	struct wish *wishes = NULL;
	size_t n = 0;
	int r = engine_plan(engine, false, &plan);

	if (r == 0 && plan.n_moves) {
		wishes = calloc(plan.n_moves, sizeof(*wishes));
		r = wishes ? 0 : -ENOMEM;
		keeper->round++;
		keeper->checked = 0;
	}
	for (; n < plan.n_moves && r == 0; n++) {
		const struct balance_move *move = &plan.moves[n];

		wishes[n] = (struct wish){.irq = move->irq,
					  .reason = move->reason,
					  .before = plan.before.max,
					  .predicted = plan.after.max};
		r = cpuset_add(&wishes[n].cpus, engine->cpus[move->to].place.cpu);
	}
	if (r == 0 && n)
		r = carry_out(keeper, wishes, n);
	for (size_t i = 0; wishes && i < plan.n_moves; i++)
		cpuset_done(&wishes[i].cpus);
	free(wishes);
	balance_plan_done(&plan);
	return r;
}

void keeper_measure(struct keeper *keeper)
{
	const struct engine *engine = &keeper->fleet.engine;
	double busiest = 0;

	if (!keeper->round || ++keeper->checked != MEASURED_AFTER)
		return;
	for (uint32_t i = 0; i < engine->n_cpus; i++)
		busiest = fmax(busiest, engine_cpu_load(engine, i) / engine->cpus[i].capacity);
	for (size_t i = 0; i < KEEPER_MOVES && i < keeper->n_moves; i++) {
		struct keeper_move *move = &keeper->moves[i];

		if (move->round == keeper->round && !move->foreign && !isnan(move->predicted))
			move->measured = busiest;
	}
}

void keeper_ban(struct keeper *keeper, uint32_t irq)
{
	fleet_fix(&keeper->fleet, irq, "banned by irqctl set --ban");
	keeper->fleet.irqs[irq].banned = true;
	cpuset_done(&keeper->fleet.irqs[irq].original); /* it is the user's now */
}

int keeper_stop(struct keeper *keeper)
{
	_cleanup_(buf_done) struct buf path = {0};
	struct fleet *fleet = &keeper->fleet;
	size_t failed = 0;
	int r = 0;

	if (keeper->options.observe || keeper->options.keep ||
	    (keeper->config && keeper->config->keep))
		return 0;
	for (size_t i = 0; i < fleet->n_irqs && r == 0; i++) {
		const struct fleet_irq *irq = &fleet->irqs[i];
		struct change change = {
			.setting = {.kind = SETTING_IRQ, .irq = fleet->engine.irqs[i].irq}};

		if (cpuset_next(&irq->original, 0) < 0)
			continue;
		r = cpuset_copy(&change.wanted, &irq->original);
		if (r == 0 && apply_read(&keeper->applier, &change) < 0)
			change.state = CHANGE_GONE;
		if (r == 0)
			r = apply_write(&keeper->applier, &change, 1, false);
		if (r >= 0 && change_is_failure(&change) && change.state != CHANGE_GONE) {
			log_error("IRQ %" PRId32 " (%s): its affinity could not be put back: %s",
				  change.setting.irq, irq->name, strerror(change.error));
			failed++;
		}
		r = r < 0 ? r : 0;
		change_done(&change);
	}
	if (r < 0 || failed)
		return r < 0 ? r : -EIO;
	if (!keeper->journal)
		return 0;
	journal_close(keeper->journal);
	keeper->journal = NULL;
	r = keeper_journal_path(keeper->config, &path);
	return r < 0 ? r : journal_remove(buf_text(&path));
}
