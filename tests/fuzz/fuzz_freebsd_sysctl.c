/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as FreeBSD's small values: numbers, clocks, CPU times, masks, threads,
 * MSI-X tables, DTrace's lines. */
#include "fuzz.h"

#include <string.h>

#include "base/macros.h"
#include "parse/freebsd_dtrace.h"
#include "parse/freebsd_msix.h"
#include "parse/freebsd_sysctl.h"

static void check_times(const char *bytes, size_t len)
{
	_cleanup_free_ struct cpu_time *times = NULL;
	size_t n = 0;

	if (freebsd_cp_times_parse(bytes, len, 127, &times, &n) < 0)
		return;
	CHECK(n && n * 40 <= len);
	for (size_t i = 0; i < n; i++)
		CHECK(times[i].total_ticks >= times[i].irq_ticks);
}

static void check_mask(const char *bytes, size_t len)
{
	_cleanup_(cpuset_done) struct cpuset set = {0};
	_cleanup_(buf_done) struct buf back = {0};

	if (freebsd_mask_parse(bytes, len, &set) < 0)
		return;
	CHECK(freebsd_mask_format(&set, len, &back) == 0);
	CHECK(back.len == len && memcmp(back.data, bytes, len) == 0);
}

static void check_threads(const char *text, size_t len)
{
	struct freebsd_threads threads;

	if (freebsd_threads_parse(text, len, &threads) == 0) {
		for (size_t i = 0; i < threads.n; i++)
			CHECK(freebsd_threads_find(&threads, threads.items[i].name));
	}
	freebsd_threads_done(&threads);
}

static void check_measured(const char *text, size_t len)
{
	struct freebsd_measured measured;

	if (freebsd_dtrace_parse(text, len, &measured) == 0) {
		for (size_t i = 0; i < measured.n_rows; i++) {
			const struct freebsd_measured_row *row = &measured.rows[i];

			CHECK(row->n_cells && row->first_cell + row->n_cells <= measured.n_cells);
			CHECK(freebsd_measured_find(&measured, row->name) == row);
		}
	}
	freebsd_measured_done(&measured);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;
	uint64_t number;
	uint32_t stathz;

	if (freebsd_number_parse(bytes, size, &number) == 0)
		CHECK(size <= 8);
	if (freebsd_stathz_parse(bytes, size, &stathz) == 0)
		CHECK(stathz > 0);
	if (freebsd_boottime_parse(bytes, size, &number) == 0)
		CHECK(size == 16);
	check_times(bytes, size);
	check_mask(bytes, size);
	check_threads(bytes, size);
	check_measured(bytes, size);
	for (size_t i = 0; i <= freebsd_msix_used(bytes, size); i++)
		CHECK(freebsd_msix_cpu(bytes, size, i, bytes, size) >= -1);
	return 0;
}
