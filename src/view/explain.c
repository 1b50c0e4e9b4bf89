/* SPDX-License-Identifier: BSD-2-Clause */
#include "view/explain.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/i18n.h"
#include "base/macros.h"
#include "view/cells.h"
#include "view/json.h"
#include "view/table.h"
#include "view/wrap.h"

#define LABEL_INDENT 2u

static const char *group_title(enum lore_group group)
{
	switch (group) {
	case LORE_ROW:
		return N_("row of /proc/interrupts");
	case LORE_SOFTIRQ:
		return N_("softirq");
	case LORE_CHIP:
		return N_("interrupt controller");
	case LORE_TRIGGER:
		return N_("trigger");
	case LORE_ACTION:
		return N_("device interrupt");
	}
	return "";
}

static const char *kind_title(enum irq_kind kind)
{
	switch (kind) {
	case IRQ_KIND_DEVICE:
		return N_("an interrupt");
	case IRQ_KIND_IPI:
		return N_("an interrupt from CPU to CPU (IPI)");
	case IRQ_KIND_EXCEPTION:
		return N_("an exception");
	case IRQ_KIND_COUNTER:
		return N_("a counter, no interrupt of its own");
	case IRQ_KIND_SUM:
		return N_("the sum of other rows");
	case IRQ_KIND_GAUGE:
		return N_("a level, no count");
	}
	return "";
}

/* "  Label:   text" with the text in an indented block. The label column fits every label. */
static int put_field(const char *label, const char *text, size_t column, size_t width,
		     struct buf *out)
{
	size_t label_width = text_width(label);
	int r;

	if (!text || !*text)
		return 0;
	r = buf_fill(out, ' ', LABEL_INDENT);
	if (r == 0)
		r = buf_puts(out, label);
	if (r == 0)
		r = buf_fill(out, ' ',
			     column > LABEL_INDENT + label_width
				     ? column - LABEL_INDENT - label_width
				     : 1);
	return r < 0 ? r : wrap_text(text, column, column, width, out);
}

static int put_headline(const struct explanation *explanation, struct buf *out)
{
	const struct lore *lore = explanation->lore;
	_cleanup_(buf_done) struct buf key = {0};
	int r = text_printable(explanation->key, &key);

	if (r == 0)
		r = buf_printf(out, "%s: %s", buf_text(&key), _(lore->title));
	if (r == 0 && lore->arch)
		r = buf_printf(out, " (%s)", lore->arch);
	return r < 0 ? r : buf_putc(out, '\n');
}

/* "8992 since boot, 120.5 per second now, 52% on CPU0" */
static int put_figures(const struct explanation *explanation, struct buf *out)
{
	const struct interrupt *interrupt = explanation->interrupt;
	const struct cell_style plain = {0};
	bool one = explanation->n_interrupts == 1;
	int r = one ? 0 : buf_printf(out, _("%zu rows, "), explanation->n_interrupts);

	if (r == 0)
		r = buf_printf(out, _("%" PRIu64 " since boot"), explanation->total);
	if (r == 0 && !isnan(explanation->rate))
		r = buf_printf(out, _(", %.1f per second now"), explanation->rate);
	if (r < 0 || !one)
		return r;
	if (interrupt->n_cells && !interrupt->row->summary)
		r = buf_printf(out, _(", %.0f%% of it on CPU%" PRIu32), 100 * interrupt->top_share,
			       interrupt->top_cpu);
	if (r == 0 && interrupt->facts && interrupt->facts->has_requested) {
		r = buf_printf(out, "; %s ", _("affinity"));
		if (r == 0)
			r = column_text(COLUMN_AFFINITY, interrupt, &plain, out);
	}
	if (r == 0 && interrupt->row->number >= 0 && interrupt->settable_why)
		r = buf_printf(out, " (%s)", _(interrupt->settable_why));
	return r;
}

/* A controller or a trigger is no interrupt, so it has neither kind nor class. */
static int put_kind(const struct lore *lore, struct buf *out)
{
	int r = buf_puts(out, _(group_title(lore->group)));

	if (r < 0 || lore->group == LORE_CHIP || lore->group == LORE_TRIGGER)
		return r;
	return buf_printf(out, "; %s; %s", _(kind_title(lore->kind)), lore_class_name(lore->class));
}

struct field {
	const char *label, *text;
};

int explain_text(const struct explanation *explanation, size_t width, struct buf *out)
{
	const struct lore *lore = explanation->lore;
	_cleanup_(buf_done) struct buf kind = {0}, figures = {0}, part = {0};
	size_t column = 0;
	int r = put_headline(explanation, out);

	if (r == 0)
		r = put_kind(lore, &kind);
	if (r == 0 && lore->part_of)
		r = buf_printf(&part, _("counted in %s too: do not add the two up"), lore->part_of);
	if (r == 0 && explanation->interrupt)
		r = put_figures(explanation, &figures);
	const struct field fields[] = {
		{_("Kind:"), buf_text(&kind)},
		{_("Here:"), buf_text(&figures)},
		{_("What:"), _(lore->what)},
		{_("Note:"), buf_text(&part)},
		{_("Raised by:"), lore->raised_by ? _(lore->raised_by) : NULL},
		{_("Normal:"), lore->normal ? _(lore->normal) : NULL},
		{_("When high:"), lore->high ? _(lore->high) : NULL},
		{_("Do:"), lore->todo ? _(lore->todo) : NULL},
		{_("Source:"), lore->source},
	};

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		size_t label = LABEL_INDENT + text_width(fields[i].label) + 1;

		column = label > column ? label : column;
	}
	for (size_t i = 0; i < ARRAY_SIZE(fields) && r == 0; i++)
		r = put_field(fields[i].label, fields[i].text, column, width, out);
	return r;
}

static const char *const group_names[] = {
	[LORE_ROW] = "row",         [LORE_SOFTIRQ] = "softirq", [LORE_CHIP] = "chip",
	[LORE_TRIGGER] = "trigger", [LORE_ACTION] = "action",
};

static void lore_json(const struct lore *lore, json_t *object)
{
	json_object_set_new(object, "title", json_text(lore->title));
	json_object_set_new(object, "kind", json_text(lore_kind_name(lore->kind)));
	json_object_set_new(object, "what", json_text(lore->what));
	json_object_set_new(object, "raised_by", json_text(lore->raised_by));
	json_object_set_new(object, "normal", json_text(lore->normal));
	json_object_set_new(object, "high", json_text(lore->high));
	json_object_set_new(object, "do", json_text(lore->todo));
	json_object_set_new(object, "source", json_text(lore->source));
	json_object_set_new(object, "group", json_text(group_names[lore->group]));
	json_object_set_new(object, "class", json_text(lore_class_name(lore->class)));
	json_object_set_new(object, "arch", json_text(lore->arch));
	json_object_set_new(object, "pattern", json_text(lore->key));
	json_object_set_new(object, "part_of", json_text(lore->part_of));
	json_object_set_new(object, "meaning", json_text(lore->meaning));
}

/* A row that no entry knows has all the fields too: they are null. */
static void unknown_json(const struct interrupt *interrupt, json_t *object)
{
	static const char *const fields[] = {"what",    "raised_by", "normal", "high",
					     "do",      "source",    "group",  "arch",
					     "pattern", "part_of",   "meaning"};
	_cleanup_(buf_done) struct buf name = {0};

	interrupt_name(interrupt, &name);
	json_object_set_new(object, "title", json_text(buf_text(&name)));
	json_object_set_new(object, "kind", json_text(lore_kind_name(interrupt->kind)));
	json_object_set_new(object, "class", json_text(lore_class_name(interrupt->class)));
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		json_object_set_new(object, fields[i], json_null());
}

static json_t *entry_json(const struct explanation *explanation)
{
	const struct interrupt *interrupt = explanation->interrupt;
	json_t *object = json_object();

	json_object_set_new(object, "key", json_text(explanation->key));
	if (explanation->lore)
		lore_json(explanation->lore, object);
	else
		unknown_json(interrupt, object);
	if (!interrupt)
		return object;
	json_object_set_new(object, "irq", json_text(interrupt->row->key));
	json_object_set_new(object, "interrupts",
			    json_integer((json_int_t)explanation->n_interrupts));
	json_object_set_new(object, "total", json_count(explanation->total));
	json_object_set_new(object, "rate", json_number(explanation->rate));
	return object;
}

json_t *explain_json(const struct explanation *items, size_t n)
{
	json_t *document = json_object(), *array = json_array();

	json_object_set_new(document, "schema", json_string("irqctl.explain/1"));
	for (size_t i = 0; i < n; i++)
		json_array_append_new(array, entry_json(&items[i]));
	json_object_set_new(document, "entries", array);
	return document;
}
