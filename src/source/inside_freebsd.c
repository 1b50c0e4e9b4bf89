/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>

#include "source/inside.h"

/*
 * The kernel refuses a path, or a link on it, that is absolute or climbs out (sys/kern/
 * vfs_lookup.c, NI_LCF_STRICTREL). The links of sysfs are relative, so a recorded root needs no
 * others.
 */
int open_inside(int root, const char *path, int flags)
{
	int fd = openat(root, path, flags | O_RESOLVE_BENEATH);

	if (fd >= 0)
		return fd;
	return errno == ENOTCAPABLE ? -ENOENT : -errno;
}
