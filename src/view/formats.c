/* SPDX-License-Identifier: BSD-2-Clause */
#include "view/formats.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/macros.h"
#include "base/number.h"
#include "base/text.h"
#include "view/table.h"

/* A field is white space and the word behind it. Returns its end, or NULL where the word is none
 * that fits. */
static const char *field_end(const char *p, const char *end, const char *prefix)
{
	size_t len = strlen(prefix);

	while (p < end && is_blank(*p))
		p++;
	if ((size_t)(end - p) < len || memcmp(p, prefix, len) != 0)
		return NULL;
	p += len;
	if (p == end || *p < '0' || *p > '9')
		return NULL;
	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return p == end || is_blank(*p) ? p : NULL;
}

struct proc_lines {
	const struct interrupt *const *rows; /* by line */
	size_t n_rows;
	const struct cpuset *cpus; /* whose columns are kept; NULL: all */
	uint32_t *header;          /* the CPU of each column of the heading */
	size_t n_header;
};

/* Columns behind the heading's are of the CPUs that follow its last, as the parser takes them. */
static bool keeps_column(const struct proc_lines *lines, size_t column)
{
	size_t behind;

	if (column < lines->n_header)
		return cpuset_has(lines->cpus, lines->header[column]);
	behind = column - lines->n_header + 1;
	return lines->n_header &&
	       cpuset_has(lines->cpus, lines->header[lines->n_header - 1] + (uint32_t)behind);
}

/* Copies the fields of chosen columns from *p on, and moves *p behind all of them. */
static int copy_columns(const struct proc_lines *lines, const char **p, const char *end,
			const char *prefix, size_t n_columns, struct buf *out)
{
	int r = 0;

	for (size_t i = 0; i < n_columns && r == 0; i++) {
		const char *next = field_end(*p, end, prefix);

		if (!next)
			break;
		if (keeps_column(lines, i))
			r = buf_append(out, *p, (size_t)(next - *p));
		*p = next;
	}
	return r;
}

/* The number of a summary ("ERR: 3") is in no CPU's column, and stays. */
static int row_columns(const struct proc_lines *lines, const char **p, const char *end,
		       const struct interrupt *row, struct buf *out)
{
	const char *colon = memchr(*p, ':', (size_t)(end - *p));
	int r;

	if (!colon || row->row->summary)
		return 0;
	r = buf_append(out, *p, (size_t)(colon + 1 - *p));
	*p = colon + 1;
	return r < 0 ? r : copy_columns(lines, p, end, "", row->row->n_columns, out);
}

/* `row` is NULL for the heading. */
static int proc_line(const struct proc_lines *lines, const char *p, const char *end,
		     const struct interrupt *row, struct buf *out)
{
	int r = 0;

	if (lines->cpus && row)
		r = row_columns(lines, &p, end, row, out);
	else if (lines->cpus)
		r = copy_columns(lines, &p, end, "CPU", lines->n_header, out);
	return r < 0 ? r : buf_append(out, p, (size_t)(end - p));
}

static int read_heading(struct proc_lines *lines, const char *p, const char *end)
{
	const char *next;

	lines->header = calloc((size_t)(end - p) / strlen("CPU0") + 1, sizeof(*lines->header));
	if (!lines->header)
		return -ENOMEM;
	for (; (next = field_end(p, end, "CPU")); p = next) {
		while (is_blank(*p))
			p++;
		lines->header[lines->n_header++] = (uint32_t)strtoul(p + 3, NULL, 10);
	}
	return 0;
}

static int compare_line(const void *a, const void *b)
{
	const struct interrupt *const *left = a, *const *right = b;

	return ((*left)->row->line > (*right)->row->line) -
	       ((*left)->row->line < (*right)->row->line);
}

static bool is_empty(const char *p, const char *end)
{
	while (p < end && is_blank(*p))
		p++;
	return p == end;
}

/* Above the heading there may be empty lines, as for the parser. */
static int proc_lines_print(struct proc_lines *lines, const struct buf *raw, struct buf *out)
{
	const char *p = buf_text(raw), *end = p + raw->len;
	size_t next = 0;
	bool heading = true;
	int r = 0;

	for (uint32_t line = 1; p < end && r == 0; line++) {
		const char *newline = memchr(p, '\n', (size_t)(end - p));
		const char *stop = newline ? newline : end;
		const struct interrupt *row = NULL;

		if (heading && lines->cpus && !is_empty(p, stop))
			r = read_heading(lines, p, stop);
		if (next < lines->n_rows && lines->rows[next]->row->line == line)
			row = lines->rows[next++];
		if (r == 0 && (row || heading))
			r = proc_line(lines, p, stop, row, out);
		if (r == 0 && (row || heading) && newline)
			r = buf_putc(out, '\n');
		heading = heading && is_empty(p, stop);
		p = newline ? newline + 1 : end;
	}
	return r;
}

int proc_print(const struct buf *raw, const struct interrupt *const *rows, size_t n_rows,
	       const struct cpuset *cpus, struct buf *out)
{
	_cleanup_free_ const struct interrupt **sorted = calloc(n_rows + 1, sizeof(*sorted));
	struct proc_lines lines = {.rows = sorted, .n_rows = n_rows, .cpus = cpus};
	int r;

	if (!sorted)
		return -ENOMEM;
	memcpy(sorted, rows, n_rows * sizeof(*sorted));
	if (n_rows)
		qsort(sorted, n_rows, sizeof(*sorted), compare_line);
	r = proc_lines_print(&lines, raw, out);
	free(lines.header);
	return r;
}

/* Rounded to whole numbers, as usr.bin/vmstat does. */
static uint64_t vmstat_rate(const struct model *model, uint64_t total, uint64_t delta)
{
	double events = (double)(model->before ? delta : total);
	double seconds = model->before ? model->interval_s : model->now->uptime_s;

	return seconds > 0 ? (uint64_t)(events / seconds + 0.5) : 0;
}

static int vmstat_name(const struct interrupt *row, struct buf *out)
{
	_cleanup_(buf_done) struct buf name = {0};
	int r;

	if (row->row->name)
		return text_printable(row->row->name, out);
	r = interrupt_name(row, &name);
	if (r == 0)
		r = buf_printf(out, row->row->number < 0 ? "%s: " : "irq%s: ", row->row->key);
	if (r == 0)
		r = text_printable(buf_text(&name), out);
	buf_rstrip(out);
	return r;
}

static int vmstat_line(const struct model *model, int width, const char *name, uint64_t total,
		       uint64_t delta, struct buf *out)
{
	return buf_printf(out, "%-*s %20" PRIu64 " %10" PRIu64 "\n", width, name, total,
			  vmstat_rate(model, total, delta));
}

/* A counter of FreeBSD that every CPU has is a line for each of them: "cpu0:timer". */
static int vmstat_cpus(const struct model *model, const struct interrupt *row, int width,
		       const char *name, struct buf *out)
{
	int r = 0;

	for (uint32_t i = 0; i < row->row->n_cells && r == 0; i++) {
		const struct irq_cell *cell = &model->table->cells[row->row->first_cell + i];
		_cleanup_(buf_done) struct buf label = {0};

		r = buf_printf(&label, "cpu%" PRIu32 ":%s", cell->cpu, name);
		if (r == 0)
			r = vmstat_line(model, width, label.data, cell->count,
					interrupt_on_cpu(row, cell->cpu), out);
	}
	return r;
}

static int vmstat_lines(const struct model *model, const struct interrupt *const *rows,
			size_t n_rows, struct buf *names, struct buf *out)
{
	size_t width = strlen("interrupt");
	uint64_t total = 0, delta = 0;
	int r = 0;

	if (model->table->name_width > width)
		width = model->table->name_width;
	for (size_t i = 0; i < n_rows && r == 0; i++) {
		r = vmstat_name(rows[i], &names[i]);
		width = names[i].len > width ? names[i].len : width;
		/* FreeBSD's sum is that of all counters */
		if (!rows[i]->counted && !rows[i]->row->name)
			continue;
		total = add_saturated(total, rows[i]->row->total);
		delta = add_saturated(delta, rows[i]->delta);
	}
	if (r == 0)
		r = buf_printf(out, "%-*s %20s %10s\n", (int)width, "interrupt", "total", "rate");
	for (size_t i = 0; i < n_rows && r == 0; i++) {
		if (rows[i]->row->name && !rows[i]->row->summary)
			r = vmstat_cpus(model, rows[i], (int)width, buf_text(&names[i]), out);
		else
			r = vmstat_line(model, (int)width, buf_text(&names[i]), rows[i]->row->total,
					rows[i]->delta, out);
	}
	return r < 0 ? r : vmstat_line(model, (int)width, "Total", total, delta, out);
}

int vmstat_print(const struct model *model, const struct interrupt *const *rows, size_t n_rows,
		 struct buf *out)
{
	struct buf *names = calloc(n_rows + 1, sizeof(*names));
	int r = names ? vmstat_lines(model, rows, n_rows, names, out) : -ENOMEM;

	for (size_t i = 0; names && i < n_rows; i++)
		buf_done(&names[i]);
	free(names);
	return r;
}
