/* SPDX-License-Identifier: BSD-2-Clause */
/* What was learned goes on when the interrupts or the CPUs are other ones. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "model/cost_internal.h"

/* Which new index an old one has, or COST_NOWHERE. NULL: out of memory. */
static uint32_t *reverse(const uint32_t *map, size_t n, size_t n_old)
{
	uint32_t *back = malloc((n_old + 1) * sizeof(*back));

	if (!back)
		return NULL;
	memset(back, 0xff, (n_old + 1) * sizeof(*back));
	for (size_t i = 0; i < n; i++) {
		if (map[i] != COST_NOWHERE)
			back[map[i]] = (uint32_t)i;
	}
	return back;
}

static void take_slot(struct costs *costs, struct costs *old, uint32_t index, uint32_t from,
		      const uint32_t *cpu_back)
{
	struct cost_slot *to = &costs->slots[index], *slot = &old->slots[from];
	uint32_t group = to->group;

	if (group < costs->n_groups && slot->group < old->n_groups)
		costs->groups[group] = old->groups[slot->group];
	*to = *slot;
	to->group = group;
	to->cpu = slot->cpu == COST_NOWHERE ? COST_NOWHERE : cpu_back[slot->cpu];
	slot->cpu = slot->at = COST_NOWHERE;
}

static void take_cpu(struct cost_cpu *to, struct cost_cpu *from, const uint32_t *slot_back)
{
	*to = *from;
	*from = (struct cost_cpu){0};
	for (size_t i = 0; i < to->n; i++)
		to->slots[i] = slot_back[to->slots[i]];
	to->settled = false;
}

int costs_take_over(struct costs *costs, struct costs *old, const uint32_t *slot_map,
		    const uint32_t *cpu_map)
{
	_cleanup_free_ uint32_t *slot_back = reverse(slot_map, costs->n_slots, old->n_slots);
	_cleanup_free_ uint32_t *cpu_back = reverse(cpu_map, costs->n_cpus, old->n_cpus);

	if (!slot_back || !cpu_back)
		return -ENOMEM;
	for (uint32_t i = 0; i < old->n_slots; i++) {
		uint32_t cpu = old->slots[i].cpu;

		if (slot_back[i] == COST_NOWHERE ||
		    (cpu != COST_NOWHERE && cpu_back[cpu] == COST_NOWHERE))
			costs_rest(old, i);
	}
	for (uint32_t i = 0; i < costs->n_slots; i++) {
		if (slot_map[i] != COST_NOWHERE)
			take_slot(costs, old, i, slot_map[i], cpu_back);
	}
	for (size_t i = 0; i < costs->n_cpus; i++) {
		if (cpu_map[i] != COST_NOWHERE)
			take_cpu(&costs->cpus[i], &old->cpus[cpu_map[i]], slot_back);
	}
	costs->groups[costs->n_groups] = old->groups[old->n_groups];
	costs->tick_noise = old->tick_noise;
	return 0;
}
