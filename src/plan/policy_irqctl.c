/* SPDX-License-Identifier: BSD-2-Clause */
/* The balancer of `irqctl daemon` as a policy; changes of others are put back. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "base/macros.h"
#include "plan/engine.h"
#include "plan/policy.h"

#define INTERVAL_S 1.0

struct irqctl_policy {
	struct engine engine;
	struct cpuset *expected; /* of each interrupt: what was set by us, or before us */
	size_t n;
	double interval_s;
};

static void irqctl_stop(void *state)
{
	struct irqctl_policy *policy = state;

	if (!policy)
		return;
	engine_done(&policy->engine);
	for (size_t i = 0; i < policy->n; i++)
		cpuset_done(&policy->expected[i]);
	free(policy->expected);
	free(policy);
}

static int init_engine(struct irqctl_policy *policy, const struct policy_view *view)
{
	const struct engine_options options = {.mode = BALANCE_SPREAD};
	const struct topology *topology = view->topology;
	_cleanup_free_ struct engine_cpu *cpus = calloc(topology->n_cpus + 1, sizeof(*cpus));
	_cleanup_free_ struct engine_irq *irqs = calloc(view->n_irqs + 1, sizeof(*irqs));

	if (!cpus || !irqs)
		return -ENOMEM;
	for (size_t i = 0; i < topology->n_cpus; i++)
		cpus[i] = (struct engine_cpu){
			.place = topology->cpus[i], .capacity = 1, .room = BALANCE_NO_LIMIT};
	for (size_t i = 0; i < view->n_irqs; i++)
		irqs[i] = (struct engine_irq){
			.irq = view->irqs[i].number,
			.name = view->irqs[i].name,
			.node = view->irqs[i].node,
			.device = view->irqs[i].device + 1,
			.kin = view->irqs[i].device,
			.weight = 1,
			.cpu = ENGINE_NOWHERE,
		};
	return engine_init(&policy->engine, &options, topology, cpus, topology->n_cpus, irqs,
			   view->n_irqs);
}

static int irqctl_start(const struct policy_view *view, const struct policy_options *options,
			void **ret_state)
{
	struct irqctl_policy *policy = calloc(1, sizeof(*policy));
	int r = policy ? 0 : -ENOMEM;

	if (r == 0) {
		policy->interval_s = options->interval_s > 0 ? options->interval_s : INTERVAL_S;
		policy->expected = calloc(view->n_irqs + 1, sizeof(*policy->expected));
		policy->n = policy->expected ? view->n_irqs : 0;
		r = policy->expected ? init_engine(policy, view) : -ENOMEM;
	}
	for (size_t i = 0; i < view->n_irqs && r == 0; i++)
		r = cpuset_copy(&policy->expected[i], view->irqs[i].requested);
	if (r < 0) {
		irqctl_stop(policy);
		return r;
	}
	*ret_state = policy;
	return 0;
}

/* Where it was served before somebody moved it: an affinity of many CPUs would leave it there. */
static int put_back(struct irqctl_policy *policy, uint32_t irq, const struct policy_irq *now,
		    struct policy_writes *writes)
{
	struct engine *engine = &policy->engine;
	uint32_t cpu = engine->irqs[irq].cpu;
	int r = engine_displaced(engine, irq, engine_find_cpu(engine, now->cpu));

	if (r < 0 || cpu == ENGINE_NOWHERE)
		return r;
	cpuset_done(&policy->expected[irq]);
	r = cpuset_add(&policy->expected[irq], engine->cpus[cpu].place.cpu);
	if (r == 0)
		r = policy_write_cpu(writes, irq, engine->cpus[cpu].place.cpu);
	return r;
}

/* Where everything is served, and what somebody else changed: that is put back. */
static int look(struct irqctl_policy *policy, const struct policy_view *view,
		struct policy_writes *writes)
{
	int r = 0;

	for (uint32_t i = 0; i < view->n_irqs && r == 0; i++) {
		const struct policy_irq *irq = &view->irqs[i];

		if (cpuset_equal(irq->requested, &policy->expected[i]))
			r = engine_place(&policy->engine, i,
					 engine_find_cpu(&policy->engine, irq->cpu));
		else
			r = put_back(policy, i, irq, writes);
	}
	return r;
}

/* What was put back is there before the next look. */
static int settle(struct irqctl_policy *policy, const struct policy_writes *writes)
{
	int r = 0;

	for (size_t i = 0; i < writes->n && r == 0; i++) {
		uint32_t cpu = (uint32_t)cpuset_next(&writes->items[i].cpus, 0);

		r = engine_place(&policy->engine, (uint32_t)writes->items[i].irq,
				 engine_find_cpu(&policy->engine, cpu));
	}
	return r;
}

static int move(struct irqctl_policy *policy, const struct balance_plan *plan,
		struct policy_writes *writes)
{
	int r = 0;

	for (size_t i = 0; i < plan->n_moves && r == 0; i++) {
		const struct balance_move *m = &plan->moves[i];
		uint32_t cpu = policy->engine.cpus[m->to].place.cpu;

		r = policy_write_cpu(writes, m->irq, cpu);
		cpuset_done(&policy->expected[m->irq]);
		if (r == 0)
			r = cpuset_add(&policy->expected[m->irq], cpu);
		if (r == 0)
			r = engine_place(&policy->engine, m->irq, m->to);
	}
	return r;
}

static int irqctl_step(void *state, const struct policy_view *view, struct policy_writes *writes,
		       double *ret_next_s)
{
	struct irqctl_policy *policy = state;
	struct balance_plan plan = {0};
	int r = look(policy, view, writes);

	if (r == 0)
		r = engine_sample(&policy->engine, view->sample);
	if (r == 0 && writes->n)
		r = settle(policy, writes);
	else if (r == 0) {
		r = engine_plan(&policy->engine, false, &plan);
		if (r == 0)
			r = move(policy, &plan, writes);
		balance_plan_done(&plan);
	}
	*ret_next_s = policy->interval_s;
	return r;
}

const struct policy policy_irqctl = {
	.name = "irqctl",
	.start = irqctl_start,
	.step = irqctl_step,
	.stop = irqctl_stop,
};
