/* SPDX-License-Identifier: BSD-2-Clause */
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINE_MAX_BYTES ((size_t)64 << 10)

int files_mkdir(int root, const char *path)
{
	_cleanup_free_ char *copy = strdup(path);

	if (!copy)
		return -ENOMEM;
	if (mkdirat(root, path, 0755) == 0 || errno == EEXIST)
		return 0;
	for (char *slash = strchr(copy, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdirat(root, copy, 0755) < 0 && errno != EEXIST)
			return -errno;
		*slash = '/';
	}
	return mkdirat(root, path, 0755) < 0 && errno != EEXIST ? -errno : 0;
}

static int make_parent(int root, const char *path)
{
	_cleanup_free_ char *copy = strdup(path);
	char *slash = copy ? strrchr(copy, '/') : NULL;

	if (!copy)
		return -ENOMEM;
	if (!slash)
		return -ENOENT;
	*slash = '\0';
	return files_mkdir(root, copy);
}

int files_write(int root, const char *path, const char *text)
{
	const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC;
	_cleanup_close_ int fd = openat(root, path, flags, 0644);
	size_t len = strlen(text);
	ssize_t n;
	int r;

	if (fd < 0 && errno == ENOENT) {
		r = make_parent(root, path);
		if (r < 0)
			return r;
		fd = openat(root, path, flags, 0644);
	}
	if (fd < 0)
		return -errno;
	n = write(fd, text, len);
	if (n < 0)
		return -errno;
	return (size_t)n == len ? 0 : -EIO;
}

int files_printf(int root, const char *path, const char *fmt, ...)
{
	_cleanup_free_ char *text = NULL;
	va_list args;

	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		text = NULL;
	va_end(args);
	return text ? files_write(root, path, text) : -ENOMEM;
}

int files_read_line(int root, const char *path, struct buf *out)
{
	_cleanup_close_ int fd = openat(root, path, O_RDONLY | O_CLOEXEC);
	size_t start = out->len;
	char *end;
	ssize_t n;

	if (fd < 0)
		return -errno;
	if (buf_reserve(out, LINE_MAX_BYTES) < 0)
		return -ENOMEM;
	n = read(fd, out->data + start, LINE_MAX_BYTES);
	if (n < 0)
		return -errno;
	end = memchr(out->data + start, '\n', (size_t)n);
	out->len = end ? (size_t)(end - out->data) : start + (size_t)n;
	out->data[out->len] = '\0';
	return 0;
}

bool files_is_line(int root, const char *path, const char *line)
{
	_cleanup_(buf_done) struct buf text = {0};
	struct stat status;

	return files_read_line(root, path, &text) == 0 && strcmp(buf_text(&text), line) == 0 &&
	       fstatat(root, path, &status, 0) == 0 && status.st_size == (off_t)text.len + 1;
}

int files_range(struct cpuset *set, uint32_t first, uint32_t n)
{
	return n ? cpuset_add_range(set, first, first + n - 1) : 0;
}

int files_mask(const struct cpuset *set, uint32_t n_cpus, struct buf *out)
{
	uint32_t n_words = (n_cpus + 31) / 32, top = n_cpus % 32 ? n_cpus % 32 : 32;
	int r = 0;

	for (uint32_t word = n_words; word-- > 0 && r == 0;) {
		uint64_t pair = word / 2 < set->n_words ? set->words[word / 2] : 0;
		uint32_t bits = (uint32_t)(word % 2 ? pair >> 32 : pair);
		bool first = word == n_words - 1;

		r = buf_printf(out, "%s%0*x", first ? "" : ",", (int)((first ? top : 32) + 3) / 4,
			       bits);
	}
	return r;
}

static int write_text(int root, const char *dir, const char *name, struct buf *text)
{
	_cleanup_(buf_done) struct buf path = {0};
	int r = buf_printf(&path, "%s/%s", dir, name);

	if (r == 0)
		r = buf_putc(text, '\n');
	return r < 0 ? r : files_write(root, buf_text(&path), buf_text(text));
}

int files_write_set(int root, const char *dir, struct files_set names, const struct cpuset *set,
		    uint32_t n_cpus)
{
	_cleanup_(buf_done) struct buf mask = {0}, list = {0};
	int r = 0;

	if (names.mask)
		r = files_mask(set, n_cpus, &mask);
	if (r == 0 && names.mask)
		r = write_text(root, dir, names.mask, &mask);
	if (r == 0 && names.list)
		r = cpuset_format(set, &list);
	if (r == 0 && names.list)
		r = write_text(root, dir, names.list, &list);
	return r;
}
