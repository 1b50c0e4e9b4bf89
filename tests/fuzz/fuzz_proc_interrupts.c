/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as /proc/interrupts: the table is consistent, and the same whether fed whole or in
 * pieces. */
#include "fuzz.h"

#include <errno.h>
#include <string.h>

#include "base/macros.h"
#include "base/number.h"
#include "parse/proc_interrupts.h"

static void check_row(const struct irq_table *table, const struct irq_row *row)
{
	uint64_t total = 0;

	CHECK(row->key && row->text && *row->key);
	CHECK(row->first_cell + row->n_cells <= table->n_cells);
	CHECK(row->n_cells <= row->n_columns && row->n_columns <= table->n_cpus);
	for (size_t i = 0; i < row->n_cells; i++) {
		const struct irq_cell *cell = &table->cells[row->first_cell + i];

		CHECK(cell->count != 0);
		CHECK(i == 0 || cell->cpu > cell[-1].cpu);
		CHECK(irq_table_column(table, cell->cpu) < table->n_cpus);
		CHECK(irq_table_count(table, row, cell->cpu) == cell->count);
		total = add_saturated(total, cell->count);
	}
	CHECK(total == row->total);
}

static void check_table(const struct irq_table *table)
{
	CHECK(table->n_header_cpus <= table->n_cpus);
	for (size_t i = 1; i < table->n_cpus; i++)
		CHECK(table->cpus[i] > table->cpus[i - 1]);
	for (size_t i = 0; i < table->n_rows; i++)
		check_row(table, &table->rows[i]);
}

static void check_same(const struct irq_table *a, const struct irq_table *b)
{
	CHECK(a->n_cpus == b->n_cpus && a->n_rows == b->n_rows && a->n_cells == b->n_cells);
	CHECK(a->n_header_cpus == b->n_header_cpus && a->ragged == b->ragged);
	CHECK(a->n_bad_rows == b->n_bad_rows && a->bad_line == b->bad_line);
	CHECK(!a->cut_key == !b->cut_key);
	CHECK(!a->cut_key || strcmp(a->cut_key, b->cut_key) == 0);
	for (size_t i = 0; i < a->n_rows; i++) {
		const struct irq_row *x = &a->rows[i], *y = &b->rows[i];

		CHECK(strcmp(x->key, y->key) == 0 && strcmp(x->text, y->text) == 0);
		CHECK(x->total == y->total && x->n_columns == y->n_columns);
		CHECK(x->first_cell == y->first_cell && x->n_cells == y->n_cells);
		CHECK(x->number == y->number && x->occurrence == y->occurrence);
		CHECK(x->summary == y->summary && x->line == y->line);
	}
	for (size_t i = 0; i < a->n_cells; i++)
		CHECK(a->cells[i].cpu == b->cells[i].cpu && a->cells[i].count == b->cells[i].count);
}

/* Pieces of 1 to 256 bytes, told by the input itself, so that a finding can be repeated. */
static int feed_in_pieces(struct irq_table *table, const char *text, size_t len)
{
	struct irq_parser parser = {.table = table};
	size_t start = 0, end = 0;

	do {
		size_t step = end < len ? 1u + (unsigned char)text[end] : 0;
		_cleanup_free_ char *piece = NULL;
		int64_t used;

		end = len - end < step ? len : end + step;
		piece = malloc(end - start + 1);
		CHECK(piece);
		memcpy(piece, text + start, end - start);
		used = irq_parser_feed(&parser, piece, end - start, end == len);
		if (used < 0)
			return (int)used;
		CHECK((size_t)used <= end - start);
		start += (size_t)used;
	} while (end < len);
	return 0;
}

static void keep_some(struct irq_table *table)
{
	_cleanup_(cpuset_done) struct cpuset keep = {0};

	for (size_t i = 0; i < table->n_cpus; i += 2)
		CHECK(cpuset_add(&keep, table->cpus[i]) == 0);
	irq_table_keep_cpus(table, &keep);
	CHECK(table->n_cpus <= cpuset_count(&keep));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(irq_table_done) struct irq_table whole = {0};
	_cleanup_(irq_table_done) struct irq_table pieces = {0};
	struct irq_parse_error error = {0};
	int r = irq_table_parse(&whole, (const char *)data, size, &error);

	CHECK(r != -EINVAL || error.what);
	CHECK(feed_in_pieces(&pieces, (const char *)data, size) == r);
	if (r < 0)
		return 0;
	check_table(&whole);
	check_same(&whole, &pieces);
	keep_some(&whole);
	return 0;
}
