/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What irqctl's way to set affinities costs, beside a program that only opens, writes and closes
 * the same files in the same order. Needs root and a machine whose interrupts may be moved about:
 * they go there and back, and are left as they were.
 *
 * usage: apply-bench RUNS LIST FIGURES      (LIST: lines "IRQ CPUS"; FIGURES: lines "name value")
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "apply/apply.h"
#include "base/array.h"
#include "base/macros.h"
#include "base/number.h"
#include "parse/cpulist.h"
#include "table-file.h"

enum {
	THERE,
	BACK,
	WAYS
};

/* One interrupt, and what is written for it on each way. */
struct move {
	int32_t irq;
	char *path;
	struct buf text[WAYS];
	struct cpuset cpus[WAYS];
};

struct moves {
	struct move *items;
	size_t n, cap;
};

/* The least time of each part, of all runs. */
struct figures {
	double bare_s, read_s, write_s, verify_s;
};

static _Noreturn void fail(const char *what, int error)
{
	fprintf(stderr, "apply-bench: %s: %s\n", what, strerror(error));
	exit(1);
}

static void add_move(struct moves *moves, struct source *source, const char *irq, const char *cpus)
{
	struct move move = {0};
	struct buf path = {0};
	uint64_t number;
	int r = number_parse(irq, INT32_MAX, &number);

	move.irq = r == 0 ? (int32_t)number : 0;
	if (r == 0)
		r = buf_puts(&move.text[THERE], cpus);
	if (r == 0)
		r = buf_printf(&path, "/proc/irq/%s/smp_affinity_list", irq);
	if (r == 0)
		r = source_read(source, path.data + 1, &move.text[BACK]);
	buf_rstrip(&move.text[BACK]);
	for (int way = 0; way < WAYS && r == 0; way++)
		r = cpulist_parse(buf_text(&move.text[way]), move.text[way].len, &move.cpus[way]);
	if (r == 0)
		r = ARRAY_RESERVE(moves->items, moves->n + 1, moves->cap);
	if (r < 0 || !moves->items)
		fail(irq, r < 0 ? -r : ENOMEM);
	move.path = path.data;
	moves->items[moves->n++] = move;
}

static void read_moves(const char *path, struct source *source, struct moves *moves)
{
	_cleanup_fclose_ FILE *file = fopen(path, "re");
	_cleanup_free_ char *line = NULL;
	size_t cap = 0;

	if (!file)
		fail(path, errno);
	while (getline(&line, &cap, file) > 0) {
		char *blank = strchr(line, ' ');

		if (!blank)
			fail(line, EINVAL);
		*blank = '\0';
		blank[1 + strcspn(blank + 1, "\n")] = '\0';
		add_move(moves, source, line, blank + 1);
	}
}

static void write_bare(const struct move *move, int way)
{
	int fd = open(move->path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, move->text[way].data, move->text[way].len) < 0)
		fail(move->path, errno);
	close(fd);
}

static void keep_least(double *least, double value)
{
	if (*least == 0 || value < *least)
		*least = value;
}

static void run_bare(const struct moves *moves, int way, struct figures *figures)
{
	double start = clock_s(CLOCK_MONOTONIC);

	for (size_t i = 0; i < moves->n; i++)
		write_bare(&moves->items[i], way);
	keep_least(&figures->bare_s, clock_s(CLOCK_MONOTONIC) - start);
}

static void prepare(const struct moves *moves, int way, struct change *changes)
{
	for (size_t i = 0; i < moves->n; i++) {
		changes[i] = (struct change){
			.setting = {.kind = SETTING_IRQ, .irq = moves->items[i].irq},
		};
		if (cpuset_copy(&changes[i].wanted, &moves->items[i].cpus[way]) < 0)
			fail("", ENOMEM);
	}
}

static void run_irqctl(const struct moves *moves, struct source *source, int way,
		       struct figures *figures)
{
	struct change *changes = calloc(moves->n + 1, sizeof(*changes));
	struct applier applier = applier_live(source);
	double start, read, written;
	int r = 0;

	if (!changes)
		fail("", ENOMEM);
	prepare(moves, way, changes);
	start = clock_s(CLOCK_MONOTONIC);
	for (size_t i = 0; i < moves->n && r == 0; i++)
		r = apply_read(&applier, &changes[i]);
	read = clock_s(CLOCK_MONOTONIC);
	/* also where the interrupt is there already: the bare writes do not look */
	for (size_t i = 0; i < moves->n; i++)
		changes[i].state = CHANGE_PLANNED;
	if (r == 0)
		r = apply_write(&applier, changes, moves->n, false);
	written = clock_s(CLOCK_MONOTONIC);
	if (r != 0)
		fail("a change failed", r < 0 ? -r : EIO);
	if (apply_verify(&applier, changes, moves->n, 0) < 0)
		fail("", ENOMEM);
	keep_least(&figures->read_s, read - start);
	keep_least(&figures->write_s, written - read);
	keep_least(&figures->verify_s, clock_s(CLOCK_MONOTONIC) - written);
	for (size_t i = 0; i < moves->n; i++)
		change_done(&changes[i]);
	free(changes);
}

static void print_figures(const char *path, const struct moves *moves,
			  const struct figures *figures)
{
	_cleanup_fclose_ FILE *file = fopen(path, "we");

	if (!file)
		fail(path, errno);
	fprintf(file, "interrupts %zu\nbare_us %.0f\nread_us %.0f\nwrite_us %.0f\nverify_us %.0f\n",
		moves->n, figures->bare_s * 1e6, figures->read_s * 1e6, figures->write_s * 1e6,
		figures->verify_s * 1e6);
	if (fflush(file) != 0)
		fail(path, errno);
}

static void free_moves(struct moves *moves)
{
	for (size_t i = 0; i < moves->n; i++) {
		free(moves->items[i].path);
		for (int way = 0; way < WAYS; way++) {
			buf_done(&moves->items[i].text[way]);
			cpuset_done(&moves->items[i].cpus[way]);
		}
	}
	free(moves->items);
}

int main(int argc, char **argv)
{
	struct figures figures = {0};
	struct moves moves = {0};
	struct source *source;
	uint64_t runs;
	int r;

	if (argc != 4 || number_parse(argv[1], 100000, &runs) < 0) {
		fputs("usage: apply-bench RUNS LIST FIGURES\n", stderr);
		return 2;
	}
	r = source_open_live(&source);
	if (r < 0)
		fail("/", -r);
	read_moves(argv[2], source, &moves);
	/* each of both goes first in every second run */
	for (uint64_t run = 0; run < runs; run++) {
		if (run % 2)
			run_irqctl(&moves, source, THERE, &figures);
		run_bare(&moves, run % 2 ? BACK : THERE, &figures);
		if (run % 2 == 0)
			run_irqctl(&moves, source, BACK, &figures);
	}
	print_figures(argv[3], &moves, &figures);
	free_moves(&moves);
	source_close(source);
	return 0;
}
