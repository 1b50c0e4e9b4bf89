/* SPDX-License-Identifier: BSD-2-Clause */
#include "model/rates.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/number.h"
#include "base/strmap.h"
#include "model/attribution.h"

#define WRAP           (UINT64_C(1) << 32) /* most counters are unsigned int (kernel_stat.h, hardirq.h) */
#define WRAP_SECONDS   80.0                /* below it RATES_MAX cannot wrap twice */
#define WRAP_HIGH_HALF (UINT64_C(1) << 31)

uint64_t rates_delta(uint64_t before, uint64_t now, double seconds)
{
	uint64_t wrapped;

	if (now >= before)
		return now - before;
	if (before >= WRAP || seconds <= 0)
		return now;
	wrapped = WRAP - before + now;
	if ((double)wrapped > RATES_MAX * seconds)
		return now;
	return seconds < WRAP_SECONDS || before > WRAP_HIGH_HALF ? wrapped : now;
}

/* One of the two tables, with its rows by key. */
struct rows {
	const struct irq_table *table;
	struct strmap first; /* key -> its first row */
	struct arena *arena; /* for the pieces of changed texts */
	double seconds;
	const struct snapshot *snapshot;         /* that the table is of */
	const struct freebsd_measured *measured; /* in the interval that ends now */
	bool incomplete; /* it was cut: a row that it lacks need not be new */
};

static int rows_index(struct rows *rows)
{
	for (size_t i = 0; i < rows->table->n_rows; i++) {
		const struct irq_row *row = &rows->table->rows[i];
		int r = strmap_add(&rows->first, row->key, strlen(row->key), row);

		if (r < 0)
			return r;
	}
	return 0;
}

static bool text_equal(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/*
 * Whether a numbered row with other words is still the same line: one that handlers joined or left,
 * or whose handler has a new name. A line without handlers keeps its count until the next one
 * comes; where all handlers are others and the count has fallen, a new driver has the number.
 */
static int is_same_line(const struct rows *rows, const struct irq_row *before,
			const struct interrupt *now)
{
	struct irq_desc desc = {0};
	int r = irq_desc_parse(before->text, rows->arena, &desc);

	if (r < 0)
		return r;
	if (!text_equal(desc.chip, now->desc.chip) || !text_equal(desc.hwirq, now->desc.hwirq))
		return 0;
	if (!desc.n_actions || !now->desc.n_actions)
		return 1;
	for (size_t i = 0; i < desc.n_actions; i++) {
		for (size_t j = 0; j < now->desc.n_actions; j++) {
			if (strcmp(desc.actions[i], now->desc.actions[j]) == 0)
				return 1;
		}
	}
	return desc.hwirq && now->row->total >= before->total;
}

/*
 * A counter of FreeBSD keeps its place while its source lives, and its name follows the handlers. A
 * place that was given to another source has another key.
 */
static const struct irq_row *find_counter(const struct irq_table *table, const struct irq_row *now)
{
	size_t low = 0, high = table->n_rows;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (table->rows[middle].line < now->line)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == table->n_rows || table->rows[low].line != now->line ||
	    strcmp(table->rows[low].key, now->key) != 0)
		return NULL;
	return &table->rows[low];
}

/* The row of the earlier table that counted the same thing; NULL: none. 0 or -ENOMEM. */
static int find_before(const struct rows *rows, const struct interrupt *now,
		       const struct irq_row **ret)
{
	const struct irq_row *row = now->row, *end = rows->table->rows + rows->table->n_rows;
	const struct irq_row *found = strmap_find(&rows->first, row->key, strlen(row->key));
	int same;

	if (row->name) {
		*ret = find_counter(rows->table, row);
		return 0;
	}
	*ret = NULL;
	while (found && found < end &&
	       (found->occurrence != row->occurrence || strcmp(found->key, row->key) != 0))
		found++;
	if (!found || found == end)
		return 0;
	same = strcmp(found->text, row->text) == 0;
	if (!same && row->number >= 0)
		same = is_same_line(rows, found, now);
	if (same > 0)
		*ret = found;
	return same < 0 ? same : 0;
}

/* Whether the row had a column for the CPU; columns are ascending. */
static bool has_column(const struct irq_table *table, const struct irq_row *row, uint32_t cpu)
{
	size_t low = 0, high = row->n_columns < table->n_cpus ? row->n_columns : table->n_cpus;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (table->cpus[middle] == cpu)
			return true;
		if (table->cpus[middle] < cpu)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

static void add_cell(struct interrupt *interrupt, uint32_t cpu, uint64_t count)
{
	if (!count)
		return;
	interrupt->cells[interrupt->n_cells++] = (struct irq_cell){.count = count, .cpu = cpu};
	interrupt->delta = add_saturated(interrupt->delta, count);
}

/*
 * Walks both rows CPU by CPU. A CPU that the earlier row lacked may have counted for long before it
 * went away: how much of it is new nobody knows, so it counts nothing. One that left is dropped.
 */
static void subtract_cells(struct interrupt *interrupt, const struct irq_table *now,
			   const struct rows *rows, const struct irq_row *before)
{
	const struct irq_cell *cell = now->cells + interrupt->row->first_cell;
	const struct irq_cell *end = cell + interrupt->row->n_cells;
	const struct irq_cell *old = rows->table->cells + before->first_cell;
	const struct irq_cell *old_end = old + before->n_cells;

	while (cell < end || old < old_end) {
		if (old == old_end || (cell < end && cell->cpu < old->cpu)) {
			if (has_column(rows->table, before, cell->cpu))
				add_cell(interrupt, cell->cpu, cell->count);
			cell++;
		} else if (cell == end || old->cpu < cell->cpu) {
			if (has_column(now, interrupt->row, old->cpu))
				add_cell(interrupt, old->cpu,
					 rates_delta(old->count, 0, rows->seconds));
			old++;
		} else {
			add_cell(interrupt, cell->cpu,
				 rates_delta(old->count, cell->count, rows->seconds));
			cell++;
			old++;
		}
	}
}

static void fill_since_boot(struct interrupt *interrupt, const struct irq_table *now)
{
	interrupt->delta = interrupt->row->total;
	if (interrupt->row->summary || !interrupt->row->n_cells)
		return;
	interrupt->cells = now->cells + interrupt->row->first_cell;
	interrupt->n_cells = interrupt->row->n_cells;
}

/* The CPUs of an interrupt that was counted there. False: it was not, or did not come. */
static bool take_measured(struct interrupt *interrupt, const struct freebsd_measured *measured)
{
	const struct freebsd_measured_row *row =
		freebsd_measured_find(measured, interrupt->row->name);

	if (!row)
		return false;
	interrupt->count_source = COUNTS_MEASURED;
	interrupt->cells = measured->cells + row->first_cell;
	interrupt->n_cells = row->n_cells;
	return true;
}

/* The events of an interrupt that stayed where it is known to be are those of its CPU. */
static int attribute(struct interrupt *interrupt, const struct rows *rows)
{
	int32_t irq = interrupt->row->number;
	int32_t before = attribution_target(irq < 0 ? NULL : snapshot_irq(rows->snapshot, irq));
	int32_t cpu = attribution_cpu(before, attribution_target(interrupt->facts));

	if (cpu == ATTRIBUTION_UNKNOWN)
		return 0;
	interrupt->count_source = COUNTS_ATTRIBUTED;
	interrupt->cells = arena_alloc(rows->arena, sizeof(*interrupt->cells));
	if (!interrupt->cells)
		return -ENOMEM;
	interrupt->cells[0] = (struct irq_cell){.count = interrupt->delta, .cpu = (uint32_t)cpu};
	interrupt->n_cells = interrupt->delta > 0;
	return 0;
}

static int fill_interval(struct interrupt *interrupt, const struct irq_table *now,
			 const struct rows *rows)
{
	const struct irq_row *before;
	int r = find_before(rows, interrupt, &before);

	if (r < 0)
		return r;
	if (!before && rows->incomplete)
		return 0;
	if (!before || interrupt->kind == IRQ_KIND_GAUGE ||
	    before->summary != interrupt->row->summary) {
		fill_since_boot(interrupt, now);
		return 0;
	}
	if (interrupt->row->summary) {
		interrupt->delta = rates_delta(before->total, interrupt->row->total, rows->seconds);
		if (!interrupt->row->name || take_measured(interrupt, rows->measured))
			return 0;
		return attribute(interrupt, rows);
	}
	if (!interrupt->row->n_cells && !before->n_cells)
		return 0;
	interrupt->cells =
		arena_alloc(rows->arena, ((size_t)interrupt->row->n_cells + before->n_cells) *
						 sizeof(*interrupt->cells));
	if (!interrupt->cells)
		return -ENOMEM;
	subtract_cells(interrupt, now, rows, before);
	return 0;
}

static void fill_top(struct interrupt *interrupt)
{
	const struct irq_cell *top = NULL;
	uint64_t all = interrupt->delta, sum = 0;

	for (size_t i = 0; i < interrupt->n_cells; i++) {
		sum = add_saturated(sum, interrupt->cells[i].count);
		if (!top || interrupt->cells[i].count > top->count)
			top = &interrupt->cells[i];
	}
	if (!top)
		return;
	interrupt->top_cpu = top->cpu;
	/* a measurement is a little shorter than the interval between two tables */
	if (interrupt->row->summary && interrupt->count_source == COUNTS_MEASURED)
		all = sum;
	/* counts that pass 2^64 together are garbage, but a share is still no more than all */
	interrupt->top_share = all > top->count ? (double)top->count / (double)all : 1.0;
}

static void fill_shares(struct model *model)
{
	for (size_t i = 0; i < model->n_items; i++) {
		if (model->items[i].counted)
			model->total = add_saturated(model->total, model->items[i].delta);
	}
	for (size_t i = 0; i < model->n_items; i++) {
		struct interrupt *item = &model->items[i];

		item->rate = NAN;
		if (model->interval_s > 0 && item->kind != IRQ_KIND_GAUGE)
			item->rate = (double)item->delta / model->interval_s;
		item->share = 0;
		if (item->counted && model->total)
			item->share = (double)item->delta / (double)model->total;
	}
}

int rates_fill(struct model *model, const struct irq_table *before, const struct irq_table *now)
{
	struct rows rows = {.table = before,
			    .arena = &model->strings,
			    .seconds = model->interval_s,
			    .snapshot = model->before,
			    .measured = &model->now->measured};
	int r = 0;

	if (before) {
		rows.incomplete = before->cut_key || before->n_bad_rows;
		r = rows_index(&rows);
	}
	for (size_t i = 0; i < model->n_items && r == 0; i++) {
		if (before)
			r = fill_interval(&model->items[i], now, &rows);
		else
			fill_since_boot(&model->items[i], now);
		fill_top(&model->items[i]);
	}
	strmap_done(&rows.first);
	if (r == 0)
		fill_shares(model);
	return r;
}
