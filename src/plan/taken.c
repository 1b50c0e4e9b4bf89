/* SPDX-License-Identifier: BSD-2-Clause */
#include "plan/taken.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/macros.h"
#include "plan/queues.h"

static const char not_settable[] = N_("its affinity cannot be set");
static const char admin[] = N_("no queue: it serves control and configuration, and comes rarely");
static const char no_queue[] = N_("no queue, though its device has queues");
static const char unused[] =
	N_("its queue is not in use: the driver keeps it for more channels than there are");
static const char no_hint[] = N_("its driver gives no hint");
static const char hint_forbidden[] = N_("no CPU of its driver's hint is allowed");

/* The CPU of a set of one; -1: none or several. */
static int64_t only_cpu(bool known, const struct cpuset *set)
{
	int64_t cpu = known ? cpuset_next(set, 0) : -1;

	return cpu >= 0 && cpuset_next(set, (uint32_t)cpu + 1) < 0 ? cpu : -1;
}

/* Whether two interrupts have one device, or one interface where the device is not known. */
static bool is_beside(const struct interrupt *a, const struct interrupt *b)
{
	if (a == b || b->row->number < 0 || a->device != b->device)
		return false;
	return a->device || (b->interface && strcmp(a->interface, b->interface) == 0);
}

/*
 * Whether an interrupt without queue index does the work of its device: a legacy interrupt, or
 * vectors of a driver whose names tell no queues. Control vectors do only where they are alone.
 */
static bool does_the_work(const struct model *model, const struct interrupt *interrupt)
{
	size_t n_others = 0, n_queues = 0;

	if (!interrupt->device && !interrupt->interface)
		return interrupt->direction != QUEUE_ADMIN;
	for (size_t i = 0; i < model->n_items; i++) {
		const struct interrupt *other = &model->items[i];

		if (!is_beside(interrupt, other))
			continue;
		n_others++;
		n_queues += other->queue >= 0;
	}
	return interrupt->direction == QUEUE_ADMIN ? n_others == 0 : n_queues == 0;
}

static bool is_overlapping(const struct cpuset *a, const struct cpuset *b)
{
	for (size_t i = 0; i < a->n_words && i < b->n_words; i++) {
		if (a->words[i] & b->words[i])
			return true;
	}
	return false;
}

static const char *why_no_hint(const struct cpuset *allowed, const struct irq_facts *facts)
{
	if (!facts || !facts->has_hint || cpuset_next(&facts->hint, 0) < 0)
		return no_hint;
	return is_overlapping(&facts->hint, allowed) ? NULL : hint_forbidden;
}

static bool is_unused(const struct spread_request *request, const struct interrupt *interrupt)
{
	return request->unused && request->unused[interrupt - request->model->items];
}

const char *taken_why(const struct spread_request *request, const struct interrupt *interrupt)
{
	if (interrupt->settable == SETTABLE_NO)
		return interrupt->settable_why ? interrupt->settable_why : not_settable;
	/* before Linux 6.12 only a write tells: a driver that is known to manage is believed */
	if (interrupt->settable == SETTABLE_UNKNOWN && interrupt->facts &&
	    interrupt->facts->has_mode && interrupt->settable_why)
		return interrupt->settable_why;
	if (interrupt->queue < 0 && !does_the_work(request->model, interrupt))
		return interrupt->direction == QUEUE_ADMIN ? admin : no_queue;
	if (is_unused(request, interrupt))
		return unused;
	if (request->policy == SPREAD_HINT)
		return why_no_hint(request->allowed, interrupt->facts);
	return NULL;
}

/*
 * Queues that a CPU should not have two of. Managed queues of storage are on every CPU, and serve
 * what that CPU itself asked for: they are no reason to stay away.
 */
static bool is_load(const struct interrupt *interrupt)
{
	if (interrupt->queue < 0 || interrupt->row->number < 0 || !interrupt->facts)
		return false;
	return interrupt->class == IRQ_CLASS_NET ||
	       (interrupt->class == IRQ_CLASS_STORAGE && interrupt->settable == SETTABLE_YES);
}

/* Where a queue is, and whether it was bound to that one CPU or just happens to be served there. */
static struct place *place_of(const struct places *places, const struct interrupt *interrupt,
			      bool *ret_bound)
{
	const struct irq_facts *facts = interrupt->facts;
	int64_t requested = only_cpu(facts->has_requested, &facts->requested);
	int64_t effective = only_cpu(facts->has_effective, &facts->effective);
	int64_t cpu = requested >= 0 ? requested : effective;

	*ret_bound = requested >= 0 || !facts->has_requested;
	return cpu >= 0 ? places_find(places, (uint32_t)cpu) : NULL;
}

/* rx and tx of a queue count once where they share a CPU; `stamp` is the queue's, from 1. */
static void count_queue(const struct queue *queue, size_t stamp, struct places *places)
{
	for (size_t i = 0; i < queue->n_members; i++) {
		bool bound;
		struct place *place = place_of(places, queue->members[i].interrupt, &bound);

		if (!place || place->counted == stamp)
			continue;
		place->counted = stamp;
		if (bound)
			places_bind(places, place);
		else
			places->cores[place->core].visitors++;
	}
}

static void count_vector(const struct interrupt *interrupt, struct places *places)
{
	const struct irq_facts *facts = interrupt->facts;
	int64_t cpu = facts ? only_cpu(facts->has_effective, &facts->effective) : -1;
	struct place *place;

	if (facts && cpu < 0 && !facts->has_effective)
		cpu = only_cpu(facts->has_requested, &facts->requested);
	place = cpu >= 0 ? places_find(places, (uint32_t)cpu) : NULL;
	if (place)
		place->vectors++;
}

int taken_count(const struct spread_request *request, const bool *is_placed, struct places *places)
{
	const struct model *model = request->model;
	_cleanup_free_ const struct interrupt **list =
		calloc(model->n_items + 1, sizeof(const struct interrupt *));
	_cleanup_(queues_done) struct queues queues = {0};
	size_t n = 0;
	int r;

	if (!list)
		return -ENOMEM;
	for (size_t i = 0; i < model->n_items; i++) {
		if (is_placed[i])
			continue;
		count_vector(&model->items[i], places);
		if (is_load(&model->items[i]) && !is_unused(request, &model->items[i]))
			list[n++] = &model->items[i];
	}
	r = queues_build(list, n, &queues);
	for (size_t i = 0; r == 0 && i < queues.n; i++)
		count_queue(&queues.items[i], i + 1, places);
	return r;
}
