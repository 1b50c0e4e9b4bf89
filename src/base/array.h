/* SPDX-License-Identifier: BSD-2-Clause */
/* Growing arrays: a pointer, a length and a capacity kept by their owner. */
#pragma once

#include <stddef.h>

/*
 * Makes room for `need` elements of `size` bytes in *items, whose capacity is *cap; at least
 * doubles. Returns 0, or -ENOMEM and leaves both as they were. The owner frees *items with free().
 */
int array_reserve(void **items, size_t *cap, size_t need, size_t size);

/* ARRAY_RESERVE(rows, n, cap): room for n elements in the array `rows`. */
#define ARRAY_RESERVE(items, need, cap)                                                            \
	array_reserve((void **)&(items), &(cap), (need), sizeof(*(items)))
