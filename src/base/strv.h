/* SPDX-License-Identifier: BSD-2-Clause */
/* A list of strings that owns its strings. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct strv {
	char **items;
	size_t n;
	size_t cap;
	struct arena text;
};

int strv_add(struct strv *list, const char *text); /* copies; 0 or -ENOMEM */
bool strv_has(const struct strv *list, const char *text);
void strv_sort(struct strv *list); /* by bytes */
void strv_done(struct strv *list);
