/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/strv.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

int strv_add(struct strv *list, const char *text)
{
	char *copy;
	int r = ARRAY_RESERVE(list->items, list->n + 1, list->cap);

	if (r < 0)
		return r;
	copy = arena_strdup(&list->text, text);
	if (!copy)
		return -ENOMEM;
	list->items[list->n++] = copy;
	return 0;
}

bool strv_has(const struct strv *list, const char *text)
{
	for (size_t i = 0; i < list->n; i++) {
		if (strcmp(list->items[i], text) == 0)
			return true;
	}
	return false;
}

static int compare_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void strv_sort(struct strv *list)
{
	if (list->n)
		qsort(list->items, list->n, sizeof(*list->items), compare_text);
}

void strv_done(struct strv *list)
{
	free(list->items);
	arena_done(&list->text);
	*list = (struct strv){0};
}
