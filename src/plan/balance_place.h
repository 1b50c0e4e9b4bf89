/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the units of a work are, and what that makes of the CPUs. For the files balance*.c only.
 */
#pragma once

#include "plan/balance_work.h"

/*
 * How high CPUs and cores may be filled. A unit that is more than that on its own may have a CPU
 * that serves nothing else, up to `alone`.
 */
struct limits {
	double *cpu, *core;
	double alone;
	double highest; /* of all */
	double giant;   /* no unit with less load is above the limit of a CPU alone */
};

struct placement {
	const struct work *work;
	struct arena memory;
	uint32_t *at;              /* by unit; BALANCE_NOWHERE: not placed */
	uint32_t *next, *previous; /* units of the same CPU */
	uint32_t *first;           /* by CPU: its newest unit */
	uint32_t *n_units, *n_core_units;
	uint32_t *used;            /* by CPU: interrupts, of work_cpu.slots */
	double *own, *core;        /* loads */
	double *fill;              /* by CPU; INFINITY where closed */
	double *free_fill;         /* the same; INFINITY without room for an interrupt, too */
	double *block_fill;        /* by block: lowest free_fill */
	uint32_t *core_of;         /* by rank of a unit, as `at` */
	uint32_t *core_mark, mark; /* cores that serve units of the device being placed */
	/*
	 * With `core_limit` the fill of a CPU is only that of its own load, and cores take what
	 * their limit allows: how well the load is spread over the threads.
	 */
	const double *core_limit;
};

/* 0 or -ENOMEM. Everything that has a place is there, the others are not placed. */
int placement_init(struct placement *placement, const struct work *work);
void placement_done(struct placement *placement);
/* The units to where `at` says. */
void placement_set(struct placement *placement, const uint32_t *at);
/* Changes what `fill` means, NULL: the fill of balance.h. */
void placement_measure(struct placement *placement, const double *core_limit);

void placement_put(struct placement *placement, uint32_t unit, uint32_t cpu);
void placement_take(struct placement *placement, uint32_t unit); /* which is placed */
void placement_move(struct placement *placement, uint32_t unit, uint32_t cpu);

/* The fill of a CPU whose load were that much more; INFINITY where its core cannot take it. */
double placement_fill_with(const struct placement *placement, uint32_t cpu, double own,
			   double core);
/* Highest fill of the CPUs that are not closed. */
double placement_max(const struct placement *placement);
/* What the placement costs: farness by load, and what it takes to get there. */
double placement_unit_cost(const struct placement *placement, uint32_t unit, uint32_t cpu);
double placement_cost(const struct placement *placement);

static inline bool placement_has_slots(const struct placement *placement, uint32_t cpu, uint32_t n)
{
	return (uint64_t)placement->used[cpu] + n <= placement->work->cpus[cpu].slots;
}

/*
 * The CPU on which the unit would make the lowest fill, but not `except` and its core (or, where
 * that is BALANCE_NOWHERE, any); its fill in *ret_fill. BALANCE_NOWHERE: none below `below`.
 */
uint32_t placement_emptiest(struct placement *placement, uint32_t unit, uint32_t except,
			    double below, double *ret_fill);

/* Whether the unit, which is not placed, can be put there. */
bool placement_fits(const struct placement *placement, const struct limits *limits, uint32_t unit,
		    uint32_t cpu);
/* Whether a CPU, or its core, is filled above its limit by something that could go elsewhere. */
bool placement_is_over(const struct placement *placement, const struct limits *limits,
		       uint32_t cpu);
/*
 * The nearest CPU to the unit's device where it fits, on a core without another unit of that
 * device if there is one, the emptiest of these; or with `is_tight` the fullest one where it fits.
 * Only nodes below the farness `nearer_than` count.
 * BALANCE_NOWHERE: none.
 */
uint32_t placement_nearest(struct placement *placement, const struct limits *limits, uint32_t unit,
			   bool is_tight, double nearer_than);
