/* SPDX-License-Identifier: BSD-2-Clause */
/* irqctl daemon: keeps the machine balanced. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/macros.h"
#include "base/places.h"
#include "cmd/verbs.h"
#include "config/config.h"
#include "daemon/lock.h"
#include "daemon/loop.h"
#include "model/model.h"
#include "snapshot/cpus.h"
#include "snapshot/snapshot.h"

struct daemon_options {
	struct common_options common;
	const char *config;
	bool observe, once, check, keep;
};

static const struct option_spec daemon_options[] = {
	{'c', "config", OPTION_TEXT, OPTION_AT(struct daemon_options, config), .arg = N_("FILE"),
	 .help = HELP_CONFIG},
	{0, "observe", OPTION_FLAG, OPTION_AT(struct daemon_options, observe),
	 .help = N_("say what would be moved, and move nothing")},
	{0, "once", OPTION_FLAG, OPTION_AT(struct daemon_options, once),
	 .help = N_("balance once and end, as 'irqctl plan --apply' does")},
	{0, "keep", OPTION_FLAG, OPTION_AT(struct daemon_options, keep),
	 .help = N_("leave the affinities as they are at the end")},
	{0, "check", OPTION_FLAG, OPTION_AT(struct daemon_options, check),
	 .help = N_("check the configuration, and end")},
	COMMON_OPTIONS,
	{.name = NULL},
};

/* Whether the machine has the CPUs that are named; nothing is known of one that tells of none. */
static int resolve(struct source *source, const struct config *config, struct buf *error)
{
	_cleanup_(cpu_sets_done) struct cpu_sets sets = {0};
	struct config_cpus cpus = {0};
	const struct config_machine machine = {.online = &sets.online,
					       .isolated = &sets.isolated,
					       .nohz_full = &sets.nohz_full,
					       .source = source};
	int r = cpu_sets_read(source, &sets);

	if (r == 0 && cpuset_next(&sets.online, 0) >= 0)
		r = config_resolve(config, &machine, &cpus, error);
	config_cpus_done(&cpus);
	return r;
}

/* Sections that fit no interrupt; nothing is known of a machine whose interrupts nobody tells. */
static int find_unmatched(struct source *source, const struct config *config, struct buf *unmatched)
{
	_cleanup_(snapshot_done) struct snapshot snapshot = {0};
	_cleanup_(model_done) struct model model = {0};
	_cleanup_(buf_done) struct buf unused = {0};
	int r = snapshot_take(source, SNAPSHOT_DEVICES, &snapshot, &unused);

	if (r < 0 || !snapshot.has_interrupts)
		return r == -ENOMEM ? r : 0;
	r = model_build(NULL, &snapshot, &model);
	return r < 0 ? r : config_unmatched(config, &model, unmatched);
}

static int check_config(const struct context *context, const struct daemon_options *options)
{
	const char *path = options->config ? options->config : CONFIG_FILE;
	_cleanup_(buf_done) struct buf error = {0}, out = {0}, unmatched = {0};
	_cleanup_(config_done) struct config config = {0};
	struct source *source = NULL;
	int r = context_open(context, &source);

	if (r)
		return r;
	r = config_read(path, &config, &error);
	if (r == 0)
		r = resolve(source, &config, &error);
	if (r == 0)
		r = find_unmatched(source, &config, &unmatched);
	source_close(source);
	if (r < 0) {
		if (!error.len)
			buf_printf(&error, "%s: %s", path, strerror(-r));
		complain_lines(&error);
		return EXIT_USAGE;
	}
	complain_lines(&unmatched);
	if (buf_printf(&out, _("%s: correct\n"), path) < 0)
		return out_of_memory();
	return print_out(&out);
}

/*
 * Whoever balances would undo what is moved here, or take it for the user's wish. 0 and the lock,
 * or the exit code after a complaint.
 */
static int be_alone(const struct context *context, struct daemon_lock *lock)
{
	_cleanup_(buf_done) struct buf error = {0};
	struct source *source = NULL;
	int r = context_open(context, &source);

	if (r)
		return r;
	r = loop_alone(source);
	source_close(source);
	/* where there is no place for the lock, no daemon holds it */
	if (r == 0 && daemon_lock_take(lock, PLACE_RUN, true, &error) == -EWOULDBLOCK) {
		complain_lines(&error);
		r = -EBUSY;
	}
	return r < 0 ? EXIT_FAILED : 0;
}

/* The same as `irqctl plan --apply`, or without the second word to observe. */
static int once(struct context *context, const struct daemon_options *options)
{
	_cleanup_(daemon_lock_drop) struct daemon_lock lock = DAEMON_LOCK_NONE;
	const char *words[5] = {"plan"};
	int n = 1, r = options->observe || context->root ? 0 : be_alone(context, &lock);

	if (r)
		return r;
	if (!options->observe)
		words[n++] = "--apply";
	if (options->config) {
		words[n++] = "--config";
		words[n++] = options->config;
	}
	return verb_plan.run(context, n, (char **)words);
}

static int daemon_do(struct context *context, const struct daemon_options *options, int n_operands,
		     char **operands)
{
	const struct keeper_options keeper = {
		.config_path = options->config,
		.root = context->root,
		.observe = options->observe,
		.keep = options->keep,
	};

	if (n_operands) {
		complain(_("daemon: '%s' is one word too many (irqctl daemon --help)"),
			 operands[0]);
		return EXIT_USAGE;
	}
	if (context->recording) {
		complain(_("daemon: '%s' is a recording and cannot be changed"),
			 context->recording);
		return EXIT_USAGE;
	}
	if (options->check)
		return check_config(context, options);
	if (options->once)
		return once(context, options);
	if (context->root && !options->observe) {
		complain(_("daemon: '%s' is a recording and cannot be changed; use --observe"),
			 context->root);
		return EXIT_USAGE;
	}
	if (geteuid() != 0 && !options->observe) {
		complain(_("daemon: only root may change affinities (try sudo, or --observe)"));
		return EXIT_FAILED;
	}
	return loop_run(&keeper) < 0 ? EXIT_FAILED : EXIT_DONE;
}

static int daemon_run(struct context *context, int argc, char **argv)
{
	struct daemon_options options = {0};
	int first, r = verb_begin(&verb_daemon, context, argc, argv, &options.common, &first);

	return r >= 0 ? r : daemon_do(context, &options, argc - first, argv + first);
}

const struct verb verb_daemon = {
	.name = "daemon",
	.summary = SUMMARY_DAEMON,
	.synopsis = N_("[OPTION...]"),
	.about = N_("Keeps the interrupts of this machine balanced, in the foreground, until it is "
		    "told to end; then it puts all affinities back as they were. 'irqctl status' "
		    "asks it what it did and why; 'irqctl reload' or SIGHUP makes it read its "
		    "configuration again. After a kill 'irqctl restore --daemon' puts everything "
		    "back."),
	.options = daemon_options,
	.run = daemon_run,
};
