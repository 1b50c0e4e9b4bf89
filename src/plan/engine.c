/* SPDX-License-Identifier: BSD-2-Clause */
#include "plan/engine.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "plan/engine_internal.h"

#define TICK          (1.0 / PROC_STAT_HZ)
#define FULL          0.97 /* a CPU that spends this part of its time on interrupts is saturated */
#define MOVE_BLUR     0.06 /* s of its load that a moved interrupt may have left behind */
#define BLIND_MIN     2.0  /* s */
#define BLIND_MAX     300.0
#define NOTHING       1e6  /* s: so unsure that nothing is learned */
#define UNCOUNTED_MAX 0.2  /* s that a CPU's times may be ahead of the clock by chance */
#define OTHER_SECONDS 10.0 /* time constant of other work's load */

#define BUDGET_MIN 60.0 /* moves a minute */
#define TRIM_MOVES 6.0  /* a minute, of plans that win little */

static int allocate(struct engine *engine)
{
	size_t cpus = engine->n_cpus + 1, irqs = engine->n_irqs + 1;

	engine->cpus = calloc(cpus, sizeof(*engine->cpus));
	engine->busy = calloc(cpus, sizeof(double));
	engine->blur = calloc(cpus, sizeof(double));
	engine->other = calloc(cpus, sizeof(double));
	engine->uncounted = calloc(cpus, sizeof(double));
	engine->saturated = calloc(cpus, sizeof(bool));
	engine->last_cpus = calloc(cpus, sizeof(*engine->last_cpus));
	engine->irqs = calloc(irqs, sizeof(*engine->irqs));
	engine->rates = calloc(irqs, sizeof(*engine->rates));
	engine->events = calloc(irqs, sizeof(double));
	engine->last_counts = calloc(irqs, sizeof(uint32_t));
	if (!engine->cpus || !engine->busy || !engine->blur || !engine->other ||
	    !engine->uncounted || !engine->saturated || !engine->last_cpus || !engine->irqs ||
	    !engine->rates || !engine->events || !engine->last_counts)
		return -ENOMEM;
	return 0;
}

int engine_init(struct engine *engine, const struct engine_options *options,
		const struct topology *topology, const struct engine_cpu *cpus, size_t n_cpus,
		const struct engine_irq *irqs, size_t n_irqs)
{
	size_t n_kin = 0;
	int r;

	*engine = (struct engine){
		.options = *options, .topology = topology, .n_cpus = n_cpus, .n_irqs = n_irqs};
	r = allocate(engine);
	if (r < 0)
		return r;
	memcpy(engine->cpus, cpus, n_cpus * sizeof(*cpus));
	if (n_irqs)
		memcpy(engine->irqs, irqs, n_irqs * sizeof(*irqs));
	for (size_t i = 0; i < n_irqs; i++) {
		if (irqs[i].kin >= n_kin)
			n_kin = irqs[i].kin + 1;
	}
	return costs_init(&engine->costs, n_irqs, n_cpus, n_kin);
}

void engine_done(struct engine *engine)
{
	costs_done(&engine->costs);
	free(engine->cpus);
	free(engine->busy);
	free(engine->blur);
	free(engine->other);
	free(engine->uncounted);
	free(engine->saturated);
	free(engine->last_cpus);
	free(engine->irqs);
	free(engine->rates);
	free(engine->events);
	free(engine->last_counts);
	*engine = (struct engine){0};
}

static int compare_to_irq(const void *key, const void *item)
{
	int32_t irq = *(const int32_t *)key, other = ((const struct engine_irq *)item)->irq;

	return (irq > other) - (irq < other);
}

uint32_t engine_find(const struct engine *engine, int32_t irq)
{
	const struct engine_irq *found = engine->n_irqs
						 ? bsearch(&irq, engine->irqs, engine->n_irqs,
							   sizeof(*engine->irqs), compare_to_irq)
						 : NULL;

	return found ? (uint32_t)(found - engine->irqs) : ENGINE_NOWHERE;
}

static int compare_to_cpu(const void *key, const void *item)
{
	uint32_t cpu = *(const uint32_t *)key, other = ((const struct engine_cpu *)item)->place.cpu;

	return (cpu > other) - (cpu < other);
}

uint32_t engine_find_cpu(const struct engine *engine, uint32_t cpu)
{
	const struct engine_cpu *found =
		bsearch(&cpu, engine->cpus, engine->n_cpus, sizeof(*engine->cpus), compare_to_cpu);

	return found ? (uint32_t)(found - engine->cpus) : ENGINE_NOWHERE;
}

/* What costs what, and which CPU spends what on what. */
static int inherit_costs(struct engine *engine, struct engine *old, const uint32_t *map)
{
	_cleanup_free_ uint32_t *cpus = calloc(engine->n_cpus + 1, sizeof(*cpus));
	int r;

	if (!cpus)
		return -ENOMEM;
	for (size_t i = 0; i < engine->n_irqs; i++)
		engine->costs.slots[i].group = engine->irqs[i].kin;
	for (size_t i = 0; i < engine->n_cpus; i++)
		cpus[i] = engine_find_cpu(old, engine->cpus[i].place.cpu);
	r = costs_take_over(&engine->costs, &old->costs, map, cpus);
	for (size_t i = 0; i < engine->n_cpus && r == 0; i++) {
		if (cpus[i] != ENGINE_NOWHERE)
			engine->other[i] = old->other[cpus[i]];
	}
	return r;
}

static bool has_same(const struct engine *engine, const struct engine *old, const uint32_t *map)
{
	if (engine->n_cpus != old->n_cpus || engine->n_irqs != old->n_irqs)
		return false;
	for (size_t i = 0; i < engine->n_cpus; i++) {
		if (engine->cpus[i].place.cpu != old->cpus[i].place.cpu)
			return false;
	}
	for (size_t i = 0; i < engine->n_irqs; i++) {
		if (map[i] != i || engine->irqs[i].irq != old->irqs[i].irq)
			return false;
	}
	return true;
}

/*
 * The sample that is under way, and what was measured last. However often an engine is made anew,
 * it learns all the same.
 */
static void inherit_sample(struct engine *engine, const struct engine *old)
{
	size_t cpus = engine->n_cpus;

	memcpy(engine->last_cpus, old->last_cpus, cpus * sizeof(*engine->last_cpus));
	memcpy(engine->busy, old->busy, cpus * sizeof(*engine->busy));
	memcpy(engine->blur, old->blur, cpus * sizeof(*engine->blur));
	memcpy(engine->uncounted, old->uncounted, cpus * sizeof(*engine->uncounted));
	memcpy(engine->saturated, old->saturated, cpus * sizeof(*engine->saturated));
	memcpy(engine->last_counts, old->last_counts,
	       engine->n_irqs * sizeof(*engine->last_counts));
	engine->last_ns = old->last_ns;
	engine->has_sample = old->has_sample;
	engine->unchecked = old->unchecked;
	engine->worthy = old->worthy;
	engine->n_full = old->n_full;
}

int engine_inherit(struct engine *engine, struct engine *old, const uint32_t *map)
{
	int r = inherit_costs(engine, old, map);

	if (r < 0)
		return r;
	for (uint32_t i = 0; i < engine->n_irqs; i++) {
		if (map[i] == ENGINE_NOWHERE)
			continue;
		engine->rates[i] = old->rates[map[i]];
		/* one with a new number is somewhere else, where nobody knows yet */
		if (engine->irqs[i].irq != old->irqs[map[i]].irq)
			costs_rest(&engine->costs, i);
	}
	engine->budget = old->budget;
	engine->trim = old->trim;
	engine->stirred_s = old->stirred_s;
	engine->answered_s = old->answered_s;
	engine->n_answers = old->n_answers;
	engine->blind_s = old->blind_s;
	engine->blind_until_s = old->blind_until_s;
	engine->probe_until_s = old->probe_until_s;
	engine->time_s = old->time_s;
	if (has_same(engine, old, map))
		inherit_sample(engine, old);
	return 0;
}

int engine_place(struct engine *engine, uint32_t index, uint32_t cpu)
{
	struct engine_irq *irq = &engine->irqs[index];
	struct engine_rate *rate = &engine->rates[index];
	double left = engine_irq_load(engine, index) * MOVE_BLUR;

	engine->costs.slots[index].group = irq->kin;
	if (irq->cpu == cpu)
		return 0;
	if (irq->cpu != ENGINE_NOWHERE && cpu != ENGINE_NOWHERE) {
		engine->blur[irq->cpu] = hypot(engine->blur[irq->cpu], left);
		engine->blur[cpu] = hypot(engine->blur[cpu], left);
		rate->moved++;
		engine->unchecked = true;
	}
	irq->cpu = cpu;
	if (!rate->busy)
		return 0;
	engine->refused_until_s = 0;
	return costs_place(&engine->costs, index, cpu);
}

int engine_displaced(struct engine *engine, uint32_t index, uint32_t cpu)
{
	uint32_t from = engine->irqs[index].cpu;
	int r = engine_place(engine, index, cpu);

	engine->rates[index].changed_s = (float)engine->time_s;
	if (from != ENGINE_NOWHERE)
		engine->blur[from] = NOTHING;
	if (cpu != ENGINE_NOWHERE)
		engine->blur[cpu] = NOTHING;
	return r;
}

static uint64_t interrupt_ticks(const struct cpu_time *time)
{
	return time->irq_ticks + time->softirq_ticks;
}

static uint64_t other_ticks(const struct cpu_time *time)
{
	return time->total_ticks - time->idle_ticks - interrupt_ticks(time);
}

/*
 * Without CONFIG_IRQ_TIME_ACCOUNTING the kernel counts time by its clock tick, and an idle CPU has
 * none: interrupts that come then are counted as nothing. Idle time itself is measured, and stands
 * still while they are served (kernel/time/tick-sched.c, tick_irq_enter() to tick_nohz_irq_exit()),
 * so they are what all times of the CPU together lack of the time that passed. What is too much in
 * one sample, since the file has whole ticks and other work is counted by them, makes up for what
 * is too little in the next.
 */
static double uncounted_time(struct engine *engine, size_t i, const struct cpu_time *now,
			     double seconds)
{
	const struct cpu_time *before = &engine->last_cpus[i];
	double *lack = &engine->uncounted[i], found;

	/* where idle time does not move nothing is known of it, or there was none */
	if (now->idle_ticks <= before->idle_ticks || now->total_ticks < before->total_ticks)
		return 0;
	found = *lack + seconds - (double)(now->total_ticks - before->total_ticks) * TICK;
	*lack = fmax(fmin(found, 0), -UNCOUNTED_MAX);
	return fmin(fmax(found, 0), seconds);
}

static void learn_cpu(struct engine *engine, size_t i, const struct sample *sample, double seconds)
{
	const struct cpu_time *before = &engine->last_cpus[i], *now = &sample->cpus[i];
	uint64_t ticks = interrupt_ticks(now), last = interrupt_ticks(before);
	double other = (double)(other_ticks(now) - other_ticks(before)) * TICK / seconds;
	double part = engine->time_s > 0 ? 1 - exp(-seconds / OTHER_SECONDS) : 1;

	engine->busy[i] = -1;
	if (ticks >= last)
		engine->busy[i] = (double)(ticks - last) * TICK;
	if (ticks >= last && !sample->idle_is_ticks)
		engine->busy[i] += uncounted_time(engine, i, now, seconds);
	engine->saturated[i] = engine->busy[i] >= FULL * seconds;
	if (other_ticks(now) >= other_ticks(before) && other <= 1.1)
		engine->other[i] += part * (other - engine->other[i]);
}

static bool has_cpus(const struct engine *engine, const struct sample *sample)
{
	if (sample->n_cpus != engine->n_cpus)
		return false;
	for (size_t i = 0; i < sample->n_cpus; i++) {
		if (sample->cpus[i].cpu != engine->cpus[i].place.cpu)
			return false;
	}
	return true;
}

static void remember(struct engine *engine, const struct sample *sample)
{
	for (size_t i = 0; i < engine->n_irqs; i++) {
		size_t irq = (size_t)engine->irqs[i].irq;

		engine->last_counts[i] = irq < sample->n_counts ? (uint32_t)sample->counts[irq] : 0;
	}
}

size_t engine_full_count(const struct engine *engine)
{
	size_t full = 0;

	for (size_t i = 0; i < engine->n_cpus; i++)
		full += engine->saturated[i];
	return full;
}

size_t engine_busy_count(const struct engine *engine)
{
	size_t busy = 0;

	for (size_t i = 0; i < engine->n_irqs; i++)
		busy += engine->rates[i].busy;
	return busy;
}

static double budget_a_minute(const struct engine *engine)
{
	if (engine->options.moves_per_minute > 0)
		return engine->options.moves_per_minute;
	return fmax(BUDGET_MIN, 6 * (double)engine_busy_count(engine));
}

static void fill_budget(struct engine *engine, double seconds)
{
	double minute = budget_a_minute(engine);

	if (engine->time_s <= 0)
		engine->budget = minute;
	engine->budget = fmin(engine->budget + minute * seconds / 60, minute);
	engine->trim = fmin(engine->trim + TRIM_MOVES * seconds / 60, TRIM_MOVES);
}

/*
 * Of saturated CPUs nobody knows how much they are asked for. Moves between them that free none
 * were wrong as often as right: each time the next ones wait twice as long.
 */
static void check_blind(struct engine *engine)
{
	size_t full = engine_full_count(engine);

	if (!engine->n_full || full < engine->n_full) {
		engine->blind_s = 0;
	} else {
		engine->blind_s = fmin(fmax(2 * engine->blind_s, BLIND_MIN), BLIND_MAX);
		engine->blind_until_s = engine->time_s + engine->blind_s;
	}
	engine->n_full = 0;
}

int engine_sample(struct engine *engine, const struct sample *sample)
{
	double seconds = (double)(sample->mono_ns - engine->last_ns) / 1e9;
	struct cost_sample equations;
	int r;

	if (!has_cpus(engine, sample))
		return -ESTALE;
	if (engine->has_sample && (sample->mono_ns <= engine->last_ns || seconds < TICK))
		return 0;
	if (!engine->has_sample) {
		remember(engine, sample);
		memcpy(engine->last_cpus, sample->cpus, sample->n_cpus * sizeof(*sample->cpus));
		engine->last_ns = sample->mono_ns;
		engine->has_sample = true;
		return 0;
	}
	r = engine_learn_rates(engine, sample, seconds);
	for (size_t i = 0; i < engine->n_cpus; i++) {
		learn_cpu(engine, i, sample, seconds);
		/* the same work takes a slow CPU longer: costs are in the fastest one's time */
		engine->busy[i] *= engine->cpus[i].capacity;
	}
	equations = (struct cost_sample){
		.seconds = seconds,
		.busy = engine->busy,
		.blur = engine->blur,
		.saturated = engine->saturated,
		.events = engine->events,
	};
	if (r == 0)
		r = costs_learn(&engine->costs, &equations);
	fill_budget(engine, seconds);
	for (size_t i = 0; i < engine->n_cpus; i++) {
		engine->busy[i] /= seconds * engine->cpus[i].capacity;
		engine->blur[i] = 0;
	}
	memcpy(engine->last_cpus, sample->cpus, sample->n_cpus * sizeof(*sample->cpus));
	engine->last_ns = sample->mono_ns;
	engine->time_s += seconds;
	if (engine->unchecked)
		check_blind(engine);
	engine->unchecked = false;
	return r;
}

struct engine_load engine_load(const struct engine *engine, uint32_t irq)
{
	const struct engine_rate *rate = &engine->rates[irq];
	const struct cost_slot *slot = &engine->costs.slots[irq];
	double doubt;

	if (!rate->busy)
		return (struct engine_load){0};
	doubt = costs_doubt(&engine->costs, irq) * rate->rate;
	if (rate->steady >= 1)
		doubt = sqrt(doubt * doubt +
			     slot->cost * slot->cost * rate->variance / rate->steady);
	return (struct engine_load){
		.rate = rate->rate,
		.load = rate->rate * slot->cost,
		.doubt = doubt,
		.busy = true,
	};
}

bool engine_is_busy(const struct engine *engine, uint32_t irq)
{
	return engine->rates[irq].busy;
}

double engine_cpu_load(const struct engine *engine, uint32_t cpu)
{
	return fmax(engine->busy[cpu], 0);
}

uint32_t engine_fullest(const struct engine *engine)
{
	uint32_t fullest = 0;

	for (uint32_t i = 1; i < engine->n_cpus; i++) {
		if (engine->busy[i] > engine->busy[fullest])
			fullest = i;
	}
	return fullest;
}
