/* SPDX-License-Identifier: BSD-2-Clause */
/* The steps of a plan, for the files balance*.c only. */
#pragma once

#include "plan/balance_repair.h"
#include "plan/balance_search.h"

/* A plan in the making. */
struct building {
	struct work work;
	struct placement placement;
	struct limits limits;     /* what the placement keeps to, or nearly */
	double bound;             /* of the highest fill */
	uint32_t *present, *best; /* by unit */
	bool is_adrift;           /* most units have no place that they may keep */
};

/*
 * Balances: the present placement becomes one with a highest fill that is at most the slack above
 * the best one known, and cheap. 0 or -ENOMEM.
 */
int build_spread(struct building *building);
/*
 * The same onto as few cores as hold the load below pack_fill. 0, -ENOMEM, or -ENOSPC where all of
 * them do not hold it; the placement is then as it was.
 */
int build_pack(struct building *building);
/*
 * From the present placement to the limits in the cheapest way known: 0, or -ENOSPC where none is
 * known, or -ENOMEM.
 */
int build_within(struct building *building, const struct limits *limits);
