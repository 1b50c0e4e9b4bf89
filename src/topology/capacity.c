/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CPUs of different speed. Where the kernel measured or was told it, in cpu_capacity
 * (drivers/base/arch_topology.c); on hybrid x86, the two perf PMUs name the kinds of cores
 * (arch/x86/events/intel/core.c).
 */
#include <errno.h>
#include <stdbool.h>

#include "base/cpuset.h"
#include "base/macros.h"
#include "parse/cpulist.h"
#include "topology/linux.h"

#define CPU_DIR "sys/devices/system/cpu/"

/* Of a small core beside large ones, when the machine does not tell their frequencies. */
#define SMALL_CAPACITY 0.6

static void set_all(struct topology *topology, double capacity)
{
	for (size_t i = 0; i < topology->n_cpus; i++)
		topology->cpus[i].capacity = capacity;
}

/* 1 where the kernel has the files, 0 where it has not. A CPU without one counts as the fastest. */
static int read_files(struct sysfs *sysfs, struct topology *topology)
{
	uint64_t value, max = 0;

	set_all(topology, 0);
	for (size_t i = 0; i < topology->n_cpus; i++) {
		struct topology_cpu *cpu = &topology->cpus[i];
		int r = sysfs_number(sysfs, &value, CPU_DIR "cpu%u/cpu_capacity", cpu->cpu);

		if (sysfs_fatal(r))
			return r;
		if (r < 0 && i == 0)
			return 0;
		if (r < 0 || !value)
			continue;
		cpu->capacity = (double)value;
		max = value > max ? value : max;
	}
	if (!max)
		return 0;
	for (size_t i = 0; i < topology->n_cpus; i++) {
		double *capacity = &topology->cpus[i].capacity;

		*capacity = *capacity > 0 ? *capacity / (double)max : 1.0;
	}
	return 1;
}

static int read_kind(struct sysfs *sysfs, const char *pmu, struct cpuset *cpus)
{
	int r = sysfs_read(sysfs, "sys/devices/%s/cpus", pmu);

	return r < 0 ? r : cpulist_parse(sysfs->text.data, sysfs->text.len, cpus);
}

static int max_frequency(struct sysfs *sysfs, const struct cpuset *cpus, uint64_t *ret_khz)
{
	return sysfs_number(sysfs, ret_khz, CPU_DIR "cpu%u/cpufreq/cpuinfo_max_freq",
			    (unsigned int)cpuset_next(cpus, 0));
}

/* Leaves *capacity as it is where the machine does not tell. */
static int small_capacity(struct sysfs *sysfs, const struct cpuset *large,
			  const struct cpuset *small, double *capacity)
{
	uint64_t large_khz, small_khz;
	int r = max_frequency(sysfs, large, &large_khz);

	if (r == 0)
		r = max_frequency(sysfs, small, &small_khz);
	if (sysfs_fatal(r))
		return r;
	if (r == 0 && small_khz && small_khz <= large_khz)
		*capacity = (double)small_khz / (double)large_khz;
	return 0;
}

static int read_kinds(struct sysfs *sysfs, struct topology *topology)
{
	_cleanup_(cpuset_done) struct cpuset large = {0}, small = {0};
	double capacity = SMALL_CAPACITY;
	int r = read_kind(sysfs, "cpu_core", &large);

	if (r == 0)
		r = read_kind(sysfs, "cpu_atom", &small);
	if (r < 0 || cpuset_next(&large, 0) < 0 || cpuset_next(&small, 0) < 0)
		return sysfs_fatal(r) ? r : 0;
	r = small_capacity(sysfs, &large, &small, &capacity);
	for (size_t i = 0; r == 0 && i < topology->n_cpus; i++) {
		if (cpuset_has(&small, topology->cpus[i].cpu))
			topology->cpus[i].capacity = capacity;
	}
	return r;
}

int topology_read_capacity(struct sysfs *sysfs, struct topology *topology)
{
	int r = read_files(sysfs, topology);

	if (r != 0)
		return r < 0 ? r : 0;
	set_all(topology, 1.0);
	return read_kinds(sysfs, topology);
}
