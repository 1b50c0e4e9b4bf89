/* SPDX-License-Identifier: BSD-2-Clause */
/* Linked with the module's own source: src/topology/hwloc.c, and libhwloc. */
#include "cmocka_all.h"

#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/macros.h"
#include "topology/topology.h"

int irqctl_topology_read(const char *root, struct topology *ret);

static void check(const struct topology *topology, uint32_t cpu, int core, int llc, int node,
		  int package)
{
	const struct topology_cpu *got = topology_cpu(topology, cpu);

	assert_non_null(got);
	assert_int_equal(got->cpu, cpu);
	assert_int_equal(got->core, core);
	assert_int_equal(got->llc, llc);
	assert_int_equal(got->node, node);
	assert_int_equal(got->package, package);
}

static struct topology synthetic(const char *machine)
{
	struct topology topology = {0};

	assert_int_equal(setenv("HWLOC_SYNTHETIC", machine, 1), 0);
	assert_int_equal(irqctl_topology_read(NULL, &topology), 0);
	assert_int_equal(unsetenv("HWLOC_SYNTHETIC"), 0);
	return topology;
}

static void test_synthetic(void **state)
{
	/* threads are numbered as Linux does: first one of each core, then the others */
	struct topology topology =
		synthetic("pack:2 [numa] l3:2 l2:2 core:1 pu:2(indexes=2*8:1*2)");

	(void)state;
	assert_int_equal(topology.n_cpus, 16);
	check(&topology, 0, 0, 0, 0, 0);
	check(&topology, 8, 0, 0, 0, 0);
	check(&topology, 2, 2, 1, 0, 0);
	check(&topology, 4, 4, 2, 1, 1);
	check(&topology, 15, 7, 3, 1, 1);
	assert_null(topology_cpu(&topology, 16));
	topology_done(&topology);
}

/* No package, no cache: what is missing is -1. */
static void test_missing_levels(void **state)
{
	struct topology topology = synthetic("core:2 pu:1");

	(void)state;
	check(&topology, 1, 1, -1, 0, -1);
	topology_done(&topology);
	topology = synthetic("pack:1 l2:2 core:1 pu:1");
	check(&topology, 1, 1, 1, 0, 0);
	topology_done(&topology);
	topology = synthetic("pack:1 l1:2 core:1 pu:1");
	check(&topology, 1, 1, -1, 0, 0);
	topology_done(&topology);
}

static void put(const char *root, const char *path, const char *text)
{
	_cleanup_(buf_done) struct buf full = {0};
	_cleanup_fclose_ FILE *file = NULL;

	assert_int_equal(buf_printf(&full, "%s/%s", root, path), 0);
	for (char *slash = full.data + strlen(root) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		mkdir(full.data, 0755);
		*slash = '/';
	}
	file = fopen(full.data, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
}

/* One CPU, its core shared with `siblings`, its caches with `l2` and `l3` (masks; NULL: no L3). */
static void put_cpu(const char *root, unsigned int cpu, const char *siblings, const char *l2,
		    const char *l3)
{
	const char *const files[][2] = {
		{"topology/core_cpus", siblings},
		{"topology/thread_siblings", siblings},
		{"topology/package_cpus", "f"},
		{"topology/core_siblings", "f"},
		{"topology/physical_package_id", "0"},
		{"cache/index2/level", "2"},
		{"cache/index2/type", "Unified"},
		{"cache/index2/size", "512K"},
		{"cache/index2/shared_cpu_map", l2},
		{"cache/index3/level", l3 ? "3" : NULL},
		{"cache/index3/type", l3 ? "Unified" : NULL},
		{"cache/index3/size", l3 ? "8192K" : NULL},
		{"cache/index3/shared_cpu_map", l3},
	};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		_cleanup_(buf_done) struct buf path = {0};

		if (!files[i][1])
			continue;
		assert_int_equal(
			buf_printf(&path, "sys/devices/system/cpu/cpu%u/%s", cpu, files[i][0]), 0);
		put(root, buf_text(&path), files[i][1]);
	}
}

static int remove_one(const char *path, const struct stat *stat, int kind, struct FTW *ftw)
{
	(void)stat;
	(void)kind;
	(void)ftw;
	return remove(path);
}

/* Two threads of one core below an L3, a core that ends in an L2, and an offline CPU. */
static void test_root(void **state)
{
	char root[] = "/tmp/irqctl-topology-XXXXXX";
	struct topology topology = {0};

	(void)state;
	assert_non_null(mkdtemp(root));
	assert_int_equal(irqctl_topology_read(root, &topology), -ENODATA);
	put(root, "sys/devices/system/cpu/online", "0-2\n");
	put(root, "sys/devices/system/cpu/possible", "0-3\n");
	put_cpu(root, 0, "3", "3", "3");
	put_cpu(root, 1, "3", "3", "3");
	put_cpu(root, 2, "4", "4", NULL);
	put(root, "sys/devices/system/cpu/cpu3/online", "0\n");
	assert_int_equal(setenv("HWLOC_FSROOT", "/kept", 1), 0);
	assert_int_equal(irqctl_topology_read(root, &topology), 0);
	assert_string_equal(getenv("HWLOC_FSROOT"), "/kept");
	assert_int_equal(unsetenv("HWLOC_FSROOT"), 0);
	assert_int_equal(topology.n_cpus, 3);
	check(&topology, 0, 0, 0, 0, 0);
	check(&topology, 1, 0, 0, 0, 0);
	assert_int_equal(topology_cpu(&topology, 2)->core, 1);
	assert_int_not_equal(topology_cpu(&topology, 2)->llc, 0);
	assert_true(topology_cpu(&topology, 2)->llc > 0);
	assert_null(topology_cpu(&topology, 3));
	topology_done(&topology);
	assert_int_equal(irqctl_topology_read(root, &topology), 0);
	assert_null(getenv("HWLOC_FSROOT"));
	topology_done(&topology);
	nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void put_node(const char *root, unsigned int node, const char *cpus, const char *distance)
{
	const char *const files[][2] = {
		{"cpumap", cpus}, {"distance", distance}, {"meminfo", "Node MemTotal: 1024 kB\n"}};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		_cleanup_(buf_done) struct buf path = {0};

		assert_int_equal(
			buf_printf(&path, "sys/devices/system/node/node%u/%s", node, files[i][0]),
			0);
		put(root, buf_text(&path), files[i][1]);
	}
}

/* Nodes that are not numbered from 0, and distances that differ by direction. */
static void test_distances(void **state)
{
	char root[] = "/tmp/irqctl-topology-XXXXXX";
	struct topology topology = {0};

	(void)state;
	assert_non_null(mkdtemp(root));
	put(root, "sys/devices/system/cpu/online", "0-1\n");
	put(root, "sys/devices/system/cpu/possible", "0-1\n");
	put(root, "sys/devices/system/node/online", "1,4\n");
	put_cpu(root, 0, "1", "1", NULL);
	put_cpu(root, 1, "2", "2", NULL);
	put_node(root, 1, "1\n", "10 21\n");
	put_node(root, 4, "2\n", "31 10\n");
	assert_int_equal(irqctl_topology_read(root, &topology), 0);
	assert_int_equal(topology_cpu(&topology, 1)->node, 4);
	assert_int_equal(topology_distance(&topology, 1, 4), 21);
	assert_int_equal(topology_distance(&topology, 4, 1), 31);
	assert_int_equal(topology_distance(&topology, 4, 4), TOPOLOGY_LOCAL);
	assert_int_equal(topology_distance(&topology, 1, 2), TOPOLOGY_REMOTE);
	assert_int_equal(topology_distance(&topology, -1, 1), TOPOLOGY_REMOTE);
	topology_done(&topology);
	nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void test_missing_root(void **state)
{
	struct topology topology = {0};

	(void)state;
	assert_int_equal(irqctl_topology_read("/nonexistent/root", &topology), -ENODATA);
	assert_int_equal(topology.n_cpus, 0);
	assert_null(topology_cpu(&topology, 0));
}

/* The module does not lie beside this program. */
static void test_no_module(void **state)
{
	struct topology topology = {0};

	(void)state;
	assert_int_equal(topology_load(NULL, &topology), -ENOSYS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_synthetic), cmocka_unit_test(test_missing_levels),
		cmocka_unit_test(test_root),      cmocka_unit_test(test_missing_root),
		cmocka_unit_test(test_no_module), cmocka_unit_test(test_distances),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
