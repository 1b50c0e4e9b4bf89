/* SPDX-License-Identifier: BSD-2-Clause */
/* topology.so is found and loaded when somebody asks, and unloaded again. */
#include <dlfcn.h>
#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/macros.h"
#include "base/paths.h"
#include "topology/read.h"

typedef int (*topology_read_fn)(const char *root, struct topology *ret);

/* POSIX lets a function travel through dlsym's data pointer, ISO C only through its bytes. */
static topology_read_fn find_entry(void *module)
{
	void *symbol = dlsym(module, "irqctl_topology_read");
	topology_read_fn entry;

	_Static_assert(sizeof(entry) == sizeof(symbol), "dlsym can hand over a function");
	memcpy(&entry, &symbol, sizeof(entry));
	return entry;
}

int topology_load_hwloc(struct topology *ret)
{
	_cleanup_(buf_done) struct buf path = {0};
	topology_read_fn entry;
	void *module;
	int r = module_path("topology.so", &path);

	if (r < 0)
		return r == -ENOENT ? -ENOSYS : r;
	module = dlopen(buf_text(&path), RTLD_NOW | RTLD_LOCAL);
	if (!module)
		return -ENOSYS;
	entry = find_entry(module);
	r = entry ? entry(NULL, ret) : -ENOSYS;
	dlclose(module);
	return r;
}
