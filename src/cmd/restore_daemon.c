/* SPDX-License-Identifier: BSD-2-Clause */
/* irqctl restore --daemon: what a killed daemon left behind. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/macros.h"
#include "base/places.h"
#include "cmd/restore.h"
#include "config/config.h"
#include "daemon/keeper.h"
#include "daemon/lock.h"

/* While a daemon runs its journal is no leftover. 0, or the exit code after a complaint. */
static int take_over(struct daemon_lock *lock, const char *state_dir)
{
	if (daemon_lock_take_over(lock, state_dir) == 0)
		return 0;
	complain(_("restore: the daemon runs; it puts everything back itself when it ends (%s)"),
		 PLACE_STOP);
	return EXIT_FAILED;
}

static int read_config(struct config *config)
{
	_cleanup_(buf_done) struct buf error = {0};
	int r = config_read(CONFIG_FILE, config, &error);

	if (r == 0)
		return 0;
	if (r != -ENOENT)
		complain(_("restore: %s has errors ('irqctl daemon --check' shows them); the usual "
			   "state directory is used"),
			 CONFIG_FILE);
	return config_defaults(config) < 0 ? out_of_memory() : 0;
}

/* What the last daemon noted, or else the configuration. 0, or the exit code after a complaint. */
static int find_state(struct buf *dir, struct buf *journal)
{
	_cleanup_(config_done) struct config config = {0};
	int r = daemon_lock_state_dir(dir);

	if (r == 0 && dir->len)
		r = keeper_journal_path(buf_text(dir), journal);
	if (r < 0)
		return out_of_memory();
	if (journal->len && access(buf_text(journal), F_OK) == 0)
		return 0;
	r = read_config(&config);
	if (r)
		return r;
	buf_cut(dir, 0);
	buf_cut(journal, 0);
	if (buf_puts(dir, config.state_dir) < 0 ||
	    keeper_journal_path(config.state_dir, journal) < 0)
		return out_of_memory();
	return 0;
}

/* Of the machine that is looked at. 0, or the exit code after a complaint. */
static int read_boot(const struct context *context, struct buf *boot)
{
	struct source *source = NULL;
	int r = context_open(context, &source);

	if (r == 0 && source_boot_id(source, boot) < 0)
		r = out_of_memory();
	source_close(source);
	return r;
}

static int read_journal(const char *path, const char *boot, struct record *record)
{
	_cleanup_(buf_done) struct buf error = {0};
	struct journal *journal = NULL;
	int r = journal_open(path, false, boot, &journal, &error);

	if (r == -ENOENT) {
		complain(_("restore: no daemon left anything to put back (%s)"), path);
		return EXIT_FAILED;
	}
	if (r == 0)
		r = journal_originals(journal, record, &error);
	journal_close(journal);
	if (r == 0)
		return 0;
	complain(_("restore: %s; nothing was changed"),
		 error.len ? buf_text(&error) : strerror(-r));
	return EXIT_FAILED;
}

/* One that stays would be put back once more at the end of the next daemon. */
static int remove_journal(const char *path)
{
	int r = journal_remove(path);

	if (r == 0)
		return 0;
	complain("restore: %s: %s", path, strerror(-r));
	return EXIT_FAILED;
}

int restore_daemon(struct context *context, int argc, char **argv,
		   const struct change_options *options)
{
	_cleanup_(daemon_lock_drop) struct daemon_lock lock = DAEMON_LOCK_NONE;
	_cleanup_(record_done) struct record record = {0};
	_cleanup_(buf_done) struct buf dir = {0}, path = {0}, boot = {0};
	struct change_options change = *options;
	int r;

	(void)argc;
	(void)argv;
	change.is_undo = true;
	/* as at a daemon's own end: else its journal would stay for ever */
	change.gone_is_done = true;
	r = find_state(&dir, &path);
	if (r == 0)
		r = take_over(&lock, buf_text(&dir));
	if (r == 0)
		r = read_boot(context, &boot);
	if (r == 0)
		r = read_journal(buf_text(&path), buf_text(&boot), &record);
	if (r == 0)
		r = restore_record(context, &change, &record);
	return r == 0 && !change.dry_run ? remove_journal(buf_text(&path)) : r;
}
