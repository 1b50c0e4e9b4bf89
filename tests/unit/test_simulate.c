/* SPDX-License-Identifier: BSD-2-Clause */
/* The invented machine, the policies that are not irqctl's own, and how they are scored. */
#include "cmocka_all.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "base/macros.h"
#include "plan/machine.h"
#include "plan/simulate.h"

#define NEAR(a, b) assert_true(fabs((a) - (b)) < 1e-6)

static struct scenario scenario_of(const char *text)
{
	_cleanup_(buf_done) struct buf error = {0};
	struct scenario scenario;

	if (scenario_parse(text, strlen(text), &scenario, &error) != 0)
		fail_msg("%s", buf_text(&error));
	return scenario;
}

static struct simulate_result run(const char *text, const struct policy *policy, double interval_s)
{
	_cleanup_(scenario_done) struct scenario scenario = scenario_of(text);
	struct simulate_result result;

	assert_int_equal(simulate(&scenario, policy, &(struct policy_options){interval_s}, &result),
			 0);
	return result;
}

static void set_cpus(struct sim *sim, size_t irq, uint32_t first, uint32_t last)
{
	_cleanup_(cpuset_done) struct cpuset cpus = {0};

	assert_int_equal(cpuset_add_range(&cpus, first, last), 0);
	assert_int_equal(sim_set_affinity(sim, irq, &cpus), 0);
}

/* Two cores of two threads on each of two nodes; interrupts of two devices. */
#define SMALL                                                                                      \
	"{\"cpus\": 8, \"nodes\": 2, \"smt\": 2, \"irqs\": ["                                      \
	"{\"rate\": 1000, \"cost_us\": 100}, {\"rate\": 25, \"cost_us\": 10, \"node\": 1},"        \
	"{\"rate\": 4, \"cost_us\": 10, \"node\": -1}, {\"rate\": 30000, \"cost_us\": 50},"        \
	"{\"rate\": 0, \"cost_us\": 0, \"count\": 5}]}"

static void test_shape(void **state)
{
	_cleanup_(scenario_done) struct scenario scenario = scenario_of(SMALL);
	_cleanup_(sim_done) struct sim sim;

	(void)state;
	assert_int_equal(sim_init(&sim, &scenario), 0);
	assert_int_equal(sim.topology.n_cpus, 8);
	assert_int_equal(sim.topology.cpus[5].core, 2);
	assert_int_equal(sim.topology.cpus[5].node, 1);
	assert_int_equal(sim.topology.cpus[5].package, 1);
	assert_int_equal(topology_distance(&sim.topology, 0, 0), 10);
	assert_int_equal(topology_distance(&sim.topology, 1, 0), 20);
	assert_int_equal(sim.n_irqs, 9);
	for (uint32_t i = 0; i < 9; i++) {
		assert_int_equal(sim.irqs[i].number, 100 + i);
		assert_int_equal(sim.irqs[i].cpu, i % 8);
	}
	assert_string_equal(sim.irqs[0].name, "eth0-TxRx-0");
	assert_string_equal(sim.irqs[1].name, "eth1-TxRx-1");
	assert_string_equal(sim.irqs[2].name, "eth2-TxRx-2");
	assert_string_equal(sim.irqs[3].name, "eth0-TxRx-3");
	NEAR(sim.bound, 1.5);
}

/* Counts keep their fractions, times are whole ticks, and a CPU has no more than all its time. */
static void test_second(void **state)
{
	_cleanup_(scenario_done) struct scenario scenario = scenario_of(SMALL);
	_cleanup_(sim_done) struct sim sim;
	const struct sample *sample = &sim.sample;
	struct sim_load load;

	(void)state;
	assert_int_equal(sim_init(&sim, &scenario), 0);
	for (int i = 0; i < 10; i++)
		assert_int_equal(sim_step(&sim), 0);
	assert_int_equal(sim_look(&sim), 0);
	assert_int_equal(sample->mono_ns, 1000000000);
	assert_int_equal(sample->n_counts, 109);
	assert_int_equal(sample->counts[99], 0);
	assert_int_equal(sample->counts[100], 1000);
	assert_int_equal(sample->counts[101], 25);
	assert_in_range(sample->counts[102], 3, 4); /* 0.4 ten times, in binary */
	assert_int_equal(sample->n_cpus, 8);
	assert_in_range(sample->cpus[0].softirq_ticks, 9, 10);
	assert_int_equal(sample->cpus[1].softirq_ticks, 0);
	assert_in_range(sample->cpus[3].softirq_ticks, 99, 100);
	assert_int_equal(sample->cpus[3].total_ticks, 100);
	assert_in_range(sample->cpus[3].idle_ticks, 0, 1);
	assert_int_equal(sample->cpus[7].idle_ticks, 100);
	load = sim_load(&sim);
	NEAR(load.max, 1.5);
	NEAR(load.mean, 1.60029 / 8);
	NEAR(load.remote, 0.00025 / 1.60029); /* interrupt 1 is of node 1, CPU 1 of node 0 */
}

static void test_affinity(void **state)
{
	_cleanup_(scenario_done) struct scenario scenario = scenario_of(SMALL);
	_cleanup_(cpuset_done) struct cpuset none = {0}, beyond = {0};
	_cleanup_(sim_done) struct sim sim;

	(void)state;
	assert_int_equal(sim_init(&sim, &scenario), 0);
	set_cpus(&sim, 3, 2, 5); /* stays where it is */
	set_cpus(&sim, 4, 0, 2); /* 0 serves two, 1 and 2 one */
	set_cpus(&sim, 5, 7, 7);
	set_cpus(&sim, 5, 6, 6); /* the last write holds */
	set_cpus(&sim, 6, 0, 7); /* what it had */
	assert_int_equal(sim.irqs[5].cpu, 5);
	assert_int_equal(sim_step(&sim), 3);
	assert_int_equal(sim.irqs[3].cpu, 3);
	assert_int_equal(sim.irqs[4].cpu, 1);
	assert_int_equal(sim.irqs[5].cpu, 6);
	assert_int_equal(sim_step(&sim), 0);
	set_cpus(&sim, 8, 1, 5); /* 5 serves none now, nor does 4 */
	assert_int_equal(sim_step(&sim), 1);
	assert_int_equal(sim.irqs[8].cpu, 4);
	assert_int_equal(sim_set_affinity(&sim, 5, &none), 0);
	assert_int_equal(sim_step(&sim), 1);
	assert_int_equal(cpuset_count(&sim.irqs[5].requested), 0);
	assert_int_equal(cpuset_add(&beyond, 8), 0);
	assert_int_equal(sim_set_affinity(&sim, 5, &beyond), -EINVAL);
	assert_int_equal(sim_set_affinity(&sim, 9, &none), -EINVAL);
}

static void test_events(void **state)
{
	_cleanup_(scenario_done) struct scenario scenario = scenario_of(SMALL);
	_cleanup_(sim_done) struct sim sim;

	(void)state;
	assert_int_equal(sim_init(&sim, &scenario), 0);
	sim_step(&sim);
	assert_int_equal(sim_event(&sim, &(struct scenario_event){.action = SCENARIO_RESET}), 0);
	assert_int_equal(sim.irqs[0].count, 0);
	assert_int_equal(sim_event(&sim, &(struct scenario_event){.action = SCENARIO_SWAP,
								  .a = 0,
								  .b = 3,
								  .n_swapped = 2}),
			 0);
	assert_true(sim.irqs[3].rate == 1000 && sim.irqs[3].cost_us == 100);
	assert_true(sim.irqs[0].rate == 30000 && sim.irqs[1].rate == 0);
	assert_int_equal(
		sim_event(&sim, &(struct scenario_event){.action = SCENARIO_FORCE, .cpu = 6}), 0);
	assert_int_equal(sim_step(&sim), 9);
	for (size_t i = 0; i < 9; i++)
		assert_int_equal(sim.irqs[i].cpu, 6);
	NEAR(sim_load(&sim).mean, 1.60029 / 8);
	NEAR(sim.bound, 1.5);
}

/* Some CPU of two must serve two of the three largest, and three of the five largest. */
/* What a recording adds: where interrupts are at the start, and rates that change. */
static void test_phases(void **state)
{
	static const float first[] = {1000, 3000}, second[] = {5000, 0};
	struct scenario_phase phases[] = {{.at_s = 0, .rates = first},
					  {.at_s = 3, .rates = second}};
	_cleanup_(scenario_done) struct scenario scenario = scenario_of(
		"{\"cpus\": 2, \"seconds\": 6, \"irqs\": ["
		"{\"rate\": 1000, \"cost_us\": 100}, {\"rate\": 3000, \"cost_us\": 100}]}");
	struct simulate_result result;

	(void)state;
	scenario.irqs[0].home = 2;
	scenario.irqs[1].home = 2;
	scenario.phases = phases;
	scenario.n_phases = ARRAY_SIZE(phases);
	assert_int_equal(simulate(&scenario, &policy_none, &(struct policy_options){0}, &result),
			 0);
	scenario.phases = NULL; /* not its own */
	NEAR(result.seconds[2].max, 0.4);
	NEAR(result.seconds[2].mean, 0.2);
	NEAR(result.seconds[2].bound, 0.3);
	NEAR(result.seconds[3].max, 0.5);
	NEAR(result.seconds[5].bound, 0.5);
	simulate_result_done(&result);
}

static void test_bound(void **state)
{
	_cleanup_(scenario_done) struct scenario pairs = scenario_of(
		"{\"cpus\": 2, \"irqs\": [{\"rate\": 1000, \"cost_us\": 300, \"count\": 3}]}");
	_cleanup_(scenario_done) struct scenario triples = scenario_of(
		"{\"cpus\": 2, \"irqs\": [{\"rate\": 1000, \"cost_us\": 100, \"count\": 5}]}");
	_cleanup_(sim_done) struct sim a, b;

	(void)state;
	assert_int_equal(sim_init(&a, &pairs), 0);
	NEAR(a.bound, 0.6);
	assert_int_equal(sim_init(&b, &triples), 0);
	NEAR(b.bound, 0.3);
}

/*
 * What other means than this machine (a real-time model with files of its own) measured for
 * machines that nobody balances.
 */
static void test_reference(void **state)
{
	struct simulate_result result;

	(void)state;
	result = run("{\"cpus\": 4, \"irqs\": [{\"rate\": 1000, \"cost_us\": 500},"
		     "{\"rate\": 60000, \"cost_us\": 1, \"count\": 4},"
		     "{\"rate\": 100, \"cost_us\": 10, \"count\": 3}]}",
		     &policy_none, 0);
	NEAR(result.max, 0.56);
	NEAR(result.bound, 0.5);
	NEAR(result.ratio, 1.12);
	assert_int_equal(result.within, 0);
	assert_int_equal(result.moves_total, 0);
	simulate_result_done(&result);
	result = run("{\"cpus\": 8, \"nodes\": 2, \"irqs\": ["
		     "{\"rate\": 20000, \"cost_us\": 45, \"count\": 4},"
		     "{\"rate\": 20000, \"cost_us\": 40, \"count\": 4},"
		     "{\"rate\": 20000, \"cost_us\": 30, \"count\": 2}]}",
		     &policy_none, 0);
	NEAR(result.max, 1.5);
	NEAR(result.bound, 1.4);
	NEAR(result.remote_share, 0.4);
	assert_int_equal(result.within, 1);
	simulate_result_done(&result);
}

#define LOADED                                                                                     \
	"{\"cpus\": 2, \"seconds\": 9, \"irqs\": [{\"rate\": 6000, \"cost_us\": 100},"             \
	"{\"rate\": 1000, \"cost_us\": 100, \"count\": 2}],"                                       \
	"\"events\": [{\"at\": 2, \"do\": \"force\", \"cpu\": 1},"                                 \
	"{\"at\": 4, \"every\": 4, \"do\": \"force\", \"cpu\": 0}]}"

/* Seconds 4 to 9 count; what happens at second 4 is seen in second 5. */
static void test_score(void **state)
{
	struct simulate_result result = run(LOADED, &policy_none, 0);

	(void)state;
	assert_string_equal(result.name, "none");
	assert_int_equal(result.n_seconds, 9);
	NEAR(result.seconds[0].max, 0.7);
	NEAR(result.seconds[1].max, 0.7);
	NEAR(result.seconds[2].max, 0.8);
	assert_int_equal(result.seconds[2].second, 3);
	assert_int_equal(result.seconds[1].moves, 0);
	assert_int_equal(result.seconds[2].moves, 3);
	assert_int_equal(result.seconds[4].moves, 3);
	assert_int_equal(result.seconds[8].moves, 0); /* forced to where it was forced before */
	assert_int_equal(result.moves, 3);
	assert_int_equal(result.moves_total, 6);
	NEAR(result.max, 0.8);
	NEAR(result.mean, 0.4);
	NEAR(result.bound, 0.6);
	NEAR(result.ratio, 4.0 / 3);
	NEAR(result.imbalance, 1);
	assert_int_equal(result.within, 0);
	simulate_result_done(&result);
}

/* No load, no ratio. */
static void test_idle(void **state)
{
	struct simulate_result result =
		run("{\"cpus\": 2, \"seconds\": 3, \"irqs\": [{\"rate\": 0, \"cost_us\": 1}]}",
		    &policy_round_robin, 0);

	(void)state;
	assert_true(isnan(result.ratio) && isnan(result.imbalance));
	assert_int_equal(result.moves_total, 1);
	assert_int_equal(result.within, 1);
	simulate_result_done(&result);
}

#define NOISY                                                                                      \
	"{\"cpus\": 2, \"seconds\": 200, \"noise\": 0.3, \"seed\": %d,"                            \
	"\"irqs\": [{\"rate\": 6000, \"cost_us\": 100}]}"

static struct simulate_result run_noisy(int seed)
{
	_cleanup_(buf_done) struct buf text = {0};

	assert_int_equal(buf_printf(&text, NOISY, seed), 0);
	return run(buf_text(&text), &policy_none, 0);
}

/* Noise is within its limits, fills them, has the mean 0, and is the same for the same seed. */
static void test_noise(void **state)
{
	struct simulate_result one = run_noisy(3), again = run_noisy(3), other = run_noisy(4);
	double least = 1, most = 0;

	(void)state;
	for (size_t i = 0; i < 200; i++) {
		assert_true(one.seconds[i].max == again.seconds[i].max);
		least = fmin(least, one.seconds[i].max);
		most = fmax(most, one.seconds[i].max);
	}
	assert_true(one.max != other.max);
	assert_true(least >= 0.6 * 0.7 && least < 0.6 * 0.72);
	assert_true(most <= 0.6 * 1.3 && most > 0.6 * 1.28);
	assert_true(fabs(one.max - 0.6) < 0.04);
	simulate_result_done(&one);
	simulate_result_done(&again);
	simulate_result_done(&other);
}

static void test_round_robin(void **state)
{
	struct simulate_result result =
		run("{\"cpus\": 4, \"nodes\": 2, \"seconds\": 3, \"irqs\": ["
		    "{\"rate\": 1000, \"cost_us\": 100, \"node\": 1, \"count\": 3},"
		    "{\"rate\": 1000, \"cost_us\": 10, \"count\": 2}]}",
		    &policy_round_robin, 0);

	(void)state;
	NEAR(result.max, 0.2);
	NEAR(result.remote_share, 0);
	assert_int_equal(result.moves, 0);
	assert_int_equal(result.moves_total, 5);
	assert_int_equal(result.seconds[0].moves, 5);
	simulate_result_done(&result);
}

/* A small interrupt leaves the busy CPU; a large one cannot be swapped for it. */
static void test_irqbalance_like(void **state)
{
	struct simulate_result result =
		run("{\"cpus\": 2, \"seconds\": 30, \"irqs\": [{\"rate\": 6000, \"cost_us\": 100},"
		    "{\"rate\": 1000, \"cost_us\": 100, \"count\": 3}]}",
		    &policy_irqbalance_like, 1);

	(void)state;
	NEAR(result.max, 0.6);
	assert_int_equal(result.moves, 0);
	assert_int_equal(result.seconds[0].moves, 4);
	assert_int_equal(result.seconds[1].moves, 1);
	simulate_result_done(&result);
}

/* It looks every 10 s unless told otherwise, and SIGHUP makes it place everything anew. */
static void test_irqbalance_interval(void **state)
{
	static const char text[] =
		"{\"cpus\": 2, \"seconds\": 30, \"irqs\": [{\"rate\": 6000, \"cost_us\": 100},"
		"{\"rate\": 1000, \"cost_us\": 100, \"count\": 3},"
		"{\"rate\": 1000, \"cost_us\": 100, \"class\": \"0xff0000\"}],"
		"\"events\": [{\"at\": 14, \"do\": \"signal\", \"name\": \"HUP\"}]}";
	struct simulate_result result = run(text, &policy_irqbalance_like, 0);

	(void)state;
	assert_int_equal(result.seconds[0].moves, 4); /* the last one's class has no name */
	for (size_t i = 1; i < 10; i++)
		assert_int_equal(result.seconds[i].moves, 0);
	assert_int_equal(result.seconds[10].moves, 1);
	assert_int_equal(result.seconds[14].moves, 1);
	assert_int_equal(result.seconds[24].moves, 1);
	simulate_result_done(&result);
}

static void test_find(void **state)
{
	(void)state;
	assert_ptr_equal(policy_find("none"), &policy_none);
	assert_ptr_equal(policy_find("irqbalance-like"), &policy_irqbalance_like);
	assert_null(policy_find("non"));
}

/* Each policy on a machine of the largest numbers, for a moment. */
static void test_large(void **state)
{
	static const char text[] =
		"{\"cpus\": 512, \"nodes\": 8, \"smt\": 2, \"seconds\": 2, \"noise\": 0.1,"
		"\"irqs\": [{\"rate\": 100, \"cost_us\": 3, \"count\": 65536}]}";

	(void)state;
	for (size_t i = 0; policies[i]; i++) {
		struct simulate_result result;

		if (strcmp(policies[i]->name, "irqctl") == 0)
			continue; /* has tests of its own */
		result = run(text, policies[i], 1);
		assert_true(result.max >= result.mean && result.max > 0);
		simulate_result_done(&result);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shape),
		cmocka_unit_test(test_second),
		cmocka_unit_test(test_affinity),
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_phases),
		cmocka_unit_test(test_bound),
		cmocka_unit_test(test_reference),
		cmocka_unit_test(test_score),
		cmocka_unit_test(test_idle),
		cmocka_unit_test(test_noise),
		cmocka_unit_test(test_round_robin),
		cmocka_unit_test(test_irqbalance_like),
		cmocka_unit_test(test_irqbalance_interval),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
