/* SPDX-License-Identifier: BSD-2-Clause */
/* What a recorder was asked for, and what the machine answered: kept where it changed. Private. */
#pragma once

#include "base/arena.h"
#include "base/strmap.h"
#include "source/recording_db.h"
#include "source/source.h"

struct fact;

struct facts {
	const struct sqlite_file *db;
	sqlite3_stmt *insert;
	struct fact **items;
	size_t n, cap;
	struct strmap map; /* "text proc/uptime" -> struct fact */
	struct arena arena;
	struct buf key;
	int64_t sample;
	unsigned int round; /* how often everything was asked for */
	int failure;        /* of a write since facts_begin() */
	struct buf error;
};

/* Reads what the file holds already. 0 or -errno with a sentence. Free with facts_close. */
int facts_open(struct facts *facts, const struct sqlite_file *db, struct buf *error);
void facts_close(struct facts *facts);

void facts_begin(struct facts *facts, int64_t sample);
/* As recorder_end() does. 0, or what went wrong since facts_begin(). */
int facts_end(struct facts *facts, bool complete, struct buf *error);

/* The answers of a source, as it gives them; writes that fail are told by facts_end(). */
int facts_read(struct facts *facts, struct source *from, const char *path, struct buf *out);
int facts_list(struct facts *facts, struct source *from, const char *path, struct strv *out);
int facts_link(struct facts *facts, struct source *from, const char *path, struct buf *out);
int facts_mode(struct facts *facts, struct source *from, const char *path, uint32_t *ret_mode);
