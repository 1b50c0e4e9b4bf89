/* SPDX-License-Identifier: BSD-2-Clause */
/* Which rows `irqctl show` prints, and in which order. */
#include <math.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "base/macros.h"
#include "cmd/show.h"
#include "model/select.h"

static bool is_named(const struct show *show, const struct interrupt *interrupt)
{
	for (int i = 0; i < show->n_names; i++) {
		if (select_interrupt(interrupt, show->names[i]))
			return true;
	}
	return show->n_names == 0;
}

static bool has_enough(const struct show *show, const struct interrupt *interrupt)
{
	const struct show_options *options = &show->options;
	double events = isnan(interrupt->rate) ? (double)interrupt->delta : interrupt->rate;
	bool asked_for =
		options->all || options->device || show->n_names || options->format == FORMAT_PROC;

	if (options->min)
		return events >= (double)options->min;
	/* vmstat leaves out what never came, not what did not come in the interval */
	if (options->format == FORMAT_VMSTAT && interrupt->row->total)
		return true;
	return asked_for || interrupt->delta > 0;
}

static bool is_wanted(const struct show *show, const struct interrupt *interrupt)
{
	const struct show_options *options = &show->options;

	if (options->class >= 0 && interrupt->class != (enum irq_class)options->class)
		return false;
	if (options->device && !select_device(interrupt, options->device))
		return false;
	return is_named(show, interrupt) && has_enough(show, interrupt);
}

static int compare_rows(const void *a, const void *b, void *ctx)
{
	const struct interrupt *const *left = a, *const *right = b;
	const struct show *show = ctx;
	int order = column_compare(show->sort, *left, *right);

	return order ? order : (*left > *right) - (*left < *right);
}

int check_rows(const struct show *show, const struct model *model)
{
	for (int i = 0; i < show->n_names; i++) {
		bool found = false;

		for (size_t k = 0; k < model->n_items && !found; k++)
			found = select_interrupt(&model->items[k], show->names[i]);
		if (!found)
			return no_such_interrupt("show", model, show->names[i], false);
	}
	if (show->options.device && !select_has_device(model, show->options.device))
		return no_such_interrupt("show", model, show->options.device, true);
	return 0;
}

int choose_rows(struct show *show, const struct model *model, struct row_list *list)
{
	list->items = calloc(model->n_items + 1, sizeof(*list->items));
	if (!list->items)
		return out_of_memory();
	for (size_t i = 0; i < model->n_items; i++) {
		if (is_wanted(show, &model->items[i]))
			list->items[list->n++] = &model->items[i];
	}
	if (show->sort != COLUMN_MAX_)
		qsort_r(list->items, list->n, sizeof(*list->items), compare_rows, show);
	return 0;
}
