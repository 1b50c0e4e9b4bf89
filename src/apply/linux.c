/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes to the live machine's /proc and /sys. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "apply/apply.h"
#include "apply/channels.h"
#include "base/macros.h"
#include "snapshot/snapshot.h"
#include "source/dir.h"

/* One write(2): the kernel takes a value whole or not at all. `ctx` is the source. */
static int write_live(void *ctx, const char *path, const char *text)
{
	_cleanup_close_ int fd = dir_write_fd(ctx, path);
	size_t len = strlen(text);
	ssize_t n;

	if (fd < 0)
		return fd;
	do {
		n = write(fd, text, len);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	return (size_t)n == len ? 0 : -EIO;
}

static int write_channels_live(void *ctx, const char *interface, uint64_t number, struct buf *said)
{
	(void)ctx;
	return channels_write(interface, number, said);
}

struct applier applier_live(struct source *source)
{
	return (struct applier){.source = source,
				.write = write_live,
				.ctx = source,
				.write_channels = write_channels_live,
				.freebsd = snapshot_is_freebsd(source)};
}
