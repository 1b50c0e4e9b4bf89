/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/strmap.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct strmap_slot {
	const char *name; /* NULL: free */
	const void *value;
	size_t len;
	uint32_t hash;
};

/* FNV-1a */
static uint32_t name_hash(const char *name, size_t len)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)name[i]) * 16777619u;
	return hash;
}

/* The slot that holds the name, or the free one where it belongs. */
static struct strmap_slot *find_slot(const struct strmap *map, const char *name, size_t len,
				     uint32_t hash)
{
	size_t i = hash & (map->cap - 1);

	while (map->slots[i].name) {
		const struct strmap_slot *slot = &map->slots[i];

		if (slot->hash == hash && slot->len == len && memcmp(slot->name, name, len) == 0)
			break;
		i = (i + 1) & (map->cap - 1);
	}
	return &map->slots[i];
}

static int strmap_grow(struct strmap *map)
{
	struct strmap grown = {.n = map->n, .cap = map->cap ? map->cap * 2 : 64};

	grown.slots = calloc(grown.cap, sizeof(*grown.slots));
	if (!grown.slots)
		return -ENOMEM;
	for (size_t i = 0; i < map->cap; i++) {
		const struct strmap_slot *slot = &map->slots[i];

		if (slot->name)
			*find_slot(&grown, slot->name, slot->len, slot->hash) = *slot;
	}
	free(map->slots);
	*map = grown;
	return 0;
}

int strmap_add(struct strmap *map, const char *name, size_t len, const void *value)
{
	uint32_t hash = name_hash(name, len);
	struct strmap_slot *slot;
	int r;

	if (map->n >= map->cap / 2) {
		r = strmap_grow(map);
		if (r < 0)
			return r;
	}
	slot = find_slot(map, name, len, hash);
	if (slot->name)
		return 0;
	*slot = (struct strmap_slot){.name = name, .value = value, .len = len, .hash = hash};
	map->n++;
	return 0;
}

const void *strmap_find(const struct strmap *map, const char *name, size_t len)
{
	return map->cap ? find_slot(map, name, len, name_hash(name, len))->value : NULL;
}

void strmap_done(struct strmap *map)
{
	free(map->slots);
	*map = (struct strmap){0};
}
