/* SPDX-License-Identifier: BSD-2-Clause */
#include "model_helper.h"

#include <math.h>

#include "model/rates.h"

#define TWO "           CPU0       CPU1\n"

/* Two tables `seconds` apart, and the model over them. */
struct pair {
	struct snapshot before, now;
	struct model model;
};

static struct pair *pair_new(uint64_t seconds, const char *before, const char *now)
{
	struct pair *pair = calloc(1, sizeof(*pair));

	assert_non_null(pair);
	pair->before = table_at(1000, before);
	pair->now = table_at(1000 + seconds, now);
	assert_int_equal(model_build(&pair->before, &pair->now, &pair->model), 0);
	return pair;
}

static void pair_free(struct pair *pair)
{
	model_done(&pair->model);
	snapshot_done(&pair->before);
	snapshot_done(&pair->now);
	free(pair);
}

static void pair_freep(struct pair **pair)
{
	pair_free(*pair);
}

#define PAIR _cleanup_(pair_freep) struct pair *pair

static void test_delta(void **state)
{
	(void)state;
	assert_int_equal(rates_delta(10, 15, 1), 5);
	assert_int_equal(rates_delta(15, 15, 1), 0);
	/* 1000 before the wrap, 24 behind it */
	assert_int_equal(rates_delta(UINT32_MAX - 999, 24, 1), 1024);
	/* more than 50 million a second: it began again */
	assert_int_equal(rates_delta(1000000000, 24, 1), 24);
	assert_int_equal(rates_delta(4000000000, 24, 10), 4294967296 - 4000000000 + 24);
	/* a long interval tells a wrap only from a high value */
	assert_int_equal(rates_delta(4000000000, 100, 3600), 294967396);
	assert_int_equal(rates_delta(1000000, 100, 3600), 100);
	assert_int_equal(rates_delta(1000000000, 100, 79), 3294967396);
	/* 64-bit counters do not wrap, and without a time nothing is plausible */
	assert_int_equal(rates_delta(UINT64_C(1) << 40, 7, 1), 7);
	assert_int_equal(rates_delta(UINT32_MAX, 7, 0), 7);
}

static void test_rate_and_top(void **state)
{
	PAIR = pair_new(
		2, TWO "24: 100 0  IO-APIC  4-edge  ttyS0\nLOC: 10 10 Local timer interrupts\n",
		TWO "24: 130 10 IO-APIC  4-edge  ttyS0\nLOC: 70 10 Local timer interrupts\n");
	const struct interrupt *tty = item(&pair->model, "24", NULL);

	(void)state;
	assert_int_equal(tty->delta, 40);
	assert_true(tty->rate > 19.99 && tty->rate < 20.01);
	assert_true(tty->share > 0.39 && tty->share < 0.41);
	assert_int_equal(tty->top_cpu, 0);
	assert_true(tty->top_share > 0.74 && tty->top_share < 0.76);
	assert_int_equal(pair->model.total, 100);
	assert_int_equal(interrupt_on_cpu(tty, 1), 10);
	assert_int_equal(interrupt_on_cpu(tty, 7), 0);
}

static void test_wrap_in_a_cell(void **state)
{
	PAIR = pair_new(1, TWO "LOC: 4294967290 4294967295 Local timer interrupts\n",
			TWO "LOC: 10 0 Local timer interrupts\n");
	const struct interrupt *loc = item(&pair->model, "LOC", NULL);

	(void)state;
	assert_int_equal(interrupt_on_cpu(loc, 0), 16);
	assert_int_equal(interrupt_on_cpu(loc, 1), 1);
}

static void test_restarted_counter(void **state)
{
	PAIR = pair_new(1, TWO "24: 900000 5  PCI-MSI  4-edge  a\n",
			TWO "24: 3 6  PCI-MSI  4-edge  a\n");

	(void)state;
	assert_int_equal(item(&pair->model, "24", NULL)->delta, 4);
}

static void test_rows_come_and_go(void **state)
{
	PAIR = pair_new(1, TWO "24: 5 5 PCI-MSI 1-edge a\n25: 7 7 PCI-MSI 2-edge b\n",
			TWO "23: 1 2 PCI-MSI 9-edge n\n25: 8 7 PCI-MSI 2-edge b\nSPU: 4 0 Spurious "
			    "interrupts\n");

	(void)state;
	assert_int_equal(pair->model.n_items, 3);
	assert_int_equal(item(&pair->model, "23", NULL)->delta, 3);
	assert_int_equal(item(&pair->model, "25", NULL)->delta, 1);
	assert_int_equal(item(&pair->model, "SPU", NULL)->delta, 4);
}

static void test_number_of_another_device(void **state)
{
	PAIR = pair_new(1, TWO "24: 500 5 PCI-MSI 1-edge eth0\n25: 500 5 PCI-MSI 3-edge eth1\n",
			TWO "24: 6 9 PCI-MSI 1-edge nvme0q1\n25: 600 9 PCI-MSI 2-edge vda\n");

	(void)state;
	assert_int_equal(item(&pair->model, "24", NULL)->delta, 15);
	assert_int_equal(item(&pair->model, "25", NULL)->delta, 609);
}

/* An interface was renamed, and its driver asked for the interrupt again: the count goes on. */
static void test_renamed_handler(void **state)
{
	PAIR = pair_new(1, TWO "24: 3000000 5 PCI-MSI 1-edge eth0\n",
			TWO "24: 3000010 5 PCI-MSI 1-edge lan0\n");

	(void)state;
	assert_int_equal(item(&pair->model, "24", NULL)->delta, 10);
}

/* A second handler on a shared line does not make it a new one. */
static void test_shared_line(void **state)
{
	PAIR = pair_new(
		1,
		TWO "16: 1000 5 IO-APIC 16-fasteoi   ehci_hcd:usb1\n17: 10 0 IO-APIC 17-fasteoi\n",
		TWO "16: 1001 5 IO-APIC 16-fasteoi   ehci_hcd:usb1, mmc0\n17: 12 0 IO-APIC "
		    "17-fasteoi   eth0\n");

	(void)state;
	assert_int_equal(item(&pair->model, "16", NULL)->delta, 1);
	assert_int_equal(item(&pair->model, "17", NULL)->delta, 2);
}

static void test_ipi_of_another_kernel(void **state)
{
	PAIR = pair_new(
		1, TWO "IPI0:5000 5 CPU wakeup interrupts\nIPI1:9 9 Timer broadcast interrupts\n",
		TWO "IPI0:7 5 Rescheduling interrupts\nIPI1:10 9 Timer broadcast interrupts\n");

	(void)state;
	assert_int_equal(item(&pair->model, "IPI0", NULL)->delta, 12);
	assert_int_equal(item(&pair->model, "IPI1", NULL)->delta, 1);
}

static void test_two_rows_of_one_key(void **state)
{
	const char *first = "Local timer interrupts for timer event device";
	const char *second = "Local timer interrupts for others";
	PAIR = pair_new(1,
			TWO "LOC: 100 0 Local timer interrupts for timer event device\n"
			    "LOC: 5 5 Local timer interrupts for others\n",
			TWO "LOC: 101 0 Local timer interrupts for timer event device\n"
			    "LOC: 6 7 Local timer interrupts for others\n");

	(void)state;
	assert_int_equal(item(&pair->model, "LOC", first)->delta, 1);
	assert_int_equal(item(&pair->model, "LOC", second)->delta, 3);
	assert_string_equal(pair->model.arch, "powerpc");
	assert_ptr_not_equal(item(&pair->model, "LOC", first)->lore,
			     item(&pair->model, "LOC", second)->lore);
}

/* CPU1 left; CPU2 came back with the count it had long ago: nobody knows how much of it is new. */
static void test_cpus_come_and_go(void **state)
{
	PAIR = pair_new(
		1, "           CPU0       CPU1\n24: 5 500 PCI-MSI 1-edge a\n",
		"           CPU0       CPU2\n24: 7 90000 PCI-MSI 1-edge a\n25: 0 3 PCI-MSI 2-edge "
		"b\n");
	const struct interrupt *old = item(&pair->model, "24", NULL);

	(void)state;
	assert_int_equal(old->delta, 2);
	assert_int_equal(old->n_cells, 1);
	assert_int_equal(interrupt_on_cpu(old, 2), 0);
	assert_int_equal(item(&pair->model, "25", NULL)->delta, 3);
}

static void test_single_numbers(void **state)
{
	PAIR = pair_new(1, TWO "ERR: 4\nMIS: 7\n", TWO "ERR: 6\nMIS: 7\n");
	const struct interrupt *err = item(&pair->model, "ERR", NULL);

	(void)state;
	assert_int_equal(err->delta, 2);
	assert_int_equal(err->n_cells, 0);
	assert_false(err->counted);
	assert_int_equal(pair->model.total, 0);
}

/* A file that was cut lacks rows that are not new. */
static void test_cut_file(void **state)
{
	PAIR = pair_new(1, TWO "24: 5 5 PCI-MSI 1-edge a\n25: 7",
			TWO "24: 6 5 PCI-MSI 1-edge a\n25: 70000 7 PCI-MSI 2-edge b\n");

	(void)state;
	assert_int_equal(item(&pair->model, "24", NULL)->delta, 1);
	assert_int_equal(item(&pair->model, "25", NULL)->delta, 0);
}

static void test_without_interval(void **state)
{
	PAIR = pair_new(0, TWO "24: 5 5 PCI-MSI 1-edge a\n", TWO "24: 6 5 PCI-MSI 1-edge a\n");

	(void)state;
	assert_true(isnan(item(&pair->model, "24", NULL)->rate));
	assert_int_equal(item(&pair->model, "24", NULL)->delta, 1);
}

/* The clock went back: the machine was started again, and all counters with it. */
static void test_restarted_machine(void **state)
{
	struct snapshot before = table_at(5000, TWO "24: 5 5 PCI-MSI 1-edge a\n");
	struct snapshot now = table_at(60, TWO "24: 6 5 PCI-MSI 1-edge a\n");
	struct model model;

	(void)state;
	before.time_ns = 100 * SECOND;
	now.time_ns = 200 * SECOND;
	assert_int_equal(model_build(&before, &now, &model), 0);
	assert_int_equal(item(&model, "24", NULL)->delta, 11);
	assert_true(model.interval_s > 99.9 && model.interval_s < 100.1);
	model_done(&model);
	snapshot_done(&before);
	snapshot_done(&now);
}

/* Without an earlier table there is nothing to compare with: counts since boot, no rates. */
static void test_empty_before(void **state)
{
	struct snapshot before = {.mono_ns = SECOND};
	struct snapshot now = table_at(60, TWO "24: 6 5 PCI-MSI 1-edge a\n");
	struct model model;

	(void)state;
	assert_int_equal(model_build(&before, &now, &model), 0);
	assert_null(model.before);
	assert_true(isnan(item(&model, "24", NULL)->rate));
	model_done(&model);
	snapshot_done(&now);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_delta),
		cmocka_unit_test(test_rate_and_top),
		cmocka_unit_test(test_wrap_in_a_cell),
		cmocka_unit_test(test_restarted_counter),
		cmocka_unit_test(test_rows_come_and_go),
		cmocka_unit_test(test_number_of_another_device),
		cmocka_unit_test(test_renamed_handler),
		cmocka_unit_test(test_shared_line),
		cmocka_unit_test(test_ipi_of_another_kernel),
		cmocka_unit_test(test_two_rows_of_one_key),
		cmocka_unit_test(test_cpus_come_and_go),
		cmocka_unit_test(test_single_numbers),
		cmocka_unit_test(test_cut_file),
		cmocka_unit_test(test_without_interval),
		cmocka_unit_test(test_restarted_machine),
		cmocka_unit_test(test_empty_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
