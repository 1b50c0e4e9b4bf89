/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How fast irqctl's parser reads a table that is in memory.
 *
 * usage: parse-bench FILE [--once]      (--once: one run and no clock, for callgrind)
 */
#include <stdint.h>
#include <string.h>

#include "base/macros.h"
#include "parse/proc_interrupts.h"
#include "table-file.h"

#define RUNS 40

static double parse_s(const char *text, size_t len, uint64_t *ret_total)
{
	_cleanup_(irq_table_done) struct irq_table table = {0};
	double start = clock_s(CLOCK_MONOTONIC);
	int r = irq_table_parse(&table, text, len, NULL);
	double spent_s = clock_s(CLOCK_MONOTONIC) - start;

	if (r < 0) {
		fprintf(stderr, "parse-bench: %s\n", strerror(-r));
		exit(1);
	}
	*ret_total = 0;
	for (size_t i = 0; i < table.n_rows; i++)
		*ret_total += table.rows[i].total;
	return spent_s;
}

int main(int argc, char **argv)
{
	bool once = argc == 3 && strcmp(argv[2], "--once") == 0;
	const char *text;
	double best_s = 1e9;
	uint64_t total = 0;
	size_t len;

	if (argc != 2 && !once) {
		fputs("usage: parse-bench FILE [--once]\n", stderr);
		return 2;
	}
	text = map_table(argv[1], &len);
	for (int i = 0; i < (once ? 1 : RUNS); i++) {
		double spent_s = parse_s(text, len, &total);

		if (spent_s < best_s)
			best_s = spent_s;
	}
	printf("total %llu\n", (unsigned long long)total);
	if (!once)
		print_speed("irqctl", len, best_s);
	return 0;
}
