/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of a wide machine is nearly all zeros: on 1152 CPUs, 99.6 of 100 cells are the eleven
 * bytes "          0". So the scanner first asks whether the next sixteen cells are sixteen of
 * those (176 bytes, eleven vectors, one branch), looks for the cell that differs where they are
 * not, and reads only that as a number. Everything else here runs once per row.
 */
#include "parse/proc_interrupts.h"

#include <errno.h>
#include <string.h>

#include "base/array.h"
#include "base/cpuset.h"
#include "base/number.h"
#include "base/text.h"

#define CELL_WIDTH  11u /* one space and "%10u", or "%10u" and one space */
#define BLOCK_CELLS 16u
#define BLOCK_BYTES (BLOCK_CELLS * CELL_WIDTH)
#define KEY_MAX     64u
/* Rows that are not numbered: real tables have some dozens. A limit keeps a hostile one cheap. */
#define WORD_ROWS_MAX 1024u

struct line {
	const char *p;   /* not yet read */
	const char *end; /* behind the last byte, without the newline */
	bool whole;      /* ended with a newline */
};

static const char *skip_blanks(const char *p, const char *end)
{
	while (p < end && is_blank(*p))
		p++;
	return p;
}

static int parse_error(struct irq_parser *parser, const char *what)
{
	parser->error = (struct irq_parse_error){.line = parser->line, .what = what};
	return -EINVAL;
}

static int add_cpu(struct irq_table *table, uint32_t cpu)
{
	int r = ARRAY_RESERVE(table->cpus, table->n_cpus + 1, table->cap_cpus);

	if (r == 0)
		table->cpus[table->n_cpus++] = cpu;
	return r;
}

/* "CPU12" at *p. 1 and moves *p, or 0 where something else stands there. */
static int read_cpu_name(const char **p, const char *end, uint64_t *ret_cpu)
{
	const char *digits = *p + 3;

	if (end - *p < 4 || memcmp(*p, "CPU", 3) != 0)
		return 0;
	if (number_read(&digits, end, CPUSET_MAX - 1, ret_cpu) < 0)
		return 0;
	if (digits < end && !is_blank(*digits))
		return 0;
	*p = digits;
	return 1;
}

/* PA-RISC prints more words behind its CPUs, so the first other word ends the list. */
static int parse_header(struct irq_parser *parser, struct line *line)
{
	struct irq_table *table = parser->table;
	uint64_t cpu;

	for (;;) {
		int r;

		line->p = skip_blanks(line->p, line->end);
		if (!read_cpu_name(&line->p, line->end, &cpu))
			break;
		if (table->n_cpus && cpu <= table->cpus[table->n_cpus - 1])
			return parse_error(parser,
					   "the CPUs of the header are not in ascending order");
		r = add_cpu(table, (uint32_t)cpu);
		if (r < 0)
			return r;
	}
	if (!table->n_cpus)
		return parse_error(parser, "no header with CPU columns");
	table->n_header_cpus = table->n_cpus;
	parser->has_header = true;
	return 0;
}

/* Sixteen bytes; every compiler turns it into what the CPU has. */
typedef uint64_t vector __attribute__((vector_size(16)));

static const char zeros[BLOCK_BYTES + 1] = "          0          0          0          0"
					   "          0          0          0          0"
					   "          0          0          0          0"
					   "          0          0          0          0";

static inline vector load_vector(const char *p)
{
	vector v;

	memcpy(&v, p, sizeof(v));
	return v;
}

/* Whether the next BLOCK_CELLS cells are zeros of the usual width. */
static inline bool zero_block(const char *p)
{
	vector diff = {0};

#pragma GCC unroll 11
	for (size_t i = 0; i < BLOCK_BYTES; i += sizeof(vector))
		diff |= load_vector(p + i) ^ load_vector(zeros + i);
	return (diff[0] | diff[1]) == 0;
}

static inline bool zero_cell(const char *p)
{
	return memcmp(p, zeros, CELL_WIDTH) == 0;
}

static int add_count(struct irq_table *table, struct irq_row *row, uint64_t count)
{
	size_t column = row->n_columns++;
	int r;

	if (!count)
		return 0;
	r = ARRAY_RESERVE(table->cells, table->n_cells + 1, table->cap_cells);
	if (r < 0)
		return r;
	table->cells[table->n_cells++] =
		(struct irq_cell){.count = count, .cpu = table->cpus[column]};
	row->n_cells++;
	row->total = add_saturated(row->total, count);
	return 0;
}

/* One count at the line's position. 1, 0 where something else stands there, or -errno. */
static int read_count(struct irq_table *table, struct irq_row *row, struct line *line)
{
	const char *p = skip_blanks(line->p, line->end);
	uint64_t count;
	int r;

	/* the key may be glued to the first count ("IPI0:2768808080"), counts never to each other
	 */
	if (p == line->p && row->n_columns)
		return 0;
	r = number_read(&p, line->end, UINT64_MAX, &count);
	if (r == -ERANGE)
		return r;
	if (r < 0 || (p < line->end && !is_blank(*p)))
		return 0;
	line->p = p;
	r = add_count(table, row, count);
	return r < 0 ? r : 1;
}

/* Passes zeros of the usual width: whole blocks, then cells. The rest of the row is left to others.
 */
static void skip_zeros(struct irq_row *row, struct line *line, size_t n_columns)
{
	const char *p = line->p;
	size_t column = row->n_columns;

	/* what follows a cell must not be one more digit of it, so one byte must be there to look
	 * at */
	while (n_columns - column >= BLOCK_CELLS && (size_t)(line->end - p) > BLOCK_BYTES &&
	       zero_block(p) && !is_digit(p[BLOCK_BYTES])) {
		p += BLOCK_BYTES;
		column += BLOCK_CELLS;
	}
	while (column < n_columns && (size_t)(line->end - p) > CELL_WIDTH && zero_cell(p) &&
	       is_blank(p[CELL_WIDTH])) {
		p += CELL_WIDTH;
		column++;
	}
	line->p = p;
	row->n_columns = (uint32_t)column;
}

/* The counts of the header's columns. 0, -ERANGE for a number past 64 bits, or -ENOMEM. */
static int read_columns(struct irq_table *table, struct irq_row *row, struct line *line)
{
	int r = 1;

	while (r > 0 && row->n_columns < table->n_header_cpus) {
		skip_zeros(row, line, table->n_header_cpus);
		if (row->n_columns < table->n_header_cpus)
			r = read_count(table, row, line);
	}
	return r < 0 ? r : 0;
}

/*
 * Some kernels print columns that the header lacks (an ARM vendor kernel; a CPU that came online
 * after the header was printed). Such a count is told from an action's name by its exact place:
 * right-aligned in the eleven bytes behind the last count.
 */
static bool has_extra_column(const struct line *line)
{
	const char *p = line->p, *end = p + CELL_WIDTH;

	if ((size_t)(line->end - p) < CELL_WIDTH || !is_blank(*p) || !is_digit(end[-1]))
		return false;
	if (end < line->end && !is_blank(*end))
		return false;
	p = skip_blanks(p, end);
	while (p < end && is_digit(*p))
		p++;
	return p == end;
}

static int add_extra_cpu(struct irq_table *table)
{
	uint32_t last = table->cpus[table->n_cpus - 1];

	return last + 1 < CPUSET_MAX ? add_cpu(table, last + 1) : -ERANGE;
}

static int read_extra_columns(struct irq_table *table, struct irq_row *row, struct line *line)
{
	while (row->n_columns >= table->n_header_cpus && has_extra_column(line)) {
		int r = 0;

		if (row->n_columns == table->n_cpus)
			r = add_extra_cpu(table);
		if (r == 0)
			r = read_count(table, row, line);
		if (r < 0)
			return r;
	}
	return 0;
}

/* "  24:" -> the key, and the line behind the colon. NULL where there is none. */
static const char *read_key(struct line *line, size_t *ret_len)
{
	const char *key = skip_blanks(line->p, line->end);
	const char *p = key;

	while (p<line->end && * p> ' ' && *p < 0x7f && *p != ':')
		p++;
	if (p == key || p == line->end || *p != ':' || (size_t)(p - key) > KEY_MAX)
		return NULL;
	*ret_len = (size_t)(p - key);
	line->p = p + 1;
	return key;
}

static uint32_t count_earlier(const struct irq_table *table, const char *key)
{
	uint32_t n = 0;

	for (size_t i = 0; i < table->n_rows; i++)
		n += table->rows[i].number < 0 && strcmp(table->rows[i].key, key) == 0;
	return n;
}

/* 0, -ERANGE for too many rows without number, or -ENOMEM. */
static int fill_identity(struct irq_parser *parser, struct irq_row *row, const char *key,
			 size_t len)
{
	struct irq_table *table = parser->table;
	const char *p = key;
	uint64_t number;

	row->key = arena_strndup(&table->strings, key, len);
	if (!row->key)
		return -ENOMEM;
	row->number = -1;
	if (number_read(&p, key + len, INT32_MAX, &number) == 0 && p == key + len) {
		row->number = (int32_t)number;
		return 0;
	}
	if (parser->n_word_rows++ >= WORD_ROWS_MAX)
		return -ERANGE;
	row->occurrence = count_earlier(table, row->key);
	return 0;
}

/* 0, -ERANGE for words with a NUL among them, or -ENOMEM. A NUL among the counts ends them. */
static int fill_text(struct irq_table *table, struct irq_row *row, const struct line *line)
{
	const char *start = skip_blanks(line->p, line->end), *end = line->end;

	while (end > start && is_blank(end[-1]))
		end--;
	if (memchr(start, '\0', (size_t)(end - start)))
		return -ERANGE;
	row->text =
		start == end ? "" : arena_strndup(&table->strings, start, (size_t)(end - start));
	return row->text ? 0 : -ENOMEM;
}

/*
 * ERR, Err and MIS have one number for the machine (arch_show_interrupts of x86, arm, mips ...).
 * Any other row with a lone number is taken as the same, but not where the end of the file may have
 * cut it.
 */
static bool is_summary(const struct irq_table *table, const struct irq_row *row, bool whole)
{
	static const char *const keys[] = {"ERR", "Err", "MIS"};

	if (row->number >= 0 || row->n_columns != 1 || *row->text)
		return false;
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		if (strcmp(row->key, keys[i]) == 0)
			return true;
	}
	return whole && table->n_header_cpus > 1;
}

/*
 * Whether the end of the file cut this row. A count fills its field, so a shorter one at the very
 * end was cut inside a number; and a row that lacks counts and words was cut between them.
 */
static bool is_cut(const struct irq_table *table, const struct irq_row *row,
		   const struct line *line, const char *counts)
{
	bool glued = row->n_columns == 1 && strncmp(row->key, "IPI", 3) == 0;
	const char *field = line->end;

	if (line->whole || *row->text)
		return false;
	if (row->n_columns < table->n_header_cpus && !is_summary(table, row, false))
		return true;
	while (field > counts && is_digit(field[-1]))
		field--;
	while (field > counts && is_blank(field[-1]))
		field--;
	return line->end - field < (glued ? CELL_WIDTH - 1 : CELL_WIDTH);
}

/* A line that is no row: counted and left out, so that one odd line costs only itself. */
static int bad_row(struct irq_parser *parser)
{
	struct irq_table *table = parser->table;

	if (!table->n_bad_rows++)
		table->bad_line = parser->line;
	return 0;
}

static int drop_row(struct irq_parser *parser, const struct irq_row *row, int why)
{
	parser->table->n_cells = row->first_cell;
	return why == -ERANGE ? bad_row(parser) : why;
}

static int read_row(struct irq_table *table, struct irq_row *row, struct line *line)
{
	int r = read_columns(table, row, line);

	if (r == 0)
		r = read_extra_columns(table, row, line);
	if (r == 0)
		r = fill_text(table, row, line);
	return r;
}

static int parse_row(struct irq_parser *parser, struct line *line)
{
	struct irq_table *table = parser->table;
	struct irq_row row = {.first_cell = table->n_cells, .line = (uint32_t)parser->line};
	const char *key, *counts;
	size_t key_len;
	int r;

	if (skip_blanks(line->p, line->end) == line->end)
		return 0;
	key = read_key(line, &key_len);
	if (!key)
		return bad_row(parser);
	counts = line->p;
	r = fill_identity(parser, &row, key, key_len);
	if (r == 0)
		r = read_row(table, &row, line);
	if (r == 0)
		r = ARRAY_RESERVE(table->rows, table->n_rows + 1, table->cap_rows);
	if (r < 0)
		return drop_row(parser, &row, r);
	if (is_cut(table, &row, line, counts)) {
		table->cut_key = row.key;
		return drop_row(parser, &row, 0);
	}
	row.summary = is_summary(table, &row, line->whole);
	if (row.number >= 0 && row.n_columns != table->n_header_cpus)
		table->ragged = true;
	table->rows[table->n_rows++] = row;
	return 0;
}

static int parse_line(struct irq_parser *parser, struct line *line)
{
	parser->line++;
	if (parser->has_header)
		return parse_row(parser, line);
	if (skip_blanks(line->p, line->end) == line->end)
		return 0;
	return parse_header(parser, line);
}

int64_t irq_parser_feed(struct irq_parser *parser, const char *bytes, size_t len, bool last)
{
	size_t used = 0;

	while (used < len) {
		const char *newline = memchr(bytes + used, '\n', len - used);
		struct line line = {
			.p = bytes + used,
			.end = newline ? newline : bytes + len,
			.whole = newline,
		};
		int r;

		if (!newline && !last)
			break;
		used = (size_t)(line.end - bytes) + (newline ? 1 : 0);
		r = parse_line(parser, &line);
		if (r < 0)
			return r;
	}
	if (last && !parser->has_header)
		return -ENODATA;
	return (int64_t)used;
}

int irq_table_parse(struct irq_table *table, const char *bytes, size_t len,
		    struct irq_parse_error *ret_error)
{
	struct irq_parser parser = {.table = table};
	int64_t used = irq_parser_feed(&parser, bytes, len, true);

	if (used < 0 && ret_error)
		*ret_error = parser.error;
	return used < 0 ? (int)used : 0;
}
