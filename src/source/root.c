/* SPDX-License-Identifier: BSD-2-Clause */
/* A directory that holds a machine's proc/ and sys/: an unpacked sosreport, a test fixture. */
#include "source/dir.h"

static const struct source_ops root_ops = {
	.read = dir_read,
	.stream = dir_stream,
	.list = dir_list,
	.link = dir_link,
	.mode = dir_mode,
	.time = dir_time,
	.close = dir_close,
	.open = dir_fd,
};

int source_open_root(const char *dir, struct source **ret_source)
{
	return dir_open(dir, true, &root_ops, ret_source);
}
