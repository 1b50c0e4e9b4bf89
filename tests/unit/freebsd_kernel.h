/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A model of FreeBSD's kernel as far as irqctl sees it: counters per source, hw.intrs with a CPU
 * that is wrong until an interrupt was bound once, and cpuset_setaffinity() with its errors. Beside
 * that it knows the truth: how often each interrupt came on each CPU.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "source/freebsd.h"

#define MODEL_CPUS 320u
#define MODEL_IRQS 64u

struct model_irq {
	int32_t number;
	size_t counter;      /* its place in hw.intrcnt; that of its strays follows */
	const char *prefix;  /* "irq25:", "its0,3:" */
	const char *handler; /* " em0:rxq0", "-vme0:io1"; "" where no driver listens */
	uint32_t target;     /* where it really goes */
	uint32_t believed;   /* what hw.intrs says */
	int32_t bound;       /* -1: free */
	uint64_t counts[MODEL_CPUS];
};

struct model_kernel {
	struct freebsd_kernel base;
	uint32_t n_cpus;
	size_t n_counters, stride;
	size_t mask_size; /* CPU_SETSIZE / 8 */
	bool is_lenient;  /* FreeBSD 14: a mask is large enough where the set fits */
	bool has_intrs;   /* x86 */
	bool is_root;
	uint32_t full_cpu; /* its vectors are all in use; MODEL_CPUS: none is full */
	uint32_t intrbalance;
	uint64_t meanwhile; /* how often each of the others comes while one is moved */
	size_t first_timer; /* counters "cpu0:timer" ... begin here */
	uint64_t timers[MODEL_CPUS];
	struct model_irq irqs[MODEL_IRQS];
	size_t n_irqs;
	struct buf targets; /* irqctl/targets */
	char msix[16 * MODEL_IRQS];
	size_t n_msix; /* entries of the table of the device 0:3:0:0 */
};

/* A PC: 12345 counters with names of 20 bytes, masks of 1024 CPUs. */
void model_kernel_pc(struct model_kernel *kernel, uint32_t n_cpus);
/* An Arm machine: 32792 counters with names of 39 bytes, no hw.intrs, no numbers in names. */
void model_kernel_arm(struct model_kernel *kernel, uint32_t n_cpus);
/* An interrupt that goes to `target` and was never bound. */
struct model_irq *model_kernel_add(struct model_kernel *kernel, int32_t number, const char *handler,
				   uint32_t target);
struct model_irq *model_kernel_find(struct model_kernel *kernel, int32_t number);
/* It comes `times` times. */
void model_kernel_fire(struct model_kernel *kernel, int32_t number, uint64_t times);
void model_kernel_done(struct model_kernel *kernel);
