/* SPDX-License-Identifier: BSD-2-Clause */
/* FreeBSD does not pass the processor's hints on. */
#include "daemon/thermal.h"

#include <errno.h>

int thermal_open(void)
{
	return -ENOENT;
}

int thermal_read(int fd, struct cpuset *hot)
{
	(void)fd;
	(void)hot;
	return 0;
}
