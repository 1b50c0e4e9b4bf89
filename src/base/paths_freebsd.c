/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <sys/types.h>

#include <sys/sysctl.h>

#include "base/macros.h"
#include "base/paths.h"

int program_path(char *to, size_t size)
{
	const int name[] = {CTL_KERN, KERN_PROC, KERN_PROC_PATHNAME, -1};

	return sysctl(name, ARRAY_SIZE(name), to, &size, NULL, 0) < 0 ? -errno : 0;
}
