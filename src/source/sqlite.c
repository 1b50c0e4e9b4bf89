/* SPDX-License-Identifier: BSD-2-Clause */
#include "source/sqlite.h"

#include <errno.h>
#include <string.h>

/* In the system's words where it has some. */
static int code_to_errno(int code)
{
	switch (code & 0xff) {
	case SQLITE_NOMEM:
		return -ENOMEM;
	case SQLITE_FULL:
		return -ENOSPC;
	case SQLITE_CORRUPT:
	case SQLITE_ERROR:
	case SQLITE_TOOBIG:
		return -EINVAL;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return -EBUSY;
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return -EACCES;
	default:
		return -EIO;
	}
}

int sqlite_failed(const struct sqlite_file *file, int code, struct buf *error)
{
	int system = file->db ? sqlite3_system_errno(file->db) : 0;

	if ((code & 0xff) == SQLITE_NOTADB) {
		buf_printf(error, "%s: %s", file->path, file->not_ours);
		return -EINVAL;
	}
	if ((code & 0xff) == SQLITE_CANTOPEN && system) {
		buf_printf(error, "%s: %s", file->path, strerror(system));
		return system == ENOENT ? -EIO : -system;
	}
	buf_printf(error, "%s: %s", file->path,
		   file->db ? sqlite3_errmsg(file->db) : sqlite3_errstr(code));
	return code_to_errno(code);
}

int sqlite_run(const struct sqlite_file *file, const char *sql, struct buf *error)
{
	int code = sqlite3_exec(file->db, sql, NULL, NULL, NULL);

	return code == SQLITE_OK ? 0 : sqlite_failed(file, code, error);
}

int sqlite_prepare(const struct sqlite_file *file, const char *sql, sqlite3_stmt **ret,
		   struct buf *error)
{
	int code = sqlite3_prepare_v3(file->db, sql, -1, SQLITE_PREPARE_PERSISTENT, ret, NULL);

	return code == SQLITE_OK ? 0 : sqlite_failed(file, code, error);
}

int sqlite_number(const struct sqlite_file *file, const char *sql, int64_t *ret, struct buf *error)
{
	sqlite3_stmt *statement = NULL;
	int code, r = sqlite_prepare(file, sql, &statement, error);

	if (r < 0)
		return r;
	code = sqlite3_step(statement);
	if (code == SQLITE_DONE ||
	    (code == SQLITE_ROW && sqlite3_column_type(statement, 0) == SQLITE_NULL))
		r = -ENODATA;
	else if (code == SQLITE_ROW)
		*ret = sqlite3_column_int64(statement, 0);
	else
		r = sqlite_failed(file, code, error);
	sqlite3_finalize(statement);
	return r;
}
