/* SPDX-License-Identifier: BSD-2-Clause */
#include "plan/balance_work.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

#define FIRST_SLOTS 64u /* a power of two */

static uint64_t hash_words(const uint64_t *words, size_t n)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < n; i++) {
		hash = (hash ^ words[i]) * UINT64_C(0x9e3779b97f4a7c15);
		hash ^= hash >> 29;
	}
	return hash;
}

static size_t find_slot(const struct work_classes *classes, const uint64_t *words)
{
	const struct work *work = classes->work;
	size_t slot = hash_words(words, work->n_words) & (classes->n_slots - 1);

	while (classes->slots[slot] != BALANCE_NOWHERE &&
	       memcmp(work->classes[classes->slots[slot]].words, words,
		      work->n_words * sizeof(*words)) != 0)
		slot = (slot + 1) & (classes->n_slots - 1);
	return slot;
}

static int grow_slots(struct work_classes *classes)
{
	size_t n = classes->n_slots ? classes->n_slots * 2 : FIRST_SLOTS;
	uint32_t *slots = malloc(n * sizeof(*slots));

	if (!slots)
		return -ENOMEM;
	memset(slots, 0xff, n * sizeof(*slots));
	free(classes->slots);
	classes->slots = slots;
	classes->n_slots = n;
	for (uint32_t i = 0; i < classes->work->n_classes; i++)
		slots[find_slot(classes, classes->work->classes[i].words)] = i;
	return 0;
}

static int add_class(struct work_classes *classes, size_t slot, uint32_t *ret)
{
	struct work *work = classes->work;
	struct work_class class = {.first = BALANCE_NOWHERE};
	uint32_t last = 0;
	int r = ARRAY_RESERVE(work->classes, work->n_classes + 1, classes->cap);

	if (r < 0)
		return r;
	class.words = work_alloc(work, work->n_words, sizeof(*class.words));
	if (!class.words)
		return -ENOMEM;
	memcpy(class.words, classes->scratch, work->n_words * sizeof(*class.words));
	for (size_t i = 0; i < work->n_words; i++) {
		uint64_t word = class.words[i];

		if (!word)
			continue;
		if (class.n_cpus == 0) {
			class.first = (uint32_t)i * 64 + (uint32_t)__builtin_ctzll(word);
			class.first_block = work->cpus[class.first].block;
		}
		last = (uint32_t)i * 64 + 63 - (uint32_t)__builtin_clzll(word);
		class.n_cpus += (uint32_t)__builtin_popcountll(word);
	}
	class.end_block = class.n_cpus > 0 ? work->cpus[last].block + 1 : 0;
	work->classes[work->n_classes] = class;
	classes->slots[slot] = *ret = work->n_classes++;
	return work->n_classes * 2 > classes->n_slots ? grow_slots(classes) : 0;
}

/* The class of the words in `scratch`. */
static int intern(struct work_classes *classes, uint32_t *ret)
{
	size_t slot = find_slot(classes, classes->scratch);

	if (classes->slots[slot] == BALANCE_NOWHERE)
		return add_class(classes, slot, ret);
	*ret = classes->slots[slot];
	return 0;
}

static void add(struct work_classes *classes, uint32_t cpu)
{
	classes->scratch[cpu / 64] |= UINT64_C(1) << (cpu % 64);
}

static int map_ids(struct work_classes *classes)
{
	const struct balance_problem *problem = classes->work->problem;
	uint32_t last = problem->cpus[problem->n_cpus - 1].cpu;

	/* no set holds an id above that */
	classes->n_by_os = (last < CPUSET_MAX ? last : CPUSET_MAX) + (size_t)1;
	classes->by_os = malloc(classes->n_by_os * sizeof(*classes->by_os));
	if (!classes->by_os)
		return -ENOMEM;
	memset(classes->by_os, 0xff, classes->n_by_os * sizeof(*classes->by_os));
	for (size_t i = 0; i < problem->n_cpus; i++) {
		if (problem->cpus[i].cpu < classes->n_by_os && !problem->cpus[i].closed)
			classes->by_os[problem->cpus[i].cpu] = classes->work->cpu_of[i];
	}
	return 0;
}

int work_classes_init(struct work_classes *classes, struct work *work)
{
	uint32_t all;
	int r;

	*classes = (struct work_classes){.work = work};
	work->n_words = (work->n_cpus + 63) / 64;
	classes->scratch = calloc(work->n_words, sizeof(*classes->scratch));
	r = classes->scratch ? map_ids(classes) : -ENOMEM;
	if (r == 0)
		r = grow_slots(classes);
	if (r < 0)
		return r;
	for (uint32_t cpu = 0; cpu < work->n_cpus; cpu++) {
		if (!work->cpus[cpu].is_closed)
			add(classes, cpu);
	}
	return intern(classes, &all);
}

static void collect(struct work_classes *classes, const struct cpuset *allowed)
{
	memset(classes->scratch, 0, classes->work->n_words * sizeof(*classes->scratch));
	for (size_t i = 0; i < allowed->n_words; i++) {
		for (uint64_t left = allowed->words[i]; left; left &= left - 1) {
			size_t id = i * 64 + (size_t)__builtin_ctzll(left);

			if (id < classes->n_by_os && classes->by_os[id] != BALANCE_NOWHERE)
				add(classes, classes->by_os[id]);
		}
	}
}

int work_class_of(struct work_classes *classes, const struct cpuset *allowed, uint32_t *ret)
{
	size_t recent;
	int r;

	*ret = 0;
	if (!allowed)
		return 0;
	recent = hash_words(allowed->words, allowed->n_words) % WORK_RECENT;
	if (classes->recent[recent] && cpuset_equal(classes->recent[recent], allowed)) {
		*ret = classes->recent_class[recent];
		return 0;
	}
	collect(classes, allowed);
	r = intern(classes, ret);
	if (r < 0)
		return r;
	classes->recent[recent] = allowed;
	classes->recent_class[recent] = *ret;
	return 0;
}

int work_class_both(struct work_classes *classes, uint32_t a, uint32_t b, uint32_t *ret)
{
	const struct work *work = classes->work;

	*ret = a;
	if (a == b)
		return 0;
	for (size_t i = 0; i < work->n_words; i++)
		classes->scratch[i] = work->classes[a].words[i] & work->classes[b].words[i];
	return intern(classes, ret);
}

void work_classes_done(struct work_classes *classes)
{
	free(classes->by_os);
	free(classes->slots);
	free(classes->scratch);
	*classes = (struct work_classes){0};
}
