/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Documentation/ABI/stable/sysfs-devices-system-cpu, sysfs-devices-node,
 * Documentation/ABI/testing/sysfs-bus-pci.
 */
#include "sysfs.h"

#include <errno.h>
#include <stdlib.h>

#include "files.h"

#define CPUS  "sys/devices/system/cpu"
#define NODES "sys/devices/system/node"
#define PCI   "sys/bus/pci/devices"

/* As on today's x86: two first caches and the second one of a core, the third one of a package. */
static const struct cache {
	const char *level, *type;
	bool is_shared;
} caches[] = {
	{"1", "Data", false},
	{"1", "Instruction", false},
	{"2", "Unified", false},
	{"3", "Unified", true},
};

static int build_lists(int root, const struct scenario *scenario)
{
	_cleanup_(cpuset_done) struct cpuset all = {0};
	int r = files_range(&all, 0, scenario->n_cpus);

	if (r == 0)
		r = files_write_set(root, CPUS, (struct files_set){.list = "online"}, &all, 0);
	if (r == 0)
		r = files_write_set(root, CPUS, (struct files_set){.list = "possible"}, &all, 0);
	if (r == 0)
		r = files_write_set(root, CPUS, (struct files_set){.list = "present"}, &all, 0);
	if (r == 0)
		r = files_write(root, CPUS "/isolated", "\n");
	if (r == 0)
		r = files_write(root, CPUS "/nohz_full", "(null)\n");
	return r;
}

static int build_caches(int root, const char *dir, const struct cpuset *core,
			const struct cpuset *package, uint32_t n_cpus)
{
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(caches) && r == 0; i++) {
		const struct cache *cache = &caches[i];
		_cleanup_(buf_done) struct buf path = {0};
		size_t len;

		r = buf_printf(&path, "%s/cache/index%zu", dir, i);
		if (r == 0)
			r = files_write_set(root, path.data,
					    (struct files_set){"shared_cpu_map", "shared_cpu_list"},
					    cache->is_shared ? package : core, n_cpus);
		len = path.len;
		if (r == 0)
			r = buf_puts(&path, "/level");
		if (r == 0)
			r = files_printf(root, path.data, "%s\n", cache->level);
		buf_cut(&path, len);
		if (r == 0)
			r = buf_puts(&path, "/type");
		if (r == 0)
			r = files_printf(root, path.data, "%s\n", cache->type);
	}
	return r;
}

/* core_siblings and thread_siblings are the old names of the other two. */
static int build_sets(int root, const char *dir, const struct cpuset *core,
		      const struct cpuset *package, uint32_t n_cpus)
{
	static const struct files_set names[] = {
		{"core_cpus", "core_cpus_list"},
		{"thread_siblings", "thread_siblings_list"},
		{"package_cpus", "package_cpus_list"},
		{"core_siblings", "core_siblings_list"},
	};
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(names) && r == 0; i++)
		r = files_write_set(root, dir, names[i], i < 2 ? core : package, n_cpus);
	return r;
}

static int put_number(int root, const char *dir, const char *name, int64_t value)
{
	_cleanup_(buf_done) struct buf path = {0};
	int r = buf_printf(&path, "%s/%s", dir, name);

	return r < 0 ? r : files_printf(root, path.data, "%" PRId64 "\n", value);
}

static int build_cpu(int root, const struct sim *sim, uint32_t cpu)
{
	const struct scenario *scenario = sim->scenario;
	const struct topology_cpu *place = &sim->topology.cpus[cpu];
	uint32_t per_node = scenario->n_cpus / scenario->n_nodes, threads = scenario->threads;
	_cleanup_(buf_done) struct buf dir = {0}, topology = {0};
	_cleanup_(cpuset_done) struct cpuset core = {0}, package = {0};
	int r = buf_printf(&dir, CPUS "/cpu%" PRIu32, cpu);

	if (r == 0)
		r = buf_printf(&topology, "%s/topology", dir.data);
	if (r == 0)
		r = files_range(&core, cpu / threads * threads, threads);
	if (r == 0)
		r = files_range(&package, (uint32_t)place->node * per_node, per_node);
	if (r == 0)
		r = put_number(root, topology.data, "physical_package_id", place->package);
	if (r == 0)
		r = put_number(root, topology.data, "core_id", place->core);
	if (r == 0)
		r = build_sets(root, topology.data, &core, &package, scenario->n_cpus);
	if (r == 0)
		r = build_caches(root, dir.data, &core, &package, scenario->n_cpus);
	if (r == 0)
		r = buf_printf(&dir, "/node%" PRId32, place->node);
	return r < 0 ? r : files_mkdir(root, dir.data);
}

static int build_node(int root, const struct sim *sim, uint32_t node)
{
	const struct scenario *scenario = sim->scenario;
	uint32_t n_nodes = scenario->n_nodes, per_node = scenario->n_cpus / n_nodes;
	_cleanup_(buf_done) struct buf dir = {0}, distance = {0};
	_cleanup_(cpuset_done) struct cpuset cpus = {0};
	int r = buf_printf(&dir, NODES "/node%" PRIu32, node);

	if (r == 0)
		r = files_range(&cpus, node * per_node, per_node);
	if (r == 0)
		r = files_write_set(root, dir.data, (struct files_set){"cpumap", "cpulist"}, &cpus,
				    scenario->n_cpus);
	for (uint32_t to = 0; to < n_nodes && r == 0; to++)
		r = buf_printf(&distance, "%s%" PRIu32, to ? " " : "",
			       sim->topology.distances[node * n_nodes + to]);
	if (r == 0)
		r = buf_puts(&dir, "/distance");
	return r < 0 ? r : files_printf(root, dir.data, "%s\n", distance.data);
}

static int build_nodes(int root, const struct sim *sim)
{
	_cleanup_(cpuset_done) struct cpuset nodes = {0};
	const uint32_t n = sim->scenario->n_nodes;
	int r = files_range(&nodes, 0, n);

	if (r == 0)
		r = files_write_set(root, NODES, (struct files_set){.list = "online"}, &nodes, 0);
	if (r == 0)
		r = files_write_set(root, NODES, (struct files_set){.list = "possible"}, &nodes, 0);
	for (uint32_t node = 0; node < n && r == 0; node++)
		r = build_node(root, sim, node);
	return r;
}

static int local_cpus(const struct sim *sim, int32_t node, struct cpuset *ret)
{
	uint32_t n = sim->scenario->n_cpus, per_node = n / sim->scenario->n_nodes;

	return node < 0 ? files_range(ret, 0, n)
			: files_range(ret, (uint32_t)node * per_node, per_node);
}

static int build_device(int root, const struct sim *sim, const struct sim_irq *irq, const char *dir)
{
	_cleanup_(cpuset_done) struct cpuset local = {0};
	_cleanup_(buf_done) struct buf path = {0};
	int r = local_cpus(sim, irq->node, &local);

	if (r == 0)
		r = files_write_set(root, dir, (struct files_set){"local_cpus", "local_cpulist"},
				    &local, sim->scenario->n_cpus);
	if (r == 0)
		r = put_number(root, dir, "numa_node", irq->node);
	if (r == 0)
		r = put_number(root, dir, "irq", 0);
	if (r == 0)
		r = buf_printf(&path, "%s/class", dir);
	if (r == 0)
		r = files_printf(root, path.data, "0x%06" PRIx32 "\n", irq->pci_class);
	return r;
}

static int put_id(int root, const char *dir, const char *name, const char *value)
{
	_cleanup_(buf_done) struct buf path = {0};
	int r = buf_printf(&path, "%s/%s", dir, name);

	return r < 0 ? r : files_write(root, path.data, value);
}

static int device_dir(const struct sim_irq *irq, struct buf *out)
{
	return buf_printf(out, PCI "/0000:%02x:%02x.0", irq->device / 32 & 0xff, irq->device % 32);
}

static int put_device(int root, const struct sim *sim, const struct sim_irq *irq)
{
	static const char *const ids[][2] = {{"vendor", "0x8086\n"},
					     {"device", "0x1593\n"},
					     {"subsystem_vendor", "0x8086\n"},
					     {"subsystem_device", "0x0001\n"}};
	_cleanup_(buf_done) struct buf dir = {0};
	int r = device_dir(irq, &dir);

	if (r == 0)
		r = build_device(root, sim, irq, dir.data);
	for (size_t i = 0; i < ARRAY_SIZE(ids) && r == 0; i++)
		r = put_id(root, dir.data, ids[i][0], ids[i][1]);
	return r;
}

static int put_vector(int root, const struct sim *sim, const struct sim_irq *irq)
{
	_cleanup_(buf_done) struct buf path = {0};
	int r = device_dir(irq, &path);

	(void)sim;
	if (r == 0)
		r = buf_printf(&path, "/msi_irqs/%" PRId32, irq->number);
	return r < 0 ? r : files_write(root, path.data, "msix\n");
}

/* Names in the order of sysfs, which is that of fs/kernfs/dir.c, kernfs_name_hash(). */
struct entry {
	uint32_t hash;
	const struct sim_irq *irq;
};

static uint32_t name_hash(const char *name)
{
	uint64_t hash = 0;

	for (const char *c = name; *c; c++)
		hash = (hash + ((uint64_t)*c << 4) + ((uint64_t)*c >> 4)) * 11;
	return (uint32_t)(hash * UINT64_C(0x61c8864680b583eb) >> 32) & 0x7fffffff;
}

static int compare_entries(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;

	return (a->hash < b->hash) - (a->hash > b->hash);
}

/*
 * Makes something of each entry, the last one first: a file system in memory lists what is newest
 * first. Balancers decide by the order in which they find things.
 */
static int put_all(int root, const struct sim *sim, struct entry *entries, size_t n,
		   int (*put)(int root, const struct sim *sim, const struct sim_irq *irq))
{
	int r = 0;

	qsort(entries, n, sizeof(*entries), compare_entries);
	for (size_t i = 0; i < n && r == 0; i++)
		r = put(root, sim, entries[i].irq);
	return r;
}

static int build_devices(int root, const struct sim *sim)
{
	_cleanup_free_ struct entry *devices = calloc(sim->n_irqs + 1, sizeof(*devices));
	_cleanup_free_ struct entry *vectors = calloc(sim->n_irqs + 1, sizeof(*vectors));
	_cleanup_(buf_done) struct buf name = {0};
	size_t n_devices = 0;
	int r = devices && vectors ? 0 : -ENOMEM;

	for (size_t i = 0; i < sim->n_irqs && r == 0; i++) {
		const struct sim_irq *irq = &sim->irqs[i];

		buf_cut(&name, 0);
		r = buf_printf(&name, "%" PRId32, irq->number);
		vectors[i] = (struct entry){name_hash(buf_text(&name)), irq};
		if (r < 0 || irq->device != n_devices)
			continue;
		buf_cut(&name, 0);
		r = device_dir(irq, &name);
		devices[n_devices++] =
			(struct entry){name_hash(buf_text(&name) + sizeof(PCI)), irq};
	}
	if (r == 0)
		r = put_all(root, sim, devices, n_devices, put_device);
	return r < 0 ? r : put_all(root, sim, vectors, sim->n_irqs, put_vector);
}

int sysfs_build(int root, const struct sim *sim)
{
	int r = build_lists(root, sim->scenario);

	for (uint32_t cpu = 0; cpu < sim->scenario->n_cpus && r == 0; cpu++)
		r = build_cpu(root, sim, cpu);
	if (r == 0)
		r = build_nodes(root, sim);
	return r < 0 ? r : build_devices(root, sim);
}
