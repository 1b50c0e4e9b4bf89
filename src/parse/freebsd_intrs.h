/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hw.intrs of FreeBSD on x86: one line per interrupt source, with the CPU that the kernel believes
 * it to be on (sys/x86/x86/intr_machdep.c, sysctl_hw_intrs):
 *
 *	irq25: virtio_pci0:53 @cpu3(domain0): 523
 *
 * name, index in hw.intrcnt, CPU, its NUMA domain, count. Names hold colons. Pure.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct freebsd_source {
	const char *name; /* "irq25: virtio_pci0"; "irq3:" without handler */
	uint64_t count;
	int32_t irq;    /* -1 where the name tells none */
	uint32_t index; /* in hw.intrcnt */
	uint32_t cpu;   /* as the kernel believes; it reads 0 until the interrupt was bound once */
	int32_t domain; /* -1: not told */
};

struct freebsd_sources {
	struct freebsd_source *items; /* as they stand in the text */
	size_t n, cap;
	size_t n_bad; /* lines that were not understood and left out */
	struct arena strings;
};

/* 0 or -ENOMEM; any bytes are accepted. Free with freebsd_sources_done either way. */
int freebsd_intrs_parse(const char *text, size_t len, struct freebsd_sources *ret);
void freebsd_sources_done(struct freebsd_sources *sources);
