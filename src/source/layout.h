/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A text of the kernel apart from its numbers: what /proc/interrupts, /proc/softirqs and /proc/stat
 * look like, so that a recording holds their words once and then only the numbers. Text that is
 * taken apart comes back byte by byte. Pure.
 *
 * Of each line the first row of numbers counts: decimal digits with blanks before them, and a blank
 * or the end of the line behind. What stands before and behind it is kept as it is.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "source/cells.h"

/* Numbers that stand side by side and look alike. */
struct layout_run {
	uint32_t width; /* with the blanks before it; 1: always a single blank. A number that does
			   not fit has a single blank, too */
	uint32_t n;
};

struct layout_line {
	size_t before, before_len; /* in layout.text */
	size_t after, after_len;
	size_t first_run, n_runs;
	uint32_t n_fields;
};

struct layout {
	struct layout_line *lines;
	size_t n_lines, cap_lines;
	struct layout_run *runs;
	size_t n_runs, cap_runs;
	struct buf text;
	uint32_t stride; /* most numbers in a line, at least 1: field f of line l is cell l * stride
			    + f */
};

#define LAYOUT_MAX_LINES  ((size_t)1 << 20)
#define LAYOUT_MAX_FIELDS ((uint32_t)1 << 20)

/* Of any text. 0, -EFBIG or -ENOMEM. Free with layout_done either way. */
int layout_build(struct layout *layout, const char *text, size_t len);
void layout_done(struct layout *layout);

/*
 * Appends the numbers of a text to `cells`, where it is of this layout: returns 1 then, 0 where it
 * is not (`cells` has some of them), or -ENOMEM.
 */
int layout_match(const struct layout *layout, const char *text, size_t len, struct cells *cells);

/* Appends the text. 0, -EFBIG above SOURCE_READ_MAX, or -ENOMEM. */
int layout_print(const struct layout *layout, const struct cells *cells, struct buf *out);

/* The numbers of a line as they are stored: "11*256", "1", "5,1*9"; "" for none. 0 or -ENOMEM. */
int layout_fields(const struct layout *layout, const struct layout_line *line, struct buf *out);
/* Adds a line that was stored; layout->stride is the caller's. 0, -EINVAL or -ENOMEM. */
int layout_add_line(struct layout *layout, const char *before, size_t before_len,
		    const char *fields, const char *after, size_t after_len);
/* How many places there are: above each cell's. */
static inline uint64_t layout_places(const struct layout *layout)
{
	return (uint64_t)layout->n_lines * layout->stride;
}
