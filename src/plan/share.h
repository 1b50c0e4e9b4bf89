/* SPDX-License-Identifier: BSD-2-Clause */
/* CPUs shared out among the queues of a NIC: each CPU to the nearest queue. Pure, within plan/. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/cpuset.h"
#include "topology/topology.h"

/* How near two CPUs are: the less, the nearer. From NEAR_OTHER on it is the nodes' distance. */
enum nearness {
	NEAR_SELF,
	NEAR_CORE,
	NEAR_CACHE,
	NEAR_NODE,
	NEAR_OTHER,
};

struct share {
	int64_t seat; /* the CPU that serves the queue, -1: not known; the caller's */
	/* filled in by share_out() */
	struct cpuset cpus;
	uint32_t n;
	int64_t own;            /* its first CPU, the seat if that was to be had; -1: none */
	enum nearness farthest; /* of its CPUs, from its own */
};

/*
 * Gives each of `cpus` to one of the n queues. A queue gets its seat, or if that is another's or
 * not among them the nearest CPU that is free; so none is without as long as there are as many CPUs
 * as queues. The other CPUs go to the queue whose own CPU is nearest, the threads of a core
 * together. `node` is where the seats that are not known are looked for, -1: anywhere. 0 or
 * -ENOMEM; free with shares_done either way.
 */
int share_out(const struct topology *topology, const struct cpuset *cpus, int32_t node,
	      struct share *shares, size_t n);
void shares_done(struct share *shares, size_t n); /* and the array itself; takes NULL */
