/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * /proc/interrupts -> a sparse table. Also reads /proc/softirqs, which has the same shape.
 *
 * Format: kernel/irq/proc.c (show_interrupts) and each architecture's arch_show_interrupts. A
 * header with one "CPUn" per online CPU; then rows "KEY: COUNT... TEXT". Pure: no I/O, no clock, no
 * globals.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/cpuset.h"

/* One count that is not zero. */
struct irq_cell {
	uint64_t count;
	uint32_t cpu; /* CPU id, not column */
};

struct irq_row {
	const char *key;   /* "24", "LOC", "IPI0", "I/O"; without the colon */
	const char *text;  /* what follows the counts, white space trimmed; "" if nothing does */
	const char *name;  /* FreeBSD: the counter's whole name, "irq25: em0"; NULL elsewhere */
	size_t first_cell; /* its cells in irq_table.cells, ascending by column */
	uint64_t total;    /* sum of the counts, at most 2^64 - 1 */
	uint32_t n_cells;
	uint32_t n_columns;  /* counts that the row carried, zeros too */
	int32_t number;      /* the key as an IRQ number, -1 where it is none */
	uint32_t line;       /* where it stood in the text, from 1 (the header is a line too) */
	uint32_t occurrence; /* 0 for the first row with this key, 1 for the second, ... */
	bool summary;        /* a single number for the whole machine ("ERR: 3"): no CPU owns it */
};

struct irq_table {
	uint32_t *cpus; /* CPU ids of the columns, in the order of the header */
	size_t n_cpus, cap_cpus;
	struct irq_row *rows;
	size_t n_rows, cap_rows;
	struct irq_cell *cells;
	size_t n_cells, cap_cells;
	struct arena strings;
	size_t n_header_cpus; /* cpus[0..n_header_cpus) were in the header, the rest only in rows */
	size_t n_bad_rows;    /* lines that are no row and were left out */
	size_t bad_line;      /* the first of them, from 1 */
	const char *cut_key;  /* the file ended inside this row, which was left out; or NULL */
	size_t name_width;    /* FreeBSD: the widest name, with its padding; 0 elsewhere */
	bool ragged; /* a numbered row carried other columns than the header: CPUs came or went */
};

/* Where a table could not be read. */
struct irq_parse_error {
	size_t line;      /* from 1 */
	const char *what; /* constant English text */
};

/* Set the table, leave the rest zero. */
struct irq_parser {
	struct irq_table *table;
	struct irq_parse_error error;
	size_t line;
	size_t n_word_rows; /* rows without number so far */
	bool has_header;
};

/*
 * Feeds whole lines of `bytes` into the parser's table and returns how many bytes were used: call
 * it again with the rest and what follows. With `last`, a line without newline is a line too.
 * Returns -EINVAL (error is filled in: no header, binary), -ENODATA (last, and nothing but white
 * space was seen) or -ENOMEM.
 */
int64_t irq_parser_feed(struct irq_parser *parser, const char *bytes, size_t len, bool last);

/* Both in one call, for text that is in memory. 0 or as above. */
int irq_table_parse(struct irq_table *table, const char *bytes, size_t len,
		    struct irq_parse_error *ret_error);

/* The position of a CPU among table->cpus (they ascend), or n_cpus where it has no column. */
size_t irq_table_column(const struct irq_table *table, uint32_t cpu);
/* Adds the CPUs of all columns to *set. 0 or -ENOMEM. */
int irq_table_cpus(const struct irq_table *table, struct cpuset *set);
/* The count of one row on one CPU. */
uint64_t irq_table_count(const struct irq_table *table, const struct irq_row *row, uint32_t cpu);

/*
 * Leaves only the CPUs of `keep`: other columns and their counts are dropped, and totals are of
 * what is left. Summary rows, which no CPU owns, become empty.
 */
void irq_table_keep_cpus(struct irq_table *table, const struct cpuset *keep);

void irq_table_done(struct irq_table *table);
