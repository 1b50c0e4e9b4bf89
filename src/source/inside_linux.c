/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "source/inside.h"

#define OPEN_TRIES 64

/*
 * openat2 (Linux 5.6) resolves a recorded root's links, absolute ones too, inside that root. It
 * gives up with EAGAIN when anything on the machine was renamed while it followed "..".
 */
int open_inside(int root, const char *path, int flags)
{
	struct open_how how = {
		.flags = (uint64_t)(unsigned int)flags,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	long fd = -1;

	for (int tries = 0; tries < OPEN_TRIES; tries++) {
		fd = syscall(SYS_openat2, root, path, &how, sizeof(how));
		if (fd >= 0 || errno != EAGAIN)
			break;
	}
	return fd < 0 ? -errno : (int)fd;
}
