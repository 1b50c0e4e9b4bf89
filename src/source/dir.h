/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the live machine and a recorded root share: reading below a directory. Private to source/,
 * but for dir_write_fd().
 */
#pragma once

#include "source/source.h"

struct dir_source {
	struct source base;
	int fd;      /* the directory */
	int irq_fd;  /* its proc/irq, where live and once used; -1 else */
	bool inside; /* links must not lead out of it, and only regular files are read */
	bool knows_length, has_length; /* of the files that were written to */
	char *name;
};

int dir_read(struct source *source, const char *path, struct buf *out);
int dir_stream(struct source *source, const char *path, source_chunk_fn chunk, void *ctx);
int dir_list(struct source *source, const char *path, struct strv *out);
int dir_link(struct source *source, const char *path, struct buf *out);
int dir_mode(struct source *source, const char *path, uint32_t *ret_mode);
int dir_time(struct source *source, const char *path, uint64_t *ret_ns);
int dir_fd(struct source *source, const char *path); /* open for reading, or -errno */
/* For apply/, which writes: open for writing, -EROFS where this is no live directory, or -errno. */
int dir_write_fd(struct source *source, const char *path);
void dir_close(struct source *source);
/* Appends a whole file from its start. `one_piece`: a read that leaves room has met the end. */
int dir_read_fd(int fd, bool one_piece, struct buf *out);
/* Makes a source over `dir` with the given functions. 0 or -errno. */
int dir_open(const char *dir, bool inside, const struct source_ops *ops,
	     struct source **ret_source);
