/* SPDX-License-Identifier: BSD-2-Clause */
#include "topology/topology.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/macros.h"
#include "base/paths.h"

typedef int (*topology_read_fn)(const char *root, struct topology *ret);

/* POSIX lets a function travel through dlsym's data pointer, ISO C only through its bytes. */
static topology_read_fn find_entry(void *module)
{
	void *symbol = dlsym(module, "irqctl_topology_read");
	topology_read_fn entry;

	_Static_assert(sizeof(entry) == sizeof(symbol), "dlsym can hand over a function");
	memcpy(&entry, &symbol, sizeof(entry));
	return entry;
}

int topology_load(const char *root, struct topology *ret)
{
	_cleanup_(buf_done) struct buf path = {0};
	topology_read_fn entry;
	void *module;
	int r = module_path("topology.so", &path);

	if (r < 0)
		return r == -ENOENT ? -ENOSYS : r;
	module = dlopen(buf_text(&path), RTLD_NOW | RTLD_LOCAL);
	if (!module)
		return -ENOSYS;
	entry = find_entry(module);
	r = entry ? entry(root, ret) : -ENOSYS;
	dlclose(module);
	return r;
}

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
