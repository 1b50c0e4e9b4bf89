/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A recording as an SQLite file: what recording.c (which reads) and recorder.c (which writes)
 * share. man/irqctl-record.1 describes the tables to people. Private to source/, but for what tells
 * a recording from other files.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "source/cells.h"
#include "source/layout.h"
#include "source/sqlite.h"

#define RECORDING_ID      0x69727172 /* application_id: "irqr" in the file's header */
#define RECORDING_VERSION 1          /* user_version */
#define RECORDING_BUSY_MS 5000

/* Files whose numbers are recorded at every sample. */
enum counted_file {
	COUNTED_INTERRUPTS,
	COUNTED_SOFTIRQS,
	COUNTED_STAT,
	N_COUNTED,
};

extern const char *const counted_paths[N_COUNTED];
/* The index of a path among them, or N_COUNTED. */
enum counted_file counted_find(const char *path);

/* What a source answered to: the names in the column `what` of the table `fact`. */
enum fact_kind {
	FACT_TEXT,
	FACT_LIST, /* names, one on each line */
	FACT_LINK,
	FACT_MODE,
	N_FACTS,
};

extern const char *const fact_names[N_FACTS];

/*
 * Opens a file: 0, or -errno with a sentence in `error` that names it. -ENOENT: there is none (and
 * not `create`). -EINVAL: it is no recording, or of another version, or somebody changed its
 * tables: what stands in the file is not trusted. Free with recording_db_close either way.
 */
int recording_db_open(struct sqlite_file *db, const char *path, bool write, bool create,
		      struct buf *error);
void recording_db_close(struct sqlite_file *db);

/* Text of the table `meta`, appended. 0, -ENODATA, or -errno with a sentence. */
int recording_db_meta(const struct sqlite_file *db, const char *key, struct buf *out,
		      struct buf *error);

/*
 * Reads a layout with its lines. 0, -EINVAL where it makes no sense, or -errno, with a sentence.
 * *ret_error: why the file could not be read while it held (-errno), 0: it could. Free *ret with
 * layout_done either way.
 */
int recording_db_layout(const struct sqlite_file *db, int64_t id, struct layout *ret,
			int *ret_error, struct buf *error);
/*
 * Appends the cells of a layout in one sample, in order; `table` is "delta" or "total". 0, or
 * -errno with a sentence.
 */
int recording_db_cells(const struct sqlite_file *db, const char *table, int64_t sample,
		       int64_t layout, uint64_t places, struct cells *out, struct buf *error);
