/* SPDX-License-Identifier: BSD-2-Clause */
/* What is done with a table after it was parsed. */
#include <stdlib.h>

#include "base/number.h"
#include "parse/proc_interrupts.h"

size_t irq_table_column(const struct irq_table *table, uint32_t cpu)
{
	size_t low = 0, high = table->n_cpus;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (table->cpus[mid] < cpu)
			low = mid + 1;
		else
			high = mid;
	}
	return low < table->n_cpus && table->cpus[low] == cpu ? low : table->n_cpus;
}

int irq_table_cpus(const struct irq_table *table, struct cpuset *set)
{
	int r = 0;

	for (size_t i = 0; i < table->n_cpus && r == 0; i++)
		r = cpuset_add(set, table->cpus[i]);
	return r;
}

uint64_t irq_table_count(const struct irq_table *table, const struct irq_row *row, uint32_t cpu)
{
	const struct irq_cell *cells = table->cells + row->first_cell;

	for (uint32_t i = 0; i < row->n_cells; i++) {
		if (cells[i].cpu == cpu)
			return cells[i].count;
	}
	return 0;
}

static size_t keep_columns(uint32_t *cpus, size_t first, size_t end, const struct cpuset *keep,
			   size_t to)
{
	for (size_t i = first; i < end; i++) {
		if (cpuset_has(keep, cpus[i]))
			cpus[to++] = cpus[i];
	}
	return to;
}

static void keep_cells(struct irq_table *table, struct irq_row *row, const struct cpuset *keep)
{
	struct irq_cell *cells = table->cells + row->first_cell;
	uint32_t kept = 0;

	row->total = 0;
	for (uint32_t i = 0; i < row->n_cells && !row->summary; i++) {
		if (!cpuset_has(keep, cells[i].cpu))
			continue;
		row->total = add_saturated(row->total, cells[i].count);
		cells[kept++] = cells[i];
	}
	row->n_cells = kept;
}

void irq_table_keep_cpus(struct irq_table *table, const struct cpuset *keep)
{
	size_t in_header = table->n_header_cpus;

	table->n_header_cpus = keep_columns(table->cpus, 0, in_header, keep, 0);
	table->n_cpus =
		keep_columns(table->cpus, in_header, table->n_cpus, keep, table->n_header_cpus);
	for (size_t i = 0; i < table->n_rows; i++)
		keep_cells(table, &table->rows[i], keep);
}

void irq_table_done(struct irq_table *table)
{
	free(table->cpus);
	free(table->rows);
	free(table->cells);
	arena_done(&table->strings);
	*table = (struct irq_table){0};
}
