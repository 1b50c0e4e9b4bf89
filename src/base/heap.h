/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory that free() left idle, given back to the kernel. */
#pragma once

#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

/* After a large thing was freed for good. FreeBSD's malloc gives it back by itself. */
static inline void heap_trim(void)
{
#ifdef __GLIBC__
	malloc_trim(0);
#endif
}
