/* SPDX-License-Identifier: BSD-2-Clause */
/* The calls of source/freebsd.h on the FreeBSD kernel at hand. Built on FreeBSD only. */
#include <sys/param.h>

#include <sys/cpuset.h>
#include <sys/stat.h>
#include <sys/sysctl.h>
#include <sys/user.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/macros.h"
#include "base/number.h"
#include "base/places.h"
#include "base/text.h"
#include "source/freebsd.h"
#include "source/freebsd_hardware.h"

#define STATE_DIR    PLACE_RUN
#define TARGETS_FILE STATE_DIR "/targets"
#define PIDS         64 /* the kernel's own processes start first: intr has pid 12, kernel 0 */

struct live_kernel {
	struct freebsd_kernel base;
	struct buf apic_ids; /* once they were asked for: to ask visits every CPU */
};

static int live_sysctl(struct freebsd_kernel *kernel, const char *name, void *value, size_t *len)
{
	(void)kernel;
	return sysctlbyname(name, value, len, NULL, 0) < 0 ? -errno : 0;
}

static int add_name(const int *mib, size_t depth, struct strv *out)
{
	int query[CTL_MAXNAME + 2] = {CTL_SYSCTL, CTL_SYSCTL_NAME};
	char name[BUFSIZ];
	size_t len = sizeof(name) - 1;

	memcpy(query + 2, mib, depth * sizeof(*mib));
	if (sysctl(query, (u_int)depth + 2, name, &len, NULL, 0) < 0)
		return 0; /* it went away meanwhile */
	name[len] = '\0';
	return strv_add(out, name);
}

/* Walks the tree below "dev" by asking for what comes next (sys/sysctl.h, CTL_SYSCTL_NEXT). */
static int live_list(struct freebsd_kernel *kernel, struct strv *out)
{
	int query[CTL_MAXNAME + 2] = {CTL_SYSCTL, CTL_SYSCTL_NEXT};
	int mib[CTL_MAXNAME], root[CTL_MAXNAME];
	size_t depth = CTL_MAXNAME;
	int r = 0;

	(void)kernel;
	if (sysctlnametomib("dev", root, &depth) < 0)
		return -errno;
	memcpy(mib, root, depth * sizeof(*mib));
	while (r == 0) {
		size_t len = sizeof(mib);

		memcpy(query + 2, mib, depth * sizeof(*mib));
		if (sysctl(query, (u_int)depth + 2, mib, &len, NULL, 0) < 0)
			return errno == ENOENT ? 0 : -errno;
		depth = len / sizeof(*mib);
		if (!depth || mib[0] != root[0])
			break;
		r = add_name(mib, depth, out);
	}
	return r;
}

static int live_get_affinity(struct freebsd_kernel *kernel, enum freebsd_which which, int32_t irq,
			     size_t size, void *mask)
{
	cpulevel_t level = CPU_LEVEL_WHICH;
	cpuwhich_t what = (cpuwhich_t)which;

	(void)kernel;
	if (which == FREEBSD_WHICH_ROOT) {
		level = CPU_LEVEL_ROOT;
		what = CPU_WHICH_PID;
	}
	return cpuset_getaffinity(level, what, irq, size, mask) < 0 ? -errno : 0;
}

static int live_set_affinity(struct freebsd_kernel *kernel, enum freebsd_which which, int32_t irq,
			     size_t size, const void *mask)
{
	(void)kernel;
	return cpuset_setaffinity(CPU_LEVEL_WHICH, (cpuwhich_t)which, irq, size, mask) < 0 ? -errno
											   : 0;
}

/* All threads of a process; nothing where there is no such process. */
static int read_process(int pid, struct buf *out)
{
	int mib[] = {CTL_KERN, KERN_PROC, KERN_PROC_PID | KERN_PROC_INC_THREAD, pid};
	size_t len = 0;
	int r;

	if (sysctl(mib, ARRAY_SIZE(mib), NULL, &len, NULL, 0) < 0)
		return errno == ESRCH ? 0 : -errno;
	len += len / 4; /* threads may come meanwhile */
	r = buf_reserve(out, len);
	if (r < 0)
		return r;
	if (sysctl(mib, ARRAY_SIZE(mib), out->data + out->len, &len, NULL, 0) < 0)
		return errno == ESRCH || errno == ENOMEM ? 0 : -errno;
	buf_cut(out, out->len + len);
	return 0;
}

static int add_thread(const struct kinfo_proc *thread, struct buf *out)
{
	bool is_intr = strcmp(thread->ki_comm, "intr") == 0;

	/* of the process "kernel" only the workers that interrupts of NICs hand their work to; one
	 * that never ran has no CPU yet */
	if ((!is_intr && !text_has_prefix(thread->ki_tdname, "if_io_tqg")) ||
	    thread->ki_lastcpu < 0)
		return 0;
	return buf_printf(out, "%" PRIu64 " %d %s%s\n", (uint64_t)thread->ki_runtime,
			  thread->ki_lastcpu, thread->ki_tdname, thread->ki_moretdname);
}

static int add_threads(const struct buf *bytes, struct buf *out)
{
	struct kinfo_proc thread;
	size_t size = sizeof(thread);
	int r = 0;

	for (size_t at = 0; at + size <= bytes->len && r == 0; at += size) {
		memcpy(&thread, bytes->data + at, size);
		if ((size_t)thread.ki_structsize != size)
			return -EINVAL; /* a kernel of another layout */
		r = add_thread(&thread, out);
	}
	return r;
}

static int read_threads(struct buf *out)
{
	_cleanup_(buf_done) struct buf bytes = {0};
	int r = 0;

	for (int pid = 0; pid < PIDS && r == 0; pid++) {
		buf_cut(&bytes, 0);
		r = read_process(pid, &bytes);
		if (r == 0)
			r = add_threads(&bytes, out);
	}
	return r;
}

/* What was kept before the machine started says nothing of today. */
static int read_targets(struct buf *out)
{
	_cleanup_close_ int fd = open(TARGETS_FILE, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct timeval boot;
	size_t len = sizeof(boot);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (sysctlbyname("kern.boottime", &boot, &len, NULL, 0) < 0 || st.st_mtime < boot.tv_sec)
		return -ENOENT;
	for (;;) {
		int r = buf_reserve(out, BUFSIZ);
		ssize_t n = r < 0 ? r : read(fd, out->data + out->len, BUFSIZ);

		if (r < 0)
			return r;
		if (n <= 0)
			return n < 0 ? -errno : 0;
		buf_cut(out, out->len + (size_t)n);
	}
}

static int live_write_targets(struct freebsd_kernel *kernel, const char *text)
{
	static const char temporary[] = TARGETS_FILE ".new";
	_cleanup_close_ int fd = -1;
	size_t len = strlen(text);

	(void)kernel;
	if (mkdir(STATE_DIR, 0755) < 0 && errno != EEXIST)
		return -errno;
	unlink(temporary);
	fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0)
		return -errno;
	if (write(fd, text, len) != (ssize_t)len)
		return -EIO;
	return rename(temporary, TARGETS_FILE) < 0 ? -errno : 0;
}

static int read_apic_ids(struct buf *known, struct buf *out)
{
	int r = known->len ? 0 : freebsd_read_apic_ids(known);

	return r < 0 ? r : buf_append(out, buf_text(known), known->len);
}

static int read_dtrace(const char *text, struct buf *out)
{
	uint64_t ms;

	return number_parse(text, UINT32_MAX, &ms) < 0 || !ms ? -ENOENT
							      : freebsd_read_dtrace(ms, out);
}

static int live_read(struct freebsd_kernel *kernel, const char *path, struct buf *out)
{
	if (strcmp(path, "threads") == 0)
		return read_threads(out);
	if (strcmp(path, "irqctl/targets") == 0)
		return read_targets(out);
	if (strcmp(path, "v_intr") == 0)
		return freebsd_read_v_intr(out);
	if (strcmp(path, "apic_ids") == 0)
		return read_apic_ids(&((struct live_kernel *)kernel)->apic_ids, out);
	if (text_has_prefix(path, "dtrace/"))
		return read_dtrace(path + strlen("dtrace/"), out);
	if (text_has_prefix(path, "msix/"))
		return freebsd_read_msix(path + strlen("msix/"), out);
	return -ENOENT;
}

static void live_close(struct freebsd_kernel *kernel)
{
	buf_done(&((struct live_kernel *)kernel)->apic_ids);
	free(kernel);
}

static const struct freebsd_kernel_ops live_ops = {
	.sysctl = live_sysctl,
	.list = live_list,
	.get_affinity = live_get_affinity,
	.set_affinity = live_set_affinity,
	.read = live_read,
	.write_targets = live_write_targets,
	.close = live_close,
};

int source_open_live(struct source **ret_source)
{
	struct live_kernel *live = calloc(1, sizeof(*live));
	int r = live ? 0 : -ENOMEM;

	if (r == 0) {
		live->base.ops = &live_ops;
		r = source_open_freebsd(&live->base, ret_source);
	}
	if (r < 0)
		free(live);
	return r;
}
