/* SPDX-License-Identifier: BSD-2-Clause */
#include <dlfcn.h>
#include <errno.h>

#include "base/macros.h"
#include "base/paths.h"
#include "daemon/control.h"

int control_load(const struct control_ops **ret)
{
	_cleanup_(buf_done) struct buf path = {0};
	const struct control_ops *ops;
	void *module;
	int r = module_path("control.so", &path);

	if (r < 0)
		return r;
	module = dlopen(buf_text(&path), RTLD_NOW | RTLD_LOCAL); /* stays loaded */
	if (!module)
		return -ENOSYS;
	ops = dlsym(module, "irqctl_control");
	if (!ops)
		return -ENOSYS;
	*ret = ops;
	return 0;
}
