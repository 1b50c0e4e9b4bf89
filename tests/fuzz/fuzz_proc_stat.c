/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as /proc/stat, /proc/uptime and /proc/pressure/irq. */
#include "fuzz.h"

#include "base/macros.h"
#include "parse/proc_stat.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ struct cpu_time *times = NULL;
	const char *text = (const char *)data;
	struct irq_pressure pressure;
	double seconds;
	size_t n = 0;

	if (proc_stat_parse(text, size, &times, &n) == 0)
		CHECK(times && n > 0);
	if (proc_uptime_parse(text, size, &seconds) == 0)
		CHECK(seconds >= 0);
	if (irq_pressure_parse(text, size, &pressure) == 0)
		CHECK(pressure.avg10 >= 0 && pressure.avg60 >= 0 && pressure.avg300 >= 0);
	return 0;
}
