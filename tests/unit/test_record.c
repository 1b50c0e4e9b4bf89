/* SPDX-License-Identifier: BSD-2-Clause */
/* Saved settings: what is kept, what it means on a machine that has changed, and bad files. */
#include "fake_machine.h"
#include "model_helper.h"

#include <signal.h>
#include <sys/resource.h>
#include <time.h>

#include "apply/channels.h"
#include "apply/record.h"

#define TWO "           CPU0       CPU1\n"

/* A machine with a NIC below virtio (three vectors) and a disk (two), in that order. */
struct box {
	struct device devices[2];
	int32_t nic[3], disk[2];
	struct irq_facts facts[16];
	struct snapshot now;
	struct model model;
};

static void box_init(struct box *box, const char *table, const int32_t nic[3],
		     const int32_t disk[2])
{
	*box = (struct box){.now = table_at(1, table)};
	memcpy(box->nic, nic, sizeof(box->nic));
	memcpy(box->disk, disk, sizeof(box->disk));
	box->devices[0] = (struct device){.bus = "virtio",
					  .address = "virtio1",
					  .driver = "virtio_net",
					  .parent = "0000:00:03.0",
					  .node = -1,
					  .irqs = box->nic,
					  .n_irqs = ARRAY_SIZE(box->nic)};
	box->devices[1] = (struct device){.bus = "pci",
					  .address = "0000:00:1f.2",
					  .driver = "ahci",
					  .node = -1,
					  .irqs = box->disk,
					  .n_irqs = ARRAY_SIZE(box->disk)};
	box->now.devices = box->devices;
	box->now.n_devices = ARRAY_SIZE(box->devices);
	assert_int_equal(model_build(NULL, &box->now, &box->model), 0);
}

static void box_done(struct box *box)
{
	model_done(&box->model);
	irq_table_done(&box->now.interrupts);
}

static const char home[] = TWO "  1: 1 0 IO-APIC 1-edge i8042\n"
			       "  4: 1 0 IO-APIC 4-edge ttyS0\n"
			       "  7: 1 0 IO-APIC 7-edge\n"
			       " 12: 1 0 IO-APIC 12-edge i8042\n"
			       " 16: 1 0 IO-APIC 16-fasteoi uhci_hcd:usb1, snd_hda_intel\n"
			       " 24: 0 1 PCI-MSIX-0000:00:03.0 0-edge virtio1-config\n"
			       " 25: 0 9 PCI-MSIX-0000:00:03.0 1-edge virtio1-input.0\n"
			       " 26: 0 9 PCI-MSIX-0000:00:03.0 2-edge virtio1-output.0\n"
			       " 30: 5 0 PCI-MSI-0000:00:1f.2 0-edge ahci0\n"
			       " 31: 5 0 PCI-MSI-0000:00:1f.2 1-edge ahci1\n"
			       "LOC: 5 5 Local timer interrupts\n";
static const int32_t home_nic[] = {24, 25, 26}, home_disk[] = {30, 31};

static void add(struct record *record, const struct model *model, const struct setting *setting,
		const char *cpus, uint64_t number)
{
	struct change change = {.setting = *setting, .has_before = true, .before_number = number};

	assert_int_equal(cpulist_parse(cpus, strlen(cpus), &change.before), 0);
	assert_int_equal(record_add_before(record, model, &change), 0);
	change_done(&change);
}

static void add_irq(struct record *record, const struct model *model, int32_t irq, const char *cpus)
{
	add(record, model, &(const struct setting){.kind = SETTING_IRQ, .irq = irq}, cpus, 0);
}

static void check_set(const struct cpuset *set, const char *wanted)
{
	_cleanup_(buf_done) struct buf text = {0};

	assert_int_equal(cpuset_format(set, &text), 0);
	assert_string_equal(buf_text(&text), wanted);
}

/* The changes that a record means on a machine, one a line: "25 0-1", or "25 gone". */
static void check_changes(const struct record *record, const struct model *model,
			  const char *wanted)
{
	_cleanup_(buf_done) struct buf text = {0};
	struct change *changes = NULL;

	assert_int_equal(record_changes(record, model, &changes), 0);
	for (size_t i = 0; i < record->n; i++) {
		assert_int_equal(buf_printf(&text, "%d ", changes[i].setting.irq), 0);
		if (changes[i].state == CHANGE_PLANNED)
			assert_int_equal(cpuset_format(&changes[i].wanted, &text), 0);
		else
			assert_int_equal(buf_printf(&text, "%s %s",
						    change_state_name(changes[i].state),
						    changes[i].name),
					 0);
		assert_int_equal(buf_putc(&text, '\n'), 0);
		change_done(&changes[i]);
	}
	free(changes);
	assert_string_equal(buf_text(&text), wanted);
}

static char *path_of(const struct fake *fake, const char *name)
{
	struct buf path = {0};

	assert_int_equal(buf_printf(&path, "%s/%s", fake->dir, name), 0);
	return path.data;
}

static void check_files(struct fake *fake, const char *wanted)
{
	_cleanup_(strv_done) struct strv names = {0};
	_cleanup_(buf_done) struct buf text = {0};

	assert_int_equal(source_list(fake->files, ".", &names), 0);
	for (size_t i = 0; i < names.n; i++)
		assert_int_equal(buf_printf(&text, "%s%s", i ? " " : "", names.items[i]), 0);
	assert_string_equal(buf_text(&text), wanted);
}

static void add_all_kinds(struct record *record, const struct model *model)
{
	add_irq(record, model, 25, "0-1,64,4095");
	add_irq(record, model, 4, "1");
	add_irq(record, model, 16, "0");
	add(record, model, &(const struct setting){.kind = SETTING_DEFAULT}, "0-1", 0);
	add(record, model,
	    &(const struct setting){.kind = SETTING_XPS, .interface = "eth0", .queue = 3}, "1", 0);
	add(record, model, &(const struct setting){.kind = SETTING_RPS, .interface = "eth0.7"}, "",
	    0);
	add(record, model,
	    &(const struct setting){.kind = SETTING_RPS_FLOWS, .interface = "eth0", .queue = 1}, "",
	    4096);
	add(record, model, &(const struct setting){.kind = SETTING_RFS}, "", INT64_MAX);
	add(record, model, &(const struct setting){.kind = SETTING_CHANNELS, .interface = "eth0"},
	    "", channels_pack(&(const struct channel_counts){.rx = 1, .tx = 2, .combined = 3}));
}

static void same_entry(const struct record_entry *a, const struct record_entry *b)
{
	bool is_irq = a->setting.kind == SETTING_IRQ;

	assert_int_equal(a->setting.kind, b->setting.kind);
	assert_int_equal(a->setting.irq, b->setting.irq);
	assert_int_equal(a->setting.queue, b->setting.queue);
	assert_int_equal(!a->setting.interface, !b->setting.interface);
	if (a->setting.interface)
		assert_string_equal(a->setting.interface, b->setting.interface);
	assert_int_equal(!a->device, !b->device);
	if (a->device)
		assert_string_equal(a->device, b->device);
	if (is_irq)
		assert_string_equal(a->actions, b->actions);
	assert_int_equal(a->vector, b->vector);
	assert_int_equal(a->number, b->number);
	assert_true(cpuset_equal(&a->cpus, &b->cpus));
}

static void test_round_trip(void **state)
{
	_cleanup_(record_done) struct record record = {0}, again = {0};
	_cleanup_(buf_done) struct buf error = {0};
	struct fake *fake = *state;
	_cleanup_free_ char *path = path_of(fake, "state.json");
	struct stat st;
	struct box box;

	box_init(&box, home, home_nic, home_disk);
	add_all_kinds(&record, &box.model);
	assert_int_equal(record.n, 9);
	assert_string_equal(record.entries[0].device, "0000:00:03.0");
	assert_int_equal(record.entries[0].vector, 1);
	assert_string_equal(record.entries[2].actions, "uhci_hcd:usb1, snd_hda_intel");
	assert_int_equal(record_write(&record, path), 0);
	assert_int_equal(record_read(path, &again, &error), 0);
	assert_string_equal(buf_text(&error), "");
	assert_int_equal(again.n, record.n);
	for (size_t i = 0; i < record.n; i++)
		same_entry(&record.entries[i], &again.entries[i]);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	check_files(fake, "state.json");
	box_done(&box);
}

/* The record outlives what it was made from. */
static void test_owns_its_texts(void **state)
{
	_cleanup_(record_done) struct record record = {0};
	_cleanup_free_ char *interface = strdup("eth0");
	struct box box;

	(void)state;
	box_init(&box, home, home_nic, home_disk);
	add(&record, &box.model,
	    &(const struct setting){.kind = SETTING_XPS, .interface = interface}, "0", 0);
	add_irq(&record, &box.model, 25, "0");
	box_done(&box);
	memset(interface, 'x', strlen(interface));
	assert_string_equal(record.entries[0].setting.interface, "eth0");
	assert_string_equal(record.entries[1].actions, "virtio1-input.0");
}

static void test_same_machine(void **state)
{
	_cleanup_(record_done) struct record record = {0};
	struct box box;

	(void)state;
	box_init(&box, home, home_nic, home_disk);
	for (size_t i = 0; i < box.model.n_items; i++) {
		if (box.model.items[i].row->number >= 0)
			add_irq(&record, &box.model, box.model.items[i].row->number, "1");
	}
	check_changes(&record, &box.model,
		      "1 1\n4 1\n7 1\n12 1\n16 1\n24 1\n25 1\n26 1\n30 1\n31 1\n");
	box_done(&box);
}

/* The drivers were loaded again, the disk's first: other numbers, the same vectors. */
static void test_renumbered(void **state)
{
	static const char away[] = TWO " 40: 5 0 PCI-MSI-0000:00:1f.2 0-edge ahci0\n"
				       " 41: 5 0 PCI-MSI-0000:00:1f.2 1-edge ahci1\n"
				       " 50: 0 1 PCI-MSIX-0000:00:03.0 0-edge virtio7-config\n"
				       " 51: 0 9 PCI-MSIX-0000:00:03.0 1-edge virtio7-input.0\n"
				       " 99: 0 9 PCI-MSIX-0000:00:03.0 2-edge virtio7-output.0\n";
	static const int32_t nic[] = {50, 51, 99}, disk[] = {40, 41};
	_cleanup_(record_done) struct record record = {0};
	struct box before, after;

	(void)state;
	box_init(&before, home, home_nic, home_disk);
	box_init(&after, away, nic, disk);
	after.devices[0].address = "virtio7";
	add_irq(&record, &before.model, 31, "0");
	add_irq(&record, &before.model, 24, "1");
	add_irq(&record, &before.model, 25, "0-1");
	add_irq(&record, &before.model, 26, "1");
	check_changes(&record, &after.model, "41 0\n50 1\n51 0-1\n99 1\n");
	box_done(&before);
	box_done(&after);
}

/* A device that was pulled out, one with fewer vectors, and a number that another device has now.
 */
static void test_gone(void **state)
{
	static const char away[] = TWO " 24: 5 0 PCI-MSI-0000:00:1f.2 0-edge ahci0\n"
				       " 25: 5 0 IO-APIC 25-edge other\n";
	static const int32_t nic[] = {-1, -1, -1}, disk[] = {-1, 24};
	_cleanup_(record_done) struct record record = {0};
	struct box before, after;

	(void)state;
	box_init(&before, home, home_nic, home_disk);
	box_init(&after, away, nic, disk);
	add_irq(&record, &before.model, 4, "1");
	add_irq(&record, &before.model, 7, "1");
	add_irq(&record, &before.model, 25, "1");
	add_irq(&record, &before.model, 30, "1");
	add_irq(&record, &before.model, 31, "1");
	check_changes(&record, &after.model,
		      "4 gone ttyS0\n7 gone \n25 gone virtio1-input.0\n24 1\n31 gone ahci1\n");
	box_done(&before);
	box_done(&after);
}

/* Without a device the handlers' names tell, and their order where they are the same. */
static void test_without_device(void **state)
{
	static const char away[] = TWO "  2: 1 0 IO-APIC 1-edge i8042\n"
				       "  5: 1 0 IO-APIC 4-edge ttyS0\n"
				       "  7: 1 0 IO-APIC 7-edge\n"
				       " 13: 1 0 IO-APIC 12-edge i8042\n"
				       " 17: 1 0 IO-APIC 16-fasteoi uhci_hcd:usb1\n";
	static const int32_t none[] = {-1, -1, -1};
	_cleanup_(record_done) struct record record = {0};
	struct box before, after;

	(void)state;
	box_init(&before, home, none, none);
	box_init(&after, away, none, none);
	add_irq(&record, &before.model, 1, "0");
	add_irq(&record, &before.model, 12, "1");
	add_irq(&record, &before.model, 4, "1");
	add_irq(&record, &before.model, 7, "0-1");
	add_irq(&record, &before.model, 16, "1");
	assert_null(record.entries[1].device);
	assert_int_equal(record.entries[1].vector, 1);
	assert_string_equal(record.entries[3].actions, "");
	check_changes(&record, &before.model, "1 0\n12 1\n4 1\n7 0-1\n16 1\n");
	check_changes(&record, &after.model,
		      "2 0\n13 1\n5 1\n7 0-1\n16 gone uhci_hcd:usb1, snd_hda_intel\n");
	box_done(&before);
	box_done(&after);
}

/* An interrupt that the table does not show: only its number is known, and nothing fits it. */
static void test_not_in_the_table(void **state)
{
	_cleanup_(record_done) struct record record = {0};
	struct box box;

	(void)state;
	box_init(&box, home, home_nic, home_disk);
	add_irq(&record, &box.model, 77, "1");
	assert_null(record.entries[0].device);
	check_changes(&record, &box.model, "77 gone \n");
	box_done(&box);
}

/* What was not read, and what the kernel would not take back, must not spoil the file. */
static void test_nothing_to_keep(void **state)
{
	_cleanup_(record_done) struct record record = {0};
	struct change unread = {.setting = {.kind = SETTING_IRQ, .irq = 25}};
	struct box box;

	(void)state;
	box_init(&box, home, home_nic, home_disk);
	assert_int_equal(record_add_before(&record, &box.model, &unread), 0);
	add_irq(&record, &box.model, 25, "");
	add(&record, &box.model, &(const struct setting){.kind = SETTING_DEFAULT}, "", 0);
	assert_int_equal(record.n, 0);
	add(&record, &box.model, &(const struct setting){.kind = SETTING_XPS, .interface = "eth0"},
	    "", 0);
	assert_int_equal(record.n, 1);
	box_done(&box);
}

/* The settings of a record as text, one a line. */
static void check_entries(const struct record *record, const char *wanted)
{
	_cleanup_(buf_done) struct buf text = {0};

	for (size_t i = 0; i < record->n; i++) {
		const struct record_entry *entry = &record->entries[i];

		assert_int_equal(setting_path(&entry->setting, &text), 0);
		assert_int_equal(buf_printf(&text, " %" PRIu64 " ", entry->number), 0);
		assert_int_equal(cpuset_format(&entry->cpus, &text), 0);
		assert_int_equal(buf_putc(&text, '\n'), 0);
	}
	assert_string_equal(buf_text(&text), wanted);
}

static void test_whole_machine(void **state)
{
	struct fake *fake = *state;
	_cleanup_(record_done) struct record record = {0};
	struct box box;

	box_init(&box, home, home_nic, home_disk);
	for (size_t i = 0; i < box.model.n_items; i++)
		box.model.items[i].settable = SETTABLE_NO;
	box.model.items[5].settable = SETTABLE_YES;
	box.model.items[6].settable = SETTABLE_UNKNOWN;
	box.model.items[7].settable = SETTABLE_YES; /* and has no file */
	fake_irq(fake, 1, "0", "0");
	fake_irq(fake, 24, "0-1\n", "0\n");
	fake_irq(fake, 25, "1\n", "1\n");
	fake_put(fake, "proc/irq/default_smp_affinity", "3\n");
	fake_put(fake, "proc/sys/net/core/rps_sock_flow_entries", "32768\n");
	fake_put(fake, "sys/class/net/bonding_masters", "bond0\n");
	fake_put(fake, "sys/class/net/lo/queues/rx-0/rps_cpus", "0\n");
	fake_put(fake, "sys/class/net/eth0/queues/rx-0/rps_cpus", "0,00000002\n");
	fake_put(fake, "sys/class/net/eth0/queues/rx-0/rps_flow_cnt", "16\n");
	fake_put(fake, "sys/class/net/eth0/queues/tx-0/xps_cpus", "1\n");
	fake_put(fake, "sys/class/net/eth0/queues/tx-10/xps_cpus", "zz\n");
	fake_put(fake, "sys/class/net/eth0/queues/tx-x/xps_cpus", "1\n");
	fake_put(fake, "sys/class/net/eth0/queues/tx-/xps_cpus", "1\n");
	fake_put(fake, "sys/class/net/eth0/queues/tx-4294967296/xps_cpus", "1\n");
	fake_put(fake, "sys/class/net/eth0/queues/other/xps_cpus", "1\n");
	assert_int_equal(record_add_machine(&record, &fake->applier, &box.model), 0);
	check_entries(&record, "proc/irq/24/smp_affinity_list 0 0-1\n"
			       "proc/irq/25/smp_affinity_list 0 1\n"
			       "proc/irq/default_smp_affinity 0 0-1\n"
			       "proc/sys/net/core/rps_sock_flow_entries 32768 \n"
			       "sys/class/net/eth0/queues/rx-0/rps_cpus 0 1\n"
			       "sys/class/net/eth0/queues/rx-0/rps_flow_cnt 16 \n"
			       "sys/class/net/eth0/queues/tx-0/xps_cpus 0 0\n"
			       "sys/class/net/lo/queues/rx-0/rps_cpus 0 \n");
	assert_string_equal(buf_text(&fake->log), "");
	box_done(&box);
}

/* What the driver of eth0 resets with its channels, and what has nothing to do with it. */
static void test_interface(void **state)
{
	static const struct setting channels = {.kind = SETTING_CHANNELS, .interface = "eth0"};
	static const struct setting covered[] = {
		{.kind = SETTING_IRQ, .irq = 26},
		{.kind = SETTING_XPS, .interface = "eth0", .queue = 9},
	};
	static const struct setting others[] = {
		{.kind = SETTING_IRQ, .irq = 30},
		{.kind = SETTING_XPS, .interface = "eth1"},
		{.kind = SETTING_RFS},
	};
	struct fake *fake = *state;
	_cleanup_(record_done) struct record record = {0};
	struct strv names = {0};
	struct box box;

	box_init(&box, home, home_nic, home_disk);
	assert_int_equal(strv_add(&names, "eth0"), 0);
	box.devices[0].interfaces = names;
	fake_irq(fake, 24, "0-1\n", "0\n");
	fake_irq(fake, 25, "1\n", "1\n");
	fake_irq(fake, 26, "1\n", "1\n");
	fake_irq(fake, 30, "1\n", "1\n");
	for (size_t i = 5; i < 8; i++)
		box.model.items[i].interface = NULL; /* the device tells it */
	box.model.items[7].settable = SETTABLE_NO;
	fake_put(fake, "sys/class/net/eth0/queues/rx-0/rps_cpus", "2\n");
	fake_put(fake, "sys/class/net/eth1/queues/rx-0/rps_cpus", "2\n");
	assert_false(record_has_channels(&record, NULL));
	add(&record, &box.model, &channels, "", 1);
	assert_int_equal(record_add_interface(&record, &fake->applier, &box.model, "eth0"), 0);
	check_entries(&record, "netlink/ethtool/channels/eth0 1 \n"
			       "proc/irq/24/smp_affinity_list 0 0-1\n"
			       "proc/irq/25/smp_affinity_list 0 1\n"
			       "sys/class/net/eth0/queues/rx-0/rps_cpus 0 1\n");
	assert_true(record_has_channels(&record, NULL));
	assert_true(record_has_channels(&record, "eth0"));
	assert_false(record_has_channels(&record, "eth1"));
	for (size_t i = 0; i < ARRAY_SIZE(covered); i++)
		assert_true(record_covers(&record, &box.model, &covered[i]));
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		assert_false(record_covers(&record, &box.model, &others[i]));
	strv_done(&names);
	box_done(&box);
}

static void test_empty_machine(void **state)
{
	struct fake *fake = *state;
	_cleanup_(record_done) struct record record = {0};
	struct box box;

	box_init(&box, TWO, home_nic, home_disk);
	assert_int_equal(record_add_machine(&record, &fake->applier, &box.model), 0);
	assert_int_equal(record.n, 0);
	box_done(&box);
}

#define DOCUMENT(settings) "{\"schema\":\"irqctl.save/1\",\"settings\":[" settings "]}"
#define GOOD               "{\"setting\":\"default\",\"cpus\":\"0\"}"
#define IRQ_FIELDS         "\"setting\":\"irq\",\"device\":null,\"actions\":\"a\","
#define XPS_FIELDS         "\"setting\":\"xps\",\"cpus\":\"0\","

static const char range[] = "is not a whole number in its range";
static const char kinds[] = "'setting' is not irq, default, xps, rps, rps-flows, rfs or channels";
static const char ifname[] = "'interface' is not the name of an interface";
static const char list[] = "'cpus' is not a CPU list";
static const char schema[] = "'schema' is not \"irqctl.save/1\": no file of irqctl save";

static const struct {
	const char *text, *sentence, *more;
} bad[] = {
	/* no JSON */
	{"", "line 1: ", ""},
	{" \n\n", "line 3: ", ""},
	{"irq 24 0-3\n", "line 1: ", ""},
	{"{\"schema\":\"irqctl.save/1\",\n\"settings\":[", "line 2: ", ""},
	{DOCUMENT(GOOD) "x", "line 1: ", "end of file expected"},
	{DOCUMENT(GOOD) DOCUMENT(GOOD), "line 1: ", "end of file expected"},
	{"{\"schema\":\"irqctl.save/1\",\"schema\":\"irqctl.save/1\",\"settings\":[]}",
	 "line 1: ", "duplicate"},
	{DOCUMENT("{\"setting\":\"default\",\"cpus\":\"0\",\"cpus\":\"1\"}"),
	 "line 1: ", "duplicate"},
	{DOCUMENT("{\"setting\":\"default\",\"cpus\":\"\xff\"}"), "line 1: ", "0xff"},
	{DOCUMENT("{\"setting\":\"default\",\"cpus\":\"0\\u0000\"}"), "line 1: ", "\\u0000"},
	{DOCUMENT("{\"setting\":\"rfs\",\"value\":99999999999999999999}"), "line 1: ", "too big"},
	{DOCUMENT("{\"setting\":\"rfs\",\"value\":1e999}"), "line 1: ", "overflow"},
	{DOCUMENT("{\"setting\":\"rfs\",\"value\":0x10}"), "line 1: ", ""},
	/* another document */
	{"[]", schema, ""},
	{"{}", schema, ""},
	{"{\"schema\":null,\"settings\":[]}", schema, ""},
	{"{\"schema\":1,\"settings\":[]}", schema, ""},
	{"{\"schema\":\"irqctl.save/2\",\"settings\":[]}", schema, ""},
	{"{\"schema\":\"irqctl.show/1\",\"interrupts\":[]}", schema, ""},
	{"{\"schema\":\"irqctl.save/1\"}", "'settings' is not a list", ""},
	{"{\"schema\":\"irqctl.save/1\",\"settings\":{}}", "'settings' is not a list", ""},
	{"{\"schema\":\"irqctl.save/1\",\"settings\":null}", "'settings' is not a list", ""},
	/* entries */
	{DOCUMENT("1"), "settings[0]: ", kinds},
	{DOCUMENT("null"), "settings[0]: ", kinds},
	{DOCUMENT("[]"), "settings[0]: ", kinds},
	{DOCUMENT("{}"), "settings[0]: ", kinds},
	{DOCUMENT(GOOD ",{\"setting\":\"IRQ\"}"), "settings[1]: ", kinds},
	{DOCUMENT(GOOD "," GOOD), "settings[1]: ", "is set twice"},
	{DOCUMENT("{\"setting\":0}"), "settings[0]: ", kinds},
	{DOCUMENT("{\"setting\":\"\"}"), "settings[0]: ", kinds},
	/* numbers */
	{DOCUMENT("{" IRQ_FIELDS "\"vector\":0,\"cpus\":\"0\"}"), "settings[0]: 'irq' ", range},
	{DOCUMENT("{" IRQ_FIELDS "\"irq\":-1,\"vector\":0,\"cpus\":\"0\"}"), "settings[0]: 'irq' ",
	 range},
	{DOCUMENT("{" IRQ_FIELDS "\"irq\":2147483648,\"vector\":0,\"cpus\":\"0\"}"),
	 "settings[0]: 'irq' ", range},
	{DOCUMENT("{" IRQ_FIELDS "\"irq\":\"24\",\"vector\":0,\"cpus\":\"0\"}"),
	 "settings[0]: 'irq' ", range},
	{DOCUMENT("{" IRQ_FIELDS "\"irq\":24.0,\"vector\":0,\"cpus\":\"0\"}"),
	 "settings[0]: 'irq' ", range},
	{DOCUMENT("{" IRQ_FIELDS "\"irq\":true,\"vector\":0,\"cpus\":\"0\"}"),
	 "settings[0]: 'irq' ", range},
	{DOCUMENT("{" IRQ_FIELDS "\"irq\":24,\"cpus\":\"0\"}"), "settings[0]: 'vector' ", range},
	{DOCUMENT("{" IRQ_FIELDS "\"irq\":24,\"vector\":4294967296,\"cpus\":\"0\"}"),
	 "settings[0]: 'vector' ", range},
	{DOCUMENT("{" XPS_FIELDS "\"interface\":\"eth0\"}"), "settings[0]: 'queue' ", range},
	{DOCUMENT("{" XPS_FIELDS "\"interface\":\"eth0\",\"queue\":-3}"), "settings[0]: 'queue' ",
	 range},
	{DOCUMENT("{" XPS_FIELDS "\"interface\":\"eth0\",\"queue\":4294967296}"),
	 "settings[0]: 'queue' ", range},
	{DOCUMENT("{\"setting\":\"rfs\"}"), "settings[0]: 'value' ", range},
	{DOCUMENT("{\"setting\":\"rfs\",\"value\":-1}"), "settings[0]: 'value' ", range},
	{DOCUMENT("{\"setting\":\"rfs\",\"value\":1.5}"), "settings[0]: 'value' ", range},
	{DOCUMENT("{\"setting\":\"rfs\",\"cpus\":\"0\"}"), "settings[0]: 'value' ", range},
	{DOCUMENT("{\"setting\":\"rps-flows\",\"interface\":\"eth0\",\"queue\":0,\"value\":\"1\"}"),
	 "settings[0]: 'value' ", range},
	{DOCUMENT("{\"setting\":\"channels\",\"interface\":\"eth0\",\"rx\":0,\"tx\":0}"),
	 "settings[0]: 'combined' ", range},
	{DOCUMENT("{\"setting\":\"channels\",\"interface\":\"eth0\",\"rx\":1048576,\"tx\":0,"
		  "\"combined\":0}"),
	 "settings[0]: 'rx' ", range},
	{DOCUMENT("{\"setting\":\"channels\",\"interface\":\"../eth0\",\"rx\":0,\"tx\":0,"
		  "\"combined\":1}"),
	 "settings[0]: ", ifname},
	/* texts */
	{DOCUMENT("{\"setting\":\"irq\",\"irq\":1,\"device\":1,\"vector\":0,\"cpus\":\"0\"}"),
	 "settings[0]: 'device' is not a text", ""},
	{DOCUMENT("{\"setting\":\"irq\",\"irq\":1,\"actions\":[],\"vector\":0,\"cpus\":\"0\"}"),
	 "settings[0]: 'actions' is not a text", ""},
	/* an interface is a part of a path */
	{DOCUMENT("{" XPS_FIELDS "\"queue\":0}"), "settings[0]: ", ifname},
	{DOCUMENT("{" XPS_FIELDS "\"queue\":0,\"interface\":7}"),
	 "settings[0]: 'interface' is not a text", ""},
	{DOCUMENT("{" XPS_FIELDS "\"queue\":0,\"interface\":\"\"}"), "settings[0]: ", ifname},
	{DOCUMENT("{" XPS_FIELDS "\"queue\":0,\"interface\":\".\"}"), "settings[0]: ", ifname},
	{DOCUMENT("{" XPS_FIELDS "\"queue\":0,\"interface\":\"..\"}"), "settings[0]: ", ifname},
	{DOCUMENT("{" XPS_FIELDS "\"queue\":0,\"interface\":\"../../etc\"}"),
	 "settings[0]: ", ifname},
	{DOCUMENT("{" XPS_FIELDS "\"queue\":0,\"interface\":\"eth0/\"}"), "settings[0]: ", ifname},
	{DOCUMENT("{" XPS_FIELDS "\"queue\":0,\"interface\":\"/\"}"), "settings[0]: ", ifname},
	/* CPUs */
	{DOCUMENT("{\"setting\":\"default\"}"), "settings[0]: ", list},
	{DOCUMENT("{\"setting\":\"default\",\"cpus\":null}"), "settings[0]: ", list},
	{DOCUMENT("{\"setting\":\"default\",\"cpus\":0}"), "settings[0]: 'cpus' is not a text", ""},
	{DOCUMENT("{\"setting\":\"default\",\"cpus\":\"\"}"), "settings[0]: ", list},
	{DOCUMENT("{\"setting\":\"default\",\"cpus\":\"0-\"}"), "settings[0]: ", list},
	{DOCUMENT("{\"setting\":\"default\",\"cpus\":\"3-0\"}"), "settings[0]: ", list},
	{DOCUMENT("{\"setting\":\"default\",\"cpus\":\"all\"}"), "settings[0]: ", list},
	{DOCUMENT("{\"setting\":\"default\",\"cpus\":\"65536\"}"), "settings[0]: ", list},
	{DOCUMENT("{\"setting\":\"default\",\"cpus\":\"99999999999999999999\"}"),
	 "settings[0]: ", list},
	{DOCUMENT("{" IRQ_FIELDS "\"irq\":24,\"vector\":0,\"cpus\":\"\"}"), "settings[0]: ", list},
	{DOCUMENT("{\"setting\":\"rps\",\"interface\":\"eth0\",\"queue\":0}"),
	 "settings[0]: ", list},
};

/* Each of them is refused as a whole, with a sentence that says where it is wrong. */
static void test_bad_documents(void **state)
{
	struct fake *fake = *state;
	_cleanup_free_ char *path = path_of(fake, "bad.json");

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		_cleanup_(record_done) struct record record = {0};
		_cleanup_(buf_done) struct buf error = {0};

		fake_put(fake, "bad.json", bad[i].text);
		assert_int_equal(record_read(path, &record, &error), -EINVAL);
		if (strncmp(buf_text(&error), bad[i].sentence, strlen(bad[i].sentence)) != 0 ||
		    !strstr(buf_text(&error), bad[i].more))
			fail_msg("%s: %s, not %s%s", bad[i].text, buf_text(&error), bad[i].sentence,
				 bad[i].more);
	}
}

/* Bytes that end the text in the middle of a file. */
static void test_bytes(void **state)
{
	static const char text[] = DOCUMENT("{\"setting\":\"default\",\"cpus\":\"0\0\"}");
	struct fake *fake = *state;
	_cleanup_free_ char *path = path_of(fake, "bytes.json");
	_cleanup_(record_done) struct record record = {0};
	_cleanup_(buf_done) struct buf error = {0};
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, sizeof(text) - 1, file), sizeof(text) - 1);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(record_read(path, &record, &error), -EINVAL);
	assert_true(error.len > 0);
}

/* No beginning of a file is taken for the whole. */
static void test_truncated(void **state)
{
	_cleanup_(record_done) struct record record = {0};
	struct fake *fake = *state;
	_cleanup_free_ char *path = path_of(fake, "state.json"), *text = NULL;
	struct box box;
	size_t len;

	box_init(&box, home, home_nic, home_disk);
	add_all_kinds(&record, &box.model);
	assert_int_equal(record_write(&record, path), 0);
	text = fake_get(fake, "state.json");
	len = strlen(text);
	while (len--) {
		_cleanup_(record_done) struct record part = {0};
		_cleanup_(buf_done) struct buf error = {0};

		assert_int_equal(truncate(path, (off_t)len), 0);
		assert_int_equal(record_read(path, &part, &error), -EINVAL);
		assert_true(error.len > 0);
	}
	box_done(&box);
}

/* Fields that a later version adds are no mistake; what may be missing may be null. */
static void test_good_documents(void **state)
{
	static const char *const texts[] = {
		DOCUMENT(""),
		DOCUMENT(GOOD),
		"\n{ \"by\": \"x\", \"settings\": [" GOOD "], \"schema\": \"irqctl.save/1\" }\n\n",
		DOCUMENT("{\"setting\":\"irq\",\"irq\":2147483647,\"vector\":4294967295,\"cpus\":"
			 "\"0\"}"),
		DOCUMENT("{\"setting\":\"irq\",\"irq\":0,\"vector\":0,\"device\":null,\"actions\":"
			 "null,\"cpus\":\"0\",\"note\":{\"a\":[1]}}"),
		DOCUMENT("{\"setting\":\"rfs\",\"value\":9223372036854775807}"),
		DOCUMENT("{\"setting\":\"default\",\"cpus\":\"0-65535:1/2\"}"),
		DOCUMENT("{\"setting\":\"rps\",\"interface\":\"...\",\"queue\":0,\"cpus\":\"\"}"),
	};
	struct fake *fake = *state;
	_cleanup_free_ char *path = path_of(fake, "good.json");

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		_cleanup_(record_done) struct record record = {0};
		_cleanup_(buf_done) struct buf error = {0};

		fake_put(fake, "good.json", texts[i]);
		assert_int_equal(record_read(path, &record, &error), 0);
		assert_string_equal(buf_text(&error), "");
		assert_int_equal(record.n, i > 0);
		if (record.n && record.entries[0].setting.kind == SETTING_IRQ)
			assert_string_equal(record.entries[0].actions, "");
	}
}

/* To open a FIFO without a writer would wait for ever. */
static void test_no_files(void **state)
{
	struct fake *fake = *state;
	_cleanup_free_ char *fifo = path_of(fake, "fifo"), *large = path_of(fake, "large");
	_cleanup_free_ char *none = path_of(fake, "none"), *loop = path_of(fake, "loop");
	_cleanup_(record_done) struct record record = {0};
	_cleanup_(buf_done) struct buf error = {0};

	assert_int_equal(record_read(none, &record, &error), -ENOENT);
	assert_int_equal(symlink("loop", loop), 0);
	assert_int_equal(record_read(loop, &record, &error), -ELOOP);
	fake_put(fake, "large", "{");
	assert_int_equal(truncate(large, ((off_t)64 << 20) + 1), 0);
	assert_int_equal(record_read(large, &record, &error), -EFBIG);
	assert_string_equal(buf_text(&error), "");
	assert_int_equal(mkfifo(fifo, 0644), 0);
	assert_int_equal(record_read(fifo, &record, &error), -EINVAL);
	assert_string_equal(buf_text(&error), "this is no regular file");
	buf_cut(&error, 0);
	assert_int_equal(record_read(fake->dir, &record, &error), -EINVAL);
	assert_string_equal(buf_text(&error), "this is no regular file");
	assert_int_equal(record.n, 0);
}

static void small_record(struct record *record)
{
	struct box box;

	box_init(&box, home, home_nic, home_disk);
	add_irq(record, &box.model, 25, "0-1");
	box_done(&box);
}

static void check_is_small(const char *path)
{
	_cleanup_(record_done) struct record record = {0};
	_cleanup_(buf_done) struct buf error = {0};

	assert_int_equal(record_read(path, &record, &error), 0);
	assert_int_equal(record.n, 1);
	check_set(&record.entries[0].cpus, "0-1");
}

static void test_replaces(void **state)
{
	_cleanup_(record_done) struct record record = {0};
	struct fake *fake = *state;
	_cleanup_free_ char *path = path_of(fake, "state.json");
	struct stat before, after;

	small_record(&record);
	fake_put(fake, "state.json", "old");
	assert_int_equal(stat(path, &before), 0);
	assert_int_equal(record_write(&record, path), 0);
	assert_int_equal(stat(path, &after), 0);
	assert_true(before.st_ino != after.st_ino); /* a reader of the old one keeps it whole */
	check_is_small(path);
	check_files(fake, "state.json");
}

/* As a kill between mkostemp and rename leaves it, `age_s` seconds ago. */
static void leave(struct fake *fake, const char *name, time_t age_s)
{
	const struct timespec then = {.tv_sec = time(NULL) - age_s};
	const struct timespec times[2] = {then, then};

	fake_put(fake, name, "half");
	assert_int_equal(utimensat(fake->fd, name, times, AT_SYMLINK_NOFOLLOW), 0);
}

/* Only what record_write() itself leaves, and nothing that may still be in use. */
static void test_sweep(void **state)
{
	struct fake *fake = *state;
	_cleanup_free_ char *path = path_of(fake, "state.json");
	_cleanup_free_ char *nowhere = path_of(fake, "none/state.json");
	static const char *const kept[] = {"other.json.aB3xYz", "state.json",
					   "state.json.aB3xY",  "state.json.aB3xYz1",
					   "state.json.aB-xYz", "xstate.json.aB3xYz"};

	leave(fake, "state.json.aB3xYz", 3600);
	leave(fake, "state.json.000000", 3600);
	for (size_t i = 0; i < ARRAY_SIZE(kept); i++)
		leave(fake, kept[i], 3600);
	leave(fake, "state.json.newone", 5);
	assert_int_equal(mkdirat(fake->fd, "state.json.folder", 0755), 0);
	assert_int_equal(symlinkat("state.json", fake->fd, "state.json.linked"), 0);
	assert_int_equal(record_sweep(path), 0);
	check_files(fake, "other.json.aB3xYz state.json state.json.aB-xYz state.json.aB3xY "
			  "state.json.aB3xYz1 state.json.folder state.json.linked "
			  "state.json.newone xstate.json.aB3xYz");
	assert_int_equal(record_sweep(nowhere), -ENOENT);
}

/* Whoever may not write into the directory loses nothing. */
static void test_read_only_directory(void **state)
{
	_cleanup_(record_done) struct record record = {0};
	struct fake *fake = *state;
	_cleanup_free_ char *path = path_of(fake, "state.json");
	bool root = geteuid() == 0;

	small_record(&record);
	fake_put(fake, "state.json", "old");
	assert_int_equal(chmod(fake->dir, 0555), 0);
	if (root)
		assert_int_equal(seteuid(65534), 0);
	assert_int_equal(record_write(&record, path), -EACCES);
	if (root)
		assert_int_equal(seteuid(0), 0);
	assert_int_equal(chmod(fake->dir, 0755), 0);
	fake_check(fake, "state.json", "old");
	check_files(fake, "state.json");
}

/* The disk fills up in the middle of the file. */
static void test_write_fails(void **state)
{
	_cleanup_(record_done) struct record record = {0};
	struct fake *fake = *state;
	_cleanup_free_ char *path = path_of(fake, "state.json");
	void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
	struct rlimit limit, small;

	small_record(&record);
	fake_put(fake, "state.json", "old");
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	small = (struct rlimit){.rlim_cur = 100, .rlim_max = limit.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_int_equal(record_write(&record, path), -EFBIG);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	signal(SIGXFSZ, handler);
	fake_check(fake, "state.json", "old");
	check_files(fake, "state.json");
}

static void test_bad_places(void **state)
{
	_cleanup_(record_done) struct record record = {0};
	struct fake *fake = *state;
	_cleanup_free_ char *missing = path_of(fake, "none/state.json");
	_cleanup_free_ char *below = path_of(fake, "file/state.json");
	_cleanup_free_ char *dangling = path_of(fake, "dangling");

	small_record(&record);
	fake_put(fake, "file", "old");
	assert_int_equal(symlink("nowhere", dangling), 0);
	assert_int_equal(record_write(&record, missing), -ENOENT);
	assert_int_equal(record_write(&record, below), -ENOTDIR);
	assert_int_equal(record_write(&record, fake->dir), -EISDIR);
	assert_int_equal(record_write(&record, dangling), -ENOENT);
	assert_int_equal(record_write(&record, ""), -ENOENT);
	fake_check(fake, "file", "old");
	check_files(fake, "dangling file");
}

static void test_link(void **state)
{
	_cleanup_(record_done) struct record record = {0};
	struct fake *fake = *state;
	_cleanup_free_ char *link = path_of(fake, "link"), *file = path_of(fake, "file");
	struct stat st;

	small_record(&record);
	fake_put(fake, "file", "old");
	assert_int_equal(symlink("file", link), 0);
	assert_int_equal(record_write(&record, link), 0);
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	check_is_small(file);
	check_files(fake, "file link");
}

/* As /dev/stdout is: a link to a pipe, whose name leads nowhere. Root may replace it, and must not.
 */
static void test_link_to_pipe(void **state)
{
	_cleanup_(record_done) struct record record = {0};
	_cleanup_(buf_done) struct buf target = {0};
	struct fake *fake = *state;
	_cleanup_free_ char *link = path_of(fake, "link");
	char text[4096] = "";
	struct stat st;
	int ends[2];

	small_record(&record);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(buf_printf(&target, "/proc/self/fd/%d", ends[1]), 0);
	assert_int_equal(symlink(target.data, link), 0);
	assert_int_equal(record_write(&record, link), 0);
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_true(read(ends[0], text, sizeof(text) - 1) > 0);
	assert_non_null(strstr(text, "irqctl.save/1"));
	close(ends[0]);
	close(ends[1]);
	check_files(fake, "link");
}

static void test_fifo(void **state)
{
	_cleanup_(record_done) struct record record = {0};
	struct fake *fake = *state;
	_cleanup_free_ char *path = path_of(fake, "fifo");
	char text[4096] = "";
	struct stat st;
	int fd;

	small_record(&record);
	assert_int_equal(mkfifo(path, 0644), 0);
	fd = open(path, O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(record_write(&record, path), 0);
	assert_true(read(fd, text, sizeof(text) - 1) > 0);
	assert_int_equal(text[0], '{');
	close(fd);
	assert_int_equal(lstat(path, &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
	check_files(fake, "fifo");
}

/* A device as /dev/full, one of our own in case that it is replaced after all. */
static void test_device(void **state)
{
	_cleanup_(record_done) struct record record = {0};
	struct fake *fake = *state;
	_cleanup_free_ char *path = path_of(fake, "full");
	struct stat st;
	int fd;

	if (mknod(path, S_IFCHR | 0666, (1 << 8) | 7) < 0)
		skip();
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0) /* mounted without devices */
		skip();
	close(fd);
	small_record(&record);
	assert_int_equal(record_write(&record, path), -ENOSPC);
	assert_int_equal(lstat(path, &st), 0);
	assert_true(S_ISCHR(st.st_mode));
	check_files(fake, "full");
}

int main(void)
{
#define EACH(name) cmocka_unit_test_setup_teardown(name, fake_setup, fake_teardown)
	const struct CMUnitTest tests[] = {
		EACH(test_round_trip),
		EACH(test_owns_its_texts),
		EACH(test_same_machine),
		EACH(test_renumbered),
		EACH(test_gone),
		EACH(test_without_device),
		EACH(test_not_in_the_table),
		EACH(test_nothing_to_keep),
		EACH(test_whole_machine),
		EACH(test_interface),
		EACH(test_empty_machine),
		EACH(test_bad_documents),
		EACH(test_bytes),
		EACH(test_truncated),
		EACH(test_good_documents),
		EACH(test_no_files),
		EACH(test_replaces),
		EACH(test_sweep),
		EACH(test_read_only_directory),
		EACH(test_write_fails),
		EACH(test_bad_places),
		EACH(test_link),
		EACH(test_link_to_pipe),
		EACH(test_fifo),
		EACH(test_device),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
