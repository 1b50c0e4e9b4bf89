/* SPDX-License-Identifier: BSD-2-Clause */
/* Recordings: numbers and words apart and together again, and a machine over time in a file. */
#include "temp_root.h"

#include <sqlite3.h>
#include <stdio.h>
#include <time.h>

#include "source/cells.h"
#include "source/layout.h"
#include "source/recorder.h"
#include "source/recording.h"

#define STEPS 150 /* samples: more than lie between two totals */

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static int unpack(void *ctx, const struct chunk *chunk)
{
	assert_true(chunk->len <= CHUNK_BYTES);
	return cells_unpack(chunk, UINT64_MAX, ctx);
}

static void assert_same(const struct cells *a, const struct cells *b)
{
	assert_int_equal(a->n, b->n);
	for (size_t i = 0; i < a->n; i++) {
		assert_int_equal(a->items[i].at, b->items[i].at);
		assert_true(a->items[i].value == b->items[i].value);
	}
}

/* Rows of neighbours and single cells, numbers of every width. */
static void fill_cells(struct cells *cells, uint64_t *random)
{
	uint64_t at = next_random(random) % 10;
	size_t n = next_random(random) % 2000;

	for (size_t i = 0; i < n; i++) {
		uint64_t value = next_random(random) >> next_random(random) % 64;
		bool is_far = next_random(random) % 50 == 0;

		assert_int_equal(cells_add(cells, at, value), 0);
		at += is_far ? next_random(random) % 200000 : next_random(random) % 8 == 0 ? 3 : 1;
	}
}

static void test_cells(void **state)
{
	uint64_t random = 88172645463325252u;

	(void)state;
	for (int i = 0; i < 200; i++) {
		_cleanup_(cells_done) struct cells cells = {0}, other = {0}, back = {0};
		_cleanup_(cells_done) struct cells difference = {0}, sum = {0};

		fill_cells(&cells, &random);
		fill_cells(&other, &random);
		assert_int_equal(cells_pack(&cells, unpack, &back), 0);
		assert_int_equal(cells_sort(&back), 0);
		assert_same(&cells, &back);
		assert_int_equal(cells_difference(&cells, &other, &difference), 0);
		assert_int_equal(cells_sum(&cells, &difference, &sum), 0);
		assert_same(&other, &sum);
	}
}

static void test_bad_chunks(void **state)
{
	static const unsigned char bytes[] = {0, 0, 7, 0, 0, 8};
	_cleanup_(cells_done) struct cells out = {0};

	(void)state;
	assert_int_equal(
		cells_unpack(&(struct chunk){.width = 3, .bytes = bytes, .len = 6}, 9, &out),
		-EINVAL);
	assert_int_equal(
		cells_unpack(&(struct chunk){.width = 0, .bytes = bytes, .len = 6}, 9, &out),
		-EINVAL);
	assert_int_equal(
		cells_unpack(&(struct chunk){.width = 4, .bytes = bytes, .len = 6}, 9, &out),
		-EINVAL);
	/* six places from 4 on, of nine */
	assert_int_equal(
		cells_unpack(&(struct chunk){.at = 4, .width = 1, .bytes = bytes, .len = 6}, 9,
			     &out),
		-EINVAL);
	assert_int_equal(
		cells_unpack(&(struct chunk){.at = 9, .width = 1, .bytes = bytes, .len = 0}, 9,
			     &out),
		-EINVAL);
	cells_done(&out);
	/* the same place twice */
	assert_int_equal(
		cells_unpack(&(struct chunk){.width = 1, .sparse = true, .bytes = bytes, .len = 6},
			     9, &out),
		0);
	assert_int_equal(out.n, 2);
	assert_int_equal(cells_sort(&out), -EINVAL);
}

static const char irq_text[] =
	"            CPU0       CPU1       \n"
	"   0:         45          0   IO-APIC   2-edge      timer\n"
	"  24:          0 4294967295  IR-PCI-MSI 524288-edge      nvme0q0 3 4\n"
	" LOC: 1234567890 1234567890   Local timer interrupts\n"
	" ERR:          0\n"
	" MIS:          0";
static const char stat_text[] = "cpu  10132153 290696 3084719 46828483 16683 0 25195 0 175628 0\n"
				"cpu0 1393280 32966 572056 13343292 6130 0 17875 0 23933 0\n"
				"ctxt 1990473\nbtime 1062191376\n";

static const char *const texts[] = {
	"",
	"\n",
	irq_text,
	stat_text,
	"  7: 007 1 2\n  8:  18446744073709551615 18446744073709551616 x\n",
	" 1 2  3\t4 \n\n 5  \n",
	"24:1 2 3 4x 5\n",
};

/* In layouts and as it is read from a file. */
static void check_text(const char *text)
{
	_cleanup_(layout_done) struct layout layout = {0}, stored = {0};
	_cleanup_(cells_done) struct cells cells = {0};
	_cleanup_(buf_done) struct buf out = {0}, again = {0};

	assert_int_equal(layout_build(&layout, text, strlen(text)), 0);
	assert_int_equal(layout_match(&layout, text, strlen(text), &cells), 1);
	assert_int_equal(layout_print(&layout, &cells, &out), 0);
	assert_string_equal(buf_text(&out), text);
	stored.stride = layout.stride;
	for (size_t i = 0; i < layout.n_lines; i++) {
		const struct layout_line *line = &layout.lines[i];
		_cleanup_(buf_done) struct buf fields = {0};

		assert_int_equal(layout_fields(&layout, line, &fields), 0);
		assert_int_equal(layout_add_line(&stored, buf_text(&layout.text) + line->before,
						 line->before_len, buf_text(&fields),
						 buf_text(&layout.text) + line->after,
						 line->after_len),
				 0);
	}
	assert_int_equal(layout_print(&stored, &cells, &again), 0);
	assert_string_equal(buf_text(&again), text);
}

static void test_layouts(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		check_text(texts[i]);
}

static void test_layout_match(void **state)
{
	static const char first[] = "       CPU0       CPU1\n 24:        999          0  x 1\n";
	static const char more[] = "       CPU0       CPU1\n 24:       1000 4294967295  x 1\n";
	static const char *const others[] = {
		"       CPU0       CPU1\n 24:       1000          0  x 2\n",
		"       CPU0       CPU1\n 25:       1000          0  x 1\n",
		"       CPU0       CPU1\n 24:       1000  x 1\n",
		"       CPU0       CPU1\n",
		"       CPU0       CPU1\n 24:        999          0  x 1\n 25: 0 0\n",
		"       CPU0       CPU2\n 24:        999          0  x 1\n",
		"",
	};
	_cleanup_(layout_done) struct layout layout = {0};
	_cleanup_(cells_done) struct cells cells = {0};

	(void)state;
	assert_int_equal(layout_build(&layout, first, strlen(first)), 0);
	assert_int_equal(layout_match(&layout, more, strlen(more), &cells), 1);
	assert_int_equal(cells.n, 2);
	assert_int_equal(cells.items[1].value, UINT32_MAX);
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		_cleanup_(cells_done) struct cells unused = {0};

		assert_int_equal(layout_match(&layout, others[i], strlen(others[i]), &unused), 0);
	}
}

static void test_bad_fields(void **state)
{
	static const char *const bad[] = {",",   "0", "11*0", "11*", "*3",         "11,",
					  "1*9", "x", "1 2",  "-1",  "4294967296", "1*4294967297"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		_cleanup_(layout_done) struct layout layout = {.stride = 4};

		assert_int_equal(layout_add_line(&layout, "", 0, bad[i], "", 0), -EINVAL);
	}
}

/* A machine with two CPUs, three rows, and a path for a recording of it. */
struct fixture {
	struct temp_root root;
	char path[sizeof("/tmp/irqctl-test-XXXXXX/recording")];
	struct recorder *recorder;
};

static void put_counts(struct fixture *fixture, unsigned int a, unsigned int b)
{
	_cleanup_(buf_done) struct buf table = {0}, stat = {0};

	assert_int_equal(buf_printf(&table,
				    "           CPU0       CPU1       \n"
				    " 24: %10u %10u  PCI-MSI 1-edge      eth0\n"
				    " 30: %10u %10u  PCI-MSI 2-edge      eth1\n"
				    "ERR: %10u\n",
				    a, b, 7u, a / 2, b / 9),
			 0);
	assert_int_equal(
		buf_printf(&stat, "cpu0 %u 0 3 9 0 %u 5\nintr %u 0 17 5\nctxt 9\n", a, b, a + b),
		0);
	temp_root_replace(&fixture->root, "proc/interrupts", table.data);
	temp_root_replace(&fixture->root, "proc/stat", stat.data);
}

static void setup(struct fixture *fixture)
{
	temp_root_open(&fixture->root);
	snprintf(fixture->path, sizeof(fixture->path), "%s/recording", fixture->root.dir);
	temp_root_put(&fixture->root, "proc/sys/kernel/random/boot_id", "one\n");
	temp_root_put(&fixture->root, "proc/interrupts", "");
	temp_root_put(&fixture->root, "proc/stat", "");
	temp_root_put(&fixture->root, "proc/irq/24/smp_affinity_list", "0-1\n");
	put_counts(fixture, 1, 2);
}

static void start(struct fixture *fixture)
{
	_cleanup_(buf_done) struct buf error = {0};

	assert_int_equal(
		recorder_open(fixture->path, fixture->root.source, &fixture->recorder, &error), 0);
}

static int refused(struct fixture *fixture)
{
	_cleanup_(buf_done) struct buf error = {0};
	struct recorder *recorder;
	int r = recorder_open(fixture->path, fixture->root.source, &recorder, &error);

	assert_true(r < 0);
	assert_non_null(strstr(buf_text(&error), fixture->path));
	return r;
}

static void sample(struct fixture *fixture, bool complete)
{
	_cleanup_(buf_done) struct buf error = {0}, text = {0}, link = {0};
	_cleanup_(strv_done) struct strv names = {0};
	struct source *source = recorder_source(fixture->recorder);
	uint32_t mode;
	bool has_counts;

	assert_int_equal(recorder_begin(fixture->recorder, &has_counts, &error), 0);
	if (complete) {
		source_read(source, "proc/irq/24/smp_affinity_list", &text);
		source_list(source, "proc/irq", &names);
		source_mode(source, "proc/irq", &mode);
		source_link(source, "proc/irq/24/link", &link);
	}
	assert_int_equal(recorder_end(fixture->recorder, complete, &error), 0);
}

static struct source *look(struct fixture *fixture)
{
	_cleanup_(buf_done) struct buf error = {0};
	struct source *source;

	assert_int_equal(recording_open(fixture->path, &source, &error), 0);
	return source;
}

static void finish(struct fixture *fixture)
{
	recorder_close(fixture->recorder);
	temp_root_done(&fixture->root);
}

static void assert_file(struct source *source, const char *path, const char *want)
{
	_cleanup_(buf_done) struct buf text = {0};

	assert_int_equal(source_read(source, path, &text), 0);
	assert_string_equal(buf_text(&text), want);
}

/* Every sample byte by byte, forth, and back to any of them. */
static void test_counts_over_time(void **state)
{
	struct fixture fixture = {0};
	struct buf tables[STEPS] = {{0}};
	uint64_t times[STEPS], random = 1, mono;
	struct source *source;

	(void)state;
	setup(&fixture);
	start(&fixture);
	for (unsigned int i = 0; i < STEPS; i++) {
		put_counts(&fixture, i * i, i < 100 ? i / 7 : 9); /* which goes back, too */
		assert_int_equal(source_read(fixture.root.source, "proc/interrupts", &tables[i]),
				 0);
		sample(&fixture, false);
	}
	source = look(&fixture);
	assert_int_equal(recording_span(source)->n_samples, STEPS);
	assert_int_equal(source_seek(source, 0), 0);
	for (unsigned int i = 0; i < STEPS; i++) {
		assert_int_equal(source_moment(source, &times[i], &mono), 0);
		assert_file(source, "proc/interrupts", tables[i].data);
		assert_int_equal(source_advance(source, 0), i + 1 < STEPS ? 0 : -ENODATA);
	}
	for (int i = 0; i < 50; i++) {
		size_t at = next_random(&random) % STEPS;

		assert_int_equal(source_seek(source, times[at]), 0);
		assert_file(source, "proc/interrupts", tables[at].data);
	}
	source_close(source);
	for (size_t i = 0; i < STEPS; i++)
		buf_done(&tables[i]);
	finish(&fixture);
}

/* The counts of single interrupts in /proc/stat are made out of the table. */
static void test_stat(void **state)
{
	struct fixture fixture = {0};
	struct source *source;

	(void)state;
	setup(&fixture);
	start(&fixture);
	sample(&fixture, false);
	put_counts(&fixture, 40, 2);
	sample(&fixture, false);
	source = look(&fixture);
	assert_file(source, "proc/stat",
		    "cpu0 40 0 3 9 0 2 5\n"
		    "intr 42 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 42 0 0 0 0 0 27\n"
		    "ctxt 9\n");
	source_close(source);
	finish(&fixture);
}

/* A row that comes, a file that goes and comes back: each sample has its own. */
static void test_layout_changes(void **state)
{
	struct fixture fixture = {0};
	_cleanup_(buf_done) struct buf text = {0};
	struct source *source;

	(void)state;
	setup(&fixture);
	start(&fixture);
	sample(&fixture, false);
	temp_root_put(&fixture.root, "proc/interrupts", "     CPU0\n 24:    3  x\n");
	sample(&fixture, false);
	temp_root_unlink(&fixture.root, "proc/interrupts");
	sample(&fixture, false);
	sample(&fixture, false);
	temp_root_put(&fixture.root, "proc/interrupts", "     CPU0\n 24:    4  x\n");
	sample(&fixture, false);
	source = look(&fixture);
	assert_file(source, "proc/interrupts", "     CPU0\n 24:    4  x\n");
	assert_int_equal(source_seek(source, 0), 0);
	assert_int_equal(source_advance(source, 0), 0);
	assert_file(source, "proc/interrupts", "     CPU0\n 24:    3  x\n");
	assert_int_equal(source_advance(source, 0), 0);
	assert_int_equal(source_read(source, "proc/interrupts", &text), -ENOENT);
	assert_int_equal(source_advance(source, 0), 0);
	assert_int_equal(source_read(source, "proc/interrupts", &text), -ENOENT);
	source_close(source);
	finish(&fixture);
}

static void test_facts(void **state)
{
	static const char list[] = "proc/irq/24/smp_affinity_list";
	struct fixture fixture = {0};
	_cleanup_(buf_done) struct buf text = {0};
	_cleanup_(strv_done) struct strv names = {0};
	struct source *source;
	uint32_t mode;

	(void)state;
	setup(&fixture);
	start(&fixture);
	sample(&fixture, true);
	temp_root_put(&fixture.root, list, "1\n");
	sample(&fixture, true);
	sample(&fixture, false);
	temp_root_unlink(&fixture.root, list);
	sample(&fixture, true);
	source = look(&fixture);
	assert_int_equal(source_read(source, list, &text), -ENOENT);
	assert_int_equal(source_link(source, "proc/irq/24/link", &text), -ENOENT);
	assert_int_equal(source_read(source, "never/asked", &text), -ENOENT);
	assert_int_equal(source_seek(source, 0), 0);
	assert_file(source, list, "0-1\n");
	assert_int_equal(source_list(source, "proc/irq", &names), 0);
	assert_int_equal(names.n, 1);
	assert_string_equal(names.items[0], "24");
	assert_int_equal(source_mode(source, "proc/irq", &mode), 0);
	assert_int_equal(mode, 0755);
	assert_int_equal(source_advance(source, 0), 0);
	assert_file(source, list, "1\n");
	assert_int_equal(source_advance(source, 0), 0);
	assert_file(source, list, "1\n");
	source_close(source);
	finish(&fixture);
}

/* A second recorder goes on where the first one ended; two at a time don't. */
static void test_continue(void **state)
{
	struct fixture fixture = {0};
	struct source *source;

	(void)state;
	setup(&fixture);
	start(&fixture);
	sample(&fixture, true);
	assert_int_equal(refused(&fixture), -EBUSY);
	recorder_close(fixture.recorder);
	put_counts(&fixture, 5, 6);
	start(&fixture);
	sample(&fixture, true);
	source = look(&fixture);
	assert_int_equal(recording_span(source)->n_samples, 2);
	assert_file(source, "proc/irq/24/smp_affinity_list", "0-1\n");
	source_close(source);
	recorder_close(fixture.recorder);
	fixture.recorder = NULL;
	temp_root_put(&fixture.root, "proc/sys/kernel/random/boot_id", "two\n");
	assert_int_equal(refused(&fixture), -EEXIST);
	finish(&fixture);
}

static void run_sql(const char *path, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void test_other_files(void **state)
{
	struct fixture fixture = {0};
	_cleanup_(buf_done) struct buf error = {0};
	struct source *source;

	(void)state;
	setup(&fixture);
	assert_int_equal(recording_open(fixture.path, &source, &error), -ENOENT);
	temp_root_put(&fixture.root, "recording", "no database, but some text\n");
	assert_int_equal(refused(&fixture), -EINVAL);
	assert_int_equal(recording_open(fixture.path, &source, &error), -EINVAL);
	temp_root_unlink(&fixture.root, "recording");
	run_sql(fixture.path, "CREATE TABLE t(x)");
	assert_int_equal(refused(&fixture), -EINVAL);
	assert_int_equal(recording_open(fixture.path, &source, &error), -EINVAL);
	temp_root_unlink(&fixture.root, "recording");
	start(&fixture);
	assert_int_equal(recording_open(fixture.path, &source, &error), -ENODATA);
	sample(&fixture, true);
	recorder_close(fixture.recorder);
	fixture.recorder = NULL;
	run_sql(fixture.path, "CREATE TRIGGER x AFTER INSERT ON sample BEGIN SELECT 1; END");
	assert_int_equal(refused(&fixture), -EINVAL);
	run_sql(fixture.path, "DROP TABLE fact; CREATE VIEW fact AS SELECT 1 AS path");
	assert_int_equal(recording_open(fixture.path, &source, &error), -EINVAL);
	finish(&fixture);
}

/* Whatever the tables hold, nothing breaks. */
static void test_bad_contents(void **state)
{
	static const char *const changes[] = {
		"UPDATE layout SET stride = 0",
		"UPDATE layout SET stride = 1",
		"UPDATE layout SET stride = 9999999999",
		"UPDATE layout SET error = -5",
		"UPDATE line SET fields = '1048577*1'",
		"UPDATE line SET fields = '67108864*2'",
		"UPDATE line SET line = line + 1000",
		"DELETE FROM line",
		"DELETE FROM layout",
		"DELETE FROM total",
		"UPDATE total SET width = 7",
		"UPDATE total SET width = -1",
		"UPDATE total SET sparse = 1 - sparse",
		"UPDATE total SET at = -at - 1",
		"UPDATE total SET at = at + 9223372036854775000",
		"UPDATE total SET cells = 'text'",
		"UPDATE delta SET cells = zeroblob(1000000)",
		"UPDATE delta SET at = at + 1000",
		"UPDATE fact SET value = zeroblob(5000)",
		"UPDATE fact SET error = 99999",
		"UPDATE sample SET time_ns = -1, mono_ns = -1",
		"UPDATE sample SET id = id * 1000000000000",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		_cleanup_(buf_done) struct buf text = {0};
		_cleanup_(strv_done) struct strv names = {0};
		struct fixture fixture = {0};
		struct source *source;
		uint32_t mode;

		setup(&fixture);
		start(&fixture);
		sample(&fixture, true);
		put_counts(&fixture, 50, 2000000);
		sample(&fixture, true);
		recorder_close(fixture.recorder);
		fixture.recorder = NULL;
		run_sql(fixture.path, changes[i]);
		source = look(&fixture);
		source_read(source, "proc/interrupts", &text);
		source_read(source, "proc/stat", &text);
		source_read(source, "proc/irq/24/smp_affinity_list", &text);
		source_list(source, "proc/irq", &names);
		source_mode(source, "proc/irq", &mode);
		source_seek(source, 0);
		source_advance(source, 1000);
		source_read(source, "proc/interrupts", &text);
		source_close(source);
		finish(&fixture);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cells),       cmocka_unit_test(test_bad_chunks),
		cmocka_unit_test(test_layouts),     cmocka_unit_test(test_layout_match),
		cmocka_unit_test(test_bad_fields),  cmocka_unit_test(test_counts_over_time),
		cmocka_unit_test(test_stat),        cmocka_unit_test(test_layout_changes),
		cmocka_unit_test(test_facts),       cmocka_unit_test(test_continue),
		cmocka_unit_test(test_other_files), cmocka_unit_test(test_bad_contents),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
