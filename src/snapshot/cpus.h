/* SPDX-License-Identifier: BSD-2-Clause */
/* Which CPUs there are, and which of them are to be left alone. */
#pragma once

#include "base/cpuset.h"
#include "source/source.h"

/* What the machine does not tell is an empty set. */
struct cpu_sets {
	struct cpuset online;    /* those that run */
	struct cpuset isolated;  /* isolcpus= of the kernel's command line, and those of cgroup 2
				    cpusets that are isolated partitions (Linux 6.7) */
	struct cpuset nohz_full; /* nohz_full=: without the tick while one task runs */
};

/*
 * Reads them anew: they change while the machine runs. Replaces *sets, which is zero or was read
 * before. 0, or -ENOMEM, -EMFILE or -ENFILE.
 */
int cpu_sets_read(struct source *source, struct cpu_sets *sets);
/* Takes those out of *cpus that are isolated, or without the tick. */
void cpu_sets_remove_isolated(const struct cpu_sets *sets, struct cpuset *cpus);
void cpu_sets_done(struct cpu_sets *sets);
