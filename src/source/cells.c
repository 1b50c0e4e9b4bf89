/* SPDX-License-Identifier: BSD-2-Clause */
#include "source/cells.h"

#include <errno.h>
#include <stdlib.h>

#include "base/array.h"

/* Neighbours from this many on are a chunk of their own, which saves their distances. */
#define DENSE_MIN 16u
#define REACH     UINT16_MAX
#define OFFSET    2u /* bytes of a distance */

int cells_add(struct cells *cells, uint64_t at, uint64_t value)
{
	int r;

	if (!value)
		return 0;
	r = ARRAY_RESERVE(cells->items, cells->n + 1, cells->cap);
	if (r == 0)
		cells->items[cells->n++] = (struct cell){.at = at, .value = value};
	return r;
}

void cells_done(struct cells *cells)
{
	free(cells->items);
	*cells = (struct cells){0};
}

/* a + sign * b, place by place. */
static int merge(const struct cells *a, const struct cells *b, uint64_t sign, struct cells *out)
{
	size_t i = 0, k = 0;
	int r = 0;

	while (r == 0 && (i < a->n || k < b->n)) {
		bool from_a = k == b->n || (i < a->n && a->items[i].at <= b->items[k].at);
		bool from_b = i == a->n || (k < b->n && b->items[k].at <= a->items[i].at);
		uint64_t at = from_a ? a->items[i].at : b->items[k].at, value = 0;

		if (from_a)
			value += a->items[i++].value;
		if (from_b)
			value += sign * b->items[k++].value;
		r = cells_add(out, at, value);
	}
	return r;
}

int cells_difference(const struct cells *before, const struct cells *now, struct cells *out)
{
	return merge(now, before, UINT64_MAX, out);
}

int cells_sum(const struct cells *a, const struct cells *b, struct cells *out)
{
	return merge(a, b, 1, out);
}

static uint32_t width_of(uint64_t value)
{
	if (value > UINT32_MAX)
		return 8;
	return value > UINT16_MAX ? 4 : value > UINT8_MAX ? 2 : 1;
}

static void put_number(unsigned char *to, uint64_t value, uint32_t width)
{
	for (uint32_t i = 0; i < width; i++)
		to[i] = (unsigned char)(value >> 8 * i);
}

static uint64_t get_number(const unsigned char *from, uint32_t width)
{
	uint64_t value = 0;

	for (uint32_t i = 0; i < width; i++)
		value |= (uint64_t)from[i] << 8 * i;
	return value;
}

static int put_dense(const struct cell *cells, size_t n, chunk_fn put, void *ctx)
{
	unsigned char bytes[CHUNK_CELLS * 8];
	uint32_t width = 1;

	for (size_t i = 0; i < n; i++) {
		uint32_t own = width_of(cells[i].value);

		width = own > width ? own : width;
	}
	for (size_t i = 0; i < n; i++)
		put_number(bytes + i * width, cells[i].value, width);
	return put(ctx,
		   &(struct chunk){
			   .at = cells[0].at, .width = width, .bytes = bytes, .len = n * width});
}

/* How many of the `n` cells are neighbours from the first on, at most a chunk. */
static size_t count_neighbours(const struct cell *cells, size_t n)
{
	size_t run = 1;

	while (run < n && run < CHUNK_CELLS && cells[run].at == cells[0].at + run)
		run++;
	return run;
}

/* The chunk that collects single cells of one width: few large numbers make no others wide. */
struct collector {
	uint64_t at;
	size_t n;
	uint32_t width;
	unsigned char bytes[CHUNK_BYTES];
};

static int flush(struct collector *collector, chunk_fn put, void *ctx)
{
	const struct chunk chunk = {
		.at = collector->at,
		.sparse = true,
		.width = collector->width,
		.bytes = collector->bytes,
		.len = collector->n * (OFFSET + collector->width),
	};

	if (!collector->n)
		return 0;
	collector->n = 0;
	return put(ctx, &chunk);
}

static int collect(struct collector *collector, const struct cell *cell, chunk_fn put, void *ctx)
{
	unsigned char *to;
	int r = 0;

	if (collector->n == CHUNK_CELLS || (collector->n && cell->at - collector->at > REACH))
		r = flush(collector, put, ctx);
	if (r < 0)
		return r;
	if (!collector->n)
		collector->at = cell->at;
	to = collector->bytes + collector->n++ * (OFFSET + collector->width);
	put_number(to, cell->at - collector->at, OFFSET);
	put_number(to + OFFSET, cell->value, collector->width);
	return 0;
}

static struct collector *find_collector(struct collector *collectors, uint64_t value)
{
	while (collectors->width < width_of(value))
		collectors++;
	return collectors;
}

int cells_pack(const struct cells *cells, chunk_fn put, void *ctx)
{
	struct collector collectors[] = {{.width = 1}, {.width = 2}, {.width = 4}, {.width = 8}};
	int r = 0;

	for (size_t i = 0; r == 0 && i < cells->n;) {
		const struct cell *cell = &cells->items[i];
		size_t run = count_neighbours(cell, cells->n - i);

		if (run >= DENSE_MIN) {
			r = put_dense(cell, run, put, ctx);
			i += run;
			continue;
		}
		for (; r == 0 && run; run--, i++)
			r = collect(find_collector(collectors, cells->items[i].value),
				    &cells->items[i], put, ctx);
	}
	for (size_t i = 0; r == 0 && i < sizeof(collectors) / sizeof(*collectors); i++)
		r = flush(&collectors[i], put, ctx);
	return r;
}

static bool is_width(uint32_t width)
{
	return width == 1 || width == 2 || width == 4 || width == 8;
}

int cells_unpack(const struct chunk *chunk, uint64_t limit, struct cells *out)
{
	size_t step = chunk->width + (chunk->sparse ? OFFSET : 0);

	if (!is_width(chunk->width) || chunk->len % step != 0 || chunk->at >= limit)
		return -EINVAL;
	for (size_t i = 0; i < chunk->len / step; i++) {
		const unsigned char *entry = chunk->bytes + i * step;
		uint64_t offset = chunk->sparse ? get_number(entry, OFFSET) : i;
		int r;

		if (offset >= limit - chunk->at)
			return -EINVAL;
		r = cells_add(out, chunk->at + offset,
			      get_number(entry + step - chunk->width, chunk->width));
		if (r < 0)
			return r;
	}
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct cell *left = a, *right = b;

	return (left->at > right->at) - (left->at < right->at);
}

int cells_sort(struct cells *cells)
{
	if (cells->n)
		qsort(cells->items, cells->n, sizeof(*cells->items), compare);
	for (size_t i = 1; i < cells->n; i++) {
		if (cells->items[i].at == cells->items[i - 1].at)
			return -EINVAL;
	}
	return 0;
}
