/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machine as the balancer knows it: its CPUs, every numbered interrupt with its owner, the rule
 * of the configuration that holds for it, and the engine over both. `irqctl plan` and the daemon
 * use the same one. It reads; it writes nothing.
 *
 * What costs a read for each interrupt (its affinity) is read when the interrupt turns out to be
 * busy, so that a start costs little on machines with thousands of idle ones.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/cpuset.h"
#include "config/config.h"
#include "plan/engine.h"
#include "snapshot/sampler.h"
#include "source/source.h"
#include "topology/topology.h"

/* An interrupt; fleet.irqs[i] and fleet.engine.irqs[i] are the same one. */
struct fleet_irq {
	const char *name;    /* handlers, or the number where it has none */
	const char *owner;   /* interface or address for people; NULL: not known */
	const char *device;  /* what has the vectors, as apply/record.h names it; NULL: not known */
	const char *actions; /* as apply/record.h names it */
	const struct cpuset *pin; /* where `pinned` */
	uint32_t vector;          /* as apply/record.h counts it */
	uint32_t last;           /* index of the CPU that served it before somebody else moved it */
	struct cpuset expected;  /* its affinity: as it was found, or as we set it */
	struct cpuset original;  /* before our first change; empty: never changed */
	struct cpuset respected; /* what somebody else set, where `foreign` */
	struct cpuset previous;  /* what `expected` was before our last write, ... */
	uint64_t set_ns;         /* ... which was then (CLOCK_MONOTONIC); 0: it has arrived */
	uint32_t proposed;       /* with --observe: 1 + the CPU that was proposed last; 0: none */
	bool is_new;    /* came while the daemon ran: looked at before it turns out to be busy */
	bool seen;      /* `expected` was read */
	bool written;   /* somebody wrote its affinity: it is to be looked at */
	uint8_t looks;  /* one of EFFECTIVE_LOOKS reads the CPU, too */
	bool disputed;  /* it was said that somebody changed it; it is not put back yet */
	bool journaled; /* `original` is in the journal */
	bool foreign;   /* somebody else set it, and that is respected */
	bool banned;    /* the user wants it left alone (--ban) */
	bool refused;   /* the kernel refuses every write */
	bool ignored;   /* the configuration wants it left alone */
	bool managed;   /* the kernel says that it manages it */
	bool pinned;    /* the configuration wants `pin` to be its affinity */
};

/* A CPU that had no interrupt vector left, and until when that is believed. */
struct fleet_full {
	uint32_t cpu; /* id */
	uint64_t until_ns;
};

struct fleet {
	struct source *source;
	const struct config *config;
	struct topology topology;
	struct config_cpus cpus;
	struct buf unmatched; /* of a configuration that is new: config_unmatched() */
	struct cpuset online;
	struct cpuset kept_free; /* isolated, nohz_full */
	struct fleet_irq *irqs;
	size_t n_irqs;
	uint32_t vectors;           /* of a CPU, for interrupts of devices; 0: not known */
	struct fleet_irq *departed; /* banned ones that are gone: they may come again */
	size_t n_departed, cap_departed;
	struct fleet_full *full;
	size_t n_full, cap_full;
	bool is_looked_through; /* fleet_look_new() looked at idle ones */
	struct cpuset *near;    /* CPUs of each node that may serve, for policy = near */
	size_t n_near;
	struct engine engine;
	struct arena strings;
};

/*
 * Reads the machine. The source and the configuration must outlive the fleet. `old` may be NULL:
 * else what it learned and knows of the same interrupts is taken over. 0; -EINVAL where the
 * configuration does not fit the machine, or another -errno, with a sentence in `error`. Free with
 * fleet_done either way.
 */
int fleet_build(struct source *source, const struct config *config, struct fleet *old,
		struct fleet *ret, struct buf *error);
void fleet_done(struct fleet *fleet);

/*
 * Reads where an interrupt may go and where it is served, and tells the engine. Returns 1 where its
 * affinity is not what was expected (somebody changed it), which is in `ret_now` then; else 0, or
 * -errno (-ENOENT: it is gone).
 */
int fleet_look(struct fleet *fleet, struct sampler *sampler, uint32_t irq, struct cpuset *ret_now);

/*
 * fleet_look() for all busy interrupts that were not seen yet, for those that are new, so that what
 * they cost is not taken for that of others, and once for the idle ones too where CPUs are
 * shielded: these are to leave them. 0 or -ENOMEM.
 */
int fleet_look_new(struct fleet *fleet, struct sampler *sampler);

/*
 * engine_plan(), where the reasons also tell what a move leaves behind (FreeBSD, iflib). 0 or
 * -errno. Free with balance_plan_done.
 */
int fleet_plan(struct fleet *fleet, const struct sampler *sampler, bool at_once,
	       struct balance_plan *ret);

/* Somebody else gave it this set: it is moved only within that. 0 or -ENOMEM. */
int fleet_respect(struct fleet *fleet, uint32_t irq, const struct cpuset *set);

/* Whether other CPUs are isolated than when it was built: 1 or 0, or -errno. */
int fleet_is_stale(const struct fleet *fleet);

/*
 * These CPUs take no interrupts beside those that may not; where no CPU is left then, they do.
 * Returns whether that changed something.
 */
bool fleet_set_hot(struct fleet *fleet, const struct cpuset *hot);

/* A write has shown that it is managed by the kernel. */
void fleet_refused(struct fleet *fleet, uint32_t irq);

/*
 * A write has shown that this CPU (an index) has no vector left: nothing is moved there for some
 * minutes. fleet_check_room() ends that in time, makes it so again after fleet_build(), and counts
 * how many each of the others has left; to be called before each plan. Times are CLOCK_MONOTONIC. 0
 * or -ENOMEM.
 */
int fleet_no_vector(struct fleet *fleet, uint32_t cpu, uint64_t now_ns);
void fleet_check_room(struct fleet *fleet, uint64_t now_ns);

/* For fleet_build(): takes over what `old` knows. 0 or -ENOMEM. */
int fleet_inherit(struct fleet *fleet, struct fleet *old);

/* It cannot be moved, as a write has shown; the words are constant. */
void fleet_fix(struct fleet *fleet, uint32_t irq, const char *why);
