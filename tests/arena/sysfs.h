/* SPDX-License-Identifier: BSD-2-Clause */
/* What does not change: the machine's sysfs, below the folder "sys". */
#pragma once

#include "plan/machine.h"

/* CPUs with their cores and caches, nodes with their distances, PCI devices. 0 or -errno. */
int sysfs_build(int root, const struct sim *sim);
