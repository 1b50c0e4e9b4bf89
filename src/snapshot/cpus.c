/* SPDX-License-Identifier: BSD-2-Clause */
/* drivers/base/cpu.c (online, isolated, nohz_full), kernel/cgroup/cpuset.c. */
#include "snapshot/cpus.h"

#include <errno.h>

#include "base/macros.h"
#include "parse/cpulist.h"

/* A kernel without the feature lacks the file, or writes "(null)" into it. */
static int read_list(struct source *source, const char *path, struct cpuset *cpus)
{
	_cleanup_(buf_done) struct buf text = {0};
	int r = source_read(source, path, &text);

	if (r == 0)
		r = cpulist_parse(buf_text(&text), text.len, cpus);
	if (r < 0)
		cpuset_done(cpus);
	return r == -ENOMEM || r == -EMFILE || r == -ENFILE ? r : 0;
}

int cpu_sets_read(struct source *source, struct cpu_sets *sets)
{
	_cleanup_(cpuset_done) struct cpuset partitions = {0};
	int r = read_list(source, "sys/devices/system/cpu/online", &sets->online);

	if (r == 0)
		r = read_list(source, "sys/devices/system/cpu/isolated", &sets->isolated);
	if (r == 0)
		r = read_list(source, "sys/devices/system/cpu/nohz_full", &sets->nohz_full);
	if (r == 0)
		r = read_list(source, "sys/fs/cgroup/cpuset.cpus.isolated", &partitions);
	return r < 0 ? r : cpuset_or(&sets->isolated, &partitions);
}

void cpu_sets_remove_isolated(const struct cpu_sets *sets, struct cpuset *cpus)
{
	cpuset_and_not(cpus, &sets->isolated);
	cpuset_and_not(cpus, &sets->nohz_full);
}

void cpu_sets_done(struct cpu_sets *sets)
{
	cpuset_done(&sets->online);
	cpuset_done(&sets->isolated);
	cpuset_done(&sets->nohz_full);
}
