/* SPDX-License-Identifier: BSD-2-Clause */
/* irqctl restore: put saved affinities back, or take the last change back. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/macros.h"
#include "cmd/changes.h"

struct restore_options {
	struct change_options change;
	bool last;
};

static const struct option_spec restore_options[] = {
	{0, "last", OPTION_FLAG, OPTION_AT(struct restore_options, last),
	 .help = N_("take the last change of set, spread or restore back")},
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

/* The kernel would refuse CPUs that this machine does not have; a record of another one may name
 * some. */
static void check_cpus(const struct machine *machine, struct change *changes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct change *change = &changes[i];
		bool some = false;

		cpuset_foreach (cpu, &change->wanted)
			some = some || cpuset_has(&machine->online, (uint32_t)cpu);
		if (change->state != CHANGE_PLANNED || some || cpuset_next(&change->wanted, 0) < 0)
			continue;
		change->state = CHANGE_REFUSED;
		change->why = N_("none of these CPUs is online");
	}
}

static int restore_record(const struct context *context, const struct restore_options *options,
			  const struct record *record)
{
	_cleanup_(machine_done) struct machine machine = {0};
	struct change *changes = NULL;
	int r = machine_read(context, &machine);

	if (r)
		return r;
	if (record_changes(record, &machine.model, &changes) < 0)
		return out_of_memory();
	check_cpus(&machine, changes, record->n);
	r = changes_run(context, &machine,
			&(const struct change_report){.schema = "irqctl.restore/1"},
			&options->change, changes, record->n);
	for (size_t i = 0; i < record->n; i++)
		change_done(&changes[i]);
	free(changes);
	return r;
}

static int restore_run(struct context *context, int argc, char **argv)
{
	struct restore_options options = {0};
	_cleanup_(record_done) struct record record = {0};
	int first,
		r = verb_begin(&verb_restore, context, argc, argv, &options.change.common, &first);

	if (r >= 0)
		return r;
	if (argc - first != (options.last ? 0 : 1)) {
		complain(_("restore: give one FILE, or --last (irqctl restore --help)"));
		return EXIT_USAGE;
	}
	r = read_record(options.last ? UNDO_FILE : argv[first], options.last, &record);
	options.change.is_undo = options.last;
	if (r == 0)
		r = restore_record(context, &options, &record);
	if (r == 0 && options.last && !options.change.dry_run)
		unlink(UNDO_FILE);
	return r;
}

const struct verb verb_restore = {
	.name = "restore",
	.summary = N_("put saved affinities back, or take the last change back"),
	.synopsis = N_("[OPTION...] FILE | --last"),
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
