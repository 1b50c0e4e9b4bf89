/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as the files of a machine's sysfs: the input is cut at NUL bytes, and the path of a
 * file says which piece it holds, if any.
 */
#include "fuzz.h"

#include <errno.h>
#include <string.h>

#include "source/source.h"
#include "topology/topology.h"

/* More only take more time: 65536 CPUs may be said to be online. */
#define MAX_PIECES 300u
#define MAX_READS  20000u

struct pieces {
	struct source base;
	const char *data;
	size_t size, n;
	size_t n_reads;
};

/* FNV-1a: the same path gives the same piece. */
static size_t piece_of(const struct pieces *pieces, const char *path)
{
	uint32_t hash = 2166136261u;

	for (; *path; path++)
		hash = (hash ^ (uint8_t)*path) * 16777619u;
	return hash % (pieces->n + 1);
}

static int read_piece(struct source *source, const char *path, struct buf *out)
{
	struct pieces *pieces = (struct pieces *)source;
	const char *at = pieces->data, *end = at + pieces->size;
	size_t wanted = piece_of(pieces, path);

	if (wanted == pieces->n || pieces->n_reads++ > MAX_READS)
		return -ENOENT;
	for (; wanted > 0 && at < end; wanted--) {
		const char *zero = memchr(at, '\0', (size_t)(end - at));

		at = zero ? zero + 1 : end;
	}
	while (at < end && *at) {
		int r = buf_append(out, at++, 1);

		if (r < 0)
			return r;
	}
	return 0;
}

static int list_pieces(struct source *source, const char *path, struct strv *out)
{
	static const char *const names[] = {"cpu0", "cpu1", "cpu9", "cpufreq", "node0", "node3"};

	(void)source;
	(void)path;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		int r = strv_add(out, names[i]);

		if (r < 0)
			return r;
	}
	return 0;
}

static int mode_of_piece(struct source *source, const char *path, uint32_t *ret_mode)
{
	const struct pieces *pieces = (const struct pieces *)source;

	*ret_mode = 0755;
	return piece_of(pieces, path) == pieces->n ? -ENOENT : 0;
}

static const struct source_ops ops = {
	.read = read_piece, .list = list_pieces, .mode = mode_of_piece};

static void check(const struct topology *topology)
{
	CHECK(topology->n_cpus > 0);
	for (size_t i = 0; i < topology->n_cpus; i++) {
		const struct topology_cpu *cpu = &topology->cpus[i];

		CHECK(i == 0 || cpu->cpu > cpu[-1].cpu);
		CHECK(cpu->core >= 0 || cpu->package >= 0);
		CHECK(cpu->core < (int32_t)topology->n_cpus && cpu->core >= -1);
		CHECK(cpu->llc < (int32_t)topology->n_cpus && cpu->llc >= -1);
		CHECK(cpu->package < (int32_t)topology->n_cpus && cpu->package >= -1);
		CHECK(cpu->node >= -1);
		CHECK(cpu->capacity > 0 && cpu->capacity <= 1.0);
	}
	CHECK(topology->n_nodes != 1);
	for (size_t i = 0; i < topology->n_nodes; i++)
		CHECK(topology->nodes[i] >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pieces pieces = {.base = {.ops = &ops, .name = ""},
				.data = (const char *)data,
				.size = size,
				.n = 1};
	struct topology topology = {0};

	for (size_t i = 0; i < size; i++)
		pieces.n += !data[i];
	if (pieces.n > MAX_PIECES)
		return 0;
	if (topology_read(&pieces.base, &topology) == 0)
		check(&topology);
	topology_done(&topology);
	return 0;
}
