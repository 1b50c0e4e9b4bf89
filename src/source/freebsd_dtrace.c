/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counts interrupts per CPU with dtrace(1), which is part of the base system. intr_event_handle()
 * is where every interrupt with a handler passes (sys/kern/kern_intr.c); the types of its arguments
 * come from the kernel's CTF, so that no offset has to be known. Built on FreeBSD only.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/macros.h"
#include "source/freebsd_hardware.h"

#define DTRACE "/usr/sbin/dtrace"

static int read_all(int fd, struct buf *out)
{
	for (;;) {
		int r = buf_reserve(out, BUFSIZ);
		ssize_t n;

		if (r < 0)
			return r;
		n = read(fd, out->data + out->len, BUFSIZ);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : 0;
		buf_cut(out, out->len + (size_t)n);
	}
}

/* Its words of why it fails go to nobody: what it needs is in the manual page. */
static int start(char *const *command, pid_t *ret_pid, int *ret_fd)
{
	posix_spawn_file_actions_t actions;
	int ends[2], r;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	r = posix_spawn_file_actions_init(&actions);
	if (r == 0) {
		r = posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
		if (r == 0)
			r = posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null",
							     O_WRONLY, 0);
		if (r == 0)
			r = posix_spawn(ret_pid, command[0], &actions, NULL, command,
					(char *const[]){NULL});
		posix_spawn_file_actions_destroy(&actions);
	}
	close(ends[1]);
	if (r == 0)
		*ret_fd = ends[0];
	else
		close(ends[0]);
	return -r;
}

static int run(char *const *command, struct buf *out)
{
	size_t begin = out->len;
	int fd, status = 0, r;
	pid_t pid;

	r = start(command, &pid, &fd);
	if (r < 0)
		return r;
	r = read_all(fd, out);
	close(fd);
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	if (r == 0 && !(WIFEXITED(status) && WEXITSTATUS(status) == 0))
		r = -ENOTSUP;
	if (r < 0 && out->data)
		buf_cut(out, begin);
	return r;
}

int freebsd_read_dtrace(uint64_t ms, struct buf *out)
{
	_cleanup_(buf_done) struct buf script = {0};
	char name[] = DTRACE, quiet[] = "-q", option[] = "-n";
	int r;

	if (geteuid() != 0)
		return -EPERM;
	r = buf_printf(&script,
		       "fbt::intr_event_handle:entry"
		       "{@n[cpu, stringof(args[0]->ie_fullname)] = count();}"
		       "tick-%" PRIu64 "ms{exit(0);}"
		       "END{printa(\"%%d %%@d %%s\\n\", @n);}",
		       ms);
	if (r < 0)
		return r;
	return run((char *const[]){name, quiet, option, script.data, NULL}, out);
}
