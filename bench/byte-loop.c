/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The peer of parse-bench: a parser as one writes it without a thought, one byte at a time, which
 * keeps the sum of each row and nothing else.
 *
 * usage: byte-loop FILE [--once]
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "table-file.h"

#define RUNS 10

uint64_t byte_loop(const char *text, size_t len);

/* What anyone would write: to the colon, then numbers as long as there are some, then to the
 * newline. */
__attribute__((noinline)) uint64_t byte_loop(const char *text, size_t len)
{
	const char *p = text, *end = text + len;
	uint64_t total = 0;

	while (p < end) {
		while (p < end && *p != ':' && *p != '\n')
			p++;
		if (p < end && *p == ':')
			p++;
		while (p < end) {
			uint64_t number = 0;

			while (p < end && *p == ' ')
				p++;
			if (p == end || *p < '0' || *p > '9')
				break;
			while (p < end && *p >= '0' && *p <= '9')
				number = number * 10 + (uint64_t)(*p++ - '0');
			total += number;
		}
		while (p < end && *p++ != '\n')
			;
	}
	return total;
}

int main(int argc, char **argv)
{
	bool once = argc == 3 && strcmp(argv[2], "--once") == 0;
	const char *text;
	double best_s = 1e9;
	uint64_t total = 0;
	size_t len;

	if (argc != 2 && !once) {
		fputs("usage: byte-loop FILE [--once]\n", stderr);
		return 2;
	}
	text = map_table(argv[1], &len);
	for (int i = 0; i < (once ? 1 : RUNS); i++) {
		double start = clock_s(CLOCK_MONOTONIC);

		total = byte_loop(text, len);
		if (clock_s(CLOCK_MONOTONIC) - start < best_s)
			best_s = clock_s(CLOCK_MONOTONIC) - start;
	}
	printf("total %llu\n", (unsigned long long)total);
	if (!once)
		print_speed("byte-loop", len, best_s);
	return 0;
}
