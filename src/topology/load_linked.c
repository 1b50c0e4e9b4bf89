/* SPDX-License-Identifier: BSD-2-Clause */
/* Where everything is one program, libhwloc is part of it. */
#include "topology/read.h"

int topology_load_hwloc(struct topology *ret)
{
	return irqctl_topology_read(NULL, ret);
}
