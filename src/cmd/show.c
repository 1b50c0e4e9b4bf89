/* SPDX-License-Identifier: BSD-2-Clause */
/* irqctl show: the table of all interrupts, once or again and again. */
#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/array.h"
#include "base/i18n.h"
#include "base/macros.h"
#include "cmd/show.h"
#include "lore/lore.h"
#include "topology/cpuspec.h"
#include "view/formats.h"
#include "view/show_table.h"
#include "view/wrap.h"

static const char *const format_names[] = {"table", "json", "csv", "proc", "vmstat", NULL};
static const char *const group_names[] = {"device", "class", "node", "cpu", "queue", NULL};
#define SHOW(member) .offset = OPTION_AT(struct show_options, member)

static const struct option_spec show_options[] = {
	{'a', "all", OPTION_FLAG, SHOW(all), .help = N_("also rows without any event")},
	{'i', "interval", OPTION_SECONDS, SHOW(interval), .arg = N_("SECONDS"),
	 .help = N_("rates over an interval, again and again")},
	{'n', "count", OPTION_COUNT, SHOW(count), .arg = N_("COUNT"),
	 .help = N_("stop after COUNT reports (with -i)")},
	{'c', "cpus", OPTION_TEXT, SHOW(cpus), .arg = N_("LIST"),
	 .help = N_("only these CPUs: 0-3,8, node:0, package:0, llc:0, !LIST")},
	{'d', "device", OPTION_TEXT, SHOW(device), .arg = N_("DEVICE"),
	 .help = N_("only this device: eth0, nvme0, 0000:3b:00.0, a driver; globs allowed")},
	{0, "class", OPTION_CHOICE, SHOW(class), .arg = N_("CLASS"),
	 .help = N_("only this class: net, storage, timer, ipi ..."), .choices = lore_class_names},
	{0, "min", OPTION_NUMBER, SHOW(min), .arg = N_("N"),
	 .help = N_("only rows with at least N events (with -i: events per second)")},
	{'s', "sort", OPTION_TEXT, SHOW(sort), .arg = N_("COLUMN"),
	 .help = N_("sort by a column, numbers from high to low"), .choices = column_names},
	{'o', "output", OPTION_TEXT, SHOW(columns), .arg = N_("COLUMNS"),
	 .help = N_("these columns, separated by commas; +COLUMNS adds to the usual ones"),
	 .choices = column_names},
	{0, "by", OPTION_CHOICE, SHOW(by), .arg = N_("WHAT"),
	 .help = N_("sum up by device, class, node, cpu or queue"), .choices = group_names},
	{0, "per-cpu", OPTION_FLAG, SHOW(per_cpu), .help = N_("a column for every CPU")},
	{0, "softirq", OPTION_FLAG, SHOW(softirq), .help = N_("softirqs instead of interrupts")},
	{0, "measure", OPTION_FLAG, SHOW(measure),
	 .help = N_("FreeBSD: count per CPU with DTrace, as root (with -i)")},
	{0, "json", OPTION_FLAG, SHOW(json), .help = N_("JSON, the same as --format json")},
	{0, "csv", OPTION_FLAG, SHOW(csv), .help = N_("CSV, the same as --format csv")},
	{0, "format", OPTION_CHOICE, SHOW(format), .arg = N_("FORMAT"),
	 .help = N_(
		 "table, json, csv, proc (as /proc/interrupts), vmstat (as FreeBSD's vmstat -i)"),
	 .choices = format_names},
	{0, "no-headings", OPTION_FLAG, SHOW(no_headings), .help = N_("no heading line")},
	COMMON_OPTIONS,
	{.name = NULL},
};

static bool has_column(const struct show *show, enum column column)
{
	for (size_t i = 0; i < show->n_columns; i++) {
		if (show->columns[i] == column)
			return true;
	}
	return false;
}

/* The strip takes a quarter of a terminal, at least one block and at most 64. */
static size_t strip_width(const struct show *show)
{
	size_t width = show->style.width ? show->style.width / 4 : 64;

	return width < 1 ? 1 : width > 64 ? 64 : width;
}

static int plan_strip(struct show *show, const struct irq_table *table, struct strip_plan *plan)
{
	size_t width = strip_width(show);

	if (!has_column(show, COLUMN_SPREAD) && show->options.by < 0)
		return 0;
	if (table->n_cpus > width && !show->has_topology)
		show->has_topology = topology_load(show->source, &show->topology) == 0;
	return strip_plan_build(table->cpus, table->n_cpus,
				show->has_topology ? &show->topology : NULL, width, plan);
}

static int print_table(struct show *show, const struct show_view *view,
		       const struct cell_style *cells, struct buf *out)
{
	int r;

	if (view->groups)
		return show_groups(view, cells, &show->style, out);
	if (show->options.per_cpu)
		return show_matrix(view, &show->style, out);
	r = show_table(view, show->columns, show->n_columns, cells, &show->style, out);
	if (r == 0 && !show->options.columns && !show->options.no_headings)
		r = show_totals(view, cells, &show->style, out);
	return r;
}

static bool is_filtered(const struct show *show)
{
	const struct show_options *options = &show->options;

	return show->n_names || options->device || options->class >= 0 || options->min ||
	       options->cpus;
}

/* One heading, however many reports follow. */
static int print_csv(const struct show *show, const struct show_view *view, struct buf *out)
{
	bool heading = !show->options.no_headings && show->n_reports == 0;

	if (view->groups)
		return csv_groups(view->model, view->groups, view->by, heading, out);
	if (show->options.per_cpu)
		return csv_matrix(view->model, view->rows, view->n_rows, heading, out);
	return csv_print(view->model, show->columns, show->n_columns, view->rows, view->n_rows,
			 heading, out);
}

static int print_view(struct show *show, const struct show_view *view,
		      const struct cell_style *cells, struct buf *out)
{
	const struct snapshot *now = view->model->now;
	_cleanup_(cpuset_done) struct cpuset cpus = {0};
	int r;

	switch ((enum format)show->options.format) {
	case FORMAT_TABLE:
		return print_table(show, view, cells, out);
	case FORMAT_JSON:
		return json_print(json_show(view), show->options.interval > 0, out);
	case FORMAT_CSV:
		return print_csv(show, view, out);
	case FORMAT_PROC:
		if (!is_filtered(show))
			return buf_append(out, buf_text(&now->raw), now->raw.len);
		r = irq_table_cpus(view->model->table, &cpus);
		return r < 0 ? r
			     : proc_print(&now->raw, view->rows, view->n_rows,
					  show->options.cpus ? &cpus : NULL, out);
	case FORMAT_VMSTAT:
		return vmstat_print(view->model, view->rows, view->n_rows, out);
	}
	return -EINVAL;
}

/* "2026-11-21 05:20:01, over 1.00 s" above each report of an interval, for people. */
static int print_time(const struct show *show, const struct model *model, struct buf *out)
{
	time_t seconds = (time_t)(model->now->time_ns / 1000000000u);
	_cleanup_(buf_done) struct buf line = {0};
	char text[64] = "";
	struct tm tm;
	int r;

	if (show->options.format != FORMAT_TABLE || !model->before || show->options.no_headings)
		return 0;
	if (localtime_r(&seconds, &tm))
		strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm);
	r = buf_printf(&line, _("%s, over %.2f s\n"), text, model->interval_s);
	buf_rstrip(&line);
	return r < 0 ? r
		     : wrap_text(buf_text(&line), 0, 0,
				 show->style.width ? show->style.width : SIZE_MAX / 2, out);
}

static int report_model(struct show *show, const struct model *model)
{
	_cleanup_(group_list_done) struct group_list groups = {0};
	_cleanup_(strip_plan_done) struct strip_plan strip = {0};
	_cleanup_(buf_done) struct buf out = {0};
	struct row_list rows = {0};
	struct show_view view = {.model = model};
	const struct cell_style cells = {.strip = &strip, .utf8 = show->style.utf8};
	int r = choose_rows(show, model, &rows);

	if (r)
		return r;
	view.rows = rows.items;
	view.n_rows = rows.n;
	r = plan_strip(show, model->table, &strip);
	if (r == 0 && show->options.by >= 0) {
		view.by = group_names[show->options.by];
		view.groups = &groups;
		r = group_list_build(model, rows.items, rows.n, (enum group_by)show->options.by,
				     &groups);
		if (r == 0 && show->sort != COLUMN_MAX_)
			group_list_sort(&groups, show->sort == COLUMN_TOTAL);
	}
	if (r == 0)
		r = print_time(show, model, &out);
	if (r == 0)
		r = print_view(show, &view, &cells, &out);
	free(rows.items);
	return r < 0 ? out_of_memory() : print_out(&out);
}

static int build_model(const struct show *show, const struct snapshot *before,
		       const struct snapshot *now, struct model *model)
{
	int r = show->options.softirq ? model_build_softirqs(before, now, model)
				      : model_build(before, now, model);

	return r < 0 ? out_of_memory() : 0;
}

static int report(struct show *show, const struct snapshot *before, const struct snapshot *now)
{
	_cleanup_(model_done) struct model model = {0};
	int r = build_model(show, before, now, &model);

	return r ? r : report_model(show, &model);
}

static int check(const struct show *show, const struct snapshot *snapshot)
{
	_cleanup_(model_done) struct model model = {0};
	int r = 0;

	if (!show->n_names && !show->options.device)
		return 0;
	r = build_model(show, NULL, snapshot, &model);
	return r ? r : check_rows(show, &model);
}

/* -c must name a CPU that is there. Later all of them may be offline for a while: no wrong usage
 * then. */
static int restrict_cpus(const struct show *show, struct snapshot *snapshot, bool first)
{
	_cleanup_(cpuset_done) struct cpuset online = {0}, wanted = {0};
	_cleanup_(buf_done) struct buf error = {0};
	const struct irq_table *table =
		show->options.softirq ? &snapshot->softirqs : &snapshot->interrupts;
	int r;

	if (!show->options.cpus || !table->n_cpus)
		return 0;
	r = irq_table_cpus(table, &online);
	if (r == 0)
		r = cpuspec_parse(show->options.cpus, &online, show->source, &wanted, &error);
	if (r == -EINVAL) {
		complain("show: --cpus: %s", buf_text(&error));
		return EXIT_USAGE;
	}
	if (r < 0)
		return out_of_memory();
	cpuset_and(&wanted, &online);
	if (cpuset_next(&wanted, 0) < 0) {
		complain(_("show: --cpus: none of '%s' is online"), show->options.cpus);
		return first ? EXIT_USAGE : EXIT_FAILED;
	}
	irq_table_keep_cpus(&snapshot->interrupts, &wanted);
	irq_table_keep_cpus(&snapshot->softirqs, &wanted);
	return 0;
}

/* A container may hide the table, and leave the rest. */
static bool has_table(const struct show *show, const struct snapshot *snapshot)
{
	return show->options.softirq ? snapshot->has_softirqs : snapshot->has_interrupts;
}

/*
 * Names what could not be read, below the table and once. Returns the exit code where the table
 * itself is missing.
 */
static int name_missing(const struct show *show, const struct snapshot *snapshot)
{
	bool has = has_table(show, snapshot);

	if (show->options.format == FORMAT_JSON && has)
		return 0;
	return complain_missing(show->context, &snapshot->missing, has);
}

static int take(const struct show *show, struct snapshot *snapshot, bool first)
{
	_cleanup_(buf_done) struct buf error = {0};
	int r = snapshot_take(show->source, show->needs, snapshot, &error);

	if (r < 0) {
		complain("%s", buf_text(&error));
		return context_recorded(show->context) ? EXIT_USAGE : EXIT_FAILED;
	}
	if (snapshot->system == SYSTEM_LINUX && show->options.measure) {
		complain(_("show: --measure is for FreeBSD; Linux counts per CPU itself"));
		return EXIT_USAGE;
	}
	if (snapshot->system == SYSTEM_FREEBSD && show->options.format == FORMAT_PROC) {
		complain(_("show: FreeBSD has no /proc/interrupts; --format vmstat prints its own "
			   "form"));
		return EXIT_USAGE;
	}
	return restrict_cpus(show, snapshot, first);
}

static void sleep_until(const struct timespec *when)
{
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, when, NULL) == EINTR)
		;
}

static void advance(struct timespec *when, double seconds)
{
	time_t whole = (time_t)seconds;

	when->tv_sec += whole;
	when->tv_nsec += (long)((seconds - (double)whole) * 1e9);
	if (when->tv_nsec >= 1000000000L) {
		when->tv_sec++;
		when->tv_nsec -= 1000000000L;
	}
}

/* Counts with DTrace for the length of an interval. 0, or the exit code after a complaint. */
static int measure(const struct show *show, struct freebsd_measured *measured)
{
	int r = snapshot_measure(show->source, show->options.interval, measured);

	if (r == 0)
		return 0;
	freebsd_measured_done(measured);
	if (r == -ENOMEM)
		return out_of_memory();
	if (r == -EPERM)
		complain(_("show: --measure: only root may use DTrace"));
	else
		complain(_("show: --measure: dtrace(1) does not count interrupts here (%s); try "
			   "'kldload dtraceall'"),
			 strerror(-r));
	return EXIT_FAILED;
}

/* One report of a watch. An instant that cannot be read is skipped, and said. */
static int watch_once(struct show *show, struct snapshot *before, struct snapshot *now,
		      struct freebsd_measured *measured)
{
	const struct buf gap = {.data = (char[]){"\n"}, .len = 1};
	bool first = show->n_reports == 0;
	int r = take(show, now, false);

	now->measured = *measured;
	*measured = (struct freebsd_measured){0};
	if (r == 0 && !first && show->options.format == FORMAT_TABLE && !show->options.no_headings)
		r = print_out(&gap);
	if (r == 0 && has_table(show, now))
		r = report(show, before, now);
	if (r == 0 && (first || !has_table(show, now)))
		r = name_missing(show, now);
	show->n_reports += r == 0;
	return r;
}

/*
 * Waits for the end of the interval; a recording is wound on. 0; -ENODATA where it ends before; or
 * the exit code after a complaint.
 */
static int pass_interval(const struct show *show, const struct timespec *when)
{
	int r;

	if (!source_has_moments(show->source)) {
		sleep_until(when);
		return 0;
	}
	r = source_advance(show->source, (uint64_t)(show->options.interval * 1e9));
	if (r == 0 || r == -ENODATA)
		return r;
	complain("%s: %s", show->context->recording, strerror(-r));
	return EXIT_USAGE;
}

static int end_of_recording(const struct show *show)
{
	if (show->n_reports)
		return 0;
	complain(_("show: --interval: the recording '%s' ends less than %g s behind that moment"),
		 show->context->recording, show->options.interval);
	return EXIT_USAGE;
}

/* From --at on, or all of a recording. */
static int start_of_recording(const struct show *show)
{
	if (!source_has_moments(show->source) || show->context->at)
		return 0;
	return source_seek(show->source, 0) < 0 ? EXIT_USAGE : 0;
}

/* Reports at fixed times, so that slow output does not stretch the interval. */
static int watch(struct show *show)
{
	struct snapshot snapshots[2] = {{0}};
	struct snapshot *before = &snapshots[0], *now = &snapshots[1];
	uint64_t count = show->options.count;
	struct freebsd_measured measured = {0};
	struct timespec when;
	int r = start_of_recording(show), failed = 0, worst = 0;

	if (r == 0)
		r = take(show, before, true);
	if (!count && show->options.format != FORMAT_TABLE)
		count = 1;
	if (r == 0 && !has_table(show, before))
		r = name_missing(show, before);
	if (r == 0)
		r = check(show, before);
	clock_gettime(CLOCK_MONOTONIC, &when);
	for (uint64_t i = 0; r == 0 && (!count || i < count) && !ferror(stdout); i++) {
		advance(&when, show->options.interval);
		if (show->options.measure)
			r = measure(show, &measured);
		else
			r = pass_interval(show, &when);
		if (r)
			break;
		failed = watch_once(show, before, now, &measured);
		worst = failed ? failed : worst;
		if (!failed) {
			struct snapshot *newest = now;

			now = before;
			before = newest;
		}
		snapshot_done(now);
	}
	snapshot_done(&snapshots[0]);
	snapshot_done(&snapshots[1]);
	if (r == -ENODATA)
		r = end_of_recording(show);
	return r ? r : worst;
}

static int show_once(struct show *show)
{
	_cleanup_(snapshot_done) struct snapshot snapshot = {0};
	int r = take(show, &snapshot, true);

	if (r == 0)
		r = check(show, &snapshot);
	if (r == 0 && (has_table(show, &snapshot) || show->options.format == FORMAT_JSON))
		r = report(show, NULL, &snapshot);
	return r ? r : name_missing(show, &snapshot);
}

static int show_prepare(struct show *show)
{
	int r = show_choose_format(&show->options);

	if (r == 0)
		r = show_choose_columns(show);
	if (r == 0)
		r = show_choose_sort(show);
	if (r)
		return r;
	if (show->options.interval > 0 && show->context->root && !show->context->recording) {
		complain(_("show: --interval needs a machine that runs; '%s' stands still"),
			 show->context->root);
		return EXIT_USAGE;
	}
	if (show->options.measure && !(show->options.interval > 0)) {
		complain(_("show: --measure needs --interval SECONDS"));
		return EXIT_USAGE;
	}
	show_choose_needs(show);
	show->style = output_style(!show->options.no_headings);
	return context_open(show->context, &show->source);
}

static int show_run(struct context *context, int argc, char **argv)
{
	struct show show = {
		.context = context,
		.options = {.class = -1, .by = -1},
	};
	int first, r = verb_begin(&verb_show, context, argc, argv, &show.options.common, &first);

	if (r >= 0)
		return r;
	show.names = argv + first;
	show.n_names = argc - first;
	r = show_prepare(&show);
	if (r == 0)
		r = show.options.interval > 0 ? watch(&show) : show_once(&show);
	source_close(show.source);
	topology_done(&show.topology);
	free(show.columns);
	return r;
}

const struct verb verb_show = {
	.name = "show",
	.summary = N_("the table: every interrupt, on every CPU, with its device and meaning"),
	.synopsis = N_("[OPTION...] [INTERRUPT...]"),
	.about = N_(
		"Shows every interrupt that has come: how often, how it spreads over the CPUs, its "
		"device, queue, class and affinity (requested and effective CPUs), and what it "
		"means. "
		"An INTERRUPT is a number (24), a row (LOC), the name of a handler (eth0-TxRx-*) "
		"or a "
		"device (eth0, nvme0, 0000:3b:00.0)."),
	.options = show_options,
	.run = show_run,
};
