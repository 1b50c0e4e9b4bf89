/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The daemon on a model of FreeBSD's kernel: what it says of the CPUs that served each interrupt is
 * the truth of the model, whatever it moves.
 */
#include "cmocka_all.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "apply/freebsd.h"
#include "base/macros.h"
#include "daemon/keeper_moves.h"
#include "freebsd_kernel.h"
#include "model/freebsd.h"
#include "temp_root.h"

#define CPUS   8u
#define IRQS   10
#define FIRST  24
#define ROUNDS 12
#define STEPS  25

struct world {
	struct model_kernel kernel;
	struct keeper keeper;
	struct config config;
	struct temp_root root; /* where the journal is */
	uint64_t seed;
	uint64_t begin[IRQS][CPUS]; /* the truth when the daemon began */
};

/* A number in 0 .. n - 1 (xorshift; the same for a seed on every machine). */
static uint32_t draw(struct world *world, uint32_t n)
{
	world->seed ^= world->seed << 13;
	world->seed ^= world->seed >> 7;
	world->seed ^= world->seed << 17;
	return (uint32_t)(world->seed >> 16) % n;
}

static void fire_some(struct world *world)
{
	for (uint32_t n = 1 + draw(world, 2 * IRQS); n; n--)
		model_kernel_fire(&world->kernel, FIRST + (int32_t)draw(world, IRQS),
				  1 + draw(world, 100000));
}

/* The MSI-X table of the NIC, which tells the true CPUs; two APIC ids to a core. */
static void add_table(struct model_kernel *kernel)
{
	for (size_t i = 0; i < kernel->n_irqs; i++) {
		const uint32_t entry[] = {0xfee00000u | kernel->irqs[i].target * 2 << 12, 0,
					  0x30u + (uint32_t)i, 0};

		memcpy(kernel->msix + 16 * i, entry, sizeof(entry));
	}
	kernel->n_msix = kernel->n_irqs;
}

static void make_kernel(struct world *world)
{
	static const char *const names[IRQS] = {
		" em0:rxq0", " em0:rxq1", " em0:rxq2", " em0:rxq3", " em0:rxq4",
		" em0:rxq5", " em0:rxq6", " em0:rxq7", " em0:aq",   " em0:link",
	};

	model_kernel_pc(&world->kernel, CPUS);
	for (int i = 0; i < IRQS; i++)
		model_kernel_add(&world->kernel, FIRST + i, names[i], draw(world, CPUS));
	add_table(&world->kernel);
	fire_some(world);
	for (int i = 0; i < IRQS; i++)
		memcpy(world->begin[i], world->kernel.irqs[i].counts, sizeof(world->begin[i]));
}

static void open_world(struct world *world, uint64_t seed)
{
	struct keeper *keeper = &world->keeper;
	_cleanup_(buf_done) struct buf error = {0};

	*world = (struct world){.seed = seed};
	temp_root_open(&world->root);
	make_kernel(world);
	assert_int_equal(config_defaults(&world->config), 0);
	keeper->config = &world->config;
	keeper->state_dir = world->root.dir;
	assert_int_equal(source_open_freebsd(&world->kernel.base, &keeper->source), 0);
	keeper->applier = applier_live(keeper->source);
	assert_int_equal(sampler_open(keeper->source, &keeper->sampler), 0);
	assert_int_equal(fleet_build(keeper->source, keeper->config, NULL, &keeper->fleet, &error),
			 0);
	/* the first reading of all */
	assert_int_equal(keeper_write(keeper, NULL, 0), 0);
}

static void close_world(struct world *world)
{
	world->keeper.config = NULL; /* it and the directory are ours */
	world->keeper.state_dir = NULL;
	keeper_done(&world->keeper);
	config_done(&world->config);
	model_kernel_done(&world->kernel);
	temp_root_done(&world->root);
}

/* Some interrupts to some CPUs, all in one round. */
static void move_some(struct world *world)
{
	struct keeper_wish wishes[3];
	_cleanup_(cpuset_done) struct cpuset unused = {0};
	size_t n = 1 + draw(world, 3);
	uint32_t first = draw(world, IRQS);

	for (size_t i = 0; i < n; i++) {
		wishes[i] = (struct keeper_wish){.irq = (first + (uint32_t)i) % IRQS,
						 .reason = "for the test",
						 .before = NAN,
						 .predicted = NAN};
		assert_true(fleet_look(&world->keeper.fleet, &world->keeper.sampler, wishes[i].irq,
				       &unused) >= 0);
		assert_int_equal(cpuset_add(&wishes[i].cpus, draw(world, CPUS)), 0);
	}
	assert_int_equal(keeper_carry_out(&world->keeper, wishes, n), 0);
	for (size_t i = 0; i < n; i++)
		cpuset_done(&wishes[i].cpus);
}

static uint64_t cell(const struct attributed *item, uint32_t cpu)
{
	for (size_t i = 0; i < item->n_cells; i++) {
		if (item->cells[i].cpu == cpu)
			return item->cells[i].count;
	}
	return 0;
}

static void check(const struct world *world)
{
	for (int i = 0; i < IRQS; i++) {
		const struct model_irq *irq = &world->kernel.irqs[i];
		const struct attributed *item = keeper_counts(&world->keeper, FIRST + i);
		uint64_t unknown = 0;

		assert_non_null(item);
		for (uint32_t cpu = 0; cpu < CPUS; cpu++) {
			assert_int_equal(cell(item, cpu), irq->counts[cpu] - world->begin[i][cpu]);
			unknown += world->begin[i][cpu];
		}
		assert_int_equal(item->unknown, unknown);
	}
}

/*
 * Between two readings each interrupt has one target, because each move is read around, and not
 * only each round of moves: the others come meanwhile.
 */
static void test_counts_are_the_truth(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
		struct world world;

		open_world(&world, seed * 0x9e3779b97f4a7c15u);
		world.kernel.full_cpu = draw(&world, 2 * CPUS);
		world.kernel.meanwhile = draw(&world, 50);
		for (int step = 0; step < STEPS; step++) {
			fire_some(&world);
			move_some(&world);
		}
		fire_some(&world);
		assert_int_equal(keeper_write(&world.keeper, NULL, 0), 0);
		check(&world);
		close_world(&world);
	}
}

/* A target that the device told once is known as long as nobody moves the interrupt. */
static void test_learned_targets_last(void **state)
{
	_cleanup_(cpuset_done) struct cpuset requested = {0}, effective = {0};
	struct world world;
	struct sampler *sampler;

	(void)state;
	open_world(&world, 77);
	sampler = &world.keeper.sampler;
	assert_true(sampler->is_learned);
	world.kernel.n_msix = 0; /* it is not asked again */
	assert_int_equal(keeper_write(&world.keeper, NULL, 0), 0);
	assert_int_equal(sampler_affinity(sampler, FIRST, NULL, &requested, &effective), 0);
	assert_int_equal(cpuset_count(&requested), CPUS);
	assert_int_equal(cpuset_next(&effective, 0), world.kernel.irqs[0].target);
	/* after a driver was loaded again nothing is known */
	sampler->is_learned = false;
	assert_int_equal(keeper_write(&world.keeper, NULL, 0), 0);
	assert_int_equal(sampler_affinity(sampler, FIRST, NULL, &requested, &effective), 0);
	assert_int_equal(cpuset_count(&effective), 0);
	close_world(&world);
}

static void carry_out(struct world *world, uint32_t index, uint32_t cpu)
{
	struct keeper_wish wish = {
		.irq = index, .reason = "for the test", .before = NAN, .predicted = NAN};

	assert_int_equal(cpuset_add(&wish.cpus, cpu), 0);
	assert_int_equal(keeper_carry_out(&world->keeper, &wish, 1), 0);
	cpuset_done(&wish.cpus);
}

static void move_to(struct world *world, uint32_t index, uint32_t cpu)
{
	_cleanup_(cpuset_done) struct cpuset unused = {0};

	assert_true(fleet_look(&world->keeper.fleet, &world->keeper.sampler, index, &unused) >= 0);
	carry_out(world, index, cpu);
}

/* What the next look says and does of what somebody else set. */
static void look_again(struct world *world, uint32_t index)
{
	_cleanup_(cpuset_done) struct cpuset now = {0};

	assert_int_equal(keeper_write(&world->keeper, NULL, 0), 0);
	assert_int_equal(fleet_look(&world->keeper.fleet, &world->keeper.sampler, index, &now), 1);
	assert_int_equal(keeper_foreign(&world->keeper, index, &now), 0);
}

/*
 * Back where it was, a moment after it was moved: Linux gives a move up like that where a CPU has
 * no vector, and FreeBSD never does. So it was somebody, whose wish counts.
 */
static void test_moved_back_by_somebody(void **state)
{
	_cleanup_(cpuset_done) struct cpuset two = {0};
	struct fleet_irq *irq;
	struct world world;

	(void)state;
	open_world(&world, 9);
	irq = &world.keeper.fleet.irqs[3];
	move_to(&world, 3, 2);
	move_to(&world, 3, 5);
	assert_int_equal(world.kernel.irqs[3].bound, 5);
	assert_int_equal(cpuset_add(&two, 2), 0);
	assert_int_equal(freebsd_bind(world.keeper.source, FIRST + 3, &two), 0);
	look_again(&world, 3);
	assert_true(irq->foreign);
	assert_true(cpuset_has(&irq->respected, 2));
	/* or, as the configuration may want it, is put back */
	irq->foreign = false;
	world.config.foreign = CONFIG_RESTORE;
	move_to(&world, 3, 6);
	assert_int_equal(freebsd_bind(world.keeper.source, FIRST + 3, &two), 0);
	look_again(&world, 3);
	assert_int_equal(world.kernel.irqs[3].bound, 6);
	close_world(&world);
}

/* What somebody set since the last look is not overwritten: the next look finds it. */
static void test_somebody_was_faster(void **state)
{
	_cleanup_(cpuset_done) struct cpuset four = {0};
	struct world world;

	(void)state;
	open_world(&world, 10);
	move_to(&world, 3, 2);
	assert_int_equal(cpuset_add(&four, 4), 0);
	assert_int_equal(freebsd_bind(world.keeper.source, FIRST + 3, &four), 0);
	carry_out(&world, 3, 6);
	assert_int_equal(world.kernel.irqs[3].bound, 4);
	look_again(&world, 3);
	assert_true(world.keeper.fleet.irqs[3].foreign);
	close_world(&world);
}

static void test_status_tells(void **state)
{
	_cleanup_(buf_done) struct buf status = {0};
	struct world world;

	(void)state;
	open_world(&world, 5);
	move_some(&world);
	assert_int_equal(keeper_status(&world.keeper, &status), 0);
	assert_non_null(strstr(buf_text(&status), "\"count_source\":\"attributed\""));
	assert_non_null(strstr(buf_text(&status), "\"unattributed\":"));
	close_world(&world);
}

/* What a driver has bound to the CPUs of its queues stays; what moves leaves its work behind. */
static void test_words(void **state)
{
	static const struct irq_facts facts = {.worker_cpu = 1};
	_cleanup_(buf_done) struct buf reason = {0}, same = {0};
	struct model_irq *queue;
	struct world world;
	struct fleet fleet;

	(void)state;
	open_world(&world, 6);
	queue = model_kernel_add(&world.kernel, FIRST + IRQS, " nvme0:io1", 2);
	queue->bound = 2;
	model_kernel_add(&world.kernel, FIRST + IRQS + 1, " nvme0:io2", 3);
	assert_int_equal(fleet_build(world.keeper.source, &world.config, NULL, &fleet, &same), 0);
	assert_non_null(fleet.engine.irqs[IRQS].fixed);
	assert_non_null(strstr(fleet.engine.irqs[IRQS].fixed, "bound by its driver"));
	assert_null(fleet.engine.irqs[IRQS + 1].fixed);
	fleet_done(&fleet);
	assert_int_equal(freebsd_move_reason(&facts, 3, "CPU 2 is full", &reason), 0);
	assert_string_equal(buf_text(&reason),
			    "CPU 2 is full; only the interrupt moves: the work of its queue stays "
			    "with if_io_tqg_1 on CPU 1");
	buf_cut(&same, 0);
	assert_int_equal(freebsd_move_reason(&facts, 1, "CPU 2 is full", &same), 0);
	assert_string_equal(buf_text(&same), "CPU 2 is full");
	close_world(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts_are_the_truth),
		cmocka_unit_test(test_learned_targets_last),
		cmocka_unit_test(test_moved_back_by_somebody),
		cmocka_unit_test(test_somebody_was_faster),
		cmocka_unit_test(test_status_tells),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests_name("keeper_freebsd", tests, NULL, NULL);
}
