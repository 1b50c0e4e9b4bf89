/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cells are collected as they come and summed per CPU at the end, so that memory and time follow
 * the cells that are not zero, and not the product of groups and CPUs.
 */
#include "view/groups.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/macros.h"
#include "base/number.h"
#include "base/strmap.h"
#include "view/cells.h"

struct grouping {
	const struct model *model;
	const struct interrupt *const *rows;
	size_t n_rows;
	struct group_list *list;
	struct strmap keys; /* key -> size_t, index in the list */
};

static int add_group(struct grouping *g, const char *key)
{
	struct group_list *list = g->list;
	char *copy = arena_strdup(&list->strings, key);
	size_t *index = arena_alloc(&list->strings, sizeof(*index));
	int r = copy && index ? ARRAY_RESERVE(list->items, list->n + 1, list->cap) : -ENOMEM;

	if (r < 0)
		return r;
	*index = list->n;
	list->items[list->n++] = (struct group){.key = copy, .irq_s = NAN, .softirq_s = NAN};
	return strmap_add(&g->keys, copy, strlen(copy), index);
}

/* The group with this key, made where it is new; NULL when out of memory. */
static struct group *find_group(struct grouping *g, const char *key)
{
	const size_t *known = strmap_find(&g->keys, key, strlen(key));

	if (known)
		return &g->list->items[*known];
	return add_group(g, key) < 0 ? NULL : &g->list->items[g->list->n - 1];
}

static int append_cells(struct irq_cell **to, size_t *n, size_t *cap, const struct irq_cell *cells,
			size_t n_cells)
{
	int r = n_cells ? ARRAY_RESERVE(*to, *n + n_cells, *cap) : 0;

	if (r < 0 || !n_cells)
		return r;
	memcpy(*to + *n, cells, n_cells * sizeof(*cells));
	*n += n_cells;
	return 0;
}

static int add_to_group(struct grouping *g, const char *key, const struct interrupt *interrupt)
{
	const struct irq_row *row = interrupt->row;
	struct group *group = find_group(g, key);
	int r;

	if (!group)
		return -ENOMEM;
	group->n_interrupts++;
	group->total = add_saturated(group->total, row->total);
	group->delta = add_saturated(group->delta, interrupt->delta);
	r = append_cells(&group->cells, &group->n_cells, &group->cap_cells, interrupt->cells,
			 interrupt->n_cells);
	if (r == 0 && g->model->before)
		r = append_cells(&group->counts, &group->n_counts, &group->cap_counts,
				 g->model->table->cells + row->first_cell, row->n_cells);
	return r;
}

static int row_key(const struct interrupt *interrupt, enum group_by by, struct buf *key)
{
	const char *device = interrupt_device_name(interrupt);
	const struct cell_style style = {.plain = true};

	switch (by) {
	case GROUP_BY_DEVICE:
		return device ? buf_puts(key, device) : 0;
	case GROUP_BY_CLASS:
		return buf_puts(key, lore_class_name(interrupt->class));
	case GROUP_BY_NODE:
		return interrupt->node < 0 ? 0 : buf_printf(key, "%" PRId32, interrupt->node);
	case GROUP_BY_QUEUE:
		if (interrupt->queue < 0 || !device)
			return 0;
		if (buf_printf(key, "%s ", device) < 0)
			return -ENOMEM;
		return column_text(COLUMN_QUEUE, interrupt, &style, key);
	case GROUP_BY_CPU:
		break;
	}
	return 0;
}

static int group_rows(struct grouping *g, enum group_by by)
{
	int r = 0;

	for (size_t i = 0; i < g->n_rows && r == 0; i++) {
		_cleanup_(buf_done) struct buf key = {0};

		if (!g->rows[i]->counted)
			continue;
		r = row_key(g->rows[i], by, &key);
		if (r == 0)
			r = add_to_group(g, buf_text(&key), g->rows[i]);
	}
	return r;
}

static int compare_cpu(const void *a, const void *b)
{
	const struct irq_cell *left = a, *right = b;

	return (left->cpu > right->cpu) - (left->cpu < right->cpu);
}

/* Sorts cells by CPU and adds up those of one CPU. */
static void sum_cells(struct irq_cell *cells, size_t *n)
{
	size_t kept = 0;

	if (*n)
		qsort(cells, *n, sizeof(*cells), compare_cpu);
	for (size_t i = 0; i < *n; i++) {
		if (kept && cells[kept - 1].cpu == cells[i].cpu)
			cells[kept - 1].count =
				add_saturated(cells[kept - 1].count, cells[i].count);
		else
			cells[kept++] = cells[i];
	}
	*n = kept;
}

static void add_cpu_row(const struct grouping *g, const struct interrupt *interrupt)
{
	const struct irq_table *table = g->model->table;
	const struct irq_row *row = interrupt->row;
	struct group *groups = g->list->items;

	for (uint32_t i = 0; i < row->n_cells; i++) {
		const struct irq_cell *cell = &table->cells[row->first_cell + i];

		struct group *group = &groups[irq_table_column(table, cell->cpu)];

		group->total = add_saturated(group->total, cell->count);
	}
	for (size_t i = 0; i < interrupt->n_cells; i++) {
		struct group *group = &groups[irq_table_column(table, interrupt->cells[i].cpu)];

		group->delta = add_saturated(group->delta, interrupt->cells[i].count);
		group->n_interrupts++;
	}
}

static void fill_cpu_times(const struct grouping *g)
{
	const struct snapshot *now = g->model->now;

	for (size_t i = 0; i < now->n_cpu_times; i++) {
		const struct cpu_time *time = &now->cpu_times[i];
		size_t column = irq_table_column(g->model->table, time->cpu);

		if (column == g->model->table->n_cpus)
			continue;
		g->list->items[column].irq_s = (double)time->irq_ticks / PROC_STAT_HZ;
		if (now->system == SYSTEM_LINUX)
			g->list->items[column].softirq_s =
				(double)time->softirq_ticks / PROC_STAT_HZ;
	}
}

/* One group per column, in the order of the columns. */
static int group_cpus(struct grouping *g)
{
	const struct irq_table *table = g->model->table;
	int r = 0;

	for (size_t c = 0; c < table->n_cpus && r == 0; c++) {
		char key[sizeof("CPU4294967295")];

		snprintf(key, sizeof(key), "CPU%" PRIu32, table->cpus[c]);
		r = add_group(g, key);
	}
	if (r < 0 || !g->list->items)
		return r;
	for (size_t i = 0; i < g->n_rows; i++) {
		if (g->rows[i]->counted)
			add_cpu_row(g, g->rows[i]);
	}
	fill_cpu_times(g);
	for (size_t c = 0; c < table->n_cpus && r == 0; c++) {
		struct group *group = &g->list->items[c];
		const struct irq_cell delta = {.count = group->delta, .cpu = table->cpus[c]};
		const struct irq_cell count = {.count = group->total, .cpu = table->cpus[c]};

		r = append_cells(&group->cells, &group->n_cells, &group->cap_cells, &delta,
				 delta.count > 0);
		if (r == 0 && g->model->before)
			r = append_cells(&group->counts, &group->n_counts, &group->cap_counts,
					 &count, count.count > 0);
	}
	return r;
}

/* Without an interval the two lists are one: the counts since boot. */
static int finish_group(const struct grouping *g, struct group *group)
{
	const struct model *model = g->model;

	sum_cells(group->cells, &group->n_cells);
	sum_cells(group->counts, &group->n_counts);
	group->rate = model->interval_s > 0 ? (double)group->delta / model->interval_s : NAN;
	group->share = model->total ? (double)group->delta / (double)model->total : 0;
	if (model->before)
		return 0;
	return append_cells(&group->counts, &group->n_counts, &group->cap_counts, group->cells,
			    group->n_cells);
}

static int compare_delta(const void *a, const void *b)
{
	const struct group *left = a, *right = b;

	if (left->delta != right->delta)
		return left->delta < right->delta ? 1 : -1;
	return strverscmp(left->key, right->key);
}

static int compare_total(const void *a, const void *b)
{
	const struct group *left = a, *right = b;

	if (left->total != right->total)
		return left->total < right->total ? 1 : -1;
	return strverscmp(left->key, right->key);
}

void group_list_sort(struct group_list *list, bool by_total)
{
	if (list->n)
		qsort(list->items, list->n, sizeof(*list->items),
		      by_total ? compare_total : compare_delta);
}

int group_list_build(const struct model *model, const struct interrupt *const *rows, size_t n_rows,
		     enum group_by by, struct group_list *ret)
{
	struct group_list list = {0};
	struct grouping g = {.model = model, .rows = rows, .n_rows = n_rows, .list = &list};
	int r = by == GROUP_BY_CPU ? group_cpus(&g) : group_rows(&g, by);

	for (size_t i = 0; i < list.n && r == 0; i++)
		r = finish_group(&g, &list.items[i]);
	strmap_done(&g.keys);
	if (r < 0) {
		group_list_done(&list);
		return r;
	}
	if (by != GROUP_BY_CPU)
		group_list_sort(&list, false);
	*ret = list;
	return 0;
}

void group_list_done(struct group_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		free(list->items[i].cells);
		free(list->items[i].counts);
	}
	free(list->items);
	arena_done(&list->strings);
	*list = (struct group_list){0};
}
