/* SPDX-License-Identifier: BSD-2-Clause */
/* Layouts that other tools made known: CSV, /proc/interrupts itself, FreeBSD's `vmstat -i`. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "model/model.h"
#include "view/cells.h"
#include "view/groups.h"

/*
 * CSV: one line per row below an optional heading; with an interval the first column is WHEN. All
 * return 0 or -ENOMEM.
 */
int csv_print(const struct model *model, const enum column *columns, size_t n_columns,
	      const struct interrupt *const *rows, size_t n_rows, bool heading, struct buf *out);
/* IRQ, a column per CPU (in the interval, or since boot), their sum, NAME. */
int csv_matrix(const struct model *model, const struct interrupt *const *rows, size_t n_rows,
	       bool heading, struct buf *out);
int csv_groups(const struct model *model, const struct group_list *groups, const char *by,
	       bool heading, struct buf *out);

/*
 * The lines of /proc/interrupts as they were read (`raw`), those of `rows` only, in the order of
 * the file; with `cpus` not NULL only their columns, each field with its own width.
 */
int proc_print(const struct buf *raw, const struct interrupt *const *rows, size_t n_rows,
	       const struct cpuset *cpus, struct buf *out);

/*
 * "interrupt  total  rate" and a Total, as FreeBSD's usr.bin/vmstat prints them. The rate is that
 * of the interval, or the total over the uptime in whole numbers (0 where it is not known).
 */
int vmstat_print(const struct model *model, const struct interrupt *const *rows, size_t n_rows,
		 struct buf *out);
