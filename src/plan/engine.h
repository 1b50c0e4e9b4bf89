/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The balancer as a machine of states: facts and samples go in, moves come out. It learns what each
 * interrupt costs (model/cost.h), asks the planner for the best placement (plan/balance.h), and
 * decides whether that is worth it now. Pure: no I/O, no clock of its own; the daemon, `irqctl
 * plan` and `irqctl simulate` drive the same engine.
 *
 * Calm comes from these rules:
 *   - a plan must lower the highest load by more than the costs are unsure, and by enough to
 * matter;
 *   - after moves it waits for a clean sample, which shows what they brought;
 *   - an interrupt that was moved lately needs a better reason to be moved again;
 *   - moves come out of a budget that fills up at so many a minute;
 *   - where all was settled, so many interrupts that changed cause no more moves than that, and
 *     plans that win little share six moves a minute.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/cost.h"
#include "plan/balance.h"
#include "snapshot/sample.h"
#include "topology/topology.h"

#define ENGINE_NOWHERE UINT32_MAX

struct engine_options {
	enum balance_mode mode;
	double pack_fill;
	bool respect_load;       /* time that other work takes counts for a CPU's load */
	double moves_per_minute; /* 0: as many as there are busy interrupts, and at least 60 */
};

/* One CPU that is online. */
struct engine_cpu {
	struct topology_cpu place;
	double capacity; /* 1.0: the fastest kind */
	bool closed;     /* takes no interrupts: banned, isolated, shielded, too hot */
	bool shielded;   /* closed, and idle interrupts are to leave it, too */
	uint32_t room;   /* vectors that are left; BALANCE_NO_LIMIT: not known */
};

/* One interrupt. The engine keeps a copy of the struct; texts and sets are the caller's. */
struct engine_irq {
	int32_t irq;
	uint32_t cpu;     /* index of the CPU that serves it, or ENGINE_NOWHERE */
	const char *name; /* stable: handlers' names, or the number */
	int32_t node;     /* of its device, -1 */
	uint32_t group;   /* moves together with the others of this number, 0: alone */
	uint32_t device;  /* number of its device from 1, 0: none */
	uint32_t kin;  /* from 0, one for each driver or device: they are expected to cost alike */
	double weight; /* its load counts so many times (1) */
	const struct cpuset *allowed; /* NULL: any CPU that is not closed */
	const char *fixed;            /* why it is not to be moved; NULL: it may be */
};

/* What the engine knows of an interrupt. */
struct engine_load {
	double rate;  /* events a second */
	double load;  /* in CPUs of the fastest kind */
	double doubt; /* standard error of `load` */
	bool busy;    /* came lately */
};

struct engine_rate;

struct engine {
	struct engine_options options;
	struct engine_cpu *cpus; /* ascending by id */
	size_t n_cpus;
	struct engine_irq *irqs; /* ascending by irq */
	size_t n_irqs;
	const struct topology *topology;
	struct costs costs;
	struct engine_rate *rates; /* one for each interrupt */
	double *busy, *blur, *other, *events;
	double *uncounted; /* s by which a CPU's times are behind the clock; below 0: ahead of it */
	bool *saturated;
	struct cpu_time *last_cpus;
	uint64_t last_ns;
	uint32_t *last_counts;
	double budget;        /* moves that may be made now ... */
	double trim;          /* ... and of plans that win little, once all is settled */
	double stirred_s;     /* as time_s: the last time that all was not settled */
	double answered_s;    /* ... the last moves that changed interrupts caused */
	size_t n_answers;     /* these moves */
	double time_s;        /* since the first sample */
	unsigned int worthy;  /* samples in a row that found a plan worth its moves */
	size_t n_full;        /* saturated CPUs when the last moves were made */
	double blind_s;       /* pause after moves between saturated CPUs that brought nothing */
	double blind_until_s; /* as time_s */
	double probe_until_s;
	double refused_until_s; /* a plan was not worth it: the next one is asked for then ... */
	double refused_max;     /* ... or when the highest fill is well above this ... */
	double refused_price;   /* ... or when a plan need not win more than this, ... */
	double refused_remote;  /* ... or when more of the load is off its devices' nodes */
	bool has_sample, unchecked;
};

/*
 * An engine for a machine. The topology must outlive it. 0 or -ENOMEM. Free with engine_done either
 * way.
 */
int engine_init(struct engine *engine, const struct engine_options *options,
		const struct topology *topology, const struct engine_cpu *cpus, size_t n_cpus,
		const struct engine_irq *irqs, size_t n_irqs);
void engine_done(struct engine *engine);

/*
 * Takes over what another engine learned, which begins anew. map[i] is the index that this engine's
 * interrupt i has in the other one, or ENGINE_NOWHERE; to be called before anything is placed.
 * Where both have the same CPUs and interrupts, the next sample follows the other one's last; else
 * it only begins. 0 or -ENOMEM.
 */
int engine_inherit(struct engine *engine, struct engine *old, const uint32_t *map);

/* The index of an IRQ number, or ENGINE_NOWHERE. */
uint32_t engine_find(const struct engine *engine, int32_t irq);
/* The index of a CPU, or ENGINE_NOWHERE. */
uint32_t engine_find_cpu(const struct engine *engine, uint32_t cpu);

/*
 * An interrupt is served by this CPU from now on (an index, or ENGINE_NOWHERE where nobody knows).
 * 0 or -ENOMEM.
 */
int engine_place(struct engine *engine, uint32_t irq, uint32_t cpu);

/*
 * Somebody else moved the interrupt to this CPU, at an unknown time since the last sample: what the
 * next sample says of both CPUs is not learned from. 0 or -ENOMEM.
 */
int engine_displaced(struct engine *engine, uint32_t irq, uint32_t cpu);

/*
 * Learns from a sample; the first one only begins. 0; -ENOMEM; -ESTALE where the sample has other
 * CPUs than the engine, which must be made anew then.
 */
int engine_sample(struct engine *engine, const struct sample *sample);

/*
 * The load of one interrupt; and the part of its time that one CPU, of whatever kind, spent on
 * interrupts and softirqs.
 */
struct engine_load engine_load(const struct engine *engine, uint32_t irq);
double engine_cpu_load(const struct engine *engine, uint32_t cpu);
/* The index of the CPU with the highest load. */
uint32_t engine_fullest(const struct engine *engine);
/* engine_load(engine, irq).busy, at less cost. */
bool engine_is_busy(const struct engine *engine, uint32_t irq);

/*
 * What should be moved now; may be empty. `at_once` asks for the best placement as if nothing had
 * been moved before and no budget were set (`irqctl plan`). move->irq and the CPUs are indices of
 * the engine's arrays. The caller makes the moves, and tells of each with engine_place(). 0 or
 * -ENOMEM. Free with balance_plan_done.
 */
int engine_plan(struct engine *engine, bool at_once, struct balance_plan *ret);
