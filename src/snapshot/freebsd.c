/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One instant of a FreeBSD machine: the same snapshot out of sysctls (source/freebsd.h). Counts are
 * totals, except for the rows that the kernel keeps per CPU; what the CPUs of the others were is
 * found out later, by their targets (model/attribution.h).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "parse/freebsd_intr.h"
#include "snapshot/internal.h"

#define NS_PER_S 1000000000u

bool snapshot_is_freebsd(struct source *source)
{
	uint32_t mode;

	return source_mode(source, "sysctl/hw.intrcnt", &mode) == 0;
}

int snapshot_measure(struct source *source, double seconds, struct freebsd_measured *ret)
{
	_cleanup_(buf_done) struct buf path = {0}, bytes = {0};
	double ms = seconds * 1000;
	int r = buf_printf(&path, "dtrace/%.0f", ms < 1 ? 1 : ms);

	*ret = (struct freebsd_measured){0};
	if (r == 0)
		r = source_read(source, path.data, &bytes);
	return r < 0 ? r : freebsd_dtrace_parse(buf_text(&bytes), bytes.len, ret);
}

static int read_file(struct reading *reading, const char *path)
{
	buf_cut(&reading->bytes, 0);
	return source_read(reading->source, path, &reading->bytes);
}

int freebsd_read_value(struct reading *reading, const char *name)
{
	int r = 0;

	buf_cut(&reading->path, 0);
	r = buf_printf(&reading->path, "sysctl/%s", name);
	return r < 0 ? r : read_file(reading, reading->path.data);
}

int freebsd_read_text(struct reading *reading, const char *name)
{
	int r = freebsd_read_value(reading, name);

	if (r == 0 && reading->bytes.len)
		buf_cut(&reading->bytes, strnlen(reading->bytes.data, reading->bytes.len));
	if (r == 0)
		buf_rstrip(&reading->bytes);
	return r;
}

static int read_number(struct reading *reading, const char *name, uint64_t *ret)
{
	int r = freebsd_read_value(reading, name);

	return r < 0 ? r : freebsd_number_parse(buf_text(&reading->bytes), reading->bytes.len, ret);
}

static void stamp(struct reading *reading)
{
	struct snapshot *snapshot = reading->snapshot;

	if (source_moment(reading->source, &snapshot->time_ns, &snapshot->mono_ns) == 0)
		return;
	if (!reading->source->live) {
		source_time(reading->source, "sysctl/hw.intrcnt", &snapshot->time_ns);
		return;
	}
	snapshot->time_ns = clock_ns(CLOCK_REALTIME);
	snapshot->mono_ns = clock_ns(CLOCK_MONOTONIC);
}

/* Ids may have gaps where CPUs are switched off, so the highest counts. 0: not known. */
static uint32_t read_n_cpus(struct reading *reading)
{
	uint64_t n;

	if (read_number(reading, "kern.smp.maxid", &n) == 0 && n < CPUSET_MAX)
		return (uint32_t)n + 1;
	if (read_number(reading, "hw.ncpu", &n) == 0 && n <= CPUSET_MAX)
		return (uint32_t)n;
	return 0;
}

static int fail(struct reading *reading, const char *name, const char *what, int error,
		struct buf *ret_error)
{
	const char *root = reading->source->name;

	if (*root)
		buf_printf(ret_error, "%s/sysctl/%s: %s", root, name, what);
	else
		buf_printf(ret_error, "sysctl %s: %s", name, what);
	return error;
}

/* The names first: a counter that got a name in between is read with its count. */
static int read_table(struct reading *reading, struct buf *ret_error)
{
	struct snapshot *snapshot = reading->snapshot;
	_cleanup_(buf_done) struct buf names = {0}, counts = {0};
	struct freebsd_intr intr = {.n_cpus = read_n_cpus(reading)};
	struct irq_parse_error error = {0};
	int r = source_read(reading->source, "sysctl/hw.intrnames", &names);

	if (r < 0)
		return fail(reading, "hw.intrnames", snapshot_reason(r), r, ret_error);
	r = source_read(reading->source, "sysctl/hw.intrcnt", &counts);
	stamp(reading);
	if (r < 0)
		return fail(reading, "hw.intrcnt", snapshot_reason(r), r, ret_error);
	intr.names = buf_text(&names);
	intr.names_len = names.len;
	intr.counts = buf_text(&counts);
	intr.counts_len = counts.len;
	r = freebsd_intr_parse(&intr, &snapshot->interrupts, &error);
	if (r < 0)
		return fail(reading, "hw.intrcnt", error.what ? error.what : snapshot_reason(r), r,
			    ret_error);
	snapshot->has_interrupts = true;
	if (!intr.n_cpus)
		return reading_missing(reading, "/sysctl/hw.ncpu: how many CPUs there are is taken "
						"from the names of the counters");
	return 0;
}

static int read_cpu_times(struct reading *reading)
{
	static const char loss[] = "time spent in interrupts is not known";
	struct snapshot *snapshot = reading->snapshot;
	uint32_t stathz = 0;
	int r = freebsd_read_value(reading, "kern.clockrate");

	if (r == 0)
		r = freebsd_stathz_parse(buf_text(&reading->bytes), reading->bytes.len, &stathz);
	if (r < 0)
		return r == -ENOMEM ? r
				    : reading_missing(reading, "/sysctl/kern.clockrate: %s: %s",
						      snapshot_reason(r), loss);
	r = freebsd_read_value(reading, "kern.cp_times");
	if (r == 0)
		r = freebsd_cp_times_parse(buf_text(&reading->bytes), reading->bytes.len, stathz,
					   &snapshot->cpu_times, &snapshot->n_cpu_times);
	if (r == 0 || r == -ENOMEM)
		return r;
	return reading_missing(reading, "/sysctl/kern.cp_times: %s: %s", snapshot_reason(r), loss);
}

/* Only root may, and only where the kernel lets it: nothing rests on it, so nothing is said. */
static int read_cpu_interrupts(struct reading *reading)
{
	struct snapshot *snapshot = reading->snapshot;
	size_t n = snapshot->interrupts.n_cpus;
	int r = read_file(reading, "v_intr");

	if (r < 0 || reading->bytes.len != n * sizeof(*snapshot->cpu_interrupts))
		return r == -ENOMEM ? r : 0;
	snapshot->cpu_interrupts = malloc(reading->bytes.len);
	if (!snapshot->cpu_interrupts)
		return -ENOMEM;
	memcpy(snapshot->cpu_interrupts, reading->bytes.data, reading->bytes.len);
	snapshot->n_cpu_interrupts = n;
	return 0;
}

static int read_uptime(struct reading *reading)
{
	struct snapshot *snapshot = reading->snapshot;
	uint64_t boot_ns = 0;
	int r = freebsd_read_value(reading, "kern.boottime");

	if (r == 0)
		r = freebsd_boottime_parse(buf_text(&reading->bytes), reading->bytes.len, &boot_ns);
	if (r == -ENOMEM)
		return r;
	if (r < 0)
		return reading_missing(reading,
				       "/sysctl/kern.boottime: %s: rates since boot are not known",
				       snapshot_reason(r));
	if (snapshot->time_ns > boot_ns)
		snapshot->uptime_s = (double)(snapshot->time_ns - boot_ns) / NS_PER_S;
	return 0;
}

static int read_threads(struct reading *reading)
{
	int r = read_file(reading, "threads");

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	return freebsd_threads_parse(buf_text(&reading->bytes), reading->bytes.len,
				     &reading->snapshot->threads);
}

static int read_kernel(struct reading *reading)
{
	int r = freebsd_read_text(reading, "kern.osrelease");

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	reading->snapshot->kernel =
		arena_strdup(&reading->snapshot->strings, buf_text(&reading->bytes));
	return reading->snapshot->kernel ? 0 : -ENOMEM;
}

static int no_softirqs(struct reading *reading)
{
	return reading_missing(reading, "/sysctl: FreeBSD has no softirqs; its interrupt threads "
					"are rows of the table");
}

int snapshot_read_freebsd(struct reading *reading, struct buf *ret_error)
{
	static const struct {
		unsigned int need;
		int (*read)(struct reading *reading);
	} facts[] = {
		{SNAPSHOT_CPU_TIME, read_cpu_times},
		{SNAPSHOT_CPU_TIME, read_cpu_interrupts},
		{SNAPSHOT_UPTIME, read_uptime},
		{SNAPSHOT_SOFTIRQS, no_softirqs},
		{SNAPSHOT_AFFINITY | SNAPSHOT_DEVICES, read_kernel},
		{SNAPSHOT_AFFINITY, read_threads},
		{SNAPSHOT_DEVICES, freebsd_read_devices},
		/* always: a count belongs to a CPU only where the target is known */
		{~0u, freebsd_read_affinity},
	};
	int r;

	reading->snapshot->system = SYSTEM_FREEBSD;
	r = read_table(reading, ret_error);
	if (r < 0)
		return r;
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(facts); i++) {
		if (facts[i].need == ~0u || reading->needs & facts[i].need)
			r = facts[i].read(reading);
	}
	if (r < 0)
		buf_printf(ret_error, "%s", snapshot_reason(r));
	return r;
}
