/* SPDX-License-Identifier: BSD-2-Clause */
#include "plan/places.h"

#include <errno.h>
#include <stdlib.h>

#include "base/macros.h"

/* Keys from here on are no ids of the topology. */
#define OTHER_KEY (INT64_C(1) << 32)

#define CORES_PER_APART 4u

struct keyed {
	int64_t key;
	uint32_t at; /* position in places.items */
};

static int compare_keyed(const void *a, const void *b)
{
	const struct keyed *left = a, *right = b;

	if (left->key != right->key)
		return left->key < right->key ? -1 : 1;
	return (left->at > right->at) - (left->at < right->at);
}

static void sort_keyed(struct keyed *keyed, size_t n)
{
	qsort(keyed, n, sizeof(*keyed), compare_keyed);
}

static int list_cpus(struct places *places, const struct topology *topology,
		     const struct cpuset *allowed)
{
	_cleanup_(cpuset_done) struct cpuset all = {0};
	int r = cpuset_copy(&all, allowed);

	for (size_t i = 0; i < topology->n_cpus && r == 0; i++) {
		if (topology->cpus[i].cpu < CPUSET_MAX)
			r = cpuset_add(&all, topology->cpus[i].cpu);
	}
	if (r < 0)
		return r;
	places->items = calloc(cpuset_count(&all) + 1, sizeof(*places->items));
	if (!places->items)
		return -ENOMEM;
	cpuset_foreach (cpu, &all) {
		const struct topology_cpu *known = topology_cpu(topology, (uint32_t)cpu);

		places->items[places->n++] = (struct place){
			.cpu = (uint32_t)cpu,
			.core_id = known ? known->core : -1,
			.node = known ? known->node : -1,
		};
	}
	return 0;
}

/* Everything that is counted per core, domain or node has at most one entry per CPU. */
static int allocate_groups(struct places *places)
{
	places->usable = calloc(places->n + 1, sizeof(struct place *));
	places->cores = calloc(places->n + 1, sizeof(*places->cores));
	places->domain_queues = calloc(places->n + 1, sizeof(*places->domain_queues));
	places->nodes = calloc(places->n + 1, sizeof(*places->nodes));
	return places->usable && places->cores && places->domain_queues && places->nodes ? 0
											 : -ENOMEM;
}

/* Whether entry i of sorted keys begins a new one. */
static bool is_first(const struct keyed *keyed, size_t i)
{
	return i == 0 || keyed[i].key != keyed[i - 1].key;
}

static void number_cores(struct places *places, struct keyed *keyed)
{
	for (uint32_t i = 0; i < places->n; i++) {
		int32_t core = places->items[i].core_id;

		keyed[i] = (struct keyed){.key = core >= 0 ? core : OTHER_KEY + i, .at = i};
	}
	sort_keyed(keyed, places->n);
	for (size_t i = 0; i < places->n; i++) {
		struct place *place = &places->items[keyed[i].at];

		places->n_cores += is_first(keyed, i);
		place->core = (uint32_t)places->n_cores - 1;
		place->thread = places->cores[place->core].n_threads++;
	}
}

static void number_nodes(struct places *places, struct keyed *keyed)
{
	for (uint32_t i = 0; i < places->n; i++)
		keyed[i] = (struct keyed){.key = places->items[i].node, .at = i};
	sort_keyed(keyed, places->n);
	for (size_t i = 0; i < places->n; i++) {
		struct place *place = &places->items[keyed[i].at];

		if (is_first(keyed, i))
			places->nodes[places->n_nodes++] = place->node;
		place->node_at = (uint32_t)places->n_nodes - 1;
	}
}

/* A cache of a single core is no domain: its CPUs, [first, end), belong to their nodes'. */
static void dissolve_single(const struct places *places, struct keyed *keyed, size_t first,
			    size_t end)
{
	uint32_t core = places->items[keyed[first].at].core;

	for (size_t i = first; i < end; i++) {
		if (places->items[keyed[i].at].core != core)
			return;
	}
	for (size_t i = first; i < end; i++)
		keyed[i].key = OTHER_KEY + places->items[keyed[i].at].node;
}

static void number_domains(struct places *places, const struct topology *topology,
			   struct keyed *keyed)
{
	size_t end;

	for (uint32_t i = 0; i < places->n; i++) {
		const struct topology_cpu *known = topology_cpu(topology, places->items[i].cpu);
		bool has_cache = known && known->llc >= 0;

		keyed[i].at = i;
		keyed[i].key = has_cache ? known->llc : OTHER_KEY + places->items[i].node;
	}
	sort_keyed(keyed, places->n);
	for (size_t first = 0; first < places->n; first = end) {
		end = first + 1;
		while (end < places->n && !is_first(keyed, end))
			end++;
		dissolve_single(places, keyed, first, end);
	}
	sort_keyed(keyed, places->n);
	for (size_t i = 0; i < places->n; i++) {
		struct place *place = &places->items[keyed[i].at];

		places->n_domains += is_first(keyed, i);
		place->domain = (uint32_t)places->n_domains - 1;
		places->cores[place->core].domain = place->domain;
	}
}

int places_init(struct places *places, const struct topology *topology,
		const struct cpuset *allowed)
{
	_cleanup_free_ struct keyed *keyed = NULL;
	int r;

	*places = (struct places){0};
	r = list_cpus(places, topology, allowed);
	if (r == 0)
		r = allocate_groups(places);
	if (r < 0)
		return r;
	keyed = calloc(places->n + 1, sizeof(*keyed));
	if (!keyed)
		return -ENOMEM;
	number_cores(places, keyed);
	number_nodes(places, keyed);
	number_domains(places, topology, keyed);
	for (size_t i = 0; i < places->n; i++) {
		struct place *place = &places->items[i];

		if (!cpuset_has(allowed, place->cpu))
			continue;
		places->usable[places->n_usable++] = place;
		places->cores[place->core].usable = true;
	}
	return 0;
}

/* Which of the cores stay: the 1st, 5th, 9th ... of a domain's, one for each four that it has. */
static void choose_apart(struct places *places, const uint32_t *n_cores, uint32_t *n_seen)
{
	for (size_t i = 0; i < places->n_cores; i++) {
		struct place_core *core = &places->cores[i];
		uint32_t wanted = n_cores[core->domain] / CORES_PER_APART, nth;

		if (!core->usable)
			continue;
		nth = n_seen[core->domain]++;
		core->usable =
			nth % CORES_PER_APART == 0 && (nth == 0 || nth / CORES_PER_APART < wanted);
	}
}

int places_keep_apart(struct places *places)
{
	_cleanup_free_ uint32_t *n_cores = calloc(places->n_domains + 1, sizeof(*n_cores));
	_cleanup_free_ uint32_t *n_seen = calloc(places->n_domains + 1, sizeof(*n_seen));
	size_t n = 0;

	if (!n_cores || !n_seen)
		return -ENOMEM;
	for (size_t i = 0; i < places->n_cores; i++)
		n_cores[places->cores[i].domain] += places->cores[i].usable;
	choose_apart(places, n_cores, n_seen);
	for (size_t i = 0; i < places->n_usable; i++) {
		if (places->cores[places->usable[i]->core].usable)
			places->usable[n++] = places->usable[i];
	}
	places->n_usable = n;
	return 0;
}

static int compare_cpu(const void *key, const void *item)
{
	uint32_t cpu = *(const uint32_t *)key;
	const struct place *place = item;

	return (cpu > place->cpu) - (cpu < place->cpu);
}

struct place *places_find(const struct places *places, uint32_t cpu)
{
	return bsearch(&cpu, places->items, places->n, sizeof(*places->items), compare_cpu);
}

void places_bind(struct places *places, struct place *place)
{
	place->queues++;
	places->cores[place->core].queues++;
	places->domain_queues[place->domain]++;
}

void places_done(struct places *places)
{
	free(places->items);
	free((void *)places->usable);
	free(places->cores);
	free(places->domain_queues);
	free(places->nodes);
	*places = (struct places){0};
}
