/* SPDX-License-Identifier: BSD-2-Clause */
#include "lore/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/glob.h"
#include "base/text.h"
#include "lore/glob.h"

static int add_glob(struct lore_memory *memory, const struct lore *entry)
{
	int r = ARRAY_RESERVE(memory->globs, memory->n_globs + 2, memory->cap_globs);

	if (r == 0 && glob_tells_digits(entry->key)) {
		r = ARRAY_RESERVE(memory->digit_globs, memory->n_digit_globs + 1,
				  memory->cap_digit_globs);
		if (r == 0)
			memory->digit_globs[memory->n_digit_globs++] = memory->n_globs;
	}
	if (r < 0)
		return r;
	memory->globs[memory->n_globs++] = entry;
	memory->globs[memory->n_globs] = NULL;
	return 0;
}

int lore_memory_init(struct lore_memory *memory)
{
	*memory = (struct lore_memory){0};
	if (ARRAY_RESERVE(memory->globs, 1, memory->cap_globs) < 0)
		return -ENOMEM;
	memory->globs[0] = NULL;
	for (size_t i = 0; lore_tables[i]; i++) {
		for (const struct lore *entry = lore_tables[i]; entry->key; entry++) {
			int r = entry->group == LORE_ACTION ? add_glob(memory, entry) : 0;

			if (r < 0)
				return r;
		}
	}
	return 0;
}

/* "virtio12-input.3" -> "virtio0-input.0". NULL when out of memory. */
static const char *name_form(struct arena *strings, const char *name, size_t *ret_len)
{
	char *form = arena_strdup(strings, name), *to = form;

	if (!form)
		return NULL;
	for (const char *p = name; *p; p++) {
		if (!is_digit(*p))
			*to++ = *p;
		else if (!is_digit(p[1]))
			*to++ = '0';
	}
	*to = '\0';
	*ret_len = (size_t)(to - form);
	return form;
}

/* The place of the first glob without digits that matches, or of the NULL behind them all. */
static const struct lore **find_plain_glob(const struct lore_memory *memory, const char *action)
{
	const struct lore **place = memory->globs;

	while (*place && (!glob_may_match((*place)->key, action) ||
			  glob_tells_digits((*place)->key) || !glob_match((*place)->key, action)))
		place++;
	return place;
}

static int recall_form(struct lore_memory *memory, const char *action,
		       const struct lore *const **ret_place)
{
	size_t len;
	const char *form = name_form(&memory->strings, action, &len);
	const struct lore *const *place;

	if (!form)
		return -ENOMEM;
	place = strmap_find(&memory->forms, form, len);
	if (!place) {
		int r;

		place = find_plain_glob(memory, action);
		r = strmap_add(&memory->forms, form, len, place);
		if (r < 0)
			return r;
	}
	*ret_place = place;
	return 0;
}

int lore_memory_action(struct lore_memory *memory, const char *action, const struct lore **ret)
{
	const struct lore *const *place;
	int r = recall_form(memory, action, &place);

	if (r < 0)
		return r;
	for (size_t i = 0; i < memory->n_digit_globs; i++) {
		const struct lore *const *other = memory->globs + memory->digit_globs[i];

		if (other > place)
			break;
		if (glob_may_match((*other)->key, action) && glob_match((*other)->key, action)) {
			place = other;
			break;
		}
	}
	*ret = *place;
	return 0;
}

void lore_memory_done(struct lore_memory *memory)
{
	free(memory->globs);
	free(memory->digit_globs);
	strmap_done(&memory->forms);
	arena_done(&memory->strings);
	*memory = (struct lore_memory){0};
}
