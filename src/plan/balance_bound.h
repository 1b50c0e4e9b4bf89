/* SPDX-License-Identifier: BSD-2-Clause */
/* How low the fills can get at best. For the files balance*.c only. */
#pragma once

#include "plan/balance_work.h"

/* A highest fill that no placement of all units is below. 0 or -ENOMEM. */
int bound_max(const struct work *work, double *ret);
/*
 * How high the CPUs would be filled if the load were like water, but for those CPUs that the
 * largest units or what does not move fill above that: these leave less to the others. With
 * `by_own` the cores don't count. No proof, since what may go where is not looked at. 0 or -ENOMEM.
 */
int bound_level(const struct work *work, bool by_own, double *ret);
