/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's word that devices or CPUs came or went (netlink, NETLINK_KOBJECT_UEVENT). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* A socket to poll, or -errno. */
int uevent_open(void);
/* Reads all that wait. Whether one of them can change which interrupts or CPUs there are. */
bool uevent_read(int fd);
/* Whether a message of `len` bytes, with a NUL behind them, is of that kind. Linux only. */
bool uevent_matters(const char *text, size_t len);
