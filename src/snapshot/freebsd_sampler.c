/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Samples of a FreeBSD machine. All counters are one sysctl there, and so are all targets of a PC:
 * a sample is a whole snapshot, but for the first one without devices, at the cost of a millisecond
 * or less.
 */
#include <errno.h>
#include <string.h>

#include "base/array.h"
#include "base/clock.h"
#include "snapshot/internal.h"
#include "snapshot/sampler.h"

/* Real numbers are below some thousands; a recording may claim any, and the array follows them. */
#define NUMBER_MAX 65536

/*
 * One that is free now as it was then has not moved, as long as the kernel believes the same. What
 * it believes of an old vector stays wrong; where that one is bound, it may be bound again to the
 * same CPU, and nothing would tell: it may be anywhere.
 */
static int keep_target(const struct irq_facts *before, struct irq_facts *now)
{
	if (!before || !now->has_requested || before->believed != now->believed ||
	    !cpuset_equal(&before->requested, &now->requested))
		return 0;
	now->is_stale = before->is_stale;
	if (now->is_stale && cpuset_count(&now->requested) == 1) {
		now->has_effective = false;
		cpuset_done(&now->effective);
		return 0;
	}
	if (!before->has_effective || (now->has_effective && !now->is_stale))
		return 0;
	now->has_effective = true;
	return cpuset_copy(&now->effective, &before->effective);
}

/* To ask the devices where their messages go takes long, so it is done once. */
static int take(struct sampler *sampler)
{
	unsigned int more = sampler->is_learned ? 0 : SNAPSHOT_AFFINITY | SNAPSHOT_DEVICES;
	_cleanup_(buf_done) struct buf error = {0};
	struct snapshot snapshot;
	int r = snapshot_take(sampler->source, SNAPSHOT_CPU_TIME | more, &snapshot, &error);

	for (size_t i = 0; r == 0 && sampler->is_learned && i < snapshot.n_irqs; i++)
		r = keep_target(snapshot_irq(&sampler->seen, snapshot.irqs[i].irq),
				&snapshot.irqs[i]);
	if (r < 0) {
		snapshot_done(&snapshot);
		return r;
	}
	snapshot_done(&sampler->seen);
	sampler->seen = snapshot;
	sampler->is_learned = true;
	return 0;
}

static int copy_cpus(const struct snapshot *seen, struct sample *sample)
{
	int r = ARRAY_RESERVE(sample->cpus, seen->n_cpu_times, sample->cap_cpus);

	if (r < 0)
		return r;
	memcpy(sample->cpus, seen->cpu_times, seen->n_cpu_times * sizeof(*sample->cpus));
	sample->n_cpus = seen->n_cpu_times;
	sample->idle_is_ticks = true;
	return 0;
}

/* The kernel's numbers have 64 bits here; those of a sample start again at 0 after 32. */
static int copy_counts(const struct snapshot *seen, struct sample *sample)
{
	size_t n = 0;
	int r;

	for (size_t i = 0; i < seen->n_irqs && seen->irqs[i].irq < NUMBER_MAX; i++)
		n = (size_t)seen->irqs[i].irq + 1;
	r = ARRAY_RESERVE(sample->counts, n + 1, sample->cap_counts);
	if (r < 0)
		return r;
	memset(sample->counts, 0, n * sizeof(*sample->counts));
	for (size_t i = 0; i < seen->interrupts.n_rows; i++) {
		const struct irq_row *row = &seen->interrupts.rows[i];

		if (row->number >= 0 && row->number < NUMBER_MAX && snapshot_irq(seen, row->number))
			sample->counts[row->number] = (uint32_t)row->total;
	}
	sample->n_counts = n;
	return n ? 0 : -ENODATA;
}

int freebsd_sampler_take(struct sampler *sampler, struct sample *sample)
{
	int r = take(sampler);

	sample->n_cpus = sample->n_counts = 0;
	if (r < 0)
		return r;
	sample->mono_ns = clock_ns(CLOCK_MONOTONIC);
	if (!sampler->seen.n_cpu_times)
		return -EINVAL;
	r = copy_cpus(&sampler->seen, sample);
	return r < 0 ? r : copy_counts(&sampler->seen, sample);
}

/*
 * The request is asked for now, because a move may just have been made. The target of a free
 * interrupt is that of the last sample, as long as the request is the same.
 */
int freebsd_sampler_affinity(struct sampler *sampler, int32_t irq, struct cpuset *requested,
			     struct cpuset *effective)
{
	_cleanup_(buf_done) struct buf path = {0}, bytes = {0};
	const struct irq_facts *facts = snapshot_irq(&sampler->seen, irq);
	bool is_same;
	int r = buf_printf(&path, "cpuset/irq/%d", irq);

	if (r == 0)
		r = source_read(sampler->source, path.data, &bytes);
	if (r == 0)
		r = freebsd_mask_parse(buf_text(&bytes), bytes.len, requested);
	if (r < 0)
		return r == -ESRCH ? -ENOENT : r;
	is_same = facts && cpuset_equal(&facts->requested, requested);
	if (cpuset_count(requested) == 1 && !(is_same && facts->is_stale))
		return cpuset_copy(effective, requested);
	if (is_same && facts->has_effective)
		return cpuset_copy(effective, &facts->effective);
	cpuset_done(effective);
	return 0;
}

int freebsd_sampler_table(struct sampler *sampler, struct irq_table *ret_table)
{
	int r = take(sampler);

	if (r < 0)
		return r;
	*ret_table = sampler->seen.interrupts;
	sampler->seen.interrupts = (struct irq_table){0};
	return 0;
}
