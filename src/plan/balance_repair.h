/* SPDX-License-Identifier: BSD-2-Clause */
/* From where the interrupts are to where the limits are kept, by few moves. For balance*.c only. */
#pragma once

#include "plan/balance_place.h"

/* Limits that are the same everywhere; 0 or -ENOMEM. A negative one: nothing may be there. */
int limits_init(struct limits *limits, const struct work *work, double cpu, double core,
		double alone);
/* To be called after `cpu` or `core` was changed by hand. */
void limits_finish(struct limits *limits, const struct work *work);
void limits_done(struct limits *limits);
/*
 * Lowers the limits of the CPUs (of their cores too, unless `by_own`) to what they need to be for
 * the units to be as well spread as in the placement: load that nothing can lower is no reason to
 * let others fill up to it. Each is `slack` above the level, and at least `floor`. 0 or -ENOMEM.
 */
int limits_follow(struct limits *limits, const struct placement *placement, bool by_own,
		  double slack, double floor);

/* Ways to repair a placement: the same with other preferences, where one does not succeed. */
enum repair_way {
	REPAIR_FEW,       /* the fewest leave a CPU that is too full */
	REPAIR_FEW_TIGHT, /* and go where least room is left */
	REPAIR_GIANTS,    /* what is above the limit alone stays, all others leave */
	REPAIR_GIANTS_TIGHT,
	N_REPAIR_WAYS,
};

/* 0: the limits are kept and everything is placed; -ENOSPC: not possible this way, and the
 * placement is somewhere in between; -ENOMEM. */
int repair(struct placement *placement, const struct limits *limits, enum repair_way way);
/* Whether everything is placed within the limits. */
bool repair_is_done(const struct placement *placement, const struct limits *limits);

/* balance_polish.c: makes a placement that keeps the limits cheaper: moves that turn out not to be
 * needed are taken back, units get nearer to their devices. */
void polish(struct placement *placement, const struct limits *limits);
