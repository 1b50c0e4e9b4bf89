/* SPDX-License-Identifier: BSD-2-Clause */
/* Linux's sysfs wherever there is one, else hwloc, which knows the other systems. */
#include <errno.h>

#include "source/source.h"
#include "topology/read.h"

int topology_load(struct source *source, struct topology *ret)
{
	int r = topology_read(source, ret);

	if (!source->live || r != -ENODATA)
		return r;
	r = topology_load_hwloc(ret);
	return r == -ENOSYS ? -ENODATA : r;
}
