/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs two commands in turn, A B A B ..., and prints for each the median wall time, the peak of its
 * memory, and the private part of that peak. Their output goes to /dev/null.
 *
 * usage: pair-bench RUNS A [ARG]... -- B [ARG]...
 *
 * This program stays small on purpose: a child's ru_maxrss starts at the size of what spawned it.
 * The private peak is taken in one more run that is stopped as it exits, when its memory is still
 * there: VmHWM - (Rss - Private_Clean - Private_Dirty).
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

extern char **environ;

struct command {
	char **argv;
	double *wall_s;
	long peak_kb, private_kb;
	int status;
};

static void die(const char *what)
{
	perror(what);
	exit(1);
}

/* Wall time in seconds from before the start to after the end. */
static double run_once(struct command *command, const posix_spawn_file_actions_t *actions)
{
	double start = clock_s(CLOCK_MONOTONIC);
	struct rusage usage;
	int status;
	pid_t pid;

	errno = posix_spawnp(&pid, command->argv[0], actions, NULL, command->argv, environ);
	if (errno)
		die(command->argv[0]);
	if (wait4(pid, &status, 0, &usage) < 0)
		die("wait4");
	if (usage.ru_maxrss > command->peak_kb)
		command->peak_kb = usage.ru_maxrss;
	command->status |= status;
	return clock_s(CLOCK_MONOTONIC) - start;
}

/* The sum of the fields of /proc/PID/FILE whose name begins with `name`, in kB. */
static long proc_kb(pid_t pid, const char *file, const char *name)
{
	char path[64], line[256];
	long sum = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
	f = fopen(path, "re");
	if (!f)
		die(path);
	while (fgets(line, sizeof(line), f)) {
		const char *colon = strchr(line, ':');

		if (colon && strncmp(line, name, strlen(name)) == 0)
			sum += strtol(colon + 1, NULL, 10);
	}
	fclose(f);
	return sum;
}

static void exec_traced(char **argv)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	raise(SIGSTOP);
	execvp(argv[0], argv);
	_exit(127);
}

static long private_peak_kb(char **argv)
{
	pid_t pid = fork();
	long kb = 0;
	int status;

	if (pid < 0)
		die("fork");
	if (pid == 0)
		exec_traced(argv);
	waitpid(pid, &status, 0);
	ptrace(PTRACE_SETOPTIONS, pid, NULL, (long)(PTRACE_O_TRACEEXIT | PTRACE_O_EXITKILL));
	do {
		int signal = WSTOPSIG(status);

		if (status >> 8 == (SIGTRAP | PTRACE_EVENT_EXIT << 8))
			kb = proc_kb(pid, "status", "VmHWM:") -
			     proc_kb(pid, "smaps_rollup", "Rss:") +
			     proc_kb(pid, "smaps_rollup", "Private_");
		if (signal == SIGTRAP || signal == SIGSTOP)
			signal = 0;
		ptrace(PTRACE_CONT, pid, NULL, (long)signal);
	} while (waitpid(pid, &status, 0) == pid && WIFSTOPPED(status));
	return kb;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void report(const char *name, struct command *command, size_t runs)
{
	qsort(command->wall_s, runs, sizeof(*command->wall_s), compare);
	printf("%s wall_us %.1f peak_kb %ld private_kb %ld status %d\n", name,
	       command->wall_s[runs / 2] * 1e6, command->peak_kb, command->private_kb,
	       command->status);
}

/* Splits "A ... -- B ..." in place. Returns B's argv, or NULL. */
static char **split(char **argv)
{
	for (; *argv; argv++) {
		if (strcmp(*argv, "--") == 0) {
			*argv = NULL;
			return argv[1] ? argv + 1 : NULL;
		}
	}
	return NULL;
}

int main(int argc, char **argv)
{
	size_t runs = argc > 4 ? strtoul(argv[1], NULL, 10) : 0;
	struct command a = {.argv = argv + 2}, b = {0};
	posix_spawn_file_actions_t actions;

	b.argv = runs ? split(argv + 2) : NULL;
	if (!b.argv || !a.argv[0]) {
		fputs("usage: pair-bench RUNS A [ARG]... -- B [ARG]...\n", stderr);
		return 2;
	}
	a.wall_s = calloc(runs, sizeof(*a.wall_s));
	b.wall_s = calloc(runs, sizeof(*b.wall_s));
	if (!a.wall_s || !b.wall_s)
		die("calloc");
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	for (size_t i = 0; i < runs; i++) {
		a.wall_s[i] = run_once(&a, &actions);
		b.wall_s[i] = run_once(&b, &actions);
	}
	a.private_kb = private_peak_kb(a.argv);
	b.private_kb = private_peak_kb(b.argv);
	report("A", &a, runs);
	report("B", &b, runs);
	return 0;
}
