/* SPDX-License-Identifier: BSD-2-Clause */
/* Whole files that belong to irqctl or to its user: never those of the kernel. */
#pragma once

#include <stddef.h>

#include "base/buf.h"

/*
 * Appends a regular file of at most `max` bytes. 0; -EFBIG where it is longer; -EISDIR or -ENOTSUP
 * where it is something else; or -errno.
 */
int file_read(const char *path, size_t max, struct buf *out);

/* Appends standard input, to its end, at most `max` bytes. 0, -EFBIG or -errno. */
int file_read_input(size_t max, struct buf *out);

/*
 * Writes `text` to `path`, with mode 0644; "-" is standard output. A regular file is replaced in
 * one step, so that a reader or a crash never meets half of it; what a link leads to is replaced,
 * and a device or a pipe is written to. 0 or -errno.
 */
int file_write(const char *path, const struct buf *text);
