/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's word that devices or CPUs came or went (netlink, NETLINK_KOBJECT_UEVENT). */
#pragma once

#include <stdbool.h>

/* A socket to poll, or -errno. */
int uevent_open(void);
/* Reads all that wait. Whether one of them can change which interrupts or CPUs there are. */
bool uevent_read(int fd);
