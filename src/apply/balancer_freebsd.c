/* SPDX-License-Identifier: BSD-2-Clause */
/* FreeBSD has no daemon that moves interrupts; what its kernel does is hw.intrbalance. */
#include "apply/balancer.h"

int balancer_find(struct source *source, const struct balancer **ret, int32_t *ret_pid)
{
	(void)source;
	*ret = NULL;
	*ret_pid = 0;
	return 0;
}
