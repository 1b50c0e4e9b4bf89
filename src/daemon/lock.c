/* SPDX-License-Identifier: BSD-2-Clause */
#include "daemon/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/macros.h"
#include "base/places.h"

#define PATH_BYTES 4096u

static int path_in(const char *dir, struct buf *out)
{
	return buf_printf(out, "%s/daemon.lock", dir);
}

static int take(const char *path, int flags, int *ret)
{
	int fd = open(path, O_RDWR | O_CLOEXEC | flags, 0644), r;

	if (fd < 0)
		return -errno;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
		*ret = fd;
		return 0;
	}
	r = -errno;
	close(fd);
	return r;
}

static int make_and_take(const char *dir, int *ret, struct buf *error)
{
	_cleanup_(buf_done) struct buf path = {0};
	int r = mkdir(dir, 0755) < 0 && errno != EEXIST ? -errno : 0;

	if (r == 0)
		r = path_in(dir, &path);
	if (r == 0)
		r = take(buf_text(&path), O_CREAT, ret);
	if (r == -EWOULDBLOCK)
		buf_printf(error,
			   "%s: another irqctl daemon runs; 'irqctl status' asks it, '%s' ends it",
			   buf_text(&path), PLACE_STOP);
	else if (r < 0)
		buf_printf(error, "%s: %s", path.len ? buf_text(&path) : dir, strerror(-r));
	return r;
}

/* However it is spelled, where it is there: a second lock on the same file would be refused. */
static bool is_the_place(const char *dir)
{
	struct stat place, state;

	return strcmp(dir, PLACE_RUN) == 0 ||
	       (stat(PLACE_RUN, &place) == 0 && stat(dir, &state) == 0 &&
		place.st_dev == state.st_dev && place.st_ino == state.st_ino);
}

/* Without space for it the usual place has to do. */
static void note(int fd, const char *state_dir)
{
	size_t len = strlen(state_dir);

	if (ftruncate(fd, 0) == 0 && pwrite(fd, state_dir, len, 0) != (ssize_t)len &&
	    ftruncate(fd, 0) < 0)
		return;
}

int daemon_lock_take(struct daemon_lock *lock, const char *state_dir, bool observe,
		     struct buf *error)
{
	bool elsewhere = !is_the_place(state_dir);
	int r = make_and_take(PLACE_RUN, &lock->place, error);

	/* where the usual place cannot be written the other one has to do */
	if (r < 0 && r != -EWOULDBLOCK && elsewhere) {
		buf_cut(error, 0);
		r = 0;
	}
	if (r == 0 && elsewhere && !is_the_place(state_dir))
		r = make_and_take(state_dir, &lock->state, error);
	if (r < 0)
		daemon_lock_drop(lock);
	else if (lock->place >= 0 && !observe)
		note(lock->place, state_dir);
	return r;
}

int daemon_lock_take_over(struct daemon_lock *lock, const char *state_dir)
{
	_cleanup_(buf_done) struct buf path = {0};
	int r = take(PLACE_RUN "/daemon.lock", 0, &lock->place);

	if (r != -EWOULDBLOCK && !is_the_place(state_dir) && path_in(state_dir, &path) == 0)
		r = take(buf_text(&path), 0, &lock->state);
	if (r == -EWOULDBLOCK)
		daemon_lock_drop(lock);
	return r == -EWOULDBLOCK ? r : 0;
}

void daemon_lock_drop(struct daemon_lock *lock)
{
	closep(&lock->place);
	closep(&lock->state);
	*lock = (struct daemon_lock)DAEMON_LOCK_NONE;
}

int daemon_lock_state_dir(struct buf *out)
{
	_cleanup_(buf_done) struct buf text = {0};
	int r = file_read(PLACE_RUN "/daemon.lock", PATH_BYTES, &text);

	if (r == -ENOMEM)
		return r;
	/* of anybody but a daemon it would be something else */
	if (r < 0 || !text.len || *text.data != '/' || strlen(text.data) != text.len)
		return 0;
	return buf_puts(out, text.data);
}
