/* SPDX-License-Identifier: BSD-2-Clause */
#include "plan/share.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/macros.h"

#define NOBODY SIZE_MAX

struct candidate {
	struct topology_cpu at;
	size_t owner;      /* a queue, or NOBODY */
	uint64_t nearness; /* to the nearest queue's own CPU */
};

struct sharing {
	const struct topology *topology;
	struct share *shares;
	size_t n_shares;
	int32_t node;
	struct candidate *cpus; /* ascending */
	size_t n_cpus, n_free;
	bool *is_begun; /* by core: one of its CPUs is somebody's */
};

static struct topology_cpu lookup(const struct topology *topology, uint32_t cpu)
{
	const struct topology_cpu *known = topology_cpu(topology, cpu);

	return known ? *known
		     : (struct topology_cpu){
			       .cpu = cpu, .core = -1, .llc = -1, .package = -1, .node = -1};
}

static uint64_t nearness(const struct topology *topology, const struct topology_cpu *from,
			 const struct topology_cpu *to)
{
	if (from->cpu == to->cpu)
		return NEAR_SELF;
	if (from->core >= 0 && from->core == to->core)
		return NEAR_CORE;
	if (from->llc >= 0 && from->llc == to->llc)
		return NEAR_CACHE;
	if (from->node < 0 || from->node == to->node)
		return NEAR_NODE;
	return NEAR_OTHER + (uint64_t)topology_distance(topology, from->node, to->node);
}

static int compare_candidate(const void *key, const void *item)
{
	uint32_t cpu = *(const uint32_t *)key;
	const struct candidate *candidate = item;

	return (cpu > candidate->at.cpu) - (cpu < candidate->at.cpu);
}

static struct candidate *find(const struct sharing *sharing, int64_t cpu)
{
	uint32_t key = (uint32_t)cpu;

	if (cpu < 0)
		return NULL;
	return bsearch(&key, sharing->cpus, sharing->n_cpus, sizeof(*sharing->cpus),
		       compare_candidate);
}

static int list_candidates(struct sharing *sharing, const struct cpuset *cpus)
{
	int32_t last_core = -1;

	sharing->cpus = calloc(cpuset_count(cpus) + 1, sizeof(*sharing->cpus));
	if (!sharing->cpus)
		return -ENOMEM;
	cpuset_foreach (cpu, cpus) {
		struct topology_cpu at = lookup(sharing->topology, (uint32_t)cpu);

		last_core = at.core > last_core ? at.core : last_core;
		sharing->cpus[sharing->n_cpus++] = (struct candidate){.at = at, .owner = NOBODY};
	}
	sharing->n_free = sharing->n_cpus;
	sharing->is_begun = calloc((size_t)last_core + 2, sizeof(*sharing->is_begun));
	return sharing->is_begun ? 0 : -ENOMEM;
}

static int give(struct sharing *sharing, struct candidate *candidate, size_t queue,
		uint64_t how_near)
{
	struct share *share = &sharing->shares[queue];
	enum nearness near = how_near < NEAR_OTHER ? (enum nearness)how_near : NEAR_OTHER;

	candidate->owner = queue;
	sharing->n_free--;
	if (candidate->at.core >= 0)
		sharing->is_begun[candidate->at.core] = true;
	if (share->own < 0)
		share->own = candidate->at.cpu;
	if (near > share->farthest)
		share->farthest = near;
	share->n++;
	return cpuset_add(&share->cpus, candidate->at.cpu);
}

static int give_seats(struct sharing *sharing)
{
	int r = 0;

	for (size_t i = 0; i < sharing->n_shares && r == 0; i++) {
		struct candidate *seat = find(sharing, sharing->shares[i].seat);

		if (seat && seat->owner == NOBODY)
			r = give(sharing, seat, i, NEAR_SELF);
	}
	return r;
}

/* Of equally near CPUs one whose core nobody has yet, then the first. */
static struct candidate *nearest_free(const struct sharing *sharing,
				      const struct topology_cpu *from)
{
	struct candidate *best = NULL;
	uint64_t best_near = 0;
	bool best_begun = false;

	for (size_t i = 0; i < sharing->n_cpus; i++) {
		struct candidate *candidate = &sharing->cpus[i];
		uint64_t near = nearness(sharing->topology, from, &candidate->at);
		bool begun = candidate->at.core >= 0 && sharing->is_begun[candidate->at.core];

		if (candidate->owner != NOBODY ||
		    (best && (near > best_near || (near == best_near && begun >= best_begun))))
			continue;
		best = candidate;
		best_near = near;
		best_begun = begun;
	}
	return best;
}

/* A CPU each for those whose seat was not to be had. */
static int give_first(struct sharing *sharing)
{
	int r = 0;

	for (size_t i = 0; i < sharing->n_shares && sharing->n_free && r == 0; i++) {
		const struct share *share = &sharing->shares[i];
		struct topology_cpu from = {.cpu = UINT32_MAX,
					    .core = -1,
					    .llc = -1,
					    .package = -1,
					    .node = sharing->node};

		if (share->own >= 0)
			continue;
		if (share->seat >= 0)
			from = lookup(sharing->topology, (uint32_t)share->seat);
		r = give(sharing, nearest_free(sharing, &from), i, NEAR_SELF);
	}
	return r;
}

/* The queue whose own CPU is nearest; of equally near ones that with the fewest CPUs, then the
 * first. */
static size_t nearest_queue(const struct sharing *sharing, const struct topology_cpu *cpu,
			    uint64_t *ret_nearness)
{
	size_t best = NOBODY;

	for (size_t i = 0; i < sharing->n_shares; i++) {
		const struct share *share = &sharing->shares[i];
		struct topology_cpu own;
		uint64_t near;

		if (share->own < 0)
			continue;
		own = find(sharing, share->own)->at;
		near = nearness(sharing->topology, &own, cpu);
		if (best != NOBODY &&
		    (near > *ret_nearness ||
		     (near == *ret_nearness && share->n >= sharing->shares[best].n)))
			continue;
		best = i;
		*ret_nearness = near;
	}
	return best;
}

static int compare_nearness(const void *a, const void *b)
{
	const struct candidate *x = *(struct candidate *const *)a;
	const struct candidate *y = *(struct candidate *const *)b;

	if (x->nearness != y->nearness)
		return x->nearness < y->nearness ? -1 : 1;
	return (x->at.cpu > y->at.cpu) - (x->at.cpu < y->at.cpu);
}

/* The CPU, and the other free ones of its core. */
static int give_core(struct sharing *sharing, struct candidate *candidate)
{
	uint64_t near = 0;
	size_t queue = nearest_queue(sharing, &candidate->at, &near);
	int32_t core = candidate->at.core;
	int r = give(sharing, candidate, queue, near);

	for (size_t i = 0; i < sharing->n_cpus && core >= 0 && r == 0; i++) {
		if (sharing->cpus[i].at.core == core && sharing->cpus[i].owner == NOBODY)
			r = give(sharing, &sharing->cpus[i], queue, near);
	}
	return r;
}

/* What is left, the CPUs that are nearest to a queue first, so that the others can even it out. */
static int give_rest(struct sharing *sharing)
{
	_cleanup_free_ struct candidate **rest = calloc(sharing->n_free + 1, sizeof(*rest));
	size_t n = 0;
	int r = 0;

	if (!rest)
		return -ENOMEM;
	for (size_t i = 0; i < sharing->n_cpus; i++) {
		struct candidate *candidate = &sharing->cpus[i];

		if (candidate->owner != NOBODY)
			continue;
		nearest_queue(sharing, &candidate->at, &candidate->nearness);
		rest[n++] = candidate;
	}
	if (n)
		qsort((void *)rest, n, sizeof(struct candidate *), compare_nearness);
	for (size_t i = 0; i < n && r == 0; i++) {
		if (rest[i]->owner == NOBODY)
			r = give_core(sharing, rest[i]);
	}
	return r;
}

int share_out(const struct topology *topology, const struct cpuset *cpus, int32_t node,
	      struct share *shares, size_t n)
{
	struct sharing sharing = {
		.topology = topology, .shares = shares, .n_shares = n, .node = node};
	int r;

	for (size_t i = 0; i < n; i++)
		shares[i] = (struct share){.seat = shares[i].seat, .own = -1};
	r = list_candidates(&sharing, cpus);
	if (r == 0)
		r = give_seats(&sharing);
	if (r == 0)
		r = give_first(&sharing);
	if (r == 0 && n)
		r = give_rest(&sharing);
	free(sharing.cpus);
	free(sharing.is_begun);
	return r;
}

void shares_done(struct share *shares, size_t n)
{
	for (size_t i = 0; i < n && shares; i++)
		cpuset_done(&shares[i].cpus);
	free(shares);
}
