/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which CPUs share a core, a last-level cache, a NUMA node, a package. Linux tells it in sysfs,
 * which is read here; for other systems there is hwloc.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct topology_cpu {
	uint32_t cpu;               /* OS id */
	int32_t core, llc, package; /* logical ids from 0, unique in the machine; -1: not known */
	int32_t node;               /* NUMA node as the kernel numbers it; -1: not known */
	double capacity;            /* above 0; 1.0: the machine's fastest kind of CPU */
};

struct topology {
	struct topology_cpu *cpus; /* ascending by cpu */
	size_t n_cpus;
	int32_t *nodes;      /* the NUMA nodes of `distances` as the kernel numbers them */
	uint32_t *distances; /* n_nodes rows of n_nodes, from nodes[row] to nodes[column] */
	size_t n_nodes;      /* 0: the machine tells no distances */
};

/* What firmware means by these: ACPI 6.5, 5.2.17 (SLIT); the kernel's include/linux/topology.h. */
#define TOPOLOGY_LOCAL  10u
#define TOPOLOGY_REMOTE 20u

struct source;

/*
 * Reads the topology of the machine that a source is of. Returns 0, -ENODATA where there is none,
 * or -errno. Free with topology_done.
 */
int topology_load(struct source *source, struct topology *ret);
/* The same, and only where it has Linux's sysfs. */
int topology_read(struct source *source, struct topology *ret);
const struct topology_cpu *topology_cpu(const struct topology *topology, uint32_t cpu);
/*
 * How far the memory of node `to` is from node `from`, as the firmware gives it; where it is not
 * known, TOPOLOGY_LOCAL for the same node and TOPOLOGY_REMOTE for another one.
 */
uint32_t topology_distance(const struct topology *topology, int32_t from, int32_t to);
void topology_done(struct topology *topology);
