/* SPDX-License-Identifier: BSD-2-Clause */
/* RFC 4180, for spreadsheets and programs: nothing is translated or rounded for the eye. */
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <time.h>

#include "base/macros.h"
#include "view/formats.h"
#include "view/table.h"

/* Characters that a terminal could take for orders become '?'. */
static int csv_field(const char *text, struct buf *out)
{
	_cleanup_(buf_done) struct buf clean = {0};
	int r = text_printable(text, &clean);

	if (r < 0)
		return r;
	if (!strpbrk(buf_text(&clean), ",\"\r\n"))
		return buf_append(out, buf_text(&clean), clean.len);
	r = buf_putc(out, '"');
	for (const char *p = buf_text(&clean); *p && r == 0; p++) {
		r = buf_putc(out, *p);
		if (r == 0 && *p == '"')
			r = buf_putc(out, '"');
	}
	return r < 0 ? r : buf_putc(out, '"');
}

/* With an interval each line begins with the time of its report, in UTC. */
static int csv_when(const struct model *model, struct buf *out)
{
	time_t seconds = (time_t)(model->now->time_ns / 1000000000u);
	char text[40] = "";
	struct tm tm;

	if (!model->before)
		return 0;
	if (gmtime_r(&seconds, &tm))
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	return buf_printf(out, "%s.%03uZ,", text,
			  (unsigned int)(model->now->time_ns / 1000000u % 1000u));
}

static int csv_heading(const struct model *model, struct buf *out)
{
	return model->before ? buf_puts(out, "WHEN,") : 0;
}

static int csv_row(const struct model *model, const enum column *columns, size_t n_columns,
		   const struct interrupt *row, struct buf *out)
{
	const struct cell_style style = {.plain = true};
	int r = csv_when(model, out);

	for (size_t c = 0; c < n_columns && r == 0; c++) {
		_cleanup_(buf_done) struct buf cell = {0};

		r = column_text(columns[c], row, &style, &cell);
		if (r == 0 && c)
			r = buf_putc(out, ',');
		if (r == 0)
			r = csv_field(buf_text(&cell), out);
	}
	return r < 0 ? r : buf_putc(out, '\n');
}

int csv_print(const struct model *model, const enum column *columns, size_t n_columns,
	      const struct interrupt *const *rows, size_t n_rows, bool heading, struct buf *out)
{
	int r = heading ? csv_heading(model, out) : 0;

	for (size_t c = 0; c < n_columns && heading && r == 0; c++)
		r = buf_printf(out, "%s%s%s", c ? "," : "", column_names[columns[c]],
			       c + 1 == n_columns ? "\n" : "");
	for (size_t i = 0; i < n_rows && r == 0; i++)
		r = csv_row(model, columns, n_columns, rows[i], out);
	return r;
}

static int csv_matrix_row(const struct model *model, const struct interrupt *row, struct buf *out)
{
	_cleanup_(buf_done) struct buf name = {0};
	size_t cell = 0;
	int r = csv_when(model, out);

	if (r == 0)
		r = csv_field(row->row->key, out);
	for (size_t c = 0; c < model->table->n_cpus && r == 0; c++) {
		bool here = cell < row->n_cells && row->cells[cell].cpu == model->table->cpus[c];

		/* FreeBSD counts most sources as a whole: what no CPU is known for has no zeros */
		if (row->count_source == COUNTS_TOTAL && row->row->name)
			r = buf_putc(out, ',');
		else
			r = buf_printf(out, ",%" PRIu64, here ? row->cells[cell].count : 0);
		cell += here;
	}
	if (r == 0)
		r = buf_printf(out, ",%" PRIu64 ",", row->delta);
	if (r == 0)
		r = interrupt_name(row, &name);
	if (r == 0)
		r = csv_field(buf_text(&name), out);
	return r < 0 ? r : buf_putc(out, '\n');
}

int csv_matrix(const struct model *model, const struct interrupt *const *rows, size_t n_rows,
	       bool heading, struct buf *out)
{
	int r = heading ? csv_heading(model, out) : 0;

	if (r == 0 && heading)
		r = buf_puts(out, "IRQ");
	for (size_t c = 0; c < model->table->n_cpus && heading && r == 0; c++)
		r = buf_printf(out, ",CPU%" PRIu32, model->table->cpus[c]);
	if (r == 0 && heading)
		r = buf_puts(out, ",ALL,NAME\n");
	for (size_t i = 0; i < n_rows && r == 0; i++)
		r = csv_matrix_row(model, rows[i], out);
	return r;
}

/* A comma, and the value where it is known. */
static int csv_number(double value, int decimals, struct buf *out)
{
	return isnan(value) ? buf_putc(out, ',') : buf_printf(out, ",%.*f", decimals, value);
}

int csv_groups(const struct model *model, const struct group_list *groups, const char *by,
	       bool heading, struct buf *out)
{
	int r = heading ? csv_heading(model, out) : 0;

	for (const char *p = by; *p && heading && r == 0; p++)
		r = buf_putc(out, (char)(*p - 'a' + 'A'));
	if (r == 0 && heading)
		r = buf_puts(out, ",IRQS,TOTAL,RATE,SHARE,IRQ_S,SOFTIRQ_S\n");
	for (size_t i = 0; i < groups->n && r == 0; i++) {
		const struct group *group = &groups->items[i];

		r = csv_when(model, out);
		if (r == 0)
			r = csv_field(group->key, out);
		if (r == 0)
			r = buf_printf(out, ",%zu,%" PRIu64, group->n_interrupts, group->total);
		if (r == 0)
			r = csv_number(group->rate, 3, out);
		if (r == 0)
			r = csv_number(group->share, 6, out);
		if (r == 0)
			r = csv_number(group->irq_s, 3, out);
		if (r == 0)
			r = csv_number(group->softirq_s, 3, out);
		if (r == 0)
			r = buf_putc(out, '\n');
	}
	return r;
}
