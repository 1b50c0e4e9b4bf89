/* SPDX-License-Identifier: BSD-2-Clause */
/* What becomes of an affinity that is not what the daemon set or found. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/macros.h"
#include "daemon/keeper_moves.h"
#include "daemon/log.h"
#include "parse/cpulist.h"
#include "snapshot/cpus.h"

/* A deferred move is made, or given up, when the interrupt comes. */
#define GIVEN_UP_NS 10000000000u
#define HOTPLUG_NS  5000000000u

/* What is there now is what somebody wants to find at the end. */
static void forget_original(struct keeper *keeper, uint32_t index)
{
	struct fleet_irq *irq = &keeper->fleet.irqs[index];
	const struct record_entry entry = keeper_entry(keeper, index);
	_cleanup_(buf_done) struct buf error = {0};

	cpuset_done(&irq->original);
	if (!irq->journaled)
		return;
	if (keeper->journal && journal_forget(keeper->journal, &entry, &error) < 0)
		log_warning("%s", buf_text(&error));
	irq->journaled = false;
	for (size_t i = 0; i < keeper->old.n; i++) {
		struct record_entry *old = &keeper->old.entries[i];

		if (!keeper_is_original_of(old, irq, entry.setting.irq))
			continue;
		cpuset_done(&old->cpus);
		*old = keeper->old.entries[--keeper->old.n];
		return;
	}
}

/*
 * Whether CPUs came or went just now. Then the kernel has moved what had no other CPU
 * (kernel/irq/cpuhotplug.c, migrate_one_irq), and drivers place all their queues anew
 * (drivers/net/virtio_net.c, virtnet_cpu_notif): nobody wished for that, and no file is written.
 */
static bool is_hotplug(struct keeper *keeper)
{
	struct cpu_sets sets = {0};
	uint64_t now = clock_ns(CLOCK_MONOTONIC);

	if (cpu_sets_read(keeper->source, &sets) == 0 && cpuset_next(&sets.online, 0) >= 0 &&
	    !cpuset_equal(&sets.online, &keeper->fleet.online)) {
		keeper->hotplug_ns = now;
		keeper->stale = true;
	}
	cpu_sets_done(&sets);
	return keeper->hotplug_ns && now - keeper->hotplug_ns < HOTPLUG_NS;
}

/*
 * The kernel gives a move up without a word where the CPU has no vector (kernel/irq/migration.c).
 * FreeBSD's moves at once or says ENOSPC (sys/x86/x86/msi.c, msi_assign_cpu), so what is there
 * again was put there.
 */
static bool was_given_up(const struct keeper *keeper, const struct fleet_irq *irq,
			 const struct cpuset *now)
{
	return !keeper->sampler.is_freebsd && !irq->written && irq->set_ns &&
	       clock_ns(CLOCK_MONOTONIC) - irq->set_ns < GIVEN_UP_NS &&
	       cpuset_count(&irq->expected) == 1 && cpuset_equal(now, &irq->previous);
}

/* Whether it is what the driver wants itself (kernel/irq/manage.c, irq_set_affinity_and_hint). */
static bool is_hinted(const struct keeper *keeper, uint32_t index, const struct cpuset *now)
{
	_cleanup_(buf_done) struct buf path = {0}, text = {0};
	_cleanup_(cpuset_done) struct cpuset hint = {0};

	return buf_printf(&path, "proc/irq/%" PRId32 "/affinity_hint",
			  keeper->fleet.engine.irqs[index].irq) == 0 &&
	       source_read(keeper->source, buf_text(&path), &text) == 0 &&
	       cpumask_parse(buf_text(&text), text.len, &hint) == 0 && cpuset_equal(&hint, now);
}

/* Nobody's wish: a driver that began anew asks for all CPUs, or for its hint. It writes no file. */
static bool is_anew(const struct keeper *keeper, uint32_t index, const struct cpuset *now)
{
	if (keeper->fleet.irqs[index].written)
		return false;
	return cpuset_count(now) >= keeper->fleet.engine.n_cpus || is_hinted(keeper, index, now);
}

static int respect(struct keeper *keeper, uint32_t index, const struct cpuset *now, bool anew)
{
	struct fleet *fleet = &keeper->fleet;
	struct fleet_irq *irq = &fleet->irqs[index];
	int r = cpuset_copy(&irq->expected, now);

	if (r < 0)
		return r;
	forget_original(keeper, index);
	if (!anew)
		return fleet_respect(fleet, index, now);
	irq->foreign = false; /* what held for it, the fleet knows */
	keeper->stale = true;
	return 0;
}

/* Where it was served before: an affinity of many CPUs would leave it where it is now. */
static int put_back(struct keeper *keeper, uint32_t index)
{
	const struct fleet *fleet = &keeper->fleet;
	const struct fleet_irq *irq = &fleet->irqs[index];
	struct keeper_wish wish = {.irq = index,
				   .reason = "put back where it was: somebody else moved it",
				   .before = NAN,
				   .predicted = NAN,
				   .is_contested = true};
	int r = irq->last == ENGINE_NOWHERE
			? cpuset_copy(&wish.cpus, &irq->expected)
			: cpuset_add(&wish.cpus, fleet->engine.cpus[irq->last].place.cpu);

	if (r == 0)
		r = keeper_carry_out(keeper, &wish, 1);
	cpuset_done(&wish.cpus);
	return r;
}

/* Says it once: a change that cannot be put back is seen with every sample. */
static int report(struct keeper *keeper, uint32_t index, const struct cpuset *now, const char *fate)
{
	const struct fleet_irq *irq = &keeper->fleet.irqs[index];
	_cleanup_free_ char *ours = keeper_list(&irq->expected), *theirs = keeper_list(now);
	const struct keeper_wish wish = {.irq = index,
					 .cpus = *now,
					 .reason = "changed by somebody else",
					 .before = NAN,
					 .predicted = NAN};
	int r = keeper_remember(keeper, &wish, CHANGE_APPLIED, true);

	if (r < 0 || !ours || !theirs)
		return -ENOMEM;
	log_warning("IRQ %" PRId32 " (%s): somebody else changed its affinity from %s to %s: %s",
		    keeper->fleet.engine.irqs[index].irq, irq->name, ours, theirs, fate);
	return 0;
}

int keeper_foreign(struct keeper *keeper, uint32_t index, const struct cpuset *now)
{
	struct fleet_irq *irq = &keeper->fleet.irqs[index];
	bool restore = keeper->config->foreign == CONFIG_RESTORE && !keeper->options.observe &&
		       !irq->ignored;
	bool anew;
	int r;

	if (is_hotplug(keeper) && !irq->written) {
		log_debug("IRQ %" PRId32 " (%s): placed anew, since CPUs came or went",
			  keeper->fleet.engine.irqs[index].irq, irq->name);
		return cpuset_copy(&irq->expected, now);
	}
	if (was_given_up(keeper, irq, now)) {
		r = keeper_no_vector(keeper, index, (uint32_t)cpuset_next(&irq->expected, 0));
		irq->set_ns = 0;
		return r < 0 ? r : cpuset_copy(&irq->expected, now);
	}
	anew = !restore && is_anew(keeper, index, now);
	if (!irq->disputed) {
		r = report(keeper, index, now,
			   irq->ignored ? "left alone (ignore = yes)"
			   : restore    ? "put back (foreign = restore)"
			   : anew ? "taken for a driver that began anew, so it may be moved again"
				  : "respected (foreign = respect)");
		if (r < 0)
			return r;
		irq->disputed = restore;
	}
	return restore ? put_back(keeper, index) : respect(keeper, index, now, anew);
}

void keeper_ban(struct keeper *keeper, uint32_t irq)
{
	fleet_fix(&keeper->fleet, irq, "banned by irqctl set --ban");
	keeper->fleet.irqs[irq].banned = true;
	forget_original(keeper, irq); /* it is the user's now */
}
