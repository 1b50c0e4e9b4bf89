/* SPDX-License-Identifier: BSD-2-Clause */
#include "plan/balance_work.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"

static int compare_ids(int32_t a, int32_t b)
{
	return (a > b) - (a < b);
}

/* By node, then package, cache, core and OS id. */
static int compare_places(const void *a, const void *b)
{
	const struct balance_cpu *x = *(const struct balance_cpu *const *)a;
	const struct balance_cpu *y = *(const struct balance_cpu *const *)b;
	int r = compare_ids(x->node, y->node);

	if (r == 0)
		r = compare_ids(x->package, y->package);
	if (r == 0)
		r = compare_ids(x->llc, y->llc);
	if (r == 0)
		r = compare_ids(x->core, y->core);
	return r ? r : (x->cpu > y->cpu) - (x->cpu < y->cpu);
}

static bool is_same_core(const struct balance_cpu *a, const struct balance_cpu *b)
{
	return a->core >= 0 && a->core == b->core && a->node == b->node &&
	       a->package == b->package && a->llc == b->llc;
}

static void add_cpu(struct work *work, const struct balance_cpu *cpu, bool is_new_core,
		    bool is_new_node)
{
	uint32_t at = work->n_cpus++;
	struct work_core *core;

	if (is_new_core)
		work->cores[work->n_cores++] = (struct work_core){.first = at};
	if (is_new_node)
		work->nodes[work->n_nodes++] = (struct work_node){.id = cpu->node};
	core = &work->cores[work->n_cores - 1];
	core->n++;
	core->capacity = larger(core->capacity, cpu->capacity);
	core->base += cpu->base;
	work->has_threads |= core->n > 1;
	work->n_open += !cpu->closed;
	work->cpus[at] = (struct work_cpu){
		.capacity = cpu->capacity,
		.scale = 1 / cpu->capacity,
		.base = cpu->base,
		.index = (uint32_t)(cpu - work->problem->cpus),
		.core = work->n_cores - 1,
		.node = work->n_nodes - 1,
		.llc = cpu->llc,
		.slots = cpu->room,
		.is_closed = cpu->closed,
	};
	work->cpu_of[work->cpus[at].index] = at;
}

/* Cuts the nodes into blocks, between two cores. */
static void add_blocks(struct work *work)
{
	for (uint32_t i = 0; i < work->n_cores; i++) {
		const struct work_core *core = &work->cores[i];
		struct work_node *node = &work->nodes[work->cpus[core->first].node];
		struct work_block *block = &work->blocks[work->n_blocks - 1];

		if (node->n_blocks == 0 || block->n + core->n > WORK_BLOCK) {
			if (node->n_blocks++ == 0)
				node->first_block = work->n_blocks;
			block = &work->blocks[work->n_blocks++];
			block->first = core->first;
		}
		block->n += core->n;
		for (uint32_t cpu = core->first; cpu < core->first + core->n; cpu++)
			work->cpus[cpu].block = work->n_blocks - 1;
	}
}

int work_add_cpus(struct work *work)
{
	const struct balance_problem *problem = work->problem;
	size_t n = problem->n_cpus;
	_cleanup_free_ const struct balance_cpu **order =
		calloc(n, sizeof(const struct balance_cpu *));

	work->cpus = work_alloc(work, n, sizeof(*work->cpus));
	work->cpu_of = work_alloc(work, n, sizeof(*work->cpu_of));
	work->cores = work_alloc(work, n, sizeof(*work->cores));
	work->blocks = work_alloc(work, n + 1, sizeof(*work->blocks));
	work->nodes = work_alloc(work, n, sizeof(*work->nodes));
	if (!order || !work->cpus || !work->cpu_of || !work->cores || !work->blocks || !work->nodes)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		order[i] = &problem->cpus[i];
	qsort(order, n, sizeof(*order), compare_places);
	for (size_t i = 0; i < n; i++)
		add_cpu(work, order[i],
			i == 0 || !is_same_core(order[i - 1], order[i]) ||
				work->cores[work->n_cores - 1].n == WORK_BLOCK,
			i == 0 || order[i - 1]->node != order[i]->node);
	for (uint32_t i = 0; i < work->n_cores; i++) {
		struct work_core *core = &work->cores[i];

		core->capacity *= 1 + BALANCE_THREAD_GAIN * (core->n - 1);
		core->scale = 1 / core->capacity;
		work->scale_min = i == 0 ? core->scale : smaller(work->scale_min, core->scale);
	}
	add_blocks(work);
	return 0;
}

bool work_is_home(const struct work *work, int32_t node)
{
	const struct topology *topology = work->problem->topology;

	for (uint32_t i = 0; i < work->n_nodes && node >= 0; i++) {
		if (work->nodes[i].id == node)
			return true;
	}
	for (size_t i = 0; topology && i < topology->n_nodes && node >= 0; i++) {
		if (topology->nodes[i] == node)
			return true;
	}
	return false;
}

/*
 * 0 at home, 1 at the usual distance. The step from home to the next node weighs most, however
 * little the firmware makes of it.
 */
static double remoteness(const struct work *work, int32_t home, int32_t node)
{
	const struct topology *topology = work->problem->topology;
	uint32_t distance = TOPOLOGY_REMOTE;

	if (home < 0 || node < 0 || home == node)
		return 0;
	if (topology)
		distance = topology_distance(topology, home, node);
	return 0.8 + smaller(distance, 255) / 100;
}

static void add_home(struct work *work, uint32_t row, int32_t home)
{
	double *remote = &work->remote[row * work->n_nodes];
	uint32_t *near = &work->near[row * work->n_nodes];

	for (uint32_t i = 0; i < work->n_nodes; i++) {
		uint32_t at = i;

		remote[i] = remoteness(work, home, work->nodes[i].id);
		while (at > 0 && remote[near[at - 1]] > remote[i]) {
			near[at] = near[at - 1];
			at--;
		}
		near[at] = i;
	}
}

int work_add_homes(struct work *work, const int32_t *homes, uint32_t n_homes)
{
	work->n_homes = n_homes;
	work->remote = work_alloc(work, (size_t)n_homes * work->n_nodes, sizeof(*work->remote));
	work->near = work_alloc(work, (size_t)n_homes * work->n_nodes, sizeof(*work->near));
	if (!work->remote || !work->near)
		return -ENOMEM;
	for (uint32_t i = 0; i < n_homes; i++)
		add_home(work, i, homes[i]);
	return 0;
}
