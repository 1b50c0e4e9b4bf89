/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The tables of a recording, each as SQLite keeps its text, and the views for those who ask with
 * sqlite3. Private to recording_db.c and recorder.c.
 */
#pragma once

#define RECORDING_TABLES                                                                           \
	"CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",              \
		"CREATE TABLE sample(id INTEGER PRIMARY KEY, time_ns INTEGER NOT NULL, "           \
		"mono_ns INTEGER NOT NULL)",                                                       \
		"CREATE TABLE layout(id INTEGER PRIMARY KEY, path TEXT NOT NULL, "                 \
		"sample INTEGER NOT NULL, stride INTEGER NOT NULL, error INTEGER)",                \
		"CREATE TABLE line(layout INTEGER NOT NULL, line INTEGER NOT NULL, "               \
		"before TEXT NOT NULL, fields TEXT NOT NULL, after TEXT NOT NULL, key TEXT, "      \
		"PRIMARY KEY(layout, line)) WITHOUT ROWID",                                        \
		"CREATE TABLE field(layout INTEGER NOT NULL, field INTEGER NOT NULL, "             \
		"cpu INTEGER NOT NULL, PRIMARY KEY(layout, field)) WITHOUT ROWID",                 \
		"CREATE TABLE delta(sample INTEGER NOT NULL, layout INTEGER NOT NULL, "            \
		"at INTEGER NOT NULL, sparse INTEGER NOT NULL, width INTEGER NOT NULL, "           \
		"cells BLOB NOT NULL, PRIMARY KEY(sample, layout, at)) WITHOUT ROWID",             \
		"CREATE TABLE total(sample INTEGER NOT NULL, layout INTEGER NOT NULL, "            \
		"at INTEGER NOT NULL, sparse INTEGER NOT NULL, width INTEGER NOT NULL, "           \
		"cells BLOB NOT NULL, PRIMARY KEY(sample, layout, at)) WITHOUT ROWID",             \
		"CREATE TABLE fact(path TEXT NOT NULL, what TEXT NOT NULL, "                       \
		"sample INTEGER NOT NULL, error INTEGER, value, "                                  \
		"PRIMARY KEY(path, what, sample)) WITHOUT ROWID",                                  \
		"CREATE TABLE octet(value INTEGER PRIMARY KEY)",                                   \
		"CREATE TABLE octets(bytes BLOB NOT NULL)"

/*
 * SQLite has no function that makes a number of a byte, so its place in `octets` (all 256, in
 * order) is asked for; bytes that an entry does not have count as 0. The table `octet` numbers the
 * entries of a chunk. CROSS JOIN keeps the order: what a question says of samples and layouts picks
 * the chunks before any of them is taken apart.
 */
#define RECORDING_VIEWS                                                                            \
	"CREATE VIEW entry AS SELECT c.sample, c.layout, "                                         \
	"c.at + CASE c.sparse WHEN 0 THEN i.value ELSE 0 END AS at, "                              \
	"substr(c.cells, i.value * (c.width + 2 * c.sparse) + 1, 2 * c.sparse) AS offset, "        \
	"substr(c.cells, i.value * (c.width + 2 * c.sparse) + 2 * c.sparse + 1, c.width) "         \
	"AS number FROM delta c CROSS JOIN octet i "                                               \
	"ON i.value < length(c.cells) / (c.width + 2 * c.sparse);"                                 \
	"CREATE VIEW place AS SELECT e.sample, e.layout, e.at + ifnull((instr(o.bytes, "           \
	"substr(e.offset, 1, 1)) - 1) + (instr(o.bytes, substr(e.offset, 2, 1)) - 1 << 8), 0) "    \
	"AS at, (instr(o.bytes, substr(e.number, 1, 1)) - 1) | "                                   \
	"(instr(o.bytes, substr(e.number, 2, 1)) - 1 << 8) | "                                     \
	"(instr(o.bytes, substr(e.number, 3, 1)) - 1 << 16) | "                                    \
	"(instr(o.bytes, substr(e.number, 4, 1)) - 1 << 24) | "                                    \
	"(instr(o.bytes, substr(e.number, 5, 1)) - 1 << 32) | "                                    \
	"(instr(o.bytes, substr(e.number, 6, 1)) - 1 << 40) | "                                    \
	"(instr(o.bytes, substr(e.number, 7, 1)) - 1 << 48) | "                                    \
	"(instr(o.bytes, substr(e.number, 8, 1)) - 1 << 56) AS delta "                             \
	"FROM entry e CROSS JOIN octets o;"                                                        \
	"CREATE VIEW change AS SELECT p.sample, l.path, p.layout, p.at / l.stride AS line, "       \
	"p.at % l.stride AS field, p.delta FROM place p CROSS JOIN layout l ON l.id = p.layout;"   \
	"CREATE VIEW counts AS SELECT c.sample, "                                                  \
	"datetime(s.time_ns / 1000000000, 'unixepoch') AS time, c.path, r.key, f.cpu, c.delta "    \
	"FROM change c CROSS JOIN line r ON r.layout = c.layout AND r.line = c.line "              \
	"CROSS JOIN field f ON f.layout = c.layout AND f.field = c.field "                         \
	"CROSS JOIN sample s ON s.id = c.sample;"                                                  \
	"CREATE VIEW interrupts AS SELECT sample, time, key AS irq, cpu, delta FROM counts "       \
	"WHERE path = 'proc/interrupts';"                                                          \
	"CREATE VIEW softirqs AS SELECT sample, time, key AS softirq, cpu, delta FROM counts "     \
	"WHERE path = 'proc/softirqs';"                                                            \
	"CREATE VIEW names AS SELECT r.key AS irq, trim(r.after) AS name, l.sample "               \
	"FROM line r JOIN layout l ON l.id = r.layout "                                            \
	"WHERE l.path = 'proc/interrupts' AND r.key IS NOT NULL;"
