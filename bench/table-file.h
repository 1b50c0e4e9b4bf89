/* SPDX-License-Identifier: BSD-2-Clause */
/* What the two parsers of bench/ share: a mapped file, and the clock. */
#pragma once

#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"

/* Maps a whole file and touches every page of it; exits where that cannot be done. */
static inline const char *map_table(const char *path, size_t *ret_len)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	void *map;

	if (fd < 0 || fstat(fd, &st) < 0) {
		perror(path);
		exit(1);
	}
	*ret_len = (size_t)st.st_size;
	map = mmap(NULL, *ret_len, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	close(fd);
	if (map == MAP_FAILED) {
		perror(path);
		exit(1);
	}
	return map;
}

/* Prints how fast the quickest of several runs over `len` bytes was. */
static inline void print_speed(const char *name, size_t len, double best_s)
{
	printf("%s: %zu bytes, best run %.3f ms, %.2f GB/s\n", name, len, best_s * 1e3,
	       (double)len / best_s / 1e9);
}
