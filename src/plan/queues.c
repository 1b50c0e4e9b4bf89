/* SPDX-License-Identifier: BSD-2-Clause */
#include "plan/queues.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static int compare_names(const char *a, const char *b)
{
	if (!a || !b)
		return !b - !a;
	return strcmp(a, b);
}

/* Equal for one interface of one device. What differs may come in any order: see by_turn. */
static int compare_owners(const struct interrupt *a, const struct interrupt *b)
{
	uintptr_t left = (uintptr_t)a->device, right = (uintptr_t)b->device;

	if (left != right)
		return left < right ? -1 : 1;
	return compare_names(a->interface, b->interface);
}

static int by_queue(const void *a, const void *b)
{
	const struct queue_member *left = a, *right = b;
	int r = compare_owners(left->interrupt, right->interrupt);

	if (r == 0)
		r = (left->interrupt->queue > right->interrupt->queue) -
		    (left->interrupt->queue < right->interrupt->queue);
	return r ? r : (left->at > right->at) - (left->at < right->at);
}

/* A total order, free of addresses: an owner's first position is its own. */
static int by_turn(const void *a, const void *b)
{
	const struct queue *left = a, *right = b;

	if (left->rank != right->rank)
		return left->rank < right->rank ? -1 : 1;
	return (left->owner > right->owner) - (left->owner < right->owner);
}

static bool is_same_queue(const struct interrupt *a, const struct interrupt *b)
{
	return a->queue >= 0 && a->queue == b->queue && (a->device || a->interface) &&
	       compare_owners(a, b) == 0;
}

/* The queues of one owner, whose members are [first, end). */
static void cut_owner(struct queues *queues, size_t first, size_t end)
{
	size_t owner = queues->members[first].at, first_queue = queues->n;

	for (size_t i = first + 1; i < end; i++) {
		if (queues->members[i].at < owner)
			owner = queues->members[i].at;
	}
	for (size_t i = first; i < end; i++) {
		const struct queue_member *member = &queues->members[i];
		struct queue *queue;

		if (i == first || !is_same_queue(member->interrupt, member[-1].interrupt)) {
			queues->items[queues->n] = (struct queue){.members = member,
								  .rank = queues->n - first_queue,
								  .owner = owner,
								  .node = -1};
			queues->n++;
		}
		queue = &queues->items[queues->n - 1];
		queue->n_members++;
		if (queue->node < 0)
			queue->node = member->interrupt->node;
	}
}

static void cut(struct queues *queues, size_t n)
{
	size_t end;

	for (size_t first = 0; first < n; first = end) {
		const struct interrupt *interrupt = queues->members[first].interrupt;

		end = first + 1;
		while (end < n && compare_owners(interrupt, queues->members[end].interrupt) == 0)
			end++;
		cut_owner(queues, first, end);
	}
}

int queues_build(const struct interrupt *const *list, size_t n, struct queues *ret)
{
	struct queues queues = {.items = calloc(n + 1, sizeof(*queues.items)),
				.members = calloc(n + 1, sizeof(*queues.members))};

	if (!queues.items || !queues.members) {
		queues_done(&queues);
		return -ENOMEM;
	}
	for (size_t i = 0; i < n; i++)
		queues.members[i] = (struct queue_member){.interrupt = list[i], .at = i};
	qsort(queues.members, n, sizeof(*queues.members), by_queue);
	cut(&queues, n);
	qsort(queues.items, queues.n, sizeof(*queues.items), by_turn);
	*ret = queues;
	return 0;
}

void queues_done(struct queues *queues)
{
	free(queues->items);
	free(queues->members);
	*queues = (struct queues){0};
}
