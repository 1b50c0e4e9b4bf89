/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Attribution against the truth: a model kernel knows how often each interrupt came on each CPU,
 * and irqctl sees its totals and its moves only.
 */
#include "cmocka_all.h"

#include <errno.h>
#include <string.h>

#include "apply/freebsd.h"
#include "base/macros.h"
#include "freebsd_kernel.h"
#include "model/attribution.h"

#define CPUS   8u
#define IRQS   12
#define FIRST  24
#define ROUNDS 60
#define STEPS  120

static void observe_one(struct attribution *attribution, const char *key, uint64_t total,
			int32_t target)
{
	const struct observation observation = {
		.counter = 7, .key = key, .total = total, .target = target};

	assert_int_equal(attribution_observe(attribution, &observation, 1), 0);
}

static uint64_t cell(const struct attributed *item, uint32_t cpu)
{
	for (size_t i = 0; i < item->n_cells; i++) {
		if (item->cells[i].cpu == cpu)
			return item->cells[i].count;
	}
	return 0;
}

static void test_steps(void **state)
{
	_cleanup_(attribution_done) struct attribution attribution = {0};
	const struct attributed *item;

	(void)state;
	assert_null(attribution_find(&attribution, 7));
	observe_one(&attribution, "25", 1000, ATTRIBUTION_UNKNOWN);
	observe_one(&attribution, "25", 1010, ATTRIBUTION_UNKNOWN);
	observe_one(&attribution, "25", 1011, 3); /* 1 came before or after */
	observe_one(&attribution, "25", 1016, 3);
	observe_one(&attribution, "25", 1016, 1); /* moved, and nothing came meanwhile */
	observe_one(&attribution, "25", 1018, 1);
	observe_one(&attribution, "25", 1021, 3); /* moved at an unknown moment */
	item = attribution_find(&attribution, 7);
	assert_int_equal(item->total, 1021);
	assert_int_equal(item->unknown, 1014);
	assert_int_equal(cell(item, 3), 5);
	assert_int_equal(cell(item, 1), 2);
	assert_int_equal(item->n_cells, 2);
	assert_int_equal(item->cells[0].cpu, 1);
	/* another source has the place; a counter that fell is another one too */
	observe_one(&attribution, "26", 2000, 3);
	item = attribution_find(&attribution, 7);
	assert_int_equal(item->unknown, 2000);
	assert_int_equal(item->n_cells, 0);
	observe_one(&attribution, "26", 5, 3);
	assert_int_equal(attribution_find(&attribution, 7)->unknown, 5);
}

/* A number in 0 .. n - 1 (xorshift; the same for a seed on every machine). */
static uint32_t draw(uint64_t *seed, uint32_t n)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return (uint32_t)(*seed >> 16) % n;
}

struct world {
	struct model_kernel kernel;
	struct source *source;
	struct attribution attribution;
	uint64_t seed;
	uint64_t known_from[IRQS][CPUS]; /* the truth when the target became known */
	bool is_known[IRQS];
	bool is_exact; /* nothing comes between a move and the readings around it */
};

static void look(struct world *world)
{
	_cleanup_(snapshot_done) struct snapshot snapshot = {0};
	_cleanup_(buf_done) struct buf error = {0};

	assert_int_equal(snapshot_take(world->source, 0, &snapshot, &error), 0);
	assert_int_equal(attribution_observe_snapshot(&world->attribution, &snapshot), 0);
}

static void fire_some(struct world *world)
{
	for (uint32_t n = draw(&world->seed, 6); n; n--)
		model_kernel_fire(&world->kernel, FIRST + (int32_t)draw(&world->seed, IRQS),
				  1 + draw(&world->seed, 100000));
}

/* Reads, moves, reads: one CPU, all of them, or an adoption. */
static void move(struct world *world)
{
	uint32_t which = draw(&world->seed, IRQS), cpu = draw(&world->seed, CPUS);
	uint32_t how = draw(&world->seed, 4);
	_cleanup_(cpuset_done) struct cpuset cpus = {0};
	int32_t irq = FIRST + (int32_t)which;
	int r;

	look(world);
	if (!world->is_exact)
		fire_some(world);
	assert_int_equal(
		how == 0 ? freebsd_read_root(world->source, &cpus) : cpuset_add(&cpus, cpu), 0);
	r = how == 1 ? freebsd_adopt(world->source, irq, cpu)
		     : freebsd_bind(world->source, irq, &cpus);
	assert_true(r == 0 || r == -ENOSPC);
	if (!world->is_exact)
		fire_some(world);
	look(world);
}

/* The truth from the moment on in which the target is known. */
static void remember(struct world *world)
{
	for (size_t i = 0; i < IRQS; i++) {
		const struct model_irq *irq = &world->kernel.irqs[i];
		const struct attributed *item =
			attribution_find(&world->attribution, (uint32_t)irq->counter + 1);

		if (world->is_known[i] || !item || item->target == ATTRIBUTION_UNKNOWN)
			continue;
		assert_int_equal(item->target, irq->target);
		world->is_known[i] = true;
		memcpy(world->known_from[i], irq->counts, sizeof(world->known_from[i]));
	}
}

static void check(const struct world *world)
{
	for (size_t i = 0; i < IRQS; i++) {
		const struct model_irq *irq = &world->kernel.irqs[i];
		const struct attributed *item =
			attribution_find(&world->attribution, (uint32_t)irq->counter + 1);
		uint64_t sum = item->unknown, total = 0;

		for (uint32_t cpu = 0; cpu < CPUS; cpu++) {
			uint64_t truth = irq->counts[cpu] - world->known_from[i][cpu];

			total += irq->counts[cpu];
			sum += cell(item, cpu);
			if (world->is_exact && world->is_known[i])
				assert_int_equal(cell(item, cpu), truth);
			assert_true(cell(item, cpu) <= irq->counts[cpu]);
		}
		assert_int_equal(sum, total);
		if (!world->is_known[i])
			assert_int_equal(item->unknown, total);
	}
}

static void run_world(uint64_t seed, bool is_exact)
{
	struct world world = {.seed = seed, .is_exact = is_exact};

	model_kernel_pc(&world.kernel, CPUS);
	world.kernel.full_cpu = draw(&world.seed, 2 * CPUS);
	for (int i = 0; i < IRQS; i++)
		model_kernel_add(&world.kernel, FIRST + i, " em0:rxq0", draw(&world.seed, CPUS));
	assert_int_equal(source_open_freebsd(&world.kernel.base, &world.source), 0);
	for (int step = 0; step < STEPS; step++) {
		fire_some(&world);
		if (draw(&world.seed, 3) == 0)
			move(&world);
		else
			look(&world);
		remember(&world);
		if (draw(&world.seed, 8) == 0) /* names change, counters go on */
			world.kernel.irqs[draw(&world.seed, IRQS)].handler =
				draw(&world.seed, 2) ? " em0:rxq0 uhci0+" : " em0:rxq0";
	}
	fire_some(&world);
	look(&world);
	check(&world);
	attribution_done(&world.attribution);
	source_close(world.source);
	model_kernel_done(&world.kernel);
}

static void test_equals_truth(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= ROUNDS; seed++)
		run_world(seed * 0x9e3779b97f4a7c15u, true);
}

/* What comes around a move is nobody's: it is never counted for a CPU that it was not on. */
static void test_never_invents(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= ROUNDS; seed++)
		run_world(seed * 0x9e3779b97f4a7c15u, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_equals_truth),
		cmocka_unit_test(test_never_invents),
	};

	return cmocka_run_group_tests_name("attribution", tests, NULL, NULL);
}
