/* SPDX-License-Identifier: BSD-2-Clause */
#include "parse/freebsd_intr.h"

#include <errno.h>
#include <string.h>

#include "base/array.h"
#include "base/number.h"
#include "base/text.h"

#define COUNTER_SIZE sizeof(uint64_t) /* u_long of the 64-bit kernels */
#define CPU_PREFIX   "cpu"
#define STRAY_PREFIX "stray "
#define IRQ_PREFIX   "irq"

/* Part of the names; not terminated. */
struct piece {
	const char *text;
	size_t len;
};

struct reader {
	struct irq_table *table;
	uint32_t n_cpus;      /* from here on a "cpuN:" is no CPU; 0: no limit known */
	bool last_is_per_cpu; /* the last row can take a further CPU */
	uint32_t next_cpu;    /* the lowest that it can take */
};

static int fail(struct irq_parse_error *error, const char *what)
{
	*error = (struct irq_parse_error){.what = what};
	return -EINVAL;
}

static struct piece name_at(const struct freebsd_intr *intr, size_t stride, size_t index)
{
	const char *text = intr->names + index * stride;
	size_t len = strnlen(text, stride);

	while (len && text[len - 1] == ' ')
		len--;
	return (struct piece){text, len};
}

static bool starts_with(struct piece name, const char *prefix)
{
	size_t len = strlen(prefix);

	return name.len > len && memcmp(name.text, prefix, len) == 0;
}

/* "cpu3:timer" -> 3 and "timer". */
static bool split_cpu(const struct reader *reader, struct piece name, uint32_t *ret_cpu,
		      struct piece *ret_what)
{
	const char *p = name.text + strlen(CPU_PREFIX), *end = name.text + name.len;
	uint64_t cpu, limit = reader->n_cpus ? reader->n_cpus : CPUSET_MAX;

	if (!starts_with(name, CPU_PREFIX) || number_read(&p, end, limit - 1, &cpu) < 0 ||
	    end - p < 2 || *p != ':')
		return false;
	*ret_cpu = (uint32_t)cpu;
	*ret_what = (struct piece){p + 1, (size_t)(end - p) - 1};
	return true;
}

/* The colon that ends the source's own name: ": handlers", ":-handler", or the last character. */
static const char *find_colon(struct piece name)
{
	const char *end = name.text + name.len;

	for (const char *p = name.text; (p = memchr(p, ':', (size_t)(end - p))); p++) {
		if (p + 1 == end || p[1] == ' ' || p[1] == '-')
			return p == name.text ? NULL : p;
	}
	return NULL;
}

static int32_t irq_number(struct piece key)
{
	const char *p = key.text + strlen(IRQ_PREFIX), *end = key.text + key.len;
	uint64_t number;

	if (!starts_with(key, IRQ_PREFIX) || number_read(&p, end, INT32_MAX, &number) < 0 ||
	    p != end)
		return -1;
	return (int32_t)number;
}

static const char *copy(struct reader *reader, struct piece piece)
{
	return arena_strndup(&reader->table->strings, piece.text, piece.len);
}

static bool same(const char *text, struct piece piece)
{
	return strlen(text) == piece.len && memcmp(text, piece.text, piece.len) == 0;
}

/* Rows of one key follow each other ("gpio0:" eight times), as CPU rows do. */
static uint32_t occurrence_of(const struct irq_table *table, struct piece key)
{
	const struct irq_row *last = table->n_rows ? &table->rows[table->n_rows - 1] : NULL;
	/* between two sources stands the counter of their strays */
	const struct irq_row *before = table->n_rows > 1 ? last - 1 : NULL;

	if (last && same(last->key, key))
		return last->occurrence + 1;
	return before && same(before->key, key) ? before->occurrence + 1 : 0;
}

static int add_row(struct reader *reader, const struct irq_row *row, struct piece key)
{
	struct irq_table *table = reader->table;
	uint32_t occurrence = occurrence_of(table, key);
	int r = ARRAY_RESERVE(table->rows, table->n_rows + 1, table->cap_rows);

	if (r < 0)
		return r;
	if (!row->key || !row->text || !row->name)
		return -ENOMEM;
	table->rows[table->n_rows] = *row;
	table->rows[table->n_rows].occurrence = occurrence;
	table->rows[table->n_rows++].first_cell = table->n_cells;
	return 0;
}

static int add_cell(struct irq_table *table, uint32_t cpu, uint64_t count)
{
	struct irq_row *row = &table->rows[table->n_rows - 1];
	int r = ARRAY_RESERVE(table->cells, table->n_cells + 1, table->cap_cells);

	if (r < 0)
		return r;
	row->n_columns++;
	if (!count)
		return 0;
	table->cells[table->n_cells++] = (struct irq_cell){.count = count, .cpu = cpu};
	row->n_cells++;
	row->total = add_saturated(row->total, count);
	return 0;
}

static int add_cpu_counter(struct reader *reader, struct piece what, uint32_t cpu, size_t index,
			   uint64_t count)
{
	struct irq_table *table = reader->table;
	bool fits = reader->last_is_per_cpu && cpu >= reader->next_cpu &&
		    same(table->rows[table->n_rows - 1].key, what);
	int r = 0;

	if (!fits) {
		struct irq_row row = {.number = -1, .line = (uint32_t)index + 1, .text = ""};

		row.key = row.name = copy(reader, what);
		r = add_row(reader, &row, what);
	}
	if (r < 0)
		return r;
	reader->last_is_per_cpu = true;
	reader->next_cpu = cpu + 1;
	return add_cell(table, cpu, count);
}

static int add_source(struct reader *reader, struct piece name, size_t index, uint64_t count)
{
	const char *colon = starts_with(name, STRAY_PREFIX) ? NULL : find_colon(name);
	struct piece key = {name.text, colon ? (size_t)(colon - name.text) : name.len};
	struct piece text = {name.text + name.len, 0};
	struct irq_row row = {
		.total = count, .number = -1, .line = (uint32_t)index + 1, .summary = true};

	if (colon) {
		row.number = irq_number(key);
		text = (struct piece){colon + 1, name.len - key.len - 1};
		if (text.len && *text.text == ' ')
			text = (struct piece){text.text + 1, text.len - 1};
	}
	if (row.number >= 0) {
		key.text += strlen(IRQ_PREFIX);
		key.len -= strlen(IRQ_PREFIX);
	}
	row.name = copy(reader, name);
	row.key = copy(reader, key);
	row.text = copy(reader, text);
	reader->last_is_per_cpu = false;
	return add_row(reader, &row, key);
}

static int add_counter(struct reader *reader, struct piece name, size_t index, uint64_t count)
{
	struct piece what;
	uint32_t cpu;

	if (!name.len)
		return 0;
	if (split_cpu(reader, name, &cpu, &what))
		return add_cpu_counter(reader, what, cpu, index, count);
	return add_source(reader, name, index, count);
}

static int add_columns(struct irq_table *table, uint32_t n_cpus)
{
	for (size_t i = 0; i < table->n_cells && !n_cpus; i++)
		table->n_cpus = table->cells[i].cpu >= table->n_cpus ? table->cells[i].cpu + 1
								     : table->n_cpus;
	if (n_cpus)
		table->n_cpus = n_cpus;
	if (!table->n_cpus)
		table->n_cpus = 1;
	table->n_header_cpus = table->n_cpus;
	if (ARRAY_RESERVE(table->cpus, table->n_cpus, table->cap_cpus) < 0) {
		table->n_cpus = 0;
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < table->n_cpus; i++)
		table->cpus[i] = i;
	return 0;
}

int freebsd_intr_parse(const struct freebsd_intr *intr, struct irq_table *table,
		       struct irq_parse_error *ret_error)
{
	struct reader reader = {.table = table, .n_cpus = intr->n_cpus};
	size_t n = intr->counts_len / COUNTER_SIZE, stride;
	int r = 0;

	if (!intr->counts_len)
		return -ENODATA;
	if (intr->counts_len % COUNTER_SIZE)
		return fail(ret_error, "hw.intrcnt is no array of 64-bit counters");
	stride = intr->names_len / n;
	if (intr->names_len % n || stride < 2 || n > UINT32_MAX - 1)
		return fail(ret_error, "hw.intrnames does not hold one name for each counter");
	if (intr->n_cpus > CPUSET_MAX)
		return fail(ret_error, "more CPUs than a machine can have");
	/* rows point into the cells even where there are none */
	r = ARRAY_RESERVE(table->cells, 1, table->cap_cells);
	for (size_t i = 0; i < n && r == 0; i++) {
		size_t width = strnlen(intr->names + i * stride, stride);
		uint64_t count;

		memcpy(&count, intr->counts + i * COUNTER_SIZE, COUNTER_SIZE);
		if (width > table->name_width)
			table->name_width = width;
		r = add_counter(&reader, name_at(intr, stride, i), i, count);
	}
	return r < 0 ? r : add_columns(table, intr->n_cpus);
}

int freebsd_handlers_parse(const char *text, struct arena *arena, struct irq_desc *ret,
			   bool *ret_cut_head)
{
	bool cut_head = *text == '-';
	char *copied = arena_strdup(arena, text + cut_head);
	struct irq_desc desc = {0};
	size_t len, n = 1;

	if (!copied)
		return -ENOMEM;
	len = strlen(copied);
	while (len && (copied[len - 1] == '+' || copied[len - 1] == '*' || copied[len - 1] == ' '))
		copied[--len] = '\0';
	for (const char *p = copied; *p; p++)
		n += *p == ' ';
	desc.actions = arena_alloc(arena, n * sizeof(*desc.actions));
	if (!desc.actions)
		return -ENOMEM;
	for (char *p = copied; *p; p += len) {
		p += strspn(p, " ");
		len = strcspn(p, " ");
		if (len)
			desc.actions[desc.n_actions++] = p;
		if (p[len])
			p[len++] = '\0';
	}
	*ret = desc;
	*ret_cut_head = cut_head;
	return 0;
}
