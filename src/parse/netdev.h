/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Dumps of the generic netlink family "netdev" (Linux 6.8) -> which interrupt serves which NIC
 * queue.
 *
 * Format: include/uapi/linux/netdev.h, Documentation/netlink/specs/netdev.yaml. Its numbers stand
 * here too, because the headers of older systems lack them. Pure: no I/O, no clock, no globals.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum netdev_command {
	NETDEV_COMMAND_QUEUE_GET = 10,
	NETDEV_COMMAND_NAPI_GET = 11,
};

/* One queue of a NIC whose NAPI instance has an interrupt. */
struct netdev_queue {
	int32_t irq;
	uint32_t ifindex;
	uint32_t index;
	bool rx, tx; /* both where one interrupt serves the two queues of that index */
};

/*
 * Joins the messages of a queue-get dump with those of a napi-get dump; both are whole netlink
 * messages one behind the other, in memory that is aligned for them. What is cut or makes no sense
 * is skipped. The array is ascending by irq, then ifindex and index; the caller frees *ret_queues.
 * 0, -ENOMEM, or -ENOSYS where irqctl was built without libmnl.
 */
int netdev_queues_parse(const void *queues, size_t queues_len, const void *napis, size_t napis_len,
			struct netdev_queue **ret_queues, size_t *ret_n);
