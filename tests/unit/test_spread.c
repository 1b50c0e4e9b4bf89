/* SPDX-License-Identifier: BSD-2-Clause */
#include "spread_helper.h"

#include <errno.h>

static int32_t core_of(const struct bench *bench, uint32_t cpu)
{
	return topology_cpu(&bench->topology, cpu)->core;
}

/* Two NICs on one node each, four queue pairs each, eight cores of two threads, two nodes. */
static void test_two_nics(void **state)
{
	struct bench bench = bench_of((struct shape){2, 1, 4, 2}, 16);

	(void)state;
	add_nic(&bench, "eth0", 0, 4);
	add_nic(&bench, "eth1", 1, 4);
	plan(&bench, SPREAD_LOCAL);
	assert_int_equal(bench.plan.n_moves, 16);
	assert_int_equal(bench.plan.n_left, 0);
	for (size_t i = 0; i < 16; i += 2) {
		const struct spread_move *move = &bench.plan.moves[i];

		assert_ptr_equal(move->interrupt, bench.named[i]);
		assert_int_equal(move->cpu, i / 2);
		assert_int_equal(move[1].cpu, move->cpu);
		assert_int_equal(cpuset_count(&move->target), 1);
		assert_true(cpuset_has(&move->target, move->cpu));
		assert_non_null(strstr(move->reason, ", thread 0: nearest free core"));
	}
	check_move(&bench, 6, 3, "node 0, core 3, thread 0: nearest free core");
	check_move(&bench, 7, 3, "shares the CPU of rx 3");
	bench_done(&bench);
}

/* Both on node 0: what finds no free core there goes to the other node, and none is shared. */
static void test_one_node_for_two(void **state)
{
	struct bench bench = bench_of((struct shape){2, 1, 4, 2}, 16);
	bool is_used[8] = {false};

	(void)state;
	add_nic(&bench, "eth0", 0, 4);
	add_nic(&bench, "eth1", 0, 4);
	plan(&bench, SPREAD_LOCAL);
	for (size_t i = 0; i < 16; i += 2) {
		assert_false(is_used[core_of(&bench, bench.plan.moves[i].cpu)]);
		is_used[core_of(&bench, bench.plan.moves[i].cpu)] = true;
	}
	/* they take turns: queues 0 and 1 of both are at home */
	check_move(&bench, 2, 2, "node 0, core 2, thread 0: nearest free core");
	check_move(&bench, 8, 1, "node 0, core 1, thread 0: nearest free core");
	check_move(&bench, 4, 4, "node 1, core 4, thread 0: node 0 has no free core");
	bench_done(&bench);
}

/* The queues of eth0 that are too many don't drive those of eth2 from their node. */
static void test_no_eviction(void **state)
{
	struct bench bench = bench_of((struct shape){2, 1, 4, 2}, 24);

	(void)state;
	add_nic(&bench, "eth0", 0, 4);
	add_nic(&bench, "eth1", 0, 4);
	add_nic(&bench, "eth2", 1, 4);
	plan(&bench, SPREAD_LOCAL);
	for (size_t i = 0; i < 24; i++) {
		const struct spread_move *move = &bench.plan.moves[i];

		assert_int_equal(topology_cpu(&bench.topology, move->cpu)->node,
				 move->interrupt->node);
	}
	check_move(&bench, 4, 4 * 2, "node 0, core 0, thread 1: every core has a queue");
	bench_done(&bench);
}

static void test_smt(void **state)
{
	struct bench bench = bench_of((struct shape){1, 1, 2, 2}, 12);
	static const uint32_t cpus[] = {0, 1, 2, 3, 0, 1};

	(void)state;
	add_nic(&bench, "eth0", 0, 6);
	plan(&bench, SPREAD_LOCAL);
	for (size_t i = 0; i < ARRAY_SIZE(cpus); i++)
		check_move(&bench, 2 * i, cpus[i], NULL);
	check_move(&bench, 4, 2, "node 0, core 0, thread 1: every core has a queue");
	check_move(&bench, 8, 0, "node 0, core 0, thread 0: every core has 2 queues");
	bench_done(&bench);
}

static void test_allowed(void **state)
{
	struct bench bench = bench_of((struct shape){2, 1, 4, 2}, 12);

	(void)state;
	add_nic(&bench, "eth0", 0, 4);
	allow(&bench, "1,6,10-11");
	plan(&bench, SPREAD_LOCAL);
	check_move(&bench, 0, 1, "node 0, core 1, thread 0: nearest free core");
	check_move(&bench, 2, 10, "node 0, core 2, thread 1: nearest free core");
	check_move(&bench, 4, 11, "node 0, core 3, thread 1: nearest free core");
	check_move(&bench, 6, 6, "node 1, core 6, thread 0: node 0 has no free core");
	allow(&bench, "4-7");
	plan(&bench, SPREAD_LOCAL);
	check_move(&bench, 0, 4, "node 1, core 4, thread 0: node 0 has no allowed CPU");
	bench_done(&bench);
}

static void test_no_node(void **state)
{
	struct bench bench = bench_of((struct shape){2, 1, 2, 1}, 12);

	(void)state;
	add_nic(&bench, "eth0", -1, 2);
	add_nic(&bench, "eth1", 0, 2);
	plan(&bench, SPREAD_LOCAL);
	/* what may be anywhere leaves the node to what belongs there */
	check_move(&bench, 0, 2, "node 1, core 2, thread 0: free core");
	check_move(&bench, 2, 3, "node 1, core 3, thread 0: free core");
	check_move(&bench, 4, 0, "node 0, core 0, thread 0: nearest free core");
	bench_done(&bench);
}

static void test_llc_turns(void **state)
{
	struct bench bench = bench_of((struct shape){1, 3, 2, 2}, 12);
	static const uint32_t cpus[] = {0, 2, 4, 1, 3, 5};

	(void)state;
	add_nic(&bench, "eth0", 0, 6);
	plan(&bench, SPREAD_LOCAL);
	for (size_t i = 0; i < ARRAY_SIZE(cpus); i++)
		check_move(&bench, 2 * i, cpus[i], NULL);
	/* caches of single cores are none to take turns of: then the nodes are */
	bench_done(&bench);
	bench = bench_of((struct shape){2, 4, 1, 1}, 12);
	add_nic(&bench, "eth0", 0, 4);
	plan(&bench, SPREAD_ALL);
	check_move(&bench, 0, 0, "node 0, core 0, thread 0: free core");
	check_move(&bench, 2, 4, NULL);
	check_move(&bench, 4, 1, NULL);
	bench_done(&bench);
}

static void test_distances(void **state)
{
	struct bench bench = bench_of((struct shape){3, 1, 1, 1}, 12);
	static const uint32_t matrix[] = {10, 30, 20, 30, 10, 20, 20, 20, 10};

	(void)state;
	bench.topology.nodes = calloc(3, sizeof(*bench.topology.nodes));
	bench.topology.distances = calloc(9, sizeof(*bench.topology.distances));
	assert_true(bench.topology.nodes && bench.topology.distances);
	bench.topology.n_nodes = 3;
	for (int32_t i = 0; i < 3; i++)
		bench.topology.nodes[i] = i;
	memcpy(bench.topology.distances, matrix, sizeof(matrix));
	add_nic(&bench, "eth0", 0, 3);
	plan(&bench, SPREAD_LOCAL);
	check_move(&bench, 0, 0, NULL);
	check_move(&bench, 2, 2, NULL);
	check_move(&bench, 4, 1, "node 1, core 1, thread 0: node 0 has no free core");
	bench_done(&bench);
}

static void test_pack(void **state)
{
	struct bench bench = bench_of((struct shape){2, 1, 2, 2}, 24);
	struct spread_request request;
	static const uint32_t cpus[] = {0, 0, 0, 1, 1, 1, 4, 4};

	(void)state;
	allow(&bench, "0-5");
	add_nic(&bench, "eth0", 0, 8);
	request = request_of(&bench, SPREAD_PACK);
	request.pack = 3;
	plan_as(&bench, &request);
	for (size_t i = 0; i < ARRAY_SIZE(cpus); i++)
		check_move(&bench, 2 * i, cpus[i], NULL);
	check_move(&bench, 8, 1, "node 0, core 1, thread 0: queue 2 of 3 on this CPU");
	/* more than N queues for each */
	allow(&bench, "0,2");
	plan_as(&bench, &request);
	check_move(&bench, 10, 2, "node 1, core 2, thread 0: queue 3 of 3 on this CPU");
	check_move(&bench, 14, 0, "node 0, core 0, thread 0: every CPU has 3 queues");
	bench_done(&bench);
}

static void test_apart(void **state)
{
	struct bench bench = bench_of((struct shape){2, 2, 8, 2}, 32);
	static const uint32_t cpus[] = {0, 8, 4, 12, 16, 24, 20, 28, 32, 40};

	(void)state;
	add_nic(&bench, "eth0", 0, 10);
	plan(&bench, SPREAD_APART);
	for (size_t i = 0; i < ARRAY_SIZE(cpus); i++)
		check_move(&bench, 2 * i, cpus[i], NULL);
	check_move(&bench, 0, 0, "node 0, core 0, thread 0: nearest free core for interrupts");
	check_move(&bench, 8, 16,
		   "node 1, core 16, thread 0: node 0 has no free core for interrupts");
	check_move(&bench, 16, 32,
		   "node 0, core 0, thread 1: every core for interrupts has a queue");
	/* of three cores and of seven, one */
	allow(&bench, "1-3,8-14");
	plan(&bench, SPREAD_APART);
	check_move(&bench, 0, 1, NULL);
	check_move(&bench, 2, 8, NULL);
	check_move(&bench, 4, 1, NULL);
	bench_done(&bench);
}

static void test_hint(void **state)
{
	struct bench bench = bench_of((struct shape){1, 1, 8, 1}, 24);
	static const char *const hints[] = {"3", "2-5", "6-7", NULL};

	(void)state;
	add_nic(&bench, "eth0", 0, 2);
	for (size_t i = 0; i < ARRAY_SIZE(hints); i++) {
		facts_of(bench.named[i])->has_hint = true; /* empty: the driver set none */
		if (hints[i])
			facts_of(bench.named[i])->hint = cpus_of(hints[i]);
	}
	allow(&bench, "0-4");
	plan(&bench, SPREAD_HINT);
	assert_int_equal(bench.plan.n_moves, 2);
	check_move(&bench, 0, 3, "its driver's hint is 3");
	check_move(&bench, 1, 2, "its driver's hint is 2-5, of which 2-4 can be used");
	assert_int_equal(cpuset_count(&bench.plan.moves[1].target), 3);
	assert_int_equal(bench.plan.n_left, 2);
	assert_string_equal(bench.plan.left[0].why, "no CPU of its driver's hint is allowed");
	assert_string_equal(bench.plan.left[1].why, "its driver gives no hint");
	bench_done(&bench);
}

static void test_left(void **state)
{
	struct bench bench = bench_of((struct shape){1, 1, 4, 1}, 24);
	const struct device *nic = add_nic(&bench, "eth0", 0, 1);
	const struct device *disk = add_device(&bench, 0);
	struct interrupt *managed;

	(void)state;
	name(&bench, add_interrupt(&bench, nic, "eth0", QUEUE_ADMIN, -1));
	name(&bench, add_interrupt(&bench, nic, "eth0", QUEUE_NONE, -1));
	managed = add_interrupt(&bench, disk, "vda", QUEUE_NONE, 0);
	managed->settable = SETTABLE_NO;
	managed->settable_why = "managed by the kernel";
	name(&bench, managed);
	managed = add_interrupt(&bench, disk, "vda", QUEUE_NONE, 1);
	managed->settable = SETTABLE_UNKNOWN;
	name(&bench, managed);
	plan(&bench, SPREAD_LOCAL);
	assert_int_equal(bench.plan.n_moves, 3);
	check_move(&bench, 2, 1, "node 0, core 1, thread 0: nearest free core");
	assert_int_equal(bench.plan.n_left, 3);
	assert_ptr_equal(bench.plan.left[0].interrupt, bench.named[2]);
	assert_non_null(strstr(bench.plan.left[0].why, "control and configuration"));
	assert_non_null(strstr(bench.plan.left[1].why, "its device has queues"));
	assert_string_equal(bench.plan.left[2].why, "managed by the kernel");
	bench_done(&bench);
}

/* Before Linux 6.12 the mode says nothing: a driver that is known to manage its queues is believed,
 * but only where the mode was read at all, and not the kernel that says nothing of it. */
/* Of 4 queues 2 are in use: the others stay, take no core, and do no work where they are. */
static void test_unused(void **state)
{
	struct bench bench = bench_of((struct shape){1, 1, 4, 1}, 16);
	bool unused[16] = {false};
	struct spread_request request;

	(void)state;
	add_nic(&bench, "eth0", 0, 4);
	add_nic(&bench, "eth1", 0, 2);
	for (size_t i = 4; i < 8; i++) {
		unused[i] = true;
		bind(&bench.model.items[i], "3", "3");
	}
	request = request_of(&bench, SPREAD_LOCAL);
	request.unused = unused;
	plan_as(&bench, &request);
	assert_int_equal(bench.plan.n_moves, 8);
	assert_int_equal(bench.plan.n_left, 4);
	assert_ptr_equal(bench.plan.left[0].interrupt, &bench.model.items[4]);
	assert_string_equal(
		bench.plan.left[0].why,
		"its queue is not in use: the driver keeps it for more channels than there are");
	check_move(&bench, 0, 0, "node 0, core 0, thread 0: nearest free core");
	check_move(&bench, 2, 2, "node 0, core 2, thread 0: nearest free core");
	check_move(&bench, 4, 1, "node 0, core 1, thread 0: nearest free core");
	check_move(&bench, 6, 3, "node 0, core 3, thread 0: nearest free core");
	bench_done(&bench);
}

static void test_believed(void **state)
{
	static const struct {
		bool has_mode;
		const char *why;
		bool is_left;
	} cases[] = {
		{true, "managed, its driver says", true},
		{false, "managed, its driver says", false},
		{true, NULL, false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct bench bench = bench_of((struct shape){1, 1, 4, 1}, 24);
		struct interrupt *queue =
			add_interrupt(&bench, add_device(&bench, 0), "vda", QUEUE_NONE, 0);

		queue->settable = SETTABLE_UNKNOWN;
		queue->settable_why = cases[i].why;
		facts_of(queue)->has_mode = cases[i].has_mode;
		name(&bench, queue);
		plan(&bench, SPREAD_LOCAL);
		assert_int_equal(bench.plan.n_left, cases[i].is_left);
		assert_int_equal(bench.plan.n_moves, !cases[i].is_left);
		if (cases[i].is_left)
			assert_string_equal(bench.plan.left[0].why, cases[i].why);
		bench_done(&bench);
	}
}

/* Vectors without queue are placed where nothing else does the work of their device. */
static void test_without_queues(void **state)
{
	struct bench bench = bench_of((struct shape){1, 1, 4, 1}, 24);
	const struct device *virtio = add_device(&bench, 0), *usb = add_device(&bench, 0);

	(void)state;
	name(&bench, add_interrupt(&bench, add_device(&bench, 0), "eth0", QUEUE_ADMIN, -1));
	name(&bench, add_interrupt(&bench, virtio, NULL, QUEUE_ADMIN, -1));
	name(&bench, add_interrupt(&bench, virtio, NULL, QUEUE_NONE, -1));
	name(&bench, add_interrupt(&bench, usb, NULL, QUEUE_NONE, -1));
	name(&bench, add_interrupt(&bench, usb, NULL, QUEUE_NONE, -1));
	name(&bench, add_interrupt(&bench, NULL, NULL, QUEUE_ADMIN, -1));
	name(&bench, bench.named[0]);
	plan(&bench, SPREAD_LOCAL);
	assert_int_equal(bench.plan.n_moves, 4);
	for (size_t i = 0; i < 4; i++)
		assert_non_null(strstr(bench.plan.moves[i].reason, "nearest free core"));
	assert_int_equal(bench.plan.n_left, 2);
	assert_ptr_equal(bench.plan.left[0].interrupt, bench.named[1]);
	assert_ptr_equal(bench.plan.left[1].interrupt, bench.named[5]);
	bench_done(&bench);
}

/* A NIC that was placed before keeps its cores to itself; its rx and tx count once. */
static void test_already_placed(void **state)
{
	struct bench bench = bench_of((struct shape){1, 1, 4, 2}, 24);
	const struct device *other = add_device(&bench, 0);
	struct interrupt *item;

	(void)state;
	bind(add_interrupt(&bench, other, "eth1", QUEUE_RX, 0), "0", "0");
	bind(add_interrupt(&bench, other, "eth1", QUEUE_TX, 0), "0", "0");
	bind(add_interrupt(&bench, other, "eth1", QUEUE_RX, 1), "5", "0"); /* a sibling, pending */
	bind(add_interrupt(&bench, other, "eth1", QUEUE_ADMIN, -1), "2", "2");
	item = add_interrupt(&bench, add_device(&bench, 0), "nvme0", QUEUE_NONE, 1);
	item->class = IRQ_CLASS_STORAGE;
	item->settable = SETTABLE_NO;
	bind(item, "2", "2");
	add_nic(&bench, "eth0", 0, 3);
	bind(bench.named[0], "2", "2"); /* where they are now is no matter */
	plan(&bench, SPREAD_LOCAL);
	check_move(&bench, 0, 2, "node 0, core 2, thread 0: nearest free core");
	check_move(&bench, 2, 3, NULL);
	/* of core 1, the thread that is free */
	check_move(&bench, 4, 1, "node 0, core 1, thread 0: every core has a queue");
	bench_done(&bench);
}

/* Where the kernel put an unbound queue counts only among equals. */
static void test_visitors(void **state)
{
	struct bench bench = bench_of((struct shape){2, 1, 2, 1}, 24);
	const struct device *other = add_device(&bench, 0);

	(void)state;
	bind(add_interrupt(&bench, other, "eth1", QUEUE_RXTX, 0), "0-3", "0");
	add_nic(&bench, "eth0", 0, 3);
	plan(&bench, SPREAD_LOCAL);
	check_move(&bench, 0, 1, NULL);
	check_move(&bench, 2, 0, "node 0, core 0, thread 0: nearest free core");
	check_move(&bench, 4, 2, NULL);
	bench_done(&bench);
}

static void test_budget(void **state)
{
	struct bench bench = bench_of((struct shape){1, 1, 3, 1}, 24);
	const struct device *other = add_device(&bench, 0);
	struct spread_request request;

	(void)state;
	for (int32_t i = 0; i < 3; i++) {
		struct interrupt *item = add_interrupt(&bench, other, "x", QUEUE_NONE, -1);

		item->class = IRQ_CLASS_OTHER;
		bind(item, "0-2", "0");
	}
	add_nic(&bench, "eth0", 0, 4);
	request = request_of(&bench, SPREAD_LOCAL);
	request.vectors_per_cpu = 4;
	plan_as(&bench, &request);
	/* one vector is free on CPU 0, and a pair needs two */
	check_move(&bench, 0, 1, "node 0, core 1, thread 0: nearest free core");
	check_move(&bench, 2, 2, NULL);
	check_move(&bench, 4, 1, "node 0, core 1, thread 0: every core has a queue");
	assert_int_equal(bench.plan.n_moves, 8);
	request.vectors_per_cpu = 3;
	plan_as(&bench, &request);
	assert_int_equal(bench.plan.n_moves, 4);
	assert_int_equal(bench.plan.n_left, 4);
	assert_string_equal(bench.plan.left[0].why,
			    "no allowed CPU has room: each serves 3 interrupts at the most");
	bench_done(&bench);
}

/* No topology at all: every CPU is a core. */
static void test_unknown_topology(void **state)
{
	struct bench bench = bench_of((struct shape){1, 1, 2, 1}, 24);

	(void)state;
	bench.topology.n_cpus = 0;
	add_nic(&bench, "eth0", 0, 3);
	plan(&bench, SPREAD_LOCAL);
	check_move(&bench, 0, 0, "CPU 0: free CPU");
	check_move(&bench, 2, 1, NULL);
	check_move(&bench, 4, 0, "CPU 0: every CPU has a queue");
	bench_done(&bench);
}

static void test_refused(void **state)
{
	struct bench bench = bench_of((struct shape){1, 1, 2, 1}, 24);
	struct interrupt stranger = {.queue = -1, .node = -1};
	struct spread_request request;

	(void)state;
	request = request_of(&bench, SPREAD_LOCAL);
	plan_as(&bench, &request); /* nothing to do */
	assert_int_equal(bench.plan.n_moves + bench.plan.n_left, 0);
	name(&bench, &stranger);
	request = request_of(&bench, SPREAD_LOCAL);
	assert_int_equal(spread_plan_build(&request, &bench.plan), -EINVAL);
	bench.n_named = 0;
	allow(&bench, "0");
	cpuset_del(&bench.allowed, 0);
	request = request_of(&bench, SPREAD_LOCAL);
	assert_int_equal(spread_plan_build(&request, &bench.plan), -EINVAL);
	bench_done(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_nics),
		cmocka_unit_test(test_one_node_for_two),
		cmocka_unit_test(test_no_eviction),
		cmocka_unit_test(test_smt),
		cmocka_unit_test(test_allowed),
		cmocka_unit_test(test_no_node),
		cmocka_unit_test(test_llc_turns),
		cmocka_unit_test(test_distances),
		cmocka_unit_test(test_pack),
		cmocka_unit_test(test_apart),
		cmocka_unit_test(test_hint),
		cmocka_unit_test(test_left),
		cmocka_unit_test(test_unused),
		cmocka_unit_test(test_believed),
		cmocka_unit_test(test_without_queues),
		cmocka_unit_test(test_already_placed),
		cmocka_unit_test(test_visitors),
		cmocka_unit_test(test_budget),
		cmocka_unit_test(test_unknown_topology),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
