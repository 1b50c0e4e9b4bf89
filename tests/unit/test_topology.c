/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * src/topology/hwloc.c and libhwloc are linked into this test; what irqctl reads itself on Linux is
 * compared with what they say.
 */
#include "temp_root.h"

#include <dirent.h>

#include "base/cpuset.h"
#include "source/source.h"
#include "topology/read.h"

#define CPU_DIR "sys/devices/system/cpu/cpu"

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
	nftw(root, temp_root_remove_one, 8, FTW_DEPTH | FTW_PHYS);
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
	nftw(root, temp_root_remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void test_missing_root(void **state)
{
	struct topology topology = {0};

	(void)state;
	assert_int_equal(irqctl_topology_read("/nonexistent/root", &topology), -ENODATA);
	assert_int_equal(topology.n_cpus, 0);
	assert_null(topology_cpu(&topology, 0));
}

static void check_same(const struct topology *ours, const struct topology *theirs)
{
	assert_int_equal(ours->n_cpus, theirs->n_cpus);
	for (size_t i = 0; i < ours->n_cpus; i++) {
		const struct topology_cpu *cpu = &theirs->cpus[i];

		check(ours, cpu->cpu, cpu->core, cpu->llc, cpu->node, cpu->package);
		assert_true(ours->cpus[i].capacity > 0 && ours->cpus[i].capacity <= 1);
	}
	assert_int_equal(ours->n_nodes, theirs->n_nodes);
	for (size_t i = 0; i < ours->n_nodes; i++)
		assert_int_equal(ours->nodes[i], theirs->nodes[i]);
	for (size_t i = 0; i < ours->n_nodes * ours->n_nodes; i++)
		assert_int_equal(ours->distances[i], theirs->distances[i]);
}

/* Both readers, of a directory or of the machine at hand (NULL). Returns how many CPUs it has. */
static size_t compare(const char *root)
{
	struct topology ours = {0}, theirs = {0};
	struct source *source;
	size_t n;

	assert_int_equal(root ? source_open_root(root, &source) : source_open_live(&source), 0);
	assert_int_equal(topology_load(source, &ours), irqctl_topology_read(root, &theirs));
	source_close(source);
	check_same(&ours, &theirs);
	n = ours.n_cpus;
	topology_done(&ours);
	topology_done(&theirs);
	return n;
}

static void test_this_machine(void **state)
{
	(void)state;
	if (access("/sys/devices/system/cpu/cpu0/topology", F_OK) < 0)
		skip();
	assert_true(compare(NULL) > 0);
}

static void test_fixtures(void **state)
{
	_cleanup_closedir_ DIR *dir = opendir(SOURCE_DIR "/tests/fixtures");
	size_t n = 0;

	(void)state;
	assert_non_null(dir);
	for (const struct dirent *entry; (entry = readdir(dir));) {
		_cleanup_(buf_done) struct buf root = {0};

		if (*entry->d_name == '.')
			continue;
		assert_int_equal(buf_printf(&root, SOURCE_DIR "/tests/fixtures/%s", entry->d_name),
				 0);
		n += compare(root.data);
	}
	assert_true(n > 0);
}

enum nodes {
	NODES_NONE,
	NODES_AS_PACKAGES,
	NODES_IN_PACKAGES,   /* one for each die */
	NODES_OVER_PACKAGES, /* two packages each */
	N_NODES,
};

enum order {
	ORDER_PLAIN,
	ORDER_THREADS_LAST, /* first all first threads */
	ORDER_MIXED,        /* neighbours by number are far from each other */
	N_ORDERS,
};

enum coordinate {
	AT_PACKAGE,
	AT_DIE,
	AT_LLC,
	AT_CORE,
	AT_THREAD,
	N_AT,
};

/* A machine of boxes in boxes, of equal size. */
struct boxes {
	unsigned int size[N_AT]; /* how many of each are in one of those before it */
	enum nodes nodes;
	enum order order;
	bool masks, no_l3, old; /* old: before Linux 5.2, which renamed the files */
	unsigned int step;      /* of the CPU numbers */
	uint32_t offline;       /* 0: all run */
};

struct at {
	unsigned int cpu;
	unsigned int part[N_AT];
};

static size_t place_cpus(const struct boxes *boxes, struct at *cpus)
{
	static const enum coordinate orders[N_ORDERS][N_AT] = {
		{AT_PACKAGE, AT_DIE, AT_LLC, AT_CORE, AT_THREAD},
		{AT_THREAD, AT_PACKAGE, AT_DIE, AT_LLC, AT_CORE},
		{AT_THREAD, AT_CORE, AT_LLC, AT_DIE, AT_PACKAGE},
	};
	const enum coordinate *order = orders[boxes->order];
	size_t n = 1;

	for (int i = 0; i < N_AT; i++)
		n *= boxes->size[i];
	for (size_t k = 0; k < n; k++) {
		size_t rest = k;

		cpus[k].cpu = (unsigned int)k * boxes->step;
		for (int i = N_AT - 1; i >= 0; i--) {
			cpus[k].part[order[i]] = (unsigned int)(rest % boxes->size[order[i]]);
			rest /= boxes->size[order[i]];
		}
	}
	return n;
}

/* Those that run and are in the same boxes as cpus[k], up to the level `last`. */
static void sharers(const struct boxes *boxes, const struct at *cpus, size_t n, size_t k,
		    enum coordinate last, struct cpuset *set)
{
	for (size_t i = 0; i < n; i++) {
		bool same = !boxes->offline || cpus[i].cpu != boxes->offline;

		for (int level = 0; level <= (int)last; level++)
			same = same && cpus[i].part[level] == cpus[k].part[level];
		if (same)
			assert_int_equal(cpuset_add(set, cpus[i].cpu), 0);
	}
}

static void put_mask(struct temp_root *root, const char *path, const struct cpuset *set)
{
	_cleanup_(buf_done) struct buf text = {0};

	for (size_t i = 8; i-- > 0;) {
		uint64_t word = i / 2 < set->n_words ? set->words[i / 2] : 0;

		assert_int_equal(buf_printf(&text, "%08x%s", (uint32_t)(word >> (i % 2 * 32)),
					    i ? "," : "\n"),
				 0);
	}
	temp_root_put(root, path, text.data);
}

/* A mask, and beside it a list where the machine has these. */
static void put_set(struct temp_root *root, const struct boxes *boxes, const char *dir,
		    const char *mask, const char *list, const struct cpuset *set)
{
	_cleanup_(buf_done) struct buf path = {0}, text = {0};

	assert_int_equal(buf_printf(&path, "%s/%s", dir, mask), 0);
	put_mask(root, path.data, set);
	if (boxes->masks)
		return;
	buf_cut(&path, 0);
	assert_int_equal(buf_printf(&path, "%s/%s", dir, list), 0);
	assert_int_equal(cpuset_format(set, &text), 0);
	temp_root_put(root, path.data, buf_text(&text));
}

static void put_levels(struct temp_root *root, const struct boxes *boxes, const struct at *cpus,
		       size_t n, size_t k)
{
	static const struct {
		enum coordinate last;
		const char *dir, *mask, *list, *old_mask, *old_list, *level;
	} sets[] = {
		{AT_CORE, "topology", "core_cpus", "core_cpus_list", "thread_siblings",
		 "thread_siblings_list", NULL},
		{AT_PACKAGE, "topology", "package_cpus", "package_cpus_list", "core_siblings",
		 "core_siblings_list", NULL},
		{AT_DIE, "topology", "die_cpus", "die_cpus_list", NULL, NULL, NULL},
		{AT_CORE, "cache/index0", "shared_cpu_map", "shared_cpu_list", "shared_cpu_map",
		 "shared_cpu_list", "1"},
		{AT_CORE, "cache/index1", "shared_cpu_map", "shared_cpu_list", "shared_cpu_map",
		 "shared_cpu_list", "2"},
		{AT_LLC, "cache/index2", "shared_cpu_map", "shared_cpu_list", "shared_cpu_map",
		 "shared_cpu_list", "3"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(sets) - boxes->no_l3; i++) {
		_cleanup_(cpuset_done) struct cpuset set = {0};
		_cleanup_(buf_done) struct buf dir = {0};

		if (boxes->old && !sets[i].old_mask)
			continue;
		sharers(boxes, cpus, n, k, sets[i].last, &set);
		assert_int_equal(buf_printf(&dir, CPU_DIR "%u/%s", cpus[k].cpu, sets[i].dir), 0);
		put_set(root, boxes, dir.data, boxes->old ? sets[i].old_mask : sets[i].mask,
			boxes->old ? sets[i].old_list : sets[i].list, &set);
		if (!sets[i].level)
			continue;
		assert_int_equal(buf_puts(&dir, "/level"), 0);
		temp_root_put(root, dir.data, sets[i].level);
	}
}

static unsigned int node_of(const struct boxes *boxes, const struct at *cpu)
{
	switch (boxes->nodes) {
	case NODES_IN_PACKAGES:
		return cpu->part[AT_PACKAGE] * boxes->size[AT_DIE] + cpu->part[AT_DIE];
	case NODES_OVER_PACKAGES:
		return cpu->part[AT_PACKAGE] / 2;
	default:
		return cpu->part[AT_PACKAGE];
	}
}

/* The last one has memory only. */
static void put_nodes(struct temp_root *root, const struct boxes *boxes, const struct at *cpus,
		      size_t n)
{
	struct cpuset sets[9] = {{0}};
	unsigned int n_nodes = 0;
	char dir[64];

	for (size_t k = 0; k < n; k++) {
		unsigned int node = node_of(boxes, &cpus[k]);

		assert_true(node < ARRAY_SIZE(sets) - 1);
		n_nodes = node + 2 > n_nodes ? node + 2 : n_nodes;
		if (!boxes->offline || cpus[k].cpu != boxes->offline)
			assert_int_equal(cpuset_add(&sets[node], cpus[k].cpu), 0);
	}
	for (unsigned int node = 0; node < n_nodes; node++) {
		_cleanup_(buf_done) struct buf distance = {0};

		for (unsigned int to = 0; to < n_nodes; to++)
			assert_int_equal(
				buf_printf(&distance, "%u ", node == to ? 10 : 20 + node + to), 0);
		snprintf(dir, sizeof(dir), "sys/devices/system/node/node%u", node);
		put_set(root, boxes, dir, "cpumap", "cpulist", &sets[node]);
		temp_root_putn(root, "sys/devices/system/node/node", node, "distance",
			       distance.data);
		cpuset_done(&sets[node]);
	}
	snprintf(dir, sizeof(dir), "0-%u\n", n_nodes - 1);
	temp_root_put(root, "sys/devices/system/node/online", dir);
}

static void put_boxes(struct temp_root *root, const struct boxes *boxes)
{
	_cleanup_(cpuset_done) struct cpuset online = {0};
	_cleanup_(buf_done) struct buf text = {0};
	struct at cpus[128];
	size_t n = place_cpus(boxes, cpus);

	for (size_t k = 0; k < n; k++) {
		if (boxes->offline && cpus[k].cpu == boxes->offline) {
			temp_root_putn(root, CPU_DIR, cpus[k].cpu, "online", "0\n");
			continue;
		}
		assert_int_equal(cpuset_add(&online, cpus[k].cpu), 0);
		put_levels(root, boxes, cpus, n, k);
		temp_root_putn(root, CPU_DIR, cpus[k].cpu, "topology/physical_package_id",
			       cpus[k].part[AT_PACKAGE] ? "1\n" : "0\n");
		temp_root_putn(root, CPU_DIR, cpus[k].cpu, "topology/core_id",
			       cpus[k].part[AT_CORE] ? "1\n" : "0\n");
	}
	assert_int_equal(cpuset_format(&online, &text), 0);
	temp_root_put(root, "sys/devices/system/cpu/online", text.data);
	if (boxes->nodes != NODES_NONE)
		put_nodes(root, boxes, cpus, n);
}

/* Every order of CPUs with every kind of nodes, and the rest in turn. */
static void test_boxes(void **state)
{
	static const unsigned int sizes[][N_AT] = {
		{1, 1, 1, 4, 2}, {2, 1, 1, 3, 2}, {2, 2, 2, 2, 2}, {4, 1, 2, 2, 1}, {3, 2, 1, 2, 1},
	};
	unsigned int k = 0;

	(void)state;
	for (size_t size = 0; size < ARRAY_SIZE(sizes); size++) {
		for (int i = 0; i < N_ORDERS * N_NODES; i++, k++) {
			_cleanup_(temp_root_done) struct temp_root root;
			struct boxes boxes = {
				.nodes = (enum nodes)(i % N_NODES),
				.order = (enum order)(i / N_NODES),
				.masks = k % 2,
				.old = k % 3 == 0,
				.no_l3 = k % 5 == 0,
				.step = 1 + k % 7 / 6,
				.offline = k % 4 == 3 ? 2 : 0,
			};

			memcpy(boxes.size, sizes[size], sizeof(boxes.size));
			temp_root_open(&root);
			put_boxes(&root, &boxes);
			assert_true(compare(root.dir) > 0);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_synthetic), cmocka_unit_test(test_missing_levels),
		cmocka_unit_test(test_root),      cmocka_unit_test(test_missing_root),
		cmocka_unit_test(test_distances), cmocka_unit_test(test_this_machine),
		cmocka_unit_test(test_fixtures),  cmocka_unit_test(test_boxes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
