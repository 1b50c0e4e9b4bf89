/* SPDX-License-Identifier: BSD-2-Clause */
#include "model_helper.h"

#include "model/settable.h"

#define HEAD "           CPU0       CPU1\n"

/* What becomes of the row with that key; `mode` 0: not read. */
static struct interrupt judged(const char *table, const char *key, const char *release,
			       uint32_t mode)
{
	struct irq_facts facts = {.node = -1, .has_mode = true, .mode = mode};
	struct snapshot now = table_at(10, table);
	struct interrupt result;
	struct model model;

	facts.irq = (int32_t)strtol(key, NULL, 10);
	now.kernel = release;
	now.irqs = mode ? &facts : NULL;
	now.n_irqs = mode ? 1 : 0;
	assert_int_equal(model_build(NULL, &now, &model), 0);
	result = *item(&model, key, NULL);
	model_done(&model);
	irq_table_done(&now.interrupts);
	return result;
}

static void test_kernel(void **state)
{
	(void)state;
	assert_true(settable_kernel("6.12.9-amd64").mode_tells);
	assert_true(settable_kernel("7.0").mode_tells);
	assert_true(settable_kernel("10.1.2").mode_tells);
	assert_false(settable_kernel("6.1.0-18-amd64").mode_tells);
	assert_true(settable_kernel("6.1.0-18-amd64").known);
	assert_false(settable_kernel("linux").known);
	assert_false(settable_kernel("6").known);
	assert_false(settable_kernel("").known);
	assert_false(settable_kernel(NULL).known);
}

static void test_modes(void **state)
{
	const char *nvme = HEAD "41: 1 1 PCI-MSIX-0000:01:00.0  3-edge      nvme0q3\n";
	const char *admin = HEAD "41: 1 1 PCI-MSIX-0000:01:00.0  0-edge      nvme0q0\n";
	const char *net = HEAD "41: 1 1 PCI-MSIX-0000:01:00.0  3-edge      eth0-rx-3\n";
	struct interrupt got;

	(void)state;
	got = judged(nvme, "41", "6.12.1", 0444);
	assert_int_equal(got.settable, SETTABLE_NO);
	assert_non_null(strstr(got.settable_why, "managed by the kernel"));
	assert_int_equal(judged(nvme, "41", "6.12.1", 0644).settable, SETTABLE_YES);
	got = judged(nvme, "41", "6.1.0", 0644);
	assert_int_equal(got.settable, SETTABLE_UNKNOWN);
	assert_non_null(strstr(got.settable_why, "before 6.12"));
	assert_int_equal(judged(nvme, "41", NULL, 0644).settable, SETTABLE_UNKNOWN);
	assert_int_equal(judged(nvme, "41", "6.12.1", 0).settable, SETTABLE_UNKNOWN);
	assert_int_equal(judged(admin, "41", "6.1.0", 0644).settable, SETTABLE_YES);
	assert_int_equal(judged(net, "41", "6.1.0", 0644).settable, SETTABLE_YES);
	assert_null(judged(net, "41", "6.1.0", 0644).settable_why);
	assert_int_equal(judged(net, "41", "6.12.1", 0444).settable, SETTABLE_NO);
	assert_int_equal(judged(net, "41", NULL, 0444).settable, SETTABLE_NO);
	/* no such kernel shows a read-only file: a copy lost the bit */
	assert_int_equal(judged(net, "41", "6.1.0", 0444).settable, SETTABLE_YES);
	assert_int_equal(judged(nvme, "41", "6.1.0", 0444).settable, SETTABLE_UNKNOWN);
}

static void test_private(void **state)
{
	static const char *const rows[] = {
		HEAD "11: 1 1 GICv3  27 Level     arch_timer\n",
		HEAD "11: 1 1 GICv3  23 Level     arm-pmu\n",
		HEAD "11: 1 1 RISC-V INTC   5 Edge      riscv-timer\n",
		HEAD "11: 1 1 xen-percpu    -virq      timer0\n",
		HEAD "11: 1 1 xen-percpu    -ipi       resched0\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct interrupt got = judged(rows[i], "11", "6.1.0", 0644);

		assert_int_equal(got.settable, SETTABLE_NO);
		assert_non_null(strstr(got.settable_why, "per-CPU"));
	}
	assert_int_equal(
		judged(HEAD "11: 1 1 GICv3  37 Level     ttyS0\n", "11", "6.1.0", 0644).settable,
		SETTABLE_YES);
}

static void test_kernel_internal(void **state)
{
	const char *table =
		HEAD "  0: 1 1 IO-APIC 2-edge timer\n  2: 0 0 XT-PIC 2 cascade\n  4: 1 1 IO-APIC "
		     "4-edge ttyS0\nLOC: 1 1 Local timer interrupts\nRES: 1 1 Rescheduling "
		     "interrupts\nTLB: 1 1 TLB shootdowns\nMCP: 1 1 Machine check polls\n";

	(void)state;
	assert_int_equal(judged(table, "0", "6.1.0", 0644).settable, SETTABLE_NO);
	assert_int_equal(judged(table, "2", "6.1.0", 0644).settable, SETTABLE_NO);
	assert_int_equal(judged(table, "4", "6.1.0", 0644).settable, SETTABLE_YES);
	assert_non_null(strstr(judged(table, "LOC", "6.1.0", 0).settable_why, "not steerable"));
	assert_non_null(strstr(judged(table, "MCP", "6.1.0", 0).settable_why, "counter"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kernel),
		cmocka_unit_test(test_modes),
		cmocka_unit_test(test_private),
		cmocka_unit_test(test_kernel_internal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
