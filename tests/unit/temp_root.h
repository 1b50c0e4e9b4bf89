/* SPDX-License-Identifier: BSD-2-Clause */
/* A machine's files in a temporary directory, and a source that reads them. Includes cmocka. */
#pragma once

#include "cmocka_all.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/macros.h"
#include "source/source.h"

struct temp_root {
	char dir[sizeof("/tmp/irqctl-test-XXXXXX")];
	int fd;
	struct source *source;
};

static inline void temp_root_open(struct temp_root *root)
{
	*root = (struct temp_root){.dir = "/tmp/irqctl-test-XXXXXX"};
	assert_non_null(mkdtemp(root->dir));
	root->fd = open(root->dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_true(root->fd >= 0);
	assert_int_equal(source_open_root(root->dir, &root->source), 0);
}

/* Writes into the file that is there, or makes it and its directories. */
static inline void temp_root_put(struct temp_root *root, const char *path, const char *text)
{
	_cleanup_(buf_done) struct buf dirs = {0};
	_cleanup_close_ int file = -1;

	assert_int_equal(buf_puts(&dirs, path), 0);
	for (char *slash = strchr(dirs.data, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		assert_true(mkdirat(root->fd, dirs.data, 0755) == 0 || errno == EEXIST);
		*slash = '/';
	}
	file = openat(root->fd, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	assert_true(file >= 0);
	assert_int_equal(write(file, text, strlen(text)), (ssize_t)strlen(text));
}

/* The same, below a directory with the number of a CPU or an interrupt in it. */
static inline void temp_root_putn(struct temp_root *root, const char *dir, unsigned int number,
				  const char *leaf, const char *text)
{
	_cleanup_(buf_done) struct buf path = {0};

	assert_int_equal(buf_printf(&path, "%s%u/%s", dir, number, leaf), 0);
	temp_root_put(root, path.data, text);
}

/* Another file of the same name takes its place, as rename() does. */
static inline void temp_root_replace(struct temp_root *root, const char *path, const char *text)
{
	temp_root_put(root, "new", text);
	assert_int_equal(renameat(root->fd, "new", root->fd, path), 0);
}

static inline void temp_root_unlink(struct temp_root *root, const char *path)
{
	assert_int_equal(unlinkat(root->fd, path, 0), 0);
}

static inline int temp_root_remove_one(const char *path, const struct stat *stat, int kind,
				       struct FTW *ftw)
{
	(void)stat;
	(void)kind;
	(void)ftw;
	return remove(path);
}

static inline void temp_root_done(struct temp_root *root)
{
	source_close(root->source);
	close(root->fd);
	assert_int_equal(nftw(root->dir, temp_root_remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}
