/* SPDX-License-Identifier: BSD-2-Clause */
/* irqctl save: keep every affinity of the machine in a file. */
#include <errno.h>
#include <string.h>

#include "base/i18n.h"
#include "base/macros.h"
#include "cmd/changes.h"

static const struct option_spec save_options[] = {
	COMMON_OPTIONS,
	{.name = NULL},
};

/* Interrupts that may have an affinity, which nobody can read here. */
static size_t count_unread(const struct model *model)
{
	size_t n = 0;

	for (size_t i = 0; i < model->n_items; i++) {
		const struct interrupt *interrupt = &model->items[i];

		n += interrupt->row->number >= 0 && interrupt->settable != SETTABLE_NO &&
		     (!interrupt->facts || !interrupt->facts->has_requested);
	}
	return n;
}

static int save_machine(const struct context *context, const char *path)
{
	_cleanup_(machine_done) struct machine machine = {0};
	_cleanup_(record_done) struct record record = {0};
	struct applier applier;
	size_t n_unread;
	int r = machine_read(context, &machine);

	if (r)
		return r;
	applier = applier_live(machine.source);
	if (record_add_machine(&record, &applier, &machine.model) < 0)
		return out_of_memory();
	if (!record.n) {
		complain(
			_("save: nothing can be set on this machine, or nothing of it can be read; "
			  "no file was written"));
		return EXIT_FAILED;
	}
	r = record_write(&record, path);
	if (r < 0) {
		if (strcmp(path, "-") == 0)
			complain(_("save: cannot write to standard output: %s"), strerror(-r));
		else
			complain(_("save: cannot write '%s': %s"), path, strerror(-r));
		return EXIT_FAILED;
	}
	if (strcmp(path, "-") != 0)
		complain(_("%zu settings saved in '%s'"), record.n, path);
	n_unread = count_unread(&machine.model);
	if (!n_unread)
		return EXIT_DONE;
	complain(_("save: affinities that cannot be read, and are not in it: %zu ('irqctl get' "
		   "shows which)"),
		 n_unread);
	return EXIT_FAILED;
}

static int save_run(struct context *context, int argc, char **argv)
{
	struct common_options options = {0};
	int first, r = verb_begin(&verb_save, context, argc, argv, &options, &first);

	if (r >= 0)
		return r;
	if (argc - first > 1) {
		complain(_("save: one FILE, not %d (irqctl save --help)"), argc - first);
		return EXIT_USAGE;
	}
	return save_machine(context, argc > first ? argv[first] : "-");
}

const struct verb verb_save = {
	.name = "save",
	.summary = N_("keep the whole machine's affinities in a file"),
	.synopsis = N_("[OPTION...] [FILE]"),
	.about = N_("Writes the affinity of every interrupt that can be set, the default affinity, "
		    "and XPS, RPS "
		    "and RFS of every network queue to FILE (JSON, replaced in one step), or to "
		    "standard "
		    "output. Interrupts are kept by device and vector, because their numbers "
		    "change when a "
		    "driver is loaded again."),
	.options = save_options,
	.run = save_run,
};
