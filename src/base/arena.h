/* SPDX-License-Identifier: BSD-2-Clause */
/* An arena: many small strings with one owner and one end. Pointers stay valid until arena_done. */
#pragma once

#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *last; /* newest block; NULL while empty */
};

/* `size` bytes, aligned for any type, not cleared; NULL when out of memory. */
void *arena_alloc(struct arena *arena, size_t size);
/* A NUL-terminated copy of `len` bytes; NULL when out of memory. */
char *arena_strndup(struct arena *arena, const char *text, size_t len);
char *arena_strdup(struct arena *arena, const char *text);
/* A formatted string; NULL when out of memory. */
char *arena_printf(struct arena *arena, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Frees everything and leaves the arena empty. */
void arena_done(struct arena *arena);
