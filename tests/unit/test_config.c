/* SPDX-License-Identifier: BSD-2-Clause */
#include "model_helper.h"

#include <errno.h>

#include "config/keys.h"

static int parse(const char *text, struct config *config, struct buf *errors)
{
	return config_parse(text, strlen(text), "f", config, errors);
}

static void parse_good(const char *text, struct config *config)
{
	_cleanup_(buf_done) struct buf errors = {0};
	int r = parse(text, config, &errors);

	assert_string_equal(buf_text(&errors), "");
	assert_int_equal(r, 0);
}

static void assert_errors(const char *text, const char *want)
{
	_cleanup_(buf_done) struct buf errors = {0};
	struct config config = {.interval_s = 42};

	assert_int_equal(parse(text, &config, &errors), -EINVAL);
	assert_string_equal(buf_text(&errors), want);
	assert_true(config.interval_s > 41); /* nothing was written */
}

static void empty_is_the_default(void **state)
{
	static const char *const empty[] = {"", "\n\n", "# nothing\n", "[global]\n[cpus]\n",
					    "\xef\xbb\xbf[global]\r\n"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(empty); i++) {
		_cleanup_(config_done) struct config config = {0};

		parse_good(empty[i], &config);
		assert_true(config.interval_s < 0.01);
		assert_true(config.moves_per_minute < 0.01);
		assert_true(config.pack_fill > 0.69 && config.pack_fill < 0.71);
		assert_int_equal(config.mode, CONFIG_SPREAD);
		assert_int_equal(config.foreign, CONFIG_RESPECT);
		assert_int_equal(config.cpu_load, CONFIG_LOAD_IGNORE);
		assert_int_equal(config.measure, CONFIG_MEASURE_AUTO);
		assert_int_equal(config.log_level, CONFIG_LOG_INFO);
		assert_true(config.thermal && !config.keep);
		assert_string_equal(config.allow, "all");
		assert_string_equal(config.ban, "");
		assert_string_equal(config.shield, "");
		assert_string_equal(config.global_shield, "");
		assert_int_equal(config.isolated, CONFIG_AVOID);
		assert_int_equal(config.nohz_full, CONFIG_AVOID);
		assert_int_equal(config.n_sections, 0);
	}
}

static void every_key_of_global(void **state)
{
	_cleanup_(config_done) struct config config = {0};

	(void)state;
	parse_good("[global]\ninterval = 2.5\nmode=pack\npack_fill = 0.5 ; half\nshield = 4-7\n"
		   "moves_per_minute = 12\nforeign: restore\ncpu_load = respect\nmeasure = off\n"
		   "thermal = no\nkeep = yes\nlog_level = debug\nsocket = /tmp/s\n"
		   "socket_group = adm\nstate_dir = /tmp/state dir\n",
		   &config);
	assert_true(config.interval_s > 2.49 && config.interval_s < 2.51);
	assert_int_equal(config.mode, CONFIG_PACK);
	assert_true(config.pack_fill > 0.49 && config.pack_fill < 0.51);
	assert_string_equal(config.global_shield, "4-7");
	assert_true(config.moves_per_minute > 11.9 && config.moves_per_minute < 12.1);
	assert_int_equal(config.foreign, CONFIG_RESTORE);
	assert_int_equal(config.cpu_load, CONFIG_LOAD_RESPECT);
	assert_int_equal(config.measure, CONFIG_MEASURE_OFF);
	assert_false(config.thermal);
	assert_true(config.keep);
	assert_int_equal(config.log_level, CONFIG_LOG_DEBUG);
	assert_string_equal(config.socket, "/tmp/s");
	assert_string_equal(config.socket_group, "adm");
	assert_string_equal(config.state_dir, "/tmp/state dir");
}

static void lists_go_on_in_the_next_line(void **state)
{
	_cleanup_(config_done) struct config config = {0};

	(void)state;
	parse_good("[cpus]\n  allow = 0-3, node:1 ,\n\t8\n    9-12:1/2\n# between\n   20 \n"
		   "  ban = !0-9\n isolated = use\n\tnohz_full = use\n",
		   &config);
	assert_string_equal(config.allow, "0-3,node:1,8,9-12:1/2,20");
	assert_string_equal(config.ban, "!0-9");
	assert_int_equal(config.isolated, CONFIG_USE);
	assert_int_equal(config.nohz_full, CONFIG_USE);
}

static void sections_with_names(void **state)
{
	_cleanup_(config_done) struct config config = {0};
	const struct config_section *section;

	(void)state;
	parse_good("[irq ahci[0000:00:1f.2]] ; a comment\npin = 3\nweight = 2.5\n"
		   "[device  eth[0-3] ]\ncpus = node:0\npolicy = near\nnode = 1\n"
		   "[driver *]\nignore = yes\n[driver a]\npolicy = ignore\n[irq \\[x]\n",
		   &config);
	assert_int_equal(config.n_sections, 5);
	section = config.sections;
	assert_int_equal(section->scope, CONFIG_IRQ);
	assert_string_equal(section->glob, "ahci[0000:00:1f.2]");
	assert_int_equal(section->line, 1);
	assert_string_equal(section->pin, "3");
	assert_int_equal(section->slots, 1u << CONFIG_PLACE | 1u << CONFIG_WEIGHT);
	section++;
	assert_int_equal(section->scope, CONFIG_DEVICE);
	assert_string_equal(section->glob, "eth[0-3]");
	assert_int_equal(section->line, 4);
	assert_int_equal(section->policy, CONFIG_NEAR);
	assert_string_equal(section->node, "1");
	section++;
	assert_int_equal(section->scope, CONFIG_DRIVER);
	assert_true(section->ignore);
	section++;
	assert_true(section->ignore);
	assert_int_equal(section->slots, 1u << CONFIG_IGNORED);
	section++;
	assert_string_equal(section->glob, "\\[x");
	assert_int_equal(section->slots, 0);
}

/* A name above the 49 bytes that inih keeps. */
static void long_names(void **state)
{
	_cleanup_(config_done) struct config config = {0};
	_cleanup_(buf_done) struct buf text = {0}, name = {0};

	(void)state;
	assert_int_equal(buf_fill(&name, 'x', 5000), 0);
	assert_int_equal(buf_printf(&text, "[irq %s]\nignore=yes\n# %s\n[cpus]\nban=1", name.data,
				    name.data),
			 0);
	parse_good(text.data, &config);
	assert_string_equal(config.sections[0].glob, name.data);
	assert_true(config.sections[0].ignore);
	assert_string_equal(config.ban, "1");
}

static void all_errors_in_order(void **state)
{
	(void)state;
	assert_errors(
		"interval = 5\n"
		"[global]\n"
		"interval = 5x\n"
		"intervall = 3\n"
		"nonsense\n"
		"mode = spred\n"
		"mode = pack\n"
		"allow = 3\n"
		"\n"
		"moves_per_minute = 2.5\n"
		"socket = run/x\n"
		"keep = no # why\n"
		"log_level = quiet\n"
		"socket_group = a b\n"
		"pack_fill = 0\n",
		"f:1: 'interval' belongs below [global]\n"
		"f:3: interval: '5x' is no number from 0.1 to 86400, nor auto\n"
		"f:4: unknown key 'intervall'; did you mean 'interval'?\n"
		"f:5: this is neither [SECTION] nor KEY = VALUE\n"
		"f:6: mode: 'spred' is none of its values: spread, pack; did you mean 'spread'?\n"
		"f:7: 'mode' was set in line 6 already; remove one of them\n"
		"f:8: 'allow' belongs below [cpus]\n"
		"f:10: moves_per_minute: '2.5' is no whole number from 1 to 100000, nor auto\n"
		"f:11: socket: 'run/x' is no absolute path of at most 103 bytes; write it as "
		"/run/irqctl/irqctl.sock\n"
		"f:12: keep: 'no # why' is neither yes nor no; a comment needs a line of its own\n"
		"f:13: log_level: 'quiet' is none of its values: error, warning, info, debug\n"
		"f:14: socket_group: 'a b' is no name of a group; write it as root\n"
		"f:15: pack_fill: '0' is no number from 0.05 to 1\n");
}

static void wrong_sections(void **state)
{
	(void)state;
	assert_errors("[cpu]\n"
		      "ban = x\n"
		      "[bogus]\n"
		      "whatever = 3\n"
		      "nonsense\n"
		      "[irq]\n"
		      "weight = 1000\n"
		      "[global eth0]\n"
		      "[irq 5\n"
		      "[driver nv*] x\n"
		      "[]\n"
		      "[device eth0]\n"
		      "interval = 3\n"
		      "node = -1\n",
		      "f:1: unknown section [cpu]; did you mean [cpus]?\n"
		      "f:2: ban: 'x' is no CPU list; write it as 0-3,8 or node:0, package:0, "
		      "llc:0, all, !LIST\n"
		      "f:3: unknown section [bogus]; there are [global], [cpus], [irq NAME], "
		      "[device NAME] and [driver NAME]\n"
		      "f:6: [irq] needs a name: [irq eth0-TxRx-*]\n"
		      "f:7: weight: '1000' is no number from 0.01 to 100\n"
		      "f:8: [global] takes no name, but 'eth0' stands there\n"
		      "f:9: '[irq 5' is no section; write [global], [cpus] or [irq NAME]\n"
		      "f:10: '[driver nv*] x' is no section; write [global], [cpus] or [irq NAME]\n"
		      "f:11: unknown section []; there are [global], [cpus], [irq NAME], "
		      "[device NAME] and [driver NAME]\n"
		      "f:13: 'interval' belongs below [global]\n"
		      "f:14: node: '-1' is no number of a NUMA node, nor auto, nor none\n");
}

static void contradictions(void **state)
{
	(void)state;
	assert_errors(
		"[irq 1]\ncpus = 1\nweight = 2\npin = 1\n"
		"[irq 2]\nignore = no\npolicy = ignore\nweight = 1\n"
		"[irq 3]\npolicy = ignore\nignore = no\n"
		"[irq 1]\ncpus = 1\ncpus = 2\n",
		"f:4: 'cpus' and 'pin' exclude each other in one section; remove one of "
		"them\n"
		"f:7: 'ignore = no' and 'policy = ignore' exclude each other in one section; "
		"remove one of them\n"
		"f:11: 'ignore = no' and 'policy = ignore' exclude each other in one section; "
		"remove one of them\n"
		"f:14: 'cpus' was set in line 13 already; remove one of them\n");
}

static void wrong_lists(void **state)
{
	(void)state;
	assert_errors("[cpus]\nallow =\nban = 5-3\nshield = node:x\n"
		      "[irq 1]\ncpus = 0,\n  1,\n  0x3\n[irq 2]\npin = all,!3\n[irq 3]\npin =\n"
		      "[global]\nshield = 99999999\n",
		      "f:2: allow: a list of CPUs is missing; write it as 0-3,8 or node:0, all, "
		      "!LIST\n"
		      "f:3: ban: '5-3' is no CPU list; write it as 0-3,8 or node:0, package:0, "
		      "llc:0, all, !LIST\n"
		      "f:4: shield: 'x' is no number in 'node:x'\n"
		      "f:6: cpus: '0x3' is no CPU list; write it as 0-3,8 or node:0, package:0, "
		      "llc:0, all, !LIST\n"
		      "f:10: pin: '!3' is no CPU list; write it as 0-3,8 or node:0, package:0, "
		      "llc:0, all, !LIST\n"
		      "f:12: pin: a list of CPUs is missing; write it as 0-3,8 or node:0, all, "
		      "!LIST\n"
		      "f:14: shield: '99999999' is no CPU list; write it as 0-3,8 or node:0, "
		      "package:0, llc:0, all, !LIST\n");
}

/* inih would cut it in two and take the rest for a line of its own. */
static void long_lines(void **state)
{
	_cleanup_(buf_done) struct buf text = {0}, errors = {0};
	struct config config;

	(void)state;
	assert_int_equal(buf_puts(&text, "[global]\nkeep = x\n[cpus]\nban = "), 0);
	for (int i = 0; i < 300; i++)
		assert_int_equal(buf_puts(&text, "1,"), 0);
	assert_int_equal(buf_puts(&text, "1\nisolated = nope\n"), 0);
	assert_int_equal(parse(text.data, &config, &errors), -EINVAL);
	assert_non_null(strstr(errors.data, "f:2: keep:"));
	assert_non_null(strstr(errors.data, "\nf:4: the line is longer than 1"));
	assert_non_null(strstr(errors.data, "\nf:5: isolated:"));
}

static void bytes_that_are_no_text(void **state)
{
	static const char text[] = "[global]\nkeep = y\nmode\0 = pack\n";
	_cleanup_(buf_done) struct buf errors = {0};
	struct config config;

	(void)state;
	assert_int_equal(config_parse(text, sizeof(text) - 1, "f", &config, &errors), -EINVAL);
	assert_string_equal(errors.data, "f:2: keep: 'y' is neither yes nor no\n"
					 "f:3: a NUL byte; this is no text\n");
}

static void cpus_of(const char *list, struct cpuset *set)
{
	for (const char *p = list; *p; p++)
		assert_int_equal(cpuset_add(set, (uint32_t)(*p - '0')), 0);
}

static void assert_cpus(const struct cpuset *set, const char *want)
{
	_cleanup_(buf_done) struct buf text = {0};

	assert_int_equal(cpuset_format(set, &text), 0);
	assert_string_equal(buf_text(&text), want);
}

static int resolve(const char *text, struct config_cpus *cpus, struct buf *error)
{
	_cleanup_(config_done) struct config config = {0};
	_cleanup_(cpuset_done) struct cpuset online = {0}, isolated = {0}, nohz_full = {0};
	const struct config_machine machine = {
		.online = &online, .isolated = &isolated, .nohz_full = &nohz_full};

	parse_good(text, &config);
	cpus_of("01234567", &online);
	cpus_of("67", &isolated);
	cpus_of("56", &nohz_full);
	return config_resolve(&config, &machine, cpus, error);
}

static void assert_allowed(const char *text, const char *allowed, const char *shield)
{
	_cleanup_(config_cpus_done) struct config_cpus cpus = {0};
	_cleanup_(buf_done) struct buf error = {0};

	assert_int_equal(resolve(text, &cpus, &error), 0);
	assert_cpus(&cpus.allowed, allowed);
	assert_cpus(&cpus.shield, shield);
}

static void resolves_cpus(void **state)
{
	(void)state;
	assert_allowed("", "0-4", "");
	assert_allowed("[cpus]\nisolated=use\n", "0-4,7", "");
	assert_allowed("[cpus]\nnohz_full=use\n", "0-5", "");
	assert_allowed("[cpus]\nnohz_full=use\nisolated=use\n", "0-7", "");
	assert_allowed("[cpus]\nallow=!0\nban=1,99\n", "2-4", "");
	assert_allowed("[cpus]\nshield=1\n[global]\nshield=2-3\n", "0,4", "1-3");
}

static void no_cpu_is_left(void **state)
{
	_cleanup_(buf_done) struct buf error = {0};
	struct config_cpus cpus;

	(void)state;
	assert_int_equal(resolve("[cpus]\nban=0-4\n", &cpus, &error), -EINVAL);
	assert_non_null(strstr(error.data, "leaves no CPU"));
}

static void resolves_sections(void **state)
{
	_cleanup_(config_cpus_done) struct config_cpus cpus = {0};
	_cleanup_(buf_done) struct buf error = {0};

	(void)state;
	assert_int_equal(resolve("[cpus]\nban=0\n[irq a]\ncpus=0-2\n[irq b]\npin=0,9\n[irq c]\n"
				 "weight=2\n[irq d]\ncpus=40\n",
				 &cpus, &error),
			 0);
	assert_int_equal(cpus.n_sections, 4);
	assert_cpus(&cpus.sections[0], "1-2");
	assert_cpus(&cpus.sections[1], "0");
	assert_cpus(&cpus.sections[2], "");
	assert_cpus(&cpus.sections[3], "");
}

#define NO_TOPOLOGY(part)                                                                          \
	"'" part "' needs the topology of the machine, which cannot be read: No data available\n"

static void missing_parts_are_told(void **state)
{
	_cleanup_(config_done) struct config config = {0};
	_cleanup_(cpuset_done) struct cpuset online = {0};
	_cleanup_(buf_done) struct buf error = {0};
	const struct config_machine machine = {.online = &online};
	struct config_cpus cpus;

	(void)state;
	cpus_of("01", &online);
	parse_good("[irq a]\n\ncpus = node:7\n[irq b]\npin = 0\n[cpus]\nban = llc:2\n"
		   "[global]\nshield = core:9\n[device c]\npin = 0-3,node:1\n",
		   &config);
	assert_int_equal(config_resolve(&config, &machine, &cpus, &error), -EINVAL);
	assert_string_equal(
		error.data,
		"f:9: shield: " NO_TOPOLOGY("core:9") "f:7: ban: " NO_TOPOLOGY(
			"llc:2") "f:3: cpus: " NO_TOPOLOGY("node:7") "f:11: pin: " NO_TOPOLOGY("nod"
											       "e:"
											       "1"));
}

#define TABLE                                                                                      \
	"           CPU0       CPU1\n"                                                             \
	" 24:          5          0   PCI-MSI 524288-edge      eth0-TxRx-0\n"                      \
	" 25:          5          0   PCI-MSI 524289-edge      eth0-TxRx-1\n"                      \
	" 26:          5          0   PCI-MSI 524290-edge      ahci[0000:00:1f.2]\n"

struct fixture {
	struct config config;
	struct snapshot snapshot;
	struct model model;
};

static void fixture_make(struct fixture *fixture, const char *text)
{
	parse_good(text, &fixture->config);
	fixture->snapshot = table_at(1, TABLE);
	assert_int_equal(model_build(NULL, &fixture->snapshot, &fixture->model), 0);
}

static void fixture_free(struct fixture *fixture)
{
	model_done(&fixture->model);
	snapshot_done(&fixture->snapshot);
	config_done(&fixture->config);
}

static struct config_rule rule_of(const struct fixture *fixture, const char *key)
{
	struct interrupt copy = *item(&fixture->model, key, NULL);
	struct config_rule rule;

	copy.driver = "ixgbe";
	config_rule_for(&fixture->config, NULL, &copy, &rule);
	return rule;
}

static void rule_without_sections(void **state)
{
	struct fixture fixture;
	struct config_rule rule;

	(void)state;
	fixture_make(&fixture, "[driver e1000*]\nignore=yes\n");
	rule = rule_of(&fixture, "24");
	assert_null(rule.cpus);
	assert_null(rule.cpuset);
	assert_false(rule.pin || rule.ignore || rule.has_node);
	assert_int_equal(rule.policy, CONFIG_NODE_FIRST);
	assert_true(rule.weight > 0.99 && rule.weight < 1.01);
	for (size_t i = 0; i < CONFIG_N_SLOTS; i++)
		assert_null(rule.by[i]);
	fixture_free(&fixture);
}

/* Each setting on its own: irq over device over driver, the later one among alike. */
static void precedence(void **state)
{
	struct fixture fixture;
	struct config_rule rule;

	(void)state;
	fixture_make(&fixture, "[irq eth0-TxRx-0]\npin = 1\n"
			       "[device eth0]\ncpus = 0\npolicy = near\nweight = 3\nnode = 2\n"
			       "[driver ixgbe]\ncpus = 0-1\nignore = yes\npolicy = anywhere\n"
			       "[device eth*]\nweight = 4\n"
			       "[irq 25]\nignore = no\nnode = none\n");
	rule = rule_of(&fixture, "24");
	assert_string_equal(rule.cpus, "1");
	assert_true(rule.pin && rule.ignore);
	assert_int_equal(rule.policy, CONFIG_NEAR);
	assert_true(rule.weight > 3.9);
	assert_true(rule.has_node && rule.node == 2);
	assert_int_equal(rule.by[CONFIG_PLACE]->line, 1);
	assert_int_equal(rule.by[CONFIG_IGNORED]->line, 8);
	assert_int_equal(rule.by[CONFIG_POLICY]->line, 3);
	rule = rule_of(&fixture, "25");
	assert_string_equal(rule.cpus, "0");
	assert_false(rule.pin || rule.ignore);
	assert_true(rule.has_node && rule.node == -1);
	rule = rule_of(&fixture, "26"); /* no eth0, but the driver that the test gives it */
	assert_string_equal(rule.cpus, "0-1");
	assert_true(rule.ignore && !rule.has_node);
	fixture_free(&fixture);
}

static void rules_have_resolved_cpus(void **state)
{
	struct fixture fixture;
	_cleanup_(cpuset_done) struct cpuset online = {0};
	_cleanup_(config_cpus_done) struct config_cpus cpus = {0};
	_cleanup_(buf_done) struct buf error = {0}, name = {0};
	struct config_rule rule;

	(void)state;
	cpus_of("01", &online);
	fixture_make(&fixture, "[irq 26]\ncpus = !0\n");
	assert_int_equal(config_resolve(&fixture.config,
					&(const struct config_machine){.online = &online}, &cpus,
					&error),
			 0);
	config_rule_for(&fixture.config, &cpus, item(&fixture.model, "26", NULL), &rule);
	assert_cpus(rule.cpuset, "1");
	assert_int_equal(config_section_name(rule.by[CONFIG_PLACE], &name), 0);
	assert_string_equal(name.data, "[irq 26] (line 1)");
	config_rule_for(&fixture.config, &cpus, item(&fixture.model, "24", NULL), &rule);
	assert_null(rule.cpuset);
	fixture_free(&fixture);
}

/* What the rules hold without a section is what the table of keys says. */
static void defaults_of_rules(void **state)
{
	_cleanup_(config_done) struct config config = {0};
	_cleanup_(buf_done) struct buf text = {0};
	const struct config_section *section;

	(void)state;
	assert_int_equal(buf_puts(&text, "[irq x]\n"), 0);
	for (const struct config_key *key = config_keys; key->name; key++) {
		if (key->scope == CONFIG_IRQ && key->value)
			assert_int_equal(buf_printf(&text, "%s = %s\n", key->name, key->value), 0);
	}
	parse_good(text.data, &config);
	section = config.sections;
	assert_false(section->ignore);
	assert_int_equal(section->policy, CONFIG_NODE_FIRST);
	assert_true(section->weight > 0.99 && section->weight < 1.01);
	assert_string_equal(section->node, "auto");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_is_the_default),
		cmocka_unit_test(every_key_of_global),
		cmocka_unit_test(lists_go_on_in_the_next_line),
		cmocka_unit_test(sections_with_names),
		cmocka_unit_test(long_names),
		cmocka_unit_test(all_errors_in_order),
		cmocka_unit_test(wrong_sections),
		cmocka_unit_test(contradictions),
		cmocka_unit_test(wrong_lists),
		cmocka_unit_test(long_lines),
		cmocka_unit_test(bytes_that_are_no_text),
		cmocka_unit_test(resolves_cpus),
		cmocka_unit_test(no_cpu_is_left),
		cmocka_unit_test(resolves_sections),
		cmocka_unit_test(missing_parts_are_told),
		cmocka_unit_test(rule_without_sections),
		cmocka_unit_test(precedence),
		cmocka_unit_test(rules_have_resolved_cpus),
		cmocka_unit_test(defaults_of_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
