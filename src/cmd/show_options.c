/* SPDX-License-Identifier: BSD-2-Clause */
/* What the options of `irqctl show` ask for: format, columns, order, and the facts that these need.
 */
#include <string.h>

#include "base/array.h"
#include "base/i18n.h"
#include "base/macros.h"
#include "cmd/show.h"

static const enum column default_columns[] = {
	COLUMN_IRQ,   COLUMN_TOTAL, COLUMN_SPREAD,   COLUMN_TOP,     COLUMN_DEVICE,
	COLUMN_QUEUE, COLUMN_CLASS, COLUMN_AFFINITY, COLUMN_MEANING,
};
static const enum column interval_columns[] = {
	COLUMN_IRQ,    COLUMN_RATE,  COLUMN_SHARE, COLUMN_SPREAD,   COLUMN_TOP,
	COLUMN_DEVICE, COLUMN_QUEUE, COLUMN_CLASS, COLUMN_AFFINITY, COLUMN_MEANING,
};
static const enum column softirq_columns[] = {
	COLUMN_IRQ,    COLUMN_TOTAL, COLUMN_RATE,    COLUMN_SHARE,
	COLUMN_SPREAD, COLUMN_TOP,   COLUMN_MEANING,
};

static int add_column(struct show *show, enum column column)
{
	if (ARRAY_RESERVE(show->columns, show->n_columns + 1, show->cap_columns) < 0)
		return out_of_memory();
	show->columns[show->n_columns++] = column;
	return 0;
}

static int unknown_column(const char *option, const char *name, size_t len)
{
	_cleanup_(buf_done) struct buf list = {0};

	for (enum column c = 0; c < COLUMN_MAX_; c++)
		buf_printf(&list, "%s%s", c ? ", " : "", column_names[c]);
	complain(_("show: --%s: unknown column '%.*s'; the columns are %s"), option, (int)len, name,
		 buf_text(&list));
	return EXIT_USAGE;
}

static int default_set(struct show *show)
{
	const enum column *set = default_columns;
	size_t n = ARRAY_SIZE(default_columns);
	int r = 0;

	if (show->options.format == FORMAT_CSV) {
		for (enum column c = 0; c < COLUMN_MAX_ && r == 0; c++)
			r = add_column(show, c);
		return r;
	}
	if (show->options.softirq) {
		set = softirq_columns;
		n = ARRAY_SIZE(softirq_columns);
	} else if (show->options.interval > 0) {
		set = interval_columns;
		n = ARRAY_SIZE(interval_columns);
	}
	for (size_t i = 0; i < n && r == 0; i++) {
		if (set[i] == COLUMN_RATE && !(show->options.interval > 0))
			continue;
		r = add_column(show, set[i]);
	}
	return r;
}

int show_choose_columns(struct show *show)
{
	const char *p = show->options.columns;
	int r = 0;

	if (!p || *p == '+')
		r = default_set(show);
	if (!p || r)
		return r;
	p += *p == '+';
	for (;;) {
		size_t len = strcspn(p, ",");
		enum column column = column_find(p, len);

		if (column == COLUMN_MAX_)
			return unknown_column("output", p, len);
		r = add_column(show, column);
		if (r || !p[len])
			return r;
		p += len + 1;
	}
}

int show_choose_sort(struct show *show)
{
	const char *name = show->options.sort;

	show->sort = COLUMN_MAX_;
	if (!name)
		return 0;
	show->sort = column_find(name, strlen(name));
	if (show->sort == COLUMN_MAX_)
		return unknown_column("sort", name, strlen(name));
	if (show->options.by >= 0 && show->sort != COLUMN_TOTAL && show->sort != COLUMN_RATE &&
	    show->sort != COLUMN_SHARE) {
		complain(_("show: --by can be sorted by TOTAL, RATE or SHARE, not by %s"), name);
		return EXIT_USAGE;
	}
	return 0;
}

/* What would be silently left out is refused. JSON has all fields and all CPUs, whatever is asked
 * for. */
static int check_combination(const struct show_options *options)
{
	bool grouped = options->by >= 0;
	bool proc = options->format == FORMAT_PROC, vmstat = options->format == FORMAT_VMSTAT;
	const struct {
		bool wrong;
		const char *first, *second;
	} pairs[] = {
		{grouped && options->per_cpu, "--by", "--per-cpu"},
		{grouped && options->columns, "--by", "--output"},
		{grouped && proc, "--by", "--format proc"},
		{grouped && vmstat, "--by", "--format vmstat"},
		{options->per_cpu && options->columns, "--per-cpu", "--output"},
		{options->per_cpu && proc, "--per-cpu", "--format proc"},
		{options->per_cpu && vmstat, "--per-cpu", "--format vmstat"},
		{options->columns && proc, "--output", "--format proc"},
		{options->columns && vmstat, "--output", "--format vmstat"},
		{options->sort && proc, "--sort", "--format proc"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		if (!pairs[i].wrong)
			continue;
		complain(_("show: %s cannot go with %s"), pairs[i].first, pairs[i].second);
		return EXIT_USAGE;
	}
	return 0;
}

/* --json and --csv are short for --format; two different ones contradict each other. */
int show_choose_format(struct show_options *options)
{
	int wanted = options->json ? FORMAT_JSON : options->csv ? FORMAT_CSV : options->format;

	if ((options->json && options->csv) ||
	    (options->format != FORMAT_TABLE && options->format != wanted)) {
		complain(_("show: --json, --csv and --format contradict each other; give one of "
			   "them"));
		return EXIT_USAGE;
	}
	options->format = wanted;
	if (options->softirq && wanted == FORMAT_PROC) {
		complain(_("show: --format proc prints /proc/interrupts; it cannot go with "
			   "--softirq"));
		return EXIT_USAGE;
	}
	if (options->count && !(options->interval > 0)) {
		complain(_("show: --count needs --interval SECONDS"));
		return EXIT_USAGE;
	}
	return check_combination(options);
}

void show_choose_needs(struct show *show)
{
	const struct show_options *options = &show->options;

	for (size_t i = 0; i < show->n_columns; i++)
		show->needs |= column_needs(show->columns[i]);
	if (show->sort != COLUMN_MAX_)
		show->needs |= column_needs(show->sort);
	if (options->device || show->n_names || options->class >= 0 || options->by >= 0)
		show->needs |= SNAPSHOT_DEVICES;
	if (options->format == FORMAT_JSON)
		show->needs |= SNAPSHOT_AFFINITY | SNAPSHOT_DEVICES;
	if (options->format == FORMAT_JSON || !options->columns)
		show->needs |= SNAPSHOT_CPU_TIME | SNAPSHOT_PRESSURE;
	if (options->format == FORMAT_PROC)
		show->needs = SNAPSHOT_RAW | (show->needs & SNAPSHOT_DEVICES);
	if (options->format == FORMAT_VMSTAT)
		show->needs = SNAPSHOT_UPTIME | (show->needs & SNAPSHOT_DEVICES);
	if (options->softirq) /* they have no device and no affinity */
		show->needs =
			SNAPSHOT_SOFTIRQS |
			(show->needs & (SNAPSHOT_CPU_TIME | SNAPSHOT_PRESSURE | SNAPSHOT_UPTIME));
}
