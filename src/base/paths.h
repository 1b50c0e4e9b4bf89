/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where irqctl's own files are: the installed places, or the build folder when the program runs
 * from anywhere else than the installed bin directory.
 */
#pragma once

#include "base/buf.h"

/* Append an absolute path. 0 or -errno. */
int module_path(const char *name, struct buf *out); /* a loadable part, such as "topology.so" */
int locale_path(struct buf *out);                   /* the directory for bindtextdomain() */

/* Writes the absolute path of the running program, with its NUL; a file per system. 0 or -errno. */
int program_path(char *to, size_t size);
