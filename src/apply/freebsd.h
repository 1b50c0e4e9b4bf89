/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where interrupts go on FreeBSD, and how they are moved: cpuset_setaffinity(2) takes one CPU, or
 * all of them for "no matter which" (sys/kern/kern_intr.c, intr_setaffinity). An interrupt that is
 * given free stays where it is.
 */
#pragma once

#include <stdint.h>

#include "base/cpuset.h"
#include "source/freebsd.h"

/* The request: one CPU, or all. 0; -ENOENT: the interrupt or its handler is gone; or -errno. */
int freebsd_read_requested(struct source *source, int32_t irq, struct cpuset *set);

/* The CPU that serves an interrupt which was bound before. 0, -ENOENT (the kernel does not tell),
 * or -errno. */
int freebsd_read_target(struct source *source, int32_t irq, struct cpuset *set);

/* All CPUs that an interrupt may be given to. 0 or -errno. */
int freebsd_read_root(struct source *source, struct cpuset *set);

/*
 * Moves an interrupt and its thread to the one CPU of `cpus`, or gives it free where these are all
 * of the machine, and notes that its target is known from now on. 0; -EINVAL: several CPUs, or one
 * that is not there; -EDEADLK: none; -ENOENT: it has no handler; -EPERM; -ENOSPC: no vector is free
 * on that CPU; -EOPNOTSUPP: it cannot be moved alone; or another -errno.
 */
int freebsd_bind(struct source *source, int32_t irq, const struct cpuset *cpus);

/*
 * Moves the hardware's part to `cpu` and gives it free again: it stays there, and the kernel's own
 * account of where it is becomes right. Errors as above.
 */
int freebsd_adopt(struct source *source, int32_t irq, uint32_t cpu);

/* Notes that the kernel's account of where an interrupt is was found to be right. 0 or -errno. */
int freebsd_vouch(struct source *source, int32_t irq);

/* N_(): what an error of freebsd_bind() or freebsd_adopt() means for a person; or NULL. */
const char *freebsd_verdict(int error);

/* The pause between two rounds of the kernel's own balancer in seconds, 0: it is off or not there.
 */
uint64_t freebsd_intrbalance(struct source *source);
