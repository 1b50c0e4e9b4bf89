/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * irqbalance's socket: a stream socket that takes one command per connection from root, in
 * /run/irqbalance, or abstract (versions 1.1 to 1.5, and where that directory is missing). What is
 * said there lasts until the daemon ends.
 */
#pragma once

#include "apply/balancer.h"

/* See balancer_ban_fn. */
int irqbalance_ban(struct source *source, int32_t pid, const int32_t *irqs, size_t n, double turn_s,
		   enum ban_state *ret_state);
