/* SPDX-License-Identifier: BSD-2-Clause */
/* What the engine asks the planner. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "base/macros.h"
#include "plan/engine_internal.h"

#define LOAD_FLOOR 1e-5  /* CPUs: below it an interrupt is idle */
#define TRIFLE     0.002 /* part of the highest load: to move less is not worth it ... */
#define TRIFLES    0.05  /* ... unless a CPU has so much of it */
#define SAME_FILL  0.01  /* a CPU that is so much emptier would be as full with it */
#define SET_ASIDE  UINT32_MAX

void question_done(struct question *question)
{
	free(question->cpus);
	free(question->irqs);
	free(question->index);
}

static void ask_cpus(const struct engine *engine, struct question *question)
{
	for (uint32_t i = 0; i < engine->n_cpus; i++) {
		const struct engine_cpu *cpu = &engine->cpus[i];

		question->cpus[i] = (struct balance_cpu){
			.cpu = cpu->place.cpu,
			.core = cpu->place.core,
			.llc = cpu->place.llc,
			.node = cpu->place.node,
			.package = cpu->place.package,
			.capacity = cpu->capacity,
			.base = costs_background(&engine->costs, i) +
				(engine->options.respect_load ? engine->other[i] * cpu->capacity
							      : 0),
			/* of a CPU that is full nobody knows how full it would be with more */
			.room = engine->saturated[i] ? 0 : cpu->room,
			.closed = cpu->closed,
		};
	}
}

/* Interrupts that are not worth a move by themselves. */
struct trifles {
	double *sums; /* what they take of each CPU */
	double max;   /* the highest load of a CPU */
};

static void trifles_done(struct trifles *trifles)
{
	free(trifles->sums);
}

static int find_trifles(const struct engine *engine, struct trifles *ret)
{
	ret->sums = calloc(engine->n_cpus + 1, sizeof(*ret->sums));
	if (!ret->sums)
		return -ENOMEM;
	ret->max = engine_cpu_load(engine, engine_fullest(engine));
	for (uint32_t i = 0; i < engine->n_irqs; i++) {
		const struct engine_irq *irq = &engine->irqs[i];
		double load = engine_irq_load(engine, i) * irq->weight;

		if (irq->cpu != ENGINE_NOWHERE && load < TRIFLE * ret->max)
			ret->sums[irq->cpu] += load;
	}
	return 0;
}

static bool may_leave(const struct engine *engine, const struct engine_irq *irq)
{
	for (uint32_t i = 0; i < engine->n_cpus && irq->allowed; i++) {
		if (!engine->cpus[i].closed && cpuset_has(irq->allowed, engine->cpus[i].place.cpu))
			return true;
	}
	return !irq->allowed;
}

/* Whether the planner is asked about this interrupt; else its load stays where it is. */
static bool is_asked(const struct engine *engine, uint32_t index, double load,
		     const struct trifles *trifles, bool only_changed)
{
	const struct engine_irq *irq = &engine->irqs[index];

	if (irq->fixed || irq->cpu == ENGINE_NOWHERE)
		return false;
	if (engine->cpus[irq->cpu].closed)
		return (engine_is_busy(engine, index) || engine->cpus[irq->cpu].shielded) &&
		       may_leave(engine, irq);
	if (load <= LOAD_FLOOR || (only_changed && !engine_is_changed(engine, index)))
		return false;
	return irq->group || load >= TRIFLE * trifles->max ||
	       trifles->sums[irq->cpu] > TRIFLES * trifles->max;
}

int question_ask(const struct engine *engine, bool only_changed, struct question *question)
{
	_cleanup_(trifles_done) struct trifles trifles = {0};

	question->cpus = calloc(engine->n_cpus + 1, sizeof(*question->cpus));
	question->irqs = calloc(engine->n_irqs + 1, sizeof(*question->irqs));
	question->index = calloc(engine->n_irqs + 1, sizeof(*question->index));
	if (!question->cpus || !question->irqs || !question->index ||
	    find_trifles(engine, &trifles) < 0)
		return -ENOMEM;
	ask_cpus(engine, question);
	for (uint32_t i = 0; i < engine->n_irqs; i++) {
		const struct engine_irq *irq = &engine->irqs[i];
		double load = engine_irq_load(engine, i) * irq->weight;

		if (!is_asked(engine, i, load, &trifles, only_changed)) {
			if (irq->cpu != ENGINE_NOWHERE)
				question->cpus[irq->cpu].base += load;
			continue;
		}
		question->index[question->n_irqs] = i;
		question->irqs[question->n_irqs++] = (struct balance_irq){
			.irq = irq->irq,
			.name = irq->name,
			.load = load,
			.at = irq->cpu,
			.node = irq->node,
			.llc = -1,
			.group = irq->group,
			.device = irq->device,
			.allowed = irq->allowed,
		};
	}
	return 0;
}

/* What a core serves, as the planner is asked. */
struct served_core {
	double load, capacity;
	uint32_t n; /* interrupts that may be moved */
	uint32_t threads;
};

struct served {
	double *loads; /* of CPUs */
	uint32_t *n;   /* of CPUs, as of cores; SET_ASIDE: the CPU is */
	struct served_core *cores;
};

static void served_done(struct served *served)
{
	free(served->loads);
	free(served->n);
	free(served->cores);
}

static int find_served(const struct engine *engine, const struct question *question,
		       struct served *ret)
{
	size_t n_cores = engine->topology->n_cpus + engine->n_cpus;

	ret->loads = calloc(engine->n_cpus + 1, sizeof(*ret->loads));
	ret->n = calloc(engine->n_cpus + 1, sizeof(*ret->n));
	ret->cores = calloc(n_cores + 1, sizeof(*ret->cores));
	if (!ret->loads || !ret->n || !ret->cores)
		return -ENOMEM;
	for (uint32_t i = 0; i < engine->n_cpus; i++)
		ret->loads[i] = question->cpus[i].base;
	for (size_t i = 0; i < question->n_irqs; i++) {
		ret->loads[question->irqs[i].at] += question->irqs[i].load;
		ret->n[question->irqs[i].at]++;
	}
	for (uint32_t i = 0; i < engine->n_cpus; i++) {
		struct served_core *core = &ret->cores[engine_core(engine, i)];

		core->load += ret->loads[i];
		core->capacity = fmax(core->capacity, question->cpus[i].capacity);
		core->n += ret->n[i];
		core->threads++;
	}
	return 0;
}

static double fill_of(const struct engine *engine, const struct question *question,
		      const struct served *served, uint32_t cpu)
{
	const struct served_core *core = &served->cores[engine_core(engine, cpu)];
	double capacity = core->capacity * (1 + BALANCE_THREAD_GAIN * (core->threads - 1));

	return fmax(served->loads[cpu] / question->cpus[cpu].capacity, core->load / capacity);
}

/* A CPU of the fullest open core if nothing can relieve that, or ENGINE_NOWHERE. */
static uint32_t find_hopeless(const struct engine *engine, const struct question *question,
			      const struct served *served)
{
	uint32_t fullest = ENGINE_NOWHERE;
	double least = INFINITY, strongest = 0;
	const struct served_core *core;

	for (uint32_t i = 0; i < engine->n_cpus; i++) {
		if (question->cpus[i].closed)
			continue;
		strongest = fmax(strongest, question->cpus[i].capacity);
		least = fmin(least, fill_of(engine, question, served, i));
		if (fullest == ENGINE_NOWHERE || fill_of(engine, question, served, i) >
							 fill_of(engine, question, served, fullest))
			fullest = i;
	}
	if (fullest == ENGINE_NOWHERE)
		return ENGINE_NOWHERE;
	core = &served->cores[engine_core(engine, fullest)];
	if (!core->n)
		return fullest;
	/* its only interrupt would fill any other CPU as much */
	if (core->n > 1 || core->threads > 1 || !engine->saturated[fullest] ||
	    question->cpus[fullest].base > least + SAME_FILL ||
	    question->cpus[fullest].capacity < strongest)
		return ENGINE_NOWHERE;
	return fullest;
}

/* How many CPUs of this one's core are open. */
static size_t count_open(const struct engine *engine, const struct question *question, uint32_t cpu)
{
	size_t n = 0;

	for (uint32_t i = 0; i < engine->n_cpus; i++)
		n += !question->cpus[i].closed &&
		     engine_core(engine, i) == engine_core(engine, cpu);
	return n;
}

static void set_core_aside(const struct engine *engine, struct question *question,
			   struct served *served, uint32_t cpu)
{
	for (uint32_t i = 0; i < engine->n_cpus; i++) {
		double fill;

		if (question->cpus[i].closed || engine_core(engine, i) != engine_core(engine, cpu))
			continue;
		fill = fill_of(engine, question, served, i);
		question->aside_max = fmax(question->aside_max, fill);
		question->aside_sum += fill;
		question->n_aside++;
		question->cpus[i].closed = true;
		question->cpus[i].base = 0;
		served->n[i] = SET_ASIDE;
	}
}

int question_set_aside(const struct engine *engine, struct question *question)
{
	_cleanup_(served_done) struct served served = {0};
	size_t n_open = 0, kept = 0;
	int r = find_served(engine, question, &served);

	if (r < 0)
		return r;
	for (uint32_t i = 0; i < engine->n_cpus; i++)
		n_open += !question->cpus[i].closed;
	while (n_open > 2) {
		uint32_t cpu = find_hopeless(engine, question, &served);
		size_t n = cpu == ENGINE_NOWHERE ? n_open : count_open(engine, question, cpu);

		if (n + 2 > n_open)
			break;
		set_core_aside(engine, question, &served, cpu);
		n_open -= n;
	}
	for (size_t i = 0; i < question->n_irqs; i++) {
		if (served.n[question->irqs[i].at] == SET_ASIDE)
			continue;
		question->irqs[kept] = question->irqs[i];
		question->index[kept++] = question->index[i];
	}
	question->n_irqs = kept;
	question->n_open = n_open;
	return 0;
}

void question_put(const struct question *question, struct balance_problem *problem)
{
	problem->cpus = question->cpus;
	problem->irqs = question->irqs;
	problem->n_irqs = question->n_irqs;
}

static void add_aside(const struct question *question, struct balance_fill *fill)
{
	double n = (double)question->n_open, all = n + (double)question->n_aside;

	fill->max = fmax(fill->max, question->aside_max);
	fill->own = fmax(fill->own, question->aside_max);
	fill->bound = fmax(fill->bound, question->aside_max);
	fill->mean = (fill->mean * n + question->aside_sum) / all;
}

void question_sum_up(const struct question *question, struct balance_plan *plan)
{
	if (!question->n_aside)
		return;
	add_aside(question, &plan->before);
	add_aside(question, &plan->after);
}
