/* SPDX-License-Identifier: BSD-2-Clause */
/* SQLite files: how they are asked, and their errors as those of the system. */
#pragma once

#include <sqlite3.h>
#include <stdint.h>

#include "base/buf.h"

struct sqlite_file {
	sqlite3 *db;
	char *path;
	const char *not_ours; /* what is said of a file that is none of SQLite's */
};

/*
 * An SQLite code as -errno, with a sentence in `error` that names the file. Never -ENOENT, which
 * may be about a file beside this one: whoever asks whether there is one looks first.
 */
int sqlite_failed(const struct sqlite_file *file, int code, struct buf *error);

/* 0, or -errno with a sentence. */
int sqlite_run(const struct sqlite_file *file, const char *sql, struct buf *error);
int sqlite_prepare(const struct sqlite_file *file, const char *sql, sqlite3_stmt **ret,
		   struct buf *error);
/* The first number of the first row. 0, -ENODATA (no row, or NULL), or -errno with a sentence. */
int sqlite_number(const struct sqlite_file *file, const char *sql, int64_t *ret, struct buf *error);
