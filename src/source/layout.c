/* SPDX-License-Identifier: BSD-2-Clause */
#include "source/layout.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/number.h"
#include "base/text.h"
#include "source/source.h"

#define ONE_BLANK 1u /* the width of a number behind a single blank, however long it is */

/* A number where it was found. */
struct field {
	size_t blanks, digits;
	uint64_t value;
};

/*
 * Reads blanks and digits at *p and moves it behind them; false where something else stands there.
 * Digits that would come back otherwise (007) or don't fit are words.
 */
static bool read_field(const char **p, const char *end, struct field *field)
{
	const char *blank = *p, *digits, *rest;

	for (digits = blank; digits < end && *digits == ' '; digits++)
		;
	rest = digits;
	if (digits == blank || number_read(&rest, end, UINT64_MAX, &field->value) < 0)
		return false;
	if ((rest < end && *rest != ' ') || (*digits == '0' && rest - digits > 1))
		return false;
	field->blanks = (size_t)(digits - blank);
	field->digits = (size_t)(rest - digits);
	*p = rest;
	return true;
}

static bool is_of_width(const struct field *field, uint32_t width)
{
	if (field->blanks == 1)
		return width == ONE_BLANK || field->digits + 1 >= width;
	return width != ONE_BLANK && field->blanks + field->digits == width;
}

/* Where the first row of numbers begins, or `end`. */
static const char *find_fields(const char *p, const char *end)
{
	struct field field;

	while (p < end) {
		const char *blank = memchr(p, ' ', (size_t)(end - p));

		if (!blank)
			return end;
		p = blank;
		if (read_field(&p, end, &field))
			return blank;
		while (p < end && *p == ' ')
			p++;
	}
	return end;
}

static int add_run(struct layout *layout, struct layout_line *line, uint32_t width, uint32_t n)
{
	int r = ARRAY_RESERVE(layout->runs, layout->n_runs + 1, layout->cap_runs);

	if (r < 0)
		return r;
	layout->runs[layout->n_runs++] = (struct layout_run){.width = width, .n = n};
	line->n_runs++;
	line->n_fields += n;
	return 0;
}

static int build_field(struct layout *layout, struct layout_line *line, const struct field *field)
{
	struct layout_run *last = line->n_runs ? &layout->runs[layout->n_runs - 1] : NULL;
	size_t width = field->blanks == 1 ? ONE_BLANK : field->blanks + field->digits;

	if (line->n_fields >= LAYOUT_MAX_FIELDS || width > UINT32_MAX)
		return -EFBIG;
	if (!last || !is_of_width(field, last->width))
		return add_run(layout, line, (uint32_t)width, 1);
	last->n++;
	line->n_fields++;
	return 0;
}

/* Keeps the words of a line. */
static int add_words(struct layout *layout, struct layout_line *line, const char *before,
		     size_t before_len, const char *after, size_t after_len)
{
	int r = ARRAY_RESERVE(layout->lines, layout->n_lines + 1, layout->cap_lines);

	line->before = layout->text.len;
	line->before_len = before_len;
	line->after = line->before + before_len;
	line->after_len = after_len;
	if (r == 0)
		r = buf_append(&layout->text, before, before_len);
	if (r == 0)
		r = buf_append(&layout->text, after, after_len);
	if (r == 0)
		layout->lines[layout->n_lines++] = *line;
	return r;
}

static int build_line(struct layout *layout, const char *p, const char *end)
{
	struct layout_line line = {.first_run = layout->n_runs};
	const char *fields = find_fields(p, end), *rest = fields;
	struct field field;
	int r = layout->n_lines < LAYOUT_MAX_LINES ? 0 : -EFBIG;

	while (r == 0 && read_field(&rest, end, &field))
		r = build_field(layout, &line, &field);
	if (r == 0)
		r = add_words(layout, &line, p, (size_t)(fields - p), rest, (size_t)(end - rest));
	if (line.n_fields > layout->stride)
		layout->stride = line.n_fields;
	return r;
}

/* The end of the line at `p`. */
static const char *line_end(const char *p, const char *end)
{
	const char *newline = p < end ? memchr(p, '\n', (size_t)(end - p)) : NULL;

	return newline ? newline : end;
}

int layout_build(struct layout *layout, const char *text, size_t len)
{
	const char *p = text, *end = text + len;
	int r = 0;

	*layout = (struct layout){.stride = 1};
	while (r == 0) {
		const char *stop = line_end(p, end);

		r = build_line(layout, p, stop);
		if (stop == end)
			break;
		p = stop + 1;
	}
	return r;
}

void layout_done(struct layout *layout)
{
	free(layout->lines);
	free(layout->runs);
	buf_done(&layout->text);
	*layout = (struct layout){0};
}

static bool skip_words(const struct layout *layout, size_t at, size_t len, const char **p,
		       const char *end)
{
	if ((size_t)(end - *p) < len)
		return false;
	if (len && memcmp(*p, layout->text.data + at, len) != 0)
		return false;
	*p += len;
	return true;
}

static int match_line(const struct layout *layout, size_t index, const char *p, const char *end,
		      struct cells *cells)
{
	const struct layout_line *line = &layout->lines[index];
	const struct layout_run *run = layout->runs + line->first_run;
	uint64_t at = (uint64_t)index * layout->stride;
	struct field field;

	if (!skip_words(layout, line->before, line->before_len, &p, end))
		return 0;
	for (size_t i = 0; i < line->n_runs; i++, run++) {
		for (uint32_t k = 0; k < run->n; k++, at++) {
			if (!read_field(&p, end, &field) || !is_of_width(&field, run->width))
				return 0;
			if (cells_add(cells, at, field.value) < 0)
				return -ENOMEM;
		}
	}
	return skip_words(layout, line->after, line->after_len, &p, end) && p == end;
}

int layout_match(const struct layout *layout, const char *text, size_t len, struct cells *cells)
{
	const char *p = text, *end = text + len;

	for (size_t i = 0; i < layout->n_lines; i++) {
		const char *stop = line_end(p, end);
		int r = match_line(layout, i, p, stop, cells);

		if (r <= 0)
			return r;
		if (stop == end)
			return i + 1 == layout->n_lines;
		p = stop + 1;
	}
	return 0;
}

static int print_field(uint32_t width, uint64_t value, struct buf *out)
{
	char digits[sizeof("18446744073709551615")];
	size_t len = sizeof(digits), blanks;
	int r;

	do {
		digits[--len] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	blanks = width > sizeof(digits) - len ? width - (sizeof(digits) - len) : 1;
	if (blanks > SOURCE_READ_MAX)
		return -EFBIG;
	r = buf_fill(out, ' ', blanks);
	return r < 0 ? r : buf_append(out, digits + len, sizeof(digits) - len);
}

/* *next: the first cell that was not printed yet. */
static int print_line(const struct layout *layout, size_t index, const struct cells *cells,
		      size_t *next, size_t most, struct buf *out)
{
	const struct layout_line *line = &layout->lines[index];
	const struct layout_run *run = layout->runs + line->first_run;
	uint64_t at = (uint64_t)index * layout->stride;
	int r = buf_append(out, buf_text(&layout->text) + line->before, line->before_len);

	while (*next < cells->n && cells->items[*next].at < at)
		(*next)++; /* of a field that the line before does not have */
	for (size_t i = 0; r == 0 && i < line->n_runs; i++, run++) {
		for (uint32_t k = 0; r == 0 && k < run->n; k++, at++) {
			bool has = *next < cells->n && cells->items[*next].at == at;

			r = print_field(run->width, has ? cells->items[(*next)++].value : 0, out);
			if (out->len > most)
				return -EFBIG;
		}
	}
	return r < 0 ? r : buf_append(out, buf_text(&layout->text) + line->after, line->after_len);
}

int layout_print(const struct layout *layout, const struct cells *cells, struct buf *out)
{
	size_t next = 0, most = out->len + SOURCE_READ_MAX;
	int r = 0;

	for (size_t i = 0; r == 0 && i < layout->n_lines; i++) {
		if (i)
			r = buf_putc(out, '\n');
		if (r == 0)
			r = print_line(layout, i, cells, &next, most, out);
	}
	return r == 0 && out->len > most ? -EFBIG : r;
}

int layout_fields(const struct layout *layout, const struct layout_line *line, struct buf *out)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < line->n_runs; i++) {
		const struct layout_run *run = &layout->runs[line->first_run + i];

		r = buf_printf(out, "%s%" PRIu32, i ? "," : "", run->width);
		if (r == 0 && run->n != 1)
			r = buf_printf(out, "*%" PRIu32, run->n);
	}
	return r;
}

/* "11*256" at *p. */
static int parse_run(const char **p, const char *end, struct layout_run *ret)
{
	uint64_t width, n = 1;
	int r = number_read(p, end, SOURCE_READ_MAX, &width);

	if (r == 0 && *p < end && **p == '*') {
		(*p)++;
		r = number_read(p, end, LAYOUT_MAX_FIELDS, &n);
	}
	if (r < 0 || !width || !n)
		return -EINVAL;
	*ret = (struct layout_run){.width = (uint32_t)width, .n = (uint32_t)n};
	return 0;
}

static int parse_runs(struct layout *layout, struct layout_line *line, const char *fields)
{
	const char *p = fields, *end = fields + strlen(fields);

	while (p < end) {
		struct layout_run run;
		int r = parse_run(&p, end, &run);

		if (r == 0 && run.n > LAYOUT_MAX_FIELDS - line->n_fields)
			r = -EINVAL;
		if (r == 0)
			r = add_run(layout, line, run.width, run.n);
		if (r < 0)
			return r;
		if (p < end && (*p++ != ',' || p == end))
			return -EINVAL;
	}
	return 0;
}

int layout_add_line(struct layout *layout, const char *before, size_t before_len,
		    const char *fields, const char *after, size_t after_len)
{
	struct layout_line line = {.first_run = layout->n_runs};
	int r = layout->n_lines < LAYOUT_MAX_LINES ? parse_runs(layout, &line, fields) : -EINVAL;

	if (r == 0 && line.n_fields > layout->stride)
		r = -EINVAL;
	return r < 0 ? r : add_words(layout, &line, before, before_len, after, after_len);
}
