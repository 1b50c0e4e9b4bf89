/* SPDX-License-Identifier: BSD-2-Clause */
/* The words of a plan: why a queue is where it is. Texts live in `strings`; NULL: out of memory. */
#pragma once

#include <stdint.h>

#include "base/arena.h"
#include "base/cpuset.h"
#include "plan/places.h"
#include "plan/spread.h"

struct reason {
	const struct spread_request *request;
	const struct places *places;
	const struct place *place; /* before the queue is bound to it */
	int32_t home;              /* the node that was wanted, -1: any */
	uint32_t level;            /* queues on every core, or whole packs on every CPU, before */
};

const char *reason_first(const struct reason *reason, struct arena *strings);
/* For the other interrupts of a queue. */
const char *reason_shared(const struct interrupt *first, struct arena *strings);
/* `target`: what of the hint is allowed and has room. */
const char *reason_hint(const struct cpuset *hint, const struct cpuset *target,
			struct arena *strings);
/* Why an interrupt is left: no CPU has a vector for it. */
const char *reason_full(uint32_t vectors_per_cpu, struct arena *strings);
