/* SPDX-License-Identifier: BSD-2-Clause */
#include "enter.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/macros.h"

#define STOP_STEPS 1000 /* of 10 ms */

/* What the child tells before and after it tried to become the program. */
struct message {
	int error; /* errno; 0: about to start */
	double cpu_s;
};

static double seconds(clockid_t clock)
{
	struct timespec now;

	if (clock_gettime(clock, &now) < 0)
		return -1;
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int program_prepare(struct program *program)
{
	*program = (struct program){.pid = -1, .init = -1, .output = -1, .root = -1};
	if (unshare(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET) < 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return -errno;
	program->folder = strdup("/tmp/machine.XXXXXX");
	if (!program->folder)
		return -ENOMEM;
	if (!mkdtemp(program->folder)) {
		free(take_ptr(program->folder));
		return -errno;
	}
	if (mount("none", program->folder, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755") < 0)
		return -errno;
	program->root = open(program->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return program->root < 0 ? -errno : 0;
}

static int cover(const struct program *program, const char *name, const char *path)
{
	_cleanup_(buf_done) struct buf from = {0};

	if (buf_printf(&from, "%s/%s", program->folder, name) < 0)
		return -ENOMEM;
	return mount(from.data, path, NULL, MS_BIND | MS_REC, NULL) < 0 ? -errno : 0;
}

/* /run/irqbalance is where irqbalance wants its socket to be. */
static int enter(const struct program *program)
{
	static const char *const files[][2] = {{"interrupts", "/proc/interrupts"},
					       {"stat", "/proc/stat"},
					       {"softirqs", "/proc/softirqs"},
					       {"irq", "/proc/irq"},
					       {"sys", "/sys"}};
	int r = 0;

	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("none", "/run", "tmpfs", 0, "mode=0755") < 0 ||
	    mount("none", "/proc", "proc", 0, NULL) < 0 || mkdir("/run/irqbalance", 0755) < 0)
		return -errno;
	for (size_t i = 0; i < ARRAY_SIZE(files) && r == 0; i++)
		r = cover(program, files[i][0], files[i][1]);
	return r;
}

/* The first process of the world: when it goes, all others go. */
static void be_init(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	close_range(0, UINT_MAX, 0); /* a pipe ends when nobody else has it */
	for (;;)
		pause();
}

static void become(const struct program *program, char *const *argv, int output, int messages)
{
	struct message message = {0};
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (null < 0 || dup2(null, 0) < 0 || dup2(output, 1) < 0 || dup2(output, 2) < 0)
		message.error = errno;
	else
		message.error = -enter(program);
	message.cpu_s = seconds(CLOCK_PROCESS_CPUTIME_ID);
	if (write(messages, &message, sizeof(message)) != sizeof(message) || message.error)
		_exit(127);
	execvp(argv[0], argv);
	message.error = errno;
	if (write(messages, &message, sizeof(message)) != sizeof(message))
		_exit(126);
	_exit(127);
}

/* The end of the messages is the start of the program. */
static int read_messages(struct program *program, int fd)
{
	struct message message;
	int r = -EPIPE;

	while (read(fd, &message, sizeof(message)) == sizeof(message)) {
		r = -message.error;
		program->cpu_s = message.cpu_s;
	}
	return r;
}

static int fork_program(struct program *program, char *const *argv, int output, int messages[2])
{
	program->init = fork();
	if (program->init == 0)
		be_init();
	program->pid = program->init < 0 ? -1 : fork();
	if (program->pid == 0)
		become(program, argv, output, messages[1]);
	close(messages[1]);
	return program->pid < 0 ? -errno : read_messages(program, messages[0]);
}

int program_start(struct program *program, char *const *argv)
{
	int output[2], messages[2], r;

	if (pipe2(output, O_CLOEXEC) < 0)
		return -errno;
	program->output = output[0];
	if (pipe2(messages, O_CLOEXEC) < 0) {
		r = -errno;
	} else {
		r = fork_program(program, argv, output[1], messages);
		close(messages[0]);
	}
	close(output[1]);
	if (fcntl(program->output, F_SETFL, O_NONBLOCK) < 0 && r == 0)
		r = -errno;
	return r;
}

double program_cpu(const struct program *program)
{
	clockid_t clock;
	double now;

	if (program->pid < 0 || clock_getcpuclockid(program->pid, &clock) != 0)
		return -1;
	now = seconds(clock);
	return now < 0 ? -1 : now - program->cpu_s;
}

static void read_kb(const char *line, const char *name, long *ret)
{
	size_t len = strlen(name);

	if (strncmp(line, name, len) == 0)
		*ret = strtol(line + len, NULL, 10);
}

int program_memory(const struct program *program, struct program_memory *ret)
{
	_cleanup_(buf_done) struct buf path = {0};
	_cleanup_fclose_ FILE *file = NULL;
	struct program_memory memory = {0};
	char line[256];

	if (buf_printf(&path, "/proc/%d/smaps_rollup", program->pid) < 0)
		return -ENOMEM;
	file = fopen(path.data, "re");
	if (!file)
		return -errno;
	while (fgets(line, sizeof(line), file)) {
		read_kb(line, "Private_Clean:", &memory.clean_kb);
		read_kb(line, "Private_Dirty:", &memory.dirty_kb);
	}
	*ret = memory;
	return 0;
}

int program_ended(struct program *program, int *status)
{
	if (program->pid < 0 || waitpid(program->pid, status, WNOHANG) <= 0)
		return 0;
	program->pid = -1;
	return 1;
}

int program_stop(struct program *program, int *status)
{
	const struct timespec step = {.tv_nsec = 10000000};

	if (program->pid < 0)
		return 0;
	kill(program->pid, SIGTERM);
	for (int i = 0; i < STOP_STEPS; i++) {
		if (program_ended(program, status))
			return 0;
		nanosleep(&step, NULL);
	}
	kill(program->pid, SIGKILL);
	waitpid(program->pid, status, 0);
	program->pid = -1;
	return -ETIMEDOUT;
}

static void reap(pid_t pid)
{
	if (pid < 0)
		return;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

void program_done(struct program *program)
{
	reap(program->pid);
	reap(program->init);
	closep(&program->output);
	closep(&program->root);
	if (program->folder) {
		umount2(program->folder, MNT_DETACH);
		rmdir(program->folder);
	}
	free(program->folder);
}
