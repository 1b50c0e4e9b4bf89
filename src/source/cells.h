/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The numbers of a text that is read again and again (/proc/interrupts), by their places: nearly
 * all are zero, and nearly all of the others stay as they are. Pure.
 *
 * In a recording they are packed into chunks, each an array of entries of equal size, so that SQL
 * can take them apart without a loop: the distance of its place from that of the chunk (16 bits, in
 * sparse chunks only) and the number (1, 2, 4 or 8 bytes). Everything is little-endian. A number
 * that went back makes a difference modulo 2^64.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cell {
	uint64_t at;    /* place */
	uint64_t value; /* not zero */
};

struct cells {
	struct cell *items; /* ascending by place */
	size_t n, cap;
};

#define CHUNK_CELLS 256u
#define CHUNK_BYTES (CHUNK_CELLS * 10u)

struct chunk {
	uint64_t at;
	bool sparse;    /* each entry has its own distance from `at`; else they are neighbours */
	uint32_t width; /* of a number in bytes: 1, 2, 4 or 8 */
	const unsigned char *bytes;
	size_t len;
};

/* 0, or -errno to stop. */
typedef int (*chunk_fn)(void *ctx, const struct chunk *chunk);

/* Appends a cell; places must ascend. A value of 0 is left out. 0 or -ENOMEM. */
int cells_add(struct cells *cells, uint64_t at, uint64_t value);
void cells_done(struct cells *cells);

/* Appends what must be added to `before` (modulo 2^64) to get `now`. 0 or -ENOMEM. */
int cells_difference(const struct cells *before, const struct cells *now, struct cells *out);
/* Appends the sum of both, modulo 2^64. 0 or -ENOMEM. */
int cells_sum(const struct cells *a, const struct cells *b, struct cells *out);

/* Hands all cells to `put` in chunks, not in order. 0, or what `put` returned. */
int cells_pack(const struct cells *cells, chunk_fn put, void *ctx);
/*
 * Appends the cells of a chunk, in any order: call cells_sort() behind the last one. Zeros are left
 * out. 0; -EINVAL where it is no chunk, or where a place is not below `limit`; or -ENOMEM.
 */
int cells_unpack(const struct chunk *chunk, uint64_t limit, struct cells *out);
/* Puts them in order. 0, or -EINVAL where a place comes twice. */
int cells_sort(struct cells *cells);
