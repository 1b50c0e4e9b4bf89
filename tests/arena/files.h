/* SPDX-License-Identifier: BSD-2-Clause */
/* Small files of an invented machine, below a directory. All return 0 or -errno. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cpuset.h"
#include "base/macros.h"

/* Replaces the file `path` (relative to the directory `root`), and makes the folders above it. */
int files_write(int root, const char *path, const char *text);
int files_printf(int root, const char *path, const char *fmt, ...) PRINTF_LIKE(3, 4);
int files_mkdir(int root, const char *path);

/* Appends the file's first line, which is all that its last writer wrote. */
int files_read_line(int root, const char *path, struct buf *out);

/* Whether the file is that line, and nothing else. */
bool files_is_line(int root, const char *path, const char *line);

/* The CPUs from `first` on, `n` of them. */
int files_range(struct cpuset *set, uint32_t first, uint32_t n);

/*
 * Appends the hexadecimal mask of a set as the kernel prints it on a machine with `n_cpus` CPUs
 * (lib/vsprintf.c, bitmap_string). 0 or -ENOMEM.
 */
int files_mask(const struct cpuset *set, uint32_t n_cpus, struct buf *out);

/* Writes a set into DIR/MASK and DIR/LIST; either name may be NULL. */
struct files_set {
	const char *mask, *list;
};

int files_write_set(int root, const char *dir, struct files_set names, const struct cpuset *set,
		    uint32_t n_cpus);
