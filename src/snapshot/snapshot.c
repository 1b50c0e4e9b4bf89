/* SPDX-License-Identifier: BSD-2-Clause */
#include "snapshot/snapshot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "snapshot/internal.h"

/* How often a table is read while CPUs come and go inside the read. */
#define MAX_READS 3

/* Feeds a file into a parser, and keeps its bytes where somebody wants them. */
struct table_feed {
	struct irq_parser parser;
	struct buf *raw; /* may be NULL */
};

static int64_t feed_chunk(void *ctx, const char *bytes, size_t len, bool last)
{
	struct table_feed *feed = ctx;
	int64_t used = irq_parser_feed(&feed->parser, bytes, len, last);
	int r;

	if (used <= 0 || !feed->raw)
		return used;
	r = buf_append(feed->raw, bytes, (size_t)used);
	return r < 0 ? r : used;
}

uint64_t snapshot_mono(struct source *source)
{
	uint64_t time_ns, mono_ns;

	return source_moment(source, &time_ns, &mono_ns) == 0 ? mono_ns : clock_ns(CLOCK_MONOTONIC);
}

static void stamp(struct reading *reading)
{
	struct snapshot *snapshot = reading->snapshot;

	if (source_moment(reading->source, &snapshot->time_ns, &snapshot->mono_ns) == 0)
		return;
	if (!reading->source->live) {
		source_time(reading->source, "proc/interrupts", &snapshot->time_ns);
		return;
	}
	snapshot->time_ns = clock_ns(CLOCK_REALTIME);
	snapshot->mono_ns = clock_ns(CLOCK_MONOTONIC);
}

int snapshot_read_table(struct source *source, struct irq_table *table, struct buf *raw,
			struct irq_parse_error *ret_error)
{
	int r = 0;

	for (int i = 0; i < MAX_READS; i++) {
		struct table_feed feed = {.parser.table = table, .raw = raw};

		irq_table_done(table);
		if (raw)
			buf_cut(raw, 0);
		r = source_stream(source, "proc/interrupts", feed_chunk, &feed);
		*ret_error = feed.parser.error;
		if (r < 0 || !table->ragged || !source->live)
			break;
	}
	return r;
}

static int read_interrupts(struct reading *reading, struct irq_parse_error *ret_error)
{
	struct snapshot *snapshot = reading->snapshot;
	int r = snapshot_read_table(reading->source, &snapshot->interrupts,
				    reading->needs & SNAPSHOT_RAW ? &snapshot->raw : NULL,
				    ret_error);

	stamp(reading);
	return r;
}

static int report_faults(struct reading *reading)
{
	const struct irq_table *table = &reading->snapshot->interrupts;
	int r = 0;

	if (!table->n_rows)
		r = reading_missing(reading, "/proc/interrupts: a header without rows");
	if (r == 0 && table->n_bad_rows)
		r = reading_missing(
			reading,
			"/proc/interrupts: %zu %s not understood and left out; the first is "
			"line %zu",
			table->n_bad_rows, table->n_bad_rows == 1 ? "line" : "lines",
			table->bad_line);
	if (r == 0 && table->cut_key)
		r = reading_missing(
			reading,
			"/proc/interrupts: the file ends inside row %s, which was left out",
			table->cut_key);
	if (r == 0 && table->ragged)
		r = reading_missing(
			reading,
			"/proc/interrupts: rows carry more or fewer counts than the header "
			"names CPUs: some counts may stand under a wrong CPU");
	return r;
}

static int fail_interrupts(struct reading *reading, int error, const struct irq_parse_error *parse,
			   struct buf *ret_error)
{
	const char *name = reading->source->name;
	const char *way_out = "";

	if (parse->what) {
		buf_printf(ret_error, "%s/proc/interrupts: line %zu: %s", name, parse->line,
			   parse->what);
		return error;
	}
	if (error == -ENOENT)
		way_out = reading->source->live
				  ? "; is /proc mounted?"
				  : "; a root is a directory that holds proc/interrupts";
	else if (error == -EACCES || error == -EPERM)
		way_out = "; try as root";
	else if (error == -ENODATA && reading->source->live)
		way_out = "; a container may hide it: run irqctl on the host";
	buf_printf(ret_error, "%s/proc/interrupts: %s%s", name, snapshot_reason(error), way_out);
	return error;
}

/* In some containers the table is hidden, but not /proc/irq; and softirqs have a file of their own.
 */
static int do_without_table(struct reading *reading, int error)
{
	const char *rest = reading->needs & SNAPSHOT_SOFTIRQS ? "proc/softirqs" : "proc/irq";
	uint32_t mode;

	if ((error != -ENOENT && error != -ENODATA) ||
	    !(reading->needs & (SNAPSHOT_AFFINITY | SNAPSHOT_SOFTIRQS)) ||
	    source_mode(reading->source, rest, &mode) < 0)
		return error;
	if (reading->needs & SNAPSHOT_SOFTIRQS)
		return 0; /* nothing was lost that they need */
	return reading_missing(reading,
			       "/proc/interrupts: %s: counts, names and chips are not known",
			       snapshot_reason(error));
}

static int read_all(struct reading *reading, struct buf *ret_error)
{
	struct snapshot *snapshot = reading->snapshot;
	struct irq_parse_error parse = {0};
	int r = read_interrupts(reading, &parse);

	if (r == -ENOENT && snapshot_is_freebsd(reading->source))
		return snapshot_read_freebsd(reading, ret_error);
	snapshot->has_interrupts = r == 0;
	if (r == 0) {
		r = report_faults(reading);
	} else {
		irq_table_done(&snapshot->interrupts);
		if (do_without_table(reading, r) < 0)
			return fail_interrupts(reading, r, &parse, ret_error);
		r = 0;
	}
	if (r == 0)
		r = snapshot_read_facts(reading);
	if (r == 0 && reading->needs & SNAPSHOT_AFFINITY)
		r = snapshot_read_affinity(reading);
	if (r == 0 && reading->needs & SNAPSHOT_DEVICES)
		r = snapshot_read_devices(reading);
	if (r < 0)
		buf_printf(ret_error, "%s", snapshot_reason(r));
	return r;
}

int snapshot_take(struct source *source, unsigned int needs, struct snapshot *ret,
		  struct buf *ret_error)
{
	struct reading reading = {.source = source, .snapshot = ret, .needs = needs};
	int r;

	*ret = (struct snapshot){0};
	r = read_all(&reading, ret_error);
	buf_done(&reading.path);
	buf_done(&reading.bytes);
	return r;
}

static int compare_irq(const void *key, const void *item)
{
	int32_t irq = *(const int32_t *)key;
	const struct irq_facts *facts = item;

	return (irq > facts->irq) - (irq < facts->irq);
}

const struct irq_facts *snapshot_irq(const struct snapshot *snapshot, int32_t irq)
{
	if (!snapshot->n_irqs)
		return NULL;
	return bsearch(&irq, snapshot->irqs, snapshot->n_irqs, sizeof(*snapshot->irqs),
		       compare_irq);
}

void snapshot_done(struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->n_irqs; i++) {
		cpuset_done(&snapshot->irqs[i].requested);
		cpuset_done(&snapshot->irqs[i].effective);
		cpuset_done(&snapshot->irqs[i].hint);
	}
	for (size_t i = 0; i < snapshot->n_devices; i++) {
		strv_done(&snapshot->devices[i].interfaces);
		free(snapshot->devices[i].irqs);
	}
	irq_table_done(&snapshot->interrupts);
	irq_table_done(&snapshot->softirqs);
	free(snapshot->cpu_times);
	free(snapshot->irqs);
	free(snapshot->devices);
	free(snapshot->queues);
	freebsd_threads_done(&snapshot->threads);
	freebsd_measured_done(&snapshot->measured);
	free(snapshot->cpu_interrupts);
	buf_done(&snapshot->raw);
	strv_done(&snapshot->missing);
	arena_done(&snapshot->strings);
	*snapshot = (struct snapshot){0};
}
