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

size_t engine_core_count(const struct engine *engine)
{
	return engine->topology->n_cpus + engine->n_cpus;
}

int engine_sum_cores(const struct engine *engine, const struct balance_cpu *cpus,
		     const struct balance_irq *irqs, size_t n_irqs, struct core_sum **ret)
{
	_cleanup_free_ double *loads = calloc(engine->n_cpus + 1, sizeof(*loads));
	struct core_sum *cores = calloc(engine_core_count(engine) + 1, sizeof(*cores));

	if (!loads || !cores) {
		free(cores);
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < engine->n_cpus; i++)
		loads[i] = cpus[i].base;
	for (size_t i = 0; i < n_irqs; i++) {
		loads[irqs[i].at] += irqs[i].load;
		cores[engine_core(engine, irqs[i].at)].n++;
	}
	for (uint32_t i = 0; i < engine->n_cpus; i++) {
		struct core_sum *core = &cores[engine_core(engine, i)];

		core->load += loads[i];
		core->capacity = fmax(core->capacity, cpus[i].capacity);
		core->threads++;
		if (cpus[i].closed)
			continue;
		core->own = fmax(core->own, loads[i] / cpus[i].capacity);
		core->open++;
		core->cpu = i;
	}
	*ret = cores;
	return 0;
}

double core_capacity(const struct core_sum *core)
{
	return core->capacity * (1 + BALANCE_THREAD_GAIN * (core->threads - 1));
}

double core_fill(const struct core_sum *core)
{
	return fmax(core->own, core->load / core_capacity(core));
}

int engine_look_out(const struct engine *engine, const struct balance_problem *problem,
		    struct engine_outlook *ret)
{
	_cleanup_free_ struct core_sum *cores = NULL;
	struct engine_outlook outlook = {.remote = balance_remote(problem, NULL)};
	double total = 0, capacity = 0, threads = 0, heaviest = 0, strongest = 0;
	int r = engine_sum_cores(engine, problem->cpus, problem->irqs, problem->n_irqs, &cores);

	if (r < 0)
		return r;
	for (size_t i = 0; i < problem->n_irqs; i++) {
		const struct balance_irq *irq = &problem->irqs[i];

		heaviest = fmax(heaviest, irq->load);
		outlook.must_move = outlook.must_move || problem->cpus[irq->at].closed;
	}
	for (uint32_t i = 0; i < engine->n_cpus; i++) {
		const struct core_sum *core = &cores[engine_core(engine, i)];

		if (problem->cpus[i].closed)
			continue;
		strongest = fmax(strongest, problem->cpus[i].capacity);
		threads += problem->cpus[i].capacity;
		if (core_fill(core) > outlook.max)
			outlook.fullest = i;
		outlook.max = fmax(outlook.max, core_fill(core));
		outlook.own = fmax(outlook.own, core->own);
	}
	for (size_t i = 0; i < engine_core_count(engine); i++) {
		total += cores[i].open ? cores[i].load : 0;
		capacity += cores[i].open ? core_capacity(&cores[i]) : 0;
	}
	if (capacity > 0) {
		outlook.bound = fmax(total / capacity, heaviest / strongest);
		outlook.own_bound = fmax(total / threads, heaviest / strongest);
	}
	*ret = outlook;
	return 0;
}
