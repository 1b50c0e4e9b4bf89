/* SPDX-License-Identifier: BSD-2-Clause */
/* What is seen of a problem without planning. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "base/macros.h"
#include "plan/engine_internal.h"

size_t engine_core(const struct engine *engine, uint32_t cpu)
{
	int32_t core = engine->cpus[cpu].place.core;

	return core < 0 || (size_t)core >= engine->topology->n_cpus ? engine->topology->n_cpus + cpu
								    : (size_t)core;
}

struct outlook_core {
	double load, capacity;
	unsigned int threads;
	bool is_open;
};

static double core_capacity(const struct outlook_core *core)
{
	return core->capacity * (1 + BALANCE_THREAD_GAIN * (core->threads - 1));
}

static void sum_cores(const struct engine *engine, const struct balance_problem *problem,
		      const double *loads, struct outlook_core *cores)
{
	for (uint32_t i = 0; i < engine->n_cpus; i++) {
		struct outlook_core *core = &cores[engine_core(engine, i)];

		core->load += loads[i];
		core->capacity = fmax(core->capacity, problem->cpus[i].capacity);
		core->threads++;
		core->is_open = core->is_open || !problem->cpus[i].closed;
	}
}

int engine_look_out(const struct engine *engine, const struct balance_problem *problem,
		    struct engine_outlook *ret)
{
	size_t n_cores = engine->topology->n_cpus + engine->n_cpus;
	_cleanup_free_ double *loads = calloc(engine->n_cpus + 1, sizeof(*loads));
	_cleanup_free_ struct outlook_core *cores = calloc(n_cores + 1, sizeof(*cores));
	struct engine_outlook outlook = {0};
	double total = 0, capacity = 0, threads = 0;
	double heaviest = 0, strongest = 0, near = 0, remote = 0;

	if (!loads || !cores)
		return -ENOMEM;
	for (uint32_t i = 0; i < engine->n_cpus; i++)
		loads[i] = problem->cpus[i].base;
	for (size_t i = 0; i < problem->n_irqs; i++) {
		const struct balance_irq *irq = &problem->irqs[i];

		loads[irq->at] += irq->load;
		heaviest = fmax(heaviest, irq->load);
		if (irq->node < 0 || problem->cpus[irq->at].node < 0 ||
		    irq->node == problem->cpus[irq->at].node)
			near += irq->load;
		else
			remote += irq->load;
		outlook.must_move = outlook.must_move || problem->cpus[irq->at].closed;
	}
	sum_cores(engine, problem, loads, cores);
	for (uint32_t i = 0; i < engine->n_cpus; i++) {
		const struct outlook_core *core = &cores[engine_core(engine, i)];
		double own = loads[i] / problem->cpus[i].capacity;
		double fill = fmax(own, core->load / core_capacity(core));

		if (problem->cpus[i].closed)
			continue;
		strongest = fmax(strongest, problem->cpus[i].capacity);
		if (fill > outlook.max)
			outlook.fullest = i;
		outlook.max = fmax(outlook.max, fill);
		outlook.own = fmax(outlook.own, own);
		threads += problem->cpus[i].capacity;
	}
	for (size_t i = 0; i < n_cores; i++) {
		total += cores[i].is_open ? cores[i].load : 0;
		capacity += cores[i].is_open ? core_capacity(&cores[i]) : 0;
	}
	if (capacity > 0)
		outlook.bound = fmax(total / capacity, heaviest / strongest);
	if (threads > 0)
		outlook.own_bound = fmax(total / threads, heaviest / strongest);
	if (remote > 0)
		outlook.remote = remote / (near + remote);
	*ret = outlook;
	return 0;
}
