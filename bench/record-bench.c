/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a day of `irqctl record` at 10 s takes: bytes of the file and CPU time. An invented machine
 * of 256 CPUs and 2048 rows is recorded for some samples, and the rest of the day is extrapolated
 * from these: that is said in the output, and so are the machine's activity and what is not in it.
 *
 * usage: record-bench FILE [SAMPLES]     (FILE is made, and must not be there; 360 samples)
 */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/macros.h"
#include "base/number.h"
#include "source/recorder.h"

#define CPUS      256u
#define ROWS      2048u
#define DAY       8640u /* samples at 10 s */
#define MAX_BYTES 200e6
#define MAX_CPU   0.01 /* of one core */

static const char *const local_rows[] = {"LOC", "RES", "CAL", "TLB", "NMI", "PMI", "IWI", "MCP"};
static const char *const softirq_rows[] = {"HI",       "TIMER",   "NET_TX", "NET_RX",  "BLOCK",
					   "IRQ_POLL", "TASKLET", "SCHED",  "HRTIMER", "RCU"};
#define LOCALS   ARRAY_SIZE(local_rows)
#define SOFTIRQS ARRAY_SIZE(softirq_rows)
#define DEVICES  (ROWS - LOCALS)
#define TIMES    10u /* of a CPU in /proc/stat */

struct machine {
	struct source base;
	uint64_t random;
	uint32_t counts[ROWS][CPUS];
	uint32_t softirqs[SOFTIRQS][CPUS];
	uint64_t times[CPUS][TIMES];
	uint32_t homes[DEVICES]; /* the CPU that serves it */
	struct buf interrupts, softirq_text, stat;
};

static double draw(struct machine *machine)
{
	uint64_t bits = machine->random += UINT64_C(0x9e3779b97f4a7c15);

	bits = (bits ^ bits >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	bits = (bits ^ bits >> 27) * UINT64_C(0x94d049bb133111eb);
	return (double)((bits ^ bits >> 31) >> 11) * 0x1p-53;
}

static uint32_t up_to(struct machine *machine, double n)
{
	return (uint32_t)(draw(machine) * n);
}

/* Events of a device in 10 s: a few for most, hundreds of thousands for some. */
static uint32_t burst(struct machine *machine)
{
	return 1 + (uint32_t)exp(draw(machine) * draw(machine) * 13);
}

/* 1.5 % of the cells: all of the local rows, and two or three of each device's. */
static void fill(struct machine *machine)
{
	for (size_t row = 0; row < DEVICES; row++) {
		machine->homes[row] = up_to(machine, CPUS);
		for (int i = 0; i < 3; i++)
			machine->counts[row][up_to(machine, CPUS)] = up_to(machine, 1e9);
	}
	for (size_t row = DEVICES; row < ROWS; row++) {
		for (size_t cpu = 0; cpu < CPUS; cpu++)
			machine->counts[row][cpu] = up_to(machine, 2e9);
	}
}

/* Ten seconds: half of the devices work, every CPU has its timer and its calls. */
static void live(struct machine *machine)
{
	for (size_t row = 0; row < DEVICES; row++) {
		if (row % 2 == 0)
			machine->counts[row][machine->homes[row]] += burst(machine);
		if (draw(machine) < 0.001)
			machine->homes[row] = up_to(machine, CPUS);
	}
	for (size_t cpu = 0; cpu < CPUS; cpu++) {
		for (size_t row = 0; row < 4; row++)
			machine->counts[DEVICES + row][cpu] += 200 + up_to(machine, 4000);
		for (size_t row = 0; row < SOFTIRQS; row++) {
			bool works = row == 1 || row == 3 || row == 7 || row == 9;

			machine->softirqs[row][cpu] += works ? up_to(machine, 3000) : 0;
		}
		for (size_t i = 0; i < TIMES; i++)
			machine->times[cpu][i] +=
				i == 1 || i == 4 || i > 6 ? 0 : up_to(machine, 300);
	}
}

static void print_rows(struct machine *machine)
{
	struct buf *out = &machine->interrupts;

	buf_cut(out, 0);
	buf_puts(out, "            ");
	for (size_t cpu = 0; cpu < CPUS; cpu++)
		buf_printf(out, "CPU%-8zu", cpu);
	for (size_t row = 0; row < ROWS; row++) {
		if (row < DEVICES)
			buf_printf(out, "\n%4zu:", row + 24);
		else
			buf_printf(out, "\n%4s:", local_rows[row - DEVICES]);
		for (size_t cpu = 0; cpu < CPUS; cpu++)
			buf_printf(out, " %10" PRIu32, machine->counts[row][cpu]);
		if (row < DEVICES)
			buf_printf(out, "  IR-PCI-MSIX-0000:%02zx:00.0 %zu-edge  ens%zuf0-TxRx-%zu",
				   row / 64, row % 64, row / 64, row % 64);
		else
			buf_puts(out, "   Local interrupts");
	}
	buf_putc(out, '\n');
}

static void print_softirqs(struct machine *machine)
{
	struct buf *out = &machine->softirq_text;

	buf_cut(out, 0);
	buf_puts(out, "                    ");
	for (size_t cpu = 0; cpu < CPUS; cpu++)
		buf_printf(out, "CPU%-8zu", cpu);
	for (size_t row = 0; row < SOFTIRQS; row++) {
		buf_printf(out, "\n%12s:", softirq_rows[row]);
		for (size_t cpu = 0; cpu < CPUS; cpu++)
			buf_printf(out, " %10" PRIu32, machine->softirqs[row][cpu]);
	}
	buf_putc(out, '\n');
}

static void print_stat(struct machine *machine)
{
	struct buf *out = &machine->stat;
	uint64_t sum = 0;

	buf_cut(out, 0);
	for (size_t cpu = 0; cpu < CPUS; cpu++) {
		buf_printf(out, "cpu%zu", cpu);
		for (size_t i = 0; i < TIMES; i++)
			buf_printf(out, " %" PRIu64, machine->times[cpu][i]);
		buf_putc(out, '\n');
	}
	for (size_t row = 0; row < ROWS; row++) {
		for (size_t cpu = 0; cpu < CPUS; cpu++)
			sum += machine->counts[row][cpu];
	}
	buf_printf(out, "intr %" PRIu64, sum);
	for (size_t row = 0; row < DEVICES; row++) {
		uint64_t total = 0;

		for (size_t cpu = 0; cpu < CPUS; cpu++)
			total += machine->counts[row][cpu];
		buf_printf(out, " %" PRIu64, total);
	}
	buf_printf(out, "\nctxt %" PRIu64 "\n", sum * 2);
}

static int machine_read(struct source *source, const char *path, struct buf *out)
{
	struct machine *machine = (struct machine *)source;
	const struct buf *text = NULL;

	if (strcmp(path, "proc/interrupts") == 0)
		text = &machine->interrupts;
	else if (strcmp(path, "proc/softirqs") == 0)
		text = &machine->softirq_text;
	else if (strcmp(path, "proc/stat") == 0)
		text = &machine->stat;
	return text ? buf_append(out, text->data, text->len) : -ENOENT;
}

static const struct source_ops machine_ops = {.read = machine_read};

static off_t size_of(const char *path)
{
	struct stat st = {0};

	stat(path, &st);
	return st.st_size;
}

/* The CPU time of `n` samples, or -1. */
static double record(struct machine *machine, struct recorder *recorder, uint64_t n,
		     struct buf *error)
{
	double used = 0;

	for (uint64_t i = 0; i < n; i++) {
		bool has_counts;
		double start;

		live(machine);
		print_rows(machine);
		print_softirqs(machine);
		print_stat(machine);
		start = clock_s(CLOCK_PROCESS_CPUTIME_ID);
		if (recorder_begin(recorder, &has_counts, error) < 0 ||
		    recorder_end(recorder, false, error) < 0)
			return -1;
		used += clock_s(CLOCK_PROCESS_CPUTIME_ID) - start;
	}
	return used;
}

static int report(double bytes, double once, double cpu, uint64_t n)
{
	double day = once + bytes / (double)n * DAY, part = cpu / (double)n / 10;
	bool ok = day < MAX_BYTES && part < MAX_CPU;

	printf("record, %u CPUs x %u rows, 1.5 %% of the cells not zero; in 10 s half of the "
	       "devices "
	       "and every CPU's\ntimer, calls, softirqs and times change: %" PRIu64
	       " samples were recorded\n",
	       CPUS, ROWS, n);
	printf("  a sample: %.0f bytes and %.2f ms of CPU, without what the kernel takes to print "
	       "the files\n",
	       bytes / (double)n, cpu / (double)n * 1e3);
	printf("  a day at 10 s (extrapolated): %.1f MB, at most %.0f; %.3f %% of one CPU, at most "
	       "%.0f: %s\n",
	       day / 1e6, MAX_BYTES / 1e6, part * 100, MAX_CPU * 100, ok ? "pass" : "FAIL");
	return ok ? 0 : 1;
}

int main(int argc, char **argv)
{
	struct machine *machine = calloc(1, sizeof(*machine));
	struct recorder *recorder = NULL;
	struct buf error = {0};
	uint64_t n = 360;
	double once, cpu;

	if (!machine || argc < 2 || argc > 3 || (argc == 3 && number_parse(argv[2], DAY, &n) < 0) ||
	    n < 1 || size_of(argv[1])) {
		fprintf(stderr, "usage: record-bench FILE [SAMPLES], FILE must not be there\n");
		return 2;
	}
	machine->base = (struct source){.ops = &machine_ops, .name = ""};
	fill(machine);
	if (recorder_open(argv[1], &machine->base, &recorder, &error) < 0 ||
	    record(machine, recorder, 1, &error) < 0) {
		fprintf(stderr, "record-bench: %s\n", buf_text(&error));
		return 2;
	}
	recorder_close(recorder);
	once = (double)size_of(argv[1]);
	recorder = NULL;
	remove(argv[1]);
	if (recorder_open(argv[1], &machine->base, &recorder, &error) < 0)
		return 2;
	cpu = record(machine, recorder, n, &error);
	recorder_close(recorder);
	if (cpu < 0) {
		fprintf(stderr, "record-bench: %s\n", buf_text(&error));
		return 2;
	}
	return report((double)size_of(argv[1]) - once, once, cpu, n);
}
