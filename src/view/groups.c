/* SPDX-License-Identifier: BSD-2-Clause */
#include "view/groups.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/macros.h"
#include "view/cells.h"

struct grouping {
	const struct model *model;
	const struct interrupt *const *rows;
	size_t n_rows;
	struct group_list *list;
	size_t n_cpus;
	uint64_t *counts; /* n_cpus per group, by position in the model's CPUs */
	size_t cap_counts;
};

/* The group with this key, made where it is new. 0 or -ENOMEM. */
static int find_group(struct grouping *g, const char *key, size_t *ret_index)
{
	struct group_list *list = g->list;
	size_t used = list->n * g->n_cpus;
	char *copy;
	int r;

	for (size_t i = 0; i < list->n; i++) {
		if (strcmp(list->items[i].key, key) == 0) {
			*ret_index = i;
			return 0;
		}
	}
	r = ARRAY_RESERVE(list->items, list->n + 1, list->cap);
	if (r == 0)
		r = ARRAY_RESERVE(g->counts, used + g->n_cpus + 1, g->cap_counts);
	copy = r < 0 ? NULL : arena_strdup(&list->strings, key);
	if (!copy || !g->counts)
		return -ENOMEM;
	memset(g->counts + used, 0, g->n_cpus * sizeof(*g->counts));
	list->items[list->n] = (struct group){.key = copy, .irq_s = NAN, .softirq_s = NAN};
	*ret_index = list->n++;
	return 0;
}

static int add_to_group(struct grouping *g, const char *key, const struct interrupt *interrupt)
{
	const struct irq_table *table = g->model->table;
	struct group *group;
	size_t index;
	int r = find_group(g, key, &index);

	if (r < 0)
		return r;
	group = &g->list->items[index];
	group->n_interrupts++;
	group->total += interrupt->row->total;
	group->delta += interrupt->delta;
	for (size_t i = 0; i < interrupt->n_cells; i++) {
		size_t at = irq_table_column(table, interrupt->cells[i].cpu);

		if (at < g->n_cpus)
			g->counts[index * g->n_cpus + at] += interrupt->cells[i].count;
	}
	return 0;
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

static void fill_cpu_time(const struct snapshot *snapshot, uint32_t cpu, struct group *group)
{
	for (size_t i = 0; i < snapshot->n_cpu_times; i++) {
		const struct cpu_time *time = &snapshot->cpu_times[i];

		if (time->cpu != cpu)
			continue;
		group->irq_s = (double)time->irq_ticks / PROC_STAT_HZ;
		group->softirq_s = (double)time->softirq_ticks / PROC_STAT_HZ;
	}
}

static void add_cpu_counts(struct grouping *g, size_t index, size_t column)
{
	const struct irq_table *table = g->model->table;
	uint32_t cpu = table->cpus[column];
	struct group *group = &g->list->items[index];

	for (size_t i = 0; i < g->n_rows; i++) {
		uint64_t count = interrupt_on_cpu(g->rows[i], cpu);

		if (!g->rows[i]->counted)
			continue;
		group->total += irq_table_count(table, g->rows[i]->row, cpu);
		group->delta += count;
		group->n_interrupts += count > 0;
		g->counts[index * g->n_cpus + column] += count;
	}
}

static int group_cpus(struct grouping *g)
{
	const struct irq_table *table = g->model->table;

	for (size_t c = 0; c < table->n_cpus; c++) {
		char key[32];
		size_t index;
		int r;

		snprintf(key, sizeof(key), "CPU%" PRIu32, table->cpus[c]);
		r = find_group(g, key, &index);
		if (r < 0)
			return r;
		fill_cpu_time(g->model->now, table->cpus[c], &g->list->items[index]);
		add_cpu_counts(g, index, c);
	}
	return 0;
}

static int finish_group(struct grouping *g, size_t index)
{
	const struct irq_table *table = g->model->table;
	struct group *group = &g->list->items[index];

	group->cells = calloc(g->n_cpus + 1, sizeof(*group->cells));
	if (!group->cells)
		return -ENOMEM;
	for (size_t i = 0; i < g->n_cpus; i++) {
		uint64_t count = g->counts[index * g->n_cpus + i];

		if (count)
			group->cells[group->n_cells++] =
				(struct irq_cell){.count = count, .cpu = table->cpus[i]};
	}
	group->rate = g->model->interval_s > 0 ? (double)group->delta / g->model->interval_s : NAN;
	group->share = g->model->total ? (double)group->delta / (double)g->model->total : 0;
	return 0;
}

static int compare_delta(const void *a, const void *b)
{
	const struct group *left = a, *right = b;

	if (left->delta != right->delta)
		return left->delta < right->delta ? 1 : -1;
	return strverscmp(left->key, right->key);
}

int group_list_build(const struct model *model, const struct interrupt *const *rows, size_t n_rows,
		     enum group_by by, struct group_list *ret)
{
	struct group_list list = {0};
	struct grouping g = {model, rows, n_rows, &list, model->table->n_cpus, NULL, 0};
	int r = by == GROUP_BY_CPU ? group_cpus(&g) : group_rows(&g, by);

	for (size_t i = 0; i < list.n && r == 0; i++)
		r = finish_group(&g, i);
	free(g.counts);
	if (r < 0) {
		group_list_done(&list);
		return r;
	}
	if (by != GROUP_BY_CPU && list.n)
		qsort(list.items, list.n, sizeof(*list.items), compare_delta);
	*ret = list;
	return 0;
}

void group_list_done(struct group_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		free(list->items[i].cells);
	free(list->items);
	arena_done(&list->strings);
	*list = (struct group_list){0};
}
