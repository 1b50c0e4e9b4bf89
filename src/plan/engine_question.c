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
#define RARE       2.0   /* a second: what comes less often takes less than is told from noise */
#define SAME_FILL  0.01  /* a CPU that is so much emptier would be as full with it */

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

/* Whether it comes so rarely that nobody knows whether it takes anything. */
static bool is_rare(const struct engine *engine, uint32_t index)
{
	struct engine_load load;

	if (engine->rates[index].rate >= RARE)
		return false;
	load = engine_load(engine, index);
	return load.load < 2 * load.doubt;
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
	if (load <= LOAD_FLOOR || (only_changed && !engine_is_changed(engine, index)) ||
	    is_rare(engine, index))
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

/* The fullest core from which something may be moved, or NULL. */
static struct core_sum *find_fullest(struct core_sum *cores, size_t n)
{
	struct core_sum *fullest = NULL;

	for (size_t i = 0; i < n; i++) {
		if (cores[i].open && !cores[i].is_aside && cores[i].n &&
		    (!fullest || core_fill(&cores[i]) > core_fill(fullest)))
			fullest = &cores[i];
	}
	return fullest;
}

/* Whether the core's only interrupt would fill any other CPU as much. */
static bool is_giants(const struct engine *engine, const struct question *question,
		      const struct core_sum *cores, size_t n, const struct core_sum *core)
{
	double least = INFINITY, strongest = 0;

	for (size_t i = 0; i < n; i++) {
		if (!cores[i].open || cores[i].is_aside)
			continue;
		strongest = fmax(strongest, cores[i].capacity);
		least = fmin(least, core_fill(&cores[i]));
	}
	return core->n == 1 && core->threads == 1 && engine->saturated[core->cpu] &&
	       question->cpus[core->cpu].base <= least + SAME_FILL && core->capacity >= strongest;
}

/* Returns how many CPUs are left. */
static size_t find_aside(const struct engine *engine, const struct question *question,
			 struct core_sum *cores, size_t n, size_t n_open)
{
	struct core_sum *fullest = find_fullest(cores, n);

	for (; fullest; fullest = find_fullest(cores, n)) {
		for (size_t i = 0; i < n; i++) {
			struct core_sum *core = &cores[i];

			if (!core->open || core->n || core->is_aside ||
			    core_fill(core) <= core_fill(fullest) || core->open + 2 > n_open)
				continue;
			core->is_aside = true;
			n_open -= core->open;
		}
		if (n_open <= 2 || !is_giants(engine, question, cores, n, fullest))
			break;
		fullest->is_aside = true;
		n_open--;
	}
	return n_open;
}

int question_set_aside(const struct engine *engine, struct question *question)
{
	_cleanup_free_ struct core_sum *cores = NULL;
	size_t n_open = 0, kept = 0;
	int r = engine_sum_cores(engine, question->cpus, question->irqs, question->n_irqs, &cores);

	if (r < 0)
		return r;
	for (uint32_t i = 0; i < engine->n_cpus; i++)
		n_open += !question->cpus[i].closed;
	question->n_open = find_aside(engine, question, cores, engine_core_count(engine), n_open);
	for (uint32_t i = 0; i < engine->n_cpus; i++) {
		const struct core_sum *core = &cores[engine_core(engine, i)];

		if (!core->is_aside || question->cpus[i].closed)
			continue;
		question->aside_max = fmax(question->aside_max, core_fill(core));
		question->aside_sum += core_fill(core);
		question->n_aside++;
		question->cpus[i].closed = true;
		question->cpus[i].base = 0;
	}
	for (size_t i = 0; i < question->n_irqs; i++) {
		if (cores[engine_core(engine, question->irqs[i].at)].is_aside)
			continue;
		question->irqs[kept] = question->irqs[i];
		question->index[kept++] = question->index[i];
	}
	question->n_irqs = kept;
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
