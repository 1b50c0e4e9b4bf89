/* SPDX-License-Identifier: BSD-2-Clause */
/* The whole way on FreeBSD, from the calls of the kernel to the model and back, on a model of it.
 */
#include "cmocka_all.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "apply/apply.h"
#include "apply/freebsd.h"
#include "apply/record.h"
#include "base/macros.h"
#include "freebsd_kernel.h"
#include "model/attribution.h"
#include "model/model.h"
#include "snapshot/sampler.h"

struct machine {
	struct model_kernel kernel;
	struct source *source;
	struct snapshot snapshot;
	struct model model;
};

static void open_machine(struct machine *machine)
{
	assert_int_equal(source_open_freebsd(&machine->kernel.base, &machine->source), 0);
}

static void take(struct machine *machine, struct snapshot *snapshot)
{
	_cleanup_(buf_done) struct buf error = {0};

	assert_int_equal(snapshot_take(machine->source, SNAPSHOT_AFFINITY | SNAPSHOT_DEVICES,
				       snapshot, &error),
			 0);
	assert_int_equal(snapshot->system, SYSTEM_FREEBSD);
}

static void look(struct machine *machine)
{
	model_done(&machine->model);
	snapshot_done(&machine->snapshot);
	take(machine, &machine->snapshot);
	assert_int_equal(model_build(NULL, &machine->snapshot, &machine->model), 0);
}

static void close_machine(struct machine *machine)
{
	model_done(&machine->model);
	snapshot_done(&machine->snapshot);
	source_close(machine->source);
	model_kernel_done(&machine->kernel);
}

/* Four CPUs: a NIC with two queues, a drive, a line without driver. */
static void make_pc(struct machine *machine)
{
	*machine = (struct machine){0};
	model_kernel_pc(&machine->kernel, 4);
	model_kernel_add(&machine->kernel, 9, " acpi0", 0);
	model_kernel_add(&machine->kernel, 10, "", 0);
	model_kernel_add(&machine->kernel, 25, " em0:rxq0", 3);
	model_kernel_add(&machine->kernel, 26, " em0:rxq1", 1);
	model_kernel_add(&machine->kernel, 27, " em0:aq", 0);
	model_kernel_add(&machine->kernel, 28, " nvme0:io1", 2);
	model_kernel_add(&machine->kernel, 34, " virtio_pci1", 2);
	open_machine(machine);
}

static int bind_to(struct machine *machine, int32_t irq, const char *cpus)
{
	_cleanup_(cpuset_done) struct cpuset set = {0};

	for (const char *p = cpus; *p; p++)
		assert_int_equal(cpuset_add(&set, (uint32_t)(*p - '0')), 0);
	return freebsd_bind(machine->source, irq, &set);
}

static const struct interrupt *irq(const struct machine *machine, int32_t number)
{
	const struct interrupt *interrupt = model_find_irq(&machine->model, number);

	assert_non_null(interrupt);
	return interrupt;
}

static void check_target(struct machine *machine, int32_t number, int32_t target, int32_t believed)
{
	const struct irq_facts *facts = irq(machine, number)->facts;

	assert_int_equal(attribution_target(facts), target);
	assert_int_equal(facts->believed, believed);
}

static void test_describe(void **state)
{
	struct machine machine;
	const struct interrupt *queue;

	(void)state;
	make_pc(&machine);
	look(&machine);
	queue = irq(&machine, 26);
	assert_string_equal(queue->device->address, "0000:03:00.0");
	assert_string_equal(queue->interface, "em0");
	assert_string_equal(queue->driver, "em");
	assert_int_equal(queue->class, IRQ_CLASS_NET);
	assert_int_equal(queue->queue, 1);
	assert_int_equal(queue->direction, QUEUE_RX);
	assert_int_equal(irq(&machine, 25)->facts->worker_cpu, 1);
	assert_int_equal(queue->facts->worker_cpu, -1);
	assert_int_equal(irq(&machine, 27)->direction, QUEUE_ADMIN);
	assert_int_equal(irq(&machine, 28)->class, IRQ_CLASS_STORAGE);
	assert_string_equal(irq(&machine, 34)->interface, "vtnet0");
	assert_string_equal(irq(&machine, 34)->device->parent, "0000:04:00.0");
	assert_int_equal(irq(&machine, 34)->class, IRQ_CLASS_NET);
	assert_int_equal(irq(&machine, 10)->settable, SETTABLE_NO);
	assert_int_equal(irq(&machine, 25)->settable, SETTABLE_YES);
	assert_int_equal(irq(&machine, 25)->count_source, COUNTS_TOTAL);
	close_machine(&machine);
}

/* The CPU that the kernel believes is taken for the target only once something vouches for it. */
static void test_wrong_target(void **state)
{
	struct machine machine;

	(void)state;
	make_pc(&machine);
	look(&machine);
	check_target(&machine, 25, ATTRIBUTION_UNKNOWN, 0);
	assert_int_equal(cpuset_count(&irq(&machine, 25)->facts->requested), 4);
	/* bound: known */
	assert_int_equal(bind_to(&machine, 25, "2"), 0);
	look(&machine);
	check_target(&machine, 25, 2, 2);
	assert_int_equal(cpuset_count(&irq(&machine, 25)->facts->requested), 1);
	/* free again: it stays, and that is known, on CPU 0 as well */
	assert_int_equal(bind_to(&machine, 25, "0"), 0);
	assert_int_equal(bind_to(&machine, 25, "0123"), 0);
	look(&machine);
	check_target(&machine, 25, 0, 0);
	assert_int_equal(cpuset_count(&irq(&machine, 25)->facts->requested), 4);
	check_target(&machine, 26, ATTRIBUTION_UNKNOWN, 0);
	close_machine(&machine);
}

static void test_adopt(void **state)
{
	struct machine machine;
	struct model_irq *model;

	(void)state;
	make_pc(&machine);
	model = model_kernel_find(&machine.kernel, 26);
	assert_int_equal(freebsd_adopt(machine.source, 26, 1), 0);
	assert_int_equal(model->target, 1);
	assert_int_equal(model->bound, -1);
	look(&machine);
	check_target(&machine, 26, 1, 1);
	assert_int_equal(cpuset_count(&irq(&machine, 26)->facts->requested), 4);
	assert_int_equal(freebsd_adopt(machine.source, 10, 1), -ENOENT);
	assert_int_equal(freebsd_adopt(machine.source, 26, 7), -EINVAL);
	close_machine(&machine);
}

/* What root found to be right, everybody may know. */
static void test_vouch(void **state)
{
	struct machine machine;

	(void)state;
	make_pc(&machine);
	assert_int_equal(freebsd_vouch(machine.source, 27), 0);
	assert_int_equal(freebsd_vouch(machine.source, 27), 0);
	assert_string_equal(buf_text(&machine.kernel.targets), "27\n");
	machine.kernel.is_root = false;
	look(&machine);
	check_target(&machine, 27, 0, 0);
	check_target(&machine, 25, ATTRIBUTION_UNKNOWN, 0);
	close_machine(&machine);
}

static void set_message(struct model_kernel *kernel, size_t index, uint32_t cpu)
{
	const uint32_t entry[4] = {0xfee00000u | (2 * cpu) << 12, 0, 0, 0};

	memcpy(kernel->msix + 16 * index, entry, sizeof(entry));
}

static void put_message(struct model_kernel *kernel, uint32_t cpu)
{
	set_message(kernel, kernel->n_msix++, cpu);
}

/* Root learns the targets from the device's own table, where that leaves no doubt. */
static void test_msix(void **state)
{
	struct machine machine;

	(void)state;
	make_pc(&machine);
	put_message(&machine.kernel, 3);
	put_message(&machine.kernel, 1);
	put_message(&machine.kernel, 0);
	look(&machine);
	check_target(&machine, 25, 3, 0);
	check_target(&machine, 26, 1, 0);
	check_target(&machine, 27, 0, 0);
	check_target(&machine, 28, ATTRIBUTION_UNKNOWN, 0);
	/* a fourth message in use: which is which cannot be told */
	put_message(&machine.kernel, 2);
	look(&machine);
	check_target(&machine, 25, ATTRIBUTION_UNKNOWN, 0);
	machine.kernel.n_msix = 3;
	machine.kernel.is_root = false;
	look(&machine);
	check_target(&machine, 25, ATTRIBUTION_UNKNOWN, 0);
	assert_int_equal(irq(&machine, 25)->settable, SETTABLE_YES);
	close_machine(&machine);
}

/* A driver that begins anew: its numbers are the old ones, and what the kernel says of them, too.
 */
static void load_again(struct machine *machine, int32_t number, size_t message, uint32_t cpu)
{
	model_kernel_find(&machine->kernel, number)->target = cpu;
	set_message(&machine->kernel, message, cpu);
}

/* em0 with its queues bound to CPU 2, and given free there; then it begins anew on 3 and 1. */
static void make_stale(struct machine *machine)
{
	make_pc(machine);
	put_message(&machine->kernel, 2);
	put_message(&machine->kernel, 2);
	put_message(&machine->kernel, 0);
	assert_int_equal(bind_to(machine, 25, "2"), 0);
	assert_int_equal(bind_to(machine, 26, "2"), 0);
	assert_int_equal(bind_to(machine, 26, "0123"), 0);
	look(machine);
	check_target(machine, 25, 2, 2);
	assert_false(irq(machine, 25)->facts->is_stale);
	load_again(machine, 25, 0, 3);
	load_again(machine, 26, 1, 1);
}

static void test_stale(void **state)
{
	struct machine machine;

	(void)state;
	make_stale(&machine);
	look(&machine);
	check_target(&machine, 25, 3, 2);
	check_target(&machine, 26, 1, 2);
	check_target(&machine, 27, 0, 0);
	assert_true(irq(&machine, 25)->facts->is_stale);
	assert_false(irq(&machine, 25)->pending); /* nothing moves it */
	assert_true(irq(&machine, 26)->facts->is_stale);
	assert_false(irq(&machine, 27)->facts->is_stale);
	/* bound once more it is where it is said to be */
	assert_int_equal(bind_to(&machine, 25, "2"), 0);
	set_message(&machine.kernel, 0, 2);
	look(&machine);
	check_target(&machine, 25, 2, 2);
	assert_false(irq(&machine, 25)->facts->is_stale);
	close_machine(&machine);
}

static void test_errors(void **state)
{
	static const int errors[] = {-EINVAL, -EDEADLK, -ENOENT, -ESRCH,
				     -EPERM,  -EACCES,  -ENOSPC, -EROFS};
	struct machine machine;

	(void)state;
	make_pc(&machine);
	assert_int_equal(bind_to(&machine, 25, "12"), -EINVAL);
	assert_int_equal(bind_to(&machine, 25, "7"), -EINVAL);
	assert_int_equal(bind_to(&machine, 25, ""), -EDEADLK);
	assert_int_equal(bind_to(&machine, 10, "1"), -ENOENT);
	assert_int_equal(bind_to(&machine, 63, "1"), -ENOENT);
	machine.kernel.full_cpu = 2;
	assert_int_equal(bind_to(&machine, 25, "2"), -ENOSPC);
	assert_int_equal(bind_to(&machine, 25, "1"), 0);
	machine.kernel.is_root = false;
	assert_int_equal(bind_to(&machine, 25, "3"), -EPERM);
	assert_int_equal(model_kernel_find(&machine.kernel, 25)->target, 1);
	for (size_t i = 0; i < ARRAY_SIZE(errors); i++)
		assert_non_null(freebsd_verdict(errors[i]));
	assert_null(freebsd_verdict(-EIO));
	close_machine(&machine);
}

static void test_read_back(void **state)
{
	_cleanup_(cpuset_done) struct cpuset requested = {0}, target = {0};
	struct machine machine;

	(void)state;
	make_pc(&machine);
	assert_int_equal(bind_to(&machine, 28, "3"), 0);
	assert_int_equal(freebsd_read_requested(machine.source, 28, &requested), 0);
	assert_int_equal(cpuset_count(&requested), 1);
	assert_true(cpuset_has(&requested, 3));
	assert_int_equal(freebsd_read_target(machine.source, 28, &target), 0);
	assert_true(cpuset_has(&target, 3));
	assert_int_equal(freebsd_read_requested(machine.source, 10, &requested), -ENOENT);
	assert_int_equal(freebsd_read_root(machine.source, &requested), 0);
	assert_int_equal(cpuset_count(&requested), 4);
	assert_int_equal(freebsd_intrbalance(machine.source), 0);
	machine.kernel.intrbalance = 60;
	assert_int_equal(freebsd_intrbalance(machine.source), 60);
	close_machine(&machine);
}

/* What set does: "25 on CPU 2", "26 on CPU 12" ... */
struct wish {
	int32_t irq;
	const char *cpus;
	enum change_state state;
	int error;
};

static void make_changes(const struct wish *wishes, size_t n, struct change *changes)
{
	for (size_t i = 0; i < n; i++) {
		changes[i] =
			(struct change){.setting = {.kind = SETTING_IRQ, .irq = wishes[i].irq}};
		for (const char *p = wishes[i].cpus; *p; p++)
			assert_int_equal(cpuset_add(&changes[i].wanted, (uint32_t)(*p - '0')), 0);
	}
}

/* Reads, writes and verifies, as changes_run() does. */
static void apply(struct machine *machine, const struct wish *wishes, size_t n, bool atomic)
{
	struct applier applier = applier_live(machine->source);
	struct change changes[8];

	assert_true(applier.freebsd);
	make_changes(wishes, n, changes);
	for (size_t i = 0; i < n; i++) {
		int r = apply_read(&applier, &changes[i]);

		if (r < 0)
			changes[i].state = r == -ENOENT ? CHANGE_GONE : CHANGE_REFUSED;
	}
	assert_true(apply_write(&applier, changes, n, atomic) >= 0);
	assert_int_equal(apply_verify(&applier, changes, n, 0), 0);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(changes[i].state, wishes[i].state);
		assert_int_equal(changes[i].error, wishes[i].error);
		if (changes[i].error)
			assert_string_equal(changes[i].why, freebsd_verdict(-changes[i].error));
		if (changes[i].state == CHANGE_APPLIED)
			assert_true(changes[i].has_requested && changes[i].has_effective);
		change_done(&changes[i]);
	}
}

static void test_apply(void **state)
{
	static const struct wish wishes[] = {
		{25, "2", CHANGE_APPLIED, 0},        {26, "12", CHANGE_REFUSED, EINVAL},
		{27, "3", CHANGE_NO_VECTOR, ENOSPC}, {28, "0123", CHANGE_UNCHANGED, 0},
		{10, "1", CHANGE_GONE, 0},           {34, "7", CHANGE_REFUSED, EINVAL},
		{9, "", CHANGE_REFUSED, EDEADLK},
	};
	static const struct wish denied[] = {{25, "1", CHANGE_REFUSED, EPERM}};
	static const struct wish freed[] = {{25, "0123", CHANGE_APPLIED, 0}};
	struct machine machine;

	(void)state;
	make_pc(&machine);
	machine.kernel.full_cpu = 3;
	apply(&machine, wishes, ARRAY_SIZE(wishes), false);
	assert_int_equal(model_kernel_find(&machine.kernel, 25)->bound, 2);
	apply(&machine, freed, 1, false);
	assert_int_equal(model_kernel_find(&machine.kernel, 25)->bound, -1);
	assert_int_equal(model_kernel_find(&machine.kernel, 25)->target, 2);
	machine.kernel.is_root = false;
	apply(&machine, denied, 1, false);
	close_machine(&machine);
}

/* Somebody puts it back before it is looked at: no CPU lacks a vector for that. */
static void test_put_back_by_somebody(void **state)
{
	static const struct wish wish = {25, "2", CHANGE_APPLIED, 0};
	struct machine machine;
	struct applier applier;
	struct change change;

	(void)state;
	make_pc(&machine);
	applier = applier_live(machine.source);
	assert_int_equal(bind_to(&machine, 25, "1"), 0);
	make_changes(&wish, 1, &change);
	assert_int_equal(apply_read(&applier, &change), 0);
	assert_int_equal(apply_write(&applier, &change, 1, false), 0);
	assert_int_equal(bind_to(&machine, 25, "1"), 0);
	assert_int_equal(apply_verify(&applier, &change, 1, 0), 0);
	assert_int_equal(change.state, CHANGE_REFUSED);
	change_done(&change);
	close_machine(&machine);
}

/* All or nothing: what was moved goes back to the CPU that it was bound to, or is free again. */
static void test_atomic(void **state)
{
	static const struct wish wishes[] = {
		{25, "2", CHANGE_REVERTED, 0},
		{26, "2", CHANGE_REVERTED, 0},
		{27, "3", CHANGE_NO_VECTOR, ENOSPC},
		{28, "1", CHANGE_PLANNED, 0},
	};
	struct machine machine;

	(void)state;
	make_pc(&machine);
	assert_int_equal(bind_to(&machine, 26, "1"), 0);
	machine.kernel.full_cpu = 3;
	apply(&machine, wishes, ARRAY_SIZE(wishes), true);
	assert_int_equal(model_kernel_find(&machine.kernel, 25)->bound, -1);
	assert_int_equal(model_kernel_find(&machine.kernel, 26)->bound, 1);
	assert_int_equal(model_kernel_find(&machine.kernel, 28)->bound, -1);
	close_machine(&machine);
}

/* save, a few moves, restore. */
static void test_record(void **state)
{
	_cleanup_(record_done) struct record record = {0};
	struct machine machine;
	struct applier applier;
	struct change *changes;

	(void)state;
	make_pc(&machine);
	assert_int_equal(bind_to(&machine, 28, "3"), 0);
	look(&machine);
	applier = applier_live(machine.source);
	assert_int_equal(record_add_machine(&record, &applier, &machine.model), 0);
	assert_int_equal(record.n, 6); /* all that have a driver */
	assert_int_equal(bind_to(&machine, 28, "1"), 0);
	assert_int_equal(bind_to(&machine, 25, "0"), 0);
	look(&machine);
	assert_int_equal(record_changes(&record, &machine.model, &changes), 0);
	for (size_t i = 0; i < record.n; i++)
		assert_int_equal(apply_read(&applier, &changes[i]), 0);
	assert_int_equal(apply_write(&applier, changes, record.n, false), 0);
	assert_int_equal(model_kernel_find(&machine.kernel, 28)->bound, 3);
	assert_int_equal(model_kernel_find(&machine.kernel, 25)->bound, -1);
	for (size_t i = 0; i < record.n; i++)
		change_done(&changes[i]);
	free(changes);
	close_machine(&machine);
}

static void check_affinity(struct sampler *sampler, int32_t number, size_t n_requested,
			   int64_t effective)
{
	_cleanup_(cpuset_done) struct cpuset requested = {0}, served = {0};

	assert_int_equal(sampler_affinity(sampler, number, NULL, &requested, &served), 0);
	assert_int_equal(cpuset_count(&requested), n_requested);
	assert_int_equal(cpuset_next(&served, 0), effective);
}

/* What the balancer sees: counts by number, time by CPU, targets as far as they are known. */
static void test_sampler(void **state)
{
	_cleanup_(cpuset_done) struct cpuset unused = {0};
	_cleanup_(sample_done) struct sample sample = {0};
	_cleanup_(sampler_close) struct sampler sampler = {0};
	struct machine machine;

	(void)state;
	make_pc(&machine);
	machine.kernel.timers[2] = 50;
	model_kernel_fire(&machine.kernel, 25, 5000);
	assert_int_equal(sampler_open(machine.source, &sampler), 0);
	assert_int_equal(sampler_take(&sampler, &sample), 0);
	assert_int_equal(sample.n_cpus, 4);
	assert_int_equal(sample.cpus[2].irq_ticks, 50);
	assert_int_equal(sample.cpus[2].total_ticks, 1050);
	assert_true(sample.idle_is_ticks);
	assert_int_equal(sample.n_counts, 35);
	assert_int_equal(sample.counts[25], 5000);
	assert_int_equal(sample.counts[10], 0);
	check_affinity(&sampler, 25, 4, -1);
	assert_int_equal(bind_to(&machine, 25, "2"), 0);
	check_affinity(&sampler, 25, 1, 2); /* without another sample */
	assert_int_equal(bind_to(&machine, 25, "0123"), 0);
	assert_int_equal(sampler_take(&sampler, &sample), 0);
	check_affinity(&sampler, 25, 4, 2);
	assert_int_equal(sampler_affinity(&sampler, 10, NULL, &unused, &unused), -ENOENT);
	close_machine(&machine);
}

/* The device is asked once; of what is bound nobody knows later whether it was bound again. */
static void test_stale_samples(void **state)
{
	_cleanup_(sample_done) struct sample sample = {0};
	_cleanup_(sampler_close) struct sampler sampler = {0};
	struct machine machine;

	(void)state;
	make_stale(&machine);
	assert_int_equal(sampler_open(machine.source, &sampler), 0);
	assert_int_equal(sampler_take(&sampler, &sample), 0);
	check_affinity(&sampler, 25, 1, 3);
	check_affinity(&sampler, 26, 4, 1);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(sampler_take(&sampler, &sample), 0);
		check_affinity(&sampler, 25, 1, -1);
		check_affinity(&sampler, 26, 4, 1);
	}
	assert_int_equal(bind_to(&machine, 25, "0"), 0);
	assert_int_equal(bind_to(&machine, 26, "2"), 0);
	check_affinity(&sampler, 25, 1, 0);
	assert_int_equal(sampler_take(&sampler, &sample), 0);
	check_affinity(&sampler, 25, 1, 0);
	check_affinity(&sampler, 26, 1, 2);
	close_machine(&machine);
}

/* More CPUs than the smallest mask holds, and an interrupt whose own set fits into that. */
static void test_many_cpus(void **state)
{
	_cleanup_(cpuset_done) struct cpuset low = {0}, high = {0};
	struct machine machine = {0};

	(void)state;
	model_kernel_pc(&machine.kernel, MODEL_CPUS);
	machine.kernel.is_lenient = true;
	model_kernel_add(&machine.kernel, 25, " em0:rxq0", 3);
	open_machine(&machine);
	assert_int_equal(cpuset_add(&low, 1), 0);
	assert_int_equal(cpuset_add(&high, MODEL_CPUS - 1), 0);
	assert_int_equal(freebsd_bind(machine.source, 25, &low), 0);
	assert_int_equal(freebsd_bind(machine.source, 25, &high), 0);
	assert_int_equal(machine.kernel.irqs[0].target, MODEL_CPUS - 1);
	close_machine(&machine);
}

/* Names of INTRNG hold no number and are cut; numbers are found by who answers. */
static void test_arm(void **state)
{
	_cleanup_(cpuset_done) struct cpuset target = {0};
	struct machine machine = {0};

	(void)state;
	model_kernel_arm(&machine.kernel, 4);
	model_kernel_add(&machine.kernel, 27, " generic_timer0", 0);
	model_kernel_add(&machine.kernel, 32, "", 0);
	model_kernel_add(&machine.kernel, 40, "-vme0:io1", 2);
	model_kernel_add(&machine.kernel, 41, " em0:rxq0", 1);
	open_machine(&machine);
	look(&machine);
	assert_string_equal(irq(&machine, 40)->row->key, "its0,0");
	assert_string_equal(irq(&machine, 40)->interface, "nvme0");
	assert_int_equal(irq(&machine, 40)->queue, 1);
	assert_int_equal(irq(&machine, 27)->settable, SETTABLE_NO);
	assert_int_equal(irq(&machine, 41)->settable, SETTABLE_YES);
	assert_null(model_find_irq(&machine.model, 32));
	/* without hw.intrs a free interrupt may be anywhere, whatever was bound before */
	check_target(&machine, 41, ATTRIBUTION_UNKNOWN, -1);
	assert_int_equal(bind_to(&machine, 41, "3"), 0);
	look(&machine);
	check_target(&machine, 41, 3, 3);
	assert_int_equal(freebsd_read_target(machine.source, 41, &target), 0);
	assert_true(cpuset_has(&target, 3));
	assert_int_equal(bind_to(&machine, 41, "0123"), 0);
	look(&machine);
	check_target(&machine, 41, ATTRIBUTION_UNKNOWN, -1);
	close_machine(&machine);
}

static void check_interval(struct machine *machine, struct snapshot *before, int32_t number,
			   enum count_source source, uint64_t delta)
{
	const struct interrupt *interrupt;

	before->mono_ns = 1;
	model_done(&machine->model);
	snapshot_done(&machine->snapshot);
	take(machine, &machine->snapshot);
	assert_int_equal(model_build(before, &machine->snapshot, &machine->model), 0);
	interrupt = irq(machine, number);
	assert_int_equal(interrupt->delta, delta);
	assert_int_equal(interrupt->count_source, source);
	assert_int_equal(interrupt->n_cells, source == COUNTS_ATTRIBUTED && delta > 0);
	if (interrupt->n_cells)
		assert_int_equal(
			interrupt_on_cpu(interrupt,
					 model_kernel_find(&machine->kernel, number)->target),
			delta);
}

static void test_interval(void **state)
{
	_cleanup_(snapshot_done) struct snapshot before = {0};
	struct machine machine;

	(void)state;
	make_pc(&machine);
	model_kernel_fire(&machine.kernel, 25, 1000);
	take(&machine, &before);
	model_kernel_fire(&machine.kernel, 25, 5);
	/* nobody knows where */
	check_interval(&machine, &before, 25, COUNTS_TOTAL, 5);
	assert_int_equal(bind_to(&machine, 25, "2"), 0);
	/* it was moved within the interval */
	check_interval(&machine, &before, 25, COUNTS_TOTAL, 5);
	snapshot_done(&before);
	take(&machine, &before);
	model_kernel_fire(&machine.kernel, 25, 7);
	check_interval(&machine, &before, 25, COUNTS_ATTRIBUTED, 7);
	/* another handler joins: the counter goes on under a new name */
	model_kernel_find(&machine.kernel, 25)->handler = " em0:rxq0 uhci0+";
	model_kernel_fire(&machine.kernel, 25, 3);
	check_interval(&machine, &before, 25, COUNTS_ATTRIBUTED, 10);
	/* and all go: the count stays, nobody listens */
	model_kernel_find(&machine.kernel, 25)->handler = "";
	check_interval(&machine, &before, 25, COUNTS_TOTAL, 10);
	close_machine(&machine);
}

/* DTrace knows what the counters do not tell, moved or not. */
static void test_measure(void **state)
{
	_cleanup_(snapshot_done) struct snapshot before = {0};
	struct freebsd_measured none;
	struct machine machine;

	(void)state;
	make_pc(&machine);
	model_kernel_fire(&machine.kernel, 25, 10);
	assert_int_equal(bind_to(&machine, 25, "2"), 0);
	model_kernel_fire(&machine.kernel, 25, 30);
	take(&machine, &before);
	before.mono_ns = 1;
	assert_int_equal(snapshot_measure(machine.source, 2.5, &before.measured), 0);
	take(&machine, &machine.snapshot);
	machine.snapshot.measured = before.measured;
	before.measured = (struct freebsd_measured){0};
	assert_int_equal(model_build(&before, &machine.snapshot, &machine.model), 0);
	assert_int_equal(irq(&machine, 25)->count_source, COUNTS_MEASURED);
	assert_int_equal(irq(&machine, 25)->delta, 40);
	assert_int_equal(interrupt_on_cpu(irq(&machine, 25), 3), 10);
	assert_int_equal(interrupt_on_cpu(irq(&machine, 25), 2), 30);
	assert_int_equal(irq(&machine, 25)->top_cpu, 2);
	assert_true(irq(&machine, 25)->top_share == 0.75);
	assert_int_equal(irq(&machine, 26)->count_source, COUNTS_TOTAL);
	machine.kernel.is_root = false;
	assert_int_equal(snapshot_measure(machine.source, 1, &none), -EPERM);
	freebsd_measured_done(&none);
	close_machine(&machine);
}

/* What cannot be read is named as people know it, and not as a file that is not there. */
static void test_missing(void **state)
{
	_cleanup_(snapshot_done) struct snapshot snapshot = {0};
	_cleanup_(buf_done) struct buf error = {0};
	struct machine machine;

	(void)state;
	make_pc(&machine);
	assert_int_equal(snapshot_take(machine.source, SNAPSHOT_UPTIME, &snapshot, &error), 0);
	assert_int_equal(snapshot.missing.n, 1);
	assert_string_equal(snapshot.missing.items[0],
			    "sysctl kern.boottime: no such file or directory: rates since boot are "
			    "not known");
	close_machine(&machine);
}

static void test_timers(void **state)
{
	struct machine machine;
	const struct interrupt *timer = NULL;

	(void)state;
	make_pc(&machine);
	machine.kernel.timers[0] = 10;
	machine.kernel.timers[3] = 30;
	look(&machine);
	for (size_t i = 0; i < machine.model.n_items; i++) {
		if (strcmp(machine.model.items[i].row->key, "timer") == 0)
			timer = &machine.model.items[i];
	}
	if (!timer) {
		fail_msg("no timers");
		return;
	}
	assert_int_equal(timer->count_source, COUNTS_MEASURED);
	assert_int_equal(interrupt_on_cpu(timer, 0), 10);
	assert_int_equal(interrupt_on_cpu(timer, 3), 30);
	assert_int_equal(timer->class, IRQ_CLASS_TIMER);
	assert_true(timer->counted);
	close_machine(&machine);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_describe),
		cmocka_unit_test(test_wrong_target),
		cmocka_unit_test(test_adopt),
		cmocka_unit_test(test_msix),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_read_back),
		cmocka_unit_test(test_apply),
		cmocka_unit_test(test_atomic),
		cmocka_unit_test(test_record),
		cmocka_unit_test(test_sampler),
		cmocka_unit_test(test_arm),
		cmocka_unit_test(test_interval),
		cmocka_unit_test(test_measure),
		cmocka_unit_test(test_timers),
		cmocka_unit_test(test_many_cpus),
		cmocka_unit_test(test_stale),
		cmocka_unit_test(test_put_back_by_somebody),
		cmocka_unit_test(test_missing),
		cmocka_unit_test(test_vouch),
		cmocka_unit_test(test_stale_samples),
	};

	return cmocka_run_group_tests_name("freebsd", tests, NULL, NULL);
}
