/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the queues of devices should be served: `irqctl spread`. Pure: the same input gives the
 * same plan, on any machine.
 *
 * The unit is the queue, not the interrupt: rx i and tx i of an interface go to one CPU.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/cpuset.h"
#include "model/model.h"
#include "topology/topology.h"

enum spread_policy {
	SPREAD_LOCAL, /* free cores of the device's node first, then by NUMA distance */
	SPREAD_ALL,   /* every allowed core alike */
	SPREAD_HINT,  /* the affinity hints of the drivers */
	SPREAD_PACK,  /* as few CPUs as `pack` queues each allow, nearest first */
	SPREAD_APART, /* one core in four of each cache, the others are left to the work */
};

struct spread_request {
	const struct model *model;
	const struct topology *topology;
	const struct cpuset
		*allowed; /* CPUs that may be used: online, not isolated, within --cpus */
	const struct interrupt *const *interrupts; /* of all devices to be placed: items of the
						     model, in table order */
	size_t n_interrupts;
	enum spread_policy policy;
	uint32_t pack;            /* SPREAD_PACK: queues per CPU, at least 1 */
	const bool *unused;       /* by item of the model: of a queue that is off; NULL: none is */
	uint32_t vectors_per_cpu; /* how many interrupts one CPU can serve; 0: no limit known */
};

/* One queue's interrupts and their CPU. */
struct spread_move {
	const struct interrupt *interrupt;
	uint32_t cpu;
	struct cpuset target; /* what to write: {cpu} except for SPREAD_HINT */
	const char *reason;   /* in words: "node 0, core 3, thread 0: nearest free core" */
};

/* An interrupt that is left as it is, and why: managed, not a queue, not in use, no CPU left. */
struct spread_left {
	const struct interrupt *interrupt;
	const char *why;
};

struct spread_plan {
	struct spread_move *moves; /* in the order of the request */
	size_t n_moves;
	struct spread_left *left;
	size_t n_left;
	struct arena strings;
};

/* 0, -EINVAL (no CPU is allowed, or an interrupt is not of the model) or -ENOMEM. Free with
 * spread_plan_done. */
int spread_plan_build(const struct spread_request *request, struct spread_plan *ret);
void spread_plan_done(struct spread_plan *plan);
