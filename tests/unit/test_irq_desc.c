/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/macros.h"
#include "parse/irq_desc.h"

#define MAX_ACTIONS 10

/* What the words of a row must come to. NULL is a part that is missing. */
struct sample {
	const char *text, *chip, *hwirq, *trigger;
	const char *actions[MAX_ACTIONS];
};

static const struct sample samples[] = {
	{"IO-APIC   2-edge      timer", "IO-APIC", "2", "edge", {"timer"}},
	{"IO-APIC   9-fasteoi   acpi", "IO-APIC", "9", "fasteoi", {"acpi"}},
	{"PCI-MSI 49152-edge      eth0-rx-0", "PCI-MSI", "49152", "edge", {"eth0-rx-0"}},
	{"IR-PCI-MSI 1572864-edge      eth0-TxRx-0",
	 "IR-PCI-MSI",
	 "1572864",
	 "edge",
	 {"eth0-TxRx-0"}},
	{"PCI-MSIX-0000:00:01.0   0-edge      virtio0-config",
	 "PCI-MSIX-0000:00:01.0",
	 "0",
	 "edge",
	 {"virtio0-config"}},
	{"IR-PCI-MSIX-0000:3b:00.0  12-edge      mlx5_comp3@pci:0000:3b:00.0",
	 "IR-PCI-MSIX-0000:3b:00.0",
	 "12",
	 "edge",
	 {"mlx5_comp3@pci:0000:3b:00.0"}},
	{"DMAR-MSI   0-edge      dmar0", "DMAR-MSI", "0", "edge", {"dmar0"}},
	{"GICv3  27 Level     arch_timer", "GICv3", "27", "level", {"arch_timer"}},
	{"GICv3  49 Edge      ACPI:Ged", "GICv3", "49", "edge", {"ACPI:Ged"}},
	{"ITS-MSI 65536 Edge      nvme0q0", "ITS-MSI", "65536", "edge", {"nvme0q0"}},
	{"IO-APIC-edge      timer", "IO-APIC", NULL, "edge", {"timer"}},
	{"IO-APIC-fasteoi   uhci_hcd:usb1, eth0",
	 "IO-APIC",
	 NULL,
	 "fasteoi",
	 {"uhci_hcd:usb1", "eth0"}},
	{"PCI-MSI-edge      eth0-rx-0", "PCI-MSI", NULL, "edge", {"eth0-rx-0"}},
	{"xen-percpu    -virq      timer0", "xen-percpu", NULL, "virq", {"timer0"}},
	{"xen-pirq   1-ioapic-edge  i8042", "xen-pirq", "1", "edge", {"i8042"}},
	{"xen-dyn    -event     eth0-q0-tx", "xen-dyn", NULL, "event", {"eth0-q0-tx"}},
	{"SiFive PLIC  81 Edge      120e0000.temperature-sensor",
	 "SiFive PLIC",
	 "81",
	 "edge",
	 {"120e0000.temperature-sensor"}},
	{"RISC-V INTC   5 Edge      riscv-timer", "RISC-V INTC", "5", "edge", {"riscv-timer"}},
	{"PCH PIC  22  ahci[0000:00:08.1]", "PCH PIC", "22", NULL, {"ahci[0000:00:08.1]"}},
	{"ARMH0061:00   3 Edge      ACPI:Event", "ARMH0061:00", "3", "edge", {"ACPI:Event"}},
	{"ARMCTRL-level  64 Edge      dwc_otg, dwc_otg_pcd, dwc_otg_hcd:usb1",
	 "ARMCTRL-level",
	 "64",
	 "edge",
	 {"dwc_otg", "dwc_otg_pcd", "dwc_otg_hcd:usb1"}},
	{"-  debug-signal", NULL, NULL, NULL, {"debug-signal"}},
	{"", NULL, NULL, NULL, {NULL}},
	{"IO-APIC   5-edge", "IO-APIC", "5", "edge", {NULL}},
};

static size_t count_actions(const struct sample *sample)
{
	size_t n = 0;

	while (n < MAX_ACTIONS && sample->actions[n])
		n++;
	return n;
}

static void assert_text(const char *where, const char *what, const char *got, const char *want)
{
	if (!got && !want)
		return;
	if (!got || !want || strcmp(got, want) != 0)
		fail_msg("\"%s\": %s is \"%s\" and should be \"%s\"", where, what,
			 got ? got : "(none)", want ? want : "(none)");
}

static void all_samples(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		_cleanup_(arena_done) struct arena arena = {0};
		struct irq_desc desc = {0};

		assert_int_equal(irq_desc_parse(samples[i].text, &arena, &desc), 0);
		assert_text(samples[i].text, "chip", desc.chip, samples[i].chip);
		assert_text(samples[i].text, "hwirq", desc.hwirq, samples[i].hwirq);
		assert_text(samples[i].text, "trigger", desc.trigger, samples[i].trigger);
		if (desc.n_actions != count_actions(&samples[i]))
			fail_msg("\"%s\" has %zu actions", samples[i].text, desc.n_actions);
		for (size_t n = 0; n < desc.n_actions; n++)
			assert_text(samples[i].text, "action", desc.actions[n],
				    samples[i].actions[n]);
	}
}

/* The text may go away: what was found is a copy. */
static void copies(void **state)
{
	_cleanup_(arena_done) struct arena arena = {0};
	char *text = strdup("IO-APIC   2-edge      timer, other");
	struct irq_desc desc = {0};

	(void)state;
	assert_non_null(text);
	assert_int_equal(irq_desc_parse(text, &arena, &desc), 0);
	memset(text, 'x', strlen(text));
	free(text);
	assert_string_equal(desc.chip, "IO-APIC");
	assert_string_equal(desc.actions[1], "other");
}

static void many_actions(void **state)
{
	_cleanup_(arena_done) struct arena arena = {0};
	_cleanup_(buf_done) struct buf text = {0};
	struct irq_desc desc = {0};

	(void)state;
	assert_int_equal(buf_puts(&text, "IO-APIC  16-fasteoi   a0"), 0);
	for (int i = 1; i < 1000; i++)
		assert_int_equal(buf_printf(&text, ", a%d", i), 0);
	assert_int_equal(irq_desc_parse(text.data, &arena, &desc), 0);
	assert_int_equal(desc.n_actions, 1000);
	assert_string_equal(desc.actions[999], "a999");
}

static void any_text(void **state)
{
	(void)state;
	srand(4);
	for (size_t round = 0; round < 20000; round++) {
		static const char letters[] = "  ---,,::@[]0123EdgeLvl\t\xff";
		_cleanup_(arena_done) struct arena arena = {0};
		struct irq_desc desc = {0};
		size_t len = (size_t)rand() % 30;
		char *text = malloc(len + 1);

		assert_non_null(text);
		for (size_t i = 0; i < len; i++)
			text[i] = letters[(size_t)rand() % (sizeof(letters) - 1)];
		text[len] = '\0';
		assert_int_equal(irq_desc_parse(text, &arena, &desc), 0);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_samples),
		cmocka_unit_test(copies),
		cmocka_unit_test(many_actions),
		cmocka_unit_test(any_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
