/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/cpuset.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define WORD_BITS 64u

static int cpuset_grow(struct cpuset *set, size_t n_words)
{
	uint64_t *grown;

	if (n_words <= set->n_words)
		return 0;
	grown = realloc(set->words, n_words * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	memset(grown + set->n_words, 0, (n_words - set->n_words) * sizeof(*grown));
	set->words = grown;
	set->n_words = n_words;
	return 0;
}

int cpuset_add(struct cpuset *set, uint32_t cpu)
{
	int r;

	if (cpu >= CPUSET_MAX)
		return -ERANGE;
	r = cpuset_grow(set, cpu / WORD_BITS + 1);
	if (r < 0)
		return r;
	set->words[cpu / WORD_BITS] |= UINT64_C(1) << (cpu % WORD_BITS);
	return 0;
}

int cpuset_add_range(struct cpuset *set, uint32_t first, uint32_t last)
{
	int r;

	if (first > last)
		return -EINVAL;
	if (last >= CPUSET_MAX)
		return -ERANGE;
	r = cpuset_grow(set, last / WORD_BITS + 1);
	if (r < 0)
		return r;
	for (size_t i = first / WORD_BITS; i <= last / WORD_BITS; i++) {
		uint64_t bits = ~UINT64_C(0);

		if (i == first / WORD_BITS)
			bits <<= first % WORD_BITS;
		if (i == last / WORD_BITS)
			bits &= ~UINT64_C(0) >> (WORD_BITS - 1 - last % WORD_BITS);
		set->words[i] |= bits;
	}
	return 0;
}

void cpuset_del(struct cpuset *set, uint32_t cpu)
{
	if (cpu / WORD_BITS < set->n_words)
		set->words[cpu / WORD_BITS] &= ~(UINT64_C(1) << (cpu % WORD_BITS));
}

bool cpuset_has(const struct cpuset *set, uint32_t cpu)
{
	return cpu / WORD_BITS < set->n_words &&
	       (set->words[cpu / WORD_BITS] >> (cpu % WORD_BITS) & 1);
}

size_t cpuset_count(const struct cpuset *set)
{
	size_t n = 0;

	for (size_t i = 0; i < set->n_words; i++)
		n += (size_t)__builtin_popcountll(set->words[i]);
	return n;
}

static uint64_t cpuset_word(const struct cpuset *set, size_t i)
{
	return i < set->n_words ? set->words[i] : 0;
}

bool cpuset_equal(const struct cpuset *a, const struct cpuset *b)
{
	return cpuset_subset(a, b) && cpuset_subset(b, a);
}

bool cpuset_subset(const struct cpuset *a, const struct cpuset *b)
{
	for (size_t i = 0; i < a->n_words; i++) {
		if (a->words[i] & ~cpuset_word(b, i))
			return false;
	}
	return true;
}

int cpuset_copy(struct cpuset *to, const struct cpuset *from)
{
	int r = cpuset_grow(to, from->n_words);

	if (r < 0)
		return r;
	for (size_t i = 0; i < to->n_words; i++)
		to->words[i] = cpuset_word(from, i);
	return 0;
}

int cpuset_or(struct cpuset *to, const struct cpuset *from)
{
	int r = cpuset_grow(to, from->n_words);

	if (r < 0)
		return r;
	for (size_t i = 0; i < from->n_words; i++)
		to->words[i] |= from->words[i];
	return 0;
}

void cpuset_and(struct cpuset *to, const struct cpuset *from)
{
	for (size_t i = 0; i < to->n_words; i++)
		to->words[i] &= cpuset_word(from, i);
}

void cpuset_and_not(struct cpuset *to, const struct cpuset *from)
{
	for (size_t i = 0; i < to->n_words; i++)
		to->words[i] &= ~cpuset_word(from, i);
}

int64_t cpuset_next(const struct cpuset *set, uint32_t from)
{
	size_t i = from / WORD_BITS;
	uint64_t word = cpuset_word(set, i) & (~UINT64_C(0) << (from % WORD_BITS));

	while (i < set->n_words) {
		if (word)
			return (int64_t)(i * WORD_BITS) + __builtin_ctzll(word);
		word = cpuset_word(set, ++i);
	}
	return -1;
}

int cpuset_format(const struct cpuset *set, struct buf *out)
{
	const char *comma = "";
	int r;

	for (int64_t first = cpuset_next(set, 0); first >= 0;) {
		int64_t last = first;

		while (cpuset_has(set, (uint32_t)last + 1))
			last++;
		r = buf_printf(out, "%s%" PRId64, comma, first);
		if (r == 0 && last > first)
			r = buf_printf(out, "-%" PRId64, last);
		if (r < 0)
			return r;
		comma = ",";
		first = cpuset_next(set, (uint32_t)last + 1);
	}
	return 0;
}

void cpuset_done(struct cpuset *set)
{
	free(set->words);
	*set = (struct cpuset){0};
}
