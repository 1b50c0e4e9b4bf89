/* SPDX-License-Identifier: BSD-2-Clause */
/* Sysfs as kernels write it, and as they never would; test_topology.c compares with hwloc. */
#include "temp_root.h"

#include <math.h>

#include "topology/topology.h"

#define CPU_DIR  "sys/devices/system/cpu/"
#define NODE_DIR "sys/devices/system/node/"

static void put_cpu(struct temp_root *root, unsigned int cpu, const char *leaf, const char *text)
{
	temp_root_putn(root, CPU_DIR "cpu", cpu, leaf, text);
}

static void put_cache(struct temp_root *root, unsigned int cpu, int index, const char *level,
		      const char *type, const char *shared)
{
	const char *const leaves[][2] = {
		{"level", level}, {"type", type}, {"shared_cpu_list", shared}};

	for (size_t i = 0; i < ARRAY_SIZE(leaves); i++) {
		_cleanup_(buf_done) struct buf leaf = {0};

		assert_int_equal(buf_printf(&leaf, "cache/index%d/%s", index, leaves[i][0]), 0);
		if (leaves[i][1])
			put_cpu(root, cpu, leaf.data, leaves[i][1]);
	}
}

/* CPUs 0 to n - 1, each a core of its own in one package. */
static void begin(struct temp_root *root, unsigned int n)
{
	char text[sizeof("0-4294967295\n")];

	temp_root_open(root);
	snprintf(text, sizeof(text), "0-%u\n", n - 1);
	temp_root_put(root, CPU_DIR "online", text);
	for (unsigned int cpu = 0; cpu < n; cpu++) {
		put_cpu(root, cpu, "topology/package_cpus_list", text);
		snprintf(text, sizeof(text), "%u\n", cpu);
		put_cpu(root, cpu, "topology/core_cpus_list", text);
		snprintf(text, sizeof(text), "0-%u\n", n - 1);
	}
}

static void check(const struct topology *topology, uint32_t cpu, int core, int llc, int node,
		  int package)
{
	const struct topology_cpu *got = topology_cpu(topology, cpu);

	assert_non_null(got);
	assert_int_equal(got->core, core);
	assert_int_equal(got->llc, llc);
	assert_int_equal(got->node, node);
	assert_int_equal(got->package, package);
}

static void check_capacity(const struct topology *topology, uint32_t cpu, double wanted)
{
	const struct topology_cpu *got = topology_cpu(topology, cpu);

	assert_non_null(got);
	assert_true(fabs(got->capacity - wanted) < 1e-9);
}

static struct topology read_root(struct temp_root *root)
{
	struct topology topology = {0};

	assert_int_equal(topology_read(root->source, &topology), 0);
	return topology;
}

static void no_topology(void **state)
{
	struct topology topology = {0};
	_cleanup_(temp_root_done) struct temp_root root;

	(void)state;
	temp_root_open(&root);
	assert_int_equal(topology_read(root.source, &topology), -ENODATA);
	assert_int_equal(topology_load(root.source, &topology), -ENODATA);
	temp_root_put(&root, CPU_DIR "online", "0-3\n");
	assert_int_equal(topology_read(root.source, &topology), -ENODATA);
	temp_root_put(&root, CPU_DIR "online", "\n");
	assert_int_equal(topology_read(root.source, &topology), -ENODATA);
	assert_int_equal(topology.n_cpus, 0);
}

static void plain(void **state)
{
	_cleanup_(topology_done) struct topology topology = {0};
	_cleanup_(temp_root_done) struct temp_root root;

	(void)state;
	begin(&root, 3);
	topology = read_root(&root);
	assert_int_equal(topology.n_cpus, 3);
	assert_int_equal(topology.n_nodes, 0);
	check(&topology, 2, 2, -1, 0, 0);
	check_capacity(&topology, 2, 1.0);
	assert_null(topology_cpu(&topology, 3));
}

/* Neither the list of all CPUs nor that of all nodes was recorded. */
static void lists_directories(void **state)
{
	_cleanup_(topology_done) struct topology topology = {0};
	_cleanup_(temp_root_done) struct temp_root root;

	(void)state;
	begin(&root, 3);
	temp_root_unlink(&root, CPU_DIR "online");
	put_cpu(&root, 1, "online", "0\n");
	put_cpu(&root, 2, "online", "1\n");
	temp_root_put(&root, CPU_DIR "cpufreq/x", "\n");
	temp_root_put(&root, CPU_DIR "cpu007x/x", "\n");
	temp_root_put(&root, NODE_DIR "node3/cpumap", "5\n");
	topology = read_root(&root);
	assert_int_equal(topology.n_cpus, 2);
	check(&topology, 0, 0, -1, 3, 0);
	check(&topology, 2, 1, -1, 3, 0);
}

/* The highest level that holds data, wherever it stands; L1 never. */
static void last_level_caches(void **state)
{
	_cleanup_(topology_done) struct topology topology = {0};
	_cleanup_(temp_root_done) struct temp_root root;

	(void)state;
	begin(&root, 7);
	put_cache(&root, 0, 0, "1", "Data", "0");
	put_cache(&root, 0, 2, "2", "Unified", "0");
	put_cache(&root, 0, 3, "3", "Unified", "0-1");
	put_cache(&root, 2, 3, "2", NULL, "2");            /* no type: for both */
	put_cache(&root, 3, 3, "3", "Instruction", "3-4"); /* no data */
	put_cache(&root, 3, 2, "2", "Data", "3-4");
	put_cache(&root, 5, 0, "1", "Unified", "5"); /* no more than L1 */
	put_cache(&root, 6, 3, "3", "Unified", "5"); /* not its own */
	topology = read_root(&root);
	check(&topology, 0, 0, 0, 0, 0);
	check(&topology, 1, 1, 0, 0, 0);
	check(&topology, 2, 2, 1, 0, 0);
	check(&topology, 3, 3, 2, 0, 0);
	check(&topology, 4, 4, 2, 0, 0);
	check(&topology, 5, 5, -1, 0, 0);
	check(&topology, 6, 6, -1, 0, 0);
}

/* The second CPU has one level more than the first, at the index behind it. */
static void deeper_caches(void **state)
{
	_cleanup_(topology_done) struct topology topology = {0};
	_cleanup_(temp_root_done) struct temp_root root;

	(void)state;
	begin(&root, 3);
	put_cache(&root, 0, 2, "2", "Unified", "0");
	put_cache(&root, 1, 2, "2", "Unified", "1");
	put_cache(&root, 1, 3, "3", "Unified", "1-2");
	topology = read_root(&root);
	check(&topology, 0, 0, 0, 0, 0);
	check(&topology, 1, 1, 1, 0, 0);
	check(&topology, 2, 2, 1, 0, 0);
}

static void measured_capacities(void **state)
{
	_cleanup_(topology_done) struct topology topology = {0};
	_cleanup_(temp_root_done) struct temp_root root;

	(void)state;
	begin(&root, 4);
	put_cpu(&root, 0, "cpu_capacity", "446\n");
	put_cpu(&root, 1, "cpu_capacity", "892\n");
	put_cpu(&root, 2, "cpu_capacity", "0\n");
	topology = read_root(&root);
	check_capacity(&topology, 0, 0.5);
	check_capacity(&topology, 1, 1.0);
	check_capacity(&topology, 2, 1.0);
	check_capacity(&topology, 3, 1.0);
}

static void hybrid_capacities(void **state)
{
	struct topology topology = {0};
	_cleanup_(temp_root_done) struct temp_root root;

	(void)state;
	begin(&root, 4);
	temp_root_put(&root, "sys/devices/cpu_core/cpus", "0-1\n");
	topology = read_root(&root);
	check_capacity(&topology, 2, 1.0);
	topology_done(&topology);
	temp_root_put(&root, "sys/devices/cpu_atom/cpus", "2-3\n");
	topology = read_root(&root);
	check_capacity(&topology, 1, 1.0);
	check_capacity(&topology, 2, 0.6);
	topology_done(&topology);
	put_cpu(&root, 0, "cpufreq/cpuinfo_max_freq", "5000000\n");
	put_cpu(&root, 2, "cpufreq/cpuinfo_max_freq", "4000000\n");
	topology = read_root(&root);
	check_capacity(&topology, 1, 1.0);
	check_capacity(&topology, 3, 0.8);
	topology_done(&topology);
	put_cpu(&root, 2, "cpufreq/cpuinfo_max_freq", "9000000\n");
	topology = read_root(&root);
	check_capacity(&topology, 3, 0.6);
	topology_done(&topology);
}

static void distances(void **state)
{
	static const char *const bad[] = {"10\n", "10 x\n", "\n", "10 99999999999\n", ""};
	struct topology topology = {0};
	_cleanup_(temp_root_done) struct temp_root root;

	(void)state;
	begin(&root, 2);
	temp_root_put(&root, NODE_DIR "online", "0,2\n");
	temp_root_put(&root, NODE_DIR "node0/cpulist", "0-1\n");
	temp_root_put(&root, NODE_DIR "node0/distance", "10 17\n");
	temp_root_put(&root, NODE_DIR "node2/cpulist", "\n");
	temp_root_put(&root, NODE_DIR "node2/distance", "28 10\n");
	topology = read_root(&root);
	check(&topology, 1, 1, -1, 0, 0);
	assert_int_equal(topology.n_nodes, 2);
	assert_int_equal(topology_distance(&topology, 0, 2), 17);
	assert_int_equal(topology_distance(&topology, 2, 0), 28);
	topology_done(&topology);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		temp_root_put(&root, NODE_DIR "node2/distance", bad[i]);
		topology = read_root(&root);
		assert_int_equal(topology.n_nodes, 0);
		check(&topology, 1, 1, -1, 0, 0);
		topology_done(&topology);
	}
}

/* Sets that overlap, leave out their own CPU, or name CPUs that are not there. */
static void nonsense(void **state)
{
	_cleanup_(topology_done) struct topology topology = {0};
	_cleanup_(temp_root_done) struct temp_root root;

	(void)state;
	begin(&root, 4);
	put_cpu(&root, 0, "topology/core_cpus_list", "0-1,70,65535\n");
	put_cpu(&root, 1, "topology/core_cpus_list", "1-2\n");
	put_cpu(&root, 2, "topology/core_cpus_list", "0-2\n");
	put_cpu(&root, 3, "topology/core_cpus_list", "0\n");
	put_cpu(&root, 0, "topology/package_cpus_list", "0-99999999\n");
	put_cpu(&root, 1, "topology/package_cpus_list", "1-3\n");
	temp_root_put(&root, NODE_DIR "online", "0-65535\n");
	temp_root_put(&root, NODE_DIR "node7/cpulist", "0-2\n");
	temp_root_put(&root, NODE_DIR "node8/cpulist", "2-3\n");
	temp_root_put(&root, NODE_DIR "node4000/cpulist", "3\n");
	topology = read_root(&root);
	assert_int_equal(topology.n_cpus, 4);
	check(&topology, 0, 0, -1, 7, -1);
	check(&topology, 1, 0, -1, 7, 0);
	check(&topology, 2, 1, -1, 7, 0);
	check(&topology, 3, -1, -1, 8, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_topology),       cmocka_unit_test(plain),
		cmocka_unit_test(lists_directories), cmocka_unit_test(last_level_caches),
		cmocka_unit_test(deeper_caches),     cmocka_unit_test(measured_capacities),
		cmocka_unit_test(hybrid_capacities), cmocka_unit_test(distances),
		cmocka_unit_test(nonsense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
