/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/macros.h"

#define CHUNK 65536u

static int read_all(int fd, size_t max, struct buf *out)
{
	size_t start = out->len;

	for (;;) {
		ssize_t n;

		if (buf_reserve(out, CHUNK) < 0)
			return -ENOMEM;
		n = read(fd, out->data + out->len, CHUNK);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : 0;
		out->len += (size_t)n;
		out->data[out->len] = '\0';
		if (out->len - start > max)
			return -EFBIG;
	}
}

int file_read(const char *path, size_t max, struct buf *out)
{
	/* a FIFO without a writer must not hold the reader */
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	size_t start = out->len;
	struct stat st;
	int r;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return S_ISDIR(st.st_mode) ? -EISDIR : -ENOTSUP;
	r = read_all(fd, max, out);
	if (r < 0 && out->data)
		buf_cut(out, start);
	return r;
}

int file_read_input(size_t max, struct buf *out)
{
	size_t start = out->len;
	int r = read_all(STDIN_FILENO, max, out);

	if (r < 0 && out->data)
		buf_cut(out, start);
	return r;
}

static int write_all(int fd, const char *bytes, size_t len)
{
	while (len) {
		ssize_t n = write(fd, bytes, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		bytes += n;
		len -= (size_t)n;
	}
	return 0;
}

/* The rename is only safe on the disk once the directory is. */
static int sync_parent(const char *path)
{
	const char *slash = strrchr(path, '/');
	_cleanup_free_ char *dir =
		slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : strdup(".");
	_cleanup_close_ int fd = dir ? open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

	if (fd < 0)
		return dir ? -errno : -ENOMEM;
	return fsync(fd) < 0 ? -errno : 0;
}

static int write_atomically(const char *path, const struct buf *text)
{
	_cleanup_(buf_done) struct buf temporary = {0};
	int fd, r = buf_printf(&temporary, "%s.XXXXXX", path);

	if (r < 0)
		return r;
	fd = mkostemp(temporary.data, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	r = write_all(fd, buf_text(text), text->len);
	if (r == 0 && (fchmod(fd, 0644) < 0 || fsync(fd) < 0))
		r = -errno;
	if (close(fd) < 0 && r == 0)
		r = -errno;
	if (r == 0 && rename(temporary.data, path) < 0)
		r = -errno;
	if (r < 0)
		unlink(temporary.data);
	return r < 0 ? r : sync_parent(path);
}

static int write_in_place(const char *path, const struct buf *text)
{
	_cleanup_close_ int fd = open(path, O_WRONLY | O_CLOEXEC);

	return fd < 0 ? -errno : write_all(fd, buf_text(text), text->len);
}

int file_write(const char *path, const struct buf *text)
{
	_cleanup_free_ char *target = NULL;
	struct stat st;

	if (strcmp(path, "-") == 0)
		return write_all(STDOUT_FILENO, buf_text(text), text->len);
	/* neither a link nor a device may be replaced; /dev/stdout is both, or leads to a pipe */
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return write_in_place(path, text);
	if (lstat(path, &st) < 0 || !S_ISLNK(st.st_mode))
		return write_atomically(path, text);
	target = realpath(path, NULL);
	return target ? write_atomically(target, text) : -errno;
}
