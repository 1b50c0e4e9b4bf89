/* SPDX-License-Identifier: BSD-2-Clause */
/* Machines, NICs and plans made by hand. Includes cmocka. */
#pragma once

#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "parse/cpulist.h"
#include "plan/spread.h"

/* A machine of equal parts, numbered as Linux does on x86: the first threads of all cores, then the
 * second ones. */
struct shape {
	uint32_t nodes, llcs, cores, threads; /* of the one before */
};

/* What has interrupts, as far as the planner looks at it. */
struct bench {
	struct topology topology;
	struct cpuset allowed;
	struct model model;
	const struct interrupt **named; /* those of the request */
	size_t n_named;
	struct arena arena;
	struct spread_plan plan;
};

static inline void add_cpu(struct topology *topology, const struct shape *shape, uint32_t core,
			   uint32_t thread)
{
	uint32_t n_cores = shape->nodes * shape->llcs * shape->cores;

	topology->cpus[thread * n_cores + core] = (struct topology_cpu){
		.cpu = thread * n_cores + core,
		.core = (int32_t)core,
		.llc = (int32_t)(core / shape->cores),
		.node = (int32_t)(core / shape->cores / shape->llcs),
		.package = (int32_t)(core / shape->cores / shape->llcs),
	};
	topology->n_cpus++;
}

static inline struct bench bench_of(struct shape shape, size_t max_items)
{
	uint32_t n_cores = shape.nodes * shape.llcs * shape.cores;
	struct bench bench = {0};

	bench.topology.cpus = calloc(n_cores * shape.threads, sizeof(*bench.topology.cpus));
	bench.model.items = calloc(max_items + 1, sizeof(*bench.model.items));
	bench.named = calloc(max_items + 1, sizeof(const struct interrupt *));
	assert_true(bench.topology.cpus && bench.model.items && bench.named);
	for (uint32_t core = 0; core < n_cores; core++) {
		for (uint32_t thread = 0; thread < shape.threads; thread++)
			add_cpu(&bench.topology, &shape, core, thread);
	}
	assert_int_equal(cpuset_add_range(&bench.allowed, 0, n_cores * shape.threads - 1), 0);
	return bench;
}

static inline struct cpuset cpus_of(const char *list)
{
	struct cpuset set = {0};

	assert_int_equal(cpulist_parse(list, strlen(list), &set), 0);
	return set;
}

static inline void allow(struct bench *bench, const char *list)
{
	cpuset_done(&bench->allowed);
	bench->allowed = cpus_of(list);
}

static inline void *take(struct bench *bench, size_t size)
{
	void *memory = arena_alloc(&bench->arena, size);

	assert_non_null(memory);
	return memset(memory, 0, size);
}

static inline struct device *add_device(struct bench *bench, int32_t node)
{
	struct device *device = take(bench, sizeof(*device));

	*device = (struct device){.bus = "pci", .node = node};
	return device;
}

/* One more interrupt, settable and without affinity facts. */
static inline struct interrupt *add_interrupt(struct bench *bench, const struct device *device,
					      const char *interface, enum queue_direction direction,
					      int32_t queue)
{
	struct irq_row *row = take(bench, sizeof(*row));
	struct interrupt *item = &bench->model.items[bench->model.n_items];

	*row = (struct irq_row){
		.number = 24 + (int32_t)bench->model.n_items, .key = "", .text = ""};
	*item = (struct interrupt){.row = row,
				   .facts = take(bench, sizeof(struct irq_facts)),
				   .device = device,
				   .interface = interface,
				   .class = IRQ_CLASS_NET,
				   .direction = direction,
				   .queue = queue,
				   .node = device ? device->node : -1,
				   .settable = SETTABLE_YES};
	bench->model.n_items++;
	return item;
}

static inline struct irq_facts *facts_of(const struct interrupt *interrupt)
{
	return (struct irq_facts *)interrupt->facts;
}

/* What /proc/irq says; NULL: not there. */
static inline void bind(const struct interrupt *interrupt, const char *requested,
			const char *effective)
{
	struct irq_facts *facts = facts_of(interrupt);

	facts->has_requested = requested;
	facts->has_effective = effective;
	if (requested)
		facts->requested = cpus_of(requested);
	if (effective)
		facts->effective = cpus_of(effective);
}

static inline void name(struct bench *bench, const struct interrupt *interrupt)
{
	bench->named[bench->n_named++] = interrupt;
}

/* A NIC with rx and tx vectors for each of n queues, all of them named. */
static inline const struct device *add_nic(struct bench *bench, const char *interface, int32_t node,
					   int32_t n)
{
	const struct device *device = add_device(bench, node);

	for (int32_t i = 0; i < n; i++) {
		name(bench, add_interrupt(bench, device, interface, QUEUE_RX, i));
		name(bench, add_interrupt(bench, device, interface, QUEUE_TX, i));
	}
	return device;
}

static inline struct spread_request request_of(const struct bench *bench, enum spread_policy policy)
{
	return (struct spread_request){.model = &bench->model,
				       .topology = &bench->topology,
				       .allowed = &bench->allowed,
				       .interrupts = bench->named,
				       .n_interrupts = bench->n_named,
				       .policy = policy,
				       .pack = 1};
}

/* Plans into bench->plan. */
static inline void plan_as(struct bench *bench, const struct spread_request *request)
{
	spread_plan_done(&bench->plan);
	assert_int_equal(spread_plan_build(request, &bench->plan), 0);
}

static inline void plan(struct bench *bench, enum spread_policy policy)
{
	struct spread_request request = request_of(bench, policy);

	plan_as(bench, &request);
}

/* The CPU of move i, whose reason must be the one given (NULL: any). */
static inline void check_move(const struct bench *bench, size_t i, uint32_t cpu, const char *reason)
{
	assert_true(i < bench->plan.n_moves);
	assert_int_equal(bench->plan.moves[i].cpu, cpu);
	if (reason)
		assert_string_equal(bench->plan.moves[i].reason, reason);
}

static inline void bench_done(struct bench *bench)
{
	for (size_t i = 0; i < bench->model.n_items; i++) {
		struct irq_facts *facts = facts_of(&bench->model.items[i]);

		if (!facts)
			continue;
		cpuset_done(&facts->requested);
		cpuset_done(&facts->effective);
		cpuset_done(&facts->hint);
	}
	spread_plan_done(&bench->plan);
	topology_done(&bench->topology);
	cpuset_done(&bench->allowed);
	free(bench->model.items);
	free((void *)bench->named);
	arena_done(&bench->arena);
}
