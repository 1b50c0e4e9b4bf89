/* SPDX-License-Identifier: BSD-2-Clause */
/* Files that are kept open between reads. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/dir.h"

static void forget(struct source_file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	file->fd = -1;
}

static int open_again(struct source_file *file)
{
	struct source *source = file->source;
	int fd = source->ops->open ? source->ops->open(source, file->path) : -EOPNOTSUPP;

	forget(file);
	if (fd < 0)
		return fd;
	file->fd = fd;
	return 0;
}

/* In a directory that somebody edits, a file may have made room for another one of its name. */
static bool is_removed(const struct source_file *file)
{
	struct stat st;

	return !file->source->live && fstat(file->fd, &st) == 0 && st.st_nlink == 0;
}

int source_file_open(struct source *source, const char *path, struct source_file *ret)
{
	struct source_file file = {.source = source, .path = strdup(path), .fd = -1};
	int r = file.path ? open_again(&file) : -ENOMEM;

	if (r < 0 && r != -EOPNOTSUPP) {
		free(file.path);
		return r;
	}
	*ret = file;
	return 0;
}

int source_file_read(struct source_file *file, struct buf *out)
{
	size_t start = out->len;
	int r;

	if (file->fd >= 0 && !is_removed(file)) {
		r = dir_read_fd(file->fd, true, out);
		if ((r == 0 && out->len > start) || r == -ENOMEM)
			return r;
	}
	r = open_again(file);
	if (r == -EOPNOTSUPP)
		return source_read(file->source, file->path, out);
	return r < 0 ? r : dir_read_fd(file->fd, true, out);
}

void source_file_close(struct source_file *file)
{
	if (file->source)
		forget(file);
	free(file->path);
	*file = (struct source_file){.fd = -1};
}
