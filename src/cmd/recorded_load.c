/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machine of a scenario is regular, and a real one nearly so: CPUs are ordered by node and
 * core, and where nodes or cores are not of one size, there is one node or one thread.
 *
 * Costs are what the balancer's own engine learned at the end of the recording. Interrupts that
 * cannot be moved, or that never came, are left out.
 */
#include "cmd/recorded_load.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/i18n.h"
#include "base/macros.h"
#include "cmd/changes.h"
#include "cmd/verbs.h"
#include "config/config.h"
#include "daemon/fleet.h"

#define NS_PER_S      1000000000u
#define PHASE_NS      NS_PER_S                  /* rates are those of a second, at least */
#define LOOK_NS       (UINT64_C(60) * NS_PER_S) /* how often affinities are looked at */
#define COST_GUESS_US 5.0                       /* of one that nothing was learned of */

/* What is known of an interrupt of the engine. */
struct history {
	uint32_t last;   /* its count when the last phase began */
	uint32_t home;   /* 1 + index of the CPU that served it first, 0: not known */
	uint64_t events; /* in all */
};

struct load {
	const char *path;
	struct machine machine;
	struct config config;
	struct fleet fleet;
	struct sampler sampler;
	struct sample sample;
	uint64_t start_ns, phase_ns, looked_ns;
	struct history *irqs;
	float *rates; /* n_phases rows of the engine's interrupts */
	size_t cap_rates;
	struct scenario_phase *phases;
	size_t n_phases, cap_phases;
};

static uint32_t count_of(const struct load *load, uint32_t irq)
{
	uint32_t number = (uint32_t)load->fleet.engine.irqs[irq].irq;

	return number < load->sample.n_counts ? (uint32_t)load->sample.counts[number] : 0;
}

/* Ends the phase that began last: how often each interrupt came in it. */
static int end_phase(struct load *load)
{
	const struct engine *engine = &load->fleet.engine;
	uint64_t now_ns = load->sample.mono_ns;
	double seconds = (double)(now_ns - load->phase_ns) / NS_PER_S;
	size_t n = engine->n_irqs;
	float *row;

	if (ARRAY_RESERVE(load->phases, load->n_phases + 1, load->cap_phases) < 0 ||
	    ARRAY_RESERVE(load->rates, (load->n_phases + 1) * n, load->cap_rates) < 0)
		return -ENOMEM;
	row = load->rates + load->n_phases * n;
	for (uint32_t i = 0; i < n; i++) {
		struct history *irq = &load->irqs[i];
		uint32_t now = count_of(load, i), delta = now - irq->last;

		/* a number that came back later starts again */
		if (delta > INT32_MAX)
			delta = 0;
		row[i] = (float)fmin(delta / seconds, SCENARIO_RATE_MAX);
		irq->events += delta;
		irq->last = now;
	}
	load->phases[load->n_phases++] = (struct scenario_phase){
		.at_s = (uint32_t)((load->phase_ns - load->start_ns) / NS_PER_S)};
	load->phase_ns = now_ns;
	return 0;
}

/* Where the busy ones are served, new ones and those that somebody moved. */
static int look(struct load *load)
{
	struct engine *engine = &load->fleet.engine;
	uint64_t now_ns = load->sample.mono_ns;
	int r = fleet_look_new(&load->fleet, &load->sampler);

	for (uint32_t i = 0; r == 0 && i < engine->n_irqs; i++) {
		_cleanup_(cpuset_done) struct cpuset unused = {0};

		if (now_ns - load->looked_ns >= LOOK_NS && engine_is_busy(engine, i) &&
		    fleet_look(&load->fleet, &load->sampler, i, &unused) == -ENOMEM)
			r = -ENOMEM;
		if (!load->irqs[i].home && engine->irqs[i].cpu != ENGINE_NOWHERE)
			load->irqs[i].home = engine->irqs[i].cpu + 1;
	}
	if (now_ns - load->looked_ns >= LOOK_NS)
		load->looked_ns = now_ns;
	return r;
}

static int take(struct load *load)
{
	bool first = !load->start_ns;
	int r = sampler_take(&load->sampler, &load->sample);

	if (r < 0)
		return r;
	r = engine_sample(&load->fleet.engine, &load->sample);
	if (r < 0 && r != -ESTALE) /* from before a CPU came or went: its rates are true */
		return r;
	if (first) {
		load->start_ns = load->phase_ns = load->looked_ns = load->sample.mono_ns;
		for (uint32_t i = 0; i < load->fleet.engine.n_irqs; i++)
			load->irqs[i].last = count_of(load, i);
	} else if (load->sample.mono_ns - load->phase_ns >= PHASE_NS) {
		r = end_phase(load);
		if (r < 0)
			return r;
	}
	return look(load);
}

/* All samples, or those of the first day. -ENODATA where there is no interval. */
static int replay(struct load *load)
{
	struct source *source = load->machine.source;
	int r;

	load->irqs = calloc(load->fleet.engine.n_irqs + 1, sizeof(*load->irqs));
	if (!load->irqs)
		return -ENOMEM;
	r = source_seek(source, 0);
	while (r == 0) {
		r = take(load);
		if (r == 0 &&
		    load->phase_ns - load->start_ns >= (uint64_t)SCENARIO_SECONDS_MAX * NS_PER_S)
			break;
		if (r == 0)
			r = source_advance(source, 0);
	}
	if (r < 0 && r != -ENODATA)
		return r;
	return load->n_phases ? 0 : -ENODATA;
}

/* CPUs in the order of the scenario: neighbours share a core, and then a node. */
struct order {
	uint32_t index; /* of the engine's CPU */
	const struct topology_cpu *place;
};

static int compare_places(const void *a, const void *b)
{
	const struct order *left = a, *right = b;

	if (left->place->node != right->place->node)
		return left->place->node < right->place->node ? -1 : 1;
	if (left->place->core != right->place->core)
		return left->place->core < right->place->core ? -1 : 1;
	return left->index < right->index ? -1 : left->index > right->index;
}

static bool is_together(const struct topology_cpu *a, const struct topology_cpu *b, bool on_core)
{
	return a->node == b->node && (!on_core || (a->core == b->core && a->core >= 0));
}

/* The CPUs of a node or a core, where all have as many; else `otherwise`. */
static uint32_t group_size(const struct order *order, size_t n, bool on_core, size_t otherwise)
{
	size_t size = 0, run = 1;

	for (size_t i = 1; i <= n; i++) {
		if (i < n && is_together(order[i - 1].place, order[i].place, on_core)) {
			run++;
			continue;
		}
		if (size && run != size)
			return (uint32_t)otherwise;
		size = run;
		run = 1;
	}
	return size ? (uint32_t)size : 1;
}

/* Where the engine's CPUs are in the scenario. */
struct places {
	struct order *order;
	uint32_t *position; /* of an index of the engine's */
	size_t n;
	uint32_t per_node;
};

static int order_cpus(const struct engine *engine, struct places *places, struct scenario *scenario)
{
	size_t n = engine->n_cpus;

	if (!n)
		return -ENODATA;
	places->n = n;
	places->order = calloc(n + 1, sizeof(*places->order));
	places->position = calloc(n + 1, sizeof(*places->position));
	if (!places->order || !places->position)
		return -ENOMEM;
	for (uint32_t i = 0; i < n; i++)
		places->order[i] = (struct order){.index = i, .place = &engine->cpus[i].place};
	qsort(places->order, n, sizeof(*places->order), compare_places);
	for (uint32_t i = 0; i < n; i++)
		places->position[places->order[i].index] = i;
	places->per_node = group_size(places->order, n, false, n);
	scenario->n_cpus = (uint32_t)n;
	scenario->n_nodes = (uint32_t)n / places->per_node;
	scenario->threads = group_size(places->order, n, true, 1);
	if (places->per_node % scenario->threads != 0)
		scenario->threads = 1;
	return 0;
}

/* The node of a scenario that stands for one of the machine; -1: none. */
static int32_t find_node(const struct places *places, int32_t node)
{
	for (size_t i = 0; i < places->n && node >= 0; i++) {
		if (places->order[i].place->node == node)
			return (int32_t)(i / places->per_node);
	}
	return -1;
}

static bool is_wanted(const struct load *load, uint32_t irq)
{
	return load->irqs[irq].events && !load->fleet.engine.irqs[irq].fixed;
}

static int add_irq(const struct load *load, uint32_t index, const struct places *places,
		   struct scenario *scenario)
{
	const struct engine_irq *irq = &load->fleet.engine.irqs[index];
	const struct interrupt *known = model_find_irq(&load->machine.model, irq->irq);
	double cost_us = (double)load->fleet.engine.costs.slots[index].cost * 1e6;
	uint32_t home = load->irqs[index].home;
	int r = ARRAY_RESERVE(scenario->irqs, scenario->n_irqs + 1, scenario->cap_irqs);

	if (r < 0 || scenario->n_irqs == SCENARIO_IRQS_MAX)
		return r;
	scenario->irqs[scenario->n_irqs++] = (struct scenario_irq){
		.rate = (double)load->rates[index],
		.cost_us = cost_us > 0 ? fmin(cost_us, SCENARIO_COST_MAX_US) : COST_GUESS_US,
		.node = find_node(places, irq->node),
		.device = irq->device,
		.pci_class = known && known->device ? known->device->pci_class & 0xffffff : 0,
		.home = home ? places->position[home - 1] + 1 : 0,
	};
	return 0;
}

/* The rates of the interrupts that were taken, row by row. */
static int add_phases(struct load *load, struct scenario *scenario)
{
	size_t n = load->fleet.engine.n_irqs, at = 0;

	scenario->rates = calloc(load->n_phases * scenario->n_irqs, sizeof(*scenario->rates));
	if (!scenario->rates)
		return -ENOMEM;
	for (size_t phase = 0; phase < load->n_phases; phase++) {
		load->phases[phase].rates = scenario->rates + at;
		for (uint32_t i = 0; i < n && at < (phase + 1) * scenario->n_irqs; i++) {
			if (is_wanted(load, i))
				scenario->rates[at++] = load->rates[phase * n + i];
		}
	}
	scenario->phases = take_ptr(load->phases);
	scenario->n_phases = load->n_phases;
	return 0;
}

static int make_scenario(struct load *load, struct scenario *scenario)
{
	const struct engine *engine = &load->fleet.engine;
	struct places places = {0};
	int r = engine->n_cpus <= SCENARIO_CPUS_MAX ? order_cpus(engine, &places, scenario)
						    : -EFBIG;

	for (uint32_t i = 0; i < engine->n_irqs && r == 0; i++) {
		if (is_wanted(load, i))
			r = add_irq(load, i, &places, scenario);
	}
	if (r == 0 && !scenario->n_irqs)
		r = -ENODATA;
	if (r == 0)
		r = add_phases(load, scenario);
	scenario->seed = 1;
	scenario->seconds =
		fmin(fmax(floor((double)(load->phase_ns - load->start_ns) / NS_PER_S), 1),
		     SCENARIO_SECONDS_MAX);
	free(places.order);
	free(places.position);
	return r;
}

static int failed(const struct load *load, int error, const struct buf *text)
{
	if (error == -ENOMEM)
		return out_of_memory();
	if (error == -ENODATA)
		complain(_("simulate: '%s' holds no second in which an interrupt came that can be "
			   "moved"),
			 load->path);
	else if (error == -EFBIG)
		complain(_("simulate: '%s' has more than %u CPUs"), load->path, SCENARIO_CPUS_MAX);
	else
		complain("simulate: %s: %s", load->path,
			 text->len ? buf_text(text) : strerror(-error));
	return EXIT_USAGE;
}

static int read_load(struct load *load, struct scenario *ret)
{
	_cleanup_(buf_done) struct buf error = {0};
	struct context context = {.recording = load->path};
	int r;

	begin_recording(&context, 0, NULL);
	r = machine_read(&context, &load->machine);
	if (r)
		return r;
	r = config_defaults(&load->config);
	if (r == 0)
		r = fleet_build(load->machine.source, &load->config, NULL, &load->fleet, &error);
	if (r == 0)
		r = sampler_open(load->machine.source, &load->sampler);
	if (r == 0)
		r = replay(load);
	if (r == 0)
		r = make_scenario(load, ret);
	return r < 0 ? failed(load, r, &error) : 0;
}

int read_recorded_load(const char *path, struct scenario *ret)
{
	struct load load = {.path = path};
	int r = read_load(&load, ret);

	free(load.irqs);
	free(load.rates);
	free(load.phases);
	sample_done(&load.sample);
	sampler_close(&load.sampler);
	fleet_done(&load.fleet);
	config_done(&load.config);
	machine_done(&load.machine);
	return r;
}
