/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the show verb share. */
#pragma once

#include "cmd/verb.h"
#include "model/model.h"
#include "topology/topology.h"
#include "view/cells.h"
#include "view/table.h"

enum format {
	FORMAT_TABLE,
	FORMAT_JSON,
	FORMAT_CSV,
	FORMAT_PROC,
	FORMAT_VMSTAT,
};

struct show_options {
	struct common_options common;
	bool all, per_cpu, softirq, measure, json, csv, no_headings;
	const char *cpus, *device, *columns, *sort;
	double interval;
	uint64_t count, min;
	int format, class, by;
};

/* Everything that one run of the verb needs, made once. */
struct show {
	struct show_options options;
	const struct context *context;
	struct source *source;
	char **names; /* operands */
	int n_names;
	enum column *columns;
	size_t n_columns, cap_columns;
	uint64_t n_reports; /* printed so far, with an interval */
	enum column sort;   /* COLUMN_MAX_: the order of the kernel */
	unsigned int needs;
	struct topology topology;
	bool has_topology;
	struct table_style style;
};

struct row_list {
	const struct interrupt **items;
	size_t n;
};

/*
 * The options' answers, in this order: the format (and whether the options go together), the
 * columns, the order, the facts to read. 0, or the exit code after a complaint.
 */
int show_choose_format(struct show_options *options);
int show_choose_columns(struct show *show);
int show_choose_sort(struct show *show);
void show_choose_needs(struct show *show);

/*
 * Every name and device must stand for something: a typing error is not an empty table. 0, or the
 * exit code after a complaint. For the first look only: later an interrupt may go, and come again.
 */
int check_rows(const struct show *show, const struct model *model);

/*
 * The rows that the options and names ask for, in the wanted order. 0, or the exit code after a
 * complaint of memory. The caller frees list->items.
 */
int choose_rows(struct show *show, const struct model *model, struct row_list *list);
