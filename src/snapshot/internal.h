/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of snapshot/ share. Functions return 0 or -errno; a missing fact is no error. */
#pragma once

#include "base/macros.h"
#include "snapshot/snapshot.h"

/* One reading in progress: where from, where to, and buffers that are used again and again. */
struct reading {
	struct source *source;
	struct snapshot *snapshot;
	unsigned int needs;
	struct buf path;  /* the directory in use, with a slash, and then a file in it */
	size_t dir_len;   /* how much of `path` is the directory */
	struct buf bytes; /* what the last reading_read or reading_link gave */
};

/* Makes "dir/name/" the directory that the next calls read in. */
int reading_enter(struct reading *reading, const char *dir, const char *name);
/* The file or link `leaf` of that directory -> reading->bytes, trailing white space dropped. */
int reading_read(struct reading *reading, const char *leaf);
int reading_link(struct reading *reading, const char *leaf);
int reading_list(struct reading *reading, const char *leaf, struct strv *out);
int reading_mode(struct reading *reading, const char *leaf, uint32_t *ret_mode);

/*
 * Appends a sentence to snapshot->missing, with the name of the source before it: `fmt` starts with
 * the file, "/proc/irq: ...".
 */
int reading_missing(struct reading *reading, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* CLOCK_MONOTONIC of what a source shows: now, or where a recording stands. */
uint64_t snapshot_mono(struct source *source);
/*
 * Reads /proc/interrupts into *table, again where CPUs came or went meanwhile, and its bytes into
 * *raw (may be NULL). 0 or -errno; the caller frees the table either way.
 */
int snapshot_read_table(struct source *source, struct irq_table *table, struct buf *raw,
			struct irq_parse_error *ret_error);

/* What an error means for a file, in a few English words that fit behind "FILE: ". */
const char *snapshot_reason(int error);

/* All of it from FreeBSD's sysctls, which `ret_error` names where they cannot be read. */
int snapshot_read_freebsd(struct reading *reading, struct buf *ret_error);
/* Devices and full names of handlers, out of the sysctls below "dev". */
int freebsd_read_devices(struct reading *reading);
/* The facts of each interrupt that has a handler, and its number where the table lacks it. */
int freebsd_read_affinity(struct reading *reading);
/* The bytes of "sysctl/NAME" -> reading->bytes; of a text without the NUL at its end. */
int freebsd_read_value(struct reading *reading, const char *name);
int freebsd_read_text(struct reading *reading, const char *name);

/* What the functions of sampler.h do on FreeBSD; the last one leaves *ret_table empty on error. */
struct sampler;
struct sample;
int freebsd_sampler_take(struct sampler *sampler, struct sample *sample);
int freebsd_sampler_affinity(struct sampler *sampler, int32_t irq, struct cpuset *requested,
			     struct cpuset *effective);
int freebsd_sampler_table(struct sampler *sampler, struct irq_table *ret_table);

int snapshot_read_facts(struct reading *reading);    /* the files of /proc that `needs` asks for */
int snapshot_read_affinity(struct reading *reading); /* /proc/irq */

/* Devices of one bus: a range of snapshot->devices that ascends by address. */
struct bus_range {
	size_t first, end;
};

#define MAX_BUSES 4

struct device_reader {
	struct reading *reading;
	struct bus_range buses[MAX_BUSES];
	size_t n_buses;
	size_t n_lists;   /* directories that could be listed */
	int list_error;   /* of the first that could not, 0: none */
	int first_error;  /* of a file that is there and could not be read, 0: none */
	char *first_path; /* which one; in snapshot->strings */
	size_t n_errors;
};

int snapshot_read_devices(struct reading *reading); /* sysfs and netlink: calls those below */
int devices_read_interfaces(struct device_reader *reader);
int devices_read_queues(struct device_reader *reader);

/* Lists a directory of sysfs: one that is not there is empty. Only -ENOMEM is an error. */
int devices_list(struct device_reader *reader, const char *dir, struct strv *out);
/* Remembers why a file could not be read; nothing where it is simply not there. 0 or -ENOMEM. */
int devices_failed(struct device_reader *reader, int error);
/* A new device, the last of snapshot->devices; NULL when out of memory. */
struct device *devices_add(struct device_reader *reader, const char *bus, const char *address);
/* The device of any bus with this address of `len` bytes, or NULL. */
struct device *devices_find(struct device_reader *reader, const char *address, size_t len);
/* The driver that the current directory's device is bound to, or NULL. */
int devices_read_driver(struct device_reader *reader, const char **ret_driver);
