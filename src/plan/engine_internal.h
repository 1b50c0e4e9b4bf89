/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the engine share. */
#pragma once

#include "plan/engine.h"

#define ENGINE_SETTLED_AFTER 15.0 /* s */

/* A kind of work: what an event costs, in s, where so many come a second. */
struct engine_regime {
	float rate, cost;
};

/* How often an interrupt comes. */
struct engine_rate {
	double rate;    /* events a second */
	float variance; /* of one sample's rate */
	float idle_s;
	float changed_s; /* as time_s: when it was new, elsewhere, or its rate another; 0: never */
	float moved;     /* moves of late, fading */
	float steady;    /* samples behind `rate` */
	struct engine_regime regimes[2]; /* that it had, the last one first */
	bool busy;
};

/* engine_load().load, at less cost. */
static inline double engine_irq_load(const struct engine *engine, uint32_t irq)
{
	const struct engine_rate *rate = &engine->rates[irq];

	return rate->busy ? rate->rate * engine->costs.slots[irq].cost : 0;
}

/* What a sample says of rates; fills engine->events. 0 or -ENOMEM. */
int engine_learn_rates(struct engine *engine, const struct sample *sample, double seconds);
/* How many CPUs had no time left in the last sample. */
size_t engine_full_count(const struct engine *engine);
/* Whether the interrupt changed a short time ago. */
bool engine_is_changed(const struct engine *engine, uint32_t irq);
/* How many interrupts came lately. */
size_t engine_busy_count(const struct engine *engine);

/* The number of a CPU's core; one of which nobody knows the core is one of its own. */
size_t engine_core(const struct engine *engine, uint32_t cpu);

/* A core, as a problem has it. */
struct core_sum {
	double load, capacity;  /* of all its threads; of the strongest */
	double own;             /* the highest fill of an open thread by itself */
	uint32_t threads, open; /* CPUs */
	uint32_t n;             /* interrupts that may be moved */
	uint32_t cpu;           /* one that is open */
	bool is_aside;          /* left out of a question */
};

/*
 * The cores of a problem whose CPUs are the engine's and whose interrupts are all on one of them,
 * by engine_core(); those that there are none of have no threads. 0 or -ENOMEM. Free *ret.
 */
int engine_sum_cores(const struct engine *engine, const struct balance_cpu *cpus,
		     const struct balance_irq *irqs, size_t n_irqs, struct core_sum **ret);
/* How many of them: the highest number of a core, and 1. */
size_t engine_core_count(const struct engine *engine);
/* What a core can do in all, and its fill: at least that of its fullest open thread. */
double core_capacity(const struct core_sum *core);
double core_fill(const struct core_sum *core);

/* The problem as the planner wants it, and which interrupt is which. */
struct question {
	struct balance_cpu *cpus;
	struct balance_irq *irqs;
	uint32_t *index; /* of the engine's interrupts */
	size_t n_irqs;
	/* CPUs that are set aside: the highest of their fills, the sum, how many, and the others */
	double aside_max, aside_sum;
	size_t n_aside, n_open;
};

void question_done(struct question *question);
/*
 * All that may be moved, or `only_changed`: of what may stay only the interrupts that changed. 0 or
 * -ENOMEM. Free with question_done either way.
 */
int question_ask(const struct engine *engine, bool only_changed, struct question *question);
/*
 * A CPU that nothing can relieve hides how full the others are: those with nothing to move, or with
 * one interrupt that would fill any other one as much, are left out, the fullest first. 0
 * or -ENOMEM.
 */
int question_set_aside(const struct engine *engine, struct question *question);
/* The problem is about these CPUs and interrupts. */
void question_put(const struct question *question, struct balance_problem *problem);
/* Adds what was set aside to the fills of a plan. */
void question_sum_up(const struct question *question, struct balance_plan *plan);

struct engine_outlook {
	double max;       /* the highest fill now */
	double bound;     /* no plan has a lower one */
	double own;       /* as in struct balance_fill ... */
	double own_bound; /* ... and no plan has a lower one */
	uint32_t fullest; /* the CPU that has it */
	double remote;    /* part of the movable load that is served off its device's node */
	bool must_move;   /* an interrupt is on a CPU that is closed */
};

/*
 * The fills of a problem whose CPUs are the engine's and whose interrupts are all on one of them. 0
 * or -ENOMEM.
 */
int engine_look_out(const struct engine *engine, const struct balance_problem *problem,
		    struct engine_outlook *ret);

/*
 * Where nothing seems worth a move because one interrupt seems to take nearly all the time of the
 * fullest CPU, that may be a mistake: only their sum is known. One of the others is moved to the
 * emptiest CPU, which costs nothing where they are as cheap as they seem, and tells. Puts that move
 * into a plan that has none, or leaves it as it is. 0 or -ENOMEM.
 */
int engine_probe(struct engine *engine, struct balance_plan *plan);
