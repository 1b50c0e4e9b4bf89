/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events of the generic netlink family "thermal" (Linux 5.18) -> which CPUs the processor asks to
 * leave idle: those whose performance and efficiency are both zero in its hardware feedback
 * interface (Intel HFI; Documentation/arch/x86/intel-hfi.rst).
 *
 * Format: drivers/thermal/thermal_netlink.c, thermal_genl_event_cpu_capability_change();
 * include/uapi/linux/thermal.h. Its numbers stand here too, because the headers of older systems
 * lack them. Pure.
 */
#pragma once

#include <stddef.h>

#include "base/cpuset.h"

enum thermal_event {
	THERMAL_CPU_CAPABILITY_CHANGE = 14,
};

enum thermal_attribute {
	THERMAL_CPU_CAPABILITY = 20, /* these three for each CPU that changed: */
	THERMAL_CPU_ID = 21,
	THERMAL_CPU_PERFORMANCE = 22, /* 0..1023 */
	THERMAL_CPU_EFFICIENCY = 23,
};

/*
 * Brings a set of such CPUs up to date: whole netlink messages one behind the other, in memory that
 * is aligned for them. What is cut or makes no sense is skipped. 0, -ENOMEM, or -ENOSYS where
 * irqctl was built without libmnl.
 */
int thermal_update(const void *bytes, size_t len, struct cpuset *hot);
