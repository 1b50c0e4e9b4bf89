/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as hw.intrcnt and hw.intrnames: CPUs, then the width of a name, then both. */
#include "fuzz.h"

#include <string.h>

#include "base/number.h"
#include "parse/freebsd_intr.h"

/* Every row has all its strings; cells ascend, and add up to the total. */
static void check_rows(const struct irq_table *table)
{
	uint32_t line = 0;

	for (size_t i = 0; i < table->n_rows; i++) {
		const struct irq_row *row = &table->rows[i];
		const struct irq_cell *cells = table->cells + row->first_cell;
		uint64_t total = 0;

		CHECK(row->key && row->text && row->name && strlen(row->name) <= table->name_width);
		CHECK(row->line > line);
		line = row->line;
		for (uint32_t k = 0; k < row->n_cells; k++) {
			CHECK(cells[k].count && cells[k].cpu < table->n_cpus);
			CHECK(!k || cells[k].cpu > cells[k - 1].cpu);
			total = add_saturated(total, cells[k].count);
		}
		CHECK(row->summary ? !row->n_cells : total == row->total);
	}
}

static void check_handlers(const struct irq_table *table)
{
	for (size_t i = 0; i < table->n_rows; i++) {
		struct arena arena = {0};
		struct irq_desc desc;
		bool cut_head;

		if (freebsd_handlers_parse(table->rows[i].text, &arena, &desc, &cut_head) == 0) {
			for (size_t k = 0; k < desc.n_actions; k++)
				CHECK(*desc.actions[k] && !strchr(desc.actions[k], ' '));
		}
		arena_done(&arena);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data + 2;
	struct irq_table table = {0};
	struct irq_parse_error error;
	struct freebsd_intr intr;
	size_t n;

	if (size < 2)
		return 0;
	n = (size - 2) / (sizeof(uint64_t) + data[1]);
	intr = (struct freebsd_intr){
		.n_cpus = data[0],
		.counts = bytes,
		.counts_len = n * sizeof(uint64_t),
		.names = bytes + n * sizeof(uint64_t),
		.names_len = n * data[1],
	};
	if (freebsd_intr_parse(&intr, &table, &error) == 0) {
		CHECK(table.n_cpus > 0);
		check_rows(&table);
		check_handlers(&table);
	}
	irq_table_done(&table);
	return 0;
}
