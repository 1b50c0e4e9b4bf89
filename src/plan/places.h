/* SPDX-License-Identifier: BSD-2-Clause */
/* The CPUs that queues can be placed on, and what is on them already. Pure, within plan/. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cpuset.h"
#include "topology/topology.h"

/* One CPU. `core`, `domain` and `node_at` are positions in the arrays of struct places. */
struct place {
	uint32_t cpu;
	int32_t core_id, node; /* as struct topology_cpu has them */
	uint32_t thread;       /* among the CPUs of its core, from 0 */
	uint32_t core, domain, node_at;
	uint32_t queues;  /* bound to it */
	uint32_t vectors; /* interrupts of any kind that it serves */
	size_t counted;   /* the last queue that was counted here (taken.c) */
};

struct place_core {
	uint32_t domain;
	uint32_t n_threads;
	uint32_t queues;   /* bound to one of its CPUs */
	uint32_t visitors; /* queues that nobody bound, and that it serves at present */
	bool usable;       /* has an allowed CPU */
};

struct places {
	struct place *items; /* every CPU of the topology or allowed, ascending by cpu */
	size_t n;
	struct place **usable; /* the allowed ones, in the same order */
	size_t n_usable;
	struct place_core *cores;
	size_t n_cores;
	uint32_t *domain_queues; /* queues bound within each cache domain */
	size_t n_domains;
	int32_t *nodes; /* ascending */
	size_t n_nodes;
};

/*
 * A CPU that the topology doesn't know is a core of its own. The cache domain of a core that shares
 * its last-level cache with no other one is its node. Returns 0 or -ENOMEM. Free with places_done
 * either way.
 */
int places_init(struct places *places, const struct topology *topology,
		const struct cpuset *allowed);
/* Leaves one usable core in four of each cache domain, and at least one. */
int places_keep_apart(struct places *places);
struct place *places_find(const struct places *places, uint32_t cpu); /* or NULL */
/* Counts one more queue that is bound to that CPU. */
void places_bind(struct places *places, struct place *place);
void places_done(struct places *places);
