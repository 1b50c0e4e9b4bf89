/* SPDX-License-Identifier: BSD-2-Clause */
/* The way into hwloc.c, for those who load or link it. Private to topology/. */
#pragma once

#include "topology/topology.h"

/*
 * The topology of the machine at hand (root NULL) or of a directory with sys/: 0, -ENODATA or
 * -errno. Not for threads: hwloc takes the directory from the environment.
 */
__attribute__((visibility("default"))) int irqctl_topology_read(const char *root,
								struct topology *ret);

/* By libhwloc, linked or loaded: -ENOSYS where irqctl was built or installed without it. */
int topology_load_hwloc(struct topology *ret);
