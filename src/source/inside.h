/* SPDX-License-Identifier: BSD-2-Clause */
/* Opening below a directory that nothing may lead out of. Private to source/; a file per system. */
#pragma once

/*
 * Opens `path`, relative to the directory `root`, with the flags of open(2); O_CREAT is not among
 * them. Links are followed as long as they stay inside. A descriptor or -errno; -ENOENT where a
 * link leads to nothing inside.
 */
int open_inside(int root, const char *path, int flags);
