/* SPDX-License-Identifier: BSD-2-Clause */
/* The event loop of `irqctl daemon`: says when to look, listens, and ends in order. */
#pragma once

#include "daemon/keeper.h"

/*
 * Runs until SIGTERM or SIGINT, and puts everything back. Messages go to the log. 0, or -errno
 * where it could not begin (after a message) or not put everything back.
 */
int loop_run(const struct keeper_options *options);

/* 0, or -EBUSY after a message to the log: irqbalance, or FreeBSD's kernel, balances already. */
int loop_alone(struct source *source);
