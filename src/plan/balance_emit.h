/* SPDX-License-Identifier: BSD-2-Clause */
/* Two placements to the list of moves between them. For the files balance*.c only. */
#pragma once

#include "base/buf.h"
#include "plan/balance_place.h"

enum move_cause {
	MOVE_CLOSED,      /* its CPU takes none */
	MOVE_NOT_ALLOWED, /* its CPU is not one of its own */
	MOVE_NOWHERE,     /* it has no CPU of the problem */
	MOVE_TOGETHER,    /* `partner`, of its group, is on that CPU, or goes there too */
	MOVE_SWAP,        /* `partner` goes the other way */
	MOVE_NEARER,      /* to its device */
	MOVE_PACK,        /* off a core that is to be empty */
	MOVE_LOAD,
};

/* A move and how things stood when it was chosen. CPUs are indices of the problem's. */
struct planned_move {
	uint32_t irq, from, to;
	enum move_cause cause;
	uint32_t partner;          /* index of problem->irqs */
	double from_fill, to_fill; /* before it */
	bool is_busiest;           /* no CPU was fuller than `from` */
};

/* Fills `plan` except its strings and reasons: moves in their order, as many as the budget allows;
 * *ret_moves, one for each of plan->moves, is freed by the caller. 0 or -ENOMEM; the plan is to be
 * given to balance_plan_done in either case. */
int emit_plan(const struct placement *placement, const struct limits *limits, double bound,
	      struct balance_plan *plan, struct planned_move **ret_moves);

/* balance_reason.c: appends it in words. 0 or -ENOMEM. */
int reason_of_move(const struct balance_problem *problem, const struct planned_move *move,
		   struct buf *out);
