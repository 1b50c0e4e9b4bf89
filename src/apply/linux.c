/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes to the live machine's /proc and /sys. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "apply/apply.h"
#include "base/macros.h"

/* One write(2): the kernel takes a value whole or not at all. */
static int write_live(void *ctx, const char *path, const char *text)
{
	_cleanup_(buf_done) struct buf absolute = {0};
	_cleanup_close_ int fd = -1;
	size_t len = strlen(text);
	ssize_t n;
	int r = buf_printf(&absolute, "/%s", path);

	(void)ctx;
	if (r < 0)
		return r;
	fd = open(buf_text(&absolute), O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	do {
		n = write(fd, text, len);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	return (size_t)n == len ? 0 : -EIO;
}

struct applier applier_live(struct source *source)
{
	return (struct applier){.source = source, .write = write_live};
}
