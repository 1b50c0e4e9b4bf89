/* SPDX-License-Identifier: BSD-2-Clause */
/* A move that is made to learn. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "plan/engine_internal.h"

#define PROBE_LEAST 0.1  /* CPUs: a load that is worth a probe */
#define PROBE_ABOVE 1.3  /* times the mean load: below it little can be won, and chance is near */
#define PROBE_HEAVY 0.5  /* part of its CPU that the heaviest one seems to take */
#define PROBE_DOUBT 0.05 /* part of its CPU that the other one may take */
#define PROBE_PAUSE 10.0 /* s */

/* An interrupt of a CPU that may be the one that takes its time, or may not. */
struct suspect {
	uint32_t irq; /* the one that is least known, but for the heaviest */
	double load;  /* of the heaviest, as a part of this CPU */
	double doubt; /* of `irq`, as well */
};

/* The least known interrupt of the CPU that is neither fixed nor thought to be the heaviest. */
static struct suspect find_suspect(const struct engine *engine, uint32_t cpu)
{
	struct suspect suspect = {.irq = ENGINE_NOWHERE};
	uint32_t heaviest = ENGINE_NOWHERE;
	double capacity = engine->cpus[cpu].capacity;
	size_t n;
	const uint32_t *served = costs_served(&engine->costs, cpu, &n);

	for (size_t i = 0; i < n; i++) {
		double load = engine_irq_load(engine, served[i]) / capacity;

		if (load > suspect.load) {
			suspect.load = load;
			heaviest = served[i];
		}
	}
	for (size_t i = 0; i < n; i++) {
		const struct engine_irq *irq = &engine->irqs[served[i]];
		double doubt = engine_load(engine, served[i]).doubt / capacity;

		if (served[i] == heaviest || irq->fixed || irq->allowed || irq->group ||
		    doubt <= suspect.doubt)
			continue;
		suspect.doubt = doubt;
		suspect.irq = served[i];
	}
	return suspect;
}

/* What a CPU has to do that counts for where interrupts go. */
static double work_of(const struct engine *engine, uint32_t cpu)
{
	return engine_cpu_load(engine, cpu) +
	       (engine->options.respect_load ? engine->other[cpu] : 0);
}

/* The open CPU with room that has the least to do, or ENGINE_NOWHERE. */
static uint32_t find_emptiest(const struct engine *engine)
{
	uint32_t emptiest = ENGINE_NOWHERE;

	for (uint32_t i = 0; i < engine->n_cpus; i++) {
		if (!engine->cpus[i].closed && engine->cpus[i].room &&
		    (emptiest == ENGINE_NOWHERE || work_of(engine, i) < work_of(engine, emptiest)))
			emptiest = i;
	}
	return emptiest;
}

int engine_probe(struct engine *engine, struct balance_plan *plan)
{
	uint32_t fullest = engine_fullest(engine), emptiest = find_emptiest(engine);
	double highest = engine_cpu_load(engine, fullest), mean = 0;
	struct suspect suspect;

	for (uint32_t i = 0; i < engine->n_cpus; i++)
		mean += engine_cpu_load(engine, i) / (double)engine->n_cpus;
	suspect = find_suspect(engine, fullest);
	if (suspect.irq == ENGINE_NOWHERE || emptiest == ENGINE_NOWHERE || fullest == emptiest ||
	    highest < fmax(PROBE_LEAST, PROBE_ABOVE * mean) ||
	    highest - work_of(engine, emptiest) < suspect.doubt ||
	    suspect.load < PROBE_HEAVY * highest || suspect.doubt < PROBE_DOUBT * highest)
		return 0;
	free(plan->moves);
	plan->n_moves = 0;
	plan->moves = calloc(1, sizeof(*plan->moves));
	if (!plan->moves)
		return -ENOMEM;
	plan->moves[plan->n_moves++] = (struct balance_move){
		.irq = suspect.irq,
		.from = fullest,
		.to = emptiest,
		.from_fill = highest,
		.to_fill = engine_cpu_load(engine, emptiest),
		.reason = arena_printf(&plan->strings,
				       "to find out what it costs: CPU %" PRIu32
				       " is at %.2f, and its interrupts were never seen apart",
				       engine->cpus[fullest].place.cpu, highest),
	};
	engine->probe_until_s = engine->time_s + PROBE_PAUSE;
	return plan->moves[0].reason ? 0 : -ENOMEM;
}
