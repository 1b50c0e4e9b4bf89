/* SPDX-License-Identifier: BSD-2-Clause */
#include "view/cells.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/i18n.h"
#include "base/macros.h"

typedef int (*cell_fn)(const struct interrupt *interrupt, const struct cell_style *style,
		       struct buf *out);

static int put_text(const char *text, struct buf *out)
{
	return text ? buf_puts(out, text) : 0;
}

int interrupt_name(const struct interrupt *interrupt, struct buf *out)
{
	int r = 0;

	if (interrupt->row->number < 0 && !interrupt->desc.n_actions)
		return buf_puts(out, interrupt->row->text);
	for (size_t i = 0; i < interrupt->desc.n_actions && r == 0; i++)
		r = buf_printf(out, "%s%s", i ? ", " : "", interrupt->desc.actions[i]);
	return r;
}

int interrupt_meaning(const struct interrupt *interrupt, bool translate, struct buf *out)
{
	const char *words = interrupt->lore ? interrupt->lore->meaning : NULL;
	size_t start = out->len;
	int r = 0;

	if (words && translate)
		words = _(words);
	if (interrupt->row->number >= 0 || interrupt->desc.n_actions || !words)
		r = interrupt_name(interrupt, out);
	if (r == 0 && words && out->len > start)
		r = buf_puts(out, ": ");
	return r < 0 ? r : put_text(words, out);
}

const char *interrupt_device_name(const struct interrupt *interrupt)
{
	if (interrupt->interface)
		return interrupt->interface;
	return interrupt->device ? interrupt->device->address : NULL;
}

static int cell_irq(const struct interrupt *interrupt, const struct cell_style *style,
		    struct buf *out)
{
	(void)style;
	return buf_puts(out, interrupt->row->key);
}

static int cell_total(const struct interrupt *interrupt, const struct cell_style *style,
		      struct buf *out)
{
	(void)style;
	return buf_printf(out, "%" PRIu64, interrupt->row->total);
}

static int cell_rate(const struct interrupt *interrupt, const struct cell_style *style,
		     struct buf *out)
{
	if (isnan(interrupt->rate))
		return 0;
	return buf_printf(out, style->plain ? "%.3f" : "%.1f", interrupt->rate);
}

static int cell_share(const struct interrupt *interrupt, const struct cell_style *style,
		      struct buf *out)
{
	if (!interrupt->counted)
		return 0;
	if (style->plain)
		return buf_printf(out, "%.6f", interrupt->share);
	return buf_printf(out, "%.1f%%", 100 * interrupt->share);
}

static int cell_spread(const struct interrupt *interrupt, const struct cell_style *style,
		       struct buf *out)
{
	int r = 0;

	if (!style->plain)
		return style->strip && interrupt->n_cells
			       ? strip_draw(style->strip, interrupt->cells, interrupt->n_cells,
					    style->utf8, out)
			       : 0;
	for (size_t i = 0; i < interrupt->n_cells && r == 0; i++)
		r = buf_printf(out, "%s%" PRIu32 ":%" PRIu64, i ? " " : "", interrupt->cells[i].cpu,
			       interrupt->cells[i].count);
	return r;
}

static int cell_top(const struct interrupt *interrupt, const struct cell_style *style,
		    struct buf *out)
{
	bool is_total = interrupt->count_source == COUNTS_TOTAL;
	int r;

	/* a machine that counts per source says which of its counts are of no CPU */
	if (is_total && interrupt->row->name && !style->plain)
		return buf_puts(out, _("total only"));
	if (!interrupt->n_cells || is_total)
		return 0;
	if (style->plain)
		return buf_printf(out, "%" PRIu32, interrupt->top_cpu);
	r = buf_printf(out, "CPU%" PRIu32 " %.0f%%", interrupt->top_cpu,
		       100 * interrupt->top_share);
	if (r == 0 && interrupt->count_source == COUNTS_ATTRIBUTED)
		r = buf_printf(out, " %s", _("attributed"));
	return r;
}

static int cell_device(const struct interrupt *interrupt, const struct cell_style *style,
		       struct buf *out)
{
	(void)style;
	return put_text(interrupt_device_name(interrupt), out);
}

static int cell_queue(const struct interrupt *interrupt, const struct cell_style *style,
		      struct buf *out)
{
	const char *direction = queue_direction_name(interrupt->direction);

	(void)style;
	if (interrupt->queue < 0)
		return put_text(direction, out);
	return buf_printf(out, "%s%s%" PRId32, direction ? direction : "", direction ? " " : "",
			  interrupt->queue);
}

static int cell_class(const struct interrupt *interrupt, const struct cell_style *style,
		      struct buf *out)
{
	(void)style;
	return buf_puts(out, lore_class_name(interrupt->class));
}

static int cell_driver(const struct interrupt *interrupt, const struct cell_style *style,
		       struct buf *out)
{
	(void)style;
	return put_text(interrupt->driver, out);
}

static int cell_chip(const struct interrupt *interrupt, const struct cell_style *style,
		     struct buf *out)
{
	(void)style;
	return put_text(interrupt->desc.chip, out);
}

static int cell_hwirq(const struct interrupt *interrupt, const struct cell_style *style,
		      struct buf *out)
{
	(void)style;
	return put_text(interrupt->desc.hwirq, out);
}

static int cell_trigger(const struct interrupt *interrupt, const struct cell_style *style,
			struct buf *out)
{
	(void)style;
	return put_text(interrupt->desc.trigger, out);
}

static int cell_name(const struct interrupt *interrupt, const struct cell_style *style,
		     struct buf *out)
{
	(void)style;
	return interrupt_name(interrupt, out);
}

static int cell_node(const struct interrupt *interrupt, const struct cell_style *style,
		     struct buf *out)
{
	(void)style;
	return interrupt->node < 0 ? 0 : buf_printf(out, "%" PRId32, interrupt->node);
}

static int cell_requested(const struct interrupt *interrupt, const struct cell_style *style,
			  struct buf *out)
{
	(void)style;
	if (!interrupt->facts || !interrupt->facts->has_requested)
		return 0;
	return cpuset_format(&interrupt->facts->requested, out);
}

static int cell_effective(const struct interrupt *interrupt, const struct cell_style *style,
			  struct buf *out)
{
	const struct irq_facts *facts = interrupt->facts;

	if (!facts)
		return 0;
	if (facts->has_effective)
		return cpuset_format(&facts->effective, out);
	/* the kernel believes it, and nothing vouches for it */
	return facts->believed < 0 || style->plain
		       ? 0
		       : buf_printf(out, "%" PRId32 "?", facts->believed);
}

static int cell_hint(const struct interrupt *interrupt, const struct cell_style *style,
		     struct buf *out)
{
	(void)style;
	if (!interrupt->facts || !interrupt->facts->has_hint)
		return 0;
	return cpuset_format(&interrupt->facts->hint, out);
}

static int cell_reason(const struct interrupt *interrupt, const struct cell_style *style,
		       struct buf *out)
{
	/* in a table for people the last column says what else is worth a word */
	if (!interrupt->settable_why)
		return interrupt->pending && !style->plain
			       ? buf_puts(out, _("pending: it moves when it comes the next time"))
			       : 0;
	return buf_puts(out, style->plain ? interrupt->settable_why : _(interrupt->settable_why));
}

static int cell_settable(const struct interrupt *interrupt, const struct cell_style *style,
			 struct buf *out)
{
	static const char *const names[] = {"unknown", "yes", "no"};

	(void)style;
	return buf_puts(out, names[interrupt->settable]);
}

/* "0-7 -> 3": what was asked for and what serves it, one set where they are the same. */
static int cell_affinity(const struct interrupt *interrupt, const struct cell_style *style,
			 struct buf *out)
{
	const struct irq_facts *facts = interrupt->facts;
	const char *arrow = style->utf8 && !style->plain ? "\u2192" : "->";
	int r = 0;

	if (!facts || !facts->has_requested)
		return 0;
	r = cpuset_format(&facts->requested, out);
	if (r == 0 && facts->has_effective && cpuset_next(&facts->effective, 0) >= 0 &&
	    !cpuset_equal(&facts->requested, &facts->effective)) {
		r = buf_puts(out, arrow);
		if (r == 0)
			r = cpuset_format(&facts->effective, out);
	} else if (r == 0 && !facts->has_effective && facts->believed >= 0 && !style->plain) {
		r = buf_printf(out, "%s%" PRId32 "?", arrow, facts->believed);
	}
	if (r == 0 && interrupt->pending)
		r = buf_printf(out, " %s", style->plain ? "pending" : _("pending"));
	if (r == 0 && interrupt->settable == SETTABLE_NO)
		r = buf_printf(out, " %s", style->plain ? "fixed" : _("fixed"));
	return r;
}

static int cell_meaning(const struct interrupt *interrupt, const struct cell_style *style,
			struct buf *out)
{
	return interrupt_meaning(interrupt, !style->plain, out);
}

static int cell_counts(const struct interrupt *interrupt, const struct cell_style *style,
		       struct buf *out)
{
	(void)style;
	return buf_puts(out, count_source_name(interrupt->count_source));
}

static int cell_thread(const struct interrupt *interrupt, const struct cell_style *style,
		       struct buf *out)
{
	if (!interrupt->thread)
		return 0;
	return buf_printf(out, style->plain ? "%.6f" : "%.3f",
			  (double)interrupt->thread->runtime_us / 1e6);
}

static int cell_worker(const struct interrupt *interrupt, const struct cell_style *style,
		       struct buf *out)
{
	(void)style;
	if (!interrupt->facts || interrupt->facts->worker_cpu < 0)
		return 0;
	return buf_printf(out, "%" PRId32, interrupt->facts->worker_cpu);
}

const char *const column_names[COLUMN_MAX_ + 1] = {
	[COLUMN_IRQ] = "IRQ",
	[COLUMN_TOTAL] = "TOTAL",
	[COLUMN_RATE] = "RATE",
	[COLUMN_SHARE] = "SHARE",
	[COLUMN_SPREAD] = "SPREAD",
	[COLUMN_TOP] = "TOP",
	[COLUMN_DEVICE] = "DEVICE",
	[COLUMN_QUEUE] = "QUEUE",
	[COLUMN_CLASS] = "CLASS",
	[COLUMN_DRIVER] = "DRIVER",
	[COLUMN_CHIP] = "CHIP",
	[COLUMN_HWIRQ] = "HWIRQ",
	[COLUMN_TRIGGER] = "TRIGGER",
	[COLUMN_NAME] = "NAME",
	[COLUMN_NODE] = "NODE",
	[COLUMN_AFFINITY] = "AFFINITY",
	[COLUMN_REQUESTED] = "REQUESTED",
	[COLUMN_EFFECTIVE] = "EFFECTIVE",
	[COLUMN_HINT] = "HINT",
	[COLUMN_SETTABLE] = "SETTABLE",
	[COLUMN_REASON] = "REASON",
	[COLUMN_MEANING] = "MEANING",
	[COLUMN_COUNTS] = "COUNTS",
	[COLUMN_THREAD] = "THREAD",
	[COLUMN_WORKER] = "WORKER",
};

static const struct {
	cell_fn text;
	unsigned int needs;
	unsigned int drop;
	size_t min_width;
	bool number;
} columns[COLUMN_MAX_] = {
	[COLUMN_IRQ] = {cell_irq, 0, 0, 0, true},
	[COLUMN_TOTAL] = {cell_total, 0, 1, 0, true},
	[COLUMN_RATE] = {cell_rate, 0, 1, 0, true},
	[COLUMN_SHARE] = {cell_share, 0, 6, 0, true},
	[COLUMN_SPREAD] = {cell_spread, 0, 3, 0, false},
	[COLUMN_TOP] = {cell_top, 0, 4, 0, false},
	[COLUMN_DEVICE] = {cell_device, SNAPSHOT_DEVICES, 5, 6, false},
	[COLUMN_QUEUE] = {cell_queue, SNAPSHOT_DEVICES, 7, 0, false},
	[COLUMN_CLASS] = {cell_class, SNAPSHOT_DEVICES, 8, 0, false},
	[COLUMN_DRIVER] = {cell_driver, SNAPSHOT_DEVICES, 9, 6, false},
	[COLUMN_CHIP] = {cell_chip, 0, 9, 6, false},
	[COLUMN_HWIRQ] = {cell_hwirq, 0, 9, 0, true},
	[COLUMN_TRIGGER] = {cell_trigger, 0, 9, 0, false},
	[COLUMN_NAME] = {cell_name, 0, 2, 8, false},
	[COLUMN_NODE] = {cell_node, SNAPSHOT_DEVICES | SNAPSHOT_AFFINITY, 9, 0, true},
	[COLUMN_AFFINITY] = {cell_affinity, SNAPSHOT_AFFINITY, 6, 8, false},
	[COLUMN_REQUESTED] = {cell_requested, SNAPSHOT_AFFINITY, 9, 8, false},
	[COLUMN_EFFECTIVE] = {cell_effective, SNAPSHOT_AFFINITY, 9, 8, false},
	[COLUMN_HINT] = {cell_hint, SNAPSHOT_AFFINITY, 9, 6, false},
	[COLUMN_SETTABLE] = {cell_settable, SNAPSHOT_AFFINITY, 9, 0, false},
	[COLUMN_REASON] = {cell_reason, SNAPSHOT_AFFINITY, 4, 12, false},
	[COLUMN_MEANING] = {cell_meaning, 0, 2, 16, false},
	[COLUMN_COUNTS] = {cell_counts, 0, 9, 0, false},
	[COLUMN_THREAD] = {cell_thread, SNAPSHOT_AFFINITY, 9, 0, true},
	[COLUMN_WORKER] = {cell_worker, SNAPSHOT_AFFINITY, 9, 0, true},
};

unsigned int column_needs(enum column column)
{
	return columns[column].needs;
}

bool column_is_number(enum column column)
{
	return columns[column].number;
}

unsigned int column_drop(enum column column)
{
	return columns[column].drop;
}

size_t column_min_width(enum column column)
{
	return columns[column].min_width;
}

enum column column_find(const char *name, size_t len)
{
	for (enum column c = 0; c < COLUMN_MAX_; c++) {
		if (strlen(column_names[c]) == len && strncasecmp(column_names[c], name, len) == 0)
			return c;
	}
	return COLUMN_MAX_;
}

int column_text(enum column column, const struct interrupt *interrupt,
		const struct cell_style *style, struct buf *out)
{
	return columns[column].text(interrupt, style, out);
}

/* NAN (no rate) sorts last. */
static double sort_number(enum column column, const struct interrupt *interrupt)
{
	switch (column) {
	case COLUMN_TOTAL:
		return (double)interrupt->row->total;
	case COLUMN_RATE:
		return isnan(interrupt->rate) ? -1 : interrupt->rate;
	case COLUMN_SHARE:
		return interrupt->counted ? interrupt->share : -1;
	case COLUMN_SPREAD:
		return (double)interrupt->n_cells;
	case COLUMN_TOP:
		return interrupt->n_cells ? interrupt->top_share : -1;
	case COLUMN_THREAD:
		return interrupt->thread ? (double)interrupt->thread->runtime_us : -1;
	default:
		return NAN;
	}
}

static int compare_irq(const struct interrupt *a, const struct interrupt *b)
{
	bool a_numbered = a->row->number >= 0, b_numbered = b->row->number >= 0;

	if (a_numbered != b_numbered)
		return a_numbered ? -1 : 1;
	if (a_numbered)
		return (a->row->number > b->row->number) - (a->row->number < b->row->number);
	return strcmp(a->row->key, b->row->key);
}

static int compare_small(int32_t a, int32_t b)
{
	return (a > b) - (a < b);
}

static int compare_text(enum column column, const struct interrupt *a, const struct interrupt *b)
{
	const struct cell_style style = {.plain = true};
	_cleanup_(buf_done) struct buf left = {0}, right = {0};

	column_text(column, a, &style, &left);
	column_text(column, b, &style, &right);
	if (!left.len != !right.len) /* what is not known comes last */
		return left.len ? -1 : 1;
	return strverscmp(buf_text(&left), buf_text(&right));
}

int column_compare(enum column column, const struct interrupt *a, const struct interrupt *b)
{
	double left = sort_number(column, a), right = sort_number(column, b);

	if (column == COLUMN_IRQ)
		return compare_irq(a, b);
	if (column == COLUMN_NODE)
		return compare_small(a->node, b->node);
	if (!isnan(left))
		return (left < right) - (left > right);
	return compare_text(column, a, b);
}
