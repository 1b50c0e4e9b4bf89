/* SPDX-License-Identifier: BSD-2-Clause */
#include "model/served.h"

#include <string.h>

#include "model/rates.h"

/*
 * The row of an IRQ number, or NULL. Two tables of one machine are nearly alike, so the search goes
 * from `near` to both sides.
 */
static const struct irq_row *find_row(const struct irq_table *table, int32_t number, size_t near)
{
	for (size_t away = 0; away < table->n_rows || away <= near; away++) {
		if (away <= near && near - away < table->n_rows &&
		    table->rows[near - away].number == number)
			return &table->rows[near - away];
		if (near + away < table->n_rows && table->rows[near + away].number == number)
			return &table->rows[near + away];
	}
	return NULL;
}

static void add_cell(struct irq_cell *cells, size_t *n, uint32_t cpu, uint64_t count)
{
	if (count)
		cells[(*n)++] = (struct irq_cell){.count = count, .cpu = cpu};
}

size_t served_since(const struct irq_table *before, const struct irq_table *now, size_t row,
		    double seconds, struct irq_cell *cells)
{
	const struct irq_row *to = &now->rows[row];
	const struct irq_row *from = find_row(before, to->number, row);
	const struct irq_cell *cell = now->cells + to->first_cell, *end = cell + to->n_cells;
	const struct irq_cell *old = NULL, *old_end = NULL;
	size_t n = 0;

	if (from && from->n_cells) {
		old = before->cells + from->first_cell;
		old_end = old + from->n_cells;
	}
	for (; cell < end; cell++) {
		while (old < old_end && old->cpu < cell->cpu)
			old++;
		if (old < old_end && old->cpu == cell->cpu)
			add_cell(cells, &n, cell->cpu,
				 rates_delta(old->count, cell->count, seconds));
		else if (!from || irq_table_column(before, cell->cpu) < from->n_columns)
			add_cell(cells, &n, cell->cpu, cell->count);
	}
	return n;
}
