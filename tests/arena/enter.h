/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A program in a world of its own: it takes the files of a directory for those of the kernel, and
 * neither sees the processes of this machine nor can reach its network.
 */
#pragma once

#include <sys/types.h>

struct program {
	pid_t pid, init; /* the program's, and the first process of its world */
	int output;      /* what it prints and complains, to be read */
	double cpu_s;    /* CPU time that was spent before the program began */
	char *folder;    /* where its files are */
	int root;        /* a descriptor of that */
};

/*
 * Leaves the mount namespace and makes an empty folder in memory, which goes away with this
 * process. 0 or -errno; -EPERM for everyone but root. Free with program_done either way.
 */
int program_prepare(struct program *program);

/* Starts it over the files of the folder (interrupts, stat, softirqs, irq, sys). 0 or -errno. */
int program_start(struct program *program, char *const *argv);

/* CPU time since it began, of all its threads, in seconds; negative: it ended. */
double program_cpu(const struct program *program);

/*
 * Memory that belongs to it alone, in KB (Documentation/filesystems/proc.rst, smaps_rollup). 0 or
 * -errno.
 */
struct program_memory {
	long clean_kb, dirty_kb;
};

int program_memory(const struct program *program, struct program_memory *ret);

/* Whether it ended; then *status is as of waitpid(2). */
int program_ended(struct program *program, int *status);

/* Ends it (SIGTERM, and after ten seconds SIGKILL), and waits for that. */
int program_stop(struct program *program, int *status);
void program_done(struct program *program);
