/* SPDX-License-Identifier: BSD-2-Clause */
#include "daemon/journal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/macros.h"
#include "parse/cpulist.h"
#include "source/sqlite.h"

#define APPLICATION_ID 0x69727163 /* "irqc", in the file's header */
#define BUSY_MS        2000
#define CHANGES_KEPT   10000
#define NOT_OURS       "is no journal of irqctl; remove it"

struct journal {
	struct sqlite_file file;
};

static const char schema[] =
	"CREATE TABLE IF NOT EXISTS original("
	" device TEXT NOT NULL, vector INTEGER NOT NULL, name TEXT NOT NULL,"
	" irq INTEGER NOT NULL, cpus TEXT NOT NULL, PRIMARY KEY(device, vector, name)) "
	"WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS change("
	" id INTEGER PRIMARY KEY, time_ns INTEGER NOT NULL, irq INTEGER NOT NULL,"
	" name TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL, reason TEXT);"
	"CREATE TABLE IF NOT EXISTS boot(id TEXT NOT NULL);";

static const char *column_text(sqlite3_stmt *statement, int column)
{
	const unsigned char *text = sqlite3_column_text(statement, column);

	return text ? (const char *)text : "";
}

/* One that was made before there was the table tells nothing. */
static int check_boot(const struct sqlite_file *file, const char *boot, struct buf *error)
{
	sqlite3_stmt *statement = NULL;
	int64_t has_table = 0;
	int r = sqlite_number(file, "SELECT count(*) FROM sqlite_master WHERE name = 'boot'",
			      &has_table, error);
	int code;

	if (r < 0 || !has_table || !*boot)
		return r;
	r = sqlite_prepare(file, "SELECT id FROM boot", &statement, error);
	if (r < 0)
		return r;
	code = sqlite3_step(statement);
	if (code == SQLITE_ROW && strcmp(column_text(statement, 0), boot) != 0) {
		buf_printf(error,
			   "%s: what it would put back was set before the machine was started "
			   "again, and is gone since",
			   file->path);
		r = -ESTALE;
	} else if (code != SQLITE_ROW && code != SQLITE_DONE) {
		r = sqlite_failed(file, code, error);
	}
	sqlite3_finalize(statement);
	return r;
}

static int execute(const struct sqlite_file *file, sqlite3_stmt *statement, struct buf *error)
{
	int code = sqlite3_step(statement);

	sqlite3_reset(statement);
	return code == SQLITE_DONE ? 0 : sqlite_failed(file, code, error);
}

static int write_boot(const struct sqlite_file *file, const char *boot, struct buf *error)
{
	sqlite3_stmt *statement = NULL;
	int r = sqlite_prepare(file,
			       "INSERT INTO boot SELECT ? WHERE NOT EXISTS(SELECT 1 FROM boot)",
			       &statement, error);

	if (r == 0) {
		sqlite3_bind_text(statement, 1, boot, -1, SQLITE_STATIC);
		r = execute(file, statement, error);
	}
	sqlite3_finalize(statement);
	return r;
}

/* The mark and the tables in one transaction: a kill leaves both, or an empty file. */
static int make_tables(const struct sqlite_file *file, const char *boot, struct buf *error)
{
	int r = sqlite_run(file, "BEGIN IMMEDIATE", error);

	if (r < 0)
		return r;
	r = sqlite_run(file, schema, error);
	if (r == 0 && *boot)
		r = write_boot(file, boot, error);
	if (r == 0)
		r = sqlite_run(file, "PRAGMA application_id=1769107811; COMMIT", error);
	if (r < 0)
		sqlite3_exec(file->db, "ROLLBACK", NULL, NULL, NULL);
	return r;
}

/*
 * A new file is empty, and so is one of a daemon that was killed before it wrote anything; any
 * other must say in its header that it is ours.
 */
static int prepare(const struct sqlite_file *file, bool create, const char *boot, struct buf *error)
{
	int64_t id = 0, tables = 0;
	int r = sqlite_number(file, "PRAGMA application_id", &id, error);

	if (r == 0)
		r = sqlite_number(file, "SELECT count(*) FROM sqlite_master", &tables, error);
	if (r < 0)
		return r;
	if (id != APPLICATION_ID && tables) {
		buf_printf(error, "%s: " NOT_OURS, file->path);
		return -EINVAL;
	}
	if (!tables && !create)
		return -ENOENT;
	r = check_boot(file, boot, error);
	if (r < 0)
		return r;
	r = sqlite_run(file,
		       "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-64;",
		       error);
	return r == 0 && create ? make_tables(file, boot, error) : r;
}

int journal_open(const char *path, bool create, const char *boot, struct journal **ret,
		 struct buf *error)
{
	struct journal *journal;
	int code, r;

	_Static_assert(APPLICATION_ID == 1769107811, "the number in the statement above");
	if (!create && access(path, F_OK) < 0)
		return -errno;
	journal = calloc(1, sizeof(*journal));
	if (!journal)
		return -ENOMEM;
	journal->file = (struct sqlite_file){.path = strdup(path), .not_ours = NOT_OURS};
	if (!journal->file.path) {
		free(journal);
		return -ENOMEM;
	}
	code = sqlite3_open_v2(path, &journal->file.db,
			       SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
				       (create ? SQLITE_OPEN_CREATE : 0),
			       NULL);
	if (code == SQLITE_OK) {
		sqlite3_extended_result_codes(journal->file.db, 1);
		sqlite3_busy_timeout(journal->file.db, BUSY_MS);
		r = prepare(&journal->file, create, boot, error);
	} else {
		r = sqlite_failed(&journal->file, code, error);
	}
	if (r < 0) {
		journal_close(journal);
		return r;
	}
	*ret = journal;
	return 0;
}

void journal_close(struct journal *journal)
{
	if (!journal)
		return;
	sqlite3_close(journal->file.db);
	free(journal->file.path);
	free(journal);
}

static int write_originals(const struct sqlite_file *file,
			   const struct record_entry *const *entries, size_t n, struct buf *error)
{
	sqlite3_stmt *statement = NULL;
	int r = sqlite_prepare(file, "INSERT OR REPLACE INTO original VALUES(?, ?, ?, ?, ?)",
			       &statement, error);

	for (size_t i = 0; i < n && r == 0; i++) {
		_cleanup_(buf_done) struct buf cpus = {0};
		const struct record_entry *entry = entries[i];

		r = cpuset_format(&entry->cpus, &cpus);
		if (r < 0)
			break;
		sqlite3_bind_text(statement, 1, entry->device ? entry->device : "", -1,
				  SQLITE_STATIC);
		sqlite3_bind_int64(statement, 2, entry->vector);
		sqlite3_bind_text(statement, 3, entry->actions, -1, SQLITE_STATIC);
		sqlite3_bind_int64(statement, 4, entry->setting.irq);
		sqlite3_bind_text(statement, 5, buf_text(&cpus), -1, SQLITE_STATIC);
		r = execute(file, statement, error);
	}
	sqlite3_finalize(statement);
	return r;
}

static int write_changes(const struct sqlite_file *file, const struct journal_change *changes,
			 size_t n, struct buf *error)
{
	sqlite3_stmt *statement = NULL;
	int r = sqlite_prepare(file,
			       "INSERT INTO change(time_ns, irq, name, before, after, reason) "
			       "VALUES(?, ?, ?, ?, ?, ?)",
			       &statement, error);

	for (size_t i = 0; i < n && r == 0; i++) {
		sqlite3_bind_int64(statement, 1, (int64_t)changes[i].time_ns);
		sqlite3_bind_int64(statement, 2, changes[i].irq);
		sqlite3_bind_text(statement, 3, changes[i].name, -1, SQLITE_STATIC);
		sqlite3_bind_text(statement, 4, changes[i].before, -1, SQLITE_STATIC);
		sqlite3_bind_text(statement, 5, changes[i].after, -1, SQLITE_STATIC);
		sqlite3_bind_text(statement, 6, changes[i].reason, -1, SQLITE_STATIC);
		r = execute(file, statement, error);
	}
	sqlite3_finalize(statement);
	return r;
}

int journal_write(struct journal *journal, const struct record_entry *const *originals,
		  size_t n_originals, const struct journal_change *changes, size_t n_changes,
		  struct buf *error)
{
	const struct sqlite_file *file = &journal->file;
	int r = sqlite_run(file, "BEGIN IMMEDIATE", error);

	if (r < 0)
		return r;
	r = write_originals(file, originals, n_originals, error);
	if (r == 0)
		r = write_changes(file, changes, n_changes, error);
	if (r == 0) {
		_cleanup_(buf_done) struct buf prune = {0};

		r = buf_printf(&prune,
			       "DELETE FROM change WHERE id <= (SELECT max(id) FROM change) - %d",
			       CHANGES_KEPT);
		if (r == 0)
			r = sqlite_run(file, buf_text(&prune), error);
	}
	if (r == 0)
		r = sqlite_run(file, "COMMIT", error);
	if (r < 0)
		sqlite3_exec(file->db, "ROLLBACK", NULL, NULL, NULL);
	return r;
}

int journal_forget(struct journal *journal, const struct record_entry *entry, struct buf *error)
{
	const struct sqlite_file *file = &journal->file;
	sqlite3_stmt *statement = NULL;
	int r = sqlite_prepare(
		file,
		"DELETE FROM original WHERE device = ? AND name = ? AND (vector = ? OR irq = ?)",
		&statement, error);

	if (r == 0) {
		sqlite3_bind_text(statement, 1, entry->device ? entry->device : "", -1,
				  SQLITE_STATIC);
		sqlite3_bind_text(statement, 2, entry->actions, -1, SQLITE_STATIC);
		sqlite3_bind_int64(statement, 3, entry->vector);
		sqlite3_bind_int64(statement, 4, entry->setting.irq);
		r = execute(file, statement, error);
	}
	sqlite3_finalize(statement);
	return r;
}

static int add_original(struct record *record, sqlite3_stmt *statement)
{
	const char *device = column_text(statement, 0), *cpus = column_text(statement, 4);
	struct record_entry entry = {
		.setting = {.kind = SETTING_IRQ, .irq = sqlite3_column_int(statement, 3)},
		.vector = (uint32_t)sqlite3_column_int64(statement, 1),
		.actions = arena_strdup(&record->strings, column_text(statement, 2)),
	};
	int r = ARRAY_RESERVE(record->entries, record->n + 1, record->cap);

	if (*device)
		entry.device = arena_strdup(&record->strings, device);
	if (r < 0 || !entry.actions || (*device && !entry.device))
		return -ENOMEM;
	r = cpulist_parse(cpus, strlen(cpus), &entry.cpus);
	if (r == 0 && cpuset_next(&entry.cpus, 0) < 0)
		r = -EINVAL;
	if (r < 0) {
		cpuset_done(&entry.cpus);
		return r;
	}
	record->entries[record->n++] = entry;
	return 0;
}

int journal_originals(struct journal *journal, struct record *record, struct buf *error)
{
	const struct sqlite_file *file = &journal->file;
	sqlite3_stmt *statement = NULL;
	int code = SQLITE_DONE;
	int r = sqlite_prepare(file,
			       "SELECT device, vector, name, irq, cpus FROM original ORDER BY irq",
			       &statement, error);

	while (r == 0 && (code = sqlite3_step(statement)) == SQLITE_ROW) {
		r = add_original(record, statement);
		if (r == -EINVAL)
			buf_printf(error, "%s: the CPUs of IRQ %d make no sense: '%s'", file->path,
				   sqlite3_column_int(statement, 3), column_text(statement, 4));
	}
	if (r == 0 && code != SQLITE_DONE)
		r = sqlite_failed(file, code, error);
	sqlite3_finalize(statement);
	return r;
}

int journal_remove(const char *path)
{
	static const char *const suffixes[] = {"-wal", "-shm", ""};
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(suffixes) && r == 0; i++) {
		_cleanup_(buf_done) struct buf name = {0};

		r = buf_printf(&name, "%s%s", path, suffixes[i]);
		if (r == 0 && unlink(buf_text(&name)) < 0 && errno != ENOENT)
			r = -errno;
	}
	return r;
}
