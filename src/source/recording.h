/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A recording of `irqctl record` as a source: the files of a machine as they were at one of its
 * samples. Only in the program that is linked with SQLite.
 */
#pragma once

#include "source/source.h"

/* With its NUL, the first 16 bytes of every recording. */
#define RECORDING_MAGIC "SQLite format 3"

/*
 * Opens it at its last sample; source_seek() and source_advance() go elsewhere. What the recorder
 * adds later is not seen. 0; -EINVAL where it is no recording, -ENODATA where it holds no sample
 * yet, or another -errno, with a sentence in `error` that names the file. The caller closes it with
 * source_close.
 */
int recording_open(const char *path, struct source **ret_source, struct buf *error);

/* When its first and its last sample were taken, in ns since 1970, and how many there are. */
struct recording_span {
	uint64_t first_ns, last_ns;
	uint64_t n_samples;
};

/* Of a source that recording_open() made. */
const struct recording_span *recording_span(const struct source *source);
