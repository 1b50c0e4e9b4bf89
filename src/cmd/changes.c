/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/changes.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apply/freebsd.h"
#include "base/i18n.h"
#include "base/macros.h"
#include "cmd/changes_freebsd.h"
#include "parse/cpulist.h"

static int read_online(struct machine *machine)
{
	_cleanup_(buf_done) struct buf text = {0};
	int r = source_read(machine->source, "sys/devices/system/cpu/online", &text);

	if (r == 0)
		r = cpulist_parse(buf_text(&text), text.len, &machine->online);
	if (r < 0 && r != -ENOMEM && machine->snapshot.system == SYSTEM_FREEBSD)
		r = freebsd_read_root(machine->source, &machine->online);
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
		return context_recorded(context) ? EXIT_USAGE : EXIT_FAILED;
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

static int cannot_keep(const char *path, int error)
{
	complain(_("%s: cannot keep the state before the change: %s; nothing was changed"), path,
		 strerror(error));
	return EXIT_FAILED;
}

/* 0 or -errno */
static int wait_for_lock(int fd)
{
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	if (errno != EWOULDBLOCK)
		return -errno;
	complain(_("another irqctl changes this machine; it is waited for"));
	return flock(fd, LOCK_EX) < 0 ? -errno : 0;
}

int changes_lock(int *ret_fd)
{
	int fd, r;

	if (mkdir(UNDO_DIR, 0755) < 0 && errno != EEXIST)
		return cannot_keep(UNDO_DIR, errno);
	/* for root only: who can open it can lock it */
	fd = open(UNDO_LOCK, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return cannot_keep(UNDO_LOCK, errno);
	r = wait_for_lock(fd);
	if (r < 0) {
		close(fd);
		return cannot_keep(UNDO_LOCK, -r);
	}
	*ret_fd = fd;
	return 0;
}

static void unlock(int *fd)
{
	closep(fd);
	*fd = -1;
}

int changes_keep(const struct record *record, bool is_first)
{
	/* what a kill amid a write left, of either file */
	int r = record_sweep(UNDO_STARTED);

	/* one that was killed: what it did is the last change */
	if (r == 0 && is_first && rename(UNDO_STARTED, UNDO_FILE) < 0 && errno != ENOENT)
		r = -errno;
	if (r == 0)
		r = record_write(record, UNDO_STARTED);
	return r < 0 ? cannot_keep(UNDO_STARTED, -r) : 0;
}

/* Keeps what is there before, so that a kill at any moment leaves the way back. *ret_kept: there is
 * a record of this change. */
static int keep_undo(const struct machine *machine, const struct change_options *options,
		     const struct change *changes, size_t n, bool *ret_kept)
{
	struct record fresh = {0};
	struct record *record = options->started ? options->started : &fresh;
	size_t n_before = record->n;
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++) {
		if (changes[i].state == CHANGE_PLANNED &&
		    !record_covers(record, &machine->model, &changes[i].setting))
			r = record_add_before(record, &machine->model, &changes[i]);
	}
	if (r < 0)
		r = out_of_memory();
	else if (record->n > n_before)
		r = changes_keep(record, !options->started);
	*ret_kept = record->n > 0;
	record_done(&fresh);
	return r;
}

/* A change that changed nothing is none that could be taken back: the one before it stays the last.
 */
static int finish_undo(const struct change_options *options, const struct change *changes, size_t n)
{
	bool changed = options->started;
	int r;

	for (size_t i = 0; i < n; i++)
		changed = changed || (changes[i].written && changes[i].state != CHANGE_REVERTED);
	r = changed ? rename(UNDO_STARTED, UNDO_FILE) : unlink(UNDO_STARTED);
	if (r == 0 || errno == ENOENT)
		return 0;
	complain("%s: %s", UNDO_STARTED, strerror(errno));
	return EXIT_FAILED;
}

/*
 * Whether what cannot be found is gone. An interrupt whose folder is there, or that a recording's
 * table has, is not: only its file cannot be read.
 */
static bool is_gone(const struct machine *machine, const struct setting *setting)
{
	const struct interrupt *interrupt;
	_cleanup_(buf_done) struct buf path = {0};
	uint32_t mode;

	if (setting->kind != SETTING_IRQ)
		return true;
	interrupt = model_find_irq(&machine->model, setting->irq);
	if (!interrupt)
		return true;
	/* a container may have the table without the folders */
	if (!machine->source->live || !interrupt->facts)
		return false;
	return buf_printf(&path, "proc/irq/%" PRId32, setting->irq) == 0 &&
	       source_mode(machine->source, buf_text(&path), &mode) == -ENOENT;
}

static int read_before(const struct machine *machine, struct applier *applier,
		       struct change *changes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct change *change = &changes[i];
		int r;

		if (change->state == CHANGE_GONE || change->written || change->later)
			continue;
		r = apply_read(applier, change);
		if (r == -ENOMEM)
			return r;
		if (r == 0 || change->state != CHANGE_PLANNED)
			continue;
		if (r == -ENOENT && is_gone(machine, &change->setting)) {
			change->state = CHANGE_GONE;
			continue;
		}
		/* without the way back nothing is written */
		change->state = CHANGE_REFUSED;
		change->error = -r;
		if (r != -EACCES)
			change->why = N_("what is set now cannot be read");
	}
	return 0;
}

static int outcome(const struct change_options *options, const struct change *changes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (options->gone_is_done && changes[i].state == CHANGE_GONE)
			continue;
		if (change_is_failure(&changes[i]) ||
		    (options->atomic && !options->dry_run && changes[i].state == CHANGE_PLANNED))
			return EXIT_FAILED;
		if (options->wait > 0 && changes[i].state == CHANGE_PENDING)
			return EXIT_FAILED;
	}
	return EXIT_DONE;
}

/*
 * The daemon in charge is told before the write: until it hears that, which may take it seconds, it
 * would overwrite what was set. But a ban cannot be taken back, so with --atomic it is told when
 * all was written, and what it has moved meanwhile is written again. As apply_write(); *ret_code is
 * EXIT_FAILED where it would not listen, and the changes are made all the same.
 */
static int write_changes(struct machine *machine, struct applier *applier,
			 const struct change_options *options, struct change *changes, size_t n,
			 struct ban_report *ban, int *ret_code)
{
	bool twice = options->atomic && options->ban;
	int r = twice ? apply_write(applier, changes, n, true) : 0;

	if (r)
		return r;
	for (size_t i = 0; i < n && twice; i++) {
		if (changes[i].state == CHANGE_APPLIED)
			changes[i].state = CHANGE_PLANNED;
	}
	*ret_code = changes_ban(machine, options, changes, n, ban);
	return apply_write(applier, changes, n, options->atomic);
}

/* 0, or the exit code after a complaint. */
static int make_changes(struct machine *machine, struct applier *applier,
			const struct change_options *options, struct change *changes, size_t n,
			struct ban_report *ban, int *ret_code, int *lock)
{
	bool kept = false;
	int r = options->is_undo ? 0 : keep_undo(machine, options, changes, n, &kept);

	if (r)
		return r;
	if (write_changes(machine, applier, options, changes, n, ban, ret_code) < 0)
		return out_of_memory();
	if (kept)
		r = finish_undo(options, changes, n);
	/* others need not wait as long as --wait does */
	unlock(lock);
	return apply_verify(applier, changes, n, options->wait) < 0 ? out_of_memory() : r;
}

static int report_all(const struct machine *machine, const struct change_report *report,
		      const struct change_options *options, const struct change *changes, size_t n,
		      const struct ban_report *ban)
{
	_cleanup_(cpuset_done) struct cpuset room = {0};
	struct change_report full = *report;
	int r = changes_room(machine, changes, n, &room);

	if (r < 0)
		return out_of_memory();
	full.room = r ? &room : NULL;
	full.ban = options->ban && !options->dry_run ? ban : NULL;
	return changes_report(machine, &full, options, changes, n);
}

int changes_check(const struct context *context, const struct change_options *options)
{
	if (options->dry_run)
		return 0;
	if (context_recorded(context)) {
		complain(_("'%s' is a recording and cannot be changed; use --dry-run"),
			 context_recorded(context));
		return EXIT_USAGE;
	}
	if (geteuid() == 0)
		return 0;
	complain(_("only root may change affinities; nothing was changed (try sudo, or "
		   "--dry-run)"));
	return EXIT_FAILED;
}

int changes_run(const struct context *context, struct machine *machine,
		const struct change_report *report, const struct change_options *options,
		struct change *changes, size_t n)
{
	struct applier applier = applier_live(machine->source);
	struct ban_report ban = {0};
	_cleanup_close_ int lock = -1;
	int r = changes_check(context, options), ban_code = 0;

	if (r == 0 && !options->dry_run && !options->is_locked)
		r = changes_lock(&lock);
	if (r)
		return r;
	if (machine->snapshot.system == SYSTEM_FREEBSD)
		freebsd_check_changes(machine, changes, n);
	if (read_before(machine, &applier, changes, n) < 0)
		return out_of_memory();
	if (machine->snapshot.system == SYSTEM_FREEBSD) {
		r = freebsd_note_changes(machine, changes, n);
		if (r)
			return r;
	}
	if (!options->dry_run) {
		r = make_changes(machine, &applier, options, changes, n, &ban, &ban_code, &lock);
		if (r)
			return r;
	}
	r = report_all(machine, report, options, changes, n, &ban);
	if (r == 0)
		r = outcome(options, changes, n);
	return r ? r : ban_code;
}
