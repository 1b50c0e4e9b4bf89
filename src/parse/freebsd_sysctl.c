/* SPDX-License-Identifier: BSD-2-Clause */
#include "parse/freebsd_sysctl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/number.h"

#define WORD_BITS  64u
#define WORD_SIZE  sizeof(uint64_t)
#define STATHZ_MAX 1000000
#define NS_PER_S   UINT64_C(1000000000)

/* CPUSTATES of sys/resource.h */
enum {
	CP_USER,
	CP_NICE,
	CP_SYS,
	CP_INTR,
	CP_IDLE,
	CP_STATES,
};

static uint64_t word_at(const char *bytes, size_t index)
{
	uint64_t word;

	memcpy(&word, bytes + index * WORD_SIZE, WORD_SIZE);
	return word;
}

int freebsd_number_parse(const char *bytes, size_t len, uint64_t *ret)
{
	uint16_t half;
	uint32_t whole;

	switch (len) {
	case 1:
		*ret = (unsigned char)*bytes;
		return 0;
	case sizeof(half):
		memcpy(&half, bytes, sizeof(half));
		*ret = half;
		return 0;
	case sizeof(whole):
		memcpy(&whole, bytes, sizeof(whole));
		*ret = whole;
		return 0;
	case WORD_SIZE:
		*ret = word_at(bytes, 0);
		return 0;
	default:
		return -EINVAL;
	}
}

int freebsd_stathz_parse(const char *bytes, size_t len, uint32_t *ret)
{
	int32_t info[5]; /* hz, tick, spare, stathz, profhz */

	if (len != sizeof(info))
		return -EINVAL;
	memcpy(info, bytes, sizeof(info));
	if (info[3] < 1 || info[3] > STATHZ_MAX)
		return -EINVAL;
	*ret = (uint32_t)info[3];
	return 0;
}

int freebsd_boottime_parse(const char *bytes, size_t len, uint64_t *ret_ns)
{
	uint64_t seconds, us;

	if (len != 2 * WORD_SIZE)
		return -EINVAL;
	seconds = word_at(bytes, 0);
	us = word_at(bytes, 1);
	if (seconds > UINT64_MAX / NS_PER_S - 1 || us >= 1000000)
		return -EINVAL;
	*ret_ns = seconds * NS_PER_S + us * 1000;
	return 0;
}

static uint64_t to_proc_hz(uint64_t ticks, uint32_t stathz)
{
	uint64_t seconds = ticks / stathz, rest = ticks % stathz;

	return seconds > UINT64_MAX / PROC_STAT_HZ - 1
		       ? UINT64_MAX
		       : seconds * PROC_STAT_HZ + rest * PROC_STAT_HZ / stathz;
}

int freebsd_cp_times_parse(const char *bytes, size_t len, uint32_t stathz,
			   struct cpu_time **ret_times, size_t *ret_n)
{
	size_t n_ids = len / (CP_STATES * WORD_SIZE), n = 0;
	struct cpu_time *times;

	if (!n_ids || len % (CP_STATES * WORD_SIZE) || n_ids > CPUSET_MAX || !stathz)
		return -EINVAL;
	times = calloc(n_ids, sizeof(*times));
	if (!times)
		return -ENOMEM;
	for (size_t i = 0; i < n_ids; i++) {
		uint64_t all = 0;

		for (size_t state = 0; state < CP_STATES; state++)
			all = add_saturated(all, word_at(bytes, i * CP_STATES + state));
		if (!all)
			continue;
		times[n++] = (struct cpu_time){
			.cpu = (uint32_t)i,
			.irq_ticks = to_proc_hz(word_at(bytes, i * CP_STATES + CP_INTR), stathz),
			.idle_ticks = to_proc_hz(word_at(bytes, i * CP_STATES + CP_IDLE), stathz),
			.total_ticks = to_proc_hz(all, stathz),
		};
	}
	if (!n) {
		free(times);
		return -EINVAL;
	}
	*ret_times = times;
	*ret_n = n;
	return 0;
}

int freebsd_mask_parse(const char *bytes, size_t len, struct cpuset *set)
{
	struct cpuset mask = {0};
	int r = 0;

	if (!len || len % WORD_SIZE)
		return -EINVAL;
	for (size_t i = 0; i < len / WORD_SIZE && r == 0; i++) {
		for (uint64_t word = word_at(bytes, i); word && r == 0; word &= word - 1) {
			size_t cpu = i * WORD_BITS + (size_t)__builtin_ctzll(word);

			r = cpu < CPUSET_MAX ? cpuset_add(&mask, (uint32_t)cpu) : -ERANGE;
		}
	}
	if (r < 0) {
		cpuset_done(&mask);
		return r;
	}
	cpuset_done(set);
	*set = mask;
	return 0;
}

int freebsd_mask_format(const struct cpuset *set, size_t size, struct buf *out)
{
	size_t n_words = size / WORD_SIZE;
	int r = 0;

	for (size_t i = n_words; i < set->n_words; i++) {
		if (set->words[i])
			return -ERANGE;
	}
	for (size_t i = 0; i < n_words && r == 0; i++) {
		uint64_t word = i < set->n_words ? set->words[i] : 0;

		r = buf_append(out, &word, sizeof(word));
	}
	return r;
}

/* "1234 3 irq25: em0" */
static int add_thread(struct freebsd_threads *threads, const char *p, const char *end)
{
	struct freebsd_thread thread = {.cpu = -1};
	uint64_t cpu;
	int r;

	if (number_read(&p, end, UINT64_MAX, &thread.runtime_us) < 0 || p == end || *p++ != ' ')
		return 0;
	if (p < end && *p == '-')
		p++;
	else if (number_read(&p, end, CPUSET_MAX - 1, &cpu) == 0)
		thread.cpu = (int32_t)cpu;
	else
		return 0;
	if (end - p < 2 || *p++ != ' ')
		return 0;
	thread.name = arena_strndup(&threads->strings, p, (size_t)(end - p));
	if (!thread.name)
		return -ENOMEM;
	r = ARRAY_RESERVE(threads->items, threads->n + 1, threads->cap);
	if (r == 0)
		threads->items[threads->n++] = thread;
	return r;
}

static int compare_threads(const void *a, const void *b)
{
	const struct freebsd_thread *left = a, *right = b;

	return strcmp(left->name, right->name);
}

int freebsd_threads_parse(const char *text, size_t len, struct freebsd_threads *ret)
{
	const char *p = text, *end = text + len;
	int r = 0;

	*ret = (struct freebsd_threads){0};
	while (p < end && r == 0) {
		const char *newline = memchr(p, '\n', (size_t)(end - p));

		r = add_thread(ret, p, newline ? newline : end);
		p = newline ? newline + 1 : end;
	}
	if (ret->n)
		qsort(ret->items, ret->n, sizeof(*ret->items), compare_threads);
	return r;
}

const struct freebsd_thread *freebsd_threads_find(const struct freebsd_threads *threads,
						  const char *name)
{
	const struct freebsd_thread wanted = {.name = name};

	if (!threads->n)
		return NULL;
	return bsearch(&wanted, threads->items, threads->n, sizeof(wanted), compare_threads);
}

void freebsd_threads_done(struct freebsd_threads *threads)
{
	free(threads->items);
	arena_done(&threads->strings);
	*threads = (struct freebsd_threads){0};
}
