/* SPDX-License-Identifier: BSD-2-Clause */
/* What is read of an interrupt while the daemon runs, and what came of it. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/i18n.h"
#include "base/macros.h"
#include "daemon/fleet.h"
#include "model/freebsd.h"

/* Of so many looks at an interrupt that may go to several CPUs, one reads which serves it. */
#define EFFECTIVE_LOOKS 4u

#define FULL_NS 300000000000u /* vectors come free when drivers end, which is rare */

void fleet_fix(struct fleet *fleet, uint32_t irq, const char *why)
{
	fleet->engine.irqs[irq].fixed = why;
}

int fleet_respect(struct fleet *fleet, uint32_t index, const struct cpuset *set)
{
	struct fleet_irq *irq = &fleet->irqs[index];
	int r = cpuset_copy(&irq->respected, set);

	if (r < 0)
		return r;
	irq->foreign = true;
	if (irq->ignored)
		return 0; /* that is why it stays */
	if (cpuset_count(set) == 1)
		fleet_fix(fleet, index, "set by somebody else; foreign = respect");
	else
		fleet->engine.irqs[index].allowed = &irq->respected;
	return 0;
}

void fleet_refused(struct fleet *fleet, uint32_t index)
{
	fleet->irqs[index].refused = true;
	fleet_fix(fleet, index, N_("refused by the kernel: it is managed there"));
}

int fleet_no_vector(struct fleet *fleet, uint32_t cpu, uint64_t now_ns)
{
	int r = ARRAY_RESERVE(fleet->full, fleet->n_full + 1, fleet->cap_full);

	if (r < 0)
		return r;
	fleet->full[fleet->n_full++] = (struct fleet_full){.cpu = fleet->engine.cpus[cpu].place.cpu,
							   .until_ns = now_ns + FULL_NS};
	fleet->engine.cpus[cpu].room = 0;
	return 0;
}

static bool is_open(const struct fleet *fleet, size_t index, const struct cpuset *hot)
{
	uint32_t cpu = fleet->engine.cpus[index].place.cpu;

	return cpuset_has(&fleet->cpus.allowed, cpu) && !(hot && cpuset_has(hot, cpu));
}

/* Where all are hot, none is closed for it. */
bool fleet_set_hot(struct fleet *fleet, const struct cpuset *hot)
{
	struct engine *engine = &fleet->engine;
	bool any_cool = false, changed = false;

	for (size_t i = 0; i < engine->n_cpus; i++)
		any_cool = any_cool || is_open(fleet, i, hot);
	for (size_t i = 0; i < engine->n_cpus; i++) {
		bool closed = !is_open(fleet, i, any_cool ? hot : NULL);

		changed = changed || closed != engine->cpus[i].closed;
		engine->cpus[i].closed = closed;
	}
	return changed;
}

/*
 * Interrupts of which the CPU is known hold a vector there, busy or not. Where a CPU has more of
 * them than it has vectors, these are no limit: the kernel will say when it has none.
 */
static void count_room(struct fleet *fleet)
{
	struct engine *engine = &fleet->engine;

	for (size_t i = 0; i < engine->n_cpus; i++)
		engine->cpus[i].room = 0;
	for (size_t i = 0; i < engine->n_irqs && fleet->vectors; i++) {
		if (engine->irqs[i].cpu != ENGINE_NOWHERE)
			engine->cpus[engine->irqs[i].cpu].room++; /* what it holds, so far */
	}
	for (size_t i = 0; i < engine->n_cpus; i++) {
		uint32_t held = engine->cpus[i].room;

		engine->cpus[i].room = fleet->vectors && held <= fleet->vectors
					       ? fleet->vectors - held
					       : BALANCE_NO_LIMIT;
	}
}

void fleet_check_room(struct fleet *fleet, uint64_t now_ns)
{
	size_t n = 0;

	count_room(fleet);
	for (size_t i = 0; i < fleet->n_full; i++) {
		uint32_t cpu = engine_find_cpu(&fleet->engine, fleet->full[i].cpu);

		if (fleet->full[i].until_ns <= now_ns)
			continue;
		if (cpu != ENGINE_NOWHERE)
			fleet->engine.cpus[cpu].room = 0;
		fleet->full[n++] = fleet->full[i];
	}
	fleet->n_full = n;
}

/* From 6.12 on the missing write bits tell that the kernel manages it (kernel/irq/proc.c). */
static void look_at_mode(struct fleet *fleet, uint32_t index)
{
	_cleanup_(buf_done) struct buf path = {0};
	uint32_t mode;

	if (buf_printf(&path, "proc/irq/%" PRId32 "/smp_affinity", fleet->engine.irqs[index].irq) <
	    0)
		return;
	if (source_mode(fleet->source, buf_text(&path), &mode) < 0 || mode & 0222)
		return;
	fleet->irqs[index].managed = true;
	if (!fleet->engine.irqs[index].fixed)
		fleet_fix(fleet, index, N_("managed by the kernel"));
}

/*
 * Whether it need not be asked which CPU serves it, as long as it is asked to be where it was: that
 * is the one CPU where it may be, or was seen a short time ago. A kernel that may choose does so
 * when an interrupt is requested, which a driver may do again.
 */
static bool is_where_expected(const struct fleet *fleet, uint32_t index)
{
	const struct fleet_irq *irq = &fleet->irqs[index];
	uint32_t cpu = fleet->engine.irqs[index].cpu;

	if (!irq->seen || irq->set_ns || cpu == ENGINE_NOWHERE ||
	    !cpuset_has(&irq->expected, fleet->engine.cpus[cpu].place.cpu))
		return false;
	return cpuset_count(&irq->expected) == 1 || irq->looks % EFFECTIVE_LOOKS;
}

int fleet_look(struct fleet *fleet, struct sampler *sampler, uint32_t index, struct cpuset *ret_now)
{
	struct fleet_irq *irq = &fleet->irqs[index];
	_cleanup_(cpuset_done) struct cpuset requested = {0}, effective = {0};
	const struct cpuset *known = is_where_expected(fleet, index) ? &irq->expected : NULL;
	uint32_t cpu = ENGINE_NOWHERE;
	bool changed;
	int r = sampler_affinity(sampler, fleet->engine.irqs[index].irq, known, &requested,
				 &effective);

	irq->looks++;
	if (r)
		return r < 0 ? r : 0;
	if (cpuset_count(&effective) == 1)
		cpu = engine_find_cpu(&fleet->engine, (uint32_t)cpuset_next(&effective, 0));
	if (!irq->seen) {
		look_at_mode(fleet, index);
		irq->seen = true;
		r = cpuset_copy(&irq->expected, &requested);
		return r < 0 ? r : engine_place(&fleet->engine, index, cpu);
	}
	changed = !cpuset_equal(&requested, &irq->expected);
	if (changed && !irq->disputed)
		irq->last = fleet->engine.irqs[index].cpu;
	else if (!changed && cpuset_subset(&effective, &irq->expected))
		irq->set_ns = 0; /* our last write has arrived */
	irq->disputed = irq->disputed && changed;
	r = changed ? engine_displaced(&fleet->engine, index, cpu)
		    : engine_place(&fleet->engine, index, cpu);
	if (r == 0 && changed)
		r = cpuset_copy(ret_now, &requested);
	return r < 0 ? r : changed;
}

int fleet_look_new(struct fleet *fleet, struct sampler *sampler)
{
	bool all = !fleet->is_looked_through && cpuset_next(&fleet->cpus.shield, 0) >= 0;

	fleet->is_looked_through = true;
	for (uint32_t i = 0; i < fleet->n_irqs; i++) {
		struct cpuset unused = {0};
		int r;

		if (fleet->irqs[i].seen ||
		    (!all && !fleet->irqs[i].is_new && !engine_is_busy(&fleet->engine, i)))
			continue;
		r = fleet_look(fleet, sampler, i, &unused);
		cpuset_done(&unused);
		if (r == -ENOMEM)
			return r;
	}
	return 0;
}

int fleet_plan(struct fleet *fleet, const struct sampler *sampler, bool at_once,
	       struct balance_plan *ret)
{
	const struct engine *engine = &fleet->engine;
	struct balance_plan plan = {0};
	int r = engine_plan(&fleet->engine, at_once, &plan);

	for (size_t i = 0; i < plan.n_moves && r == 0 && sampler->is_freebsd; i++) {
		struct balance_move *move = &plan.moves[i];
		_cleanup_(buf_done) struct buf reason = {0};

		r = freebsd_move_reason(snapshot_irq(&sampler->seen, engine->irqs[move->irq].irq),
					engine->cpus[move->to].place.cpu, move->reason, &reason);
		if (r == 0)
			move->reason = arena_strdup(&plan.strings, buf_text(&reason));
		if (!move->reason)
			r = -ENOMEM;
	}
	if (r < 0)
		balance_plan_done(&plan);
	else
		*ret = plan;
	return r;
}
