/* SPDX-License-Identifier: BSD-2-Clause */
/* What the keeper does to affinities; private to it. All return 0 or -errno. */
#pragma once

#include "daemon/keeper.h"

/* Somebody else set the affinity of an interrupt to `now`: respects it, or puts ours back. */
int keeper_foreign(struct keeper *keeper, uint32_t irq, const struct cpuset *now);
/* Sets what the configuration pins, where it is not so yet. */
int keeper_pins(struct keeper *keeper);
/* Makes the moves that the engine asks for now. */
int keeper_balance(struct keeper *keeper);
/* Notes what the last round of moves brought. */
void keeper_measure(struct keeper *keeper);

void keeper_move_done(struct keeper_move *move);
