/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where FreeBSD's interrupts go. cpuset_getaffinity() tells the request: one CPU, or all of them
 * for an interrupt that nobody has bound. hw.intrs tells the CPU that the kernel believes, which is
 * 0 for every MSI until the interrupt was bound once: that CPU is taken for the target only where
 * something vouches for it.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/number.h"
#include "base/text.h"
#include "parse/freebsd_intrs.h"
#include "parse/freebsd_msix.h"
#include "snapshot/internal.h"

/* On INTRNG the first interrupts have no counter: up to 16 software-generated ones on a GICv3. */
#define OFFSET_MAX 32u
#define PROBE_MORE 64u /* numbers past the last handler's place that are tried */

struct targets {
	struct reading *reading;
	struct freebsd_sources sources; /* hw.intrs, empty where the kernel has none */
	struct cpuset bound;            /* interrupts of irqctl/targets: their numbers, no CPUs */
	struct buf apic_ids;
	bool has_apic_ids;
	int error;        /* the first of cpuset_getaffinity, 0: none */
	size_t n_answers; /* interrupts whose request is known */
};

static int read_file(struct targets *targets, const char *path)
{
	struct reading *reading = targets->reading;

	buf_cut(&reading->bytes, 0);
	return source_read(reading->source, path, &reading->bytes);
}

/* 0; -ESRCH: it has no handler; -ENOENT: a recording without it; or -errno. */
static int read_request(struct targets *targets, int32_t irq, struct cpuset *set)
{
	struct reading *reading = targets->reading;
	int r;

	buf_cut(&reading->path, 0);
	r = buf_printf(&reading->path, "cpuset/irq/%d", irq);
	if (r == 0)
		r = read_file(targets, reading->path.data);
	if (r == 0)
		r = freebsd_mask_parse(buf_text(&reading->bytes), reading->bytes.len, set);
	if (r == 0)
		targets->n_answers++;
	else if (r != -ESRCH && !targets->error)
		targets->error = r;
	return r;
}

static bool has_handler(const struct irq_row *row)
{
	return row->summary && *row->text;
}

static int compare_sources(const void *a, const void *b)
{
	const struct freebsd_source *left = a, *right = b;

	return (left->index > right->index) - (left->index < right->index);
}

static const struct freebsd_source *find_source(const struct targets *targets,
						const struct irq_row *row)
{
	const struct freebsd_source wanted = {.index = row->line - 1};

	if (!targets->sources.n)
		return NULL;
	return bsearch(&wanted, targets->sources.items, targets->sources.n, sizeof(wanted),
		       compare_sources);
}

/* The lines of irqctl/targets. */
static int read_bound(struct targets *targets)
{
	_cleanup_(buf_done) struct buf bytes = {0};
	int r = source_read(targets->reading->source, "irqctl/targets", &bytes);
	const char *p = buf_text(&bytes), *end = p + bytes.len;
	uint64_t number;

	while (p < end && r == 0) {
		if (number_read(&p, end, CPUSET_MAX - 1, &number) == 0)
			r = cpuset_add(&targets->bound, (uint32_t)number);
		while (p < end && *p++ != '\n')
			;
	}
	return r == -ENOMEM ? r : 0;
}

static bool was_bound(const struct targets *targets, int32_t irq)
{
	return cpuset_has(&targets->bound, (uint32_t)irq);
}

/*
 * A bound interrupt is where it was bound to. Of the others a CPU above 0 was written by a move, so
 * it is right; a 0 may be the value that nothing ever changed.
 */
static int judge_target(const struct targets *targets, struct irq_facts *facts)
{
	bool is_bound = facts->has_requested && cpuset_count(&facts->requested) == 1;

	if (facts->believed < 0 && is_bound && !targets->sources.n)
		facts->believed = (int32_t)cpuset_next(&facts->requested, 0);
	if (facts->believed < 0 ||
	    !(is_bound || facts->believed > 0 || was_bound(targets, facts->irq)))
		return 0;
	facts->has_effective = true;
	return cpuset_add(&facts->effective, (uint32_t)facts->believed);
}

/* "em0:rxq0" -> dev.em.0.iflib.rxq0.cpu (sys/net/iflib.c). */
static int read_worker(struct targets *targets, const struct irq_row *row, struct irq_facts *facts)
{
	size_t device = strcspn(row->text, ":"), driver = device;
	_cleanup_(buf_done) struct buf name = {0};
	uint64_t cpu;
	int r;

	while (driver && is_digit(row->text[driver - 1]))
		driver--;
	if (!row->text[device] || driver == device || !driver || strpbrk(row->text, " /") ||
	    strncmp(row->text + device + 1, "rxq", 3) != 0)
		return 0;
	r = buf_printf(&name, "dev.%.*s.%.*s.iflib.%s.cpu", (int)driver, row->text,
		       (int)(device - driver), row->text + driver, row->text + device + 1);
	if (r == 0)
		r = freebsd_read_value(targets->reading, name.data);
	if (r == 0)
		r = freebsd_number_parse(buf_text(&targets->reading->bytes),
					 targets->reading->bytes.len, &cpu);
	if (r == 0 && cpu < CPUSET_MAX)
		facts->worker_cpu = (int32_t)cpu;
	return r == -ENOMEM ? r : 0;
}

static int add_facts(struct targets *targets, const struct irq_row *row)
{
	struct snapshot *snapshot = targets->reading->snapshot;
	const struct freebsd_source *source = find_source(targets, row);
	struct irq_facts facts = {.irq = row->number, .node = -1, .believed = -1, .worker_cpu = -1};
	int r = ARRAY_RESERVE(snapshot->irqs, snapshot->n_irqs + 1, snapshot->cap_irqs);

	if (r < 0)
		return r;
	facts.has_requested = read_request(targets, row->number, &facts.requested) == 0;
	if (source)
		facts.believed = (int32_t)source->cpu;
	r = judge_target(targets, &facts);
	if (r == 0)
		r = read_worker(targets, row, &facts);
	snapshot->irqs[snapshot->n_irqs++] = facts;
	return r;
}

/* The numbers that have handlers, below `limit`. The caller frees *ret. */
static int probe_numbers(struct targets *targets, uint32_t limit, bool **ret)
{
	bool *answers = calloc(limit + 1, sizeof(*answers));
	int r = answers ? 0 : -ENOMEM;

	for (uint32_t irq = 0; irq < limit && r == 0; irq++) {
		_cleanup_(cpuset_done) struct cpuset set = {0};

		r = read_request(targets, (int32_t)irq, &set);
		answers[irq] = r == 0;
		r = r == -ENOMEM ? r : 0;
	}
	*ret = answers;
	return r;
}

/* The number of a row's interrupt: sources have a pair of counters each, in the order of numbers.
 */
static uint32_t number_at(const struct irq_row *row, uint32_t offset)
{
	return (row->line - 1) / 2 + offset;
}

/* Whether exactly the rows with handlers have numbers that answer. */
static bool offset_fits(const struct irq_table *table, const bool *answers, uint32_t limit,
			size_t n_answers, uint32_t offset)
{
	size_t n = 0;

	for (size_t i = 0; i < table->n_rows; i++) {
		uint32_t number = number_at(&table->rows[i], offset);

		if (!has_handler(&table->rows[i]) || table->rows[i].number >= 0)
			continue;
		if (number >= limit || !answers[number])
			return false;
		n++;
	}
	return n == n_answers;
}

/* Names of INTRNG hold no number ("its0,3: nvme0"), so it is found by who answers. */
static int find_numbers(struct targets *targets)
{
	struct irq_table *table = &targets->reading->snapshot->interrupts;
	_cleanup_free_ bool *answers = NULL;
	uint32_t limit = 0, offset = 0;
	int r;

	for (size_t i = 0; i < table->n_rows; i++) {
		const struct irq_row *row = &table->rows[i];

		if (has_handler(row) && row->number < 0 && number_at(row, PROBE_MORE) > limit)
			limit = number_at(row, PROBE_MORE);
	}
	if (!limit)
		return 0;
	r = probe_numbers(targets, limit, &answers);
	if (r < 0)
		return r;
	while (offset <= OFFSET_MAX &&
	       !offset_fits(table, answers, limit, targets->n_answers, offset))
		offset++;
	for (size_t i = 0; i < table->n_rows && offset <= OFFSET_MAX; i++) {
		if (has_handler(&table->rows[i]) && table->rows[i].number < 0)
			table->rows[i].number = (int32_t)number_at(&table->rows[i], offset);
	}
	return 0;
}

static int compare_facts(const void *a, const void *b)
{
	const struct irq_facts *left = a, *right = b;

	return (left->irq > right->irq) - (left->irq < right->irq);
}

static int compare_vectors(const void *a, const void *b)
{
	return compare_facts(*(struct irq_facts *const *)a, *(struct irq_facts *const *)b);
}

/* The vectors of a device, in the order of its table: those of its handlers, by number. */
static size_t list_vectors(struct targets *targets, const struct device *device,
			   struct irq_facts **vectors)
{
	struct snapshot *snapshot = targets->reading->snapshot;
	size_t len = strlen(device->handler), n = 0;

	for (size_t i = 0; i < snapshot->interrupts.n_rows; i++) {
		const struct irq_row *row = &snapshot->interrupts.rows[i];
		const struct irq_facts *facts;

		if (!has_handler(row) || strncmp(row->text, device->handler, len) != 0 ||
		    (row->text[len] && row->text[len] != ':'))
			continue;
		facts = row->number < 0 ? NULL : snapshot_irq(snapshot, row->number);
		if (facts)
			vectors[n++] = &snapshot->irqs[facts - snapshot->irqs];
	}
	if (n)
		qsort(vectors, n, sizeof(*vectors), compare_vectors);
	return n;
}

/*
 * The device is right where the kernel is not: a driver that was loaded again may have got another
 * vector for the same number, and the kernel goes on with the CPU, and even the request, of the old
 * one (sys/x86/x86/msi.c, msix_alloc and msix_release).
 */
static int take_word(struct irq_facts *facts, uint32_t cpu)
{
	facts->is_stale = facts->has_effective && !cpuset_has(&facts->effective, cpu);
	facts->has_effective = true;
	cpuset_done(&facts->effective);
	return cpuset_add(&facts->effective, cpu);
}

static int apply_msix(struct targets *targets, const struct device *device)
{
	const struct buf *table = &targets->reading->bytes;
	_cleanup_free_ struct irq_facts **vectors = calloc(
		targets->reading->snapshot->interrupts.n_rows + 1, sizeof(struct irq_facts *));
	size_t n = vectors ? list_vectors(targets, device, vectors) : 0;
	int r = vectors ? 0 : -ENOMEM;

	/* a vector more or less, and nobody can say which is which */
	if (n != freebsd_msix_used(buf_text(table), table->len))
		return r;
	for (size_t i = 0; i < n && r == 0; i++) {
		int32_t cpu = freebsd_msix_cpu(buf_text(table), table->len, i,
					       buf_text(&targets->apic_ids), targets->apic_ids.len);

		if (cpu >= 0)
			r = take_word(vectors[i], (uint32_t)cpu);
	}
	return r;
}

/* Moves *text behind hexadecimal digits, and behind `end` which must follow them. */
static bool read_hex(const char **text, char end, uint32_t *ret)
{
	char *stop;
	unsigned long value;

	if (!isxdigit((unsigned char)**text))
		return false;
	errno = 0;
	value = strtoul(*text, &stop, 16);
	if (errno || value > UINT32_MAX || *stop != end)
		return false;
	*ret = (uint32_t)value;
	*text = end ? stop + 1 : stop;
	return true;
}

/* "0000:03:00.0" -> "msix/0:3:0:0" */
static int read_msix(struct targets *targets, const char *address)
{
	static const char ends[] = {':', ':', '.', '\0'};
	uint32_t parts[ARRAY_SIZE(ends)];

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		if (!read_hex(&address, ends[i], &parts[i]))
			return -ENOENT;
	}
	buf_cut(&targets->reading->path, 0);
	if (buf_printf(&targets->reading->path, "msix/%u:%u:%u:%u", parts[0], parts[1], parts[2],
		       parts[3]) < 0)
		return -ENOMEM;
	return read_file(targets, targets->reading->path.data);
}

/* The devices themselves know where their messages go. */
static int read_devices(struct targets *targets)
{
	struct snapshot *snapshot = targets->reading->snapshot;
	int r = 0;

	if (!snapshot->n_irqs || !snapshot->n_devices ||
	    source_read(targets->reading->source, "apic_ids", &targets->apic_ids) < 0)
		return 0;
	for (size_t i = 0; i < snapshot->n_devices && r == 0; i++) {
		const struct device *device = &snapshot->devices[i];

		if (!device->handler)
			continue;
		r = read_msix(targets, device->parent ? device->parent : device->address);
		if (r == 0)
			r = apply_msix(targets, device);
		r = r == -ENOMEM ? r : 0;
	}
	return r;
}

static int report(struct targets *targets)
{
	if (targets->n_answers || !targets->error || targets->error == -ESRCH)
		return 0;
	return reading_missing(targets->reading, "/cpuset/irq/*: %s: requested CPUs are not known",
			       snapshot_reason(targets->error));
}

static int read_targets(struct targets *targets)
{
	struct snapshot *snapshot = targets->reading->snapshot;
	int r = freebsd_read_value(targets->reading, "hw.intrs");

	if (r == 0)
		r = freebsd_intrs_parse(buf_text(&targets->reading->bytes),
					targets->reading->bytes.len, &targets->sources);
	if (r == -ENOMEM)
		return r;
	if (targets->sources.n)
		qsort(targets->sources.items, targets->sources.n, sizeof(*targets->sources.items),
		      compare_sources);
	r = read_bound(targets);
	if (r == 0)
		r = find_numbers(targets);
	for (size_t i = 0; i < snapshot->interrupts.n_rows && r == 0; i++) {
		const struct irq_row *row = &snapshot->interrupts.rows[i];

		if (has_handler(row) && row->number >= 0)
			r = add_facts(targets, row);
	}
	if (r == 0 && snapshot->n_irqs)
		qsort(snapshot->irqs, snapshot->n_irqs, sizeof(*snapshot->irqs), compare_facts);
	return r;
}

int freebsd_read_affinity(struct reading *reading)
{
	struct targets targets = {.reading = reading};
	int r = read_targets(&targets);

	if (r == 0 && reading->needs & SNAPSHOT_AFFINITY)
		r = read_devices(&targets);
	if (r == 0)
		r = report(&targets);
	freebsd_sources_done(&targets.sources);
	cpuset_done(&targets.bound);
	buf_done(&targets.apic_ids);
	return r;
}
