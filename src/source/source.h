/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where bytes come from: the only interface between irqctl and a machine's facts.
 *
 * Paths are relative to the root of the machine and have no leading slash: "proc/interrupts",
 * "sys/class/net". All functions return 0 or -errno; what they append stays untouched on error
 * only as far as they say. Everything that comes back is untrusted.
 */
#pragma once

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/strv.h"

struct source;

/*
 * Takes the next bytes of a file. `last` says that nothing follows. Returns how many bytes were
 * used (the rest comes again, with more behind it), or -errno to stop.
 */
typedef int64_t (*source_chunk_fn)(void *ctx, const char *bytes, size_t len, bool last);

struct source_ops {
	int (*read)(struct source *source, const char *path, struct buf *out);
	int (*stream)(struct source *source, const char *path, source_chunk_fn chunk, void *ctx);
	int (*list)(struct source *source, const char *path, struct strv *out);
	int (*link)(struct source *source, const char *path, struct buf *out);
	int (*mode)(struct source *source, const char *path, uint32_t *ret_mode);
	int (*time)(struct source *source, const char *path, uint64_t *ret_ns);
	void (*close)(struct source *source);
	/* A descriptor to read a file from, or -EOPNOTSUPP; NULL where there never is one. */
	int (*open)(struct source *source, const char *path);
	/* Of a recording over time; NULL elsewhere. */
	int (*moment)(struct source *source, uint64_t *ret_time_ns, uint64_t *ret_mono_ns);
	int (*seek)(struct source *source, uint64_t time_ns);
	int (*advance)(struct source *source, uint64_t ns);
};

struct source {
	const struct source_ops *ops;
	const char *name; /* for messages: "" for the live machine, the directory of a root */
	bool live;        /* true where a second read shows a later instant */
};

/* The machine at hand. 0 or -errno. The caller closes it with source_close. */
int source_open_live(struct source **ret_source);
/* A directory that holds proc/ and sys/; links in it never lead out of it. */
int source_open_root(const char *dir, struct source **ret_source);

/* Appends a whole file, at most SOURCE_READ_MAX bytes (-EFBIG). */
#define SOURCE_READ_MAX ((size_t)64 << 20)
static inline int source_read(struct source *source, const char *path, struct buf *out)
{
	return source->ops->read(source, path, out);
}

/* Feeds a file of any size to `chunk`, piece by piece. Returns what a failing `chunk` returned. */
static inline int source_stream(struct source *source, const char *path, source_chunk_fn chunk,
				void *ctx)
{
	return source->ops->stream(source, path, chunk, ctx);
}

/* Appends the names in a directory, sorted, without "." and "..". */
static inline int source_list(struct source *source, const char *path, struct strv *out)
{
	return source->ops->list(source, path, out);
}

/* Appends the target of a symbolic link as it is written, not resolved. */
static inline int source_link(struct source *source, const char *path, struct buf *out)
{
	return source->ops->link(source, path, out);
}

/* The permission bits of a file (st_mode & 07777). */
static inline int source_mode(struct source *source, const char *path, uint32_t *ret_mode)
{
	return source->ops->mode(source, path, ret_mode);
}

/* When a recorded file was last changed, in ns since 1970: the best guess of when it was recorded.
 */
static inline int source_time(struct source *source, const char *path, uint64_t *ret_ns)
{
	return source->ops->time(source, path, ret_ns);
}

/* Whether it holds many instants, and stands at one of them. */
static inline bool source_has_moments(const struct source *source)
{
	return source->ops->advance;
}

/* Where it stands: CLOCK_REALTIME and CLOCK_MONOTONIC of then. 0, or -EOPNOTSUPP: no moments. */
static inline int source_moment(struct source *source, uint64_t *ret_time_ns, uint64_t *ret_mono_ns)
{
	return source->ops->moment ? source->ops->moment(source, ret_time_ns, ret_mono_ns)
				   : -EOPNOTSUPP;
}

/* Goes to the last moment that is not later than a time, or to the first one. 0 or -errno. */
static inline int source_seek(struct source *source, uint64_t time_ns)
{
	return source->ops->seek ? source->ops->seek(source, time_ns) : -EOPNOTSUPP;
}

/*
 * Goes on to the first moment that is at least so many ns later, and to the next one at least. 0;
 * -ENODATA where there is none, and it stays where it is; or another -errno.
 */
static inline int source_advance(struct source *source, uint64_t ns)
{
	return source->ops->advance ? source->ops->advance(source, ns) : -EOPNOTSUPP;
}

/*
 * Appends what tells one start of the machine from the next: Linux' random/boot_id, or the sysctl
 * kern.boot_id in hexadecimal (sys/kern/kern_mib.c; kern.boottime would change with the clock).
 * Nothing where the system does not say. 0 or -ENOMEM.
 */
int source_boot_id(struct source *source, struct buf *out);

void source_close(struct source *source); /* takes NULL */

/*
 * A file that is read again and again, whole, and is kept open meanwhile where the source allows
 * it: to open a file of /proc costs more than to read it. Only for files that the kernel prints in
 * one piece (proc/stat, proc/irq, sysfs). Zeroed it is closed.
 */
struct source_file {
	struct source *source;
	char *path;
	int fd; /* -1: read through `source` each time */
};

/* 0 or -errno. The source must outlive the file, which source_file_close ends. */
int source_file_open(struct source *source, const char *path, struct source_file *ret);
/*
 * Appends what the file holds now. One that was replaced is opened again: the old one gives an
 * error (an interrupt went, and its number came back) or nothing. 0 or -errno.
 */
int source_file_read(struct source_file *file, struct buf *out);
void source_file_close(struct source_file *file);
