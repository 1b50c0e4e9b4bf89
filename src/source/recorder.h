/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes a recording. The recorder is also a source: what is read through it comes from the machine
 * and is kept, so that a reader of the recording finds what the same code asked for, and nothing
 * has to say twice which files matter.
 *
 * A sample is one transaction: it is in the file as a whole or not at all, whatever happens.
 */
#pragma once

#include "source/source.h"

struct recorder;

/*
 * Opens a recording of the machine that `machine` (which must outlive it) reads, and makes it where
 * there is none. One that is there is continued. 0; -EINVAL: it is no recording; -EEXIST: it is
 * one of another machine, or of the time before a restart; -EBUSY: somebody else is writing to it;
 * or another -errno; with a sentence in `error` that names the file. Free with recorder_close.
 */
int recorder_open(const char *path, struct source *machine, struct recorder **ret,
		  struct buf *error);

/* Keeps a text about the recording, such as the version of the program. 0 or -errno as above. */
int recorder_describe(struct recorder *recorder, const char *key, const char *value,
		      struct buf *error);

/*
 * Begins a sample: reads the files with counts, and keeps what changed. 0 or -errno as above.
 * Whether it could read the file of interrupts is in *ret_has_counts.
 */
int recorder_begin(struct recorder *recorder, bool *ret_has_counts, struct buf *error);

/*
 * The machine, for everything else. What is asked for between recorder_begin() and recorder_end()
 * is kept where it changed; counts are those of the sample.
 */
struct source *recorder_source(struct recorder *recorder);

/*
 * Ends the sample; it is on the disk when this comes back. `complete`: everything was asked for, so
 * what was not is gone. 0, or -errno as above: then the sample is not in the file, and
 * recorder_close() is all that may follow.
 */
int recorder_end(struct recorder *recorder, bool complete, struct buf *error);

/* Samples that it added to the file. */
uint64_t recorder_samples(const struct recorder *recorder);

/* Leaves one file without a log beside it, if the disk lets it; takes NULL. */
void recorder_close(struct recorder *recorder);
