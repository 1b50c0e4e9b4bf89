/* SPDX-License-Identifier: BSD-2-Clause */
/* Where everything is one program, libmicrohttpd is part of it. */
#include "daemon/control.h"

int control_load(const struct control_ops **ret)
{
	*ret = &irqctl_control;
	return 0;
}
