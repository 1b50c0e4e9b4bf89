/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmocka_all.h"

#include <string.h>

#include "base/macros.h"
#include "model/queue_name.h"

static const struct {
	const char *action, *interface;
	enum queue_direction direction;
	int32_t index;
	const char *driver;
} queues[] = {
	{"eth0-TxRx-3", "eth0", QUEUE_RXTX, 3, NULL},
	{"eth0-rx-12", "eth0", QUEUE_RX, 12, NULL},
	{"eth0-tx-0", "eth0", QUEUE_TX, 0, NULL},
	{"eth0-rx7", "eth0", QUEUE_RX, 7, NULL},
	{"eth0-tx-1-rx-1", "eth0", QUEUE_RXTX, 1, NULL},
	{"my-rx-nic-rx-3", "my-rx-nic", QUEUE_RX, 3, NULL},
	{"i40e-eth0-TxRx-3", "eth0", QUEUE_RXTX, 3, "i40e"},
	{"ice-ens1f0-TxRx-63", "ens1f0", QUEUE_RXTX, 63, "ice"},
	{"iavf-eth1-TxRx-0", "eth1", QUEUE_RXTX, 0, "iavf"},
	{"idpf-eth2-TxRx-5", "eth2", QUEUE_RXTX, 5, "idpf"},
	{"i40e-0000:01:00.1:misc", "0000:01:00.1", QUEUE_ADMIN, -1, "i40e"},
	{"i40e-0000:01:00.1:fdir-TxRx-0", "0000:01:00.1", QUEUE_ADMIN, -1, "i40e"},
	{"mlx5_comp3@pci:0000:3b:00.0", NULL, QUEUE_RXTX, 3, "mlx5_core"},
	{"mlx5_async0@pci:0000:3b:00.0", NULL, QUEUE_ADMIN, -1, "mlx5_core"},
	{"mlx5_async_eq@pci:0000:3b:00.0", NULL, QUEUE_ADMIN, -1, "mlx5_core"},
	{"mlx4-7@0000:04:00.0", NULL, QUEUE_RXTX, 7, "mlx4_core"},
	{"mlx4-comp-1@pci:0000:07:00.0", NULL, QUEUE_RXTX, 1, "mlx4_core"},
	{"mlx4-async@pci:0000:07:00.0", NULL, QUEUE_ADMIN, -1, "mlx4_core"},
	{"eth0-Tx-Rx-3", "eth0", QUEUE_RXTX, 3, "ena"},
	{"ena-mgmnt@pci:0000:00:05.0", NULL, QUEUE_ADMIN, -1, "ena"},
	{"gve-ntfy-blk4@pci:0000:00:04.0", NULL, QUEUE_RXTX, 4, "gve"},
	{"eth0-ntfy-block.9", "eth0", QUEUE_RXTX, 9, "gve"},
	{"mana_q2@pci:7870:00:00.0", NULL, QUEUE_RXTX, 2, "mana"},
	{"virtio1-input.0", "virtio1", QUEUE_RX, 0, "virtio_net"},
	{"virtio10-output.11", "virtio10", QUEUE_TX, 11, "virtio_net"},
	{"virtio2-req.3", "virtio2", QUEUE_NONE, 3, "virtio_blk"},
	{"virtio3-request", "virtio3", QUEUE_NONE, 0, "virtio_scsi"},
	{"virtio1-config", "virtio1", QUEUE_ADMIN, -1, NULL},
	{"virtio1-control", "virtio1", QUEUE_ADMIN, -1, NULL},
	{"eth0-rxtx-4", "eth0", QUEUE_RXTX, 4, NULL},
	{"vif1.0-q0-tx", "vif1.0", QUEUE_TX, 0, NULL},
	{"eth0-q1-rx", "eth0", QUEUE_RX, 1, NULL},
	{"nvme0q0", "nvme0", QUEUE_ADMIN, -1, "nvme"},
	{"nvme0q10", "nvme0", QUEUE_NONE, 10, "nvme"},
	{"nvme12q1", "nvme12", QUEUE_NONE, 1, "nvme"},
	{"eth4-fp-2", "eth4", QUEUE_RXTX, 2, NULL},
	{"eth4-txrx-2", "eth4", QUEUE_RXTX, 2, NULL},
	{"megasas0-msix12", "megasas0", QUEUE_NONE, 12, "megaraid_sas"},
	{"mpt3sas0-msix5", "mpt3sas0", QUEUE_NONE, 5, "mpt3sas"},
	{"eth0-0", "eth0", QUEUE_RXTX, 0, NULL},
	{"ens3-q2", "ens3", QUEUE_RXTX, 2, NULL},
	{"hns3-0000:7d:00.0-TxRx-0", "0000:7d:00.0", QUEUE_RXTX, 0, "hns3"},
	{"eth0:rx-2", "eth0", QUEUE_RX, 2, NULL},
	{"eth0-mgmt", "eth0", QUEUE_ADMIN, -1, NULL},
};

static void test_queues(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(queues); i++) {
		struct queue_name name;

		if (!queue_name_parse(queues[i].action, &name))
			fail_msg("%s is no queue", queues[i].action);
		if (name.direction != queues[i].direction || name.index != queues[i].index)
			fail_msg("%s: direction %d, index %d", queues[i].action,
				 (int)name.direction, (int)name.index);
		assert_int_equal(!name.interface, !queues[i].interface);
		if (name.interface && queues[i].interface) {
			assert_int_equal(name.interface_len, strlen(queues[i].interface));
			assert_memory_equal(name.interface, queues[i].interface,
					    name.interface_len);
		}
		assert_int_equal(!name.driver, !queues[i].driver);
		if (name.driver)
			assert_string_equal(name.driver, queues[i].driver);
	}
}

static void test_others(void **state)
{
	static const char *const actions[] = {
		"",
		"eth0",
		"timer",
		"i8042",
		"ioat-msix",
		"mt-i2c",
		"ACPI:Ged",
		"nvme",
		"nvmeq1",
		"nvme0q",
		"nvme0qx",
		"xnvme0q1",
		"virtio-input.0",
		"virtio1-input.",
		"virtio1x-req.0",
		"-rx-1",
		"timer-7",
		"mlx5_comp@pci:0000:3b:00.0",
		"snd_hda_intel:card1",
		"eth0-rx-99999999999999999999",
		"spi-0",
		"resched0",
		"PCIe PME",
		"@",
		"-",
		"#",
	};
	struct queue_name name;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(actions); i++) {
		if (queue_name_parse(actions[i], &name))
			fail_msg("%s is taken for a queue", actions[i]);
	}
}

static void test_drivers(void **state)
{
	(void)state;
	assert_string_equal(queue_name_driver("ahci[0000:00:1f.2]"), "ahci");
	assert_string_equal(queue_name_driver("nvkm"), "nouveau");
	assert_string_equal(queue_name_driver("radeon@pci:0000:01:00.0"), "radeon");
	assert_null(queue_name_driver("ahcix"));
	assert_null(queue_name_driver("eth0"));
}

static void test_netdevs(void **state)
{
	static const char *const yes[] = {"eth0", "enp3s0f1", "wlan0",
					  "em1",  "ens3",     "enx001122334455"};
	static const char *const no[] = {"eth", "ethernet", "timer", "eth0 x", "", "i915", "ehci"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(yes); i++)
		assert_true(queue_name_is_netdev(yes[i], strlen(yes[i])));
	for (size_t i = 0; i < ARRAY_SIZE(no); i++)
		assert_false(queue_name_is_netdev(no[i], strlen(no[i])));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_queues),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_drivers),
		cmocka_unit_test(test_netdevs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
