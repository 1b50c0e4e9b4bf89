/* SPDX-License-Identifier: BSD-2-Clause */
/* What drivers put into the names of their handlers: interface, queue, direction, themselves. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/model.h"

struct queue_name {
	const char *interface; /* inside the action: "eth0", "nvme0", "virtio1"; NULL: none */
	size_t interface_len;
	const char *driver; /* where the pattern belongs to one driver; else NULL */
	enum queue_direction direction;
	int32_t index;  /* -1: none */
	bool is_device; /* `interface` names a device on its bus (virtio1, hns3's PCI address) */
};

/* Whether the action's name is that of a queue or of an admin vector. */
bool queue_name_parse(const char *action, struct queue_name *ret);

/* The driver behind an action that is no queue, where the name leaves no doubt; else NULL. */
const char *queue_name_driver(const char *action);

/* Whether a whole name looks like a network interface: "eth0", "enp3s0f1", "wlan0". */
bool queue_name_is_netdev(const char *name, size_t len);
