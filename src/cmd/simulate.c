/* SPDX-License-Identifier: BSD-2-Clause */
/* irqctl simulate: balancing policies in a closed loop with an invented machine. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/macros.h"
#include "base/strv.h"
#include "base/text.h"
#include "cmd/recorded_load.h"
#include "cmd/verb.h"
#include "cmd/verbs.h"
#include "parse/scenario.h"
#include "plan/simulate.h"
#include "source/recording.h"
#include "view/simulation.h"
#include "view/table.h"

#define FILE_MAX  ((size_t)64 << 20)
#define SEED_MAX  (UINT64_C(1) << 53)
#define FROM_FILE UINT64_MAX /* no --seed was given */

struct simulate_options {
	struct common_options common;
	struct strv policies;
	double seconds, interval;
	uint64_t seed;
	bool history, json, no_headings;
};

static const char *const policy_names[] = {"none", "round-robin", "irqbalance-like", "irqctl",
					   NULL};

static const struct option_spec simulate_options[] = {
	{'p', "policy", OPTION_LIST, OPTION_AT(struct simulate_options, policies),
	 .arg = N_("NAME,..."),
	 .help = N_("only these: none, round-robin, irqbalance-like, irqctl; may be repeated"),
	 .choices = policy_names},
	{0, "seconds", OPTION_SECONDS, OPTION_AT(struct simulate_options, seconds),
	 .arg = N_("SECONDS"), .help = N_("virtual time (usual: as the scenario says)")},
	{'i', "interval", OPTION_SECONDS, OPTION_AT(struct simulate_options, interval),
	 .arg = N_("SECONDS"),
	 .help = N_("how often policies look (usual: irqbalance-like 10, irqctl 1)")},
	{0, "seed", OPTION_NUMBER, OPTION_AT(struct simulate_options, seed), .arg = N_("N"),
	 .help = N_("another noise (usual: as the scenario says, or 1)")},
	{0, "history", OPTION_FLAG, OPTION_AT(struct simulate_options, history),
	 .help = N_("a line for each second, too")},
	{0, "json", OPTION_FLAG, OPTION_AT(struct simulate_options, json), .help = N_("JSON")},
	{0, "no-headings", OPTION_FLAG, OPTION_AT(struct simulate_options, no_headings),
	 .help = N_("no heading lines")},
	COMMON_OPTIONS,
	{.name = NULL},
};

struct simulation_run {
	struct simulate_options options;
	struct scenario scenario;
	const struct policy **policies;
	struct simulate_result *results; /* of each */
	size_t n_policies;
};

/* By the first bytes of a regular file. */
static bool is_recording(const char *path)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char magic[sizeof(RECORDING_MAGIC)];
	struct stat st;

	return fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	       read(fd, magic, sizeof(magic)) == sizeof(magic) &&
	       memcmp(magic, RECORDING_MAGIC, sizeof(magic)) == 0;
}

static int read_scenario(const char *path, struct scenario *scenario)
{
	_cleanup_(buf_done) struct buf text = {0}, error = {0};
	int r;

	if (is_recording(path))
		return read_recorded_load(path, scenario);
	r = strcmp(path, "-") == 0 ? file_read_input(FILE_MAX, &text)
				   : file_read(path, FILE_MAX, &text);
	if (r < 0) {
		complain(_("simulate: cannot read '%s': %s"), path, strerror(-r));
		return EXIT_USAGE;
	}
	r = scenario_parse(buf_text(&text), text.len, scenario, &error);
	if (r == -ENOMEM)
		return out_of_memory();
	if (r < 0) {
		complain(_("simulate: %s: %s (man irqctl-simulate describes scenarios)"), path,
			 buf_text(&error));
		return EXIT_USAGE;
	}
	return 0;
}

static int override(struct simulation_run *run)
{
	const struct simulate_options *options = &run->options;

	if (options->seconds > 0 && options->seconds < 1) {
		complain(_("simulate: --seconds: %g is too short, there is one figure a second"),
			 options->seconds);
		return EXIT_USAGE;
	}
	if (options->seed != FROM_FILE && options->seed > SEED_MAX) {
		complain(_("simulate: --seed: at most %llu"), (unsigned long long)SEED_MAX);
		return EXIT_USAGE;
	}
	if (options->seconds > 0)
		run->scenario.seconds = options->seconds;
	if (options->seed != FROM_FILE)
		run->scenario.seed = options->seed;
	return 0;
}

static int unknown_policy(const char *name)
{
	_cleanup_(buf_done) struct buf known = {0};

	for (const struct policy *const *policy = policies; *policy; policy++)
		buf_printf(&known, "%s%s", known.len ? ", " : "", (*policy)->name);
	complain(_("simulate: --policy: '%s' is unknown; choose from %s"), name, buf_text(&known));
	return EXIT_USAGE;
}

static int choose_policies(struct simulation_run *run)
{
	const struct strv *names = &run->options.policies;
	size_t n = names->n;

	for (const struct policy *const *policy = policies; *policy; policy++)
		n++;
	run->policies = calloc(n, sizeof(*run->policies));
	if (!run->policies)
		return out_of_memory();
	for (size_t i = 0; i < names->n; i++) {
		run->policies[i] = policy_find(names->items[i]);
		if (!run->policies[i])
			return unknown_policy(names->items[i]);
		run->n_policies++;
	}
	for (size_t i = 0; policies[i] && !names->n; i++)
		run->policies[run->n_policies++] = policies[i];
	return 0;
}

static int run_policies(struct simulation_run *run)
{
	const struct policy_options options = {.interval_s = run->options.interval};
	int r = 0;

	run->results = calloc(run->n_policies, sizeof(*run->results));
	if (!run->results)
		return out_of_memory();
	for (size_t i = 0; i < run->n_policies && r == 0; i++)
		r = simulate(&run->scenario, run->policies[i], &options, &run->results[i]);
	if (r == -ENOMEM)
		return out_of_memory();
	if (r < 0) {
		complain(_("simulate: a policy failed: %s"), strerror(-r));
		return EXIT_FAILED;
	}
	return 0;
}

static int report(const struct simulation_run *run, const char *path)
{
	_cleanup_(buf_done) struct buf out = {0};
	const struct table_style style = output_style(!run->options.no_headings);
	const struct simulation_view view = {
		.name = path,
		.scenario = &run->scenario,
		.results = run->results,
		.n_results = run->n_policies,
		.history = run->options.history,
	};
	int r = run->options.json ? simulation_json(&view, &out)
				  : simulation_table(&view, &style, &out);

	return r < 0 ? out_of_memory() : print_out(&out);
}

static int simulate_do(struct simulation_run *run, int n_names, char **names)
{
	int r;

	if (n_names != 1) {
		complain(_("simulate: give one SCENARIO or RECORDING (irqctl simulate --help)"));
		return EXIT_USAGE;
	}
	r = choose_policies(run);
	if (r == 0)
		r = read_scenario(names[0], &run->scenario);
	if (r == 0)
		r = override(run);
	if (r == 0)
		r = run_policies(run);
	return r ? r : report(run, names[0]);
}

static int simulate_run(struct context *context, int argc, char **argv)
{
	struct simulation_run run = {.options.seed = FROM_FILE};
	int first, r = verb_begin(&verb_simulate, context, argc, argv, &run.options.common, &first);

	if (r < 0)
		r = simulate_do(&run, argc - first, argv + first);
	for (size_t i = 0; run.results && i < run.n_policies; i++)
		simulate_result_done(&run.results[i]);
	free(run.results);
	free(run.policies);
	scenario_done(&run.scenario);
	strv_done(&run.options.policies);
	return r;
}

const struct verb verb_simulate = {
	.name = "simulate",
	.summary = SUMMARY_SIMULATE,
	.synopsis = N_("[OPTION...] SCENARIO|RECORDING"),
	.about = N_("Runs balancing policies in a closed loop against the machine and the "
		    "interrupts of SCENARIO, a JSON file ('-': standard input), or on the load of "
		    "RECORDING, a file of "
		    "'irqctl record', in virtual time, and compares how busy "
		    "the busiest CPU is with the least that any placement could reach, how often "
		    "interrupts are moved, and how much is served off the device's node. A policy "
		    "sees what it would see on a real machine. The same scenario gives the same "
		    "figures on any machine."),
	.options = simulate_options,
	.run = simulate_run,
};
