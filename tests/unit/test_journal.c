/* SPDX-License-Identifier: BSD-2-Clause */
/* The daemon's journal: what is in it comes back, and nothing that is no journal is taken for one.
 */
#include "temp_root.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/wait.h>

#include "daemon/journal.h"
#include "parse/cpulist.h"

#define _root_ _cleanup_(temp_root_done) struct temp_root

static struct record_entry entry(int32_t irq, const char *device, uint32_t vector,
				 const char *actions, const char *cpus)
{
	struct record_entry made = {
		.setting = {.kind = SETTING_IRQ, .irq = irq},
		.device = device,
		.vector = vector,
		.actions = actions,
	};

	assert_int_equal(cpulist_parse(cpus, strlen(cpus), &made.cpus), 0);
	return made;
}

static struct record_entry queue(int32_t irq, uint32_t vector, const char *cpus)
{
	return entry(irq, "0000:01:00.0", vector, vector ? "eth0-rx-1" : "eth0-rx-0", cpus);
}

static void path_of(const struct temp_root *root, struct buf *path)
{
	assert_int_equal(buf_printf(path, "%s/daemon.db", root->dir), 0);
}

static struct journal *open_good_at(const struct temp_root *root, bool create, const char *boot)
{
	_cleanup_(buf_done) struct buf path = {0}, error = {0};
	struct journal *journal;

	path_of(root, &path);
	if (journal_open(buf_text(&path), create, boot, &journal, &error) != 0)
		fail_msg("%s", buf_text(&error));
	return journal;
}

static struct journal *open_good(const struct temp_root *root, bool create)
{
	return open_good_at(root, create, "");
}

/* A new one. */
static struct journal *begin(struct temp_root *root)
{
	temp_root_open(root);
	return open_good(root, true);
}

/* What opening says where it fails, and the sentence. */
static int open_bad_at(const struct temp_root *root, bool create, const char *boot,
		       struct buf *error)
{
	_cleanup_(buf_done) struct buf path = {0};
	struct journal *journal = NULL;
	int r;

	path_of(root, &path);
	r = journal_open(buf_text(&path), create, boot, &journal, error);
	assert_null(journal);
	return r;
}

static int open_bad(const struct temp_root *root, bool create, struct buf *error)
{
	return open_bad_at(root, create, "", error);
}

static void write_one(struct journal *journal, struct record_entry *original)
{
	const struct record_entry *list[] = {original};
	const struct journal_change change = {.time_ns = 1,
					      .irq = original->setting.irq,
					      .name = original->actions,
					      .before = "0-3",
					      .after = "1",
					      .reason = "because"};
	_cleanup_(buf_done) struct buf error = {0};

	if (journal_write(journal, list, 1, &change, 1, &error) != 0)
		fail_msg("%s", buf_text(&error));
	cpuset_done(&original->cpus);
}

/* "24:0-3 25:0" of the originals. */
static void check_originals(struct journal *journal, const char *wanted)
{
	_cleanup_(record_done) struct record record = {0};
	_cleanup_(buf_done) struct buf text = {0}, error = {0};

	assert_int_equal(journal_originals(journal, &record, &error), 0);
	for (size_t i = 0; i < record.n; i++) {
		assert_int_equal(
			buf_printf(&text, "%s%d:", i ? " " : "", record.entries[i].setting.irq), 0);
		assert_int_equal(cpuset_format(&record.entries[i].cpus, &text), 0);
	}
	assert_string_equal(buf_text(&text), wanted);
}

static void test_comes_back(void **state)
{
	struct record_entry first = queue(24, 0, "0-3");
	struct record_entry second = entry(9, NULL, 1, "acpi", "0,2,700");
	_root_ root;
	struct journal *journal;

	(void)state;
	journal = begin(&root);
	check_originals(journal, "");
	write_one(journal, &first);
	write_one(journal, &second);
	journal_close(journal);
	journal = open_good(&root, false);
	check_originals(journal, "9:0,2,700 24:0-3");
	journal_close(journal);
}

/* Who keeps it says what is new: then the later one holds. */
static void test_replaces_and_forgets(void **state)
{
	struct record_entry first = queue(24, 0, "0-3");
	struct record_entry later = queue(24, 0, "2");
	struct record_entry other = queue(25, 1, "0-3");
	/* the device has lost a vector since: another place, the same number */
	const struct record_entry gone = {.setting = {.irq = 25},
					  .device = "0000:01:00.0",
					  .vector = 0,
					  .actions = "eth0-rx-1"};
	_cleanup_(buf_done) struct buf error = {0};
	_root_ root;
	struct journal *journal;

	(void)state;
	journal = begin(&root);
	write_one(journal, &first);
	write_one(journal, &later);
	write_one(journal, &other);
	check_originals(journal, "24:2 25:0-3");
	assert_int_equal(journal_forget(journal, &gone, &error), 0);
	check_originals(journal, "24:2");
	journal_close(journal);
}

static void test_none(void **state)
{
	_cleanup_(buf_done) struct buf error = {0};
	_root_ root;

	(void)state;
	temp_root_open(&root);
	assert_int_equal(open_bad(&root, false, &error), -ENOENT);
	/* of a daemon that was killed before it wrote anything */
	temp_root_put(&root, "daemon.db", "");
	assert_int_equal(open_bad(&root, false, &error), -ENOENT);
	journal_close(open_good(&root, true));
}

static void test_other_files(void **state)
{
	char text[8192];
	_root_ root;

	(void)state;
	temp_root_open(&root);
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	temp_root_put(&root, "daemon.db", text);
	for (int create = 0; create <= 1; create++) {
		_cleanup_(buf_done) struct buf error = {0};

		assert_int_equal(open_bad(&root, create, &error), -EINVAL);
		assert_non_null(strstr(buf_text(&error), "daemon.db"));
	}
}

static void run_sql(const struct temp_root *root, const char *sql)
{
	_cleanup_(buf_done) struct buf path = {0};
	sqlite3 *db;

	path_of(root, &path);
	assert_int_equal(sqlite3_open(buf_text(&path), &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void test_other_database(void **state)
{
	_cleanup_(buf_done) struct buf error = {0};
	_root_ root;

	(void)state;
	temp_root_open(&root);
	run_sql(&root, "CREATE TABLE original(a)");
	assert_int_equal(open_bad(&root, true, &error), -EINVAL);
	assert_non_null(strstr(buf_text(&error), "is no journal of irqctl; remove it"));
}

/* What was written before the machine was started again says nothing of today. */
static void test_other_boot(void **state)
{
	struct record_entry one = entry(24, "0000:01:00.0", 0, "eth0-rx-0", "0-3");
	struct journal *journal;
	_root_ root;

	(void)state;
	temp_root_open(&root);
	journal = open_good_at(&root, true, "first");
	write_one(journal, &one);
	journal_close(journal);
	for (int create = 0; create <= 1; create++) {
		_cleanup_(buf_done) struct buf error = {0};

		assert_int_equal(open_bad_at(&root, create, "second", &error), -ESTALE);
		assert_non_null(strstr(buf_text(&error), "daemon.db: "));
		journal = open_good_at(&root, create, "first");
		check_originals(journal, "24:0-3");
		journal_close(journal);
		journal = open_good(&root, create); /* nobody knows which start this is */
		check_originals(journal, "24:0-3");
		journal_close(journal);
	}
}

/* One of an irqctl that did not write it down yet, or that did not know. */
static void test_unknown_boot(void **state)
{
	static const char *const olds[] = {"DROP TABLE boot", "DELETE FROM boot"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(olds); i++) {
		struct record_entry one = entry(24, "0000:01:00.0", 0, "eth0-rx-0", "0-3");
		_cleanup_(buf_done) struct buf error = {0};
		struct journal *journal;
		_root_ root;

		temp_root_open(&root);
		journal = open_good_at(&root, true, "first");
		write_one(journal, &one);
		journal_close(journal);
		run_sql(&root, olds[i]);
		journal = open_good_at(&root, false, "second");
		check_originals(journal, "24:0-3");
		journal_close(journal);
		journal_close(open_good_at(&root, true, "second")); /* which goes on with it */
		assert_int_equal(open_bad_at(&root, false, "third", &error), -ESTALE);
	}
}

/* Values that no affinity has are not taken for one. */
static void test_bad_values(void **state)
{
	static const char *const values[] = {"''",   "'3-1'",  "'0-3; rm'", "'99999999999'",
					     "NULL", "x'00ff'"};
	struct record_entry good = queue(24, 0, "0-3");
	_root_ root;
	struct journal *journal;

	(void)state;
	journal = begin(&root);
	write_one(journal, &good);
	journal_close(journal);
	run_sql(&root, "PRAGMA writable_schema=1; UPDATE sqlite_master SET sql = replace(sql, "
		       "'cpus TEXT NOT NULL', 'cpus TEXT')");
	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		_cleanup_(buf_done) struct buf sql = {0}, error = {0};
		_cleanup_(record_done) struct record record = {0};

		assert_int_equal(buf_printf(&sql, "UPDATE original SET cpus = %s", values[i]), 0);
		run_sql(&root, buf_text(&sql));
		journal = open_good(&root, false);
		assert_true(journal_originals(journal, &record, &error) < 0);
		journal_close(journal);
	}
}

/* A kill at any moment: what journal_write() came back from is there. */
static void test_killed(void **state)
{
	(void)state;
	for (int round = 0; round < 10; round++) {
		_cleanup_(buf_done) struct buf error = {0};
		_cleanup_(record_done) struct record record = {0};
		_root_ root;
		struct journal *journal;
		unsigned int done = 0;
		int ends[2];
		pid_t child;

		temp_root_open(&root);
		assert_int_equal(pipe(ends), 0);
		child = fork();
		assert_true(child >= 0);
		if (child == 0) {
			journal = open_good(&root, true);
			for (int32_t irq = 0;; irq++) {
				struct record_entry one = entry(irq, NULL, 0, "x", "0-3");
				char name[16];

				snprintf(name, sizeof(name), "irq-%d", irq);
				one.actions = name;
				write_one(journal, &one);
				(void)!write(ends[1], "x", 1);
			}
		}
		close(ends[1]);
		usleep(5000u * (unsigned int)(round + 1));
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		for (char byte; read(ends[0], &byte, 1) == 1;)
			done++;
		close(ends[0]);
		if (done) {
			journal = open_good(&root, false);
			assert_int_equal(journal_originals(journal, &record, &error), 0);
			assert_true(record.n == done || record.n == done + 1);
			journal_close(journal);
		}
	}
}

/* All or nothing: one of several that cannot be written takes the others with it. */
static void test_all_or_nothing(void **state)
{
	struct record_entry good = queue(24, 0, "0-3");
	struct record_entry bad = entry(25, "0000:01:00.0", 1, NULL, "0-3"); /* NOT NULL */
	const struct record_entry *list[] = {&good, &bad};
	_cleanup_(buf_done) struct buf error = {0};
	_root_ root;
	struct journal *journal;

	(void)state;
	journal = begin(&root);
	assert_true(journal_write(journal, list, 2, NULL, 0, &error) < 0);
	assert_true(error.len > 0);
	check_originals(journal, "");
	write_one(journal, &good);
	check_originals(journal, "24:0-3");
	cpuset_done(&bad.cpus);
	journal_close(journal);
}

static void test_remove(void **state)
{
	_cleanup_(buf_done) struct buf path = {0};
	struct record_entry good = entry(24, NULL, 0, "x", "0-3");
	_root_ root;
	struct journal *journal;

	(void)state;
	temp_root_open(&root);
	path_of(&root, &path);
	journal = open_good(&root, true);
	write_one(journal, &good);
	journal_close(journal);
	assert_int_equal(journal_remove(buf_text(&path)), 0);
	assert_int_equal(access(buf_text(&path), F_OK), -1);
	assert_int_equal(journal_remove(buf_text(&path)), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_comes_back),     cmocka_unit_test(test_replaces_and_forgets),
		cmocka_unit_test(test_none),           cmocka_unit_test(test_other_files),
		cmocka_unit_test(test_other_database), cmocka_unit_test(test_bad_values),
		cmocka_unit_test(test_killed),         cmocka_unit_test(test_all_or_nothing),
		cmocka_unit_test(test_remove),         cmocka_unit_test(test_other_boot),
		cmocka_unit_test(test_unknown_boot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
