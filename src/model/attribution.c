/* SPDX-License-Identifier: BSD-2-Clause */
#include "model/attribution.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/macros.h"
#include "base/number.h"

int32_t attribution_target(const struct irq_facts *facts)
{
	if (!facts || !facts->has_effective || cpuset_count(&facts->effective) != 1)
		return ATTRIBUTION_UNKNOWN;
	return (int32_t)cpuset_next(&facts->effective, 0);
}

/* The place of a counter, or where it would stand. */
static size_t place_of(const struct attribution *attribution, uint32_t counter)
{
	size_t low = 0, high = attribution->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (attribution->items[middle].counter < counter)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct attributed *find(const struct attribution *attribution, uint32_t counter)
{
	size_t place = place_of(attribution, counter);

	return place < attribution->n && attribution->items[place].counter == counter
		       ? &attribution->items[place]
		       : NULL;
}

const struct attributed *attribution_find(const struct attribution *attribution, uint32_t counter)
{
	return find(attribution, counter);
}

static int begin(struct attribution *attribution, struct attributed *item,
		 const struct observation *observation)
{
	item->counter = observation->counter;
	item->key = arena_strdup(&attribution->keys, observation->key);
	item->total = item->unknown = observation->total;
	item->target = observation->target;
	item->n_cells = 0;
	return item->key ? 0 : -ENOMEM;
}

static int add(struct attribution *attribution, const struct observation *observation)
{
	size_t place = place_of(attribution, observation->counter);
	struct attributed item = {0};
	int r = ARRAY_RESERVE(attribution->items, attribution->n + 1, attribution->cap);

	if (r == 0)
		r = begin(attribution, &item, observation);
	if (r < 0)
		return r;
	memmove(attribution->items + place + 1, attribution->items + place,
		(attribution->n - place) * sizeof(item));
	attribution->items[place] = item;
	attribution->n++;
	return 0;
}

static int count(struct attributed *item, uint32_t cpu, uint64_t events)
{
	size_t i = 0;
	int r;

	while (i < item->n_cells && item->cells[i].cpu < cpu)
		i++;
	if (i < item->n_cells && item->cells[i].cpu == cpu) {
		item->cells[i].count = add_saturated(item->cells[i].count, events);
		return 0;
	}
	r = ARRAY_RESERVE(item->cells, item->n_cells + 1, item->cap_cells);
	if (r < 0)
		return r;
	memmove(item->cells + i + 1, item->cells + i, (item->n_cells - i) * sizeof(*item->cells));
	item->cells[i] = (struct irq_cell){.count = events, .cpu = cpu};
	item->n_cells++;
	return 0;
}

static int observe(struct attribution *attribution, const struct observation *observation)
{
	struct attributed *item = find(attribution, observation->counter);
	int32_t cpu;
	uint64_t events;
	int r = 0;

	if (!item)
		return add(attribution, observation);
	if (strcmp(item->key, observation->key) != 0 || observation->total < item->total)
		return begin(attribution, item, observation);
	cpu = attribution_cpu(item->target, observation->target);
	events = observation->total - item->total;
	if (events && cpu != ATTRIBUTION_UNKNOWN)
		r = count(item, (uint32_t)cpu, events);
	else
		item->unknown = add_saturated(item->unknown, events);
	item->total = observation->total;
	item->target = observation->target;
	return r;
}

int attribution_observe(struct attribution *attribution, const struct observation *observations,
			size_t n)
{
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++)
		r = observe(attribution, &observations[i]);
	return r;
}

int attribution_observe_snapshot(struct attribution *attribution, const struct snapshot *snapshot)
{
	int r = 0;

	for (size_t i = 0; i < snapshot->interrupts.n_rows && r == 0; i++) {
		const struct irq_row *row = &snapshot->interrupts.rows[i];
		const struct observation observation = {
			.counter = row->line,
			.key = row->key,
			.total = row->total,
			.target = attribution_target(
				row->number < 0 ? NULL : snapshot_irq(snapshot, row->number)),
		};

		if (row->name && row->summary)
			r = observe(attribution, &observation);
	}
	return r;
}

void attribution_done(struct attribution *attribution)
{
	for (size_t i = 0; i < attribution->n; i++)
		free(attribution->items[i].cells);
	free(attribution->items);
	arena_done(&attribution->keys);
	*attribution = (struct attribution){0};
}
