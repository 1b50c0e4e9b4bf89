/* SPDX-License-Identifier: BSD-2-Clause */
#include "source/recording_db.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/macros.h"
#include "source/recording_schema.h"
#include "source/source.h"

const char *const counted_paths[N_COUNTED] = {
	[COUNTED_INTERRUPTS] = "proc/interrupts",
	[COUNTED_SOFTIRQS] = "proc/softirqs",
	[COUNTED_STAT] = "proc/stat",
};

const char *const fact_names[N_FACTS] = {
	[FACT_TEXT] = "text",
	[FACT_LIST] = "list",
	[FACT_LINK] = "link",
	[FACT_MODE] = "mode",
};

#define NOT_OURS "is no recording of irqctl"

static const char *const tables[] = {RECORDING_TABLES};

enum counted_file counted_find(const char *path)
{
	for (size_t i = 0; i < N_COUNTED; i++) {
		if (strcmp(path, counted_paths[i]) == 0)
			return (enum counted_file)i;
	}
	return N_COUNTED;
}

int recording_db_meta(const struct sqlite_file *db, const char *key, struct buf *out,
		      struct buf *error)
{
	sqlite3_stmt *statement = NULL;
	int code, r = sqlite_prepare(db, "SELECT value FROM meta WHERE key = ?", &statement, error);

	if (r < 0)
		return r;
	sqlite3_bind_text(statement, 1, key, -1, SQLITE_STATIC);
	code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		r = buf_append(out, sqlite3_column_blob(statement, 0),
			       (size_t)sqlite3_column_bytes(statement, 0));
	else
		r = code == SQLITE_DONE ? -ENODATA : sqlite_failed(db, code, error);
	sqlite3_finalize(statement);
	return r;
}

/*
 * Each table is the one that we made, and none of them a view in disguise, which could do anything.
 */
static int check_tables(const struct sqlite_file *db, struct buf *error)
{
	sqlite3_stmt *statement = NULL;
	int r = sqlite_prepare(
		db, "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND sql = ?",
		&statement, error);

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(tables); i++) {
		int code;

		sqlite3_bind_text(statement, 1, tables[i], -1, SQLITE_STATIC);
		code = sqlite3_step(statement);
		if (code != SQLITE_ROW) {
			r = sqlite_failed(db, code, error);
		} else if (sqlite3_column_int(statement, 0) != 1) {
			buf_printf(error, "%s: its tables are not those of a recording", db->path);
			r = -EINVAL;
		}
		sqlite3_reset(statement);
	}
	sqlite3_finalize(statement);
	return r;
}

/* A trigger would run inside our own statements. */
static int check_triggers(const struct sqlite_file *db, struct buf *error)
{
	int64_t n = 0;
	int r = sqlite_number(db, "SELECT count(*) FROM sqlite_master WHERE type = 'trigger'", &n,
			      error);

	if (r == 0 && n) {
		buf_printf(error, "%s: somebody gave it triggers; it is not written to", db->path);
		return -EINVAL;
	}
	return r;
}

static int fill_octets(const struct sqlite_file *db, struct buf *error)
{
	unsigned char bytes[256];
	sqlite3_stmt *statement = NULL;
	int r;

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)i;
	r = sqlite_run(db,
		       "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n "
		       "WHERE i < 255) INSERT INTO octet SELECT i FROM n",
		       error);
	if (r == 0)
		r = sqlite_prepare(db, "INSERT INTO octets VALUES(?)", &statement, error);
	if (r < 0)
		return r;
	sqlite3_bind_blob(statement, 1, bytes, sizeof(bytes), SQLITE_STATIC);
	if (sqlite3_step(statement) != SQLITE_DONE)
		r = sqlite_failed(db, sqlite3_errcode(db->db), error);
	sqlite3_finalize(statement);
	return r;
}

/* All or nothing: a kill meanwhile leaves an empty file. */
static int create_tables(const struct sqlite_file *db, struct buf *error)
{
	int r;

	_Static_assert(RECORDING_ID == 1769107826 && RECORDING_VERSION == 1, "below");
	r = sqlite_run(db, "BEGIN IMMEDIATE", error);
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(tables); i++)
		r = sqlite_run(db, tables[i], error);
	if (r == 0)
		r = sqlite_run(db, RECORDING_VIEWS, error);
	if (r == 0)
		r = fill_octets(db, error);
	if (r == 0)
		r = sqlite_run(db, "PRAGMA application_id=1769107826;PRAGMA user_version=1;COMMIT",
			       error);
	if (r < 0)
		sqlite3_exec(db->db, "ROLLBACK", NULL, NULL, NULL);
	return r;
}

static int check_header(const struct sqlite_file *db, struct buf *error)
{
	int64_t id = 0, version = 0;
	int r = sqlite_number(db, "PRAGMA application_id", &id, error);

	if (r == 0)
		r = sqlite_number(db, "PRAGMA user_version", &version, error);
	if (r < 0)
		return r;
	if (id != RECORDING_ID) {
		buf_printf(error, "%s: " NOT_OURS, db->path);
		return -EINVAL;
	}
	if (version != RECORDING_VERSION) {
		buf_printf(error,
			   "%s: is a recording of another version of irqctl (%d; this is %d)",
			   db->path, (int)version, RECORDING_VERSION);
		return -EINVAL;
	}
	return check_tables(db, error);
}

/* New where nothing was written to it yet. */
static int is_new(const struct sqlite_file *db, bool *ret, struct buf *error)
{
	int64_t id = 0, n = 0;
	int r = sqlite_number(db, "PRAGMA application_id", &id, error);

	if (r == 0)
		r = sqlite_number(db, "SELECT count(*) FROM sqlite_master", &n, error);
	if (r == 0)
		*ret = id == 0 && n == 0;
	return r;
}

static int prepare_write(const struct sqlite_file *db, struct buf *error)
{
	bool fresh = false;
	int r = is_new(db, &fresh, error);

	/* a file of somebody else is not touched, so its header is looked at before all else */
	if (r == 0 && !fresh)
		r = check_header(db, error);
	if (r == 0 && !fresh)
		r = check_triggers(db, error);
	if (r == 0)
		r = sqlite_run(db, "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;", error);
	return r == 0 && fresh ? create_tables(db, error) : r;
}

static void harden(sqlite3 *db)
{
	sqlite3_extended_result_codes(db, 1);
	sqlite3_busy_timeout(db, RECORDING_BUSY_MS);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_limit(db, SQLITE_LIMIT_LENGTH, (int)SOURCE_READ_MAX);
	sqlite3_exec(db, "PRAGMA cell_size_check=ON;PRAGMA mmap_size=0", NULL, NULL, NULL);
}

/* "file:" and the path with what has a meaning there escaped. */
static int make_uri(const char *path, const char *query, struct buf *out)
{
	int r = buf_puts(out, "file:");

	for (const char *p = path; r == 0 && *p; p++) {
		if (strchr("%?#", *p))
			r = buf_printf(out, "%%%02x", (unsigned int)*p);
		else
			r = buf_putc(out, *p);
	}
	return r < 0 ? r : buf_puts(out, query);
}

static int open_as(struct sqlite_file *db, const char *query, int flags)
{
	_cleanup_(buf_done) struct buf uri = {0};
	int code = make_uri(db->path, query, &uri) < 0
			   ? SQLITE_NOMEM
			   : sqlite3_open_v2(buf_text(&uri), &db->db,
					     flags | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);

	if (code == SQLITE_OK)
		harden(db->db);
	return code;
}

static bool is_forbidden(int code)
{
	return (code & 0xff) == SQLITE_CANTOPEN || (code & 0xff) == SQLITE_READONLY ||
	       (code & 0xff) == SQLITE_PERM;
}

/*
 * SQLite wants to write beside a file in the way of logs even where it only reads. Where it may
 * not, and there is no log, the file is all there is.
 */
static int open_read(struct sqlite_file *db, struct buf *error)
{
	_cleanup_(buf_done) struct buf log = {0};
	int64_t n;
	int code = open_as(db, "?mode=ro", SQLITE_OPEN_READONLY);
	int r = buf_printf(&log, "%s-wal", db->path);

	if (code == SQLITE_OK && r == 0) {
		_cleanup_(buf_done) struct buf unused = {0};

		if (sqlite_number(db, "SELECT count(*) FROM sqlite_master", &n, &unused) < 0 &&
		    is_forbidden(sqlite3_errcode(db->db)))
			code = SQLITE_CANTOPEN;
	}
	if (r == -ENOMEM || code == SQLITE_OK || access(buf_text(&log), F_OK) == 0)
		return code == SQLITE_OK ? 0 : sqlite_failed(db, code, error);
	sqlite3_close(db->db);
	db->db = NULL;
	code = open_as(db, "?mode=ro&immutable=1", SQLITE_OPEN_READONLY);
	return code == SQLITE_OK ? 0 : sqlite_failed(db, code, error);
}

static int open_write(struct sqlite_file *db, bool create, struct buf *error)
{
	int code = open_as(db, create ? "?mode=rwc" : "?mode=rw",
			   SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0));

	return code == SQLITE_OK ? 0 : sqlite_failed(db, code, error);
}

/* SQLite takes what is no regular file for one that cannot be opened, and does not say so. */
static int check_kind(const char *path, bool create, struct buf *error)
{
	struct stat st;
	int r = stat(path, &st) < 0 ? -errno : 0;

	if (r == -ENOENT && create)
		return 0;
	if (r == 0 && !S_ISREG(st.st_mode))
		r = S_ISDIR(st.st_mode) ? -EISDIR : -EINVAL;
	/* nor is one byte nothing: it takes such a file for an empty one (its os_unix.c) */
	if (r == 0 && st.st_size == 1) {
		buf_printf(error, "%s: " NOT_OURS, path);
		return -EINVAL;
	}
	if (r == -EINVAL)
		buf_printf(error, "%s: is no regular file", path);
	else if (r < 0)
		buf_printf(error, "%s: %s", path, strerror(-r));
	return r;
}

int recording_db_open(struct sqlite_file *db, const char *path, bool write, bool create,
		      struct buf *error)
{
	int r;

	*db = (struct sqlite_file){.path = strdup(path), .not_ours = NOT_OURS};
	if (!db->path)
		return -ENOMEM;
	r = check_kind(path, create, error);
	if (r < 0)
		return r;
	r = write ? open_write(db, create, error) : open_read(db, error);
	if (r < 0)
		return r;
	return write ? prepare_write(db, error) : check_header(db, error);
}

void recording_db_close(struct sqlite_file *db)
{
	sqlite3_close(db->db);
	free(db->path);
	*db = (struct sqlite_file){0};
}

static int bad_layout(const struct sqlite_file *db, int64_t id, struct buf *error)
{
	buf_printf(error, "%s: layout %lld makes no sense", db->path, (long long)id);
	return -EINVAL;
}

/* A column as bytes that stay valid until the next step; never NULL. */
static const char *column(sqlite3_stmt *statement, int index, size_t *ret_len)
{
	const void *bytes = sqlite3_column_blob(statement, index);

	*ret_len = bytes ? (size_t)sqlite3_column_bytes(statement, index) : 0;
	return bytes ? bytes : "";
}

static int read_lines(const struct sqlite_file *db, int64_t id, struct layout *ret,
		      struct buf *error)
{
	sqlite3_stmt *statement = NULL;
	int code = SQLITE_DONE;
	int r = sqlite_prepare(
		db, "SELECT line, before, fields, after FROM line WHERE layout = ? ORDER BY line",
		&statement, error);

	if (r == 0)
		sqlite3_bind_int64(statement, 1, id);
	while (r == 0 && (code = sqlite3_step(statement)) == SQLITE_ROW) {
		size_t before_len, after_len;
		const char *before = column(statement, 1, &before_len);
		const char *after = column(statement, 3, &after_len);
		const unsigned char *fields = sqlite3_column_text(statement, 2);

		r = sqlite3_column_int64(statement, 0) == (int64_t)ret->n_lines
			    ? layout_add_line(ret, before, before_len,
					      fields ? (const char *)fields : "", after, after_len)
			    : -EINVAL;
		if (r == -EINVAL)
			bad_layout(db, id, error);
	}
	if (r == 0 && code != SQLITE_DONE)
		r = sqlite_failed(db, code, error);
	sqlite3_finalize(statement);
	return r;
}

int recording_db_layout(const struct sqlite_file *db, int64_t id, struct layout *ret,
			int *ret_error, struct buf *error)
{
	sqlite3_stmt *statement = NULL;
	int64_t stride = 0, failure = 0;
	int r = sqlite_prepare(db, "SELECT stride, error FROM layout WHERE id = ?", &statement,
			       error);

	*ret = (struct layout){0};
	if (r < 0)
		return r;
	sqlite3_bind_int64(statement, 1, id);
	if (sqlite3_step(statement) == SQLITE_ROW) {
		stride = sqlite3_column_int64(statement, 0);
		failure = sqlite3_column_int64(statement, 1);
	}
	sqlite3_finalize(statement);
	if (stride < 1 || stride > LAYOUT_MAX_FIELDS || failure < 0 || failure > 4095)
		return bad_layout(db, id, error);
	ret->stride = (uint32_t)stride;
	*ret_error = -(int)failure;
	return failure ? 0 : read_lines(db, id, ret, error);
}

static int add_chunk(sqlite3_stmt *statement, uint64_t places, struct cells *out)
{
	int64_t at = sqlite3_column_int64(statement, 0);
	int64_t width = sqlite3_column_int64(statement, 2);
	struct chunk chunk = {
		.at = (uint64_t)at,
		.sparse = sqlite3_column_int64(statement, 1) != 0,
		.width = width > 0 && width <= 8 ? (uint32_t)width : 0,
	};

	chunk.bytes = (const unsigned char *)column(statement, 3, &chunk.len);
	return at < 0 ? -EINVAL : cells_unpack(&chunk, places, out);
}

int recording_db_cells(const struct sqlite_file *db, const char *table, int64_t sample,
		       int64_t layout, uint64_t places, struct cells *out, struct buf *error)
{
	_cleanup_(buf_done) struct buf sql = {0};
	sqlite3_stmt *statement = NULL;
	int code = SQLITE_DONE;
	int r = buf_printf(&sql,
			   "SELECT at, sparse, width, cells FROM %s WHERE sample = ? AND "
			   "layout = ?",
			   table);

	if (r == 0)
		r = sqlite_prepare(db, buf_text(&sql), &statement, error);
	if (r < 0)
		return r;
	sqlite3_bind_int64(statement, 1, sample);
	sqlite3_bind_int64(statement, 2, layout);
	while (r == 0 && (code = sqlite3_step(statement)) == SQLITE_ROW)
		r = add_chunk(statement, places, out);
	if (r == 0 && code != SQLITE_DONE)
		r = sqlite_failed(db, code, error);
	else if (r == 0)
		r = cells_sort(out);
	if (r == -EINVAL && !error->len)
		buf_printf(error, "%s: the counts of sample %lld make no sense", db->path,
			   (long long)sample);
	sqlite3_finalize(statement);
	return r;
}
