/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A set of CPU ids, any number of them. Zero-initialised it is empty; it owns its words.
 * Memory follows the highest id, so ids are bounded by CPUSET_MAX to keep bad input cheap.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define CPUSET_MAX 65536u

struct cpuset {
	uint64_t *words;
	size_t n_words;
};

int cpuset_add(struct cpuset *set, uint32_t cpu); /* 0, -ENOMEM, or -ERANGE above CPUSET_MAX */
int cpuset_add_range(struct cpuset *set, uint32_t first, uint32_t last);
void cpuset_del(struct cpuset *set, uint32_t cpu);
bool cpuset_has(const struct cpuset *set, uint32_t cpu);
size_t cpuset_count(const struct cpuset *set);
bool cpuset_equal(const struct cpuset *a, const struct cpuset *b);
bool cpuset_subset(const struct cpuset *a, const struct cpuset *b); /* every CPU of a is in b */
int cpuset_copy(struct cpuset *to, const struct cpuset *from);      /* replaces `to` */
int cpuset_or(struct cpuset *to, const struct cpuset *from);
void cpuset_and(struct cpuset *to, const struct cpuset *from);
void cpuset_and_not(struct cpuset *to, const struct cpuset *from);
/* The first CPU >= from, or -1. */
int64_t cpuset_next(const struct cpuset *set, uint32_t from);
/* Appends the kernel's list form, "0-3,8"; an empty set appends nothing. */
int cpuset_format(const struct cpuset *set, struct buf *out);
void cpuset_done(struct cpuset *set);

/* for each `int64_t cpu` of the set, ascending */
#define cpuset_foreach(cpu, set)                                                                   \
	for (int64_t cpu = cpuset_next((set), 0); cpu >= 0;                                        \
	     cpu = cpuset_next((set), (uint32_t)cpu + 1))
