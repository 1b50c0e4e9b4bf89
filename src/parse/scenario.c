/* SPDX-License-Identifier: BSD-2-Clause */
#include "parse/scenario.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/i18n.h"
#include "base/macros.h"
#include "base/text.h"

#define VALUE_SHOWN 40u /* characters of a bad value in a message */
#define SHOWN_FORM  (JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15))

/* An object of the document that is being read: where it stands, and where errors go. */
struct reader {
	const json_t *object;
	const char *path; /* "irqs[3].", "" at the top */
	struct buf *error;
};

/* "irqs[3].rate: -5 is not a number of 0 to 1000000000" */
static int bad_value(const struct reader *reader, const char *field, const json_t *value,
		     const char *wanted)
{
	_cleanup_free_ char *text = json_dumps(value, SHOWN_FORM);
	size_t len = text ? strlen(text) : 0;

	buf_printf(reader->error, _("%s%s: %.*s%s is not %s"), reader->path, field,
		   (int)(len < VALUE_SHOWN ? len : VALUE_SHOWN), text ? text : "?",
		   len > VALUE_SHOWN ? "..." : "", wanted);
	return -EINVAL;
}

static int missing(const struct reader *reader, const char *field)
{
	buf_printf(reader->error, _("%s%s is missing"), reader->path, field);
	return -EINVAL;
}

/* Refuses what would be silently ignored: a typing error, as a rule. */
static int check_fields(const struct reader *reader, const char *const *known)
{
	json_t *object = (json_t *)reader->object;
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value)
	{
		const char *near = NULL;
		bool is_known = false;

		for (size_t i = 0; known[i] && !is_known; i++) {
			is_known = strcmp(known[i], key) == 0;
			if (!near && text_is_near(known[i], key))
				near = known[i];
		}
		if (is_known)
			continue;
		buf_printf(reader->error, _("%s%.*s: there is no such field"), reader->path,
			   (int)VALUE_SHOWN, key);
		if (near)
			buf_printf(reader->error, _("; did you mean '%s'?"), near);
		return -EINVAL;
	}
	return 0;
}

/* An optional number; *ret stays where the field is absent. */
static int read_number(const struct reader *reader, const char *field, double min, double max,
		       double *ret)
{
	const json_t *value = json_object_get(reader->object, field);
	_cleanup_(buf_done) struct buf wanted = {0};

	if (!value)
		return 0;
	if (json_is_number(value) && json_number_value(value) >= min &&
	    json_number_value(value) <= max) {
		*ret = json_number_value(value);
		return 0;
	}
	buf_printf(&wanted, _("a number of %.15g to %.15g"), min, max);
	return bad_value(reader, field, value, buf_text(&wanted));
}

/* The same for a whole one, within 2^53. */
static int read_whole(const struct reader *reader, const char *field, int64_t min, int64_t max,
		      int64_t *ret)
{
	const json_t *value = json_object_get(reader->object, field);
	double number = value ? json_number_value(value) : 0;
	_cleanup_(buf_done) struct buf wanted = {0};

	if (!value)
		return 0;
	if (json_is_number(value) && number >= (double)min && number <= (double)max &&
	    floor(number) == number) {
		*ret = (int64_t)number;
		return 0;
	}
	buf_printf(&wanted, _("a whole number of %lld to %lld"), (long long)min, (long long)max);
	return bad_value(reader, field, value, buf_text(&wanted));
}

static int read_class(const struct reader *reader, uint32_t *ret)
{
	const json_t *value = json_object_get(reader->object, "class");
	const char *text = json_string_value(value);

	if (!value)
		return 0;
	if (text && text_has_prefix(text, "0x") && strlen(text) == 8 &&
	    strspn(text + 2, "0123456789abcdefABCDEF") == 6) {
		*ret = (uint32_t)strtoul(text + 2, NULL, 16);
		return 0;
	}
	return bad_value(reader, "class", value, _("a PCI class such as \"0x020000\""));
}

static int add_irqs(struct scenario *scenario, const struct scenario_irq *irq, size_t count,
		    const struct reader *reader)
{
	if (count > SCENARIO_IRQS_MAX - scenario->n_irqs) {
		buf_printf(reader->error, _("%scount: there are more than %u interrupts"),
			   reader->path, SCENARIO_IRQS_MAX);
		return -EINVAL;
	}
	if (ARRAY_RESERVE(scenario->irqs, scenario->n_irqs + count, scenario->cap_irqs) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		scenario->irqs[scenario->n_irqs++] = *irq;
	return 0;
}

static int read_irq(struct scenario *scenario, const struct reader *reader)
{
	static const char *const known[] = {"rate",  "cost_us", "node",    "device",
					    "class", "count",   "comment", NULL};
	struct scenario_irq irq = {.pci_class = 0x020000};
	int64_t node = 0, device = 0, count = 1;
	int r = check_fields(reader, known);

	if (r == 0 && !json_object_get(reader->object, "rate"))
		r = missing(reader, "rate");
	if (r == 0 && !json_object_get(reader->object, "cost_us"))
		r = missing(reader, "cost_us");
	if (r == 0)
		r = read_number(reader, "rate", 0, SCENARIO_RATE_MAX, &irq.rate);
	if (r == 0)
		r = read_number(reader, "cost_us", 0, SCENARIO_COST_MAX_US, &irq.cost_us);
	if (r == 0)
		r = read_whole(reader, "node", -1, (int64_t)scenario->n_nodes - 1, &node);
	if (r == 0)
		r = read_whole(reader, "device", 0, SCENARIO_IRQS_MAX - 1, &device);
	if (r == 0)
		r = read_whole(reader, "count", 0, SCENARIO_IRQS_MAX, &count);
	if (r == 0)
		r = read_class(reader, &irq.pci_class);
	if (r < 0)
		return r;
	irq.node = (int32_t)node;
	irq.device = (uint32_t)device;
	return add_irqs(scenario, &irq, (size_t)count, reader);
}

/* "swap": a range [first, end) of interrupts. */
static int read_range(const struct scenario *scenario, const struct reader *reader,
		      const char *field, size_t *ret_first, size_t *ret_n)
{
	const json_t *value = json_object_get(reader->object, field);
	const json_t *first = json_array_get(value, 0), *end = json_array_get(value, 1);
	_cleanup_(buf_done) struct buf wanted = {0};

	if (!value)
		return missing(reader, field);
	if (json_array_size(value) == 2 && json_is_integer(first) && json_is_integer(end) &&
	    json_integer_value(first) >= 0 &&
	    json_integer_value(first) <= json_integer_value(end) &&
	    json_integer_value(end) <= (json_int_t)scenario->n_irqs) {
		*ret_first = (size_t)json_integer_value(first);
		*ret_n = (size_t)json_integer_value(end) - *ret_first;
		return 0;
	}
	buf_printf(&wanted, _("a range of interrupts [FIRST, END], with END at most %zu"),
		   scenario->n_irqs);
	return bad_value(reader, field, value, buf_text(&wanted));
}

static int read_swap(const struct scenario *scenario, const struct reader *reader,
		     struct scenario_event *event)
{
	size_t n_a = 0, n_b = 0;
	int r = read_range(scenario, reader, "a", &event->a, &n_a);

	if (r == 0)
		r = read_range(scenario, reader, "b", &event->b, &n_b);
	event->action = SCENARIO_SWAP;
	event->n_swapped = n_a < n_b ? n_a : n_b;
	return r;
}

static int read_force(const struct scenario *scenario, const struct reader *reader,
		      struct scenario_event *event)
{
	int64_t cpu = -1;
	int r = read_whole(reader, "cpu", 0, (int64_t)scenario->n_cpus - 1, &cpu);

	if (r == 0 && cpu < 0)
		r = missing(reader, "cpu");
	event->action = SCENARIO_FORCE;
	event->cpu = (uint32_t)cpu;
	return r;
}

static int read_reset(const struct scenario *scenario, const struct reader *reader,
		      struct scenario_event *event)
{
	int64_t irq = -1;
	int r = read_whole(reader, "irq", 0, (int64_t)scenario->n_irqs - 1, &irq);

	if (r == 0 && irq < 0)
		r = missing(reader, "irq");
	event->action = SCENARIO_RESET;
	event->irq = (size_t)irq;
	return r;
}

static int read_signal(const struct scenario *scenario, const struct reader *reader,
		       struct scenario_event *event)
{
	const json_t *value = json_object_get(reader->object, "name");
	const char *name = json_string_value(value);

	(void)scenario;
	if (!value)
		return missing(reader, "name");
	if (!name || !*name || strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != strlen(name))
		return bad_value(reader, "name", value, _("the name of a signal such as \"HUP\""));
	event->action = strcmp(name, "HUP") == 0 ? SCENARIO_RELOAD : SCENARIO_SIGNAL;
	return 0;
}

/* What an event does is told by "do"; the fields that go with it differ. */
struct action {
	const char *name;
	int (*read)(const struct scenario *scenario, const struct reader *reader,
		    struct scenario_event *event);
	const char *const *known;
};

#define EVENT_FIELDS "at", "every", "do", "comment"

static const struct action actions[] = {
	{"force", read_force, (const char *const[]){EVENT_FIELDS, "cpu", NULL}},
	{"signal", read_signal, (const char *const[]){EVENT_FIELDS, "name", NULL}},
	{"swap", read_swap, (const char *const[]){EVENT_FIELDS, "a", "b", NULL}},
	{"reset", read_reset, (const char *const[]){EVENT_FIELDS, "irq", NULL}},
};

static int find_action(const struct reader *reader, const struct action **ret)
{
	const json_t *value = json_object_get(reader->object, "do");
	const char *name = json_string_value(value);

	if (!value)
		return missing(reader, "do");
	for (size_t i = 0; i < ARRAY_SIZE(actions) && name; i++) {
		if (strcmp(actions[i].name, name) == 0) {
			*ret = &actions[i];
			return 0;
		}
	}
	return bad_value(reader, "do", value,
			 _("one of \"force\", \"signal\", \"swap\", \"reset\""));
}

static int read_event(struct scenario *scenario, const struct reader *reader)
{
	struct scenario_event event = {0};
	const struct action *action = NULL;
	int64_t at_s = -1, every_s = 0;
	int r = find_action(reader, &action);

	if (r == 0)
		r = check_fields(reader, action->known);
	if (r == 0)
		r = read_whole(reader, "at", 0, (int64_t)SCENARIO_SECONDS_MAX, &at_s);
	if (r == 0 && at_s < 0)
		r = missing(reader, "at");
	if (r == 0)
		r = read_whole(reader, "every", 0, (int64_t)SCENARIO_SECONDS_MAX, &every_s);
	if (r == 0)
		r = action->read(scenario, reader, &event);
	if (r < 0)
		return r;
	event.at_s = (uint32_t)at_s;
	event.every_s = (uint32_t)every_s;
	scenario->events[scenario->n_events++] = event;
	return 0;
}

/* Reads each object of an array with `read`. */
static int read_items(struct scenario *scenario, const struct reader *reader, const char *field,
		      int (*read)(struct scenario *scenario, const struct reader *reader))
{
	const json_t *array = json_object_get(reader->object, field);
	int r = 0;

	if (!json_is_array(array))
		return bad_value(reader, field, array, _("an array"));
	for (size_t i = 0; i < json_array_size(array) && r == 0; i++) {
		const json_t *item = json_array_get(array, i);
		_cleanup_(buf_done) struct buf path = {0};
		struct reader inner = {.object = item, .error = reader->error};

		if (buf_printf(&path, json_is_object(item) ? "%s[%zu]." : "%s[%zu]", field, i) < 0)
			return -ENOMEM;
		inner.path = buf_text(&path);
		r = json_is_object(item) ? read(scenario, &inner)
					 : bad_value(&inner, "", item, _("an object"));
	}
	return r;
}

static int read_irqs(struct scenario *scenario, const struct reader *reader)
{
	int r;

	if (!json_object_get(reader->object, "irqs"))
		return missing(reader, "irqs");
	r = read_items(scenario, reader, "irqs", read_irq);
	if (r == 0 && !scenario->n_irqs) {
		buf_printf(reader->error, _("irqs: there must be at least one interrupt"));
		return -EINVAL;
	}
	return r;
}

static int read_events(struct scenario *scenario, const struct reader *reader)
{
	size_t n = json_array_size(json_object_get(reader->object, "events"));

	if (!json_object_get(reader->object, "events"))
		return 0;
	if (n > SCENARIO_EVENTS_MAX) {
		buf_printf(reader->error, _("events: there are more than %u"), SCENARIO_EVENTS_MAX);
		return -EINVAL;
	}
	scenario->events = calloc(n + 1, sizeof(*scenario->events));
	return scenario->events ? read_items(scenario, reader, "events", read_event) : -ENOMEM;
}

/* Nodes and cores of one size each: anything else would be a machine that nobody can describe. */
static int read_shape(struct scenario *scenario, const struct reader *reader)
{
	int64_t n_cpus = 0, n_nodes = 1, threads = 1;
	int r = read_whole(reader, "cpus", 1, SCENARIO_CPUS_MAX, &n_cpus);

	if (r == 0 && !n_cpus)
		r = missing(reader, "cpus");
	if (r == 0)
		r = read_whole(reader, "nodes", 1, n_cpus, &n_nodes);
	if (r == 0)
		r = read_whole(reader, "smt", 1, n_cpus, &threads);
	if (r < 0)
		return r;
	if (n_cpus % n_nodes) {
		buf_printf(reader->error, _("nodes: %lld CPUs are not a multiple of %lld nodes"),
			   (long long)n_cpus, (long long)n_nodes);
		return -EINVAL;
	}
	if (n_cpus / n_nodes % threads) {
		buf_printf(reader->error,
			   _("smt: the %lld CPUs of a node are not a multiple of %lld threads"),
			   (long long)(n_cpus / n_nodes), (long long)threads);
		return -EINVAL;
	}
	scenario->n_cpus = (uint32_t)n_cpus;
	scenario->n_nodes = (uint32_t)n_nodes;
	scenario->threads = (uint32_t)threads;
	return 0;
}

static int read_document(struct scenario *scenario, const struct reader *reader)
{
	static const char *const known[] = {"cpus", "nodes", "smt",    "noise",   "seconds",
					    "seed", "irqs",  "events", "comment", NULL};
	int64_t seed = 1;
	int r = check_fields(reader, known);

	if (r == 0)
		r = read_shape(scenario, reader);
	if (r == 0)
		r = read_number(reader, "noise", 0, 1, &scenario->noise);
	if (r == 0)
		r = read_number(reader, "seconds", 1, SCENARIO_SECONDS_MAX, &scenario->seconds);
	if (r == 0)
		r = read_whole(reader, "seed", 0, (int64_t)1 << 53, &seed);
	scenario->seed = (uint64_t)seed;
	if (r == 0)
		r = read_irqs(scenario, reader);
	if (r == 0)
		r = read_events(scenario, reader);
	return r;
}

int scenario_parse(const char *text, size_t len, struct scenario *ret, struct buf *error)
{
	struct scenario scenario = {.seconds = 60};
	json_error_t where;
	json_t *document = json_loadb(text, len, JSON_REJECT_DUPLICATES, &where);
	const struct reader reader = {.object = document, .path = "", .error = error};
	int r;

	if (!document) {
		buf_printf(error, _("line %d, column %d: %s"), where.line, where.column,
			   where.text);
		return json_error_code(&where) == json_error_out_of_memory ? -ENOMEM : -EINVAL;
	}
	if (json_is_object(document)) {
		r = read_document(&scenario, &reader);
	} else {
		buf_printf(error, _("a scenario is one JSON object"));
		r = -EINVAL;
	}
	json_decref(document);
	if (r < 0) {
		scenario_done(&scenario);
		return r;
	}
	*ret = scenario;
	return 0;
}

void scenario_done(struct scenario *scenario)
{
	free(scenario->irqs);
	free(scenario->events);
	free(scenario->phases);
	free(scenario->rates);
	*scenario = (struct scenario){0};
}
