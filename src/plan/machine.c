/* SPDX-License-Identifier: BSD-2-Clause */
#include "plan/machine.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/macros.h"

#define STEP_S (1.0 / SIM_STEPS_A_SECOND)

/* A number of 0..1 from splitmix64 (Steele, Lea and Flood: Fast Splittable Pseudorandom Number
 * Generators, 2014): the same on every machine, which random() is not. */
static double next_random(struct sim *sim)
{
	uint64_t bits = sim->random += UINT64_C(0x9e3779b97f4a7c15);

	bits = (bits ^ bits >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	bits = (bits ^ bits >> 27) * UINT64_C(0x94d049bb133111eb);
	bits ^= bits >> 31;
	return (double)(bits >> 11) * 0x1p-53;
}

static int build_topology(struct sim *sim)
{
	const struct scenario *scenario = sim->scenario;
	struct topology *topology = &sim->topology;
	uint32_t n_nodes = scenario->n_nodes, per_node = scenario->n_cpus / n_nodes;

	topology->cpus = calloc(scenario->n_cpus + 1, sizeof(*topology->cpus));
	topology->nodes = calloc(n_nodes + 1, sizeof(*topology->nodes));
	topology->distances = calloc((size_t)n_nodes * n_nodes, sizeof(*topology->distances));
	if (!topology->cpus || !topology->nodes || !topology->distances)
		return -ENOMEM;
	topology->n_cpus = scenario->n_cpus;
	topology->n_nodes = n_nodes;
	for (uint32_t cpu = 0; cpu < scenario->n_cpus; cpu++) {
		int32_t node = (int32_t)(cpu / per_node);

		topology->cpus[cpu] = (struct topology_cpu){
			.cpu = cpu,
			.core = (int32_t)(cpu / scenario->threads),
			.llc = node,
			.package = node,
			.node = node,
		};
	}
	for (uint32_t i = 0; i < n_nodes * n_nodes; i++) {
		bool is_same = i / n_nodes == i % n_nodes;

		topology->nodes[i / n_nodes] = (int32_t)(i / n_nodes);
		topology->distances[i] = is_same ? TOPOLOGY_LOCAL : TOPOLOGY_REMOTE;
	}
	return 0;
}

/* What makes a device of interrupts, and where they are. */
struct device_key {
	const struct scenario_irq *spec;
	size_t irq;
};

static int compare_device(const struct scenario_irq *a, const struct scenario_irq *b)
{
	if (a->device != b->device)
		return a->device < b->device ? -1 : 1;
	if (a->node != b->node)
		return a->node < b->node ? -1 : 1;
	return (a->pci_class > b->pci_class) - (a->pci_class < b->pci_class);
}

static int compare_keys(const void *a, const void *b)
{
	const struct device_key *left = a, *right = b;
	int order = compare_device(left->spec, right->spec);

	return order ? order : (left->irq > right->irq) - (left->irq < right->irq);
}

/* Numbers the devices by their first interrupts. */
static int find_devices(struct sim *sim)
{
	_cleanup_free_ struct device_key *keys = calloc(sim->n_irqs + 1, sizeof(*keys));
	_cleanup_free_ size_t *first = calloc(sim->n_irqs + 1, sizeof(*first));
	uint32_t n_devices = 0;

	if (!keys || !first)
		return -ENOMEM;
	for (size_t i = 0; i < sim->n_irqs; i++)
		keys[i] = (struct device_key){.spec = &sim->scenario->irqs[i], .irq = i};
	qsort(keys, sim->n_irqs, sizeof(*keys), compare_keys);
	for (size_t i = 0; i < sim->n_irqs; i++) {
		bool is_new = i == 0 || compare_device(keys[i - 1].spec, keys[i].spec) != 0;

		first[keys[i].irq] = is_new ? keys[i].irq : first[keys[i - 1].irq];
	}
	for (size_t i = 0; i < sim->n_irqs; i++) {
		struct sim_irq *irq = &sim->irqs[i];

		irq->device = first[i] == i ? n_devices++ : sim->irqs[first[i]].device;
	}
	return 0;
}

static int build_irqs(struct sim *sim)
{
	const struct scenario *scenario = sim->scenario;
	int r;

	sim->irqs = calloc(scenario->n_irqs + 1, sizeof(*sim->irqs));
	if (!sim->irqs)
		return -ENOMEM;
	sim->n_irqs = scenario->n_irqs;
	r = find_devices(sim);
	for (size_t i = 0; i < sim->n_irqs && r == 0; i++) {
		const struct scenario_irq *spec = &scenario->irqs[i];
		struct sim_irq *irq = &sim->irqs[i];

		irq->number = SIM_FIRST_IRQ + (int32_t)i;
		irq->node = spec->node;
		irq->pci_class = spec->pci_class;
		irq->rate = spec->rate;
		irq->cost_us = spec->cost_us;
		irq->name = arena_printf(&sim->strings, "eth%" PRIu32 "-TxRx-%zu", irq->device, i);
		if (!irq->name)
			r = -ENOMEM;
	}
	return r;
}

static bool is_allowed(const struct sim_irq *irq, uint32_t cpu)
{
	return !irq->requested.n_words || cpuset_has(&irq->requested, cpu);
}

/* The lowest of the CPUs that serve the fewest interrupts, among those that are allowed. */
static uint32_t least_used(const struct sim *sim, const struct sim_irq *irq)
{
	uint32_t best = UINT32_MAX;

	for (uint32_t cpu = 0; cpu < sim->scenario->n_cpus; cpu++) {
		if (is_allowed(irq, cpu) &&
		    (best == UINT32_MAX || sim->held[cpu] < sim->held[best]))
			best = cpu;
	}
	return best;
}

static int compare_descending(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left < right) - (left > right);
}

/*
 * The mean; the largest; and for each k the k + 1 smallest of the k * n + 1 largest interrupts,
 * since one of n CPUs must serve k + 1 of these. sums[i] is that of the i largest.
 */
static double bound_of(const double *sums, size_t n_loads, size_t n_cpus)
{
	double bound = sums[n_loads] / (double)n_cpus;

	for (size_t k = 0; k * n_cpus < n_loads; k++) {
		double least = sums[k * n_cpus + 1] - sums[k * n_cpus - k];

		bound = least > bound ? least : bound;
	}
	return bound;
}

static int find_bound(struct sim *sim)
{
	_cleanup_free_ double *loads = calloc(sim->n_irqs + 1, sizeof(*loads));
	_cleanup_free_ double *sums = calloc(sim->n_irqs + 1, sizeof(*sums));

	if (!loads || !sums)
		return -ENOMEM;
	for (size_t i = 0; i < sim->n_irqs; i++)
		loads[i] = sim->irqs[i].rate * sim->irqs[i].cost_us / 1e6;
	qsort(loads, sim->n_irqs, sizeof(*loads), compare_descending);
	for (size_t i = 0; i < sim->n_irqs; i++)
		sums[i + 1] = sums[i] + loads[i];
	sim->bound = bound_of(sums, sim->n_irqs, sim->scenario->n_cpus);
	return 0;
}

int sim_init(struct sim *sim, const struct scenario *scenario)
{
	size_t n = scenario->n_cpus;
	int r;

	*sim = (struct sim){.scenario = scenario, .random = scenario->seed};
	sim->ticks = calloc(n + 1, sizeof(*sim->ticks));
	sim->load = calloc(n + 1, sizeof(*sim->load));
	sim->held = calloc(n + 1, sizeof(*sim->held));
	if (!sim->ticks || !sim->load || !sim->held)
		return -ENOMEM;
	r = build_topology(sim);
	if (r == 0)
		r = build_irqs(sim);
	for (size_t i = 0; i < sim->n_irqs && r == 0; i++) {
		struct sim_irq *irq = &sim->irqs[i];
		uint32_t home = scenario->irqs[i].home;

		irq->cpu = home ? home - 1 : least_used(sim, irq);
		sim->held[irq->cpu]++;
	}
	if (r == 0)
		r = find_bound(sim);
	return r < 0 ? r : sim_look(sim);
}

void sim_done(struct sim *sim)
{
	for (size_t i = 0; i < sim->n_irqs; i++) {
		cpuset_done(&sim->irqs[i].requested);
		cpuset_done(&sim->irqs[i].written);
	}
	free(sim->irqs);
	free(sim->ticks);
	free(sim->load);
	free(sim->held);
	free(sim->sample.cpus);
	free(sim->sample.counts);
	topology_done(&sim->topology);
	arena_done(&sim->strings);
	*sim = (struct sim){0};
}

int sim_set_affinity(struct sim *sim, size_t irq, const struct cpuset *cpus)
{
	int64_t first = cpuset_next(cpus, 0);
	struct sim_irq *item;
	int r;

	if (irq >= sim->n_irqs || first >= sim->scenario->n_cpus)
		return -EINVAL;
	item = &sim->irqs[irq];
	cpuset_done(&item->written);
	r = first < 0 ? 0 : cpuset_copy(&item->written, cpus);
	if (r < 0)
		return r;
	sim->n_written += !item->is_written;
	item->is_written = true;
	return 0;
}

/* CPUs that the machine doesn't have make no difference, and an empty set is all that it has. */
static bool is_same_set(const struct sim *sim, const struct cpuset *a, const struct cpuset *b)
{
	for (uint32_t cpu = 0; cpu < sim->scenario->n_cpus; cpu++) {
		if ((!a->n_words || cpuset_has(a, cpu)) != (!b->n_words || cpuset_has(b, cpu)))
			return false;
	}
	return true;
}

static void move_to_allowed(struct sim *sim, struct sim_irq *irq)
{
	if (is_allowed(irq, irq->cpu))
		return;
	sim->held[irq->cpu]--;
	irq->cpu = least_used(sim, irq);
	sim->held[irq->cpu]++;
}

/* Returns how many affinities changed. */
static size_t follow_writes(struct sim *sim)
{
	size_t n_changed = 0;

	for (size_t i = 0; i < sim->n_irqs && sim->n_written; i++) {
		struct sim_irq *irq = &sim->irqs[i];
		struct cpuset before = irq->requested;

		if (!irq->is_written)
			continue;
		irq->is_written = false;
		sim->n_written--;
		if (is_same_set(sim, &before, &irq->written))
			continue;
		n_changed++;
		irq->requested = irq->written;
		irq->written = before;
		move_to_allowed(sim, irq);
	}
	return n_changed;
}

static void serve(struct sim *sim, struct sim_irq *irq)
{
	double noise = sim->scenario->noise;
	double rate = irq->rate, load;

	if (noise > 0)
		rate *= 1 + noise * (2 * next_random(sim) - 1);
	irq->part += rate * STEP_S;
	irq->count += (uint64_t)irq->part;
	irq->part -= (double)(uint64_t)irq->part;
	load = rate * irq->cost_us / 1e6;
	sim->load[irq->cpu] += load;
	if (irq->node >= 0 && irq->node != sim->topology.cpus[irq->cpu].node)
		sim->remote += load;
}

size_t sim_step(struct sim *sim)
{
	size_t n_changed = follow_writes(sim), n_cpus = sim->scenario->n_cpus;

	memset(sim->load, 0, n_cpus * sizeof(*sim->load));
	sim->remote = 0;
	for (size_t i = 0; i < sim->n_irqs; i++)
		serve(sim, &sim->irqs[i]);
	for (size_t cpu = 0; cpu < n_cpus; cpu++) {
		double busy = sim->load[cpu] < 1 ? sim->load[cpu] : 1;

		sim->ticks[cpu] += busy * STEP_S * PROC_STAT_HZ;
	}
	sim->steps++;
	return n_changed;
}

int sim_phase(struct sim *sim, const struct scenario_phase *phase)
{
	for (size_t i = 0; i < sim->n_irqs; i++)
		sim->irqs[i].rate = (double)phase->rates[i];
	return find_bound(sim);
}

static int force_all(struct sim *sim, uint32_t cpu)
{
	_cleanup_(cpuset_done) struct cpuset only = {0};
	int r = cpuset_add(&only, cpu);

	for (size_t i = 0; i < sim->n_irqs && r == 0; i++)
		r = sim_set_affinity(sim, i, &only);
	return r;
}

static void swap_loads(struct sim *sim, const struct scenario_event *event)
{
	for (size_t i = 0; i < event->n_swapped; i++) {
		struct sim_irq *a = &sim->irqs[event->a + i];
		struct sim_irq *b = &sim->irqs[event->b + i];
		double rate = a->rate, cost_us = a->cost_us;

		a->rate = b->rate;
		a->cost_us = b->cost_us;
		b->rate = rate;
		b->cost_us = cost_us;
	}
}

int sim_event(struct sim *sim, const struct scenario_event *event)
{
	switch (event->action) {
	case SCENARIO_FORCE:
		return force_all(sim, event->cpu);
	case SCENARIO_SWAP:
		swap_loads(sim, event);
		break;
	case SCENARIO_RESET:
		sim->irqs[event->irq].count = 0;
		break;
	case SCENARIO_RELOAD:
	case SCENARIO_SIGNAL:
		break;
	}
	return 0;
}

/* Interrupt time is counted as softirq time, where network and disk drivers do their work. */
int sim_look(struct sim *sim)
{
	struct sample *sample = &sim->sample;
	size_t n_cpus = sim->scenario->n_cpus, n_counts = sim->n_irqs + SIM_FIRST_IRQ;
	uint64_t passed = sim->steps * PROC_STAT_HZ / SIM_STEPS_A_SECOND;

	if (ARRAY_RESERVE(sample->cpus, n_cpus, sample->cap_cpus) < 0 ||
	    ARRAY_RESERVE(sample->counts, n_counts, sample->cap_counts) < 0)
		return -ENOMEM;
	sample->mono_ns = sim->steps * (UINT64_C(1000000000) / SIM_STEPS_A_SECOND);
	sample->n_cpus = n_cpus;
	sample->n_counts = n_counts;
	for (uint32_t cpu = 0; cpu < n_cpus; cpu++) {
		uint64_t busy = (uint64_t)sim->ticks[cpu];

		sample->cpus[cpu] = (struct cpu_time){
			.cpu = cpu,
			.softirq_ticks = busy,
			.idle_ticks = busy < passed ? passed - busy : 0,
			.total_ticks = passed,
		};
	}
	memset(sample->counts, 0, SIM_FIRST_IRQ * sizeof(*sample->counts));
	for (size_t i = 0; i < sim->n_irqs; i++)
		sample->counts[SIM_FIRST_IRQ + i] = sim->irqs[i].count & UINT32_MAX;
	return 0;
}

struct sim_load sim_load(const struct sim *sim)
{
	size_t n = sim->scenario->n_cpus;
	struct sim_load load = {0};
	double sum = 0;

	for (size_t cpu = 0; cpu < n; cpu++) {
		sum += sim->load[cpu];
		if (sim->load[cpu] > load.max)
			load.max = sim->load[cpu];
	}
	load.mean = sum / (double)n;
	load.remote = sum > 0 ? sim->remote / sum : 0;
	return load;
}
