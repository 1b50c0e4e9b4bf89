/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A dump of the command channels-get of the generic netlink family "ethtool" (Linux 5.6) -> how
 * many queues a network interface has and can have.
 *
 * Format: Documentation/networking/ethtool-netlink.rst, include/uapi/linux/ethtool_netlink.h. Its
 * numbers stand here too, because the headers of older systems lack them. Pure.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum ethtool_command {
	ETHTOOL_COMMAND_CHANNELS_GET = 17,
	ETHTOOL_COMMAND_CHANNELS_SET = 18,
	ETHTOOL_ANSWER_CHANNELS_GET = 18, /* answers are counted apart from requests */
};

enum ethtool_attribute {
	ETHTOOL_HEADER_DEV_NAME = 2,
	ETHTOOL_CHANNELS_HEADER = 1,
	ETHTOOL_CHANNELS_RX_MAX = 2,
	ETHTOOL_CHANNELS_TX_MAX = 3,
	ETHTOOL_CHANNELS_COMBINED_MAX = 5,
	ETHTOOL_CHANNELS_RX_COUNT = 6,
	ETHTOOL_CHANNELS_TX_COUNT = 7,
	ETHTOOL_CHANNELS_COMBINED_COUNT = 9,
	ETHTOOL_CHANNELS_ATTRIBUTES = 10,
};

/* Of what a driver does not have, both the count and its maximum are 0. */
struct channels {
	uint32_t rx, tx, combined;
	uint32_t rx_max, tx_max, combined_max;
};

/*
 * Finds an interface in the dump: whole netlink messages one behind the other, in memory that is
 * aligned for them. What is cut or makes no sense is skipped. 0; -ENOENT where the dump does not
 * have it, which is how a driver without channels is told; -ENOSYS where irqctl was built without
 * libmnl.
 */
int channels_find(const void *bytes, size_t len, const char *interface, struct channels *ret);
