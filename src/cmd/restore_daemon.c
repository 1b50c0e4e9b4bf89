/* SPDX-License-Identifier: BSD-2-Clause */
/* irqctl restore --daemon: what a killed daemon left behind. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/macros.h"
#include "base/places.h"
#include "cmd/restore.h"
#include "config/config.h"
#include "daemon/keeper.h"

/* While a daemon runs its journal is no leftover. 0, or the exit code after a complaint. */
static int lock(const struct config *config, int *ret_fd)
{
	_cleanup_(buf_done) struct buf path = {0};
	int fd;

	if (buf_printf(&path, "%s/daemon.lock", config->state_dir) < 0)
		return out_of_memory();
	fd = open(buf_text(&path), O_RDWR | O_CLOEXEC);
	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) < 0) {
		close(fd);
		complain(_("restore: the daemon runs; it puts everything back itself when it ends "
			   "(%s)"),
			 PLACE_STOP);
		return EXIT_FAILED;
	}
	*ret_fd = fd;
	return 0;
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

static int read_journal(const char *path, struct record *record)
{
	_cleanup_(buf_done) struct buf error = {0};
	struct journal *journal = NULL;
	int r = journal_open(path, false, &journal, &error);

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

int restore_daemon(struct context *context, int argc, char **argv,
		   const struct change_options *options)
{
	_cleanup_(config_done) struct config config = {0};
	_cleanup_(record_done) struct record record = {0};
	_cleanup_(buf_done) struct buf path = {0};
	struct change_options change = *options;
	_cleanup_close_ int fd = -1;
	int r;

	(void)argc;
	(void)argv;
	change.is_undo = true;
	r = read_config(&config);
	if (r == 0)
		r = lock(&config, &fd);
	if (r == 0 && keeper_journal_path(config.state_dir, &path) < 0)
		r = out_of_memory();
	if (r == 0)
		r = read_journal(buf_text(&path), &record);
	if (r == 0)
		r = restore_record(context, &change, &record);
	if (r == 0 && !change.dry_run)
		journal_remove(buf_text(&path));
	return r;
}
