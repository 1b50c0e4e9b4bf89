/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds placements with a low highest fill, however many moves away. For the files balance*.c. */
#pragma once

#include "plan/balance_place.h"

/* How good a placement is: the highest fill, then how even the fills are. */
struct score {
	double max, squares;
};

struct score score_of(const struct placement *placement);
bool score_is_better(const struct score *a, const struct score *b);

/* Places what has no place, the largest first, where it makes the lowest fill. */
void search_place_rest(struct placement *placement);
/*
 * Moves, swaps and chains of two moves that lower the busiest CPU, then the next one that can be
 * lowered, until all are at most at `goal` or *effort (pairs looked at) is spent. 0 or -ENOMEM.
 */
int search_descend(struct placement *placement, double goal, long *effort);
/* Places everything below that fill, each where it leaves least; false: not possible this way. */
bool search_squeeze(struct placement *placement, double level);

/* balance_exact.c: for small problems, as far as `nodes` go. */
bool exact_is_small(const struct work *work);
/* The lowest highest fill: changes the placement where a better one is found. 0 or -ENOMEM. */
int exact_max(struct placement *placement, double bound, long nodes);
/* The lowest cost within the limits, if it is below that of the placement, which keeps to them
 * (`is_valid`) or not. 0 or -ENOMEM. */
int exact_cost(struct placement *placement, const struct limits *limits, bool is_valid, long nodes);
