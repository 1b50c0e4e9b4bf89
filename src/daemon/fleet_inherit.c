/* SPDX-License-Identifier: BSD-2-Clause */
/* What a fleet that is built anew takes over from the one before. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/i18n.h"
#include "base/macros.h"
#include "base/strmap.h"
#include "daemon/fleet.h"

/* The number decides where it is the same: a device that lost a vector has the others in new
 * places. */
static bool is_same(const struct fleet_irq *a, const struct fleet_irq *b, bool same_number)
{
	if ((!same_number && a->vector != b->vector) || strcmp(a->actions, b->actions) != 0)
		return false;
	return a->device && b->device ? strcmp(a->device, b->device) == 0 : a->device == b->device;
}

/* Those of `old` by name and handlers; the first of several alike. */
static int index_by_name(const struct fleet *old, struct strmap *map)
{
	int r = 0;

	for (size_t i = 0; i < old->n_irqs && r == 0; i++)
		r = strmap_add(map, old->irqs[i].name, strlen(old->irqs[i].name), &old->irqs[i]);
	return r;
}

/*
 * Which interrupt of `old` is which one now, or ENGINE_NOWHERE. One that has another number is the
 * same where its driver was loaded again: same device, vector and handlers.
 */
static int map_irqs(const struct fleet *fleet, const struct fleet *old, uint32_t *map)
{
	struct strmap names = {0};
	int r = index_by_name(old, &names);

	for (uint32_t i = 0; i < fleet->n_irqs && r == 0; i++) {
		const struct fleet_irq *irq = &fleet->irqs[i];
		const struct fleet_irq *known;

		map[i] = engine_find(&old->engine, fleet->engine.irqs[i].irq);
		if (map[i] != ENGINE_NOWHERE && is_same(irq, &old->irqs[map[i]], true))
			continue;
		map[i] = ENGINE_NOWHERE;
		known = *irq->actions ? strmap_find(&names, irq->name, strlen(irq->name)) : NULL;
		if (known && is_same(irq, known, false))
			map[i] = (uint32_t)(known - old->irqs);
	}
	strmap_done(&names);
	return r;
}

/* What holds for the interrupt of this name, whatever number it has. */
static void inherit_ban(struct fleet *fleet, uint32_t i, const struct fleet_irq *from)
{
	fleet->irqs[i].banned = from->banned;
	if (from->banned)
		fleet_fix(fleet, i, N_("banned by irqctl set --ban"));
}

/* A banned one that is gone: its ban holds where it comes again, now or later. */
static int keep_ban(struct fleet *fleet, const struct fleet_irq *irq)
{
	struct fleet_irq *to;
	int r;

	for (uint32_t i = 0; i < fleet->n_irqs; i++) {
		if (is_same(&fleet->irqs[i], irq, false)) {
			inherit_ban(fleet, i, irq);
			return 0;
		}
	}
	r = ARRAY_RESERVE(fleet->departed, fleet->n_departed + 1, fleet->cap_departed);
	if (r < 0)
		return r;
	to = &fleet->departed[fleet->n_departed];
	*to = (struct fleet_irq){
		.actions = arena_strdup(&fleet->strings, irq->actions),
		.device = irq->device ? arena_strdup(&fleet->strings, irq->device) : NULL,
		.vector = irq->vector,
		.banned = true,
	};
	if (!to->actions || (irq->device && !to->device))
		return -ENOMEM;
	fleet->n_departed++;
	return 0;
}

static int inherit_bans(struct fleet *fleet, const struct fleet *old, const uint32_t *map)
{
	_cleanup_free_ bool *is_here = calloc(old->n_irqs + 1, sizeof(*is_here));
	int r = is_here ? 0 : -ENOMEM;

	for (uint32_t i = 0; i < fleet->n_irqs && r == 0; i++) {
		if (map[i] == ENGINE_NOWHERE)
			continue;
		is_here[map[i]] = true;
		inherit_ban(fleet, i, &old->irqs[map[i]]);
	}
	for (size_t i = 0; i < old->n_irqs && r == 0; i++) {
		if (old->irqs[i].banned && !is_here[i] && *old->irqs[i].actions)
			r = keep_ban(fleet, &old->irqs[i]);
	}
	for (size_t i = 0; i < old->n_departed && r == 0; i++)
		r = keep_ban(fleet, &old->departed[i]);
	return r;
}

/* The number that a CPU of the old fleet has now; ENGINE_NOWHERE: none. */
static uint32_t same_cpu(const struct fleet *fleet, const struct fleet *old, uint32_t cpu)
{
	return cpu == ENGINE_NOWHERE
		       ? ENGINE_NOWHERE
		       : engine_find_cpu(&fleet->engine, old->engine.cpus[cpu].place.cpu);
}

/* And what belongs to the number: its affinity, and what the kernel said of it. */
static int inherit_setting(struct fleet *fleet, uint32_t i, const struct fleet *old, uint32_t k)
{
	const struct fleet_irq *from = &old->irqs[k];
	struct fleet_irq *to = &fleet->irqs[i];
	uint32_t cpu = old->engine.irqs[k].cpu;
	int r;

	to->seen = from->seen;
	to->written = from->written;
	to->journaled = from->journaled;
	to->managed = from->managed;
	to->disputed = from->disputed;
	to->last = same_cpu(fleet, old, from->last);
	to->set_ns = from->set_ns;
	r = cpuset_copy(&to->expected, &from->expected);
	if (r == 0)
		r = cpuset_copy(&to->previous, &from->previous);
	if (r == 0)
		r = cpuset_copy(&to->original, &from->original);
	if (r == 0 && from->foreign && !to->banned)
		r = fleet_respect(fleet, i, &from->respected);
	if (from->refused)
		fleet_refused(fleet, i);
	else if (from->managed && !fleet->engine.irqs[i].fixed)
		fleet_fix(fleet, i, N_("managed by the kernel"));
	if (r == 0 && cpu != ENGINE_NOWHERE)
		r = engine_place(&fleet->engine, i, same_cpu(fleet, old, cpu));
	return r;
}

int fleet_inherit(struct fleet *fleet, struct fleet *old)
{
	_cleanup_free_ uint32_t *map = calloc(fleet->n_irqs + 1, sizeof(*map));
	int r = map ? map_irqs(fleet, old, map) : -ENOMEM;

	if (r < 0)
		return r;
	r = engine_inherit(&fleet->engine, &old->engine, map);
	if (r == 0)
		r = inherit_bans(fleet, old, map);
	for (uint32_t i = 0; i < fleet->n_irqs && r == 0; i++) {
		fleet->irqs[i].is_new = map[i] == ENGINE_NOWHERE ||
					fleet->engine.irqs[i].irq != old->engine.irqs[map[i]].irq;
		if (map[i] == ENGINE_NOWHERE)
			continue;
		if (!fleet->irqs[i].is_new)
			r = inherit_setting(fleet, i, old, map[i]);
	}
	if (r == 0) {
		fleet->full = old->full;
		fleet->n_full = old->n_full;
		fleet->cap_full = old->cap_full;
		old->full = NULL;
		old->n_full = old->cap_full = 0;
	}
	return r;
}
