/* SPDX-License-Identifier: BSD-2-Clause */
#include "parse/freebsd_dtrace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/macros.h"
#include "base/number.h"

/* One line, before they are sorted. */
struct line {
	const char *name;
	struct irq_cell cell;
};

struct lines {
	struct line *items;
	size_t n, cap;
};

/* 1, 0 where it is another line, or -ENOMEM. */
static int parse_line(const char *p, const char *end, struct arena *strings, struct line *ret)
{
	uint64_t cpu, count;

	while (p < end && *p == ' ')
		p++;
	if (number_read(&p, end, CPUSET_MAX - 1, &cpu) < 0 || p == end || *p++ != ' ' ||
	    number_read(&p, end, UINT64_MAX, &count) < 0 || end - p < 2 || *p++ != ' ' || !count)
		return 0;
	*ret = (struct line){.name = arena_strndup(strings, p, (size_t)(end - p)),
			     .cell = {.count = count, .cpu = (uint32_t)cpu}};
	return ret->name ? 1 : -ENOMEM;
}

static int compare_lines(const void *a, const void *b)
{
	const struct line *left = a, *right = b;
	int r = strcmp(left->name, right->name);

	return r ? r : (left->cell.cpu > right->cell.cpu) - (left->cell.cpu < right->cell.cpu);
}

static int read_lines(const char *text, size_t len, struct arena *strings, struct lines *lines)
{
	const char *p = text, *end = text + len;
	int r = 0;

	while (p < end && r >= 0) {
		const char *newline = memchr(p, '\n', (size_t)(end - p));

		r = ARRAY_RESERVE(lines->items, lines->n + 1, lines->cap);
		if (r == 0)
			r = parse_line(p, newline ? newline : end, strings,
				       &lines->items[lines->n]);
		lines->n += r == 1;
		p = newline ? newline + 1 : end;
	}
	return r < 0 ? r : 0;
}

/* The rows of sorted lines; two lines of one CPU are one cell. */
static int add_line(struct freebsd_measured *measured, const struct line *line)
{
	struct freebsd_measured_row *row =
		measured->n_rows ? &measured->rows[measured->n_rows - 1] : NULL;
	int r;

	if (!row || strcmp(row->name, line->name) != 0) {
		r = ARRAY_RESERVE(measured->rows, measured->n_rows + 1, measured->cap_rows);
		if (r < 0)
			return r;
		row = &measured->rows[measured->n_rows++];
		*row = (struct freebsd_measured_row){.name = line->name,
						     .first_cell = measured->n_cells};
	}
	if (row->n_cells && measured->cells[measured->n_cells - 1].cpu == line->cell.cpu) {
		struct irq_cell *cell = &measured->cells[measured->n_cells - 1];

		cell->count = add_saturated(cell->count, line->cell.count);
		return 0;
	}
	measured->cells[measured->n_cells++] = line->cell;
	row->n_cells++;
	return 0;
}

int freebsd_dtrace_parse(const char *text, size_t len, struct freebsd_measured *ret)
{
	struct lines lines = {0};
	int r;

	*ret = (struct freebsd_measured){0};
	r = read_lines(text, len, &ret->strings, &lines);
	if (r == 0) {
		ret->cells = calloc(lines.n + 1, sizeof(*ret->cells));
		r = ret->cells ? 0 : -ENOMEM;
	}
	if (lines.n)
		qsort(lines.items, lines.n, sizeof(*lines.items), compare_lines);
	for (size_t i = 0; i < lines.n && r == 0; i++)
		r = add_line(ret, &lines.items[i]);
	free(lines.items);
	return r;
}

static int compare_row(const void *key, const void *item)
{
	return strcmp(key, ((const struct freebsd_measured_row *)item)->name);
}

const struct freebsd_measured_row *freebsd_measured_find(const struct freebsd_measured *measured,
							 const char *name)
{
	if (!measured->n_rows)
		return NULL;
	return bsearch(name, measured->rows, measured->n_rows, sizeof(*measured->rows),
		       compare_row);
}

void freebsd_measured_done(struct freebsd_measured *measured)
{
	free(measured->rows);
	free(measured->cells);
	arena_done(&measured->strings);
	*measured = (struct freebsd_measured){0};
}
