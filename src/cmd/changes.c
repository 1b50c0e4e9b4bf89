/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/changes.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/macros.h"
#include "parse/cpulist.h"

static int read_online(struct machine *machine)
{
	_cleanup_(buf_done) struct buf text = {0};
	int r = source_read(machine->source, "sys/devices/system/cpu/online", &text);

	if (r == 0)
		r = cpulist_parse(buf_text(&text), text.len, &machine->online);
	if (r == 0 || r == -ENOMEM)
		return r;
	/* the columns of the table are the online CPUs too */
	return irq_table_cpus(&machine->snapshot.interrupts, &machine->online);
}

int machine_read(const struct context *context, struct machine *machine)
{
	_cleanup_(buf_done) struct buf error = {0};
	int r = context_open(context, &machine->source);

	if (r)
		return r;
	r = snapshot_take(machine->source, SNAPSHOT_AFFINITY | SNAPSHOT_DEVICES, &machine->snapshot,
			  &error);
	if (r < 0) {
		complain("%s", buf_text(&error));
		return context->root ? EXIT_USAGE : EXIT_FAILED;
	}
	r = model_build(NULL, &machine->snapshot, &machine->model);
	if (r == 0)
		r = read_online(machine);
	return r < 0 ? out_of_memory() : 0;
}

void machine_done(struct machine *machine)
{
	model_done(&machine->model);
	snapshot_done(&machine->snapshot);
	cpuset_done(&machine->online);
	source_close(machine->source);
	machine->source = NULL;
}

/* Keeps what is there before, so that a kill at any moment leaves the way back. */
static int keep_undo(const struct machine *machine, const struct change *changes, size_t n)
{
	_cleanup_(record_done) struct record record = {0};
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++) {
		if (changes[i].state == CHANGE_PLANNED)
			r = record_add_before(&record, &machine->model, &changes[i]);
	}
	if (r < 0)
		return out_of_memory();
	if (!record.n)
		return 0;
	if (mkdir(UNDO_DIR, 0755) < 0 && errno != EEXIST)
		r = -errno;
	/* one that was killed: what it did is the last change */
	if (r == 0 && rename(UNDO_STARTED, UNDO_FILE) < 0 && errno != ENOENT)
		r = -errno;
	if (r == 0)
		r = record_write(&record, UNDO_STARTED);
	if (r < 0) {
		complain(_("%s: cannot keep the state before the change: %s; nothing was changed"),
			 UNDO_STARTED, strerror(-r));
		return EXIT_FAILED;
	}
	return 0;
}

/* A change that changed nothing is none that could be taken back: the one before it stays the last.
 */
static int finish_undo(const struct change *changes, size_t n)
{
	bool changed = false;
	int r;

	for (size_t i = 0; i < n; i++)
		changed = changed || (changes[i].written && changes[i].state != CHANGE_REVERTED);
	r = changed ? rename(UNDO_STARTED, UNDO_FILE) : unlink(UNDO_STARTED);
	if (r == 0 || errno == ENOENT)
		return 0;
	complain("%s: %s", UNDO_STARTED, strerror(errno));
	return EXIT_FAILED;
}

static int read_before(struct applier *applier, struct change *changes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct change *change = &changes[i];
		int r;

		if (change->state == CHANGE_GONE)
			continue;
		r = apply_read(applier, change);
		if (r == -ENOMEM)
			return r;
		if (r < 0 && change->state == CHANGE_PLANNED) {
			change->state = r == -ENOENT ? CHANGE_GONE : CHANGE_REFUSED;
			change->error = -r;
		}
	}
	return 0;
}

/* Two programs that move the same interrupts undo each other's work. */
static void warn_of_balancer(struct machine *machine)
{
	_cleanup_(strv_done) struct strv processes = {0};

	if (source_list(machine->source, "proc", &processes) < 0)
		return;
	for (size_t i = 0; i < processes.n; i++) {
		_cleanup_(buf_done) struct buf path = {0}, name = {0};

		if (!isdigit((unsigned char)processes.items[i][0]) ||
		    buf_printf(&path, "proc/%s/comm", processes.items[i]) < 0 ||
		    source_read(machine->source, buf_text(&path), &name) < 0)
			continue;
		buf_rstrip(&name);
		if (strcmp(buf_text(&name), "irqbalance") != 0)
			continue;
		complain(_("irqbalance (process %s) runs and may move these again; stop it with "
			   "'systemctl stop irqbalance', or start it with --banirq=N for each"),
			 processes.items[i]);
		return;
	}
}

static int outcome(const struct change_options *options, const struct change *changes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (change_is_failure(&changes[i]) ||
		    (options->atomic && !options->dry_run && changes[i].state == CHANGE_PLANNED))
			return EXIT_FAILED;
		if (options->wait > 0 && changes[i].state == CHANGE_PENDING)
			return EXIT_FAILED;
	}
	return EXIT_DONE;
}

static int make_changes(struct machine *machine, struct applier *applier,
			const struct change_options *options, struct change *changes, size_t n)
{
	int r = options->is_undo ? 0 : keep_undo(machine, changes, n);

	if (r)
		return r;
	r = apply_write(applier, changes, n, options->atomic);
	if (r >= 0)
		r = apply_verify(applier, changes, n, options->wait);
	if (r < 0)
		return out_of_memory();
	warn_of_balancer(machine);
	return options->is_undo ? 0 : finish_undo(changes, n);
}

int changes_run(const struct context *context, struct machine *machine,
		const struct change_report *report, const struct change_options *options,
		struct change *changes, size_t n)
{
	struct applier applier = applier_live(machine->source);
	int r;

	if (context->root && !options->dry_run) {
		complain(_("'%s' is a recording and cannot be changed; use --dry-run"),
			 context->root);
		return EXIT_USAGE;
	}
	if (geteuid() != 0 && !options->dry_run) {
		complain(_("only root may change affinities; nothing was changed (try sudo, or "
			   "--dry-run)"));
		return EXIT_FAILED;
	}
	if (read_before(&applier, changes, n) < 0)
		return out_of_memory();
	if (!options->dry_run) {
		r = make_changes(machine, &applier, options, changes, n);
		if (r)
			return r;
	}
	r = changes_report(machine, report, options, changes, n);
	return r ? r : outcome(options, changes, n);
}
