/* SPDX-License-Identifier: BSD-2-Clause */
#include "plan/simulate.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "base/macros.h"
#include "plan/machine.h"

#define NEVER UINT64_MAX

struct run {
	const struct policy *policy;
	const struct policy_options *options;
	struct sim sim;
	struct policy_irq *irqs; /* what the policy is shown */
	struct policy_writes writes;
	void *state;
	bool is_started;
	uint64_t next_step; /* when the policy looks again */
	uint64_t moves;     /* in this second so far */
	size_t n_phases;    /* that began */
};

static int open_run(struct run *run, const struct scenario *scenario)
{
	struct sim *sim = &run->sim;
	int r = sim_init(sim, scenario);

	if (r < 0)
		return r;
	run->irqs = calloc(sim->n_irqs + 1, sizeof(*run->irqs));
	if (!run->irqs)
		return -ENOMEM;
	for (size_t i = 0; i < sim->n_irqs; i++) {
		const struct sim_irq *irq = &sim->irqs[i];

		run->irqs[i] = (struct policy_irq){
			.number = irq->number,
			.name = irq->name,
			.node = irq->node,
			.device = irq->device,
			.pci_class = irq->pci_class,
			.requested = &irq->requested,
		};
	}
	return 0;
}

static void close_run(struct run *run)
{
	if (run->is_started)
		run->policy->stop(run->state);
	policy_writes_done(&run->writes);
	free(run->irqs);
	sim_done(&run->sim);
}

static int look(struct run *run, struct policy_view *ret)
{
	struct sim *sim = &run->sim;
	int r = sim_look(sim);

	if (r < 0)
		return r;
	for (size_t i = 0; i < sim->n_irqs; i++)
		run->irqs[i].cpu = sim->irqs[i].cpu;
	*ret = (struct policy_view){
		.sample = &sim->sample,
		.irqs = run->irqs,
		.n_irqs = sim->n_irqs,
		.topology = &sim->topology,
	};
	return 0;
}

/* Steps from now to the next look, at least one. */
static uint64_t next_look(uint64_t now, double seconds)
{
	double steps = round(seconds * SIM_STEPS_A_SECOND);

	if (!(steps < SCENARIO_SECONDS_MAX * SIM_STEPS_A_SECOND))
		return NEVER;
	return now + (steps < 1 ? 1 : (uint64_t)steps);
}

static int run_policy(struct run *run)
{
	struct sim *sim = &run->sim;
	struct policy_view view;
	double next_s = INFINITY;
	int r = look(run, &view);

	if (r == 0 && !run->is_started) {
		r = run->policy->start(&view, run->options, &run->state);
		run->is_started = r == 0;
	}
	if (r == 0)
		r = run->policy->step(run->state, &view, &run->writes, &next_s);
	for (size_t i = 0; i < run->writes.n && r == 0; i++)
		r = sim_set_affinity(sim, run->writes.items[i].irq, &run->writes.items[i].cpus);
	policy_writes_clear(&run->writes);
	run->next_step = next_look(sim->steps, next_s);
	return r;
}

static bool is_due(const struct scenario_event *event, uint64_t second)
{
	if (second == event->at_s)
		return true;
	return event->every_s && second > event->at_s &&
	       (second - event->at_s) % event->every_s == 0;
}

static int happen(struct run *run, const struct scenario_event *event)
{
	if (event->action == SCENARIO_RELOAD && run->policy->reload) {
		run->policy->reload(run->state);
		run->next_step = run->sim.steps;
	}
	return sim_event(&run->sim, event);
}

static int end_second(struct run *run, uint32_t second, struct simulate_second *ret)
{
	const struct scenario *scenario = run->sim.scenario;
	struct sim_load load = sim_load(&run->sim);
	int r = 0;

	*ret = (struct simulate_second){
		.second = second,
		.moves = run->moves,
		.max = load.max,
		.mean = load.mean,
		.bound = run->sim.bound,
		.remote = load.remote,
	};
	run->moves = 0;
	while (r == 0 && run->n_phases < scenario->n_phases &&
	       scenario->phases[run->n_phases].at_s <= second)
		r = sim_phase(&run->sim, &scenario->phases[run->n_phases++]);
	for (size_t i = 0; i < scenario->n_events && r == 0; i++) {
		if (is_due(&scenario->events[i], second))
			r = happen(run, &scenario->events[i]);
	}
	return r;
}

static int run_seconds(struct run *run, struct simulate_second *seconds, size_t n_seconds)
{
	struct sim *sim = &run->sim;
	int r = run_policy(run);

	while (r == 0 && sim->steps < n_seconds * SIM_STEPS_A_SECOND) {
		run->moves += sim_step(sim);
		if (sim->steps % SIM_STEPS_A_SECOND == 0) {
			size_t second = sim->steps / SIM_STEPS_A_SECOND;

			r = end_second(run, (uint32_t)second, &seconds[second - 1]);
		}
		if (r == 0 && sim->steps >= run->next_step)
			r = run_policy(run);
	}
	return r;
}

void simulate_score(struct simulate_result *result, double seconds)
{
	size_t n = 0;

	for (size_t i = 0; i < result->n_seconds; i++) {
		const struct simulate_second *second = &result->seconds[i];

		result->moves_total += second->moves;
		if (!result->within && second->max <= 1.1 * second->bound)
			result->within = second->second;
		if (second->second <= seconds / 3)
			continue;
		n++;
		result->moves += second->moves;
		result->max += second->max;
		result->mean += second->mean;
		result->bound += second->bound;
		result->remote_share += second->remote;
	}
	result->max /= (double)n;
	result->mean /= (double)n;
	result->bound /= (double)n;
	result->remote_share /= (double)n;
	result->ratio = result->bound > 0 ? result->max / result->bound : NAN;
	result->imbalance = result->mean > 0 ? result->max / result->mean - 1 : NAN;
}

int simulate(const struct scenario *scenario, const struct policy *policy,
	     const struct policy_options *options, struct simulate_result *ret)
{
	struct run run = {.policy = policy, .options = options};
	struct simulate_result result = {
		.name = policy->name,
		.n_seconds = (size_t)scenario->seconds,
	};
	int r = open_run(&run, scenario);

	result.seconds = calloc(result.n_seconds, sizeof(*result.seconds));
	if (r == 0 && !result.seconds)
		r = -ENOMEM;
	if (r == 0)
		r = run_seconds(&run, result.seconds, result.n_seconds);
	close_run(&run);
	if (r < 0) {
		simulate_result_done(&result);
		return r;
	}
	simulate_score(&result, scenario->seconds);
	*ret = result;
	return 0;
}

void simulate_result_done(struct simulate_result *result)
{
	free(result->seconds);
	*result = (struct simulate_result){0};
}
