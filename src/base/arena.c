/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_BLOCK 16384u

struct arena_block {
	struct arena_block *older;
	size_t used;
	size_t size;
	_Alignas(max_align_t) unsigned char data[];
};

static struct arena_block *arena_grow(struct arena *arena, size_t size)
{
	size_t room = size > ARENA_BLOCK / 4 ? size : ARENA_BLOCK;
	struct arena_block *block = malloc(sizeof(*block) + room);

	if (!block)
		return NULL;
	*block = (struct arena_block){.older = arena->last, .size = room};
	arena->last = block;
	return block;
}

static void *arena_take(struct arena *arena, size_t size, size_t align)
{
	struct arena_block *block = arena->last;
	size_t start = block ? (block->used + align - 1) & ~(align - 1) : 0;

	if (!block || start > block->size || size > block->size - start) {
		block = arena_grow(arena, size);
		if (!block)
			return NULL;
		start = 0;
	}
	block->used = start + size;
	return block->data + start;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	return arena_take(arena, size, _Alignof(max_align_t));
}

char *arena_strndup(struct arena *arena, const char *text, size_t len)
{
	char *copy = arena_take(arena, len + 1, 1);

	if (!copy)
		return NULL;
	memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
	return arena_strndup(arena, text, strlen(text));
}

char *arena_printf(struct arena *arena, const char *fmt, ...)
{
	va_list args;
	char *text;
	int len;

	va_start(args, fmt);
	len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	text = len < 0 ? NULL : arena_take(arena, (size_t)len + 1, 1);
	if (!text)
		return NULL;
	va_start(args, fmt);
	vsnprintf(text, (size_t)len + 1, fmt, args);
	va_end(args);
	return text;
}

void arena_done(struct arena *arena)
{
	while (arena->last) {
		struct arena_block *older = arena->last->older;

		free(arena->last);
		arena->last = older;
	}
}
