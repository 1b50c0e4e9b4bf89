/* SPDX-License-Identifier: BSD-2-Clause */
/* What a sample costs: CPU time, user and system, of one process that does nothing else. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/number.h"
#include "snapshot/sampler.h"
#include "topology/topology.h"

#define RUNS 50
/* Of each interrupt two files are read. */
#define AFFINITIES 128u

/* The interrupts that are asked about: those that have a directory, again and again. */
struct asked {
	int32_t irqs[AFFINITIES];
	unsigned int n;
};

static int find_asked(struct source *source, struct asked *asked)
{
	struct strv names = {0};
	int r = source_list(source, "proc/irq", &names);
	uint64_t irq;

	for (size_t i = 0; r == 0 && i < names.n && asked->n < AFFINITIES; i++) {
		if (number_parse(names.items[i], INT32_MAX, &irq) == 0)
			asked->irqs[asked->n++] = (int32_t)irq;
	}
	strv_done(&names);
	for (unsigned int i = asked->n; asked->n && i < AFFINITIES; i++)
		asked->irqs[i] = asked->irqs[i % asked->n];
	return r == 0 && !asked->n ? -1 : r;
}

static int kept_files(struct sampler *sampler, const struct asked *asked)
{
	struct cpuset requested = {0}, effective = {0};
	int r = 0;

	for (unsigned int i = 0; i < AFFINITIES && r == 0; i++)
		r = sampler_affinity(sampler, asked->irqs[i], NULL, &requested, &effective);
	cpuset_done(&requested);
	cpuset_done(&effective);
	return r;
}

/* The same bytes by opening, reading and closing. */
static int opened_files(struct source *source, const struct asked *asked)
{
	static const char *const names[] = {"smp_affinity_list", "effective_affinity_list"};
	struct buf text = {0};
	int r = 0;

	for (unsigned int i = 0; i < 2 * AFFINITIES && r == 0; i++) {
		char path[64];

		snprintf(path, sizeof(path), "proc/irq/%d/%s", asked->irqs[i / 2], names[i % 2]);
		buf_cut(&text, 0);
		r = source_read(source, path, &text);
	}
	buf_done(&text);
	return r;
}

struct best {
	double stat_us, kept_us, opened_us, topology_us;
};

static void keep_least(double *least, double start_s)
{
	double spent = (clock_s(CLOCK_PROCESS_CPUTIME_ID) - start_s) * 1e6;

	if (*least == 0 || spent < *least)
		*least = spent;
}

static int measure(struct source *source, struct sampler *sampler, const struct asked *asked,
		   struct sample *sample, struct best *best)
{
	struct topology topology = {0};
	double start = clock_s(CLOCK_PROCESS_CPUTIME_ID);
	int r = sampler_take(sampler, sample);

	keep_least(&best->stat_us, start);
	start = clock_s(CLOCK_PROCESS_CPUTIME_ID);
	if (r == 0)
		r = kept_files(sampler, asked);
	keep_least(&best->kept_us, start);
	start = clock_s(CLOCK_PROCESS_CPUTIME_ID);
	if (r == 0)
		r = opened_files(source, asked);
	keep_least(&best->opened_us, start);
	start = clock_s(CLOCK_PROCESS_CPUTIME_ID);
	if (r == 0)
		r = topology_read(source, &topology);
	keep_least(&best->topology_us, start);
	topology_done(&topology);
	return r;
}

static int measure_all(struct source *source, struct sampler *sampler, struct best *best)
{
	struct sample sample = {0};
	struct asked asked = {.n = 0};
	int r = find_asked(source, &asked);

	for (int i = 0; i < RUNS && r == 0; i++)
		r = measure(source, sampler, &asked, &sample, best);
	printf("cpus %zu counts %zu stat_us %.0f kept_us %.0f opened_us %.0f topology_us %.0f\n",
	       sample.n_cpus, sample.n_counts, best->stat_us, best->kept_us, best->opened_us,
	       best->topology_us);
	sample_done(&sample);
	return r;
}

int main(int argc, char **argv)
{
	struct source *source;
	struct sampler sampler;
	struct best best = {0};
	int r;

	if (argc > 2) {
		fputs("usage: sample-bench [ROOT]\n", stderr);
		return 2;
	}
	r = argc == 2 ? source_open_root(argv[1], &source) : source_open_live(&source);
	if (r == 0) {
		r = sampler_open(source, &sampler);
		if (r == 0) {
			r = measure_all(source, &sampler, &best);
			sampler_close(&sampler);
		}
		source_close(source);
	}
	if (r < 0)
		fprintf(stderr, "sample-bench: %s\n", strerror(-r));
	return r < 0;
}
