/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which CPUs share a core, a last-level cache, a NUMA node, a package. Read by hwloc, which is
 * loaded only when a verb asks: libhwloc and its own libraries would double the start of `irqctl
 * show`.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct topology_cpu {
	uint32_t cpu;               /* OS id */
	int32_t core, llc, package; /* logical ids from 0, unique in the machine; -1: not known */
	int32_t node;               /* NUMA node as the kernel numbers it; -1: not known */
};

struct topology {
	struct topology_cpu *cpus; /* ascending by cpu */
	size_t n_cpus;
};

/*
 * Reads the topology of the machine at hand (root NULL) or of a directory with sys/. Returns 0,
 * -ENOSYS where irqctl was built or installed without hwloc, -ENODATA where the directory holds no
 * topology, or -errno. Not for threads: hwloc takes the directory from the environment.
 * Free with topology_done.
 */
int topology_load(const char *root, struct topology *ret);
const struct topology_cpu *topology_cpu(const struct topology *topology, uint32_t cpu);
void topology_done(struct topology *topology);
