/* SPDX-License-Identifier: BSD-2-Clause */
/* irqctl explain: what a row means, what is normal, and what to do when it is high. */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/array.h"
#include "base/glob.h"
#include "base/i18n.h"
#include "base/macros.h"
#include "base/text.h"
#include "cmd/verb.h"
#include "model/select.h"
#include "view/cells.h"
#include "view/explain.h"
#include "view/json.h"
#include "view/show_table.h"
#include "view/table.h"
#include "view/wrap.h"

#define DEFAULT_INTERVAL_S 1.0
#define TEXT_WIDTH         100u /* wider running text is hard to read */

struct explain_options {
	struct common_options common;
	bool all, json;
	double interval;
};

#define EXPLAIN(member) .offset = OPTION_AT(struct explain_options, member)

static const struct option_spec explain_options[] = {
	{0, "all", OPTION_FLAG, EXPLAIN(all), .help = N_("every entry, of every architecture")},
	{'i', "interval", OPTION_SECONDS, EXPLAIN(interval), .arg = N_("SECONDS"),
	 .help = N_("measure rates over SECONDS (without a NAME: 1)")},
	{0, "json", OPTION_FLAG, EXPLAIN(json), .help = N_("JSON")},
	COMMON_OPTIONS,
	{.name = NULL},
};

struct explain {
	struct explain_options options;
	const struct context *context;
	struct source *source;
	struct snapshot before, now;
	struct model model; /* empty where the machine's table cannot be read */
	struct explanation *items;
	size_t n_items, cap_items;
};

static int add_item(struct explain *explain, const struct explanation *item)
{
	if (ARRAY_RESERVE(explain->items, explain->n_items + 1, explain->cap_items) < 0)
		return out_of_memory();
	explain->items[explain->n_items++] = *item;
	return 0;
}

/* An entry that no row of this machine stands for; whatever asks for it again, it is shown once. */
static int add_entry(struct explain *explain, const struct lore *lore, const char *key)
{
	for (size_t i = 0; i < explain->n_items; i++) {
		if (explain->items[i].lore == lore)
			return 0;
	}
	return add_item(explain,
			&(const struct explanation){.lore = lore, .key = key, .rate = NAN});
}

/*
 * Adds one row of the machine to the explanation of an entry, which is made where it is new. A row
 * that no entry knows stands alone.
 */
static int add_row(struct explain *explain, size_t first, const struct lore *lore, const char *key,
		   const struct interrupt *interrupt)
{
	struct explanation item = {
		.lore = lore,
		.key = key,
		.interrupt = interrupt,
		.last = interrupt,
		.n_interrupts = 1,
		.total = interrupt->row->total,
		.rate = interrupt->rate,
	};

	for (size_t i = first; i < explain->n_items && lore; i++) {
		struct explanation *known = &explain->items[i];

		if (known->lore != lore)
			continue;
		/* two handlers of one row may share an entry: the row counts once */
		if (known->interrupt && known->last != interrupt) {
			known->last = interrupt;
			known->n_interrupts++;
			known->total += interrupt->row->total;
			known->rate += interrupt->rate;
		}
		return 0;
	}
	return add_item(explain, &item);
}

/* The controller and the trigger of a numbered row: how the interrupt reaches a CPU. */
static int add_wiring(struct explain *explain, const struct irq_desc *desc)
{
	const struct lore *chip = desc->chip ? lore_find_chip(desc->chip) : NULL;
	const struct lore *trigger = desc->trigger ? lore_find_trigger(desc->trigger) : NULL;
	int r = 0;

	if (chip)
		r = add_entry(explain, chip, desc->chip);
	if (r == 0 && trigger)
		r = add_entry(explain, trigger, desc->trigger);
	return r;
}

static int add_numbered(struct explain *explain, size_t first, const struct interrupt *interrupt)
{
	const struct irq_desc *desc = &interrupt->desc;
	int r = 0;

	if (!desc->n_actions)
		return add_row(explain, first, interrupt->row->name ? interrupt->lore : NULL,
			       interrupt->row->key, interrupt);
	for (size_t i = 0; i < desc->n_actions && r == 0; i++) {
		const char *action = desc->actions[i];
		const struct lore *lore =
			interrupt->row->name ? lore_find_handler(action) : lore_find_action(action);

		/* what FreeBSD's drivers have no entry for is known as a kind of source */
		if (!lore && interrupt->row->name)
			lore = interrupt->lore;
		r = add_row(explain, first, lore, action, interrupt);
	}
	return r;
}

/* What was found of a name. */
struct hits {
	bool any;
	bool here; /* rows of this machine */
	bool row;  /* one of them has no number, and its entry is known */
};

/* The rows of this machine that a name stands for. */
static int explain_rows(struct explain *explain, const char *name, struct hits *hits)
{
	const struct model *model = &explain->model;
	size_t first = explain->n_items;
	int r = 0;

	for (size_t i = 0; i < model->n_items && r == 0; i++) {
		const struct interrupt *interrupt = &model->items[i];

		if (!select_interrupt(interrupt, name))
			continue;
		hits->any = hits->here = true;
		if (interrupt->row->number >= 0 || interrupt->desc.n_actions) {
			r = add_numbered(explain, first, interrupt);
		} else {
			hits->row = hits->row || interrupt->lore;
			r = add_row(explain, first, interrupt->lore, interrupt->row->key,
				    interrupt);
		}
	}
	for (size_t i = 0; i < model->n_items && r == 0; i++) {
		if (model->items[i].row->number >= 0 && select_interrupt(&model->items[i], name))
			r = add_wiring(explain, &model->items[i].desc);
	}
	return r;
}

static bool is_pattern(const char *key)
{
	return strpbrk(key, "*?[") != NULL;
}

/* Of "-" or "?" anything that short is an edit away. */
static bool has_letter(const char *name)
{
	while (*name && !isalnum((unsigned char)*name))
		name++;
	return *name;
}

/* Whole, or as the glob that the key is; any case where it is no glob ("ipi0" fits "IPI*"). */
static bool row_fits(const char *key, const char *name)
{
	size_t literal = strcspn(key, "*?[");

	return strncasecmp(key, name, literal) == 0 && glob_match(key + literal, name + literal);
}

/* Whether the letters and digits are the same, in any case: "IO-APIC*" and "ioapic". */
static bool same_letters(const char *key, size_t key_len, const char *name)
{
	const char *end = key + key_len;

	for (;; key++, name++) {
		while (key < end && !isalnum((unsigned char)*key))
			key++;
		while (*name && !isalnum((unsigned char)*name))
			name++;
		if (key == end || !*name)
			return key == end && !*name;
		if (tolower((unsigned char)*key) != tolower((unsigned char)*name))
			return false;
	}
}

/* "ITS" is a word of "*ITS-*MSI*". What stands beside a set such as "[35]" is none. */
static bool has_word(const char *key, const char *name)
{
	size_t len;

	for (const char *p = key; *p; p += len) {
		len = 0;
		while (isalnum((unsigned char)p[len]))
			len++;
		if (len > 1 && p[len] != '[' && (p == key || p[-1] != ']') &&
		    same_letters(p, len, name))
			return true;
		if (!len)
			len = *p == '[' ? strcspn(p, "]") : 1;
	}
	return false;
}

/* `chip` and `action` are what the tables say of a chip or handler of this name. */
static bool entry_fits(const struct lore *lore, const char *name, const struct lore *chip,
		       const struct lore *action)
{
	/* a catch-all such as "*" knows every name, and so nothing of this one */
	if (lore->key[strspn(lore->key, "*?")] == '\0')
		return false;
	switch (lore->group) {
	case LORE_ROW:
		return row_fits(lore->key, name);
	case LORE_SOFTIRQ:
	case LORE_TRIGGER:
		return strcasecmp(lore->key, name) == 0;
	case LORE_CHIP:
		return lore == chip ||
		       (has_letter(name) && (same_letters(lore->key, strlen(lore->key), name) ||
					     has_word(lore->key, name)));
	case LORE_ACTION:
		return lore == action;
	case LORE_HANDLER:
		return glob_match(lore->key, name);
	}
	return false;
}

/* Whether an entry is of the other system than the machine that is looked at. */
static bool is_foreign(const struct explain *explain, const struct lore *lore)
{
	bool here = explain->now.system == SYSTEM_FREEBSD;

	return (lore->arch && strcmp(lore->arch, LORE_FREEBSD) == 0) != here;
}

/*
 * The entries that a name stands for on any machine, of this system or of the other one. What this
 * machine has of that name is not guessed again: neither as a row of other machines nor as a chip
 * or a handler that may be called so. The tables have the entries for a row with other words last.
 */
static int explain_entries(struct explain *explain, const char *name, bool foreign,
			   struct hits *hits)
{
	const struct lore *chip = hits->here ? NULL : lore_find_chip(name);
	const struct lore *action = hits->here ? NULL : lore_find_action(name);
	int r = 0;

	for (const struct lore *const *table = lore_tables; *table; table++) {
		for (const struct lore *lore = *table; lore->key && r == 0; lore++) {
			bool named = lore == chip || lore == action ||
				     lore->group == LORE_HANDLER ||
				     (lore->group == LORE_ROW && is_pattern(lore->key));

			if ((hits->row && (lore->group == LORE_ROW || lore->group == LORE_CHIP)) ||
			    (lore->group == LORE_HANDLER && hits->here) ||
			    is_foreign(explain, lore) != foreign ||
			    !entry_fits(lore, name, chip, action))
				continue;
			hits->any = true;
			r = add_entry(explain, lore, named ? name : lore->key);
		}
	}
	return r;
}

static int unknown_name(const struct explain *explain, const char *name)
{
	const char *near = select_nearest(&explain->model, name);
	size_t best = near ? text_distance(near, name) : SIZE_MAX;
	_cleanup_free_ char *entry = has_letter(name) ? lore_nearest(name, &best) : NULL;
	_cleanup_(buf_done) struct buf hint = {0};

	near = entry ? entry : near;
	if (near)
		buf_printf(&hint, _("; did you mean '%s'?"), near);
	complain(_("explain: '%s' is neither an interrupt of this machine nor a known name%s"),
		 name, buf_text(&hint));
	return EXIT_USAGE;
}

static int explain_name(struct explain *explain, const char *name)
{
	struct hits hits = {0};
	int r = explain_rows(explain, name, &hits);

	if (r == 0)
		r = explain_entries(explain, name, false, &hits);
	if (r == 0 && !hits.any)
		r = explain_entries(explain, name, true, &hits);
	if (r)
		return r;
	return hits.any ? 0 : unknown_name(explain, name);
}

static int explain_all(struct explain *explain)
{
	int r = 0;

	for (const struct lore *const *table = lore_tables; *table; table++) {
		for (const struct lore *lore = *table; lore->key && r == 0; lore++)
			r = add_entry(explain, lore, lore->key);
	}
	return r;
}

static int compare_activity(const void *a, const void *b)
{
	const struct explanation *left = a, *right = b;
	double left_rate = isnan(left->rate) ? 0 : left->rate;
	double right_rate = isnan(right->rate) ? 0 : right->rate;

	if (left_rate != right_rate)
		return left_rate < right_rate ? 1 : -1;
	if (left->total != right->total)
		return left->total < right->total ? 1 : -1;
	return (left->interrupt > right->interrupt) - (left->interrupt < right->interrupt);
}

/* Every row of the machine that has counted anything, most active first. */
static int explain_machine(struct explain *explain)
{
	const struct model *model = &explain->model;
	int r = 0;

	for (size_t i = 0; i < model->n_items && r == 0; i++) {
		const struct interrupt *interrupt = &model->items[i];

		if (!interrupt->row->total)
			continue;
		r = add_item(explain, &(const struct explanation){
					      .lore = interrupt->lore,
					      .key = interrupt->row->key,
					      .interrupt = interrupt,
					      .n_interrupts = 1,
					      .total = interrupt->row->total,
					      .rate = interrupt->rate,
				      });
	}
	if (explain->n_items)
		qsort(explain->items, explain->n_items, sizeof(*explain->items), compare_activity);
	return r;
}

static int read_once(struct explain *explain, struct snapshot *snapshot)
{
	_cleanup_(buf_done) struct buf error = {0};
	int r = snapshot_take(explain->source, SNAPSHOT_AFFINITY | SNAPSHOT_DEVICES, snapshot,
			      &error);

	if (r == 0)
		return 0;
	complain("%s", buf_text(&error));
	return context_recorded(explain->context) ? EXIT_USAGE : EXIT_FAILED;
}

static int build_model(struct explain *explain)
{
	const struct snapshot *before = explain->options.interval > 0 ? &explain->before : NULL;

	return model_build(before, &explain->now, &explain->model) < 0 ? out_of_memory() : 0;
}

/* Of a recording: where it stands, and the last sample that is an interval before. */
static int read_moments(struct explain *explain)
{
	uint64_t time_ns = 0, mono_ns, interval_ns = (uint64_t)(explain->options.interval * 1e9);
	int r = source_moment(explain->source, &time_ns, &mono_ns);

	if (r == 0)
		r = source_seek(explain->source, time_ns > interval_ns ? time_ns - interval_ns : 0);
	if (r == 0 && read_once(explain, &explain->before))
		return EXIT_USAGE;
	if (r == 0)
		r = source_seek(explain->source, time_ns);
	if (r < 0) {
		complain("%s: %s", explain->context->recording, strerror(-r));
		return EXIT_USAGE;
	}
	r = read_once(explain, &explain->now);
	return r ? r : build_model(explain);
}

/* The machine's table, twice where rates are wanted. */
static int read_machine(struct explain *explain)
{
	double interval = explain->options.interval;
	struct timespec pause = {
		.tv_sec = (time_t)interval,
		.tv_nsec = (long)((interval - floor(interval)) * 1e9),
	};
	int r = 0;

	if (interval > 0 && source_has_moments(explain->source))
		return read_moments(explain);
	r = read_once(explain, &explain->now);
	if (r == 0 && interval > 0) {
		explain->before = explain->now;
		explain->now = (struct snapshot){0};
		while (nanosleep(&pause, &pause) < 0 && errno == EINTR)
			;
		r = read_once(explain, &explain->now);
	}
	return r ? r : build_model(explain);
}

/* The width of running text. */
static size_t text_columns(void)
{
	size_t width = output_width();

	return width && width < TEXT_WIDTH ? width : TEXT_WIDTH;
}

static int print_machine(const struct explain *explain, struct buf *out)
{
	static const enum column with_rate[] = {COLUMN_IRQ, COLUMN_RATE, COLUMN_TOTAL, COLUMN_CLASS,
						COLUMN_MEANING};
	static const enum column without[] = {COLUMN_IRQ, COLUMN_TOTAL, COLUMN_CLASS,
					      COLUMN_MEANING};
	bool rates = explain->model.before;
	const struct table_style style = output_style(true);
	_cleanup_free_ const struct interrupt **rows = calloc(explain->n_items + 1, sizeof(*rows));
	struct show_view view = {
		.model = &explain->model, .rows = rows, .n_rows = explain->n_items};
	int r;

	if (!rows)
		return -ENOMEM;
	for (size_t i = 0; i < explain->n_items; i++)
		rows[i] = explain->items[i].interrupt;
	r = show_table(&view, rates ? with_rate : without, rates ? 5 : 4, &(struct cell_style){0},
		       &style, out);
	if (r == 0)
		r = buf_putc(out, '\n');
	return r < 0 ? r
		     : wrap_text(_("irqctl explain NAME tells more: irqctl explain LOC"), 0, 0,
				 text_columns(), out);
}

static int print_entries(const struct explain *explain, struct buf *out)
{
	int r = 0;

	for (size_t i = 0; i < explain->n_items && r == 0; i++) {
		if (i)
			r = buf_putc(out, '\n');
		if (r == 0)
			r = explain_text(&explain->items[i], text_columns(), out);
	}
	return r;
}

static int print_explanations(const struct explain *explain, bool machine)
{
	_cleanup_(buf_done) struct buf out = {0};
	int r;

	if (explain->options.json)
		r = json_print(explain_json(explain->items, explain->n_items), false, &out);
	else if (machine)
		r = print_machine(explain, &out);
	else
		r = print_entries(explain, &out);
	return r < 0 ? out_of_memory() : print_out(&out);
}

/* A name can be explained without a machine: then its table's absence is no failure. */
static int explain_names(struct explain *explain, int n_names, char **names)
{
	int r = 0, worst = 0;

	for (int i = 0; i < n_names; i++) {
		r = explain_name(explain, names[i]);
		worst = r > worst ? r : worst;
	}
	return worst;
}

static int explain_do(struct explain *explain, int n_names, char **names)
{
	bool machine = !n_names && !explain->options.all;
	int r = 0, result = 0;

	if (explain->options.all && n_names) {
		complain(_("explain: --all explains everything; give either it or names"));
		return EXIT_USAGE;
	}
	if (machine && explain->options.interval <= 0 && !explain->context->root)
		explain->options.interval = DEFAULT_INTERVAL_S;
	if (explain->options.interval > 0 && explain->context->root) {
		complain(_("explain: --interval needs a machine that runs; '%s' stands still"),
			 explain->context->root);
		return EXIT_USAGE;
	}
	if (!explain->options.all) {
		r = context_open(explain->context, &explain->source);
		if (r == 0)
			r = read_machine(explain);
		if (r && machine)
			return r;
		if (r)
			result = r == EXIT_USAGE ? r : 0;
	}
	if (machine && !explain->now.has_interrupts)
		return complain_missing(explain->context, &explain->now.missing, false);
	if (machine)
		r = explain_machine(explain);
	else if (explain->options.all)
		r = explain_all(explain);
	else
		r = explain_names(explain, n_names, names);
	if (r > result)
		result = r;
	if (!explain->n_items && result)
		return result;
	r = print_explanations(explain, machine);
	return r ? r : result;
}

static int explain_run(struct context *context, int argc, char **argv)
{
	struct explain explain = {.context = context};
	int first,
		r = verb_begin(&verb_explain, context, argc, argv, &explain.options.common, &first);

	if (r >= 0)
		return r;
	r = explain_do(&explain, argc - first, argv + first);
	model_done(&explain.model);
	snapshot_done(&explain.before);
	snapshot_done(&explain.now);
	source_close(explain.source);
	free(explain.items);
	return r;
}

const struct verb verb_explain = {
	.name = "explain",
	.summary = N_("what a row means, what is normal, what to do when it is high"),
	.synopsis = N_("[OPTION...] [NAME...]"),
	.about = N_("Explains rows of the table in plain words: what counts there, which code "
		    "raises it, what "
		    "is normal, what a high rate tells and what to do. A NAME is a row (LOC, TLB), "
		    "a number "
		    "(41), a handler (nvme0q3), a softirq (NET_RX), an interrupt controller or a "
		    "trigger. "
		    "Without a NAME: what this machine's rows mean, most active first."),
	.options = explain_options,
	.run = explain_run,
};
