/* SPDX-License-Identifier: BSD-2-Clause */
#include "source/recorder_facts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/macros.h"
#include "base/text.h"

struct fact {
	const char *path;
	enum fact_kind kind;
	int error;        /* -errno, or 0 */
	struct buf value; /* of a mode its number as digits */
	unsigned int round;
};

static int make_key(struct facts *facts, enum fact_kind kind, const char *path)
{
	buf_cut(&facts->key, 0);
	return buf_printf(&facts->key, "%s %s", fact_names[kind], path);
}

/* NULL where it was never asked for. */
static struct fact *find(struct facts *facts, enum fact_kind kind, const char *path)
{
	if (make_key(facts, kind, path) < 0)
		return NULL;
	return (struct fact *)strmap_find(&facts->map, facts->key.data, facts->key.len);
}

static int add(struct facts *facts, enum fact_kind kind, const char *path, struct fact **ret)
{
	struct fact *fact = arena_alloc(&facts->arena, sizeof(*fact));
	char *key;
	int r = make_key(facts, kind, path);

	if (r == 0)
		r = ARRAY_RESERVE(facts->items, facts->n + 1, facts->cap);
	key = r == 0 ? arena_strdup(&facts->arena, facts->key.data) : NULL;
	if (!fact || !key)
		return -ENOMEM;
	*fact = (struct fact){.path = key + strlen(fact_names[kind]) + 1, .kind = kind};
	r = strmap_add(&facts->map, key, facts->key.len, fact);
	if (r < 0)
		return r;
	facts->items[facts->n++] = fact;
	*ret = fact;
	return 0;
}

/* The kernel's messages and sysctls are bytes, everything else is text. */
static bool is_text(const struct fact *fact)
{
	return !text_has_prefix(fact->path, "netlink/") && !text_has_prefix(fact->path, "sysctl/");
}

static void bind_value(sqlite3_stmt *statement, int index, const struct fact *fact)
{
	const char *value = buf_text(&fact->value);
	int len = (int)fact->value.len;

	if (fact->error)
		sqlite3_bind_null(statement, index);
	else if (fact->kind == FACT_MODE)
		sqlite3_bind_int64(statement, index, (int64_t)strtoul(value, NULL, 10));
	else if (is_text(fact))
		sqlite3_bind_text(statement, index, value, len, SQLITE_STATIC);
	else
		sqlite3_bind_blob(statement, index, value, len, SQLITE_STATIC);
}

static void fail(struct facts *facts, int error)
{
	if (error < 0 && !facts->failure)
		facts->failure = error;
}

static void write_fact(struct facts *facts, const struct fact *fact)
{
	sqlite3_stmt *statement = facts->insert;
	int code;

	sqlite3_bind_text(statement, 1, fact->path, -1, SQLITE_STATIC);
	sqlite3_bind_text(statement, 2, fact_names[fact->kind], -1, SQLITE_STATIC);
	sqlite3_bind_int64(statement, 3, facts->sample);
	if (fact->error)
		sqlite3_bind_int(statement, 4, -fact->error);
	else
		sqlite3_bind_null(statement, 4);
	bind_value(statement, 5, fact);
	code = sqlite3_step(statement);
	if (code != SQLITE_DONE && !facts->failure)
		fail(facts, sqlite_failed(facts->db, code, &facts->error));
	sqlite3_reset(statement);
}

static int set(struct fact *fact, int error, const char *value, size_t len)
{
	buf_cut(&fact->value, 0);
	fact->error = error;
	return error ? 0 : buf_append(&fact->value, value, len);
}

static bool is_same(const struct fact *fact, int error, const char *value, size_t len)
{
	if (error || fact->error)
		return error == fact->error;
	return fact->value.len == len && (!len || memcmp(fact->value.data, value, len) == 0);
}

/* Errors that say something about us and not about the machine. */
static bool is_ours(int error)
{
	return error == -ENOMEM || error == -EMFILE || error == -ENFILE;
}

/* Keeps an answer. What never was there needs no row to say so. */
static void note(struct facts *facts, enum fact_kind kind, const char *path, int error,
		 const char *value, size_t len)
{
	struct fact *fact = find(facts, kind, path);
	bool is_new = !fact;
	int r = 0;

	if (is_ours(error)) {
		fail(facts, error);
		return;
	}
	if (is_new && error == -ENOENT)
		return;
	if (is_new)
		r = add(facts, kind, path, &fact);
	if (r < 0) {
		fail(facts, r);
		return;
	}
	fact->round = facts->round;
	if (!is_new && is_same(fact, error, value, len))
		return;
	fail(facts, set(fact, error, value, len));
	write_fact(facts, fact);
}

/*
 * A dump of netlink has a number of the request and the port of who asked in each message
 * (struct nlmsghdr), which would make every answer a new one.
 */
static void forget_request(struct buf *dump)
{
	const size_t header = 16, at_seq = 8;
	uint32_t len;

	for (size_t at = 0; dump->len - at >= header; at += (len + 3) & ~(size_t)3) {
		memcpy(&len, dump->data + at, sizeof(len));
		if (len < header || len > dump->len - at)
			return;
		memset(dump->data + at + at_seq, 0, header - at_seq);
		if (((len + 3) & ~(size_t)3) > dump->len - at)
			return;
	}
}

int facts_read(struct facts *facts, struct source *from, const char *path, struct buf *out)
{
	_cleanup_(buf_done) struct buf text = {0};
	int r = source_read(from, path, &text);

	if (r == 0 && text_has_prefix(path, "netlink/"))
		forget_request(&text);
	note(facts, FACT_TEXT, path, r, buf_text(&text), text.len);
	return r < 0 ? r : buf_append(out, buf_text(&text), text.len);
}

int facts_list(struct facts *facts, struct source *from, const char *path, struct strv *out)
{
	_cleanup_(strv_done) struct strv names = {0};
	_cleanup_(buf_done) struct buf text = {0};
	int r = source_list(from, path, &names), kept = 0;

	for (size_t i = 0; r == 0 && i < names.n; i++) {
		if (strchr(names.items[i], '\n')) /* no name of the kernel's */
			continue;
		r = strv_add(out, names.items[i]);
		if (kept == 0 && i)
			kept = buf_putc(&text, '\n');
		if (kept == 0)
			kept = buf_puts(&text, names.items[i]);
	}
	note(facts, FACT_LIST, path, r < 0 ? r : kept, buf_text(&text), text.len);
	return r;
}

int facts_link(struct facts *facts, struct source *from, const char *path, struct buf *out)
{
	_cleanup_(buf_done) struct buf target = {0};
	int r = source_link(from, path, &target);

	note(facts, FACT_LINK, path, r, buf_text(&target), target.len);
	return r < 0 ? r : buf_append(out, buf_text(&target), target.len);
}

int facts_mode(struct facts *facts, struct source *from, const char *path, uint32_t *ret_mode)
{
	char digits[sizeof("4294967295")];
	uint32_t mode = 0;
	int r = source_mode(from, path, &mode);
	int len = snprintf(digits, sizeof(digits), "%u", mode);

	note(facts, FACT_MODE, path, r, digits, (size_t)len);
	if (r == 0)
		*ret_mode = mode;
	return r;
}

/* One row of the file, in the order in which things changed. */
static int load_row(struct facts *facts, sqlite3_stmt *statement)
{
	const unsigned char *path = sqlite3_column_text(statement, 0);
	const unsigned char *what = sqlite3_column_text(statement, 1);
	const void *value = sqlite3_column_blob(statement, 3);
	size_t len = value ? (size_t)sqlite3_column_bytes(statement, 3) : 0, kind = 0;
	struct fact *fact;
	int error = -(sqlite3_column_int(statement, 2) & 0xfff), r = 0;

	if (!path || !what)
		return 0;
	while (kind < N_FACTS && strcmp(fact_names[kind], (const char *)what) != 0)
		kind++;
	if (kind == N_FACTS)
		return 0;
	fact = find(facts, (enum fact_kind)kind, (const char *)path);
	if (!fact)
		r = add(facts, (enum fact_kind)kind, (const char *)path, &fact);
	return r < 0 ? r : set(fact, error, value ? value : "", len);
}

int facts_open(struct facts *facts, const struct sqlite_file *db, struct buf *error)
{
	sqlite3_stmt *statement = NULL;
	int code = SQLITE_DONE, r;

	*facts = (struct facts){.db = db};
	r = sqlite_prepare(db, "INSERT OR REPLACE INTO fact VALUES(?, ?, ?, ?, ?)", &facts->insert,
			   error);
	if (r == 0)
		r = sqlite_prepare(
			db, "SELECT path, what, error, value FROM fact ORDER BY path, what, sample",
			&statement, error);
	while (r == 0 && (code = sqlite3_step(statement)) == SQLITE_ROW)
		r = load_row(facts, statement);
	if (r == 0 && code != SQLITE_DONE)
		r = sqlite_failed(db, code, error);
	sqlite3_finalize(statement);
	return r;
}

void facts_close(struct facts *facts)
{
	sqlite3_finalize(facts->insert);
	for (size_t i = 0; i < facts->n; i++)
		buf_done(&facts->items[i]->value);
	free(facts->items);
	strmap_done(&facts->map);
	arena_done(&facts->arena);
	buf_done(&facts->key);
	buf_done(&facts->error);
	*facts = (struct facts){0};
}

void facts_begin(struct facts *facts, int64_t sample)
{
	facts->sample = sample;
	facts->failure = 0;
	facts->round++;
	buf_cut(&facts->error, 0);
}

int facts_end(struct facts *facts, bool complete, struct buf *error)
{
	for (size_t i = 0; complete && i < facts->n; i++) {
		struct fact *fact = facts->items[i];

		if (fact->round == facts->round || fact->error == -ENOENT)
			continue;
		set(fact, -ENOENT, NULL, 0);
		write_fact(facts, fact);
	}
	if (facts->failure)
		buf_puts(error, buf_text(&facts->error));
	return facts->failure;
}
