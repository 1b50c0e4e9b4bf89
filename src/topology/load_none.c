/* SPDX-License-Identifier: BSD-2-Clause */
/* Linux needs no hwloc, and others may be built without it. */
#include <errno.h>

#include "topology/read.h"

int topology_load_hwloc(struct topology *ret)
{
	(void)ret;
	return -ENOSYS;
}
