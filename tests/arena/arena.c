/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A balancer, unmodified, in a closed loop with an invented machine in real time: it reads the
 * machine's /proc and /sys and writes its affinities, the machine follows, and at the end it says
 * how well the balancer did, as `irqctl simulate` does for the policies that are built in.
 */
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/macros.h"
#include "base/options.h"
#include "enter.h"
#include "kernel.h"
#include "parse/scenario.h"
#include "plan/simulate.h"

#define FILE_MAX ((size_t)64 << 20)
#define STEP_NS  (1000000000u / SIM_STEPS_A_SECOND)
#define QUIET_NS 100000000u /* a start is over when nothing was done for so long ... */
#define GLIMPSE  5          /* ms: ... seen that often */

struct arena_options {
	bool json, help;
	double seconds;
	const char *log;
};

static const struct option_spec options[] = {
	{0, "json", OPTION_FLAG, OPTION_AT(struct arena_options, json),
	 .help = "one document, with a line for each second"},
	{0, "seconds", OPTION_SECONDS, OPTION_AT(struct arena_options, seconds), .arg = "SECONDS",
	 .help = "instead of the scenario's"},
	{0, "log", OPTION_TEXT, OPTION_AT(struct arena_options, log), .arg = "FILE",
	 .help = "what COMMAND says, each line with the second in which it came"},
	{'h', "help", OPTION_FLAG, OPTION_AT(struct arena_options, help), .help = "this"},
	{.name = NULL},
};

static const char usage[] =
	"usage: arena [--seconds S] [--json] [--log FILE] SCENARIO COMMAND [ARG]...\n"
	"Options of COMMAND stand behind \"--\".\n";

struct match {
	struct arena_options options;
	struct scenario scenario;
	struct kernel kernel;
	struct program program;
	struct simulate_result result;
	double *cpu_s; /* per second: CPU time of the program since it began */
	size_t n_seconds;
	uint64_t start_ns;
	struct buf line; /* of the program's output, not complete yet */
	FILE *log;
	/* the start: until it slept for QUIET_NS */
	double start_cpu_s; /* what it took; NAN: still starts */
	double last_cpu_s;  /* when it was seen to work last */
	uint64_t last_work_ns;
	struct program_memory memory;
	uint64_t moves; /* in this second */
	int status;     /* of the program */
	bool has_ended; /* before it was told to */
};

static double since_start(const struct match *match)
{
	return (double)(clock_ns(CLOCK_MONOTONIC) - match->start_ns) / 1e9;
}

/* Copies whole lines to the log. */
static void read_output(struct match *match)
{
	char bytes[4096], *end;
	ssize_t n;

	while ((n = read(match->program.output, bytes, sizeof(bytes))) > 0) {
		if (buf_append(&match->line, bytes, (size_t)n) < 0)
			return;
		while ((end = memchr(match->line.data, '\n', match->line.len)) != NULL) {
			size_t len = (size_t)(end - match->line.data) + 1;

			if (match->log)
				fprintf(match->log, "%.2f %.*s", since_start(match), (int)len,
					match->line.data);
			memmove(match->line.data, match->line.data + len, match->line.len - len);
			buf_cut(&match->line, match->line.len - len);
		}
	}
}

/* The start is over, and what it took is what was seen last before the long sleep. */
static void watch_start(struct match *match)
{
	double cpu_s = program_cpu(&match->program);
	uint64_t now = clock_ns(CLOCK_MONOTONIC);

	if (cpu_s > match->last_cpu_s) {
		match->last_cpu_s = cpu_s;
		match->last_work_ns = now;
	} else if (cpu_s >= 0 && now - match->last_work_ns > QUIET_NS) {
		match->start_cpu_s = cpu_s;
	}
}

/* Until the step is due. */
static void wait_for(struct match *match, uint64_t due_ns)
{
	uint64_t now = clock_ns(CLOCK_MONOTONIC);

	while (now < due_ns) {
		struct pollfd output = {.fd = match->program.output, .events = POLLIN};
		bool starts = isnan(match->start_cpu_s);
		int left_ms = (int)((due_ns - now + 999999) / 1000000);

		if (poll(&output, 1, starts && left_ms > GLIMPSE ? GLIMPSE : left_ms) > 0) {
			read_output(match);
			if (output.revents & POLLHUP)
				poll(NULL, 0, left_ms);
		}
		if (starts)
			watch_start(match);
		now = clock_ns(CLOCK_MONOTONIC);
	}
}

static bool is_due(const struct scenario_event *event, uint64_t second)
{
	if (second == event->at_s)
		return true;
	return event->every_s && second > event->at_s &&
	       (second - event->at_s) % event->every_s == 0;
}

static int happen(struct match *match, const struct scenario_event *event)
{
	if (event->action == SCENARIO_RELOAD && match->program.pid > 0)
		kill(match->program.pid, SIGHUP);
	return sim_event(&match->kernel.sim, event);
}

static int end_second(struct match *match, size_t second)
{
	const struct scenario *scenario = &match->scenario;
	struct sim_load load = sim_load(&match->kernel.sim);
	int r = 0;

	match->result.seconds[second - 1] = (struct simulate_second){
		.second = (uint32_t)second,
		.moves = match->moves,
		.max = load.max,
		.mean = load.mean,
		.bound = match->kernel.sim.bound,
		.remote = load.remote,
	};
	match->cpu_s[second - 1] = program_cpu(&match->program);
	match->moves = 0;
	for (size_t i = 0; i < scenario->n_events && r == 0; i++) {
		if (is_due(&scenario->events[i], second))
			r = happen(match, &scenario->events[i]);
	}
	return r;
}

static int run_seconds(struct match *match)
{
	size_t n_steps = match->n_seconds * SIM_STEPS_A_SECOND;
	int r = 0;

	for (size_t step = 1; step <= n_steps && r == 0; step++) {
		wait_for(match, match->start_ns + step * STEP_NS);
		if (program_ended(&match->program, &match->status)) {
			match->has_ended = true;
			break;
		}
		r = kernel_step(&match->kernel);
		if (r < 0)
			return r;
		match->moves += (uint64_t)r;
		r = step % SIM_STEPS_A_SECOND ? 0 : end_second(match, step / SIM_STEPS_A_SECOND);
	}
	return r;
}

/* Stops the program, and follows what it writes until its end. */
static int stop(struct match *match)
{
	int r = program_memory(&match->program, &match->memory);

	if (!match->has_ended)
		r = program_stop(&match->program, &match->status);
	if (r == -ETIMEDOUT)
		fprintf(stderr, "arena: the command did not end when it was told to\n");
	read_output(match);
	r = kernel_step(&match->kernel);
	return r < 0 ? r : 0;
}

static int play(struct match *match, char **command)
{
	int r = program_prepare(&match->program);

	if (r == 0)
		r = kernel_init(&match->kernel, &match->scenario, match->program.root);
	if (r < 0) {
		fprintf(stderr, "arena: the machine cannot be made: %s\n", strerror(-r));
		return r;
	}
	r = program_start(&match->program, command);
	if (r < 0) {
		fprintf(stderr, "arena: %s: %s\n", command[0], strerror(-r));
		return r;
	}
	match->start_ns = match->last_work_ns = clock_ns(CLOCK_MONOTONIC);
	r = run_seconds(match);
	if (r == 0)
		r = stop(match);
	if (r < 0)
		fprintf(stderr, "arena: the machine stood still: %s\n", strerror(-r));
	return r;
}

static json_t *rounded(double value)
{
	return isfinite(value) ? json_real(round(value * 1e6) / 1e6) : json_null();
}

static json_t *history(const struct match *match)
{
	json_t *list = json_array();

	for (size_t i = 0; i < match->n_seconds; i++) {
		const struct simulate_second *second = &match->result.seconds[i];
		json_t *item = json_object();

		json_object_set_new(item, "second", json_integer(second->second));
		json_object_set_new(item, "moves", json_integer((json_int_t)second->moves));
		json_object_set_new(item, "max", rounded(second->max));
		json_object_set_new(item, "cpu_s", rounded(match->cpu_s[i]));
		json_array_append_new(list, item);
	}
	return list;
}

static json_t *document(const struct match *match)
{
	const struct simulate_result *result = &match->result;
	json_t *object = json_object();

	json_object_set_new(object, "max", rounded(result->max));
	json_object_set_new(object, "bound", rounded(result->bound));
	json_object_set_new(object, "ratio", rounded(result->ratio));
	json_object_set_new(object, "remote_share", rounded(result->remote_share));
	json_object_set_new(object, "moves", json_integer((json_int_t)result->moves));
	json_object_set_new(object, "moves_total", json_integer((json_int_t)result->moves_total));
	json_object_set_new(object, "within",
			    result->within ? json_integer(result->within) : json_null());
	json_object_set_new(object, "seconds", json_integer((json_int_t)match->n_seconds));
	json_object_set_new(object, "touched",
			    json_integer((json_int_t)kernel_touched(&match->kernel)));
	json_object_set_new(object, "left",
			    json_integer((json_int_t)kernel_changed(&match->kernel)));
	json_object_set_new(object, "start_cpu_s", rounded(match->start_cpu_s));
	json_object_set_new(object, "private_clean_kb", json_integer(match->memory.clean_kb));
	json_object_set_new(object, "private_dirty_kb", json_integer(match->memory.dirty_kb));
	json_object_set_new(object, "exit",
			    WIFEXITED(match->status) ? json_integer(WEXITSTATUS(match->status))
						     : json_null());
	return object;
}

/* Text: the same names and values, on one line. */
static int print_line(const json_t *object)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)object, key, value)
	{
		_cleanup_free_ char *text =
			json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(4));

		if (!text)
			return -ENOMEM;
		printf("%s%s=%s", strcmp(key, "max") == 0 ? "" : " ", key, text);
	}
	printf("\n");
	return 0;
}

static int report(struct match *match)
{
	json_t *object;
	int r;

	simulate_score(&match->result, (double)match->n_seconds);
	object = document(match);
	if (match->options.json) {
		json_object_set_new(object, "history", history(match));
		r = json_dumpf(object, stdout, JSON_REAL_PRECISION(9));
		printf("\n");
	} else {
		r = print_line(object);
	}
	json_decref(object);
	return r < 0 || fflush(stdout) ? -EIO : 0;
}

static int read_scenario(struct match *match, const char *path)
{
	_cleanup_(buf_done) struct buf text = {0}, error = {0};
	int r = file_read(path, FILE_MAX, &text);

	if (r == 0)
		r = scenario_parse(buf_text(&text), text.len, &match->scenario, &error);
	if (r < 0) {
		fprintf(stderr, "arena: %s: %s\n", path,
			error.len ? buf_text(&error) : strerror(-r));
		return r;
	}
	if (match->options.seconds >= 1)
		match->scenario.seconds = match->options.seconds;
	match->n_seconds = (size_t)match->scenario.seconds;
	match->result.n_seconds = match->n_seconds;
	match->result.seconds = calloc(match->n_seconds, sizeof(*match->result.seconds));
	match->cpu_s = calloc(match->n_seconds, sizeof(*match->cpu_s));
	return match->result.seconds && match->cpu_s ? 0 : -ENOMEM;
}

static int arena_do(struct match *match, char **words)
{
	int r = read_scenario(match, words[0]);

	if (r == 0 && match->options.log) {
		match->log = fopen(match->options.log, "we");
		if (!match->log) {
			r = -errno;
			fprintf(stderr, "arena: %s: %s\n", match->options.log, strerror(-r));
		}
	}
	if (r == 0)
		r = play(match, words + 1);
	if (r < 0)
		return r;
	if (match->has_ended) {
		fprintf(stderr, "arena: the command ended after %.1f s with status %d\n",
			since_start(match), match->status);
		return -ECHILD;
	}
	return report(match);
}

int main(int argc, char **argv)
{
	_cleanup_(buf_done) struct buf error = {0};
	struct match match = {.start_cpu_s = NAN,
			      .kernel = {.stat = -1, .watches = -1},
			      .program = {.pid = -1, .init = -1, .output = -1, .root = -1}};
	int first, r = options_parse(options, argc, argv, &match.options, &first, &error);

	if (r < 0 || argc - first < 2) {
		fprintf(stderr, "%s%s%s", buf_text(&error), error.len ? "\n" : "", usage);
		return match.options.help ? 0 : 2;
	}
	r = arena_do(&match, argv + first);
	program_done(&match.program);
	kernel_done(&match.kernel);
	scenario_done(&match.scenario);
	simulate_result_done(&match.result);
	buf_done(&match.line);
	free(match.cpu_s);
	if (match.log)
		fclose(match.log);
	return r < 0 ? 1 : 0;
}
