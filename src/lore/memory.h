/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lore_find_action for thousands of names. The queues of a device differ only in their digits, so a
 * glob without digits is asked once for each form of name; the few with digits are asked each time.
 */
#pragma once

#include <stddef.h>

#include "base/arena.h"
#include "base/strmap.h"
#include "lore/lore.h"

struct lore_memory {
	const struct lore **globs; /* the entries for actions, in order of search, then NULL */
	size_t n_globs, cap_globs;
	size_t *digit_globs; /* places in `globs` of those that tell digits apart */
	size_t n_digit_globs, cap_digit_globs;
	struct strmap forms; /* a name with '0' for each run of digits -> a place in `globs` */
	struct arena strings;
};

/* 0 or -ENOMEM. Free with lore_memory_done either way. */
int lore_memory_init(struct lore_memory *memory);
/* What lore_find_action(action) says, NULL included. 0 or -ENOMEM. */
int lore_memory_action(struct lore_memory *memory, const char *action, const struct lore **ret);
void lore_memory_done(struct lore_memory *memory);
