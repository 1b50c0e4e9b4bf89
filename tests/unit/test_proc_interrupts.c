/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmocka_all.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/macros.h"
#include "parse/proc_interrupts.h"

#define PARSE(table, text) parse_bytes((table), (text), strlen(text))
#define _table_            _cleanup_(irq_table_done) struct irq_table

static int parse_bytes(struct irq_table *table, const char *bytes, size_t len)
{
	struct irq_parse_error error = {0};
	/* an exact copy on the heap: the sanitizers see a read behind the end */
	char *copy = malloc(len ? len : 1);
	int r;

	assert_non_null(copy);
	memcpy(copy, bytes, len);
	r = irq_table_parse(table, copy, len, &error);
	free(copy);
	if (r == -EINVAL) {
		assert_non_null(error.what);
		assert_true(error.line >= 1);
	}
	return r;
}

static const struct irq_row *find(const struct irq_table *table, const char *key, uint32_t nth)
{
	for (size_t i = 0; i < table->n_rows; i++) {
		const struct irq_row *row = &table->rows[i];

		if (strcmp(row->key, key) == 0 && nth-- == 0)
			return row;
	}
	fail_msg("no row %s", key);
	return NULL;
}

static uint64_t on_cpu(const struct irq_table *table, const struct irq_row *row, uint32_t cpu)
{
	for (size_t i = 0; i < row->n_cells; i++) {
		if (table->cells[row->first_cell + i].cpu == cpu)
			return table->cells[row->first_cell + i].count;
	}
	return 0;
}

static void assert_tables_equal(const struct irq_table *a, const struct irq_table *b)
{
	assert_int_equal(a->n_cpus, b->n_cpus);
	assert_int_equal(a->n_header_cpus, b->n_header_cpus);
	assert_int_equal(a->n_rows, b->n_rows);
	assert_int_equal(a->n_cells, b->n_cells);
	assert_int_equal(a->n_bad_rows, b->n_bad_rows);
	assert_int_equal(a->bad_line, b->bad_line);
	assert_int_equal(a->ragged, b->ragged);
	assert_string_equal(a->cut_key ? a->cut_key : "-", b->cut_key ? b->cut_key : "-");
	if (a->n_cpus)
		assert_memory_equal(a->cpus, b->cpus, a->n_cpus * sizeof(*a->cpus));
	for (size_t i = 0; i < a->n_cells; i++) {
		assert_int_equal(a->cells[i].cpu, b->cells[i].cpu);
		assert_int_equal(a->cells[i].count, b->cells[i].count);
	}
	for (size_t i = 0; i < a->n_rows; i++) {
		const struct irq_row *x = &a->rows[i], *y = &b->rows[i];

		assert_string_equal(x->key, y->key);
		assert_string_equal(x->text, y->text);
		assert_int_equal(x->first_cell, y->first_cell);
		assert_int_equal(x->n_cells, y->n_cells);
		assert_int_equal(x->n_columns, y->n_columns);
		assert_int_equal(x->total, y->total);
		assert_int_equal(x->number, y->number);
		assert_int_equal(x->occurrence, y->occurrence);
		assert_int_equal(x->summary, y->summary);
	}
}

static const char small[] =
	"           CPU0       CPU1       \n"
	" 24:          1          0  IO-APIC   5-edge      ACPI:Ged\n"
	" 36:          0     251454 PCI-MSIX-0000:00:02.0   1-edge      virtio1-req.0\n"
	"NMI:          0          0   Non-maskable interrupts\n"
	"LOC:      29920      31145   Local timer interrupts\n"
	"ERR:          0\n"
	"MIS:          7\n";

static void usual_table(void **state)
{
	_table_ t = {0};
	const struct irq_row *row;

	(void)state;
	assert_int_equal(PARSE(&t, small), 0);
	assert_int_equal(t.n_cpus, 2);
	assert_int_equal(t.n_header_cpus, 2);
	assert_int_equal(t.n_rows, 6);
	assert_int_equal(t.n_bad_rows, 0);
	assert_null(t.cut_key);
	assert_false(t.ragged);
	row = &t.rows[1];
	assert_string_equal(row->key, "36");
	assert_int_equal(row->number, 36);
	assert_int_equal(row->total, 251454);
	assert_int_equal(row->n_cells, 1);
	assert_int_equal(row->n_columns, 2);
	assert_int_equal(on_cpu(&t, row, 1), 251454);
	assert_string_equal(row->text, "PCI-MSIX-0000:00:02.0   1-edge      virtio1-req.0");
	row = find(&t, "LOC", 0);
	assert_int_equal(row->number, -1);
	assert_int_equal(row->total, 29920 + 31145);
	assert_string_equal(row->text, "Local timer interrupts");
	assert_false(row->summary);
}

static void cpu_ids_have_gaps(void **state)
{
	_table_ t = {0};

	(void)state;
	assert_int_equal(PARSE(&t,
			       "           CPU0       CPU2       CPU7\n"
			       " 24:          1          2          3  IO-APIC   5-edge      x\n"),
			 0);
	assert_int_equal(t.n_cpus, 3);
	assert_int_equal(t.cpus[2], 7);
	assert_int_equal(on_cpu(&t, &t.rows[0], 0), 1);
	assert_int_equal(on_cpu(&t, &t.rows[0], 1), 0);
	assert_int_equal(on_cpu(&t, &t.rows[0], 2), 2);
	assert_int_equal(on_cpu(&t, &t.rows[0], 7), 3);
}

static void key_glued_to_count(void **state)
{
	_table_ t = {0};
	const struct irq_row *row;

	(void)state;
	assert_int_equal(PARSE(&t, "           CPU0       CPU1\n"
				   "IPI0:2768808080 1234567890       Rescheduling interrupts\n"
				   "IPI1:        12          0       Function call interrupts\n"),
			 0);
	row = find(&t, "IPI0", 0);
	assert_int_equal(on_cpu(&t, row, 0), 2768808080);
	assert_int_equal(on_cpu(&t, row, 1), 1234567890);
	assert_string_equal(row->text, "Rescheduling interrupts");
	assert_int_equal(find(&t, "IPI1", 0)->total, 12);
}

static void same_key_twice(void **state)
{
	_table_ t = {0};

	(void)state;
	assert_int_equal(
		PARSE(&t,
		      "           CPU0       CPU1\n"
		      "LOC:        100        200   Local timer interrupts for timer event device\n"
		      "LOC:          3          4   Local timer interrupts for others\n"),
		0);
	assert_int_equal(t.n_rows, 2);
	assert_int_equal(t.rows[0].occurrence, 0);
	assert_int_equal(t.rows[0].total, 300);
	assert_int_equal(t.rows[1].occurrence, 1);
	assert_int_equal(t.rows[1].total, 7);
	assert_string_equal(t.rows[1].text, "Local timer interrupts for others");
}

static void single_numbers(void **state)
{
	_table_ t = {0};

	(void)state;
	assert_int_equal(PARSE(&t, small), 0);
	assert_true(find(&t, "ERR", 0)->summary);
	assert_int_equal(find(&t, "ERR", 0)->total, 0);
	assert_true(find(&t, "MIS", 0)->summary);
	assert_int_equal(find(&t, "MIS", 0)->total, 7);
	assert_int_equal(find(&t, "MIS", 0)->n_columns, 1);
}

/* On one CPU a summary and a column look alike: the key decides. */
static void single_numbers_on_one_cpu(void **state)
{
	_table_ t = {0};

	(void)state;
	assert_int_equal(PARSE(&t, "           CPU0\n"
				   "LOC:         10   Local timer interrupts\n"
				   "ERR:          2\n"
				   "EXT:          5\n"),
			 0);
	assert_false(find(&t, "LOC", 0)->summary);
	assert_true(find(&t, "ERR", 0)->summary);
	assert_false(find(&t, "EXT", 0)->summary);
}

static void row_without_counts(void **state)
{
	_table_ t = {0};
	const struct irq_row *row;

	(void)state;
	assert_int_equal(PARSE(&t, "           CPU0       CPU1\n"
				   "FIQ:              usb_fiq\n"
				   "Err:          0\n"),
			 0);
	row = find(&t, "FIQ", 0);
	assert_int_equal(row->n_columns, 0);
	assert_int_equal(row->total, 0);
	assert_string_equal(row->text, "usb_fiq");
	assert_true(find(&t, "Err", 0)->summary);
}

/* "%10lu" of a 64-bit counter outgrows its column and moves those behind it. */
static void wide_columns(void **state)
{
	_table_ t = {0};
	const struct irq_row *row;

	(void)state;
	assert_int_equal(PARSE(&t,
			       "           CPU0       CPU1       CPU2\n"
			       "IPI: 123456789012          7 18446744073709551615\n"
			       "PMI:          1 99999999999          0 Performance Monitoring\n"),
			 0);
	row = find(&t, "IPI", 0);
	assert_int_equal(on_cpu(&t, row, 0), 123456789012);
	assert_int_equal(on_cpu(&t, row, 1), 7);
	assert_true(on_cpu(&t, row, 2) == UINT64_MAX);
	row = find(&t, "PMI", 0);
	assert_int_equal(on_cpu(&t, row, 1), 99999999999);
	assert_string_equal(row->text, "Performance Monitoring");
}

static void s390_sums(void **state)
{
	_table_ t = {0};

	(void)state;
	assert_int_equal(PARSE(&t,
			       "           CPU0       CPU1       \n"
			       "EXT:   70237223   62544108 \n"
			       "I/O:    1831143    2098595 \n"
			       "CLK:   51867246   37950149   [EXT] Clock Comparator\n"
			       "CMS:          0          0   [EXT] CPU-Measurement: Sampling\n"),
			 0);
	assert_int_equal(t.n_rows, 4);
	assert_int_equal(find(&t, "I/O", 0)->total, 1831143 + 2098595);
	assert_string_equal(find(&t, "I/O", 0)->text, "");
	assert_false(find(&t, "EXT", 0)->summary);
	assert_string_equal(find(&t, "CMS", 0)->text, "[EXT] CPU-Measurement: Sampling");
}

static void missing_chip_and_words(void **state)
{
	_table_ t = {0};

	(void)state;
	assert_int_equal(PARSE(&t, "           CPU0\n"
				   " 14:       8181         -  debug-signal\n"
				   " 15:          3    XT-PIC-XT-PIC  \n"
				   " 16:          0\n"),
			 0);
	assert_string_equal(t.rows[0].text, "-  debug-signal");
	assert_string_equal(t.rows[1].text, "XT-PIC-XT-PIC");
	assert_string_equal(t.rows[2].text, "");
	assert_int_equal(t.rows[2].number, 16);
	assert_false(t.rows[2].summary);
}

/* An action may start with a digit, and a chip may be a number followed by letters. */
static void words_that_look_like_counts(void **state)
{
	_table_ t = {0};

	(void)state;
	assert_int_equal(
		PARSE(&t, "           CPU0       CPU1\n"
			  " 20:          5          6  8259 edge control  3f200000.gpio:bank0\n"
			  " 21:          5          6 1 2 3\n"
			  "IPI0:         5          6 LoongArch  1  Rescheduling interrupts\n"),
		0);
	assert_string_equal(t.rows[0].text, "8259 edge control  3f200000.gpio:bank0");
	assert_int_equal(t.rows[0].total, 11);
	assert_string_equal(t.rows[1].text, "1 2 3");
	assert_int_equal(t.rows[1].total, 11);
	assert_string_equal(t.rows[2].text, "LoongArch  1  Rescheduling interrupts");
	assert_int_equal(t.n_cpus, 2);
}

/* An ARM vendor kernel lists CPU0 and prints four columns. */
static void more_columns_than_the_header(void **state)
{
	_table_ t = {0};
	const struct irq_row *row;

	(void)state;
	assert_int_equal(PARSE(&t,
			       "           CPU0       \n"
			       "IPI1:         7          8          9         10  Timer broadcast\n"
			       " 14:       8181         -  debug-signal\n"),
			 0);
	row = find(&t, "IPI1", 0);
	assert_int_equal(t.n_header_cpus, 1);
	assert_int_equal(t.n_cpus, 4);
	assert_int_equal(row->n_columns, 4);
	assert_int_equal(on_cpu(&t, row, 3), 10);
	assert_string_equal(row->text, "Timer broadcast");
	assert_int_equal(find(&t, "14", 0)->n_columns, 1);
	assert_false(t.ragged);
}

static void fewer_columns_than_the_header(void **state)
{
	_table_ t = {0};

	(void)state;
	assert_int_equal(PARSE(&t,
			       "           CPU0       CPU1       CPU2\n"
			       " 24:          1          2          3  IO-APIC   5-edge      x\n"
			       " 25:          4          5  IO-APIC   6-edge      y\n"),
			 0);
	assert_true(t.ragged);
	assert_int_equal(t.rows[1].total, 9);
	assert_string_equal(t.rows[1].text, "IO-APIC   6-edge      y");
}

/* prec >= 4, and ERR and MIS with a column per CPU and words. */
static void newer_format(void **state)
{
	_table_ t = {0};
	const struct irq_row *row;

	(void)state;
	assert_int_equal(PARSE(&t, "            CPU0       CPU1\n"
				   "  24:          1          0  IO-APIC    5-edge  ACPI:Ged\n"
				   " LOC:        100        200  Local timer interrupts\n"
				   "VPMI:          1          2  Perf Guest Mediated PMI\n"
				   " ERR:          0          3  PIC/APIC error interrupts\n"
				   " MIS:          2          0  Misrouted IO/APIC interrupts\n"),
			 0);
	row = find(&t, "ERR", 0);
	assert_false(row->summary);
	assert_int_equal(on_cpu(&t, row, 1), 3);
	assert_string_equal(row->text, "PIC/APIC error interrupts");
	assert_int_equal(find(&t, "VPMI", 0)->total, 3);
	assert_int_equal(find(&t, "MIS", 0)->total, 2);
}

static void parisc_header_and_gauges(void **state)
{
	_table_ t = {0};

	(void)state;
	assert_int_equal(PARSE(&t, "           CPU0       CPU1         CPU tick\n"
				   "  3:         16          0         CPU  tlb\n"
				   "STK:       2368       2112  Kernel stack usage\n"),
			 0);
	assert_int_equal(t.n_cpus, 2);
	assert_int_equal(t.rows[0].total, 16);
	assert_string_equal(t.rows[1].text, "Kernel stack usage");
}

static void header_only(void **state)
{
	_table_ t = {0};

	(void)state;
	assert_int_equal(PARSE(&t, "           CPU0       CPU1       \n"), 0);
	assert_int_equal(t.n_cpus, 2);
	assert_int_equal(t.n_rows, 0);
}

static void nothing_in_it(void **state)
{
	_table_ t = {0};

	(void)state;
	assert_int_equal(PARSE(&t, ""), -ENODATA);
	assert_int_equal(PARSE(&t, "\n"), -ENODATA);
	assert_int_equal(PARSE(&t, "  \n \t\r\n"), -ENODATA);
	assert_int_equal(irq_table_parse(&t, NULL, 0, NULL), -ENODATA);
}

static void no_header(void **state)
{
	_table_ t = {0}, u = {0}, v = {0}, w = {0};

	(void)state;
	assert_int_equal(PARSE(&t, " 24:          1          0  IO-APIC\n"), -EINVAL);
	assert_int_equal(PARSE(&u, "CPU\n"), -EINVAL);
	assert_int_equal(PARSE(&v, "  CPU0  CPU0\n"), -EINVAL);
	assert_int_equal(PARSE(&w, "  CPU99999999999999999999999\n"), -EINVAL);
}

static void cut_inside_a_number(void **state)
{
	_table_ t = {0};

	(void)state;
	assert_int_equal(PARSE(&t, "           CPU0       CPU1\n"
				   "LOC:        100        200   Local timer interrupts\n"
				   "RES:        300        40"),
			 0);
	assert_int_equal(t.n_rows, 1);
	assert_string_equal(t.cut_key, "RES");
	assert_int_equal(t.n_cells, 2);
}

static void cut_between_columns(void **state)
{
	_table_ t = {0}, u = {0}, v = {0};

	(void)state;
	assert_int_equal(PARSE(&t, "           CPU0       CPU1       CPU2\n"
				   "RES:        300        400"),
			 0);
	assert_int_equal(t.n_rows, 0);
	assert_string_equal(t.cut_key, "RES");
	assert_int_equal(PARSE(&u, "           CPU0       CPU1\n"
				   "RES:   "),
			 0);
	assert_string_equal(u.cut_key, "RES");
	assert_int_equal(PARSE(&v, "           CPU0       CPU1\n"
				   " 24:          1"),
			 0);
	assert_string_equal(v.cut_key, "24");
}

/* The counts are whole there, so the row is kept. */
static void cut_inside_the_words(void **state)
{
	_table_ t = {0};

	(void)state;
	assert_int_equal(PARSE(&t, "           CPU0       CPU1\n"
				   "RES:        300        400   Resched"),
			 0);
	assert_int_equal(t.n_rows, 1);
	assert_null(t.cut_key);
	assert_int_equal(t.rows[0].total, 700);
}

static void cut_inside_the_key(void **state)
{
	_table_ t = {0};

	(void)state;
	assert_int_equal(PARSE(&t, "           CPU0       CPU1\n"
				   "LOC:        100        200   Local timer interrupts\n"
				   "RE"),
			 0);
	assert_int_equal(t.n_rows, 1);
	assert_true(t.n_bad_rows == 1 || t.cut_key);
}

static void last_line_without_newline(void **state)
{
	_table_ t = {0};

	(void)state;
	assert_int_equal(PARSE(&t, "           CPU0       CPU1\n"
				   "MIS:          0"),
			 0);
	assert_int_equal(t.n_rows, 1);
	assert_null(t.cut_key);
	assert_true(t.rows[0].summary);
}

static void binary_garbage(void **state)
{
	static const char garbage[] = "\x7f"
				      "ELF\x02\x01\x01\0\0\0\0\xff\xfe\n\0\x80 CPU0\n";
	_table_ t = {0};

	(void)state;
	assert_int_equal(parse_bytes(&t, garbage, sizeof(garbage) - 1), -EINVAL);
}

/* One odd line costs only itself. */
static void garbage_between_rows(void **state)
{
	static const char text[] = "           CPU0       CPU1\n"
				   "LOC:        100        200   Local timer interrupts\n"
				   "\x01\x02\xff\n"
				   "no colon here\n"
				   ":          1          2  no key\n"
				   "NUL:          1          2  a\0b\n"
				   "RES:          3          4   Rescheduling interrupts\n";
	_table_ t = {0};

	(void)state;
	assert_int_equal(parse_bytes(&t, text, sizeof(text) - 1), 0);
	assert_int_equal(t.n_rows, 2);
	assert_int_equal(t.n_bad_rows, 4);
	assert_int_equal(t.bad_line, 3);
	assert_int_equal(t.n_cells, 4);
	assert_int_equal(find(&t, "RES", 0)->total, 7);
}

static void numbers_past_64_bits(void **state)
{
	_table_ t = {0};

	(void)state;
	assert_int_equal(PARSE(&t, "           CPU0       CPU1\n"
				   "LOC: 18446744073709551616          1  Local timer interrupts\n"
				   "CAL:          1 99999999999999999999999999999999 x\n"
				   "RES:          3          4   Rescheduling interrupts\n"),
			 0);
	assert_int_equal(t.n_rows, 1);
	assert_int_equal(t.n_bad_rows, 2);
	assert_int_equal(t.n_cells, 2);
	assert_int_equal(t.rows[0].first_cell, 0);
}

static void huge_key_number(void **state)
{
	_table_ t = {0};

	(void)state;
	assert_int_equal(PARSE(&t, "           CPU0\n"
				   "2147483647:          1  x\n"
				   "2147483648:          2  y\n"),
			 0);
	assert_int_equal(t.rows[0].number, INT32_MAX);
	assert_int_equal(t.rows[1].number, -1);
	assert_string_equal(t.rows[1].key, "2147483648");
}

static void carriage_returns_and_blank_lines(void **state)
{
	_table_ t = {0};

	(void)state;
	assert_int_equal(PARSE(&t, "\n           CPU0       CPU1\r\n"
				   "LOC:        100        200   Local timer interrupts\r\n"
				   "\r\n"
				   "ERR:          0\r\n"),
			 0);
	assert_int_equal(t.n_cpus, 2);
	assert_int_equal(t.n_rows, 2);
	assert_string_equal(t.rows[0].text, "Local timer interrupts");
	assert_true(t.rows[1].summary);
}

static void softirqs(void **state)
{
	_table_ t = {0};

	(void)state;
	assert_int_equal(PARSE(&t, "                    CPU0       CPU1       \n"
				   "          HI:          0          1\n"
				   "      NET_RX:     136337    6713128\n"),
			 0);
	assert_string_equal(t.rows[1].key, "NET_RX");
	assert_int_equal(t.rows[1].total, 136337 + 6713128);
}

/* A wide machine: count (i * 7919) % 1000 == 0 cells are not zero. */
static void wide_text(struct buf *out, size_t n_cpus, size_t n_rows)
{
	buf_puts(out, "     ");
	for (size_t i = 0; i < n_cpus; i++)
		buf_printf(out, "      CPU%-4zu", i);
	buf_putc(out, '\n');
	for (size_t row = 0; row < n_rows; row++) {
		buf_printf(out, "%5zu:", row);
		for (size_t i = 0; i < n_cpus; i++)
			buf_printf(out, " %10zu", (i + row) % 997 == 5 ? i + 1 : 0);
		buf_printf(out, " PCI-MSIX-0000:3b:00.0 %3zu-edge      q%zu\n", row, row);
	}
}

static void four_thousand_cpus(void **state)
{
	_cleanup_(buf_done) struct buf text = {0};
	_table_ t = {0};

	(void)state;
	wide_text(&text, 4096, 64);
	assert_int_equal(parse_bytes(&t, text.data, text.len), 0);
	assert_int_equal(t.n_cpus, 4096);
	assert_int_equal(t.n_rows, 64);
	assert_false(t.ragged);
	for (size_t row = 0; row < 64; row++) {
		uint64_t total = 0;

		for (size_t i = 0; i < 4096; i++) {
			uint64_t want = (i + row) % 997 == 5 ? i + 1 : 0;

			total += want;
			assert_int_equal(on_cpu(&t, &t.rows[row], (uint32_t)i), want);
		}
		assert_int_equal(t.rows[row].total, total);
		assert_int_equal(t.rows[row].n_columns, 4096);
	}
}

/* Non-zero cells at every place of the eight-cell blocks, and zeros of another width. */
static void cells_around_the_blocks(void **state)
{
	(void)state;
	for (size_t n_cpus = 1; n_cpus <= 26; n_cpus++) {
		for (size_t hot = 0; hot < n_cpus; hot++) {
			_cleanup_(buf_done) struct buf text = {0};
			_table_ t = {0};

			for (size_t i = 0; i < n_cpus; i++)
				buf_printf(&text, "  CPU%zu", i);
			buf_puts(&text, "\n 24:");
			for (size_t i = 0; i < n_cpus; i++)
				buf_printf(&text, " %10u", i == hot ? 4000000000u : 0);
			buf_puts(&text, "\n 25:");
			for (size_t i = 0; i < n_cpus; i++)
				buf_printf(&text, " %*u", i == hot ? 12 : 10, i == hot ? 5u : 0);
			assert_int_equal(parse_bytes(&t, text.data, text.len), 0);
			assert_int_equal(t.n_rows, 2);
			assert_int_equal(on_cpu(&t, &t.rows[0], (uint32_t)hot), 4000000000u);
			assert_int_equal(t.rows[0].n_columns, n_cpus);
			assert_int_equal(on_cpu(&t, &t.rows[1], (uint32_t)hot), 5);
			assert_int_equal(t.rows[1].total, 5);
		}
	}
}

/* Feeds pieces of at most `step()` bytes, each with what the last one left over. */
static int feed_in_pieces(struct irq_table *table, const char *text, size_t len, size_t max_step)
{
	struct irq_parser parser = {.table = table};
	size_t start = 0, end = 0;

	while (end < len) {
		size_t step = 1 + (size_t)rand() % max_step;
		size_t size;
		char *piece;
		int64_t used;

		end = end + step < len ? end + step : len;
		size = end - start;
		piece = malloc(size);
		assert_non_null(piece);
		memcpy(piece, text + start, size);
		used = irq_parser_feed(&parser, piece, size, end == len);
		free(piece);
		if (used < 0)
			return (int)used;
		assert_true((size_t)used <= size);
		start += (size_t)used;
	}
	return 0;
}

static void assert_same_in_pieces(const char *text, size_t len)
{
	_table_ whole = {0};

	assert_int_equal(parse_bytes(&whole, text, len), 0);
	for (size_t max_step = 1; max_step <= len * 2; max_step = max_step * 2 + 1) {
		_table_ pieces = {0};

		assert_int_equal(feed_in_pieces(&pieces, text, len, max_step), 0);
		assert_tables_equal(&whole, &pieces);
	}
}

static void pieces_make_no_difference(void **state)
{
	static const char odd[] = "\n  CPU0       CPU3\n"
				  "LOC:        100        200   Local timer interrupts\n"
				  "junk\nIPI0:1234567890          0  x\n"
				  "LOC:          1          2\n 24:       3";
	_cleanup_(buf_done) struct buf wide = {0};

	(void)state;
	srand(1);
	assert_same_in_pieces(small, sizeof(small) - 1);
	assert_same_in_pieces(odd, sizeof(odd) - 1);
	wide_text(&wide, 70, 9);
	assert_same_in_pieces(wide.data, wide.len);
}

/* Every prefix of a table is read or refused, and no count in it is wrong. */
static void every_prefix(void **state)
{
	_table_ whole = {0};

	(void)state;
	assert_int_equal(PARSE(&whole, small), 0);
	for (size_t len = 0; len < sizeof(small); len++) {
		_table_ t = {0};
		int r = parse_bytes(&t, small, len);

		assert_true(r == 0 || r == -ENODATA || r == -EINVAL);
		if (r < 0 || t.n_cpus < whole.n_cpus)
			continue;
		for (size_t i = 0; i < t.n_rows; i++)
			assert_int_equal(t.rows[i].total, whole.rows[i].total);
	}
}

/* Any byte may be damaged; the parser must not fall. */
static void damaged_bytes(void **state)
{
	char text[sizeof(small)];

	(void)state;
	srand(2);
	for (size_t round = 0; round < 4000; round++) {
		_table_ t = {0};

		memcpy(text, small, sizeof(small));
		for (int i = 0; i < 3; i++)
			text[(size_t)rand() % (sizeof(text) - 1)] = (char)(rand() & 0xff);
		(void)parse_bytes(&t, text, sizeof(text) - 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(usual_table),
		cmocka_unit_test(cpu_ids_have_gaps),
		cmocka_unit_test(key_glued_to_count),
		cmocka_unit_test(same_key_twice),
		cmocka_unit_test(single_numbers),
		cmocka_unit_test(single_numbers_on_one_cpu),
		cmocka_unit_test(row_without_counts),
		cmocka_unit_test(wide_columns),
		cmocka_unit_test(s390_sums),
		cmocka_unit_test(missing_chip_and_words),
		cmocka_unit_test(words_that_look_like_counts),
		cmocka_unit_test(more_columns_than_the_header),
		cmocka_unit_test(fewer_columns_than_the_header),
		cmocka_unit_test(newer_format),
		cmocka_unit_test(parisc_header_and_gauges),
		cmocka_unit_test(header_only),
		cmocka_unit_test(nothing_in_it),
		cmocka_unit_test(no_header),
		cmocka_unit_test(cut_inside_a_number),
		cmocka_unit_test(cut_between_columns),
		cmocka_unit_test(cut_inside_the_words),
		cmocka_unit_test(cut_inside_the_key),
		cmocka_unit_test(last_line_without_newline),
		cmocka_unit_test(binary_garbage),
		cmocka_unit_test(garbage_between_rows),
		cmocka_unit_test(numbers_past_64_bits),
		cmocka_unit_test(huge_key_number),
		cmocka_unit_test(carriage_returns_and_blank_lines),
		cmocka_unit_test(softirqs),
		cmocka_unit_test(four_thousand_cpus),
		cmocka_unit_test(cells_around_the_blocks),
		cmocka_unit_test(pieces_make_no_difference),
		cmocka_unit_test(every_prefix),
		cmocka_unit_test(damaged_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
