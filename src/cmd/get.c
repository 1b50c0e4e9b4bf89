/* SPDX-License-Identifier: BSD-2-Clause */
/* irqctl get: where interrupts may be served, where they are, and whether that can be changed. */
#include <errno.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/i18n.h"
#include "base/macros.h"
#include "cmd/changes.h"
#include "model/select.h"
#include "view/json.h"
#include "view/show_table.h"

struct get_options {
	struct common_options common;
	bool json, no_headings;
};

static const struct option_spec get_options[] = {
	{0, "json", OPTION_FLAG, OPTION_AT(struct get_options, json), .help = N_("JSON")},
	{0, "no-headings", OPTION_FLAG, OPTION_AT(struct get_options, no_headings),
	 .help = N_("no heading line")},
	COMMON_OPTIONS,
	{.name = NULL},
};

struct get {
	struct get_options options;
	struct machine machine;
	const struct interrupt **rows;
	size_t n_rows, cap_rows;
};

static bool is_wanted(const struct interrupt *interrupt, int n_names, char **names)
{
	if (!n_names)
		return interrupt->row->number >= 0;
	for (int i = 0; i < n_names; i++) {
		if (select_interrupt(interrupt, names[i]))
			return true;
	}
	return false;
}

static int choose(struct get *get, int n_names, char **names)
{
	const struct model *model = &get->machine.model;

	if (ARRAY_RESERVE(get->rows, model->n_items + 1, get->cap_rows) < 0)
		return out_of_memory();
	for (size_t i = 0; i < model->n_items; i++) {
		if (is_wanted(&model->items[i], n_names, names))
			get->rows[get->n_rows++] = &model->items[i];
	}
	for (int i = 0; i < n_names; i++) {
		bool found = false;

		for (size_t k = 0; k < get->n_rows && !found; k++)
			found = select_interrupt(get->rows[k], names[i]);
		if (!found)
			return no_such_interrupt("get", model, names[i], false);
	}
	return 0;
}

static json_t *get_json(const struct get *get)
{
	json_t *document = json_object(), *array = json_array();

	json_object_set_new(document, "schema", json_string("irqctl.get/1"));
	for (size_t i = 0; i < get->n_rows; i++) {
		json_t *object = json_object();

		json_object_set_new(object, "irq", json_text(get->rows[i]->row->key));
		json_object_set_new(object, "affinity", json_affinity(get->rows[i]));
		json_object_set_new(object, "node",
				    get->rows[i]->node < 0 ? json_null()
							   : json_integer(get->rows[i]->node));
		json_array_append_new(array, object);
	}
	json_object_set_new(document, "interrupts", array);
	return document;
}

static int get_table(const struct get *get, struct buf *out)
{
	static const enum column columns[] = {
		COLUMN_IRQ,       COLUMN_NAME, COLUMN_DEVICE, COLUMN_QUEUE,    COLUMN_REQUESTED,
		COLUMN_EFFECTIVE, COLUMN_HINT, COLUMN_NODE,   COLUMN_SETTABLE, COLUMN_REASON,
	};
	const struct table_style style = output_style(!get->options.no_headings);
	const struct cell_style cells = {.utf8 = style.utf8};
	const struct show_view view = {
		.model = &get->machine.model, .rows = get->rows, .n_rows = get->n_rows};

	return show_table(&view, columns, ARRAY_SIZE(columns), &cells, &style, out);
}

static int get_do(struct get *get, const struct context *context, int n_names, char **names)
{
	_cleanup_(buf_done) struct buf out = {0};
	int r = machine_read(context, &get->machine);

	if (r == 0)
		r = choose(get, n_names, names);
	if (r)
		return r;
	r = get->options.json ? json_print(get_json(get), false, &out) : get_table(get, &out);
	if (r < 0)
		return out_of_memory();
	for (size_t i = 0; i < get->machine.snapshot.missing.n; i++)
		complain("%s", get->machine.snapshot.missing.items[i]);
	return print_out(&out);
}

static int get_run(struct context *context, int argc, char **argv)
{
	struct get get = {0};
	int first, r = verb_begin(&verb_get, context, argc, argv, &get.options.common, &first);

	if (r >= 0)
		return r;
	r = get_do(&get, context, argc - first, argv + first);
	free(get.rows);
	machine_done(&get.machine);
	return r;
}

const struct verb verb_get = {
	.name = "get",
	.summary = N_("the affinity of interrupts, and whether it can be set"),
	.synopsis = N_("[OPTION...] [INTERRUPT...]"),
	.about = N_("Shows where interrupts may be served (requested), which CPU serves them "
		    "(effective), what "
		    "the driver suggests (hint), the NUMA node of the device, and whether the "
		    "affinity can be "
		    "set, or why not: found out without writing. Without names: all numbered "
		    "interrupts."),
	.options = get_options,
	.run = get_run,
};
