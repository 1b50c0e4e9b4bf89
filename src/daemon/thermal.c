/* SPDX-License-Identifier: BSD-2-Clause */
#include "daemon/thermal.h"

#include <errno.h>
#include <sys/socket.h>

#include "base/macros.h"
#include "parse/thermal.h"
#include "source/netlink.h"

/* The kernel tells of 16 CPUs in a message (drivers/thermal/intel/intel_hfi.c). */
#define ROOM 32768u

int thermal_open(void)
{
	return netlink_listen("thermal", "event");
}

int thermal_read(int fd, struct cpuset *hot)
{
	_cleanup_(cpuset_done) struct cpuset before = {0};
	_cleanup_(buf_done) struct buf bytes = {0};
	int r = cpuset_copy(&before, hot);

	if (r == 0)
		r = buf_reserve(&bytes, ROOM);
	while (r == 0) {
		ssize_t n = recv(fd, bytes.data, ROOM, MSG_DONTWAIT);

		if (n < 0 && errno == ENOBUFS)
			continue; /* some were lost; the next one of these CPUs mends it */
		if (n <= 0)
			break;
		r = thermal_update(bytes.data, (size_t)n, hot);
	}
	return r < 0 ? r : !cpuset_equal(&before, hot);
}
