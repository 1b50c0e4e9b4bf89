/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as a text that is recorded, as the chunks of its numbers, and as the fields of a stored
 * line. What is taken apart comes back byte by byte; chunks hold places below their limit.
 */
#include "fuzz.h"

#include <errno.h>
#include <string.h>

#include "base/macros.h"
#include "source/cells.h"
#include "source/layout.h"

#define PLACES 70000

static int unpack(void *ctx, const struct chunk *chunk)
{
	CHECK(cells_unpack(chunk, UINT64_MAX, ctx) == 0);
	return 0;
}

static void check_packing(const struct cells *cells)
{
	_cleanup_(cells_done) struct cells back = {0};

	CHECK(cells_pack(cells, unpack, &back) == 0 && cells_sort(&back) == 0);
	CHECK(back.n == cells->n);
	CHECK(!back.n || memcmp(back.items, cells->items, back.n * sizeof(*back.items)) == 0);
}

static void check_text(const char *text, size_t len)
{
	_cleanup_(layout_done) struct layout layout = {0};
	_cleanup_(cells_done) struct cells cells = {0};
	_cleanup_(buf_done) struct buf out = {0};

	CHECK(layout_build(&layout, text, len) == 0);
	CHECK(layout_match(&layout, text, len, &cells) == 1);
	CHECK(layout_print(&layout, &cells, &out) == 0);
	CHECK(out.len == len && (!len || memcmp(out.data, text, len) == 0));
	check_packing(&cells);
}

/* The second half of the input, printed by the layout of the first where it has the same. */
static void check_match(const char *text, size_t len)
{
	_cleanup_(layout_done) struct layout layout = {0};
	_cleanup_(cells_done) struct cells cells = {0};
	_cleanup_(buf_done) struct buf out = {0};
	const char *second = text + len / 2;

	CHECK(layout_build(&layout, text, len / 2) == 0);
	if (layout_match(&layout, second, len - len / 2, &cells) != 1)
		return;
	CHECK(layout_print(&layout, &cells, &out) == 0);
	CHECK(out.len == len - len / 2 && (!out.len || memcmp(out.data, second, out.len) == 0));
}

/* A width, a length, and the bytes of two chunks of each kind. */
static void check_chunks(const uint8_t *data, size_t size)
{
	_cleanup_(cells_done) struct cells cells = {0};

	if (size < 2)
		return;
	for (int sparse = 0; sparse < 2; sparse++) {
		const struct chunk chunk = {
			.at = data[1],
			.sparse = sparse,
			.width = data[0] % 9,
			.bytes = data + 2,
			.len = size - 2,
		};
		int r = cells_unpack(&chunk, PLACES, &cells);

		CHECK(r == 0 || r == -EINVAL);
	}
	if (cells_sort(&cells) == 0)
		check_packing(&cells);
	for (size_t i = 0; i < cells.n; i++)
		CHECK(cells.items[i].at < PLACES && cells.items[i].value);
}

static void check_fields(const char *text, size_t len)
{
	_cleanup_(layout_done) struct layout layout = {.stride = 512};
	_cleanup_(buf_done) struct buf fields = {0}, again = {0}, out = {0};
	_cleanup_(cells_done) struct cells cells = {0};
	int r;

	CHECK(buf_append(&fields, text, len) == 0);
	r = layout_add_line(&layout, "a", 1, buf_text(&fields), "z", 1);
	CHECK(r == 0 || r == -EINVAL);
	if (r < 0)
		return;
	CHECK(layout_fields(&layout, &layout.lines[0], &again) == 0);
	/* wide ones print as much as a file may hold, which takes its time */
	for (size_t i = 0; i < layout.n_runs; i++) {
		if (layout.runs[i].width > 1000)
			return;
	}
	CHECK(layout_print(&layout, &cells, &out) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;

	check_text(text, size);
	check_match(text, size);
	check_chunks(data, size);
	check_fields(text, size);
	return 0;
}
