/* SPDX-License-Identifier: BSD-2-Clause */
/* Linux's sysfs wherever there is one, else hwloc, which knows the other systems. */
#include <errno.h>

#include "source/source.h"
#include "topology/read.h"

int topology_load(const char *root, struct topology *ret)
{
	struct source *source;
	int r = root ? source_open_root(root, &source) : source_open_live(&source);

	if (r < 0)
		return r;
	r = topology_read(source, ret);
	source_close(source);
	if (root || r != -ENODATA)
		return r;
	r = topology_load_hwloc(ret);
	return r == -ENOSYS ? -ENODATA : r;
}
