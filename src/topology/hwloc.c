/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The only part of irqctl that needs libhwloc: topology.so, or linked where all is one program.
 *
 * A foreign root is given to hwloc by its environment variable HWLOC_FSROOT, the only way that
 * hwloc 2 has (its manual, "Environment Variables"). It is read while the topology loads, so the
 * variable is put back behind that.
 */
#include <errno.h>
#include <fcntl.h>
#include <hwloc.h>
#include <hwloc/distances.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/macros.h"
#include "topology/read.h"

#define FSROOT "HWLOC_FSROOT"

/*
 * hwloc complains on stderr, and asks the CPU that it runs on, where a root lacks these; they are
 * what its Linux part looks for.
 */
static bool has_topology(const char *root)
{
	static const char *const files[] = {
		"sys/devices/system/cpu/cpu0/topology/package_cpus",
		"sys/devices/system/cpu/cpu0/topology/core_siblings",
		"sys/devices/system/cpu/cpu0/topology/core_cpus",
		"sys/devices/system/cpu/cpu0/topology/thread_siblings",
	};
	_cleanup_close_ int dir = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);

	for (size_t i = 0; i < ARRAY_SIZE(files) && dir >= 0; i++) {
		if (faccessat(dir, files[i], R_OK, 0) == 0)
			return true;
	}
	return false;
}

/* Whether hwloc read the root, and not the machine at hand for want of anything better. */
static bool is_from_root(hwloc_topology_t hwloc)
{
	const char *backend = hwloc_obj_get_info_by_name(hwloc_get_root_obj(hwloc), "Backend");

	return !hwloc_topology_is_thissystem(hwloc) && backend && strcmp(backend, "Linux") == 0;
}

static int environment_set(const char *value)
{
	int r = value ? setenv(FSROOT, value, 1) : unsetenv(FSROOT);

	return r < 0 ? -errno : 0;
}

/* hwloc sets errno where it knows why. */
static int hwloc_error(void)
{
	return errno > 0 ? -errno : -EIO;
}

/*
 * Memory, packages, cores and data caches; no devices. CPUs that a cgroup forbids to irqctl still
 * take interrupts, so they are kept.
 */
static int load(hwloc_topology_t hwloc)
{
	errno = 0;
	if (hwloc_topology_set_flags(hwloc, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED) < 0 ||
	    hwloc_topology_set_icache_types_filter(hwloc, HWLOC_TYPE_FILTER_KEEP_NONE) < 0 ||
	    hwloc_topology_set_io_types_filter(hwloc, HWLOC_TYPE_FILTER_KEEP_NONE) < 0 ||
	    hwloc_topology_load(hwloc) < 0)
		return hwloc_error();
	return 0;
}

static int load_root(hwloc_topology_t hwloc, const char *root)
{
	_cleanup_free_ char *before = NULL;
	const char *value = getenv(FSROOT);
	int r, restored;

	if (!has_topology(root))
		return -ENODATA;
	if (value) {
		before = strdup(value);
		if (!before)
			return -ENOMEM;
	}
	/* it would ask the CPU that it runs on for what the files lack */
	hwloc_topology_set_components(hwloc, HWLOC_TOPOLOGY_COMPONENTS_FLAG_BLACKLIST, "x86");
	r = environment_set(root);
	if (r < 0)
		return r;
	r = load(hwloc);
	restored = environment_set(before);
	if (r == 0)
		r = restored;
	return r == 0 && !is_from_root(hwloc) ? -ENODATA : r;
}

/* The largest cache above a core: L3 on most machines, L2 on many small ones; L1 is no LLC. */
static hwloc_obj_t last_level_cache(hwloc_obj_t pu)
{
	hwloc_obj_t largest = NULL;

	for (hwloc_obj_t obj = pu->parent; obj; obj = obj->parent) {
		if (hwloc_obj_type_is_dcache(obj->type) && obj->attr->cache.depth >= 2)
			largest = obj;
	}
	return largest;
}

static int32_t logical_id(hwloc_obj_t obj)
{
	return obj && obj->logical_index <= INT32_MAX ? (int32_t)obj->logical_index : -1;
}

/* What was met so far, from left to right. */
struct llcs {
	hwloc_obj_t last;
	int32_t n;
};

/*
 * hwloc counts each level of cache from 0. A machine whose CPUs end in different levels (an L3
 * here, an L2 there) would have two caches of one name, so those that end a CPU are counted here.
 * The CPUs below a cache follow each other.
 */
static int32_t llc_id(hwloc_obj_t llc, struct llcs *llcs)
{
	if (!llc)
		return -1;
	if (llc != llcs->last)
		llcs->n++;
	llcs->last = llc;
	return llcs->n - 1;
}

/* The kernel's number of the nearest node: where several fit (HBM beside DDR), the first. */
static int32_t node_id(hwloc_topology_t hwloc, hwloc_obj_t pu)
{
	hwloc_obj_t node = NULL;

	while ((node = hwloc_get_next_obj_by_type(hwloc, HWLOC_OBJ_NUMANODE, node))) {
		if (hwloc_bitmap_isset(node->cpuset, pu->os_index))
			return node->os_index <= INT32_MAX ? (int32_t)node->os_index : -1;
	}
	return -1;
}

static struct topology_cpu describe(hwloc_topology_t hwloc, hwloc_obj_t pu, struct llcs *llcs)
{
	return (struct topology_cpu){
		.cpu = pu->os_index,
		.core = logical_id(hwloc_get_ancestor_obj_by_type(hwloc, HWLOC_OBJ_CORE, pu)),
		.llc = llc_id(last_level_cache(pu), llcs),
		.node = node_id(hwloc, pu),
		.package = logical_id(hwloc_get_ancestor_obj_by_type(hwloc, HWLOC_OBJ_PACKAGE, pu)),
		.capacity = 1.0,
	};
}

static int compare_cpus(const void *a, const void *b)
{
	const struct topology_cpu *left = a, *right = b;

	return (left->cpu > right->cpu) - (left->cpu < right->cpu);
}

static int copy_distances(const struct hwloc_distances_s *from, struct topology *topology)
{
	size_t n = from->nbobjs;

	topology->nodes = calloc(n, sizeof(*topology->nodes));
	topology->distances = calloc(n * n, sizeof(*topology->distances));
	if (!topology->nodes || !topology->distances)
		return -ENOMEM;
	topology->n_nodes = n;
	for (size_t i = 0; i < n; i++) {
		hwloc_obj_t node = from->objs[i];

		topology->nodes[i] =
			node && node->os_index <= INT32_MAX ? (int32_t)node->os_index : -1;
	}
	for (size_t i = 0; i < n * n; i++) {
		topology->distances[i] =
			from->values[i] <= UINT32_MAX ? (uint32_t)from->values[i] : UINT32_MAX;
	}
	return 0;
}

/* The matrix that the kernel shows in /sys/devices/system/node/nodeN/distance, if there is one. */
static int collect_distances(hwloc_topology_t hwloc, struct topology *topology)
{
	struct hwloc_distances_s *distances;
	unsigned int n = 1;
	int r = 0;

	if (hwloc_distances_get_by_type(
		    hwloc, HWLOC_OBJ_NUMANODE, &n, &distances,
		    HWLOC_DISTANCES_KIND_FROM_OS | HWLOC_DISTANCES_KIND_MEANS_LATENCY, 0) < 0 ||
	    n == 0)
		return 0;
	if (distances->nbobjs > 0)
		r = copy_distances(distances, topology);
	hwloc_distances_release(hwloc, distances);
	return r;
}

static int collect(hwloc_topology_t hwloc, struct topology *ret)
{
	int n = hwloc_get_nbobjs_by_type(hwloc, HWLOC_OBJ_PU);
	struct topology topology = {0};
	hwloc_obj_t pu = NULL;
	struct llcs llcs = {0};

	if (n <= 0)
		return -ENODATA;
	topology.cpus = calloc((size_t)n, sizeof(*topology.cpus));
	if (!topology.cpus)
		return -ENOMEM;
	while ((pu = hwloc_get_next_obj_by_type(hwloc, HWLOC_OBJ_PU, pu)))
		topology.cpus[topology.n_cpus++] = describe(hwloc, pu, &llcs);
	qsort(topology.cpus, topology.n_cpus, sizeof(*topology.cpus), compare_cpus);
	if (collect_distances(hwloc, &topology) < 0) {
		free(topology.cpus);
		free(topology.nodes);
		free(topology.distances);
		return -ENOMEM;
	}
	*ret = topology;
	return 0;
}

int irqctl_topology_read(const char *root, struct topology *ret)
{
	hwloc_topology_t hwloc;
	int r;

	errno = 0;
	if (hwloc_topology_init(&hwloc) < 0)
		return hwloc_error();
	r = root ? load_root(hwloc, root) : load(hwloc);
	if (r == 0)
		r = collect(hwloc, ret);
	hwloc_topology_destroy(hwloc);
	return r;
}
