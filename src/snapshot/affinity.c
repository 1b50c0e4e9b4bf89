/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * /proc/irq/N (kernel/irq/proc.c). Machines have thousands of interrupts, so a file that this
 * kernel lacks, or that this user may not read, is tried once and not for each.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/number.h"
#include "parse/cpulist.h"
#include "snapshot/internal.h"

/* The same set in both of the kernel's forms; a recording may hold one of them only. */
struct set_files {
	const char *list; /* NULL: the kernel writes no list */
	const char *mask;
	const char *loss; /* what is not known without it */
};

enum {
	REQUESTED,
	EFFECTIVE,
	HINT,
	N_SETS,
};

static const struct set_files set_files[N_SETS] = {
	[REQUESTED] = {"smp_affinity_list", "smp_affinity", "requested CPUs are not known"},
	[EFFECTIVE] = {"effective_affinity_list", "effective_affinity",
		       "CPUs that really serve the interrupts are not known"},
	[HINT] = {NULL, "affinity_hint", "hints of the drivers are not known"},
};

struct affinity_reader {
	struct reading *reading;
	size_t n_read[N_SETS];
	int error[N_SETS]; /* the first that is not "no such file"; else that; else 0 */
	int32_t failed_irq[N_SETS];
	bool given_up[N_SETS];
};

static int parse_set(const struct reading *reading, bool list, struct cpuset *set)
{
	const char *text = buf_text(&reading->bytes);

	return list ? cpulist_parse(text, reading->bytes.len, set)
		    : cpumask_parse(text, reading->bytes.len, set);
}

static int read_form(struct reading *reading, const struct set_files *files, struct cpuset *set)
{
	int r = -ENOENT;

	if (files->list) {
		r = reading_read(reading, files->list);
		if (r == 0)
			return parse_set(reading, true, set);
	}
	if (r == -ENOENT)
		r = reading_read(reading, files->mask);
	return r < 0 ? r : parse_set(reading, false, set);
}

static void note_error(struct affinity_reader *reader, int which, int32_t irq, int error)
{
	if (reader->error[which] == 0 || reader->error[which] == -ENOENT) {
		reader->error[which] = error;
		reader->failed_irq[which] = irq;
	}
	/* of a recording each file may fail for itself; what was read once is there */
	if (reader->reading->source->live && !reader->n_read[which] &&
	    (error == -EACCES || error == -EPERM || (error == -ENOENT && which != REQUESTED)))
		reader->given_up[which] = true;
}

/*
 * Returns 0, and *ret_has where the set says something: an empty one stands for no hint, or for an
 * interrupt that no CPU serves yet. Otherwise the reason as -errno.
 */
static int read_set(struct affinity_reader *reader, int which, int32_t irq, struct cpuset *set,
		    bool *ret_has)
{
	int r;

	if (reader->given_up[which])
		return reader->error[which];
	r = read_form(reader->reading, &set_files[which], set);
	if (r < 0) {
		note_error(reader, which, irq, r);
		return r;
	}
	reader->n_read[which]++;
	*ret_has = cpuset_next(set, 0) >= 0;
	return 0;
}

static void read_node(struct reading *reading, int32_t *node)
{
	if (reading_read(reading, "node") < 0 ||
	    number_parse_i32(buf_text(&reading->bytes), node) < 0)
		*node = -1;
}

static void free_facts(struct irq_facts *facts)
{
	cpuset_done(&facts->requested);
	cpuset_done(&facts->effective);
	cpuset_done(&facts->hint);
}

/* 0 or -ENOMEM. An interrupt without a directory (it is gone, or it has none) leaves no facts. */
static int read_irq(struct affinity_reader *reader, int32_t irq, struct irq_facts *facts)
{
	int r = read_set(reader, REQUESTED, irq, &facts->requested, &facts->has_requested);

	if (r == -ENOENT)
		return r;
	if (r != -ENOMEM)
		r = read_set(reader, EFFECTIVE, irq, &facts->effective, &facts->has_effective);
	if (r != -ENOMEM)
		r = read_set(reader, HINT, irq, &facts->hint, &facts->has_hint);
	if (r == -ENOMEM)
		return r;
	read_node(reader->reading, &facts->node);
	facts->has_mode = reading_mode(reader->reading, "smp_affinity", &facts->mode) == 0;
	return 0;
}

static int add_irq(struct affinity_reader *reader, int32_t irq)
{
	struct snapshot *snapshot = reader->reading->snapshot;
	struct irq_facts facts = {.irq = irq, .node = -1, .believed = -1, .worker_cpu = -1};
	char name[sizeof("-2147483648")];
	int r = ARRAY_RESERVE(snapshot->irqs, snapshot->n_irqs + 1, snapshot->cap_irqs);

	if (r < 0)
		return r;
	snprintf(name, sizeof(name), "%d", irq);
	r = reading_enter(reader->reading, "proc/irq", name);
	if (r == 0)
		r = read_irq(reader, irq, &facts);
	if (r < 0) {
		free_facts(&facts);
		return r == -ENOENT ? 0 : r;
	}
	snapshot->irqs[snapshot->n_irqs++] = facts;
	return 0;
}

struct numbers {
	int32_t *items;
	size_t n, cap;
};

static int add_number(struct numbers *numbers, int32_t number)
{
	int r = ARRAY_RESERVE(numbers->items, numbers->n + 1, numbers->cap);

	if (r == 0)
		numbers->items[numbers->n++] = number;
	return r;
}

static int numbers_of_rows(const struct irq_table *table, struct numbers *numbers)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < table->n_rows; i++) {
		if (table->rows[i].number >= 0)
			r = add_number(numbers, table->rows[i].number);
	}
	return r;
}

static int numbers_of_dir(struct reading *reading, struct numbers *numbers)
{
	_cleanup_(strv_done) struct strv names = {0};
	int r = source_list(reading->source, "proc/irq", &names);

	for (size_t i = 0; r == 0 && i < names.n; i++) {
		uint64_t number;

		if (number_parse(names.items[i], INT32_MAX, &number) == 0)
			r = add_number(numbers, (int32_t)number);
	}
	if (r < 0 && r != -ENOMEM)
		return reading_missing(reading, "/proc/irq: %s: affinities are not known",
				       snapshot_reason(r));
	return r;
}

static int compare_number(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

	return (x > y) - (x < y);
}

/* One sentence for each kind of file, or a single one where nothing at all could be read. */
static int report_errors(struct affinity_reader *reader)
{
	int r = 0;

	if (!reader->n_read[REQUESTED] && !reader->n_read[EFFECTIVE] && !reader->n_read[HINT] &&
	    reader->error[REQUESTED] != 0)
		return reading_missing(reader->reading, "/proc/irq/*: %s: affinities are not known",
				       snapshot_reason(reader->error[REQUESTED]));
	for (int i = 0; r == 0 && i < N_SETS; i++) {
		const struct set_files *files = &set_files[i];
		const char *name = files->list ? files->list : files->mask;
		int error = reader->error[i];

		if (error == 0 || (error == -ENOENT && reader->n_read[i]))
			continue;
		if (reader->n_read[i])
			r = reading_missing(reader->reading, "/proc/irq/%d/%s: %s: some %s",
					    reader->failed_irq[i], name, snapshot_reason(error),
					    files->loss);
		else if (error != -ENOENT || i != HINT)
			r = reading_missing(reader->reading, "/proc/irq/*/%s: %s: %s", name,
					    snapshot_reason(error), files->loss);
	}
	return r;
}

int snapshot_read_affinity(struct reading *reading)
{
	struct affinity_reader reader = {.reading = reading};
	struct numbers numbers = {0};
	uint32_t mode;
	int r = source_mode(reading->source, "proc/irq", &mode);

	if (r < 0)
		return reading_missing(reading, "/proc/irq: %s: affinities are not known",
				       snapshot_reason(r));
	if (reading->snapshot->has_interrupts)
		r = numbers_of_rows(&reading->snapshot->interrupts, &numbers);
	else
		r = numbers_of_dir(reading, &numbers);
	if (numbers.n)
		qsort(numbers.items, numbers.n, sizeof(*numbers.items), compare_number);
	for (size_t i = 0; r == 0 && i < numbers.n; i++) {
		if (i == 0 || numbers.items[i] != numbers.items[i - 1])
			r = add_irq(&reader, numbers.items[i]);
	}
	free(numbers.items);
	return r < 0 ? r : report_errors(&reader);
}
