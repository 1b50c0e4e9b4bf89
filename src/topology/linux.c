/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The topology of Linux, from sysfs (Documentation/ABI/stable/sysfs-devices-system-cpu,
 * Documentation/admin-guide/cputopology.rst, drivers/base/node.c).
 *
 * To read a file costs far more than all that is done with it here, and each CPU has two dozen of
 * them. But the file of one CPU names all that it shares its core, cache or package with, so one
 * file of each such set is read and not one of each CPU.
 *
 * Cores, caches and packages are numbered as hwloc does: the machine is a tree in which a set
 * stands below the smallest one that holds it, brothers are ordered by their first CPU, and each
 * kind is counted from left to right.
 */
#include "topology/linux.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/cpuset.h"
#include "base/macros.h"
#include "base/number.h"
#include "base/text.h"
#include "parse/cpulist.h"

#define CPU_DIR  "sys/devices/system/cpu/"
#define NODE_DIR "sys/devices/system/node/"

#define MAX_CACHES 10    /* index0 to index9: no CPU has more */
#define MAX_NODES  1024u /* MAX_NUMNODES of the largest kernels */

enum level {
	PACKAGE,
	DIE,
	NODE,
	LLC,
	CORE,
	N_LEVELS,
};

/* CPUs that share something. */
struct set {
	uint32_t first, count;
	int32_t id; /* of nodes the kernel's number; others get theirs at the end */
};

struct place {
	int32_t sets[N_LEVELS]; /* indices of reader.sets, -1: none */
};

struct nodes {
	int32_t ids[MAX_NODES]; /* ascending */
	size_t n;
};

struct reader {
	struct sysfs sysfs;
	struct cpuset online;
	struct cpuset known;  /* those that have a core or a package */
	struct place *places; /* by CPU id */
	size_t n_places;
	struct set *sets;
	size_t n_sets, cap_sets;
	struct nodes nodes;
	int cache_index;      /* where the last CPU had its last-level cache, -1: nowhere yet */
	uint64_t cache_level; /* and its level */
};

/* The same set under its names: new ones first, and lists before masks. Ends with NULL. */
struct set_files {
	const char *names[5];
};

static const struct set_files core_files = {
	{"core_cpus_list", "core_cpus", "thread_siblings_list", "thread_siblings"}};
static const struct set_files package_files = {
	{"package_cpus_list", "package_cpus", "core_siblings_list", "core_siblings"}};
static const struct set_files die_files = {{"die_cpus_list", "die_cpus"}};
static const struct set_files cache_files = {{"shared_cpu_list", "shared_cpu_map"}};
static const struct set_files node_files = {{"cpulist", "cpumap"}};

static bool is_list(const char *name)
{
	size_t len = strlen(name);

	return len >= 4 && strcmp(name + len - 4, "list") == 0;
}

/* The first file of `dir` that is there. 0 or -errno. */
static int read_set(struct sysfs *sysfs, const char *dir, const struct set_files *files,
		    struct cpuset *cpus)
{
	int r = -ENOENT;

	for (size_t i = 0; r == -ENOENT && files->names[i]; i++) {
		const char *name = files->names[i];

		r = sysfs_read(sysfs, "%s/%s", dir, name);
		if (r == 0 && is_list(name))
			r = cpulist_parse(sysfs->text.data, sysfs->text.len, cpus);
		else if (r == 0)
			r = cpumask_parse(sysfs->text.data, sysfs->text.len, cpus);
	}
	return r;
}

/* Makes a set of those CPUs, all of which are online. */
static int add_set(struct reader *reader, enum level level, const struct cpuset *cpus, int32_t id)
{
	int r = ARRAY_RESERVE(reader->sets, reader->n_sets + 1, reader->cap_sets);

	if (r < 0)
		return r;
	cpuset_foreach (cpu, cpus)
		reader->places[cpu].sets[level] = (int32_t)reader->n_sets;
	reader->sets[reader->n_sets++] = (struct set){
		.first = (uint32_t)cpuset_next(cpus, 0),
		.count = (uint32_t)cpuset_count(cpus),
		.id = id,
	};
	return 0;
}

/* Reads what `cpu` shares with which CPUs. */
typedef int (*read_level_fn)(struct reader *reader, uint32_t cpu, struct cpuset *cpus);

/*
 * Divides `cpus` into the sets of one level. Where nothing is to be read of a CPU, or something
 * that leaves the CPU itself out, it stays without; `gives_up` says that the first one speaks for
 * all.
 */
static int collect_level(struct reader *reader, enum level level, const struct cpuset *cpus,
			 read_level_fn read, bool gives_up)
{
	_cleanup_(cpuset_done) struct cpuset left = {0}, shared = {0};
	int r = cpuset_copy(&left, cpus);
	int64_t cpu = cpuset_next(&left, 0);

	while (r == 0 && cpu >= 0) {
		r = read(reader, (uint32_t)cpu, &shared);
		if (sysfs_fatal(r) || (r < 0 && gives_up))
			break;
		if (r == 0 && cpuset_has(&shared, (uint32_t)cpu)) {
			cpuset_and(&shared, &left);
			r = add_set(reader, level, &shared, -1);
			cpuset_and_not(&left, &shared);
		} else {
			r = 0;
			cpuset_del(&left, (uint32_t)cpu);
		}
		gives_up = false;
		cpu = cpuset_next(&left, (uint32_t)cpu);
	}
	return sysfs_fatal(r) ? r : 0;
}

static int read_topology_set(struct reader *reader, uint32_t cpu, const struct set_files *files,
			     struct cpuset *cpus)
{
	char dir[sizeof(CPU_DIR "cpu4294967295/topology")];

	snprintf(dir, sizeof(dir), CPU_DIR "cpu%u/topology", cpu);
	return read_set(&reader->sysfs, dir, files, cpus);
}

static int read_core(struct reader *reader, uint32_t cpu, struct cpuset *cpus)
{
	return read_topology_set(reader, cpu, &core_files, cpus);
}

static int read_package(struct reader *reader, uint32_t cpu, struct cpuset *cpus)
{
	return read_topology_set(reader, cpu, &package_files, cpus);
}

static int read_die(struct reader *reader, uint32_t cpu, struct cpuset *cpus)
{
	return read_topology_set(reader, cpu, &die_files, cpus);
}

static int read_cache_level(struct reader *reader, uint32_t cpu, int index, uint64_t *ret_level)
{
	return sysfs_number(&reader->sysfs, ret_level, CPU_DIR "cpu%u/cache/index%d/level", cpu,
			    index);
}

/* 1 where it holds data, 0 where it holds nothing else than instructions, or -errno. */
static int holds_data(struct reader *reader, uint32_t cpu, int index)
{
	int r = sysfs_read(&reader->sysfs, CPU_DIR "cpu%u/cache/index%d/type", cpu, index);

	if (r < 0)
		return sysfs_fatal(r) ? r : 1;
	return strcmp(reader->sysfs.text.data, "Instruction") != 0;
}

/* The kernel lists caches by level, so the index behind the last level's is free. */
static int is_like_the_last(struct reader *reader, uint32_t cpu)
{
	uint64_t level;
	int r = -ENOENT;

	if (reader->cache_index < 0)
		return 0;
	r = read_cache_level(reader, cpu, reader->cache_index, &level);
	if (r < 0 || level != reader->cache_level)
		return sysfs_fatal(r) ? r : 0;
	r = read_cache_level(reader, cpu, reader->cache_index + 1, &level);
	return sysfs_fatal(r) ? r : r == -ENOENT;
}

/* The index of the highest level that is not the first: L1 is no last-level cache. */
static int find_last_cache(struct reader *reader, uint32_t cpu)
{
	uint64_t level, highest = 1;
	int found = -ENOENT;

	for (int index = 0; index < MAX_CACHES; index++) {
		int r = read_cache_level(reader, cpu, index, &level);

		if (r == 0 && level > highest)
			r = holds_data(reader, cpu, index);
		else if (r == 0)
			continue;
		if (sysfs_fatal(r))
			return r;
		if (r > 0) {
			found = index;
			highest = level;
		}
	}
	reader->cache_index = found >= 0 ? found : -1;
	reader->cache_level = highest;
	return found;
}

static int read_llc(struct reader *reader, uint32_t cpu, struct cpuset *cpus)
{
	char dir[sizeof(CPU_DIR "cpu4294967295/cache/index-2147483648")];
	int index, r = is_like_the_last(reader, cpu);
	uint32_t mode;

	if (r < 0)
		return r;
	index = reader->cache_index;
	snprintf(dir, sizeof(dir), CPU_DIR "cpu%u/cache", cpu);
	if (r == 0) {
		r = source_mode(reader->sysfs.source, dir, &mode);
		index = r < 0 ? r : find_last_cache(reader, cpu);
	}
	if (index < 0)
		return index;
	snprintf(dir, sizeof(dir), CPU_DIR "cpu%u/cache/index%d", cpu, index);
	return read_set(&reader->sysfs, dir, &cache_files, cpus);
}

/*
 * The numbers in the names of a directory, "cpu12" or "node3", where the file that lists them is
 * missing.
 */
static int list_numbers(struct source *source, const char *dir, const char *prefix,
			struct cpuset *numbers)
{
	_cleanup_(strv_done) struct strv names = {0};
	int r = source_list(source, dir, &names);

	for (size_t i = 0; r == 0 && i < names.n; i++) {
		uint64_t number;

		if (text_has_prefix(names.items[i], prefix) &&
		    number_parse(names.items[i] + strlen(prefix), CPUSET_MAX - 1, &number) == 0)
			r = cpuset_add(numbers, (uint32_t)number);
	}
	return r;
}

/* A recording may lack the file "online" of all CPUs, or have one for each. */
static int list_online(struct reader *reader)
{
	_cleanup_(cpuset_done) struct cpuset all = {0};
	int r = list_numbers(reader->sysfs.source, CPU_DIR, "cpu", &all);

	cpuset_foreach (cpu, &all) {
		uint64_t online;

		if (r == 0 && (sysfs_number(&reader->sysfs, &online, CPU_DIR "cpu%u/online",
					    (unsigned int)cpu) < 0 ||
			       online))
			r = cpuset_add(&reader->online, (uint32_t)cpu);
	}
	return r;
}

static int read_online(struct reader *reader)
{
	int r = sysfs_read(&reader->sysfs, CPU_DIR "online");

	if (r == 0)
		r = cpulist_parse(reader->sysfs.text.data, reader->sysfs.text.len, &reader->online);
	if (r < 0 && !sysfs_fatal(r))
		r = list_online(reader);
	if (r < 0)
		return sysfs_fatal(r) ? r : -ENODATA;
	if (cpuset_next(&reader->online, 0) < 0)
		return -ENODATA;
	reader->n_places = 64 * reader->online.n_words;
	reader->places = malloc(reader->n_places * sizeof(*reader->places));
	if (!reader->places)
		return -ENOMEM;
	memset(reader->places, 0xff, reader->n_places * sizeof(*reader->places)); /* all -1 */
	return 0;
}

static int find_known(struct reader *reader)
{
	int r = 0;

	cpuset_foreach (cpu, &reader->online) {
		const int32_t *sets = reader->places[cpu].sets;

		if (r == 0 && (sets[CORE] >= 0 || sets[PACKAGE] >= 0))
			r = cpuset_add(&reader->known, (uint32_t)cpu);
	}
	if (r == 0 && cpuset_next(&reader->known, 0) < 0)
		return -ENODATA;
	return r;
}

static int list_nodes(struct reader *reader)
{
	struct nodes *nodes = &reader->nodes;
	_cleanup_(cpuset_done) struct cpuset listed = {0};
	int r = sysfs_read(&reader->sysfs, NODE_DIR "online");

	if (r == 0)
		r = cpulist_parse(reader->sysfs.text.data, reader->sysfs.text.len, &listed);
	else if (!sysfs_fatal(r))
		r = list_numbers(reader->sysfs.source, NODE_DIR, "node", &listed);
	if (r < 0)
		return sysfs_fatal(r) ? r : 0;
	cpuset_foreach (node, &listed) {
		if (nodes->n < MAX_NODES)
			nodes->ids[nodes->n++] = (int32_t)node;
	}
	return 0;
}

/* A node without CPUs is memory only, and no set. 0 or -errno. */
static int read_node(struct reader *reader, int32_t node, struct cpuset *left)
{
	char dir[sizeof(NODE_DIR "node-2147483648")];
	_cleanup_(cpuset_done) struct cpuset cpus = {0};
	int r;

	snprintf(dir, sizeof(dir), NODE_DIR "node%d", node);
	r = read_set(&reader->sysfs, dir, &node_files, &cpus);
	if (r < 0)
		return sysfs_fatal(r) ? r : 0;
	cpuset_and(&cpus, left);
	if (cpuset_next(&cpus, 0) < 0)
		return 0;
	cpuset_and_not(left, &cpus);
	return add_set(reader, NODE, &cpus, node);
}

/* Without NUMA the kernel has no such directory: all memory is in node 0. */
static int read_nodes(struct reader *reader)
{
	const struct nodes *nodes = &reader->nodes;
	_cleanup_(cpuset_done) struct cpuset left = {0};
	int r = cpuset_copy(&left, &reader->online);

	if (r == 0 && !nodes->n)
		return add_set(reader, NODE, &left, 0);
	for (size_t i = 0; r == 0 && i < nodes->n; i++)
		r = read_node(reader, nodes->ids[i], &left);
	return r;
}

/* "10 21 21": one for each node that is online. */
static int parse_distances(const char *text, size_t n, uint32_t *row)
{
	const char *p = text, *end = text + strlen(text);

	for (size_t i = 0; i < n; i++) {
		uint64_t value;

		while (p < end && is_blank(*p))
			p++;
		if (number_read(&p, end, UINT32_MAX, &value) < 0)
			return -EINVAL;
		row[i] = (uint32_t)value;
	}
	return 0;
}

/* All rows, or nothing where one of them is missing or makes no sense. */
static int read_distances(struct reader *reader, struct topology *ret)
{
	const struct nodes *nodes = &reader->nodes;
	size_t n = nodes->n;
	_cleanup_free_ uint32_t *distances = calloc(n * n + 1, sizeof(*distances));
	_cleanup_free_ int32_t *ids = calloc(n + 1, sizeof(*ids));
	int r = 0;

	if (!distances || !ids)
		return -ENOMEM;
	if (n < 2)
		return 0;
	for (size_t i = 0; r == 0 && i < n; i++) {
		ids[i] = nodes->ids[i];
		r = sysfs_read(&reader->sysfs, NODE_DIR "node%d/distance", ids[i]);
		if (r == 0)
			r = parse_distances(buf_text(&reader->sysfs.text), n, distances + i * n);
	}
	if (r < 0)
		return sysfs_fatal(r) ? r : 0;
	ret->nodes = take_ptr(ids);
	ret->distances = take_ptr(distances);
	ret->n_nodes = n;
	return 0;
}

/* A CPU and the first CPUs of the sets that it is in, from the largest to itself. */
struct path {
	uint32_t cpu;
	uint32_t firsts[N_LEVELS];
};

static struct path find_path(const struct reader *reader, uint32_t cpu)
{
	const struct set *chain[N_LEVELS];
	struct path path = {.cpu = cpu};
	size_t n = 0;

	for (int level = 0; level < N_LEVELS; level++) {
		int32_t index = reader->places[cpu].sets[level];
		size_t at = n;

		if (index < 0)
			continue;
		for (; at > 0 && chain[at - 1]->count < reader->sets[index].count; at--)
			chain[at] = chain[at - 1];
		chain[at] = &reader->sets[index];
		n++;
	}
	for (size_t i = 0; i < N_LEVELS; i++)
		path.firsts[i] = i < n ? chain[i]->first : cpu;
	return path;
}

static int compare_paths(const void *a, const void *b)
{
	const struct path *left = a, *right = b;

	for (size_t i = 0; i < N_LEVELS; i++) {
		if (left->firsts[i] != right->firsts[i])
			return left->firsts[i] < right->firsts[i] ? -1 : 1;
	}
	return (left->cpu > right->cpu) - (left->cpu < right->cpu);
}

/* Counts the sets of each kind from left to right. */
static int number_sets(struct reader *reader)
{
	size_t n = cpuset_count(&reader->known), i = 0;
	_cleanup_free_ struct path *paths = calloc(n, sizeof(*paths));
	int32_t next[N_LEVELS] = {0};

	if (!paths)
		return -ENOMEM;
	cpuset_foreach (cpu, &reader->known)
		paths[i++] = find_path(reader, (uint32_t)cpu);
	qsort(paths, n, sizeof(*paths), compare_paths);
	for (i = 0; i < n; i++) {
		for (int level = 0; level < N_LEVELS; level++) {
			int32_t index = reader->places[paths[i].cpu].sets[level];

			if (index >= 0 && reader->sets[index].id < 0)
				reader->sets[index].id = next[level]++;
		}
	}
	return 0;
}

static int32_t set_id(const struct reader *reader, uint32_t cpu, enum level level)
{
	int32_t index = reader->places[cpu].sets[level];

	return index < 0 ? -1 : reader->sets[index].id;
}

static int fill_cpus(const struct reader *reader, struct topology *ret)
{
	ret->cpus = calloc(cpuset_count(&reader->known), sizeof(*ret->cpus));
	if (!ret->cpus)
		return -ENOMEM;
	cpuset_foreach (cpu, &reader->known)
		ret->cpus[ret->n_cpus++] = (struct topology_cpu){
			.cpu = (uint32_t)cpu,
			.core = set_id(reader, (uint32_t)cpu, CORE),
			.llc = set_id(reader, (uint32_t)cpu, LLC),
			.node = set_id(reader, (uint32_t)cpu, NODE),
			.package = set_id(reader, (uint32_t)cpu, PACKAGE),
		};
	return 0;
}

static int read_sets(struct reader *reader)
{
	int r = collect_level(reader, CORE, &reader->online, read_core, false);

	if (r == 0)
		r = collect_level(reader, PACKAGE, &reader->online, read_package, false);
	if (r == 0)
		r = find_known(reader);
	if (r == 0)
		r = collect_level(reader, DIE, &reader->known, read_die, true);
	if (r == 0)
		r = collect_level(reader, LLC, &reader->known, read_llc, false);
	return r;
}

static int read_all(struct reader *reader, struct topology *ret)
{
	int r = read_online(reader);

	if (r == 0)
		r = read_sets(reader);
	if (r == 0)
		r = list_nodes(reader);
	if (r == 0)
		r = read_nodes(reader);
	if (r == 0)
		r = number_sets(reader);
	if (r == 0)
		r = fill_cpus(reader, ret);
	if (r == 0)
		r = topology_read_capacity(&reader->sysfs, ret);
	return r < 0 ? r : read_distances(reader, ret);
}

int topology_read(struct source *source, struct topology *ret)
{
	struct reader reader = {.sysfs = {.source = source}, .cache_index = -1};
	struct topology topology = {0};
	int r = read_all(&reader, &topology);

	if (r == 0)
		*ret = topology;
	else
		topology_done(&topology);
	sysfs_done(&reader.sysfs);
	cpuset_done(&reader.online);
	cpuset_done(&reader.known);
	free(reader.places);
	free(reader.sets);
	return r;
}
