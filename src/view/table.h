/* SPDX-License-Identifier: BSD-2-Clause */
/* Aligned columns for people: fits a width, cuts or drops columns, knows double-width characters.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"

struct table_column {
	const char *title;
	bool right;        /* numbers */
	unsigned int drop; /* 0: always shown; where room is short the highest number goes first */
	size_t min_width;  /* the column may be cut down to this; 0: never cut */
};

struct table {
	struct table_column *columns;
	size_t n_columns, cap_columns;
	const char **cells; /* row after row */
	size_t n_rows, cap_cells;
	struct arena strings;
};

struct table_style {
	size_t width; /* of the terminal, in columns; 0: no limit */
	bool headings;
	bool bold; /* headings in bold */
	bool utf8; /* an ellipsis may be one character */
};

int table_add_column(struct table *table, const struct table_column *column);
int table_add_columns(struct table *table, const struct table_column *columns, size_t n);
/* A new last row of empty cells. */
int table_add_row(struct table *table);
/* Sets a cell of the last row. Copies; characters that a terminal could take for orders become '?'.
 */
int table_set(struct table *table, size_t column, const char *text);
/* Appends the lines. */
int table_print(const struct table *table, const struct table_style *style, struct buf *out);
void table_done(struct table *table);

/* How many terminal columns a text fills. */
size_t text_width(const char *text);
/* Appends `text`, with everything that is not printable as '?'. */
int text_printable(const char *text, struct buf *out);
