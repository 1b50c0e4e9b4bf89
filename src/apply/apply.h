/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The only room that writes to the machine. It takes a list of changes, writes them one by one,
 * reads back what came of each, and can take them back. It decides nothing: what to change comes
 * from plan/ or from the user.
 *
 * Behaviour of the kernel's files: kernel/irq/proc.c, kernel/irq/manage.c, net/core/net-sysfs.c.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cpuset.h"
#include "source/source.h"

enum setting_kind {
	SETTING_IRQ,     /* /proc/irq/N/smp_affinity_list: a set */
	SETTING_DEFAULT, /* /proc/irq/default_smp_affinity: a set, for interrupts allocated later */
	SETTING_XPS,     /* /sys/class/net/IF/queues/tx-N/xps_cpus: a set */
	SETTING_RPS,     /* /sys/class/net/IF/queues/rx-N/rps_cpus: a set, empty is off */
	SETTING_RPS_FLOWS, /* /sys/class/net/IF/queues/rx-N/rps_flow_cnt: a number */
	SETTING_RFS,       /* /proc/sys/net/core/rps_sock_flow_entries: a number */
	SETTING_CHANNELS,  /* of a network interface, through netlink: a number (channels.h) */
};

/* What can be set, and nothing else. */
struct setting {
	enum setting_kind kind;
	int32_t irq;           /* SETTING_IRQ */
	const char *interface; /* XPS, RPS, CHANNELS: borrowed */
	uint32_t queue;
};

/* What came of a change; the names of change_state_name() are part of the JSON contract. */
enum change_state {
	CHANGE_PLANNED,   /* nothing was written (a dry run, or another change failed before) */
	CHANGE_UNCHANGED, /* it was as wanted before */
	CHANGE_APPLIED,   /* written, and the effective CPUs are within the wanted ones */
	CHANGE_PENDING,   /* written; the kernel moves the interrupt when it comes the next time */
	CHANGE_REFUSED, /* EPERM, EIO: managed, per CPU or pinned by its driver; or any other error
			 */
	CHANGE_NO_VECTOR, /* ENOSPC: no free vector on the wanted CPUs */
	CHANGE_GONE,      /* the interrupt or queue does not exist any more */
	CHANGE_REVERTED,  /* was applied, and put back because another one failed (atomic) */
};

struct change {
	struct setting setting;
	struct cpuset wanted;   /* sets */
	uint64_t wanted_number; /* numbers */
	/* filled in by apply_read() */
	struct cpuset before;
	uint64_t before_number;
	bool has_before;
	/* filled in by apply_write() and apply_verify() */
	enum change_state state;
	int error;        /* errno of the write, 0: none */
	const char *why;  /* N_(): why it failed without a write, or NULL */
	const char *note; /* why it is wanted, for the report; borrowed, or NULL */
	const char *name; /* of a gone interrupt, whose number may be another's now; or NULL */
	struct cpuset requested, effective;
	uint64_t requested_number;
	bool has_requested, has_effective;
	bool written; /* the kernel took a write of ours: something to take back */
	bool later;   /* what it changes is only there after another change: nothing is read */
};

/* Writes `text` to a file of the machine, with one write(2). 0 or -errno. */
typedef int (*apply_write_fn)(void *ctx, const char *path, const char *text);
/* Sets the channels of an interface, as channels_write() does. */
typedef int (*apply_channels_fn)(void *ctx, const char *interface, uint64_t number,
				 struct buf *said);

struct applier {
	struct source *source; /* reads */
	apply_write_fn write;
	apply_channels_fn write_channels;
	void *ctx;
	bool freebsd;     /* interrupts are set as apply/freebsd.h tells */
	struct buf *said; /* takes the kernel's words of why it refuses, or NULL */
};

/* The machine at hand: `source` must be source_open_live()'s. */
struct applier applier_live(struct source *source);

/* Whether its value is a number, and no set of CPUs. */
bool setting_is_number(const struct setting *setting);

/* Appends the setting's path, without leading slash; of channels a name. 0 or -ENOMEM. */
int setting_path(const struct setting *setting, struct buf *out);

/*
 * Reads what is set now into `before`; a planned change that is as wanted already becomes
 * CHANGE_UNCHANGED. 0; -ENOENT: gone; -errno.
 */
int apply_read(struct applier *applier, struct change *change);

/* Whether the change did not and will not happen. */
bool change_is_failure(const struct change *change);

/*
 * Writes those changes that are CHANGE_PLANNED, in order, and fills in their states. With `atomic`
 * it stops at the first that fails, and puts back those that were written; where one has failed
 * before, nothing is written. Returns 0 where all are applied, pending or unchanged, 1 where some
 * are not, -ENOMEM.
 */
int apply_write(struct applier *applier, struct change *changes, size_t n, bool atomic);

/*
 * Reads back what is requested and effective of all written changes, and tells applied from
 * pending, and from those that the kernel dropped or took in part, or another program undid, which
 * become CHANGE_NO_VECTOR or CHANGE_REFUSED with a `why`. Where some are pending waits for up to
 * `wait_s` seconds for them to arrive. Returns 0 or -ENOMEM.
 */
int apply_verify(struct applier *applier, struct change *changes, size_t n, double wait_s);

const char *change_state_name(enum change_state state);
void change_done(struct change *change);
