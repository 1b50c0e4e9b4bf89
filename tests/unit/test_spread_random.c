/* SPDX-License-Identifier: BSD-2-Clause */
/* What must hold for any machine, and how long a plan takes. */
#include "spread_helper.h"

#include <time.h>

#define MAX_CORES 256u

struct random {
	uint64_t state;
};

/* splitmix64 (Steele, Lea, Flood 2014): the same machines in every run. */
static uint32_t draw(struct random *random, uint32_t below)
{
	uint64_t z = random->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((z ^ (z >> 31)) >> 32) % below;
}

static void draw_allowed(struct random *random, struct bench *bench)
{
	for (uint32_t cpu = 1; cpu < bench->topology.n_cpus; cpu++) {
		if (draw(random, 4) == 0)
			cpuset_del(&bench->allowed, cpu);
	}
}

/*
 * The machine and the NICs of a seed. `reversed` puts the devices into memory the other way round,
 * which must not be seen in a plan.
 */
static struct bench machine(uint64_t seed, bool reversed)
{
	struct random random = {seed};
	struct shape shape = {1 + draw(&random, 4), 1 + draw(&random, 3), 1 + draw(&random, 5),
			      1 + draw(&random, 2)};
	struct bench bench = bench_of(shape, 1024);
	const struct device *devices[6];

	for (size_t i = 0; i < ARRAY_SIZE(devices); i++)
		devices[reversed ? ARRAY_SIZE(devices) - 1 - i : i] = add_device(&bench, -1);
	draw_allowed(&random, &bench);
	for (size_t i = 0; i < ARRAY_SIZE(devices); i++) {
		int32_t node = (int32_t)draw(&random, shape.nodes + 1) - 1;
		int32_t n = (int32_t)draw(&random, 12);

		for (int32_t queue = 0; queue < 2 * n; queue++) {
			enum queue_direction direction = queue < n ? QUEUE_RX : QUEUE_TX;
			struct interrupt *item =
				add_interrupt(&bench, devices[i], "eth0", direction, queue % n);

			item->node = node;
			name(&bench, item);
		}
	}
	return bench;
}

/* How many queues each core has; -1: none of its CPUs is allowed. */
static void count_cores(const struct bench *bench, int *ret_cores)
{
	for (size_t i = 0; i < MAX_CORES; i++)
		ret_cores[i] = -1;
	cpuset_foreach (cpu, &bench->allowed) {
		ret_cores[topology_cpu(&bench->topology, (uint32_t)cpu)->core] = 0;
	}
	for (size_t i = 0; i < bench->plan.n_moves; i++) {
		const struct spread_move *move = &bench->plan.moves[i];

		assert_true(cpuset_has(&bench->allowed, move->cpu));
		assert_true(cpuset_count(&move->target) == 1 &&
			    cpuset_has(&move->target, move->cpu));
		if (move->interrupt->direction == QUEUE_RX)
			ret_cores[topology_cpu(&bench->topology, move->cpu)->core]++;
	}
}

static void check_even(const struct bench *bench)
{
	int cores[MAX_CORES], least = INT32_MAX, most = 0;

	count_cores(bench, cores);
	for (size_t i = 0; i < MAX_CORES; i++) {
		if (cores[i] < 0)
			continue;
		least = cores[i] < least ? cores[i] : least;
		most = cores[i] > most ? cores[i] : most;
	}
	assert_true(most - least <= 1);
}

/* Nothing is away from its node while that has a core without queue. */
static void check_local(const struct bench *bench)
{
	bool has_free[8] = {false};
	int cores[MAX_CORES];

	count_cores(bench, cores);
	for (size_t i = 0; i < bench->topology.n_cpus; i++) {
		const struct topology_cpu *cpu = &bench->topology.cpus[i];

		if (cores[cpu->core] == 0)
			has_free[cpu->node] = true;
	}
	for (size_t i = 0; i < bench->plan.n_moves; i++) {
		const struct spread_move *move = &bench->plan.moves[i];
		int32_t node = topology_cpu(&bench->topology, move->cpu)->node;

		if (move->interrupt->node >= 0 && node != move->interrupt->node)
			assert_false(has_free[move->interrupt->node]);
	}
}

static void check_pairs(const struct bench *bench)
{
	for (size_t i = 0; i < bench->plan.n_moves; i++) {
		const struct spread_move *a = &bench->plan.moves[i];

		for (size_t j = 0; j < i; j++) {
			const struct spread_move *b = &bench->plan.moves[j];

			if (a->interrupt->device == b->interrupt->device &&
			    a->interrupt->queue == b->interrupt->queue)
				assert_int_equal(a->cpu, b->cpu);
		}
	}
}

static void check_packed(const struct bench *bench, uint32_t pack)
{
	size_t n_queues = bench->plan.n_moves / 2, room = cpuset_count(&bench->allowed) * pack;
	struct cpuset used = {0};

	for (size_t i = 0; i < bench->plan.n_moves; i++)
		assert_int_equal(cpuset_add(&used, bench->plan.moves[i].cpu), 0);
	if (n_queues <= room)
		assert_int_equal(cpuset_count(&used), (n_queues + pack - 1) / pack);
	cpuset_done(&used);
}

static void test_properties(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 400; seed++) {
		struct bench bench = machine(seed, false);
		struct spread_request request = request_of(&bench, SPREAD_PACK);

		plan(&bench, SPREAD_ALL);
		assert_int_equal(bench.plan.n_moves, bench.n_named);
		check_even(&bench);
		plan(&bench, SPREAD_LOCAL);
		assert_int_equal(bench.plan.n_moves, bench.n_named);
		check_even(&bench);
		check_local(&bench);
		check_pairs(&bench);
		for (size_t i = 0; i < bench.model.n_items; i++)
			bench.model.items[i].node = -1;
		request.pack = 1 + (uint32_t)(seed % 5);
		plan_as(&bench, &request);
		check_packed(&bench, request.pack);
		bench_done(&bench);
	}
}

/* Addresses differ, and so does what the heap held before; plans don't. */
static void test_deterministic(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 100; seed++) {
		struct bench a = machine(seed, false), b = machine(seed, true);
		enum spread_policy policy = (enum spread_policy)(seed % (SPREAD_APART + 1));

		plan(&a, policy);
		plan(&b, policy);
		assert_int_equal(a.plan.n_moves, b.plan.n_moves);
		assert_int_equal(a.plan.n_left, b.plan.n_left);
		for (size_t i = 0; i < a.plan.n_moves; i++)
			check_move(&b, i, a.plan.moves[i].cpu, a.plan.moves[i].reason);
		bench_done(&a);
		bench_done(&b);
	}
}

/* A CPU has no more vectors than it can serve, and nothing is left while a pair finds room. */
static void test_budgets(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 200; seed++) {
		struct bench bench = machine(seed, false);
		struct spread_request request = request_of(&bench, SPREAD_LOCAL);
		uint32_t vectors[2 * MAX_CORES] = {0};

		request.vectors_per_cpu = 2 + (uint32_t)(seed % 7);
		plan_as(&bench, &request);
		assert_int_equal(bench.plan.n_moves + bench.plan.n_left, bench.n_named);
		for (size_t i = 0; i < bench.plan.n_moves; i++)
			vectors[bench.plan.moves[i].cpu]++;
		cpuset_foreach (cpu, &bench.allowed) {
			assert_true(vectors[cpu] <= request.vectors_per_cpu);
			if (bench.plan.n_left)
				assert_true(vectors[cpu] + 2 > request.vectors_per_cpu);
		}
		bench_done(&bench);
	}
}

/* Milliseconds of processor time for the fastest of several plans. */
static double time_plan(struct shape shape, uint32_t n_nics, int32_t queues_each)
{
	struct bench bench = bench_of(shape, 2 * n_nics * (size_t)queues_each);
	double best = 1e9;

	for (uint32_t i = 0; i < n_nics; i++)
		add_nic(&bench, "eth0", (int32_t)(i % shape.nodes), queues_each);
	for (int i = 0; i < 5; i++) {
		struct timespec start, end;
		double ms;

		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
		plan(&bench, SPREAD_LOCAL);
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
		ms = (double)(end.tv_sec - start.tv_sec) * 1e3 +
		     (double)(end.tv_nsec - start.tv_nsec) / 1e6;
		best = ms < best ? ms : best;
	}
	bench_done(&bench);
	return best;
}

/* The bounds leave room for sanitizers. */
static void test_speed(void **state)
{
	double small = time_plan((struct shape){2, 4, 4, 2}, 4, 64);
	double large = time_plan((struct shape){8, 8, 8, 2}, 16, 256);

	(void)state;
	print_message("# 64 CPUs, 256 queues: %.3f ms; 1024 CPUs, 4096 queues: %.1f ms\n", small,
		      large);
	assert_true(small < 5);
	assert_true(large < 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_properties),
		cmocka_unit_test(test_deterministic),
		cmocka_unit_test(test_budgets),
		cmocka_unit_test(test_speed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
