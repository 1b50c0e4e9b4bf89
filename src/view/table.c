/* SPDX-License-Identifier: BSD-2-Clause */
#include "view/table.h"

#include <errno.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include "base/array.h"
#include "base/macros.h"

#define GAP 2u

/* One character at *p: its bytes and its width. A byte that is no character is one column wide. */
static size_t next_char(const char *p, mbstate_t *state, wchar_t *ret_char, size_t *ret_width)
{
	size_t n;
	int width;

	if ((unsigned char)*p >= ' ' && (unsigned char)*p < 0x7f) {
		*ret_char = (wchar_t)*p;
		*ret_width = 1;
		return 1;
	}
	n = mbrtowc(ret_char, p, MB_CUR_MAX, state);
	if (n == 0 || n > MB_CUR_MAX) {
		*state = (mbstate_t){0};
		*ret_char = L'\0';
		*ret_width = 1;
		return 1;
	}
	width = wcwidth(*ret_char);
	*ret_width = width < 0 ? 1 : (size_t)width;
	return n;
}

size_t text_width(const char *text)
{
	mbstate_t state = {0};
	size_t width = 0, one;
	wchar_t c;

	while (*text) {
		text += next_char(text, &state, &c, &one);
		width += one;
	}
	return width;
}

int text_printable(const char *text, struct buf *out)
{
	mbstate_t state = {0};
	size_t n, one;
	wchar_t c;
	int r = 0;

	for (; *text && r == 0; text += n) {
		n = next_char(text, &state, &c, &one);
		r = c && iswprint((wint_t)c) ? buf_append(out, text, n) : buf_putc(out, '?');
	}
	return r;
}

int table_add_column(struct table *table, const struct table_column *column)
{
	int r = ARRAY_RESERVE(table->columns, table->n_columns + 1, table->cap_columns);

	if (r == 0)
		table->columns[table->n_columns++] = *column;
	return r;
}

int table_add_columns(struct table *table, const struct table_column *columns, size_t n)
{
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++)
		r = table_add_column(table, &columns[i]);
	return r;
}

int table_add_row(struct table *table)
{
	size_t used = table->n_rows * table->n_columns;
	int r = ARRAY_RESERVE(table->cells, used + table->n_columns, table->cap_cells);

	if (r < 0)
		return r;
	for (size_t i = 0; i < table->n_columns; i++)
		table->cells[used + i] = "";
	table->n_rows++;
	return 0;
}

int table_set(struct table *table, size_t column, const char *text)
{
	_cleanup_(buf_done) struct buf clean = {0};
	char *copy;
	int r = text_printable(text, &clean);

	if (r < 0)
		return r;
	copy = arena_strndup(&table->strings, buf_text(&clean), clean.len);
	if (!copy)
		return -ENOMEM;
	table->cells[(table->n_rows - 1) * table->n_columns + column] = copy;
	return 0;
}

static void measure(const struct table *table, const struct table_style *style, size_t *widths)
{
	for (size_t c = 0; c < table->n_columns; c++)
		widths[c] = style->headings ? text_width(table->columns[c].title) : 0;
	for (size_t i = 0; i < table->n_rows * table->n_columns; i++) {
		size_t width = text_width(table->cells[i]), c = i % table->n_columns;

		if (width > widths[c])
			widths[c] = width;
	}
}

static size_t line_width(const struct table *table, const size_t *widths, const bool *shown)
{
	size_t total = 0;

	for (size_t c = 0; c < table->n_columns; c++)
		total += shown[c] ? widths[c] + (total ? GAP : 0) : 0;
	return total;
}

/* Cuts the columns that may be cut, the widest first, until the line fits or nothing can give. */
static void cut_columns(const struct table *table, size_t limit, size_t *widths, const bool *shown)
{
	size_t total = line_width(table, widths, shown);

	while (total > limit) {
		size_t best = table->n_columns, spare = 0;

		for (size_t c = 0; c < table->n_columns; c++) {
			size_t min = table->columns[c].min_width;

			if (shown[c] && min && widths[c] > min && widths[c] - min > spare) {
				best = c;
				spare = widths[c] - min;
			}
		}
		if (best == table->n_columns)
			return;
		if (spare > total - limit)
			spare = total - limit;
		widths[best] -= spare;
		total -= spare;
	}
}

/* The least that the shown columns need after every cut. */
static size_t least_width(const struct table *table, const size_t *widths, const bool *shown)
{
	size_t total = 0;

	for (size_t c = 0; c < table->n_columns; c++) {
		size_t min = table->columns[c].min_width;

		if (shown[c])
			total += (min && min < widths[c] ? min : widths[c]) + (total ? GAP : 0);
	}
	return total;
}

static void fit(const struct table *table, size_t limit, size_t *widths, bool *shown)
{
	while (least_width(table, widths, shown) > limit) {
		size_t victim = table->n_columns;

		for (size_t c = 0; c < table->n_columns; c++) {
			unsigned int drop = shown[c] ? table->columns[c].drop : 0;

			if (drop &&
			    (victim == table->n_columns || drop > table->columns[victim].drop))
				victim = c;
		}
		if (victim == table->n_columns)
			break;
		shown[victim] = false;
	}
	cut_columns(table, limit, widths, shown);
}

/* Appends at most `width` columns of the text; a cut one ends with an ellipsis. */
static int print_cut(const char *text, size_t width, bool utf8, struct buf *out, size_t *ret_used)
{
	mbstate_t state = {0};
	const char *p = text;
	size_t used = 0, n, one;
	wchar_t c;
	int r;

	if (text_width(text) <= width) {
		*ret_used = text_width(text);
		return buf_puts(out, text);
	}
	while (*p) {
		n = next_char(p, &state, &c, &one);
		if (used + one + 1 > width)
			break;
		used += one;
		p += n;
	}
	r = buf_append(out, text, (size_t)(p - text));
	*ret_used = used + (width ? 1 : 0);
	if (r == 0 && width)
		r = buf_puts(out, utf8 ? "\u2026" : "~");
	return r;
}

static int print_cell(const struct table_column *column, const char *text, size_t width, bool utf8,
		      struct buf *out)
{
	size_t natural = text_width(text), used;
	int r = 0;

	if (column->right && natural < width)
		r = buf_fill(out, ' ', width - natural);
	if (r == 0)
		r = print_cut(text, width, utf8, out, &used);
	if (r == 0 && !column->right)
		r = buf_fill(out, ' ', width - used);
	return r;
}

struct layout {
	const struct table *table;
	const struct table_style *style;
	size_t *widths;
	bool *shown;
};

static int print_row(const struct layout *layout, const char *const *cells, struct buf *out)
{
	const struct table *table = layout->table;
	size_t start = out->len;
	int r = 0;

	for (size_t c = 0; c < table->n_columns && r == 0; c++) {
		if (!layout->shown[c])
			continue;
		if (out->len > start)
			r = buf_fill(out, ' ', GAP);
		if (r == 0)
			r = print_cell(&table->columns[c],
				       cells ? cells[c] : table->columns[c].title,
				       layout->widths[c], layout->style->utf8, out);
	}
	while (out->len > start && out->data[out->len - 1] == ' ')
		buf_cut(out, out->len - 1);
	return r;
}

static int print_headings(const struct layout *layout, struct buf *out)
{
	int r = layout->style->bold ? buf_puts(out, "\033[1m") : 0;

	if (r == 0)
		r = print_row(layout, NULL, out);
	if (r == 0 && layout->style->bold)
		r = buf_puts(out, "\033[0m");
	return r < 0 ? r : buf_putc(out, '\n');
}

int table_print(const struct table *table, const struct table_style *style, struct buf *out)
{
	_cleanup_free_ size_t *widths = calloc(table->n_columns + 1, sizeof(*widths));
	_cleanup_free_ bool *shown = calloc(table->n_columns + 1, sizeof(*shown));
	struct layout layout = {table, style, widths, shown};
	int r = 0;

	if (!widths || !shown)
		return -ENOMEM;
	memset(shown, true, table->n_columns);
	measure(table, style, widths);
	if (style->width)
		fit(table, style->width, widths, shown);
	if (style->headings)
		r = print_headings(&layout, out);
	for (size_t i = 0; i < table->n_rows && r == 0; i++) {
		r = print_row(&layout, table->cells + i * table->n_columns, out);
		if (r == 0)
			r = buf_putc(out, '\n');
	}
	return r;
}

void table_done(struct table *table)
{
	free(table->columns);
	free(table->cells);
	arena_done(&table->strings);
	*table = (struct table){0};
}
