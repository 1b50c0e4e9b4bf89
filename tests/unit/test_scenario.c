/* SPDX-License-Identifier: BSD-2-Clause */
/* Scenarios: every field, its default, and what is said about a bad one. */
#include "cmocka_all.h"

#include <errno.h>
#include <string.h>

#include "base/macros.h"
#include "parse/scenario.h"

#define SOME_IRQS "\"irqs\": [{\"rate\": 10, \"cost_us\": 2, \"count\": 4}]"

static void read_good(const char *text, struct scenario *scenario)
{
	_cleanup_(buf_done) struct buf error = {0};

	if (scenario_parse(text, strlen(text), scenario, &error) != 0)
		fail_msg("%s: %s", text, buf_text(&error));
	assert_int_equal(error.len, 0);
}

static void check_bad(const char *text, const char *wanted)
{
	_cleanup_(buf_done) struct buf error = {0};
	struct scenario scenario;

	assert_int_equal(scenario_parse(text, strlen(text), &scenario, &error), -EINVAL);
	assert_string_equal(buf_text(&error), wanted);
}

static void test_defaults(void **state)
{
	_cleanup_(scenario_done) struct scenario scenario;

	(void)state;
	read_good("{\"cpus\": 6, " SOME_IRQS "}", &scenario);
	assert_int_equal(scenario.n_cpus, 6);
	assert_int_equal(scenario.n_nodes, 1);
	assert_int_equal(scenario.threads, 1);
	assert_int_equal(scenario.seed, 1);
	assert_true(scenario.noise == 0 && scenario.seconds == 60);
	assert_int_equal(scenario.n_irqs, 4);
	assert_int_equal(scenario.n_events, 0);
	for (size_t i = 0; i < scenario.n_irqs; i++) {
		const struct scenario_irq *irq = &scenario.irqs[i];

		assert_true(irq->rate == 10 && irq->cost_us == 2);
		assert_int_equal(irq->node, 0);
		assert_int_equal(irq->device, 0);
		assert_int_equal(irq->pci_class, 0x020000);
	}
}

static void test_every_field(void **state)
{
	_cleanup_(scenario_done) struct scenario scenario;
	const struct scenario_event *events;

	(void)state;
	read_good("{\"comment\": \"all\", \"cpus\": 8, \"nodes\": 2, \"smt\": 2, \"noise\": 0.25,"
		  "\"seconds\": 12.5, \"seed\": 77, \"irqs\": ["
		  "{\"rate\": 0.5, \"cost_us\": 1e3, \"node\": -1, \"device\": 9,"
		  " \"class\": \"0x01080F\", \"comment\": \"x\"},"
		  "{\"rate\": 1, \"cost_us\": 1, \"node\": 1, \"count\": 3},"
		  "{\"rate\": 1, \"cost_us\": 1, \"count\": 0}],"
		  "\"events\": [{\"at\": 3, \"do\": \"force\", \"cpu\": 7},"
		  "{\"at\": 4.0, \"every\": 2, \"do\": \"signal\", \"name\": \"HUP\"},"
		  "{\"at\": 4, \"do\": \"signal\", \"name\": \"USR1\"},"
		  "{\"at\": 5, \"do\": \"swap\", \"a\": [0, 3], \"b\": [2, 4]},"
		  "{\"at\": 6, \"do\": \"reset\", \"irq\": 3}]}",
		  &scenario);
	assert_int_equal(scenario.n_nodes, 2);
	assert_int_equal(scenario.threads, 2);
	assert_int_equal(scenario.seed, 77);
	assert_true(scenario.noise == 0.25 && scenario.seconds == 12.5);
	assert_int_equal(scenario.n_irqs, 4);
	assert_int_equal(scenario.irqs[0].node, -1);
	assert_int_equal(scenario.irqs[0].device, 9);
	assert_int_equal(scenario.irqs[0].pci_class, 0x01080f);
	assert_int_equal(scenario.irqs[3].node, 1);
	events = scenario.events;
	assert_int_equal(scenario.n_events, 5);
	assert_int_equal(events[0].action, SCENARIO_FORCE);
	assert_int_equal(events[0].cpu, 7);
	assert_int_equal(events[1].action, SCENARIO_RELOAD);
	assert_int_equal(events[1].at_s, 4);
	assert_int_equal(events[1].every_s, 2);
	assert_int_equal(events[2].action, SCENARIO_SIGNAL);
	assert_int_equal(events[3].action, SCENARIO_SWAP);
	assert_int_equal(events[3].b, 2);
	assert_int_equal(events[3].n_swapped, 2);
	assert_int_equal(events[4].action, SCENARIO_RESET);
	assert_int_equal(events[4].irq, 3);
}

static void test_bad_machines(void **state)
{
	(void)state;
	check_bad("", "line 1, column 0: '[' or '{' expected near end of file");
	check_bad("[1]", "a scenario is one JSON object");
	check_bad("{}", "cpus is missing");
	check_bad("{\"cpus\": 4, \"cpus\": 5}",
		  "line 1, column 18: duplicate object key near '\"cpus\"'");
	check_bad("{\"cpus\": 4097}", "cpus: 4097 is not a whole number of 1 to 4096");
	check_bad("{\"cpus\": 2.5}", "cpus: 2.5 is not a whole number of 1 to 4096");
	check_bad("{\"cpus\": \"4\"}", "cpus: \"4\" is not a whole number of 1 to 4096");
	check_bad("{\"cpus\": 4, \"nodes\": 5}", "nodes: 5 is not a whole number of 1 to 4");
	check_bad("{\"cpus\": 4, \"nodes\": 3}", "nodes: 4 CPUs are not a multiple of 3 nodes");
	check_bad("{\"cpus\": 6, \"nodes\": 2, \"smt\": 2}",
		  "smt: the 3 CPUs of a node are not a multiple of 2 threads");
	check_bad("{\"cpus\": 4, \"noise\": -0.1}", "noise: -0.1 is not a number of 0 to 1");
	check_bad("{\"cpus\": 4, \"seconds\": 0.5}", "seconds: 0.5 is not a number of 1 to 86400");
	check_bad("{\"cpus\": 4, \"seed\": -1}",
		  "seed: -1 is not a whole number of 0 to 9007199254740992");
	check_bad("{\"cpus\": 4, \"second\": 5}",
		  "second: there is no such field; did you mean 'seconds'?");
	check_bad("{\"cpus\": 4, \"zzz\": 5}", "zzz: there is no such field");
	check_bad("{\"cpus\": 4}", "irqs is missing");
	check_bad("{\"cpus\": 4, \"irqs\": {}}", "irqs: {} is not an array");
	check_bad("{\"cpus\": 4, \"irqs\": []}", "irqs: there must be at least one interrupt");
}

static void test_bad_interrupts(void **state)
{
	(void)state;
	check_bad("{\"cpus\": 4, \"irqs\": [7]}", "irqs[0]: 7 is not an object");
	check_bad("{\"cpus\": 4, \"irqs\": [{\"rate\": 1}]}", "irqs[0].cost_us is missing");
	check_bad("{\"cpus\": 4, \"irqs\": [{\"rate\": 1, \"cost_us\": 1},"
		  "{\"rate\": -1, \"cost_us\": 1}]}",
		  "irqs[1].rate: -1 is not a number of 0 to 1000000000");
	check_bad("{\"cpus\": 4, \"irqs\": [{\"rate\": 1, \"cost_us\": 1, \"node\": 1}]}",
		  "irqs[0].node: 1 is not a whole number of -1 to 0");
	check_bad("{\"cpus\": 4, \"irqs\": [{\"rate\": 1, \"cost_us\": 1, \"class\": \"net\"}]}",
		  "irqs[0].class: \"net\" is not a PCI class such as \"0x020000\"");
	check_bad("{\"cpus\": 4, \"irqs\": [{\"rate\": 1, \"cost_us\": 1, \"count\": 65537}]}",
		  "irqs[0].count: 65537 is not a whole number of 0 to 65536");
	check_bad("{\"cpus\": 4, \"irqs\": [{\"rate\": 1, \"cost_us\": 1, \"count\": 65536},"
		  "{\"rate\": 1, \"cost_us\": 1}]}",
		  "irqs[1].count: there are more than 65536 interrupts");
	check_bad("{\"cpus\": 4, \"irqs\": [{\"rate\": 1, \"cost\": 1}]}",
		  "irqs[0].cost: there is no such field; did you mean 'count'?");
}

static void check_bad_event(const char *event, const char *wanted)
{
	_cleanup_(buf_done) struct buf text = {0};

	assert_int_equal(buf_printf(&text, "{\"cpus\": 4, " SOME_IRQS ", \"events\": [%s]}", event),
			 0);
	check_bad(buf_text(&text), wanted);
}

static void test_bad_events(void **state)
{
	(void)state;
	check_bad_event("{\"at\": 1}", "events[0].do is missing");
	check_bad_event("{\"at\": 1, \"do\": \"burn\"}",
			"events[0].do: \"burn\" is not one of \"force\", \"signal\", \"swap\", "
			"\"reset\"");
	check_bad_event("{\"do\": \"force\", \"cpu\": 1}", "events[0].at is missing");
	check_bad_event("{\"at\": -2, \"do\": \"force\", \"cpu\": 1}",
			"events[0].at: -2 is not a whole number of 0 to 86400");
	check_bad_event("{\"at\": 1, \"do\": \"force\"}", "events[0].cpu is missing");
	check_bad_event("{\"at\": 1, \"do\": \"force\", \"cpu\": 4}",
			"events[0].cpu: 4 is not a whole number of 0 to 3");
	check_bad_event("{\"at\": 1, \"do\": \"force\", \"cpu\": 1, \"irq\": 1}",
			"events[0].irq: there is no such field");
	check_bad_event("{\"at\": 1, \"do\": \"reset\", \"irq\": 4}",
			"events[0].irq: 4 is not a whole number of 0 to 3");
	check_bad_event("{\"at\": 1, \"do\": \"signal\", \"name\": \"hup\"}",
			"events[0].name: \"hup\" is not the name of a signal such as \"HUP\"");
	check_bad_event("{\"at\": 1, \"do\": \"swap\", \"a\": [0, 2]}", "events[0].b is missing");
	check_bad_event("{\"at\": 1, \"do\": \"swap\", \"a\": [0, 2], \"b\": [2, 5]}",
			"events[0].b: [2,5] is not a range of interrupts [FIRST, END], with END at "
			"most 4");
	check_bad_event("{\"at\": 1, \"do\": \"swap\", \"a\": [3, 2], \"b\": [2, 4]}",
			"events[0].a: [3,2] is not a range of interrupts [FIRST, END], with END at "
			"most 4");
}

/* A value that fills a screen is cut. */
static void test_long_value(void **state)
{
	(void)state;
	check_bad(
		"{\"cpus\": \"0123456789012345678901234567890123456789012345678901234567890\"}",
		"cpus: \"012345678901234567890123456789012345678... is not a whole number of 1 to "
		"4096");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),     cmocka_unit_test(test_every_field),
		cmocka_unit_test(test_bad_machines), cmocka_unit_test(test_bad_interrupts),
		cmocka_unit_test(test_bad_events),   cmocka_unit_test(test_long_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
