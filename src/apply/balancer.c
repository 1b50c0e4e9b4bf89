/* SPDX-License-Identifier: BSD-2-Clause */
#include "apply/balancer.h"

#include <errno.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "apply/irqbalance.h"
#include "apply/irqctl.h"
#include "base/i18n.h"
#include "base/macros.h"
#include "base/number.h"
#include "base/strv.h"

#define ADVICE_IRQCTL                                                                              \
	N_("keep 'foreign = respect' in its irqctl.conf, or stop it with 'systemctl stop irqctl'")

static const struct balancer balancers[] = {
	{"irqbalance", "irqbalance", NULL, irqbalance_ban,
	 N_("stop it with 'systemctl stop irqbalance', or start it with --banirq=N for each")},
	{"irqctl daemon", "irqctl", "daemon", irqctl_ban, ADVICE_IRQCTL},
	{"irqctl daemon", "irqctl-full", "daemon", irqctl_ban, ADVICE_IRQCTL},
};

/* Whether a word is among the arguments of a process, which the kernel ends with a NUL each. */
static bool has_argument(struct source *source, const char *pid, const char *word)
{
	_cleanup_(buf_done) struct buf path = {0}, text = {0};
	size_t len = strlen(word) + 1;

	if (buf_printf(&path, "proc/%s/cmdline", pid) < 0 ||
	    source_read(source, buf_text(&path), &text) < 0)
		return false;
	for (size_t i = 0; i + len <= text.len; i++) {
		if (i > 0 && !text.data[i - 1] && memcmp(text.data + i, word, len) == 0)
			return true;
	}
	return false;
}

static bool is_process(struct source *source, const struct balancer *balancer, const char *pid,
		       const char *name)
{
	if (strcmp(name, balancer->process) != 0)
		return false;
	return !balancer->verb || (has_argument(source, pid, balancer->verb) &&
				   !has_argument(source, pid, "--observe"));
}

/* The rank of a process in the table; the length of the table where it is none of these. */
static size_t rank_of(struct source *source, const char *pid)
{
	_cleanup_(buf_done) struct buf path = {0}, name = {0};
	size_t rank = 0;

	if (buf_printf(&path, "proc/%s/comm", pid) < 0 ||
	    source_read(source, buf_text(&path), &name) < 0)
		return ARRAY_SIZE(balancers); /* it has ended */
	buf_rstrip(&name);
	while (rank < ARRAY_SIZE(balancers) &&
	       !is_process(source, &balancers[rank], pid, buf_text(&name)))
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

		if (number_parse(processes.items[i], INT32_MAX, &pid) < 0 ||
		    (source->live && (pid_t)pid == getpid()))
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
