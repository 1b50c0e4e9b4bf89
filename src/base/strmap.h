/* SPDX-License-Identifier: BSD-2-Clause */
/* A map from names to pointers. Zero-initialised it is empty; it borrows its names and values. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct strmap_slot;

struct strmap {
	struct strmap_slot *slots;
	size_t n, cap; /* cap is a power of two */
};

/* Adds `name`, which must outlive the map; the first of equal names stays. 0 or -ENOMEM. */
int strmap_add(struct strmap *map, const char *name, size_t len, const void *value);
/* The value, or NULL where the name is not known. */
const void *strmap_find(const struct strmap *map, const char *name, size_t len);
void strmap_done(struct strmap *map);
