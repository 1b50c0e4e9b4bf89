/* SPDX-License-Identifier: BSD-2-Clause */
#include "source/recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/macros.h"
#include "source/recorder_facts.h"
#include "source/recording_db.h"

/*
 * So often all numbers are written, not only what was added: a reader adds up at most so many
 * samples to get to any one.
 */
#define TOTAL_EVERY 64u

/* One of the files with numbers: how it looked last. */
struct counting {
	struct buf text;   /* of this sample */
	int error;         /* why there is none, -errno */
	int64_t layout_id; /* 0: none yet */
	int layout_error;  /* that the layout stands for */
	struct layout layout;
	struct cells cells;
	unsigned int since_total;
};

struct recorder {
	struct source base;
	struct source *machine;
	struct sqlite_file db;
	int lock; /* the file, locked against other recorders */
	sqlite3_stmt *sample_insert, *layout_insert, *line_insert, *field_insert;
	sqlite3_stmt *delta_insert, *total_insert;
	struct facts facts;
	struct counting counting[N_COUNTED];
	int64_t sample;
	uint64_t n_samples;
};

static int step(struct recorder *recorder, sqlite3_stmt *statement, struct buf *error)
{
	int code = sqlite3_step(statement);
	int r = code == SQLITE_DONE ? 0 : sqlite_failed(&recorder->db, code, error);

	sqlite3_reset(statement);
	return r;
}

/* Where chunks go. */
struct chunk_writer {
	struct recorder *recorder;
	sqlite3_stmt *statement;
	int64_t layout;
	struct buf *error;
};

static int write_chunk(void *ctx, const struct chunk *chunk)
{
	struct chunk_writer *writer = ctx;
	sqlite3_stmt *statement = writer->statement;

	sqlite3_bind_int64(statement, 1, writer->recorder->sample);
	sqlite3_bind_int64(statement, 2, writer->layout);
	sqlite3_bind_int64(statement, 3, (int64_t)chunk->at);
	sqlite3_bind_int(statement, 4, chunk->sparse);
	sqlite3_bind_int(statement, 5, (int)chunk->width);
	sqlite3_bind_blob(statement, 6, chunk->bytes, (int)chunk->len, SQLITE_STATIC);
	return step(writer->recorder, statement, writer->error);
}

static int write_cells(struct recorder *recorder, sqlite3_stmt *statement,
		       const struct counting *counting, const struct cells *cells,
		       struct buf *error)
{
	struct chunk_writer writer = {
		.recorder = recorder,
		.statement = statement,
		.layout = counting->layout_id,
		.error = error,
	};

	return cells_pack(cells, write_chunk, &writer);
}

/* "  24:" -> "24", "cpu0" -> "cpu0": what people call the row. */
static void bind_key(sqlite3_stmt *statement, int index, const char *before, size_t len)
{
	while (len && *before == ' ') {
		before++;
		len--;
	}
	while (len && (before[len - 1] == ' ' || before[len - 1] == ':'))
		len--;
	if (len)
		sqlite3_bind_text(statement, index, before, (int)len, SQLITE_STATIC);
	else
		sqlite3_bind_null(statement, index);
}

static int write_line(struct recorder *recorder, const struct counting *counting, size_t index,
		      struct buf *error)
{
	const struct layout *layout = &counting->layout;
	const struct layout_line *line = &layout->lines[index];
	const char *text = buf_text(&layout->text);
	sqlite3_stmt *statement = recorder->line_insert;
	_cleanup_(buf_done) struct buf fields = {0};
	int r = layout_fields(layout, line, &fields);

	if (r < 0)
		return r;
	sqlite3_bind_int64(statement, 1, counting->layout_id);
	sqlite3_bind_int64(statement, 2, (int64_t)index);
	sqlite3_bind_text(statement, 3, text + line->before, (int)line->before_len, SQLITE_STATIC);
	sqlite3_bind_text(statement, 4, buf_text(&fields), -1, SQLITE_STATIC);
	sqlite3_bind_text(statement, 5, text + line->after, (int)line->after_len, SQLITE_STATIC);
	bind_key(statement, 6, text + line->before, line->n_fields ? line->before_len : 0);
	return step(recorder, statement, error);
}

/* The header "CPU0  CPU1 ..." tells which CPU a field belongs to. */
static int write_header(struct recorder *recorder, const struct counting *counting,
			struct buf *error)
{
	const char *p = buf_text(&counting->text);
	int64_t field = 0;
	int r = 0;

	for (p += strspn(p, " "); r == 0 && strncmp(p, "CPU", 3) == 0; p += strspn(p, " ")) {
		char *end;
		unsigned long cpu = strtoul(p + 3, &end, 10);

		if (end == p + 3)
			break;
		sqlite3_bind_int64(recorder->field_insert, 1, counting->layout_id);
		sqlite3_bind_int64(recorder->field_insert, 2, field++);
		sqlite3_bind_int64(recorder->field_insert, 3, (int64_t)cpu);
		r = step(recorder, recorder->field_insert, error);
		p = end;
	}
	return r;
}

static int insert_layout(struct recorder *recorder, enum counted_file file, struct buf *error)
{
	struct counting *counting = &recorder->counting[file];
	sqlite3_stmt *statement = recorder->layout_insert;
	int r;

	sqlite3_bind_text(statement, 1, counted_paths[file], -1, SQLITE_STATIC);
	sqlite3_bind_int64(statement, 2, recorder->sample);
	sqlite3_bind_int64(statement, 3, counting->error ? 1 : counting->layout.stride);
	if (counting->error)
		sqlite3_bind_int(statement, 4, -counting->error);
	else
		sqlite3_bind_null(statement, 4);
	r = step(recorder, statement, error);
	counting->layout_id = sqlite3_last_insert_rowid(recorder->db.db);
	counting->layout_error = counting->error;
	return r;
}

/* The text looks otherwise than before: its words and all of its numbers. */
static int write_layout(struct recorder *recorder, enum counted_file file, struct buf *error)
{
	struct counting *counting = &recorder->counting[file];
	const struct buf *text = &counting->text;
	int r;

	layout_done(&counting->layout);
	cells_done(&counting->cells);
	r = layout_build(&counting->layout, buf_text(text), text->len);
	if (r == 0)
		r = insert_layout(recorder, file, error);
	for (size_t i = 0; r == 0 && i < counting->layout.n_lines; i++)
		r = write_line(recorder, counting, i, error);
	if (r == 0)
		r = write_header(recorder, counting, error);
	if (r == 0)
		r = layout_match(&counting->layout, buf_text(text), text->len, &counting->cells);
	if (r < 0)
		return r;
	counting->since_total = 0;
	return write_cells(recorder, recorder->total_insert, counting, &counting->cells, error);
}

static int write_changes(struct recorder *recorder, struct counting *counting, struct cells *now,
			 struct buf *error)
{
	_cleanup_(cells_done) struct cells delta = {0};
	struct cells before = counting->cells;
	int r = cells_difference(&before, now, &delta);

	if (r == 0)
		r = write_cells(recorder, recorder->delta_insert, counting, &delta, error);
	counting->cells = *now;
	*now = before;
	if (r == 0 && ++counting->since_total >= TOTAL_EVERY) {
		counting->since_total = 0;
		r = write_cells(recorder, recorder->total_insert, counting, &counting->cells,
				error);
	}
	return r;
}

static int write_counts(struct recorder *recorder, enum counted_file file, struct buf *error)
{
	struct counting *counting = &recorder->counting[file];
	const struct buf *text = &counting->text;
	_cleanup_(cells_done) struct cells now = {0};
	bool is_same = counting->layout_id && counting->layout_error == counting->error;
	int r;

	if (counting->error)
		return is_same ? 0 : insert_layout(recorder, file, error);
	r = is_same ? layout_match(&counting->layout, buf_text(text), text->len, &now) : 0;
	if (r < 0)
		return r;
	return r ? write_changes(recorder, counting, &now, error)
		 : write_layout(recorder, file, error);
}

/*
 * The counts of single interrupts in /proc/stat are sums of those in /proc/interrupts: a reader
 * makes them anew, so that they don't take as much room again.
 */
static void cut_interrupts(struct buf *stat)
{
	char *line = strstr(buf_text(stat), "\nintr "), *cut, *end;

	if (!line)
		return;
	cut = line + strlen("\nintr ");
	cut += strcspn(cut, " \n");
	end = strchrnul(cut, '\n');
	memmove(cut, end, stat->len - (size_t)(end - stat->data));
	buf_cut(stat, stat->len - (size_t)(end - cut));
}

static void read_counts(struct recorder *recorder, enum counted_file file)
{
	struct counting *counting = &recorder->counting[file];

	buf_cut(&counting->text, 0);
	counting->error = source_read(recorder->machine, counted_paths[file], &counting->text);
	if (counting->error == 0 && file == COUNTED_STAT)
		cut_interrupts(&counting->text);
}

static int write_sample(struct recorder *recorder, int64_t time_ns, int64_t mono_ns,
			struct buf *error)
{
	sqlite3_stmt *statement = recorder->sample_insert;
	int r = sqlite_run(&recorder->db, "BEGIN IMMEDIATE", error);

	if (r < 0)
		return r;
	recorder->sample++;
	facts_begin(&recorder->facts, recorder->sample);
	sqlite3_bind_int64(statement, 1, recorder->sample);
	sqlite3_bind_int64(statement, 2, time_ns);
	sqlite3_bind_int64(statement, 3, mono_ns);
	return step(recorder, statement, error);
}

int recorder_begin(struct recorder *recorder, bool *ret_has_counts, struct buf *error)
{
	int64_t time_ns, mono_ns;
	int r;

	read_counts(recorder, COUNTED_INTERRUPTS);
	time_ns = clock_ns(CLOCK_REALTIME);
	mono_ns = clock_ns(CLOCK_MONOTONIC);
	read_counts(recorder, COUNTED_STAT);
	read_counts(recorder, COUNTED_SOFTIRQS);
	for (size_t i = 0; i < N_COUNTED; i++) {
		if (recorder->counting[i].error == -ENOMEM)
			return -ENOMEM;
	}
	r = write_sample(recorder, time_ns, mono_ns, error);
	for (size_t i = 0; r == 0 && i < N_COUNTED; i++)
		r = write_counts(recorder, (enum counted_file)i, error);
	if (r == 0)
		*ret_has_counts = recorder->counting[COUNTED_INTERRUPTS].error == 0;
	return r;
}

int recorder_end(struct recorder *recorder, bool complete, struct buf *error)
{
	int r = facts_end(&recorder->facts, complete, error);

	if (r == 0)
		r = sqlite_run(&recorder->db, "COMMIT", error);
	if (r < 0)
		sqlite3_exec(recorder->db.db, "ROLLBACK", NULL, NULL, NULL);
	else
		recorder->n_samples++;
	return r;
}

uint64_t recorder_samples(const struct recorder *recorder)
{
	return recorder->n_samples;
}

static struct recorder *recorder_of(struct source *source)
{
	return (struct recorder *)source;
}

static int tee_read(struct source *source, const char *path, struct buf *out)
{
	struct recorder *recorder = recorder_of(source);
	enum counted_file file = counted_find(path);
	const struct counting *counting;

	if (file == N_COUNTED)
		return facts_read(&recorder->facts, recorder->machine, path, out);
	counting = &recorder->counting[file];
	return counting->error ? counting->error
			       : buf_append(out, buf_text(&counting->text), counting->text.len);
}

static int tee_stream(struct source *source, const char *path, source_chunk_fn chunk, void *ctx)
{
	_cleanup_(buf_done) struct buf text = {0};
	int r = tee_read(source, path, &text);
	int64_t used = r < 0 ? r : chunk(ctx, buf_text(&text), text.len, true);

	return used < 0 ? (int)used : 0;
}

static int tee_list(struct source *source, const char *path, struct strv *out)
{
	return facts_list(&recorder_of(source)->facts, recorder_of(source)->machine, path, out);
}

static int tee_link(struct source *source, const char *path, struct buf *out)
{
	return facts_link(&recorder_of(source)->facts, recorder_of(source)->machine, path, out);
}

static int tee_mode(struct source *source, const char *path, uint32_t *ret_mode)
{
	return facts_mode(&recorder_of(source)->facts, recorder_of(source)->machine, path,
			  ret_mode);
}

static int tee_time(struct source *source, const char *path, uint64_t *ret_ns)
{
	return source_time(recorder_of(source)->machine, path, ret_ns);
}

static void tee_close(struct source *source)
{
	(void)source; /* it is the recorder's own */
}

static const struct source_ops tee_ops = {
	.read = tee_read,
	.stream = tee_stream,
	.list = tee_list,
	.link = tee_link,
	.mode = tee_mode,
	.time = tee_time,
	.close = tee_close,
};

struct source *recorder_source(struct recorder *recorder)
{
	return &recorder->base;
}

static int prepare(struct recorder *recorder, struct buf *error)
{
	const struct {
		sqlite3_stmt **statement;
		const char *sql;
	} statements[] = {
		{&recorder->sample_insert, "INSERT INTO sample VALUES(?, ?, ?)"},
		{&recorder->layout_insert,
		 "INSERT INTO layout(path, sample, stride, error) VALUES(?, ?, ?, ?)"},
		{&recorder->line_insert, "INSERT INTO line VALUES(?, ?, ?, ?, ?, ?)"},
		{&recorder->field_insert, "INSERT INTO field VALUES(?, ?, ?)"},
		{&recorder->delta_insert, "INSERT INTO delta VALUES(?, ?, ?, ?, ?, ?)"},
		{&recorder->total_insert, "INSERT INTO total VALUES(?, ?, ?, ?, ?, ?)"},
	};
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(statements); i++)
		r = sqlite_prepare(&recorder->db, statements[i].sql, statements[i].statement,
				   error);
	return r;
}

int recorder_describe(struct recorder *recorder, const char *key, const char *value,
		      struct buf *error)
{
	sqlite3_stmt *statement = NULL;
	int r = sqlite_prepare(&recorder->db, "INSERT OR REPLACE INTO meta VALUES(?, ?)",
			       &statement, error);

	if (r < 0)
		return r;
	sqlite3_bind_text(statement, 1, key, -1, SQLITE_STATIC);
	sqlite3_bind_text(statement, 2, value, -1, SQLITE_STATIC);
	r = step(recorder, statement, error);
	sqlite3_finalize(statement);
	return r;
}

static int is_other(struct recorder *recorder, struct buf *error)
{
	buf_printf(error,
		   "%s: is a recording of another machine, or of this one before it was started "
		   "again; give another file",
		   recorder->db.path);
	return -EEXIST;
}

/* What is there must be of this machine and of this start: counts go on where they stopped. */
static int check_machine(struct recorder *recorder, struct buf *error)
{
	_cleanup_(buf_done) struct buf now = {0}, then = {0};
	int64_t mono_ns;
	int r = source_boot_id(recorder->machine, &now);

	if (r < 0)
		return r;
	r = recording_db_meta(&recorder->db, "boot_id", &then, error);
	if (r == -ENODATA)
		return recorder_describe(recorder, "boot_id", buf_text(&now), error);
	if (r < 0)
		return r;
	if (strcmp(buf_text(&now), buf_text(&then)) != 0)
		return is_other(recorder, error);
	r = sqlite_number(&recorder->db, "SELECT max(mono_ns) FROM sample", &mono_ns, error);
	if (r == 0 && mono_ns > (int64_t)clock_ns(CLOCK_MONOTONIC))
		return is_other(recorder, error);
	return r == -ENODATA ? 0 : r;
}

/*
 * SQLite would let two recorders write by turns. This descriptor is closed after SQLite's: to close
 * one of a file gives up all of its POSIX locks.
 */
static int lock(struct recorder *recorder, const char *path, struct buf *error)
{
	int r = 0;

	recorder->lock = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (recorder->lock < 0)
		r = -errno;
	else if (flock(recorder->lock, LOCK_EX | LOCK_NB) < 0)
		r = errno == EWOULDBLOCK ? -EBUSY : -errno;
	if (r == -EBUSY)
		buf_printf(error, "%s: another recorder is writing to it", path);
	else if (r < 0)
		buf_printf(error, "%s: %s", path, strerror(-r));
	return r;
}

static int open_all(struct recorder *recorder, const char *path, struct buf *error)
{
	int r = recording_db_open(&recorder->db, path, true, true, error);

	if (r == 0)
		r = lock(recorder, path, error);
	if (r == 0)
		r = check_machine(recorder, error);
	if (r == 0)
		r = prepare(recorder, error);
	if (r == 0)
		r = sqlite_number(&recorder->db, "SELECT coalesce(max(id), 0) FROM sample",
				  &recorder->sample, error);
	return r < 0 ? r : facts_open(&recorder->facts, &recorder->db, error);
}

int recorder_open(const char *path, struct source *machine, struct recorder **ret,
		  struct buf *error)
{
	struct recorder *recorder = calloc(1, sizeof(*recorder));
	int r;

	if (!recorder)
		return -ENOMEM;
	recorder->base =
		(struct source){.ops = &tee_ops, .name = machine->name, .live = machine->live};
	recorder->machine = machine;
	recorder->lock = -1;
	r = open_all(recorder, path, error);
	if (r < 0)
		recorder_close(recorder);
	else
		*ret = recorder;
	return r;
}

void recorder_close(struct recorder *recorder)
{
	sqlite3_stmt *const statements[] = {
		recorder ? recorder->sample_insert : NULL,
		recorder ? recorder->layout_insert : NULL,
		recorder ? recorder->line_insert : NULL,
		recorder ? recorder->field_insert : NULL,
		recorder ? recorder->delta_insert : NULL,
		recorder ? recorder->total_insert : NULL,
	};

	if (!recorder)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(statements); i++)
		sqlite3_finalize(statements[i]);
	facts_close(&recorder->facts);
	if (recorder->n_samples)
		sqlite3_exec(recorder->db.db, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL);
	recording_db_close(&recorder->db);
	if (recorder->lock >= 0)
		close(recorder->lock);
	for (size_t i = 0; i < N_COUNTED; i++) {
		buf_done(&recorder->counting[i].text);
		layout_done(&recorder->counting[i].layout);
		cells_done(&recorder->counting[i].cells);
	}
	free(recorder);
}
