/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as /proc/stat, /proc/uptime and /proc/pressure/irq. */
#include "fuzz.h"

#include "base/macros.h"
#include "parse/proc_stat.h"

/* Twice into the same array, as a daemon reads. */
static void check_counts(const char *text, size_t size)
{
	_cleanup_free_ uint64_t *counts = NULL;
	size_t n = 0, cap = 0, first;
	int r = proc_stat_counts(text, size, &counts, &n, &cap);

	CHECK(n <= cap && n <= size / 2 && (r == 0 || n == 0));
	first = n;
	CHECK(proc_stat_counts(text, size, &counts, &n, &cap) == r && n == first);
	/* a line that was cut says nothing else than the whole one, only less */
	if (size && text[size - 1] != '\n' &&
	    proc_stat_counts(text, size - 1, &counts, &n, &cap) == 0)
		CHECK(n <= first);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ struct cpu_time *times = NULL;
	const char *text = (const char *)data;
	struct irq_pressure pressure;
	double seconds, idle;
	size_t n = 0;

	if (proc_stat_parse(text, size, &times, &n) == 0)
		CHECK(times && n > 0);
	check_counts(text, size);
	if (proc_uptime_parse(text, size, &seconds, &idle) == 0)
		CHECK(seconds >= 0 && (idle >= 0 || idle == -1));
	if (irq_pressure_parse(text, size, &pressure) == 0)
		CHECK(pressure.avg10 >= 0 && pressure.avg60 >= 0 && pressure.avg300 >= 0);
	return 0;
}
