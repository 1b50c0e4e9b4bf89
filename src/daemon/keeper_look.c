/* SPDX-License-Identifier: BSD-2-Clause */
/* Which affinities are read with a sample, to find those that somebody else changed. */
#include <errno.h>
#include <stdlib.h>

#include "base/macros.h"
#include "daemon/keeper_moves.h"

/* Affinities that are looked at with every sample: of the heaviest, ... */
#define WATCH_EACH   64u
#define WATCH_OURS   32u /* ... of the other ones that are busy, in turn ... */
#define WATCH_OTHERS 16u /* ... and of those that are idle */

#define RANK_SAMPLES 16u

/* Interrupts that the kernel is asked with a sample to tell of: at first, and again and again. */
#define TELL_FIRST 512u
#define TELL_AGAIN 16u

struct ranked {
	uint32_t irq;
	double load; /* below 0: not ours */
};

static int compare_ranked(const void *left, const void *right)
{
	const struct ranked *a = left, *b = right;

	if (a->load != b->load)
		return a->load > b->load ? -1 : 1;
	return (a->irq > b->irq) - (a->irq < b->irq);
}

/* Busy ones, and those that we set: these are ours to look after. */
static bool is_ours(const struct fleet *fleet, uint32_t irq)
{
	return !fleet->irqs[irq].managed && (engine_is_busy(&fleet->engine, irq) ||
					     cpuset_next(&fleet->irqs[irq].original, 0) >= 0);
}

/* Their order may be old, but not which ones they are. */
static bool is_ranked(const struct keeper *keeper)
{
	size_t n = 0;

	for (uint32_t i = 0; i < keeper->fleet.n_irqs; i++)
		n += is_ours(&keeper->fleet, i);
	return keeper->n_watch && n == keeper->n_ours && keeper->samples <= RANK_SAMPLES;
}

/* Ours, heaviest first, and then the others: but for those that nobody can change. */
static int rank(struct keeper *keeper)
{
	const struct fleet *fleet = &keeper->fleet;
	_cleanup_free_ struct ranked *list = calloc(fleet->n_irqs + 1, sizeof(*list));
	uint32_t *watch = realloc(keeper->watch, (fleet->n_irqs + 1) * sizeof(*watch));
	size_t n = 0;

	if (watch)
		keeper->watch = watch;
	if (!list || !watch)
		return -ENOMEM;
	keeper->n_ours = 0;
	for (uint32_t i = 0; i < fleet->n_irqs; i++) {
		bool ours = is_ours(fleet, i);

		if (fleet->irqs[i].managed)
			continue;
		keeper->n_ours += ours;
		list[n++] = (struct ranked){
			.irq = i, .load = ours ? engine_load(&fleet->engine, i).load : -1};
	}
	qsort(list, n, sizeof(*list), compare_ranked);
	for (size_t i = 0; i < n; i++)
		watch[i] = list[i].irq;
	keeper->n_watch = n;
	keeper->samples = 0;
	return 0;
}

static void note_write(void *ctx, int32_t number)
{
	struct keeper *keeper = ctx;
	uint32_t irq = number < 0 ? ENGINE_NOWHERE : engine_find(&keeper->fleet.engine, number);

	for (uint32_t i = 0; i < keeper->fleet.n_irqs && number < 0; i++)
		keeper->fleet.irqs[i].written = true;
	if (irq != ENGINE_NOWHERE)
		keeper->fleet.irqs[irq].written = true;
	keeper->has_writes = true;
}

bool keeper_has_writes(struct keeper *keeper)
{
	affinity_events_read(&keeper->events, note_write, keeper);
	return keeper->has_writes;
}

/* The kernel keeps what it tells of, though drivers are gone, or it was asked again. */
static bool is_overgrown(const struct keeper *keeper)
{
	return keeper->events.n_irqs > 2 * keeper->fleet.n_irqs + TELL_FIRST;
}

void keeper_tell_writes(struct keeper *keeper)
{
	const char *root = keeper->options.root ? keeper->options.root : "";

	keeper->n_told = 0;
	keeper->is_all_told = false;
	if (keeper->events.dir && !is_overgrown(keeper))
		return;
	keeper_has_writes(keeper);
	affinity_events_close(&keeper->events);
	affinity_events_open(&keeper->events, root); /* else all are read in turn */
}

/* Looks at one interrupt. 1: somebody else changed it. */
static int look_at(struct keeper *keeper, uint32_t irq)
{
	struct fleet_irq *known = &keeper->fleet.irqs[irq];
	_cleanup_(cpuset_done) struct cpuset now = {0};
	int r = known->banned ? 0 : fleet_look(&keeper->fleet, &keeper->sampler, irq, &now);

	if (r == 1 && keeper_foreign(keeper, irq, &now) == -ENOMEM)
		r = -ENOMEM;
	known->written = false;
	/* a file that vanished after it was opened says EIO (fs/proc/inode.c) */
	if (r == -ENOENT || r == -EIO) {
		keeper->stale = true;
		return 0;
	}
	return r < 0 && r != -ENOMEM ? 0 : r;
}

/*
 * In turn, each once soon, so that it is known what there was before somebody changes it, and then
 * again and again: what the kernel forgets when it is short of memory is told again.
 */
static int tell_more(struct keeper *keeper)
{
	const struct fleet *fleet = &keeper->fleet;
	size_t most = keeper->is_all_told ? TELL_AGAIN : TELL_FIRST;
	int r = 0;

	for (; most && keeper->n_told < fleet->n_irqs && r >= 0; most--) {
		uint32_t irq = (uint32_t)keeper->n_told++;

		affinity_events_add(&keeper->events, fleet->engine.irqs[irq].irq);
		if (!fleet->irqs[irq].seen)
			r = look_at(keeper, irq);
	}
	if (r < 0 || keeper->n_told < fleet->n_irqs)
		return r < 0 ? r : 0;
	keeper->n_told = 0;
	keeper->is_all_told = true;
	if (is_overgrown(keeper))
		keeper_tell_writes(keeper);
	return 0;
}

/* Looks at `most` of the `n` that are watched from `first` on, which are `next` in turn. */
static int look_in_turn(struct keeper *keeper, size_t first, size_t n, size_t most, size_t *next,
			bool *changed)
{
	size_t turn = n < most ? n : most;
	int r = 0;

	for (size_t i = 0; i < turn && r >= 0; i++) {
		r = look_at(keeper, keeper->watch[first + (*next + i) % n]);
		*changed = *changed || r == 1;
	}
	*next = n ? (*next + turn) % n : 0;
	return r < 0 ? r : 0;
}

/* Looks at what was written, by us or by somebody else. */
static int look_at_written(struct keeper *keeper)
{
	int r = 0;

	if (!keeper_has_writes(keeper))
		return 0;
	keeper->has_writes = false;
	for (uint32_t i = 0; i < keeper->fleet.n_irqs && r >= 0; i++) {
		if (keeper->fleet.irqs[i].written && !keeper->fleet.irqs[i].managed)
			r = look_at(keeper, i);
	}
	return r < 0 ? r : 0;
}

/*
 * What was written; the heaviest with each sample, the others in turn, and all once one of them was
 * changed without a word. None before it is known which ones come: where a few are known to be, the
 * whole time of their CPUs would be theirs.
 */
int keeper_look(struct keeper *keeper)
{
	size_t ours, each, all = 0;
	bool changed = false;
	int r = is_ranked(keeper) ? 0 : rank(keeper);

	if (r < 0 || keeper->fleet.engine.time_s <= 0)
		return r;
	ours = keeper->n_ours;
	each = ours < WATCH_EACH ? ours : WATCH_EACH;
	r = tell_more(keeper);
	if (r == 0)
		r = look_at_written(keeper);
	if (r == 0)
		r = look_in_turn(keeper, 0, each, each, &all, &changed);
	if (r == 0)
		r = look_in_turn(keeper, each, ours - each, WATCH_OURS, &keeper->next_ours,
				 &changed);
	if (r == 0)
		r = look_in_turn(keeper, ours, keeper->n_watch - ours, WATCH_OTHERS,
				 &keeper->next_other, &changed);
	if (r == 0 && changed)
		r = look_in_turn(keeper, each, keeper->n_watch - each, SIZE_MAX, &all, &changed);
	return r;
}
