/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <unistd.h>

#include "base/paths.h"

int program_path(char *to, size_t size)
{
	ssize_t n = readlink("/proc/self/exe", to, size);

	if (n < 0)
		return -errno;
	if ((size_t)n == size)
		return -ENAMETOOLONG;
	to[n] = '\0';
	return 0;
}
