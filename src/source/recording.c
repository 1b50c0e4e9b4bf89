/* SPDX-License-Identifier: BSD-2-Clause */
#include "source/recording.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/macros.h"
#include "base/number.h"
#include "base/text.h"
#include "source/recording_db.h"

#define NOWHERE INT64_MIN

/* One of the files with numbers, as it was at `sample`. */
struct counted {
	int64_t sample; /* NOWHERE: not read yet */
	int64_t layout_id;
	struct layout layout;
	struct cells cells;
	int error; /* -errno: it could not be read */
};

struct recording_source {
	struct source base;
	struct sqlite_file db;
	sqlite3_stmt *fact;
	int64_t sample; /* where it stands */
	uint64_t time_ns, mono_ns;
	struct recording_span span;
	struct counted counted[N_COUNTED];
};

static struct recording_source *recording_source(struct source *source)
{
	return (struct recording_source *)source;
}

/* Runs "SELECT id, time_ns, mono_ns FROM sample ..." and goes to its first row. 0 or -errno. */
static int go(struct recording_source *recording, const char *sql, int64_t number,
	      struct buf *error)
{
	sqlite3_stmt *statement = NULL;
	int code, r = sqlite_prepare(&recording->db, sql, &statement, error);

	if (r < 0)
		return r;
	sqlite3_bind_int64(statement, 1, number);
	code = sqlite3_step(statement);
	if (code == SQLITE_ROW) {
		int64_t time = sqlite3_column_int64(statement, 1);
		int64_t mono = sqlite3_column_int64(statement, 2);

		recording->sample = sqlite3_column_int64(statement, 0);
		recording->time_ns = time < 0 ? 0 : (uint64_t)time;
		recording->mono_ns = mono < 0 ? 0 : (uint64_t)mono;
	} else {
		r = code == SQLITE_DONE ? -ENODATA : sqlite_failed(&recording->db, code, error);
	}
	sqlite3_finalize(statement);
	return r;
}

#define SAMPLES "SELECT id, time_ns, mono_ns FROM sample "

static int recording_seek(struct source *source, uint64_t time_ns)
{
	struct recording_source *recording = recording_source(source);
	_cleanup_(buf_done) struct buf error = {0};
	int64_t time = time_ns > INT64_MAX ? INT64_MAX : (int64_t)time_ns;
	int r = go(recording, SAMPLES "WHERE time_ns <= ? ORDER BY id DESC LIMIT 1", time, &error);

	return r == -ENODATA
		       ? go(recording, SAMPLES "WHERE ? NOT NULL ORDER BY id LIMIT 1", 0, &error)
		       : r;
}

static int recording_advance(struct source *source, uint64_t ns)
{
	struct recording_source *recording = recording_source(source);
	_cleanup_(buf_done) struct buf error = {0};
	uint64_t wanted = add_saturated(recording->mono_ns, ns);
	int64_t before = recording->sample;
	uint64_t time_ns = recording->time_ns, mono_ns = recording->mono_ns;
	int r;

	do {
		r = go(recording, SAMPLES "WHERE id > ? ORDER BY id LIMIT 1", recording->sample,
		       &error);
	} while (r == 0 && recording->mono_ns < wanted);
	if (r < 0) {
		recording->sample = before;
		recording->time_ns = time_ns;
		recording->mono_ns = mono_ns;
	}
	return r;
}

static int recording_moment(struct source *source, uint64_t *ret_time_ns, uint64_t *ret_mono_ns)
{
	*ret_time_ns = recording_source(source)->time_ns;
	*ret_mono_ns = recording_source(source)->mono_ns;
	return 0;
}

/* The layout that a file has at a sample. 0, -ENOENT or -errno. */
static int find_layout(struct recording_source *recording, enum counted_file file, int64_t *ret,
		       struct buf *error)
{
	_cleanup_(buf_done) struct buf sql = {0};
	int r = buf_printf(&sql,
			   "SELECT id FROM layout WHERE path = '%s' AND sample <= %" PRId64
			   " ORDER BY sample DESC, id DESC LIMIT 1",
			   counted_paths[file], recording->sample);

	if (r == 0)
		r = sqlite_number(&recording->db, buf_text(&sql), ret, error);
	return r == -ENODATA ? -ENOENT : r;
}

static void forget(struct counted *counted)
{
	layout_done(&counted->layout);
	cells_done(&counted->cells);
	*counted = (struct counted){.sample = NOWHERE};
}

/* Adds what came in one sample. */
static int apply_delta(struct recording_source *recording, struct counted *counted, int64_t sample,
		       struct buf *error)
{
	_cleanup_(cells_done) struct cells delta = {0}, sum = {0};
	int r = recording_db_cells(&recording->db, "delta", sample, counted->layout_id,
				   layout_places(&counted->layout), &delta, error);

	if (r == 0)
		r = cells_sum(&counted->cells, &delta, &sum);
	if (r < 0)
		return r;
	cells_done(&counted->cells);
	counted->cells = sum;
	sum = (struct cells){0};
	counted->sample = sample;
	return 0;
}

/* Adds up all samples behind counted->sample up to where the recording stands. */
static int catch_up(struct recording_source *recording, struct counted *counted, struct buf *error)
{
	sqlite3_stmt *statement = NULL;
	int code = SQLITE_DONE;
	int r = sqlite_prepare(&recording->db,
			       "SELECT id FROM sample WHERE id > ? AND id <= ? ORDER BY id",
			       &statement, error);

	if (r < 0)
		return r;
	sqlite3_bind_int64(statement, 1, counted->sample);
	sqlite3_bind_int64(statement, 2, recording->sample);
	while (r == 0 && (code = sqlite3_step(statement)) == SQLITE_ROW)
		r = apply_delta(recording, counted, sqlite3_column_int64(statement, 0), error);
	if (r == 0 && code != SQLITE_DONE)
		r = sqlite_failed(&recording->db, code, error);
	sqlite3_finalize(statement);
	return r;
}

/* The newest sample of the layout whose numbers are there as a whole, not later than now. */
static int find_total(struct recording_source *recording, int64_t layout, int64_t *ret,
		      struct buf *error)
{
	_cleanup_(buf_done) struct buf sql = {0};
	int r = buf_printf(&sql,
			   "SELECT max(sample) FROM (SELECT sample FROM total WHERE layout = "
			   "%" PRId64 " AND sample <= %" PRId64
			   " UNION ALL SELECT sample FROM layout WHERE id = %" PRId64 ")",
			   layout, recording->sample, layout);

	if (r == 0)
		r = sqlite_number(&recording->db, buf_text(&sql), ret, error);
	return r == -ENODATA ? -EINVAL : r;
}

static int start_from_total(struct recording_source *recording, struct counted *counted,
			    struct buf *error)
{
	int64_t sample;
	int r = find_total(recording, counted->layout_id, &sample, error);

	cells_done(&counted->cells);
	if (r == 0)
		r = recording_db_cells(&recording->db, "total", sample, counted->layout_id,
				       layout_places(&counted->layout), &counted->cells, error);
	if (r == 0)
		counted->sample = sample;
	return r;
}

/* Brings a file to where the recording stands. 0, the error that it had then, or -errno. */
static int load(struct recording_source *recording, enum counted_file file)
{
	struct counted *counted = &recording->counted[file];
	_cleanup_(buf_done) struct buf error = {0};
	int64_t id = 0;
	int r;

	if (counted->sample == recording->sample)
		return counted->error;
	r = find_layout(recording, file, &id, &error);
	if (r < 0)
		return r;
	if (counted->sample == NOWHERE || counted->layout_id != id) {
		forget(counted);
		counted->layout_id = id;
		r = recording_db_layout(&recording->db, id, &counted->layout, &counted->error,
					&error);
	}
	if (r == 0 && counted->error)
		counted->sample = recording->sample;
	else if (r == 0 && (counted->sample == NOWHERE || counted->sample > recording->sample))
		r = start_from_total(recording, counted, &error);
	if (r == 0 && !counted->error)
		r = catch_up(recording, counted, &error);
	if (r < 0)
		forget(counted);
	else
		counted->sample = recording->sample;
	return r < 0 ? r : counted->error;
}

struct counts {
	uint32_t *items; /* by IRQ number */
	size_t n, cap;
};

/* The highest number that the reader of /proc/stat would take, too (parse/proc_stat.h). */
#define MAX_IRQ ((uint64_t)1 << 20)

/* The IRQ number of a row, or MAX_IRQ where it has none. */
static uint64_t row_number(const struct layout *layout, const struct layout_line *line)
{
	const char *p = buf_text(&layout->text) + line->before, *end = p + line->before_len;
	uint64_t number;

	while (p < end && is_blank(*p))
		p++;
	if (number_read(&p, end, MAX_IRQ - 1, &number) < 0 || p == end || *p != ':')
		return MAX_IRQ;
	return number;
}

static int add_count(struct counts *counts, uint64_t irq, uint64_t value)
{
	int r = irq < counts->n ? 0 : ARRAY_RESERVE(counts->items, irq + 1, counts->cap);

	if (r < 0)
		return r;
	if (irq >= counts->n) {
		memset(counts->items + counts->n, 0,
		       (irq + 1 - counts->n) * sizeof(*counts->items));
		counts->n = irq + 1;
	}
	counts->items[irq] += (uint32_t)value; /* 32 bits, as the kernel's number has */
	return 0;
}

static int sum_rows(const struct counted *table, struct counts *counts)
{
	const struct layout *layout = &table->layout;
	size_t next = 0;
	int r = 0;

	for (size_t i = 0; r == 0 && i < layout->n_lines; i++) {
		uint64_t irq = row_number(layout, &layout->lines[i]);
		uint64_t end = (uint64_t)(i + 1) * layout->stride, sum = 0;

		for (; next < table->cells.n && table->cells.items[next].at < end; next++)
			sum += table->cells.items[next].value;
		if (irq < MAX_IRQ)
			r = add_count(counts, irq, sum);
	}
	return r;
}

/*
 * The line "intr SUM" of /proc/stat gets the counts of each interrupt back, which are those of
 * /proc/interrupts and were not recorded twice.
 */
static int append_counts(struct recording_source *recording, struct buf *out)
{
	struct counts counts = {0};
	int r = load(recording, COUNTED_INTERRUPTS);

	if (r == 0)
		r = sum_rows(&recording->counted[COUNTED_INTERRUPTS], &counts);
	for (size_t i = 0; r == 0 && i < counts.n; i++)
		r = buf_printf(out, " %" PRIu32, counts.items[i]);
	free(counts.items);
	return r == -ENOMEM ? r : 0;
}

static int print_stat(struct recording_source *recording, const char *text, struct buf *out)
{
	const char *line = text;
	int r = 0;

	while (r == 0 && *line) {
		const char *end = strchrnul(line, '\n');

		r = buf_append(out, line, (size_t)(end - line));
		if (r == 0 && text_has_prefix(line, "intr "))
			r = append_counts(recording, out);
		if (r == 0 && *end)
			r = buf_putc(out, *end++);
		line = end;
	}
	return r;
}

static int read_counted(struct recording_source *recording, enum counted_file file, struct buf *out)
{
	struct counted *counted = &recording->counted[file];
	_cleanup_(buf_done) struct buf text = {0};
	int r = load(recording, file);

	if (r < 0)
		return r;
	if (file != COUNTED_STAT)
		return layout_print(&counted->layout, &counted->cells, out);
	r = layout_print(&counted->layout, &counted->cells, &text);
	return r < 0 ? r : print_stat(recording, buf_text(&text), out);
}

/*
 * What a path answered last, up to now. The statement stands on it where it returns 0: reset it.
 * -ENOENT where nobody asked, or the error that it had.
 */
static int find_fact(struct recording_source *recording, const char *path, enum fact_kind kind)
{
	sqlite3_stmt *fact = recording->fact;
	int code;

	sqlite3_reset(fact);
	sqlite3_bind_text(fact, 1, path, -1, SQLITE_TRANSIENT);
	sqlite3_bind_text(fact, 2, fact_names[kind], -1, SQLITE_STATIC);
	sqlite3_bind_int64(fact, 3, recording->sample);
	code = sqlite3_step(fact);
	if (code == SQLITE_DONE)
		return -ENOENT;
	if (code != SQLITE_ROW)
		return code == SQLITE_NOMEM ? -ENOMEM : -EIO;
	if (sqlite3_column_type(fact, 0) != SQLITE_NULL) {
		int64_t error = sqlite3_column_int64(fact, 0);

		return error > 0 && error < 4096 ? -(int)error : -EIO;
	}
	return 0;
}

static int read_fact(struct recording_source *recording, const char *path, enum fact_kind kind,
		     struct buf *out)
{
	int r = find_fact(recording, path, kind);
	const void *bytes = r == 0 ? sqlite3_column_blob(recording->fact, 1) : NULL;

	if (bytes)
		r = buf_append(out, bytes, (size_t)sqlite3_column_bytes(recording->fact, 1));
	sqlite3_reset(recording->fact);
	return r;
}

static int recording_read(struct source *source, const char *path, struct buf *out)
{
	struct recording_source *recording = recording_source(source);
	enum counted_file file = counted_find(path);

	return file < N_COUNTED ? read_counted(recording, file, out)
				: read_fact(recording, path, FACT_TEXT, out);
}

static int recording_stream(struct source *source, const char *path, source_chunk_fn chunk,
			    void *ctx)
{
	_cleanup_(buf_done) struct buf text = {0};
	int r = recording_read(source, path, &text);
	int64_t used;

	if (r < 0)
		return r;
	used = chunk(ctx, buf_text(&text), text.len, true);
	return used < 0 ? (int)used : 0;
}

static int recording_list(struct source *source, const char *path, struct strv *out)
{
	_cleanup_(buf_done) struct buf names = {0};
	int r = read_fact(recording_source(source), path, FACT_LIST, &names);
	char *name = names.data, *end;

	for (; r == 0 && name && *name; name = end + 1) {
		end = strchrnul(name, '\n');
		if (!*end) {
			r = strv_add(out, name);
			break;
		}
		*end = '\0';
		r = strv_add(out, name);
	}
	strv_sort(out);
	return r;
}

static int recording_link(struct source *source, const char *path, struct buf *out)
{
	return read_fact(recording_source(source), path, FACT_LINK, out);
}

static int recording_mode(struct source *source, const char *path, uint32_t *ret_mode)
{
	struct recording_source *recording = recording_source(source);
	enum counted_file file = counted_find(path);
	int r;

	if (file < N_COUNTED) {
		r = load(recording, file);
		if (r == 0)
			*ret_mode = 0444;
		return r;
	}
	r = find_fact(recording, path, FACT_MODE);
	if (r == 0)
		*ret_mode = (uint32_t)sqlite3_column_int64(recording->fact, 1) & 07777;
	sqlite3_reset(recording->fact);
	return r;
}

static int recording_time(struct source *source, const char *path, uint64_t *ret_ns)
{
	(void)path;
	*ret_ns = recording_source(source)->time_ns;
	return 0;
}

static void recording_close(struct source *source)
{
	struct recording_source *recording = recording_source(source);

	for (size_t i = 0; i < N_COUNTED; i++)
		forget(&recording->counted[i]);
	sqlite3_finalize(recording->fact);
	recording_db_close(&recording->db);
	free(recording);
}

static const struct source_ops recording_ops = {
	.read = recording_read,
	.stream = recording_stream,
	.list = recording_list,
	.link = recording_link,
	.mode = recording_mode,
	.time = recording_time,
	.close = recording_close,
	.moment = recording_moment,
	.seek = recording_seek,
	.advance = recording_advance,
};

static int read_span(struct recording_source *recording, struct buf *error)
{
	int64_t n = 0;
	int r = sqlite_number(&recording->db, "SELECT count(*) FROM sample", &n, error);

	if (r == 0)
		r = go(recording, SAMPLES "WHERE ? NOT NULL ORDER BY id LIMIT 1", 0, error);
	recording->span.first_ns = recording->time_ns;
	if (r == 0)
		r = go(recording, SAMPLES "WHERE ? NOT NULL ORDER BY id DESC LIMIT 1", 0, error);
	recording->span.last_ns = recording->time_ns;
	recording->span.n_samples = (uint64_t)n;
	if (r == -ENODATA)
		buf_printf(error, "%s: holds no sample yet", recording->db.path);
	return r;
}

static int open_all(struct recording_source *recording, const char *path, struct buf *error)
{
	int r = recording_db_open(&recording->db, path, false, false, error);

	/* one state of the file, whatever a recorder adds meanwhile */
	if (r == 0)
		r = sqlite_run(&recording->db, "BEGIN", error);
	if (r == 0)
		r = sqlite_prepare(&recording->db,
				   "SELECT error, value FROM fact WHERE path = ? AND what = ? "
				   "AND sample <= ? ORDER BY sample DESC LIMIT 1",
				   &recording->fact, error);
	return r < 0 ? r : read_span(recording, error);
}

int recording_open(const char *path, struct source **ret_source, struct buf *error)
{
	struct recording_source *recording = calloc(1, sizeof(*recording));
	int r;

	if (!recording)
		return -ENOMEM;
	for (size_t i = 0; i < N_COUNTED; i++)
		recording->counted[i].sample = NOWHERE;
	r = open_all(recording, path, error);
	if (r < 0) {
		recording_close(&recording->base);
		return r;
	}
	recording->base = (struct source){.ops = &recording_ops, .name = recording->db.path};
	*ret_source = &recording->base;
	return 0;
}

const struct recording_span *recording_span(const struct source *source)
{
	return &((const struct recording_source *)source)->span;
}
