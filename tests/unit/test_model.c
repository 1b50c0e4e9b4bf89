/* SPDX-License-Identifier: BSD-2-Clause */
#include "model_helper.h"

#include "lore/memory.h"
#include "model/select.h"

#define TWO "           CPU0       CPU1\n"

static struct model built(const struct snapshot *now)
{
	struct model model;

	assert_int_equal(model_build(NULL, now, &model), 0);
	return model;
}

/* One row's facts, checked as text: "bus address parent class interface queue direction driver". */
static void check(const char *row, const char *expected)
{
	_cleanup_(buf_done) struct buf table = {0}, got = {0};
	struct snapshot now;
	struct model model;
	const struct interrupt *it;
	const struct device *device;

	assert_int_equal(buf_printf(&table, "%s24: 1 0 %s\n", TWO, row), 0);
	now = table_at(1, buf_text(&table));
	model = built(&now);
	it = &model.items[0];
	device = it->device;
	assert_int_equal(buf_printf(&got, "%s %s %s %s %s %d %s %s", device ? device->bus : "-",
				    device ? device->address : "-",
				    device && device->parent ? device->parent : "-",
				    lore_class_name(it->class), it->interface ? it->interface : "-",
				    (int)it->queue,
				    it->direction ? queue_direction_name(it->direction) : "-",
				    it->driver ? it->driver : "-"),
			 0);
	if (strcmp(buf_text(&got), expected) != 0)
		fail_msg("%s: %s, not %s", row, buf_text(&got), expected);
	model_done(&model);
	snapshot_done(&now);
}

static void test_owner_without_sysfs(void **state)
{
	(void)state;
	check("PCI-MSIX-0000:00:02.0   1-edge      virtio0-input.0",
	      "virtio virtio0 0000:00:02.0 net - 0 rx virtio_net");
	check("PCI-MSI 49153-edge      virtio0-input.0",
	      "virtio virtio0 0000:00:03.0 net - 0 rx virtio_net");
	check("IR-PCI-MSIX-0000:3b:00.0  4-edge      mlx5_comp3@pci:0000:3b:00.0",
	      "pci 0000:3b:00.0 - net - 3 rxtx mlx5_core");
	check("PCI-MSI 512000-edge      ahci[0000:00:1f.2]",
	      "pci 0000:00:1f.2 - storage - -1 - ahci");
	check("PCI-MSI 512000-edge      ahci", "pci 0000:00:1f.2 - storage - -1 - ahci");
	check("ITS-MSI 81920 Edge      eth0-Tx-Rx-3", "pci 0000:00:05.0 - net eth0 3 rxtx ena");
	check("PCH-PCI-MSIX-0000:06:00.0   2  nvme0q2",
	      "pci 0000:06:00.0 - storage nvme0 2 - nvme");
	check("PCI-MSI 2-edge      eth0", "- - - net eth0 -1 - -");
	check("GIC  72 Level     4806a000.serial:rx", "platform 4806a000.serial - serial - -1 - -");
	check("GICv3  48 Edge      ACPI:Ged", "acpi Ged - platform - -1 - -");
	check("xen-dyn    -event     eth0-q1-rx", "xen eth0 - net eth0 1 rx -");
	check("IO-APIC  10-fasteoi   virtio10, ehci_hcd:usb1", "virtio virtio10 - virt - -1 - -");
	check("XT-PIC-XT-PIC    uhci_hcd:usb1, radeon@pci:0000:01:00.0",
	      "pci 0000:01:00.0 - usb - -1 - -");
	check("", "- - - other - -1 - -");
}

/* Two devices of sysfs: a NIC below virtio, and a card that shares a line with it. */
struct machine {
	struct device devices[2];
	struct snapshot now;
};

static void machine_init(struct machine *machine, const char *table)
{
	static int32_t nic_irqs[] = {24, 25, 26}, card_irqs[] = {26, 27};

	*machine = (struct machine){.now = table_at(1, table)};
	machine->devices[0] = (struct device){.bus = "virtio",
					      .address = "virtio1",
					      .driver = "virtio_net",
					      .parent = "0000:00:03.0",
					      .node = 1,
					      .irqs = nic_irqs,
					      .n_irqs = ARRAY_SIZE(nic_irqs)};
	machine->devices[1] = (struct device){.bus = "pci",
					      .address = "0000:00:1f.2",
					      .driver = "ahci",
					      .pci_class = 0x010601,
					      .node = -1,
					      .irqs = card_irqs,
					      .n_irqs = ARRAY_SIZE(card_irqs)};
	assert_int_equal(strv_add(&machine->devices[0].interfaces, "enp0s3"), 0);
	assert_int_equal(strv_add(&machine->devices[1].interfaces, "host0"), 0);
	machine->now.devices = machine->devices;
	machine->now.n_devices = 2;
}

static void machine_done(struct machine *machine)
{
	strv_done(&machine->devices[0].interfaces);
	strv_done(&machine->devices[1].interfaces);
	irq_table_done(&machine->now.interrupts);
}

static const char machine_table[] = TWO " 24: 0 1  PCI-MSIX-0000:00:03.0  0-edge  virtio1-config\n"
					" 25: 0 9  PCI-MSIX-0000:00:03.0  1-edge  virtio1-input.0\n"
					" 26: 5 0  IO-APIC  10-fasteoi   ahci[0000:00:1f.2], eth0\n"
					" 27: 5 0  IO-APIC  11-fasteoi   something\n"
					" 28: 5 0  IO-APIC  12-fasteoi   enp0s3\n";

static void test_owner_in_sysfs(void **state)
{
	struct irq_facts facts[] = {{.irq = 27, .node = 3}};
	struct machine machine;
	struct model model;

	(void)state;
	machine_init(&machine, machine_table);
	machine.now.irqs = facts;
	machine.now.n_irqs = 1;
	model = built(&machine.now);
	assert_ptr_equal(item(&model, "24", NULL)->device, &machine.devices[0]);
	assert_string_equal(item(&model, "24", NULL)->interface, "enp0s3");
	assert_int_equal(item(&model, "24", NULL)->class, IRQ_CLASS_NET);
	assert_int_equal(item(&model, "24", NULL)->direction, QUEUE_ADMIN);
	assert_string_equal(item(&model, "25", NULL)->driver, "virtio_net");
	assert_string_equal(item(&model, "25", NULL)->queue_source, "name");
	assert_int_equal(item(&model, "25", NULL)->node, 1);
	/* the line is shared; its first handler names the card's driver */
	assert_ptr_equal(item(&model, "26", NULL)->device, &machine.devices[1]);
	assert_int_equal(item(&model, "27", NULL)->class, IRQ_CLASS_STORAGE);
	assert_int_equal(item(&model, "27", NULL)->node, 3);
	assert_ptr_equal(item(&model, "28", NULL)->device, &machine.devices[0]);
	model_done(&model);
	machine_done(&machine);
}

static void test_netlink_wins(void **state)
{
	struct nic_queue queues[] = {
		{.irq = 25, .index = 7, .tx = true, .interface = "net7"},
		{.irq = 25, .index = 4, .rx = true, .interface = "net7"},
		{.irq = 27, .index = 2, .rx = true},
	};
	struct machine machine;
	struct model model;

	(void)state;
	machine_init(&machine, machine_table);
	machine.now.queues = queues;
	machine.now.n_queues = ARRAY_SIZE(queues);
	model = built(&machine.now);
	assert_int_equal(item(&model, "25", NULL)->queue, 4);
	assert_int_equal(item(&model, "25", NULL)->direction, QUEUE_RXTX);
	assert_string_equal(item(&model, "25", NULL)->queue_source, "netlink");
	assert_string_equal(item(&model, "25", NULL)->interface, "net7");
	assert_int_equal(item(&model, "27", NULL)->direction, QUEUE_RX);
	assert_null(item(&model, "26", NULL)->queue_source);
	model_done(&model);
	machine_done(&machine);
}

static void test_pending(void **state)
{
	struct irq_facts facts[] = {
		{.irq = 25, .node = -1, .has_requested = true, .has_effective = true},
		{.irq = 26, .node = -1, .has_requested = true, .has_effective = true},
		{.irq = 27, .node = -1, .has_requested = true, .has_effective = true},
	};
	struct machine machine;
	struct model model;

	(void)state;
	machine_init(&machine, machine_table);
	machine.now.irqs = facts;
	machine.now.n_irqs = ARRAY_SIZE(facts);
	assert_int_equal(cpuset_add(&facts[0].requested, 1), 0);
	assert_int_equal(cpuset_add(&facts[0].effective, 0), 0);
	assert_int_equal(cpuset_add_range(&facts[1].requested, 0, 1), 0);
	assert_int_equal(cpuset_add(&facts[1].effective, 1), 0);
	assert_int_equal(cpuset_add(&facts[2].requested, 1), 0);
	model = built(&machine.now);
	assert_true(item(&model, "25", NULL)->pending);
	assert_false(item(&model, "26", NULL)->pending);
	assert_false(item(&model, "27", NULL)->pending);
	model_done(&model);
	machine_done(&machine);
	for (size_t i = 0; i < ARRAY_SIZE(facts); i++) {
		cpuset_done(&facts[i].requested);
		cpuset_done(&facts[i].effective);
	}
}

static void test_select(void **state)
{
	struct machine machine;
	struct model model;
	const struct interrupt *rx;

	(void)state;
	machine_init(&machine, machine_table);
	model = built(&machine.now);
	rx = item(&model, "25", NULL);
	assert_true(select_interrupt(rx, "25"));
	assert_false(select_interrupt(rx, "2"));
	assert_true(select_interrupt(rx, "virtio1-input.0"));
	assert_true(select_interrupt(rx, "*-input.*"));
	assert_true(select_interrupt(rx, "virtio1"));
	assert_false(select_interrupt(rx, "virtio"));
	assert_false(select_interrupt(rx, "virtio10"));
	assert_true(select_interrupt(rx, "enp0s3"));
	assert_true(select_interrupt(rx, "0000:00:03.0"));
	assert_true(select_interrupt(rx, "00:03.0"));
	assert_false(select_interrupt(rx, "virtio_net"));
	assert_true(select_device(rx, "virtio_net"));
	assert_false(select_device(rx, "virtio_blk"));
	assert_true(select_interrupt(item(&model, "26", NULL), "ahci"));
	assert_true(select_interrupt(item(&model, "26", NULL), "ahci[0000:00:1f.2]"));
	assert_false(select_interrupt(item(&model, "26", NULL), ""));
	assert_string_equal(select_nearest(&model, "enp0s4"), "enp0s3");
	assert_null(select_nearest(&model, "zzzzzzzzzzzz"));
	model_done(&model);
	machine_done(&machine);
}

static void test_select_key(void **state)
{
	struct snapshot now = table_at(1, TWO "24: 1 1 PCI-MSI 1-edge LOC\nLOC: 1 1 Local timer "
					      "interrupts\nI/O: 1 1\n");
	struct model model = built(&now);

	(void)state;
	assert_true(select_interrupt(item(&model, "LOC", NULL), "loc"));
	assert_true(select_interrupt(item(&model, "LOC", NULL), "L*"));
	assert_false(select_interrupt(item(&model, "LOC", NULL), "LO"));
	assert_true(select_interrupt(item(&model, "I/O", NULL), "i/o"));
	assert_string_equal(select_nearest(&model, "LCO"), "LOC");
	model_done(&model);
	snapshot_done(&now);
}

/* The plain name beside queues is the admin vector; alone it is the whole interface. */
static void test_plain_name(void **state)
{
	struct snapshot now = table_at(1, TWO "24: 1 1 PCI-MSI 1-edge eth0\n25: 1 1 PCI-MSI 2-edge "
					      "eth0-TxRx-0\n26: 1 1 PCI-MSI 3-edge eth1\n");
	struct model model = built(&now);

	(void)state;
	assert_int_equal(item(&model, "24", NULL)->direction, QUEUE_ADMIN);
	assert_int_equal(item(&model, "26", NULL)->direction, QUEUE_NONE);
	assert_string_equal(item(&model, "26", NULL)->interface, "eth1");
	model_done(&model);
	snapshot_done(&now);
}

static void test_totals_x86(void **state)
{
	struct snapshot now =
		table_at(1, TWO "24: 10 0 PCI-MSI 1-edge eth0\nCAL: 5 5 Function call interrupts\n"
				"TLB: 4 4 TLB shootdowns\nMCP: 7 7 Machine check polls\n"
				"XYZ: 1 1 something new\nERR: 3\n");
	struct model model = built(&now);

	(void)state;
	assert_string_equal(model.arch, "x86");
	assert_int_equal(model.total, 22);
	assert_false(item(&model, "TLB", NULL)->counted);
	assert_false(item(&model, "MCP", NULL)->counted);
	assert_true(item(&model, "XYZ", NULL)->counted);
	assert_null(item(&model, "XYZ", NULL)->lore);
	assert_int_equal(item(&model, "ERR", NULL)->kind, IRQ_KIND_COUNTER);
	assert_true(item(&model, "24", NULL)->share > 0.45 &&
		    item(&model, "24", NULL)->share < 0.46);
	model_done(&model);
	snapshot_done(&now);
}

/* The one IPI vector of LoongArch is a numbered row, and its interrupts stand in the IPI rows
 * again. */
static void test_totals_loongarch(void **state)
{
	_cleanup_(snapshot_done) struct snapshot now =
		table_at(9, "           CPU0       CPU1\n"
			    " 11:       1000       2000  CPUINTC  11  timer\n"
			    " 13:        300        407  CPUINTC  12  IPI\n"
			    "IPI0:       100        200 LoongArch  1  Rescheduling interrupts\n"
			    "IPI1:       200        207 LoongArch  2  Function call interrupts\n"
			    "IPI3:         0          0 LoongArch  4  Clear vector interrupts\n"
			    "ERR:          0\n");
	_cleanup_(model_done) struct model model = {0};

	(void)state;
	assert_int_equal(model_build(NULL, &now, &model), 0);
	assert_string_equal(model.arch, "loongarch");
	assert_int_equal(item(&model, "13", NULL)->kind, IRQ_KIND_SUM);
	assert_false(item(&model, "13", NULL)->counted);
	assert_int_equal(model.total, 3000 + 707);
}

static void test_totals_s390(void **state)
{
	struct snapshot now = table_at(1, TWO "EXT: 30 20\nI/O: 4 0\nAIO: 0 0\n"
					      "CLK: 20 15   [EXT] Clock Comparator\n"
					      "EXC: 10 5   [EXT] External Call\n"
					      "DAS: 4 0   [I/O] DASD\n");
	struct model model = built(&now);

	(void)state;
	assert_string_equal(model.arch, "s390");
	assert_int_equal(model.total, 54);
	assert_int_equal(item(&model, "EXT", NULL)->kind, IRQ_KIND_SUM);
	assert_false(item(&model, "EXT", NULL)->counted);
	assert_true(item(&model, "CLK", NULL)->counted);
	model_done(&model);
	snapshot_done(&now);
}

static void test_softirqs(void **state)
{
	struct snapshot before = {.mono_ns = SECOND}, now = {.mono_ns = 3 * SECOND};
	const char *first = TWO "HI: 0 0\nNET_RX: 100 0\n",
		   *second = TWO "HI: 0 0\nNET_RX: 140 0\n";
	struct model model;

	(void)state;
	assert_int_equal(irq_table_parse(&before.softirqs, first, strlen(first), NULL), 0);
	assert_int_equal(irq_table_parse(&now.softirqs, second, strlen(second), NULL), 0);
	assert_int_equal(model_build_softirqs(&before, &now, &model), 0);
	assert_int_equal(model.total, 40);
	assert_true(item(&model, "NET_RX", NULL)->rate > 19.9);
	assert_int_equal(item(&model, "NET_RX", NULL)->class, IRQ_CLASS_SOFTIRQ);
	assert_int_equal(item(&model, "NET_RX", NULL)->kind, IRQ_KIND_COUNTER);
	assert_true(item(&model, "NET_RX", NULL)->share > 0.99);
	assert_non_null(item(&model, "NET_RX", NULL)->lore);
	model_done(&model);
	snapshot_done(&before);
	snapshot_done(&now);
}

static void test_no_table(void **state)
{
	struct snapshot now = {0};
	struct model model = built(&now);

	(void)state;
	assert_int_equal(model.n_items, 0);
	assert_null(model.arch);
	model_done(&model);
	assert_int_equal(model_build_softirqs(NULL, &now, &model), 0);
	model_done(&model);
}

/* The memory gives the very answers of the plain search, in any order of names. */
static void test_lore_memory(void **state)
{
	static const char *const names[] = {
		"nvme0q0",
		"nvme0q1",
		"nvme1q0",
		"nvme10q10",
		"eth0-TxRx-0",
		"eth1-TxRx-11",
		"i8042",
		"i915",
		"i915",
		"mlx5_comp0@pci:0000:01:00.0",
		"mlx4-comp-0@pci:0000:01:00.0",
		"rtc0",
		"rtc1",
		"virtio0-input.0",
		"virtio12-input.3",
		"virtio0",
		"sp-0",
		"sp-12",
		"",
		"0",
		"12",
		"qqq",
		"qqq1",
		"dwc2",
		"dwc4",
		"dwc3",
		"hpet2",
		"ath9k",
		"ath10k_pci",
		"eth0",
		"eth12",
		"eth12-3",
		"eth1-tx-1-rx-1",
		"tpm0",
		"tpm10",
		"hpsa0-msix1",
		"3w-sas",
		"4w-sas",
	};
	struct lore_memory memory;

	(void)state;
	assert_int_equal(lore_memory_init(&memory), 0);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const struct lore *got;

		assert_int_equal(lore_memory_action(&memory, names[i], &got), 0);
		if (got != lore_find_action(names[i]))
			fail_msg("%s: another entry", names[i]);
	}
	lore_memory_done(&memory);
}

static void test_lore_rows(void **state)
{
	static const struct lore_words rows[] = {{"24", "GICv3 27 Level arch_timer"}, {"Err", ""}};

	(void)state;
	assert_string_equal(lore_find_row("x86", "LOC", "Local timer interrupts")->arch, "x86");
	assert_non_null(lore_find_row("vax", "LOC", "Local timer interrupts"));
	assert_non_null(lore_find_row(NULL, "IPI0", "Rescheduling interrupts"));
	assert_null(lore_find_row("x86", "QQQ", "no such thing"));
	assert_string_equal(lore_find_row("powerpc", "NMI", "System Reset interrupts")->arch,
			    "powerpc");
	assert_string_equal(lore_find_row("x86", "ERR", "PIC/APIC error interrupts")->arch, "x86");
	assert_string_equal(lore_guess_arch(rows, ARRAY_SIZE(rows)), "arm64");
	assert_null(lore_guess_arch(NULL, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_owner_without_sysfs),
		cmocka_unit_test(test_owner_in_sysfs),
		cmocka_unit_test(test_netlink_wins),
		cmocka_unit_test(test_pending),
		cmocka_unit_test(test_select),
		cmocka_unit_test(test_select_key),
		cmocka_unit_test(test_plain_name),
		cmocka_unit_test(test_totals_x86),
		cmocka_unit_test(test_totals_loongarch),
		cmocka_unit_test(test_totals_s390),
		cmocka_unit_test(test_softirqs),
		cmocka_unit_test(test_no_table),
		cmocka_unit_test(test_lore_memory),
		cmocka_unit_test(test_lore_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
