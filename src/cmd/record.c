/* SPDX-License-Identifier: BSD-2-Clause */
/* irqctl record: samples of the machine, again and again, into one file. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/macros.h"
#include "base/text.h"
#include "cmd/verbs.h"
#include "config.h"
#include "snapshot/cpus.h"
#include "snapshot/snapshot.h"
#include "source/recorder.h"
#include "topology/topology.h"
#include "view/json.h"

#define INTERVAL_S 10.0

/*
 * Facts that change seldom (affinities, devices, the topology) are read again once that has cost at
 * most this part of the time: at every sample on a small machine, every few minutes on a large one.
 */
#define FACTS_PART 0.002

struct record_options {
	struct common_options common;
	double interval, duration;
	uint64_t count;
	bool json;
};

static const struct option_spec record_options[] = {
	{'i', "interval", OPTION_SECONDS, OPTION_AT(struct record_options, interval),
	 .arg = N_("SECONDS"), .help = N_("between samples (usual: 10)")},
	{'n', "count", OPTION_COUNT, OPTION_AT(struct record_options, count), .arg = N_("COUNT"),
	 .help = N_("stop after COUNT samples")},
	{0, "duration", OPTION_SECONDS, OPTION_AT(struct record_options, duration),
	 .arg = N_("SECONDS"), .help = N_("stop after so long")},
	{0, "json", OPTION_FLAG, OPTION_AT(struct record_options, json),
	 .help = N_("say in JSON what was recorded")},
	COMMON_OPTIONS,
	{.name = NULL},
};

struct record {
	struct record_options options;
	const struct context *context;
	const char *path;
	struct source *machine;
	struct recorder *recorder;
	sigset_t signals;   /* that end it */
	double cost_s;      /* CPU time of the last reading of facts */
	double facts_after; /* CLOCK_MONOTONIC, s: when they are read again */
};

/* What the other verbs read, read through the recorder: so that is what they will find. */
static int read_machine(struct record *record, struct buf *error)
{
	/* asked for by `set`, `spread`, `save` and `plan`, in a dry run of theirs */
	static const char *const others[] = {
		"proc/irq/default_smp_affinity",   "proc/sys/net/core/rps_sock_flow_entries",
		"sys/devices/system/cpu/possible", "sys/kernel/debug/irq/domains/VECTOR",
		"netlink/ethtool/channels-get",    "proc/sys/kernel/hostname",
	};
	struct source *source = recorder_source(record->recorder);
	_cleanup_(snapshot_done) struct snapshot snapshot = {0};
	_cleanup_(topology_done) struct topology topology = {0};
	_cleanup_(cpu_sets_done) struct cpu_sets sets = {0};
	int r = snapshot_take(source,
			      SNAPSHOT_AFFINITY | SNAPSHOT_DEVICES | SNAPSHOT_CPU_TIME |
				      SNAPSHOT_SOFTIRQS | SNAPSHOT_PRESSURE | SNAPSHOT_UPTIME,
			      &snapshot, error);

	if (r < 0)
		return r;
	r = cpu_sets_read(source, &sets);
	if (r == 0 && topology_read(source, &topology) == -ENOMEM)
		r = -ENOMEM;
	for (size_t i = 0; i < ARRAY_SIZE(others) && r == 0; i++) {
		_cleanup_(buf_done) struct buf unused = {0};

		if (source_read(source, others[i], &unused) == -ENOMEM)
			r = -ENOMEM;
	}
	return r;
}

/* Small files that change all the time. */
static int read_small(struct record *record)
{
	static const char *const files[] = {"proc/uptime", "proc/pressure/irq"};
	_cleanup_(buf_done) struct buf unused = {0};
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(files) && r != -ENOMEM; i++)
		r = source_read(recorder_source(record->recorder), files[i], &unused);
	return r == -ENOMEM ? r : 0;
}

/* Where counts are not among the files with numbers (FreeBSD), they are facts like others. */
static bool is_facts_time(const struct record *record, bool has_counts)
{
	return !has_counts || clock_s(CLOCK_MONOTONIC) >= record->facts_after;
}

static int read_facts(struct record *record, struct buf *error)
{
	double start = clock_s(CLOCK_PROCESS_CPUTIME_ID);
	int r = read_machine(record, error);

	record->cost_s = clock_s(CLOCK_PROCESS_CPUTIME_ID) - start;
	record->facts_after = clock_s(CLOCK_MONOTONIC) + record->cost_s / FACTS_PART;
	return r;
}

static int failed(const struct record *record, int error, const struct buf *text)
{
	if (error == -ENOMEM)
		return out_of_memory();
	if (text->len)
		complain(_("record: %s"), buf_text(text));
	else
		complain(_("record: %s: %s"), record->path, strerror(-error));
	return error == -EINVAL || error == -EEXIST || error == -EISDIR ? EXIT_USAGE : EXIT_FAILED;
}

static int take(struct record *record)
{
	_cleanup_(buf_done) struct buf error = {0};
	bool has_counts = false, complete = false;
	int r = recorder_begin(record->recorder, &has_counts, &error);

	if (r == 0) {
		complete = is_facts_time(record, has_counts);
		r = complete ? read_facts(record, &error) : read_small(record);
	}
	if (r == 0)
		r = recorder_end(record->recorder, complete, &error);
	if (r == 0)
		return 0;
	failed(record, r, &error);
	if (recorder_samples(record->recorder))
		complain(_("record: the %" PRIu64 " samples before that are in '%s'"),
			 recorder_samples(record->recorder), record->path);
	return EXIT_FAILED;
}

/* Waits until then. 1 where a signal came that ends the recording. */
static int wait_until(const struct record *record, double when)
{
	for (;;) {
		double rest = when - clock_s(CLOCK_MONOTONIC);
		struct timespec time;

		if (rest < 0)
			rest = 0;
		time = (struct timespec){.tv_sec = (time_t)rest,
					 .tv_nsec = (long)((rest - floor(rest)) * 1e9)};
		if (sigtimedwait(&record->signals, NULL, &time) > 0)
			return 1;
		if (errno != EINTR)
			return 0;
	}
}

/* Samples at fixed times; those that were missed (a machine that slept) are left out. */
static int run(struct record *record)
{
	const struct record_options *options = &record->options;
	double interval = options->interval > 0 ? options->interval : INTERVAL_S;
	double start = clock_s(CLOCK_MONOTONIC), next = start;
	uint64_t n = 0;
	int r;

	do {
		double now;

		r = take(record);
		n++;
		now = clock_s(CLOCK_MONOTONIC);
		next += interval;
		if (next < now)
			next += ceil((now - next) / interval) * interval;
		if (r || (options->count && n >= options->count) ||
		    (options->duration > 0 && next > start + options->duration + interval / 1000))
			break;
	} while (wait_until(record, next) == 0);
	return r;
}

/* Appends a name of the machine: a file of Linux, or a sysctl of FreeBSD, which ends with a NUL. */
static int read_name(struct source *machine, const char *file, const char *sysctl, struct buf *out)
{
	int r = source_read(machine, file, out);

	if (r < 0 && r != -ENOMEM)
		r = source_read(machine, sysctl, out);
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	buf_cut(out, strlen(buf_text(out)));
	buf_rstrip(out);
	return 0;
}

static int describe(struct record *record, struct buf *error)
{
	_cleanup_(buf_done) struct buf host = {0}, kernel = {0}, interval = {0};
	int r = recorder_describe(record->recorder, "program", "irqctl " IRQCTL_VERSION, error);

	if (r == 0)
		r = read_name(record->machine, "proc/sys/kernel/hostname", "sysctl/kern.hostname",
			      &host);
	if (r == 0)
		r = read_name(record->machine, "proc/sys/kernel/osrelease", "sysctl/kern.osrelease",
			      &kernel);
	if (r == 0)
		r = buf_printf(&interval, "%g",
			       record->options.interval > 0 ? record->options.interval
							    : INTERVAL_S);
	if (r == 0)
		r = recorder_describe(record->recorder, "host", buf_text(&host), error);
	if (r == 0)
		r = recorder_describe(record->recorder, "kernel", buf_text(&kernel), error);
	return r < 0 ? r
		     : recorder_describe(record->recorder, "interval_s", buf_text(&interval),
					 error);
}

/* A machine that cannot be read leaves no file behind. */
static int check_machine(const struct record *record)
{
	_cleanup_(snapshot_done) struct snapshot snapshot = {0};
	_cleanup_(buf_done) struct buf error = {0};
	int r = snapshot_take(record->machine, 0, &snapshot, &error);

	if (r == 0)
		return 0;
	complain("%s", buf_text(&error));
	return context_recorded(record->context) ? EXIT_USAGE : EXIT_FAILED;
}

static int report(const struct record *record, uint64_t samples)
{
	_cleanup_(buf_done) struct buf out = {0};
	struct stat st = {0};
	json_t *document;
	int r;

	if (!record->options.json)
		return 0;
	stat(record->path, &st);
	document = json_pack("{s:s,s:o,s:I,s:I}", "schema", "irqctl.record/1", "file",
			     json_text(record->path), "samples", (json_int_t)samples, "bytes",
			     (json_int_t)st.st_size);
	r = json_print(document, false, &out);
	return r < 0 ? out_of_memory() : print_out(&out);
}

static int record_to(struct record *record)
{
	_cleanup_(buf_done) struct buf error = {0};
	uint64_t samples;
	int r = recorder_open(record->path, record->machine, &record->recorder, &error);

	if (r == 0)
		r = describe(record, &error);
	if (r < 0) {
		recorder_close(record->recorder);
		return failed(record, r, &error);
	}
	r = run(record);
	samples = recorder_samples(record->recorder);
	recorder_close(record->recorder);
	return r ? r : report(record, samples);
}

static int record_do(struct record *record, int n_operands, char **operands)
{
	int r;

	if (n_operands != 1) {
		complain(_("record: give one FILE (irqctl record --help)"));
		return EXIT_USAGE;
	}
	if (record->context->recording) {
		complain(_("record: '%s' is a recording already"), record->context->recording);
		return EXIT_USAGE;
	}
	record->path = operands[0];
	/* held back, so that one that comes within a sample ends it behind that sample */
	sigemptyset(&record->signals);
	sigaddset(&record->signals, SIGINT);
	sigaddset(&record->signals, SIGTERM);
	sigaddset(&record->signals, SIGHUP);
	sigprocmask(SIG_BLOCK, &record->signals, NULL);
	r = context_open(record->context, &record->machine);
	if (r == 0)
		r = check_machine(record);
	return r ? r : record_to(record);
}

static int record_run(struct context *context, int argc, char **argv)
{
	struct record record = {.context = context};
	int first,
		r = verb_begin(&verb_record, context, argc, argv, &record.options.common, &first);

	if (r >= 0)
		return r;
	r = record_do(&record, argc - first, argv + first);
	source_close(record.machine);
	return r;
}

const struct verb verb_record = {
	.name = "record",
	.summary = SUMMARY_RECORD,
	.synopsis = N_("[OPTION...] FILE"),
	.about =
		N_("Keeps what irqctl reads of this machine, every 10 s or as often as -i says, "
		   "until it is interrupted: every count of every CPU, and affinities, devices and "
		   "the topology where they change. FILE is an SQLite database; one that is there "
		   "is continued. 'irqctl --recording FILE show' (or explain, get, plan ...) looks "
		   "at it, 'irqctl simulate FILE' tries balancers on its load."),
	.options = record_options,
	.run = record_run,
};
