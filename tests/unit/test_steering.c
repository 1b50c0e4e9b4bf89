/* SPDX-License-Identifier: BSD-2-Clause */
/* Which CPU sends through which queue, and which ones help a queue to receive. */
#include "spread_helper.h"

#include "plan/steering.h"

#define MAX_QUEUES 96u

/* A machine with one NIC. */
struct nic {
	struct bench bench;
	struct cpuset housekeeping;
	struct steering_queue tx[MAX_QUEUES], rx[MAX_QUEUES];
	struct steering_interface interface;
	struct steering_request request;
	struct steering_plan plan;
};

/* `n` queue pairs; seats[i] is the CPU of pair i, all are unknown without `seats`. */
static void nic_init(struct nic *nic, struct shape shape, int32_t node, size_t n,
		     const int64_t *seats)
{
	*nic = (struct nic){.bench = bench_of(shape, 0)};
	for (size_t i = 0; i < n; i++) {
		nic->tx[i] = (struct steering_queue){
			.index = (uint32_t)i, .cpu = seats ? seats[i] : -1, .has_cpus = true};
		nic->rx[i] = nic->tx[i];
		nic->rx[i].has_flows = true;
	}
	nic->interface = (struct steering_interface){
		.name = "eth0", .node = node, .tx = nic->tx, .rx = nic->rx, .n_tx = n, .n_rx = n};
	assert_int_equal(cpuset_copy(&nic->housekeeping, &nic->bench.allowed), 0);
	nic->request = (struct steering_request){.topology = &nic->bench.topology,
						 .allowed = &nic->bench.allowed,
						 .housekeeping = &nic->housekeeping,
						 .interfaces = &nic->interface,
						 .n_interfaces = 1,
						 .has_entries = true};
}

static void nic_plan(struct nic *nic)
{
	steering_plan_done(&nic->plan);
	assert_int_equal(steering_plan_build(&nic->request, &nic->plan), 0);
}

static void nic_done(struct nic *nic)
{
	steering_plan_done(&nic->plan);
	cpuset_done(&nic->housekeeping);
	bench_done(&nic->bench);
}

static const struct steering_setting *find(const struct nic *nic, enum steering_kind kind,
					   uint32_t queue)
{
	for (size_t i = 0; i < nic->plan.n; i++) {
		const struct steering_setting *setting = &nic->plan.settings[i];

		if (setting->kind == kind && setting->queue == queue)
			return setting;
	}
	return NULL;
}

static void check_cpus(const struct nic *nic, enum steering_kind kind, uint32_t queue,
		       const char *cpus, const char *reason)
{
	const struct steering_setting *setting = find(nic, kind, queue);
	struct buf text = {0};

	assert_non_null(setting);
	assert_int_equal(cpuset_format(&setting->cpus, &text), 0);
	assert_string_equal(buf_text(&text), cpus);
	if (reason)
		assert_string_equal(setting->reason, reason);
	buf_done(&text);
}

static size_t count(const struct nic *nic, enum steering_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < nic->plan.n; i++)
		n += nic->plan.settings[i].kind == kind;
	return n;
}

static const struct shape two_nodes = {2, 1, 4, 2}; /* CPU 0-3, 8-11 and 4-7, 12-15 */

/* The queue's own CPU, its sibling, its cache, and the other node in equal parts. */
static void test_nearest(void **state)
{
	static const int64_t seats[] = {0, 2};
	struct nic nic;

	(void)state;
	nic_init(&nic, two_nodes, 0, 2, seats);
	nic_plan(&nic);
	check_cpus(&nic, STEERING_XPS, 0, "0-1,4,6,8-9,12,14",
		   "CPU 0 serves it: the nearest CPUs, of other nodes too");
	check_cpus(&nic, STEERING_XPS, 1, "2-3,5,7,10-11,13,15", NULL);
	/* packets stay in the memory that they came to */
	check_cpus(&nic, STEERING_RPS, 0, "0-1,8-9",
		   "fewer rx queues than CPUs (2, 16): the nearest CPUs of its cache");
	check_cpus(&nic, STEERING_RPS, 1, "2-3,10-11", NULL);
	nic_done(&nic);
}

/* A queue on each core, and the sibling with it; queues that share a CPU take turns around it. */
static void test_cores(void **state)
{
	static const int64_t seats[] = {3, 2, 1, 0}, packed[] = {1, 1, 1, 1};
	struct nic nic;

	(void)state;
	nic_init(&nic, (struct shape){1, 1, 4, 2}, 0, 4, seats);
	nic_plan(&nic);
	check_cpus(&nic, STEERING_XPS, 0, "3,7", "CPU 3 serves it: the CPUs of its core");
	check_cpus(&nic, STEERING_XPS, 3, "0,4", NULL);
	nic_done(&nic);
	nic_init(&nic, (struct shape){1, 1, 4, 1}, 0, 4, packed);
	nic_plan(&nic);
	check_cpus(&nic, STEERING_XPS, 0, "1", "CPU 1 serves it: this CPU alone");
	check_cpus(&nic, STEERING_XPS, 1, "0",
		   "CPU 1 serves it and has a queue, CPU 0 is next: "
		   "this CPU alone");
	check_cpus(&nic, STEERING_XPS, 2, "2", NULL);
	check_cpus(&nic, STEERING_XPS, 3, "3", NULL);
	nic_done(&nic);
}

/* Managed queues may be served where nothing else may be. */
static void test_seat_not_allowed(void **state)
{
	static const int64_t seats[] = {0, 1};
	struct nic nic;

	(void)state;
	nic_init(&nic, (struct shape){1, 1, 4, 1}, 0, 2, seats);
	allow(&nic.bench, "1-3");
	nic_plan(&nic);
	check_cpus(&nic, STEERING_XPS, 0, "2-3",
		   "CPU 0 serves it and is not allowed, CPU 2 is next: the nearest CPUs of its "
		   "cache");
	check_cpus(&nic, STEERING_XPS, 1, "1", NULL);
	nic_done(&nic);
}

/* Without interrupts: cores of the device's node, one for each queue. */
static void test_no_interrupts(void **state)
{
	struct nic nic;

	(void)state;
	nic_init(&nic, two_nodes, 1, 4, NULL);
	nic_plan(&nic);
	check_cpus(&nic, STEERING_RPS, 0, "4,12", NULL);
	check_cpus(&nic, STEERING_RPS, 3, "7,15", NULL);
	assert_true(cpuset_has(&find(&nic, STEERING_XPS, 0)->cpus, 4));
	assert_non_null(
		strstr(find(&nic, STEERING_XPS, 0)->reason, "no interrupt known, CPU 4 is free: "));
	nic_done(&nic);
}

static void test_more_queues_than_cpus(void **state)
{
	static const int64_t seats[] = {0, 1, 0, 1, 0};
	struct nic nic;

	(void)state;
	nic_init(&nic, (struct shape){1, 1, 2, 1}, -1, 5, seats);
	nic_plan(&nic);
	check_cpus(&nic, STEERING_XPS, 0, "0", NULL);
	check_cpus(&nic, STEERING_XPS, 1, "1", NULL);
	check_cpus(&nic, STEERING_XPS, 2, "", "no CPU left: 2 CPUs, 5 tx queues");
	assert_int_equal(count(&nic, STEERING_XPS), 5);
	assert_int_equal(nic.plan.n, 5);
	nic_done(&nic);
}

/* RPS is put off where it is on and of no use, and else not spoken of. */
static void test_rps_off(void **state)
{
	static const int64_t seats[] = {0, 1, 2, 3};
	struct nic nic;

	(void)state;
	nic_init(&nic, (struct shape){1, 1, 4, 1}, 0, 4, seats);
	nic.rx[2].is_on = true;
	nic_plan(&nic);
	assert_int_equal(count(&nic, STEERING_RPS), 1);
	check_cpus(&nic, STEERING_RPS, 2, "", "off: there is an rx queue for each CPU");
	assert_int_equal(count(&nic, STEERING_FLOWS) + count(&nic, STEERING_ENTRIES), 0);
	nic_done(&nic);
	/* four CPUs more, but in another memory */
	nic_init(&nic, (struct shape){2, 1, 4, 1}, 0, 4, seats);
	nic.rx[1].is_on = true;
	nic_plan(&nic);
	assert_int_equal(count(&nic, STEERING_RPS), 1);
	check_cpus(&nic, STEERING_RPS, 1, "", "off: every CPU of its node has a queue");
	assert_int_equal(count(&nic, STEERING_FLOWS), 4);
	nic_done(&nic);
}

/* The kernel takes no isolated CPU for RPS; to send from is another matter. */
static void test_isolated(void **state)
{
	static const int64_t seats[] = {0, 2};
	struct nic nic;

	(void)state;
	nic_init(&nic, (struct shape){1, 1, 4, 1}, 0, 2, seats);
	cpuset_del(&nic.housekeeping, 1);
	nic_plan(&nic);
	check_cpus(&nic, STEERING_XPS, 0, "0-1", NULL);
	check_cpus(&nic, STEERING_XPS, 1, "2-3", NULL);
	check_cpus(&nic, STEERING_RPS, 0, "0,3", NULL);
	assert_null(find(&nic, STEERING_RPS, 1)); /* CPU 2 would help itself */
	/* no CPU at all */
	cpuset_done(&nic.housekeeping);
	nic_plan(&nic);
	assert_int_equal(count(&nic, STEERING_XPS), 2);
	assert_int_equal(nic.plan.n, 2);
	nic_done(&nic);
}

static void test_flows(void **state)
{
	static const int64_t seats[] = {0, 1, 2};
	static const struct {
		uint64_t entries;
		size_t n_rx, n_settings;
		uint64_t flows;
	} cases[] = {
		{0, 1, 1, 32768},     {0, 3, 1, 16384},      {4096, 2, 1, 16384},
		{32768, 2, 0, 16384}, {131072, 2, 0, 65536}, {UINT32_MAX, 1, 0, UINT64_C(1) << 32},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct nic nic;

		nic_init(&nic, two_nodes, 0, cases[i].n_rx, seats);
		nic.request.entries = cases[i].entries;
		nic_plan(&nic);
		assert_int_equal(count(&nic, STEERING_ENTRIES), cases[i].n_settings);
		if (cases[i].n_settings) {
			assert_int_equal(nic.plan.settings[0].kind, STEERING_ENTRIES);
			assert_int_equal(nic.plan.settings[0].number, 32768);
		}
		assert_int_equal(count(&nic, STEERING_FLOWS), cases[i].n_rx);
		assert_int_equal(find(&nic, STEERING_FLOWS, 0)->number, cases[i].flows);
		nic_done(&nic);
	}
}

/* What a kernel does not have is not asked for. */
static void test_missing_files(void **state)
{
	static const int64_t seats[] = {0, 1};
	struct nic nic;

	(void)state;
	nic_init(&nic, two_nodes, 0, 2, seats);
	nic.request.has_entries = false;
	nic.rx[0].has_cpus = false;
	nic.tx[1].has_cpus = false;
	nic_plan(&nic);
	assert_int_equal(nic.plan.n, 2);
	assert_non_null(find(&nic, STEERING_XPS, 0));
	assert_non_null(find(&nic, STEERING_RPS, 1));
	nic.interface.n_tx = 1; /* no choice */
	nic.interface.n_rx = 0;
	nic_plan(&nic);
	assert_int_equal(nic.plan.n, 0);
	nic_done(&nic);
}

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

/* A machine of any shape, some of whose CPUs are not allowed, and a NIC with seats anywhere. */
static void nic_draw(struct nic *nic, uint64_t seed)
{
	struct random random = {seed};
	struct shape shape = {1 + draw(&random, 4), 1 + draw(&random, 3), 1 + draw(&random, 5),
			      1 + draw(&random, 2)};
	uint32_t n_cpus = shape.nodes * shape.llcs * shape.cores * shape.threads;
	size_t n = 2 + draw(&random, MAX_QUEUES - 2);
	int64_t seats[MAX_QUEUES];

	for (size_t i = 0; i < n; i++)
		seats[i] = (int64_t)draw(&random, n_cpus + n_cpus / 4 + 1) - 1;
	nic_init(nic, shape, (int32_t)draw(&random, shape.nodes + 1) - 1, n, seats);
	nic->interface.n_rx = 1 + draw(&random, (uint32_t)n);
	for (uint32_t cpu = 1; cpu < n_cpus; cpu++) {
		if (draw(&random, 4) == 0)
			cpuset_del(&nic->bench.allowed, cpu);
	}
	cpuset_and(&nic->housekeeping, &nic->bench.allowed);
	for (uint32_t cpu = 1; cpu < n_cpus; cpu++) {
		if (draw(&random, 6) == 0)
			cpuset_del(&nic->housekeeping, cpu);
	}
}

/* Every allowed CPU is in one queue, no other one in any, and no queue is empty without need. */
static void check_partition(const struct nic *nic)
{
	struct cpuset seen = {0};
	size_t n_cpus = 0, n_empty = 0;

	for (size_t i = 0; i < nic->plan.n; i++) {
		const struct steering_setting *setting = &nic->plan.settings[i];

		if (setting->kind != STEERING_XPS)
			continue;
		n_cpus += cpuset_count(&setting->cpus);
		n_empty += cpuset_next(&setting->cpus, 0) < 0;
		assert_int_equal(cpuset_or(&seen, &setting->cpus), 0);
	}
	assert_int_equal(count(nic, STEERING_XPS), nic->interface.n_tx);
	assert_true(cpuset_equal(&seen, &nic->bench.allowed));
	assert_int_equal(n_cpus, cpuset_count(&seen));
	assert_int_equal(n_empty, nic->interface.n_tx > n_cpus ? nic->interface.n_tx - n_cpus : 0);
	cpuset_done(&seen);
}

/* The seat of a queue is its own, unless it is that of an earlier one. */
static void check_seats(const struct nic *nic)
{
	for (size_t i = 0; i < nic->interface.n_tx; i++) {
		int64_t seat = nic->tx[i].cpu;
		bool is_first = true;

		for (size_t k = 0; k < i; k++)
			is_first = is_first && nic->tx[k].cpu != seat;
		if (seat >= 0 && is_first && cpuset_has(&nic->bench.allowed, (uint32_t)seat))
			assert_true(cpuset_has(&find(nic, STEERING_XPS, nic->tx[i].index)->cpus,
					       (uint32_t)seat));
	}
}

/* No CPU helps two queues, and none that the kernel would not take. */
static void check_helpers(const struct nic *nic)
{
	struct cpuset seen = {0};
	size_t n_cpus = 0;

	for (size_t i = 0; i < nic->plan.n; i++) {
		const struct steering_setting *setting = &nic->plan.settings[i];

		if (setting->kind != STEERING_RPS)
			continue;
		assert_true(cpuset_next(&setting->cpus, 0) >= 0);
		assert_true(cpuset_subset(&setting->cpus, &nic->housekeeping));
		n_cpus += cpuset_count(&setting->cpus);
		assert_int_equal(cpuset_or(&seen, &setting->cpus), 0);
	}
	assert_int_equal(n_cpus, cpuset_count(&seen));
	if (nic->interface.n_rx >= cpuset_count(&nic->housekeeping))
		assert_int_equal(n_cpus, 0);
	cpuset_done(&seen);
}

static void test_random(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 1000; seed++) {
		struct nic nic;

		nic_draw(&nic, seed);
		nic_plan(&nic);
		check_partition(&nic);
		check_seats(&nic);
		check_helpers(&nic);
		nic_done(&nic);
	}
}

static void test_deterministic(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 50; seed++) {
		struct nic a, b;

		nic_draw(&a, seed);
		nic_draw(&b, seed);
		nic_plan(&a);
		nic_plan(&b);
		assert_int_equal(a.plan.n, b.plan.n);
		for (size_t i = 0; i < a.plan.n; i++) {
			assert_true(
				cpuset_equal(&a.plan.settings[i].cpus, &b.plan.settings[i].cpus));
			assert_string_equal(a.plan.settings[i].reason, b.plan.settings[i].reason);
		}
		nic_done(&a);
		nic_done(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_cores),
		cmocka_unit_test(test_seat_not_allowed),
		cmocka_unit_test(test_no_interrupts),
		cmocka_unit_test(test_more_queues_than_cpus),
		cmocka_unit_test(test_rps_off),
		cmocka_unit_test(test_isolated),
		cmocka_unit_test(test_flows),
		cmocka_unit_test(test_missing_files),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_deterministic),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
