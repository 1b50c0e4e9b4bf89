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

#define LABEL_INDENT  2u
#define NARROW        50u /* below this the texts stand under their labels, not beside them */
#define NARROW_INDENT 4u

static const char *group_title(enum lore_group group, const char *arch)
{
	switch (group) {
	case LORE_ROW:
		if (arch && strcmp(arch, LORE_FREEBSD) == 0)
			return N_("counter of hw.intrcnt");
		return N_("row of /proc/interrupts");
	case LORE_SOFTIRQ:
		return N_("softirq");
	case LORE_CHIP:
		return N_("interrupt controller");
	case LORE_TRIGGER:
		return N_("trigger");
	case LORE_ACTION:
	case LORE_HANDLER:
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

/*
 * "  Label:   text" with the text in an indented block. Where `column` leaves no room for the
 * label, the text begins on the next line.
 */
static int put_field(const char *label, const char *text, size_t column, size_t width,
		     struct buf *out)
{
	size_t used = LABEL_INDENT + text_width(label);
	int r;

	if (!text || !*text)
		return 0;
	r = buf_fill(out, ' ', LABEL_INDENT);
	if (r == 0)
		r = buf_puts(out, label);
	if (r == 0 && used >= column) {
		r = buf_putc(out, '\n');
		used = 0;
	}
	if (r == 0)
		r = buf_fill(out, ' ', column - used);
	return r < 0 ? r : wrap_text(text, column, column, width, out);
}

/* "24: foo" of a row that no entry knows; the key alone says nothing. */
static int put_unknown(const struct explanation *explanation, struct buf *out)
{
	const struct irq_row *row = explanation->interrupt->row;
	_cleanup_(buf_done) struct buf name = {0};
	int r;

	if (strcmp(explanation->key, row->key) != 0)
		r = buf_puts(&name, explanation->key);
	else
		r = interrupt_name(explanation->interrupt, &name);
	if (r == 0 && !name.len)
		r = buf_puts(&name,
			     row->number < 0 ? _(group_title(LORE_ROW, NULL)) : _("no handler"));
	return r < 0 ? r : buf_printf(out, "%s: %s", row->key, buf_text(&name));
}

static int put_headline(const struct explanation *explanation, size_t width, struct buf *out)
{
	const struct lore *lore = explanation->lore;
	_cleanup_(buf_done) struct buf line = {0}, clean = {0};
	int r;

	if (lore)
		r = buf_printf(&line, "%s: %s", explanation->key, _(lore->title));
	else
		r = put_unknown(explanation, &line);
	if (r == 0 && lore && lore->arch)
		r = buf_printf(&line, " (%s)", lore->arch);
	if (r == 0)
		r = text_printable(buf_text(&line), &clean);
	return r < 0 ? r : wrap_text(buf_text(&clean), 0, 0, width, out);
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
	int r = buf_puts(out, _(group_title(lore->group, lore->arch)));

	if (r < 0 || lore->group == LORE_CHIP || lore->group == LORE_TRIGGER)
		return r;
	return buf_printf(out, "; %s; %s", _(kind_title(lore->kind)), lore_class_name(lore->class));
}

/* What to say of a row without an entry. */
static const char *no_entry(const struct interrupt *interrupt)
{
	if (interrupt->row->number < 0)
		return N_("no entry: irqctl does not know this row");
	if (!interrupt->desc.n_actions)
		return N_("no entry: no driver handles this interrupt now");
	return N_("no entry for this handler; the source of its driver tells more");
}

struct field {
	const char *label, *text;
};

/* Where the texts begin: behind the longest label, or under it. */
static size_t text_column(const struct field *fields, size_t n, size_t width)
{
	size_t column = 0;

	if (width < NARROW)
		return NARROW_INDENT;
	for (size_t i = 0; i < n; i++) {
		size_t label = LABEL_INDENT + text_width(fields[i].label) + 1;

		column = label > column ? label : column;
	}
	return column;
}

int explain_text(const struct explanation *explanation, size_t width, struct buf *out)
{
	const struct interrupt *interrupt = explanation->interrupt;
	const struct lore nothing = {.what = explanation->lore ? NULL : no_entry(interrupt)};
	const struct lore *lore = explanation->lore ? explanation->lore : &nothing;
	_cleanup_(buf_done) struct buf kind = {0}, figures = {0}, part = {0};
	int r = put_headline(explanation, width, out);

	if (r == 0 && explanation->lore)
		r = put_kind(lore, &kind);
	if (r == 0 && lore->part_of)
		r = buf_printf(&part, _("counted in %s too: do not add the two up"), lore->part_of);
	if (r == 0 && interrupt)
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
	size_t column = text_column(fields, ARRAY_SIZE(fields), width);

	for (size_t i = 0; i < ARRAY_SIZE(fields) && r == 0; i++)
		r = put_field(fields[i].label, fields[i].text, column, width, out);
	return r;
}

static const char *const group_names[] = {
	[LORE_ROW] = "row",         [LORE_SOFTIRQ] = "softirq", [LORE_CHIP] = "chip",
	[LORE_TRIGGER] = "trigger", [LORE_ACTION] = "action",   [LORE_HANDLER] = "handler",
};

static void set_text(json_t *object, const char *field, const char *text)
{
	json_object_set_new(object, field, json_text(text ? text : ""));
}

static void lore_json(const struct lore *lore, json_t *object)
{
	set_text(object, "title", lore->title);
	set_text(object, "kind", lore_kind_name(lore->kind));
	set_text(object, "what", lore->what);
	set_text(object, "raised_by", lore->raised_by);
	set_text(object, "normal", lore->normal);
	set_text(object, "high", lore->high);
	set_text(object, "do", lore->todo);
	set_text(object, "source", lore->source);
	set_text(object, "group", group_names[lore->group]);
	set_text(object, "class", lore_class_name(lore->class));
	json_object_set_new(object, "arch", json_text(lore->arch));
	set_text(object, "pattern", lore->key);
	json_object_set_new(object, "part_of", json_text(lore->part_of));
	set_text(object, "meaning", lore->meaning);
}

/* A row that no entry knows has all the fields too, and no text in them. */
static void unknown_json(const struct interrupt *interrupt, json_t *object)
{
	_cleanup_(buf_done) struct buf name = {0};

	interrupt_name(interrupt, &name);
	lore_json(&(const struct lore){.group = interrupt->row->number < 0 ? LORE_ROW : LORE_ACTION,
				       .kind = interrupt->kind,
				       .class = interrupt->class,
				       .title = buf_text(&name)},
		  object);
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
