/* SPDX-License-Identifier: BSD-2-Clause */
#include "source/dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/macros.h"
#include "source/inside.h"

/* A chunk holds the widest rows of real machines (4096 CPUs: 45 kB) several times. */
#define STREAM_CHUNK (((size_t)128 << 10) - 1)
#define READ_STEP    4096u

static struct dir_source *dir_source(struct source *source)
{
	return (struct dir_source *)source;
}

/*
 * Live, the directory that *path starts from; shortens *path. Thousands of files are read below
 * proc/irq, and to look up its parts for each of them takes a tenth of the time.
 */
static int live_base(struct dir_source *dir, const char **path)
{
	static const char irq[] = "proc/irq/";

	if (strncmp(*path, irq, sizeof(irq) - 1) != 0)
		return dir->fd;
	if (dir->irq_fd < 0)
		dir->irq_fd = openat(dir->fd, irq, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir->irq_fd < 0)
		return dir->fd;
	*path += sizeof(irq) - 1;
	return dir->irq_fd;
}

static int dir_open_path(struct dir_source *dir, const char *path, int flags)
{
	int fd;

	if (dir->inside)
		return open_inside(dir->fd, path, flags | O_CLOEXEC);
	fd = live_base(dir, &path);
	fd = openat(fd, path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static bool is_regular(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

/*
 * A recording may hold a FIFO or a device where a file should be. To open some devices is to use
 * them (a watchdog starts), so the kind is looked at before, and again behind the back of a change.
 */
static int dir_open_file(struct dir_source *dir, const char *path)
{
	_cleanup_close_ int look = -1;
	int fd;

	if (!dir->inside)
		return dir_open_path(dir, path, O_RDONLY);
	look = dir_open_path(dir, path, O_PATH);
	if (look < 0)
		return look;
	if (!is_regular(look))
		return -EINVAL;
	fd = dir_open_path(dir, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	if (fd >= 0 && !is_regular(fd)) {
		close(fd);
		return -EINVAL;
	}
	return fd;
}

/*
 * The kernel prints an attribute of sysfs and a file of proc/irq in one piece (fs/kernfs/file.c,
 * single_open), so a read that leaves room has met the end. Others need a read that returns
 * nothing.
 */
static bool in_one_piece(const struct dir_source *dir, const char *path)
{
	return !dir->inside &&
	       (strncmp(path, "sys/", 4) == 0 || strncmp(path, "proc/irq/", 9) == 0);
}

#define AT_POSITION ((off_t)-1) /* behind what the last read gave */

static ssize_t read_some(int fd, char *to, size_t len, off_t at)
{
	ssize_t n;

	do {
		n = at == AT_POSITION ? read(fd, to, len) : pread(fd, to, len, at);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

int dir_read_fd(int fd, bool one_piece, struct buf *out)
{
	size_t start = out->len;

	for (;;) {
		ssize_t n = buf_reserve(out, READ_STEP);
		size_t room = 0;

		if (n == 0) {
			room = out->cap - out->len - 1;
			n = read_some(fd, out->data + out->len, room, (off_t)(out->len - start));
		}
		if (n > 0 && out->len - start + (size_t)n > SOURCE_READ_MAX)
			n = -EFBIG;
		if (n < 0) {
			if (out->data)
				buf_cut(out, start);
			return (int)n;
		}
		buf_cut(out, out->len + (size_t)n);
		if (n == 0 || (one_piece && (size_t)n < room))
			return 0;
	}
}

int dir_fd(struct source *source, const char *path)
{
	return dir_open_file(dir_source(source), path);
}

int dir_write_fd(struct source *source, const char *path)
{
	struct dir_source *dir = dir_source(source);
	struct stat status;
	int fd;

	/* only a live source of this kind has dir_close(): a recording is never written to */
	if (source->ops->close != dir_close || dir->inside)
		return -EROFS;
	fd = dir_open_path(dir, path, O_WRONLY);
	if (fd < 0)
		return fd;
	/* the kernel's own files have no length; where others are mounted over them all have one */
	if (!dir->knows_length)
		dir->has_length = fstat(fd, &status) == 0 && status.st_size > 0;
	dir->knows_length = true;
	if (dir->has_length && ftruncate(fd, 0) < 0) {
		int r = -errno;

		close(fd);
		return r;
	}
	return fd;
}

int dir_read(struct source *source, const char *path, struct buf *out)
{
	_cleanup_close_ int fd = dir_fd(source, path);

	return fd < 0 ? fd : dir_read_fd(fd, in_one_piece(dir_source(source), path), out);
}

/* One pass of dir_stream: reads, hands over, keeps the rest. 1 while more may come, 0 at the end.
 */
static int stream_step(int fd, struct buf *kept, source_chunk_fn chunk, void *ctx)
{
	int64_t used;
	bool long_line = kept->len > STREAM_CHUNK / 2;
	ssize_t n = kept->len > SOURCE_READ_MAX ? -EFBIG : 0; /* a line without end */

	if (n == 0)
		n = buf_reserve(kept, long_line ? STREAM_CHUNK : STREAM_CHUNK - kept->len);
	if (n == 0)
		n = read_some(fd, kept->data + kept->len, kept->cap - kept->len - 1, AT_POSITION);
	if (n < 0)
		return (int)n;
	buf_cut(kept, kept->len + (size_t)n);
	used = chunk(ctx, kept->data, kept->len, n == 0);
	if (used < 0)
		return (int)used;
	memmove(kept->data, kept->data + used, kept->len - (size_t)used);
	buf_cut(kept, kept->len - (size_t)used);
	return n > 0;
}

int dir_stream(struct source *source, const char *path, source_chunk_fn chunk, void *ctx)
{
	_cleanup_close_ int fd = dir_open_file(dir_source(source), path);
	_cleanup_(buf_done) struct buf kept = {0};
	int r;

	if (fd < 0)
		return fd;
	do {
		r = stream_step(fd, &kept, chunk, ctx);
	} while (r > 0);
	return r;
}

int dir_list(struct source *source, const char *path, struct strv *out)
{
	int fd = dir_open_path(dir_source(source), path, O_RDONLY | O_DIRECTORY);
	_cleanup_closedir_ DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (fd < 0)
		return fd;
	if (!dir) {
		int r = -errno;

		close(fd);
		return r;
	}
	for (;;) {
		struct dirent *entry;
		int r;

		errno = 0;
		entry = readdir(dir);
		if (!entry && errno)
			return -errno;
		if (!entry)
			break;
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		r = strv_add(out, entry->d_name);
		if (r < 0)
			return r;
	}
	strv_sort(out);
	return 0;
}

int dir_link(struct source *source, const char *path, struct buf *out)
{
	_cleanup_close_ int fd = -1;
	ssize_t n;
	int r = buf_reserve(out, READ_STEP);

	if (r < 0)
		return r;
	if (!dir_source(source)->inside) {
		n = readlinkat(dir_source(source)->fd, path, out->data + out->len, READ_STEP);
	} else {
		fd = dir_open_path(dir_source(source), path, O_PATH | O_NOFOLLOW);
		if (fd < 0)
			return fd;
		n = readlinkat(fd, "", out->data + out->len, READ_STEP);
	}
	if (n < 0)
		return errno == ENOENT && fd >= 0 ? -EINVAL : -errno;
	if (n == READ_STEP)
		return -ENAMETOOLONG;
	buf_cut(out, out->len + (size_t)n);
	return 0;
}

static int dir_stat(struct dir_source *dir, const char *path, struct stat *st)
{
	_cleanup_close_ int fd = -1;
	int r;

	if (!dir->inside) {
		int base = live_base(dir, &path);

		r = fstatat(base, path, st, 0);
	} else {
		fd = dir_open_path(dir, path, O_PATH);
		if (fd < 0)
			return fd;
		r = fstat(fd, st);
	}
	return r < 0 ? -errno : 0;
}

int dir_mode(struct source *source, const char *path, uint32_t *ret_mode)
{
	struct stat st;
	int r = dir_stat(dir_source(source), path, &st);

	if (r == 0)
		*ret_mode = st.st_mode & 07777u;
	return r;
}

int dir_time(struct source *source, const char *path, uint64_t *ret_ns)
{
	struct stat st;
	int r = dir_stat(dir_source(source), path, &st);

	if (r == 0 && st.st_mtim.tv_sec >= 0)
		*ret_ns = (uint64_t)st.st_mtim.tv_sec * 1000000000u + (uint64_t)st.st_mtim.tv_nsec;
	return r;
}

void dir_close(struct source *source)
{
	struct dir_source *dir = dir_source(source);

	if (dir->irq_fd >= 0)
		close(dir->irq_fd);
	close(dir->fd);
	free(dir->name);
	free(dir);
}

/* "/dump/host1/" -> "/dump/host1", so that messages name files as people write them */
static char *dir_name(const char *path)
{
	size_t len = strlen(path);

	while (len && path[len - 1] == '/')
		len--;
	return strndup(path, len);
}

int dir_open(const char *path, bool inside, const struct source_ops *ops,
	     struct source **ret_source)
{
	struct dir_source *dir = calloc(1, sizeof(*dir));
	int r = 0;

	if (!dir)
		return -ENOMEM;
	dir->irq_fd = -1;
	dir->fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir->fd < 0)
		r = -errno;
	dir->name = dir_name(inside ? path : "");
	if (r == 0 && !dir->name)
		r = -ENOMEM;
	if (r < 0) {
		if (dir->fd >= 0)
			close(dir->fd);
		free(dir->name);
		free(dir);
		return r;
	}
	dir->base = (struct source){.ops = ops, .name = dir->name, .live = !inside};
	dir->inside = inside;
	*ret_source = &dir->base;
	return 0;
}
