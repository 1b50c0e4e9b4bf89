/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A policy that decides as irqbalance 1.9 does, to be compared with. Written from a description of
 * its behaviour:
 *
 *   - The load of a CPU is the interrupt time that it had since the last look; that of an interrupt
 *     is its part of all counts there: each one is taken to cost the same.
 *   - It believes that interrupts are where it put them, whatever somebody else did.
 *   - From each CPU above the least loaded one it takes interrupts, the heaviest first, whose load
 *     is less than a part of the gap between the two, and places them anew, one after the other:
 *     the device's node, or the least loaded one where there is none; there the least loaded core;
 *     there the least loaded CPU. No swaps, no prediction of the maximum.
 *   - The first placement, and that after SIGHUP, is of all interrupts and knows no loads; it is in
 *     the order in which sysfs lists them, which is that of hashes (fs/kernfs/dir.c).
 *   - PCI classes that it has no name for are left alone.
 *
 * Of its levels (node, package, cache, CPU) only the last one is here: it is where the interrupts
 * of network and storage are.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "plan/policy.h"

#define INTERVAL_S     10.0
#define GAP_PART       ((1 + 1 / M_E) / 2)
#define LAST_PCI_CLASS 0x0du /* wireless controllers */
#define NOWHERE        UINT32_MAX

struct tracked {
	uint32_t at;      /* index of the CPU that it was placed on, or NOWHERE */
	uint32_t counted; /* at the last look */
	double load;
	bool is_managed;
};

/* A CPU, a core or a node. */
struct object {
	double load;
	size_t n_irqs;
};

struct balancer {
	double interval_s;
	bool knows_loads;
	struct tracked *irqs;
	size_t n_irqs;
	struct object *cpus, *cores, *nodes; /* indexed as the CPUs of the topology, and by id */
	size_t n_cpus, n_cores, n_nodes;
	uint64_t *ticks; /* of each CPU at the last look */
	double *counts;  /* of each CPU since then */
	size_t *order;   /* interrupts that are to be placed */
	size_t n_order;
};

static void balancer_free(void *state)
{
	struct balancer *balancer = state;

	if (!balancer)
		return;
	free(balancer->irqs);
	free(balancer->cpus);
	free(balancer->cores);
	free(balancer->nodes);
	free(balancer->ticks);
	free(balancer->counts);
	free(balancer->order);
	free(balancer);
}

static int balancer_alloc(struct balancer *balancer, const struct policy_view *view)
{
	const struct topology *topology = view->topology;

	balancer->n_irqs = view->n_irqs;
	balancer->n_cpus = topology->n_cpus;
	for (size_t i = 0; i < topology->n_cpus; i++) {
		size_t core = (size_t)topology->cpus[i].core, node = (size_t)topology->cpus[i].node;

		if (core >= balancer->n_cores)
			balancer->n_cores = core + 1;
		if (node >= balancer->n_nodes)
			balancer->n_nodes = node + 1;
	}
	balancer->irqs = calloc(balancer->n_irqs + 1, sizeof(*balancer->irqs));
	balancer->cpus = calloc(balancer->n_cpus + 1, sizeof(*balancer->cpus));
	balancer->cores = calloc(balancer->n_cores + 1, sizeof(*balancer->cores));
	balancer->nodes = calloc(balancer->n_nodes + 1, sizeof(*balancer->nodes));
	balancer->ticks = calloc(balancer->n_cpus + 1, sizeof(*balancer->ticks));
	balancer->counts = calloc(balancer->n_cpus + 1, sizeof(*balancer->counts));
	balancer->order = calloc(balancer->n_irqs + 1, sizeof(*balancer->order));
	return balancer->irqs && balancer->cpus && balancer->cores && balancer->nodes &&
			       balancer->ticks && balancer->counts && balancer->order
		       ? 0
		       : -ENOMEM;
}

static void forget_places(void *state)
{
	struct balancer *balancer = state;

	balancer->knows_loads = false;
	for (size_t i = 0; i < balancer->n_irqs; i++)
		balancer->irqs[i].at = NOWHERE;
}

static int balancer_start(const struct policy_view *view, const struct policy_options *options,
			  void **ret_state)
{
	struct balancer *balancer = calloc(1, sizeof(*balancer));
	int r = balancer ? balancer_alloc(balancer, view) : -ENOMEM;

	if (r < 0) {
		balancer_free(balancer);
		return r;
	}
	balancer->interval_s = options->interval_s > 0 ? options->interval_s : INTERVAL_S;
	for (size_t i = 0; i < view->n_irqs; i++)
		balancer->irqs[i].is_managed = view->irqs[i].pci_class >> 16 <= LAST_PCI_CLASS;
	forget_places(balancer);
	*ret_state = balancer;
	return 0;
}

/* Puts an interrupt on a CPU, or takes it away (sign -1), in the sums of all levels. */
static void account(struct balancer *balancer, const struct topology *topology, size_t irq,
		    double sign)
{
	const struct tracked *tracked = &balancer->irqs[irq];
	const struct topology_cpu *place = &topology->cpus[tracked->at];
	struct object *levels[] = {
		&balancer->cpus[tracked->at],
		&balancer->cores[place->core],
		&balancer->nodes[place->node],
	};

	for (size_t i = 0; i < ARRAY_SIZE(levels); i++) {
		levels[i]->load += sign * tracked->load;
		levels[i]->n_irqs += sign > 0 ? 1 : (size_t)-1;
	}
}

/* What each interrupt counted, and the sum of that for each CPU. */
static void count_events(struct balancer *balancer, const struct policy_view *view)
{
	memset(balancer->counts, 0, balancer->n_cpus * sizeof(*balancer->counts));
	for (size_t i = 0; i < view->n_irqs; i++) {
		struct tracked *irq = &balancer->irqs[i];
		uint32_t count = (uint32_t)view->sample->counts[view->irqs[i].number];

		/* a counter that was reset looks as if it had gone around */
		irq->load = (double)(uint32_t)(count - irq->counted);
		irq->counted = count;
		if (irq->at != NOWHERE)
			balancer->counts[irq->at] += irq->load;
	}
}

static void measure(struct balancer *balancer, const struct policy_view *view)
{
	count_events(balancer, view);
	memset(balancer->cpus, 0, balancer->n_cpus * sizeof(*balancer->cpus));
	memset(balancer->cores, 0, balancer->n_cores * sizeof(*balancer->cores));
	memset(balancer->nodes, 0, balancer->n_nodes * sizeof(*balancer->nodes));
	for (size_t i = 0; i < view->sample->n_cpus && i < balancer->n_cpus; i++) {
		const struct cpu_time *time = &view->sample->cpus[i];
		uint64_t ticks = time->irq_ticks + time->softirq_ticks;
		double busy = (double)(ticks - balancer->ticks[i]);

		balancer->ticks[i] = ticks;
		/* from here on: what one event cost */
		balancer->counts[i] = balancer->counts[i] > 0 ? busy / balancer->counts[i] : 0;
	}
	for (size_t i = 0; i < balancer->n_irqs; i++) {
		struct tracked *irq = &balancer->irqs[i];
		bool counts = balancer->knows_loads && irq->at != NOWHERE;

		irq->load = counts ? irq->load * balancer->counts[irq->at] : 0;
		if (irq->at != NOWHERE)
			account(balancer, view->topology, i, 1);
	}
}

static int compare_loads(const void *a, const void *b, void *context)
{
	const struct balancer *balancer = context;
	size_t left = *(const size_t *)a, right = *(const size_t *)b;
	double difference = balancer->irqs[right].load - balancer->irqs[left].load;

	if (difference != 0)
		return difference > 0 ? 1 : -1;
	return (left > right) - (left < right);
}

/* Any hash would do; this one is the last step of MurmurHash3. */
static uint32_t hash_number(int32_t number)
{
	uint32_t hash = (uint32_t)number;

	hash = (hash ^ hash >> 16) * 0x85ebca6bu;
	hash = (hash ^ hash >> 13) * 0xc2b2ae35u;
	return hash ^ hash >> 16;
}

/* The hash is a permutation, so that no two are equal. */
static int compare_hashes(const void *a, const void *b, void *context)
{
	const struct policy_view *view = context;
	uint32_t left = hash_number(view->irqs[*(const size_t *)a].number);
	uint32_t right = hash_number(view->irqs[*(const size_t *)b].number);

	return (left > right) - (left < right);
}

/* Takes interrupts from the CPUs that are above the least loaded one. */
static void unload(struct balancer *balancer, const struct topology *topology)
{
	double least = INFINITY;
	size_t kept = 0;

	for (size_t i = 0; i < balancer->n_cpus; i++)
		least = fmin(least, balancer->cpus[i].load);
	for (size_t i = 0; i < balancer->n_order; i++) {
		size_t irq = balancer->order[i];
		struct tracked *tracked = &balancer->irqs[irq];
		double gap = balancer->cpus[tracked->at].load - least;

		if (tracked->load <= 0 || tracked->load >= gap * GAP_PART)
			continue;
		account(balancer, topology, irq, -1);
		tracked->at = NOWHERE;
		least += tracked->load;
		balancer->order[kept++] = irq;
	}
	balancer->n_order = kept;
}

static bool is_less(const struct object *a, const struct object *b)
{
	return a->load < b->load || (a->load == b->load && a->n_irqs < b->n_irqs);
}

/* Fills the levels from the node down to the CPU. */
static uint32_t choose_cpu(const struct balancer *balancer, const struct topology *topology,
			   int32_t node)
{
	uint32_t best = NOWHERE;
	size_t home = node >= 0 && (size_t)node < balancer->n_nodes ? (size_t)node : 0;

	for (size_t i = 1; i < balancer->n_nodes && node < 0; i++) {
		if (is_less(&balancer->nodes[i], &balancer->nodes[home]))
			home = i;
	}
	for (uint32_t i = 0; i < balancer->n_cpus; i++) {
		const struct topology_cpu *cpu = &topology->cpus[i];
		const struct topology_cpu *other = &topology->cpus[best == NOWHERE ? i : best];

		if ((size_t)cpu->node != home)
			continue;
		if (best == NOWHERE ||
		    (cpu->core == other->core
			     ? is_less(&balancer->cpus[i], &balancer->cpus[best])
			     : is_less(&balancer->cores[cpu->core], &balancer->cores[other->core])))
			best = i;
	}
	return best;
}

static int place(struct balancer *balancer, const struct policy_view *view,
		 struct policy_writes *writes)
{
	int r = 0;

	for (size_t i = 0; i < balancer->n_order && r == 0; i++) {
		size_t irq = balancer->order[i];
		uint32_t at = choose_cpu(balancer, view->topology, view->irqs[irq].node);

		if (at == NOWHERE)
			continue;
		balancer->irqs[irq].at = at;
		account(balancer, view->topology, irq, 1);
		r = policy_write_cpu(writes, irq, view->topology->cpus[at].cpu);
	}
	return r;
}

static int balancer_step(void *state, const struct policy_view *view, struct policy_writes *writes,
			 double *ret_next_s)
{
	struct balancer *balancer = state;
	bool all = !balancer->knows_loads;

	measure(balancer, view);
	balancer->n_order = 0;
	for (size_t i = 0; i < balancer->n_irqs; i++) {
		if (balancer->irqs[i].is_managed && (all || balancer->irqs[i].at != NOWHERE))
			balancer->order[balancer->n_order++] = i;
	}
	if (all) {
		qsort_r(balancer->order, balancer->n_order, sizeof(*balancer->order),
			compare_hashes, (void *)view);
	} else {
		qsort_r(balancer->order, balancer->n_order, sizeof(*balancer->order), compare_loads,
			balancer);
		unload(balancer, view->topology);
	}
	balancer->knows_loads = true;
	*ret_next_s = balancer->interval_s;
	return place(balancer, view, writes);
}

const struct policy policy_irqbalance_like = {
	.name = "irqbalance-like",
	.start = balancer_start,
	.step = balancer_step,
	.reload = forget_places,
	.stop = balancer_free,
};
