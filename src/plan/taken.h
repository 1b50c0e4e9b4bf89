/* SPDX-License-Identifier: BSD-2-Clause */
/* What a plan doesn't touch, and what that takes up. Pure, within plan/. */
#pragma once

#include <stdbool.h>

#include "model/model.h"
#include "plan/places.h"
#include "plan/spread.h"

/* Why an interrupt stays where it is, in constant English; NULL: it is to be placed. */
const char *taken_why(const struct spread_request *request, const struct interrupt *interrupt);

/*
 * Counts the queues in use and the vectors of the model's interrupts on their CPUs, except those to
 * be placed (by position in the model). 0 or -ENOMEM.
 */
int taken_count(const struct spread_request *request, const bool *is_placed, struct places *places);
