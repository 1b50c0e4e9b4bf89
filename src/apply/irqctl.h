/* SPDX-License-Identifier: BSD-2-Clause */
/* `irqctl daemon`, asked over its socket: POST /ban (daemon/control.h). What is said there lasts
 * until it ends. */
#pragma once

#include "apply/balancer.h"

/* See balancer_ban_fn. */
int irqctl_ban(struct source *source, int32_t pid, const int32_t *irqs, size_t n, double turn_s,
	       enum ban_state *ret_state);
