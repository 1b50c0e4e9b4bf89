/* SPDX-License-Identifier: BSD-2-Clause */
#include "apply/balancer.h"

#include <errno.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "apply/irqbalance.h"
#include "base/i18n.h"
#include "base/macros.h"
#include "base/number.h"
#include "base/strv.h"

static const struct balancer balancers[] = {
	{"irqbalance", irqbalance_ban,
	 N_("stop it with 'systemctl stop irqbalance', or start it with --banirq=N for each")},
};

/* The rank of a process in the table; the length of the table where it is none of these. */
static size_t rank_of(struct source *source, const char *pid)
{
	_cleanup_(buf_done) struct buf path = {0}, name = {0};
	size_t rank = 0;

	if (buf_printf(&path, "proc/%s/comm", pid) < 0 ||
	    source_read(source, buf_text(&path), &name) < 0)
		return ARRAY_SIZE(balancers); /* it has ended */
	buf_rstrip(&name);
	while (rank < ARRAY_SIZE(balancers) && strcmp(buf_text(&name), balancers[rank].name) != 0)
		rank++;
	return rank;
}

/*
 * Whether a process sees the interrupts of this machine, and not files that were mounted over them
 * for it alone. Where that cannot be found out it does.
 */
static bool is_here(const struct source *source, const char *pid)
{
	_cleanup_(buf_done) struct buf path = {0};
	struct statfs system;
	struct stat theirs, ours;

	if (!source->live || buf_printf(&path, "/proc/%s/root/proc/irq", pid) < 0 ||
	    stat(buf_text(&path), &theirs) < 0 || stat("/proc/irq", &ours) < 0 ||
	    statfs(buf_text(&path), &system) < 0)
		return true;
	if (theirs.st_dev == ours.st_dev && theirs.st_ino == ours.st_ino)
		return true;
	/* a container has a /proc of its own, but the same interrupts */
	return system.f_type == PROC_SUPER_MAGIC && statfs("/proc/irq", &system) == 0 &&
	       system.f_type == PROC_SUPER_MAGIC;
}

int balancer_find(struct source *source, const struct balancer **ret, int32_t *ret_pid)
{
	_cleanup_(strv_done) struct strv processes = {0};
	size_t best = ARRAY_SIZE(balancers);
	int32_t best_pid = 0;

	if (source_list(source, "proc", &processes) == -ENOMEM)
		return -ENOMEM;
	for (size_t i = 0; i < processes.n; i++) {
		uint64_t pid;
		size_t rank;

		if (number_parse(processes.items[i], INT32_MAX, &pid) < 0)
			continue;
		rank = rank_of(source, processes.items[i]);
		if (rank < best && is_here(source, processes.items[i])) {
			best = rank;
			best_pid = (int32_t)pid;
		}
	}
	*ret = best < ARRAY_SIZE(balancers) ? &balancers[best] : NULL;
	*ret_pid = best_pid;
	return 0;
}
