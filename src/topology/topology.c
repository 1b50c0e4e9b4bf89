/* SPDX-License-Identifier: BSD-2-Clause */
#include "topology/topology.h"

#include <stdlib.h>

static int compare_to_cpu(const void *key, const void *item)
{
	uint32_t cpu = *(const uint32_t *)key;
	const struct topology_cpu *other = item;

	return (cpu > other->cpu) - (cpu < other->cpu);
}

const struct topology_cpu *topology_cpu(const struct topology *topology, uint32_t cpu)
{
	if (!topology->n_cpus)
		return NULL;
	return bsearch(&cpu, topology->cpus, topology->n_cpus, sizeof(*topology->cpus),
		       compare_to_cpu);
}

static size_t node_position(const struct topology *topology, int32_t node)
{
	size_t i = 0;

	while (i < topology->n_nodes && topology->nodes[i] != node)
		i++;
	return i;
}

uint32_t topology_distance(const struct topology *topology, int32_t from, int32_t to)
{
	size_t row, column;

	if (from == to)
		return TOPOLOGY_LOCAL;
	row = node_position(topology, from);
	column = node_position(topology, to);
	if (row == topology->n_nodes || column == topology->n_nodes)
		return TOPOLOGY_REMOTE;
	return topology->distances[row * topology->n_nodes + column];
}

void topology_done(struct topology *topology)
{
	free(topology->cpus);
	free(topology->nodes);
	free(topology->distances);
	*topology = (struct topology){0};
}
