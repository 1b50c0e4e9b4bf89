/* SPDX-License-Identifier: BSD-2-Clause */
/* irqctl restore: put saved affinities back, or take the last change back. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/macros.h"
#include "cmd/channels.h"
#include "cmd/restore.h"
#include "parse/cpulist.h"

struct restore_options {
	struct change_options change;
	bool last, daemon;
};

static const struct option_spec restore_options[] = {
	{0, "last", OPTION_FLAG, OPTION_AT(struct restore_options, last),
	 .help = N_("take the last change of set, spread or restore back")},
	{0, "daemon", OPTION_FLAG, OPTION_AT(struct restore_options, daemon),
	 .help = N_("put back what a daemon changed that was killed")},
	CHANGE_OPTIONS,
	COMMON_OPTIONS,
	{.name = NULL},
};

static int read_record(const char *path, bool last, struct record *record)
{
	_cleanup_(buf_done) struct buf error = {0};
	int r = record_read(path, record, &error);

	if (r == -ENOENT && last) {
		complain(_("restore: there is no change to take back (%s)"), path);
		return EXIT_FAILED;
	}
	if (r < 0) {
		complain(_("restore: %s: %s; nothing was changed"), path,
			 error.len ? buf_text(&error) : strerror(-r));
		return EXIT_USAGE;
	}
	return 0;
}

/* The CPUs that may ever come online; without the file, those that are. */
static int read_possible(const struct machine *machine, struct cpuset *possible)
{
	_cleanup_(buf_done) struct buf text = {0};
	int r = source_read(machine->source, "sys/devices/system/cpu/possible", &text);

	if (r == 0)
		r = cpulist_parse(buf_text(&text), text.len, possible);
	return r == 0 || r == -ENOMEM ? r : cpuset_copy(possible, &machine->online);
}

/* A record of another machine, or of this one with more CPUs, may name some that the kernel
 * refuses. */
static int check_cpus(const struct machine *machine, struct change *changes, size_t n)
{
	_cleanup_(cpuset_done) struct cpuset possible = {0};
	int r = read_possible(machine, &possible);

	for (size_t i = 0; i < n && r == 0; i++) {
		struct change *change = &changes[i];
		bool some = false;

		cpuset_foreach (cpu, &change->wanted)
			some = some || cpuset_has(&machine->online, (uint32_t)cpu);
		if (change->state != CHANGE_PLANNED || cpuset_next(&change->wanted, 0) < 0)
			continue;
		if (!cpuset_subset(&change->wanted, &possible))
			change->why = N_("this machine does not have all of these CPUs");
		else if (!some)
			change->why = N_("none of these CPUs is online");
		if (change->why)
			change->state = CHANGE_REFUSED;
	}
	return r;
}

/* Channels are changed before all else is even known: nothing may stop it then. */
static int check_channels(const struct context *context, const struct change_options *options,
			  const struct record *record)
{
	if (!record_has_channels(record, NULL))
		return 0;
	if (options->atomic) {
		complain(_("restore: --atomic does not go with channels, which this record has; "
			   "nothing was changed"));
		return EXIT_USAGE;
	}
	return changes_check(context, options);
}

int restore_record(const struct context *context, const struct change_options *options,
		   const struct record *record)
{
	_cleanup_(machine_done) struct machine machine = {0};
	_cleanup_(record_done) struct record undo = {0};
	struct change_options change = *options;
	struct change *changes = NULL;
	_cleanup_close_ int lock = -1;
	int r = check_channels(context, options, record);

	if (r == 0 && record_has_channels(record, NULL) && !change.dry_run && !change.is_locked) {
		r = changes_lock(&lock);
		change.is_locked = true;
	}
	if (r == 0)
		r = machine_read(context, &machine);
	if (r == 0)
		r = channels_restore(context, &machine, &change, record,
				     change.is_undo ? NULL : &undo, &changes);
	if (r)
		return r;
	if (undo.n)
		change.started = &undo;
	if (check_cpus(&machine, changes, record->n) < 0)
		r = out_of_memory();
	else
		r = changes_run(context, &machine,
				&(const struct change_report){.schema = "irqctl.restore/1"},
				&change, changes, record->n);
	for (size_t i = 0; i < record->n; i++)
		change_done(&changes[i]);
	free(changes);
	return r;
}

/* The last change is this machine's, and none may be made while it is taken back. 0, or the exit
 * code after a complaint. */
static int begin_last(const struct context *context, struct change_options *options, int *ret_lock)
{
	int r = changes_check(context, options);

	if (r)
		return r;
	if (context_recorded(context)) {
		complain(_("restore: --last is the last change of this machine, not of '%s'"),
			 context_recorded(context));
		return EXIT_USAGE;
	}
	options->is_undo = true;
	options->is_locked = !options->dry_run;
	return options->dry_run ? 0 : changes_lock(ret_lock);
}

/* A change that was killed is the last one. */
static const char *last_file(void)
{
	return access(UNDO_STARTED, F_OK) == 0 ? UNDO_STARTED : UNDO_FILE;
}

static int restore_run(struct context *context, int argc, char **argv)
{
	struct restore_options options = {0};
	_cleanup_(record_done) struct record record = {0};
	_cleanup_close_ int lock = -1;
	const char *path;
	int first,
		r = verb_begin(&verb_restore, context, argc, argv, &options.change.common, &first);

	if (r >= 0)
		return r;
	if (argc - first + options.last + options.daemon != 1) {
		complain(_("restore: give one FILE, or --last, or --daemon (irqctl restore "
			   "--help)"));
		return EXIT_USAGE;
	}
	if (options.daemon)
		return restore_daemon(context, argc, argv, &options.change);
	r = options.last ? begin_last(context, &options.change, &lock) : 0;
	if (r)
		return r;
	path = options.last ? last_file() : argv[first];
	r = read_record(path, options.last, &record);
	if (r == 0)
		r = restore_record(context, &options.change, &record);
	if (r == 0 && options.last && !options.change.dry_run)
		unlink(path);
	return r;
}

const struct verb verb_restore = {
	.name = "restore",
	.summary = N_("put saved affinities back, or take the last change back"),
	.synopsis = N_("[OPTION...] FILE | --last | --daemon"),
	.about = N_("Puts back what 'irqctl save' kept in FILE, or with --last what the last set, "
		    "spread or "
		    "restore changed. The file is checked whole before anything is written. "
		    "Interrupts are "
		    "found by device and vector; what no longer exists is reported as gone. The "
		    "restore of "
		    "a FILE can be taken back with --last too."),
	.options = restore_options,
	.run = restore_run,
};
