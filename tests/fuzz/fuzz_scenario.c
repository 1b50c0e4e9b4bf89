/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as a scenario: what was read is within its limits, and a machine can be made of it. */
#include "fuzz.h"

#include <errno.h>

#include "base/macros.h"
#include "parse/scenario.h"
#include "plan/machine.h"

#define STEPS 3

static void check_irqs(const struct scenario *scenario)
{
	CHECK(scenario->n_irqs >= 1 && scenario->n_irqs <= SCENARIO_IRQS_MAX);
	for (size_t i = 0; i < scenario->n_irqs; i++) {
		const struct scenario_irq *irq = &scenario->irqs[i];

		CHECK(irq->rate >= 0 && irq->rate <= SCENARIO_RATE_MAX);
		CHECK(irq->cost_us >= 0 && irq->cost_us <= SCENARIO_COST_MAX_US);
		CHECK(irq->node >= -1 && irq->node < (int32_t)scenario->n_nodes);
		CHECK(irq->pci_class <= 0xffffff);
	}
}

static void check_events(const struct scenario *scenario)
{
	for (size_t i = 0; i < scenario->n_events; i++) {
		const struct scenario_event *event = &scenario->events[i];

		CHECK(event->cpu < scenario->n_cpus && event->irq < scenario->n_irqs);
		CHECK(event->n_swapped <= scenario->n_irqs - event->a);
		CHECK(event->n_swapped <= scenario->n_irqs - event->b);
	}
}

static void run_machine(const struct scenario *scenario)
{
	_cleanup_(sim_done) struct sim sim;

	CHECK(sim_init(&sim, scenario) == 0);
	for (size_t i = 0; i < scenario->n_events; i++)
		CHECK(sim_event(&sim, &scenario->events[i]) == 0);
	for (size_t i = 0; i < STEPS; i++)
		sim_step(&sim);
	CHECK(sim_look(&sim) == 0);
	CHECK(sim_load(&sim).max >= sim_load(&sim).mean * 0.999);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(scenario_done) struct scenario scenario = {0};
	_cleanup_(buf_done) struct buf error = {0};
	int r = scenario_parse((const char *)data, size, &scenario, &error);

	CHECK(r == 0 ? !error.len : r == -EINVAL && error.len);
	if (r < 0)
		return 0;
	CHECK(scenario.n_cpus >= 1 && scenario.n_cpus <= SCENARIO_CPUS_MAX);
	CHECK(scenario.n_cpus % (scenario.n_nodes * scenario.threads) == 0);
	CHECK(scenario.noise >= 0 && scenario.noise <= 1);
	CHECK(scenario.seconds >= 1 && scenario.seconds <= SCENARIO_SECONDS_MAX);
	check_irqs(&scenario);
	check_events(&scenario);
	/* larger ones take their time, and nothing in them is different */
	if (scenario.n_irqs * scenario.n_cpus < 100000 && scenario.n_events < 100)
		run_machine(&scenario);
	return 0;
}
