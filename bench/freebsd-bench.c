/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What one sample of a FreeBSD machine costs: its counters, their names and targets, read from a
 * recorded root.
 *
 * usage: freebsd-bench ROOT
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/macros.h"
#include "snapshot/snapshot.h"

#define RUNS 50

/* Of this program: ru_maxrss begins with what its parent had when it forked. */
static long peak_kb(void)
{
	_cleanup_fclose_ FILE *status = fopen("/proc/self/status", "re");
	char line[256];
	long kb = -1;

	while (status && fgets(line, sizeof(line), status)) {
		if (strncmp(line, "VmHWM:", 6) == 0)
			kb = strtol(line + 6, NULL, 10);
	}
	return kb;
}

static double sample_us(struct source *source, size_t *ret_rows)
{
	_cleanup_(snapshot_done) struct snapshot snapshot = {0};
	_cleanup_(buf_done) struct buf error = {0};
	double start = clock_s(CLOCK_MONOTONIC);

	if (snapshot_take(source, 0, &snapshot, &error) < 0) {
		fprintf(stderr, "freebsd-bench: %s\n", buf_text(&error));
		exit(1);
	}
	*ret_rows = snapshot.interrupts.n_rows;
	return (clock_s(CLOCK_MONOTONIC) - start) * 1e6;
}

int main(int argc, char **argv)
{
	struct source *source = NULL;
	double best_us = 1e12;
	size_t rows = 0;
	long before_kb;

	if (argc != 2 || source_open_root(argv[1], &source) < 0) {
		fputs("usage: freebsd-bench ROOT\n", stderr);
		return 2;
	}
	before_kb = peak_kb();
	for (int i = 0; i < RUNS; i++) {
		double spent_us = sample_us(source, &rows);

		best_us = spent_us < best_us ? spent_us : best_us;
	}
	printf("sample_us %.1f peak_kb %ld rows %zu\n", best_us, peak_kb() - before_kb, rows);
	source_close(source);
	return 0;
}
