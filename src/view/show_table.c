/* SPDX-License-Identifier: BSD-2-Clause */
#include "view/show_table.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/i18n.h"
#include "base/macros.h"
#include "view/wrap.h"

#define BUSIEST_CPUS 5u

static int add_columns(struct table *table, const enum column *columns, size_t n_columns)
{
	int r = 0;

	for (size_t c = 0; c < n_columns && r == 0; c++) {
		const struct table_column column = {
			.title = column_names[columns[c]],
			.right = column_is_number(columns[c]),
			.drop = column_drop(columns[c]),
			.min_width = column_min_width(columns[c]),
		};

		r = table_add_column(table, &column);
	}
	return r;
}

static int add_interrupt(struct table *table, const enum column *columns, size_t n_columns,
			 const struct interrupt *interrupt, const struct cell_style *cells)
{
	int r = table_add_row(table);

	for (size_t c = 0; c < n_columns && r == 0; c++) {
		_cleanup_(buf_done) struct buf cell = {0};

		r = column_text(columns[c], interrupt, cells, &cell);
		if (r == 0)
			r = table_set(table, c, buf_text(&cell));
	}
	return r;
}

int show_table(const struct show_view *view, const enum column *columns, size_t n_columns,
	       const struct cell_style *cells, const struct table_style *style, struct buf *out)
{
	_cleanup_(table_done) struct table table = {0};
	int r = add_columns(&table, columns, n_columns);

	for (size_t i = 0; i < view->n_rows && r == 0; i++)
		r = add_interrupt(&table, columns, n_columns, view->rows[i], cells);
	return r < 0 ? r : table_print(&table, style, out);
}

static int set_number(struct table *table, size_t column, uint64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, number);
	return table_set(table, column, text);
}

/* Whether the machine counts per source, so that some events are of no CPU that is known. */
static bool has_totals(const struct irq_table *counts)
{
	return counts->name_width > 0;
}

static int matrix_columns(struct table *table, const struct irq_table *counts)
{
	const struct table_column irq = {.title = "IRQ", .right = true}, name = {.title = "NAME"};
	const struct table_column total = {.title = "TOTAL", .right = true};
	const struct table_column source = {.title = "COUNTS"};
	int r = table_add_column(table, &irq);

	for (size_t c = 0; c < counts->n_cpus && r == 0; c++) {
		struct table_column cpu = {.right = true};

		cpu.title = arena_printf(&table->strings, "CPU%" PRIu32, counts->cpus[c]);
		r = cpu.title ? table_add_column(table, &cpu) : -ENOMEM;
	}
	if (r == 0 && has_totals(counts))
		r = table_add_column(table, &total);
	if (r == 0 && has_totals(counts))
		r = table_add_column(table, &source);
	return r < 0 ? r : table_add_column(table, &name);
}

static int matrix_row(struct table *table, const struct irq_table *counts,
		      const struct interrupt *interrupt)
{
	_cleanup_(buf_done) struct buf name = {0};
	size_t cell = 0, last = counts->n_cpus;
	int r = table_add_row(table);

	if (r == 0)
		r = table_set(table, 0, interrupt->row->key);
	if (r == 0 && interrupt->row->summary && !has_totals(counts))
		r = set_number(table, 1, interrupt->delta);
	for (size_t c = 0; c < counts->n_cpus && r == 0 && interrupt->count_source != COUNTS_TOTAL;
	     c++) {
		bool here =
			cell < interrupt->n_cells && interrupt->cells[cell].cpu == counts->cpus[c];

		r = set_number(table, c + 1, here ? interrupt->cells[cell].count : 0);
		cell += here;
	}
	if (r == 0 && has_totals(counts))
		r = set_number(table, ++last, interrupt->delta);
	if (r == 0 && has_totals(counts))
		r = table_set(table, ++last, count_source_name(interrupt->count_source));
	if (r == 0)
		r = interrupt_name(interrupt, &name);
	return r < 0 ? r : table_set(table, last + 1, buf_text(&name));
}

int show_matrix(const struct show_view *view, const struct table_style *style, struct buf *out)
{
	const struct table_style whole = {.headings = style->headings, .bold = style->bold};
	_cleanup_(table_done) struct table table = {0};
	int r = matrix_columns(&table, view->model->table);

	for (size_t i = 0; i < view->n_rows && r == 0; i++)
		r = matrix_row(&table, view->model->table, view->rows[i]);
	return r < 0 ? r : table_print(&table, &whole, out);
}

enum group_column {
	GROUP_KEY,
	GROUP_IRQS,
	GROUP_TOTAL,
	GROUP_RATE,
	GROUP_SHARE,
	GROUP_SPREAD,
	GROUP_IRQ_TIME,
	GROUP_SOFTIRQ_TIME,
	GROUP_COLUMNS_,
};

static int group_cell(const struct group *group, enum group_column column,
		      const struct cell_style *cells, struct buf *out)
{
	switch (column) {
	case GROUP_KEY:
		return buf_puts(out, *group->key ? group->key : "-");
	case GROUP_IRQS:
		return buf_printf(out, "%zu", group->n_interrupts);
	case GROUP_TOTAL:
		return buf_printf(out, "%" PRIu64, group->total);
	case GROUP_RATE:
		return buf_printf(out, "%.1f", group->rate);
	case GROUP_SHARE:
		return buf_printf(out, "%.1f%%", 100 * group->share);
	case GROUP_SPREAD:
		return strip_draw(cells->strip, group->cells, group->n_cells, cells->utf8, out);
	case GROUP_IRQ_TIME:
		return isnan(group->irq_s) ? 0 : buf_printf(out, "%.2f", group->irq_s);
	case GROUP_SOFTIRQ_TIME:
		return isnan(group->softirq_s) ? 0 : buf_printf(out, "%.2f", group->softirq_s);
	case GROUP_COLUMNS_:
		break;
	}
	return 0;
}

static int group_rows(const struct group_list *groups, const enum group_column *columns,
		      size_t n_columns, const struct cell_style *cells, struct table *table)
{
	int r = 0;

	for (size_t i = 0; i < groups->n && r == 0; i++) {
		r = table_add_row(table);
		for (size_t c = 0; c < n_columns && r == 0; c++) {
			_cleanup_(buf_done) struct buf cell = {0};

			r = group_cell(&groups->items[i], columns[c], cells, &cell);
			if (r == 0)
				r = table_set(table, c, buf_text(&cell));
		}
	}
	return r;
}

/* The first column is called after what the groups are: "DEVICE". */
static const char *upper(struct arena *arena, const char *text)
{
	char *copy = arena_strdup(arena, text);

	for (char *p = copy; p && *p; p++)
		*p = (char)(*p >= 'a' && *p <= 'z' ? *p - 'a' + 'A' : *p);
	return copy;
}

int show_groups(const struct show_view *view, const struct cell_style *cells,
		const struct table_style *style, struct buf *out)
{
	static const struct table_column specs[GROUP_COLUMNS_] = {
		[GROUP_KEY] = {.min_width = 6},
		[GROUP_IRQS] = {"IRQS", true, 5, 0},
		[GROUP_TOTAL] = {"TOTAL", true, 1, 0},
		[GROUP_RATE] = {"RATE", true, 2, 0},
		[GROUP_SHARE] = {"SHARE", true, 3, 0},
		[GROUP_SPREAD] = {"SPREAD", false, 4, 0},
		[GROUP_IRQ_TIME] = {"IRQ_S", true, 6, 0},
		[GROUP_SOFTIRQ_TIME] = {"SOFTIRQ_S", true, 6, 0},
	};
	bool by_cpu = strcmp(view->by, "cpu") == 0;
	_cleanup_(table_done) struct table table = {0};
	enum group_column columns[GROUP_COLUMNS_];
	size_t n = 0;
	int r = 0;

	for (enum group_column c = 0; c < GROUP_COLUMNS_ && r == 0; c++) {
		struct table_column column = specs[c];

		if ((c == GROUP_RATE && !view->model->before) || (c == GROUP_SPREAD && by_cpu) ||
		    (c >= GROUP_IRQ_TIME && !by_cpu))
			continue;
		if (c == GROUP_KEY)
			column.title = upper(&table.strings, view->by);
		columns[n++] = c;
		r = column.title ? table_add_column(&table, &column) : -ENOMEM;
	}
	if (r == 0)
		r = group_rows(view->groups, columns, n, cells, &table);
	return r < 0 ? r : table_print(&table, style, out);
}

static int class_totals(const struct show_view *view, struct buf *line)
{
	_cleanup_(group_list_done) struct group_list classes = {0};
	int r = group_list_build(view->model, view->rows, view->n_rows, GROUP_BY_CLASS, &classes);

	for (size_t i = 0; i < classes.n && r == 0; i++) {
		const struct group *group = &classes.items[i];

		if (!group->delta)
			break;
		r = buf_printf(line, "%s%s ", i ? ", " : "", group->key);
		if (r == 0 && isnan(group->rate))
			r = buf_printf(line, "%" PRIu64, group->delta);
		else if (r == 0)
			r = buf_printf(line, "%.1f/s", group->rate);
		if (r == 0)
			r = buf_printf(line, " (%.1f%%)", 100 * group->share);
	}
	return r;
}

/* The share of the interval (or of the time since boot) that a CPU spent in interrupts, in percent.
 */
static double time_share(const struct model *model, uint32_t cpu, bool softirq)
{
	uint64_t part = 0, whole = 0;

	for (size_t i = 0; i < model->now->n_cpu_times; i++) {
		const struct cpu_time *time = &model->now->cpu_times[i];

		if (time->cpu == cpu) {
			part += softirq ? time->softirq_ticks : time->irq_ticks;
			whole += time->total_ticks;
		}
	}
	for (size_t i = 0; model->before && i < model->before->n_cpu_times; i++) {
		const struct cpu_time *time = &model->before->cpu_times[i];
		uint64_t ticks = softirq ? time->softirq_ticks : time->irq_ticks;

		if (time->cpu == cpu) {
			part -= ticks < part ? ticks : part;
			whole -= time->total_ticks < whole ? time->total_ticks : whole;
		}
	}
	return whole ? 100.0 * (double)part / (double)whole : NAN;
}

static int cpu_figures(const struct show_view *view, const struct group *group, struct buf *line)
{
	uint32_t cpu = group->n_cells ? group->cells[0].cpu : 0;
	double irq = time_share(view->model, cpu, false);
	double softirq = time_share(view->model, cpu, true);
	int r = buf_printf(line, "%s%s %.1f%%", line->len ? ", " : "", group->key,
			   100 * group->share);

	if (r == 0 && view->model->now->system == SYSTEM_FREEBSD && !isnan(irq))
		return buf_printf(line, _(" (irq %.1f%% of its time)"), irq);
	if (r == 0 && !isnan(irq) && !isnan(softirq))
		r = buf_printf(line, _(" (irq %.1f%%, softirq %.1f%% of its time)"), irq, softirq);
	return r;
}

/* The share of the events whose CPU is not known; 0 on Linux, which counts per CPU. */
static double share_of_nobody(const struct show_view *view)
{
	double share = 0;

	for (size_t i = 0; i < view->n_rows; i++) {
		const struct interrupt *row = view->rows[i];

		if (row->counted && row->count_source == COUNTS_TOTAL)
			share += row->share;
	}
	return share;
}

static int busiest_cpus(const struct show_view *view, struct buf *line)
{
	_cleanup_(group_list_done) struct group_list cpus = {0};
	int r = group_list_build(view->model, view->rows, view->n_rows, GROUP_BY_CPU, &cpus);

	for (size_t shown = 0; shown < BUSIEST_CPUS && r == 0; shown++) {
		struct group *best = NULL;

		for (size_t i = 0; i < cpus.n; i++) {
			if (cpus.items[i].delta && (!best || cpus.items[i].delta > best->delta))
				best = &cpus.items[i];
		}
		if (!best)
			break;
		r = cpu_figures(view, best, line);
		best->delta = 0;
	}
	if (r == 0 && line->len && share_of_nobody(view) > 0)
		r = buf_printf(line, _("; of %.1f%% the CPU is not known"),
			       100 * share_of_nobody(view));
	return r;
}

static int print_line(const char *title, const struct buf *text, const struct table_style *style,
		      struct buf *out)
{
	size_t used = text_width(title) + 1, room = style->width ? style->width : SIZE_MAX / 2;
	int r;

	if (!text->len)
		return 0;
	r = buf_printf(out, "%s ", title);
	if (r < 0)
		return r;
	return wrap_text(buf_text(text), used, used < room / 4 ? used : 2, room, out);
}

static int pressure_line(const struct show_view *view, struct buf *line)
{
	const struct irq_pressure *pressure = &view->model->now->pressure;

	if (!view->model->now->has_pressure || !pressure->total_us)
		return 0;
	return buf_printf(
		line,
		_("all work stalled %.2f%% of the last 10 s, %.2f%% of 60 s, %.2f%% of 300 s"),
		pressure->avg10, pressure->avg60, pressure->avg300);
}

static int strip_line(const struct strip_plan *strip, struct buf *line)
{
	if (!strip || strip->n_groups == strip->n_cpus)
		return 0;
	return buf_printf(line, _("one block per %s (%zu CPUs in %zu blocks)"), _(strip->unit),
			  strip->n_cpus, strip->n_groups);
}

int show_totals(const struct show_view *view, const struct cell_style *cells,
		const struct table_style *style, struct buf *out)
{
	_cleanup_(buf_done) struct buf classes = {0}, cpus = {0}, pressure = {0}, strip = {0};
	int r = class_totals(view, &classes);

	if (r == 0)
		r = busiest_cpus(view, &cpus);
	if (r == 0)
		r = pressure_line(view, &pressure);
	if (r == 0)
		r = strip_line(cells->strip, &strip);
	if (r == 0 && (classes.len || cpus.len || pressure.len))
		r = buf_putc(out, '\n');
	if (r == 0)
		r = print_line(_("By class:"), &classes, style, out);
	if (r == 0)
		r = print_line(_("Busiest CPUs:"), &cpus, style, out);
	if (r == 0)
		r = print_line(_("Pressure:"), &pressure, style, out);
	if (r == 0)
		r = print_line("SPREAD:", &strip, style, out);
	return r;
}
