/* SPDX-License-Identifier: BSD-2-Clause */
/* Tells the service manager how things are: sd_notify(3), one datagram. */
#pragma once

#include <stdint.h>

/* Sends "READY=1", "WATCHDOG=1" and the like to $NOTIFY_SOCKET; nothing where there is none. */
void notify_manager(const char *state);
/* How often the manager wants to hear WATCHDOG=1, in microseconds; 0: it does not watch. */
uint64_t notify_watchdog_us(void);
