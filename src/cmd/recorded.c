/* SPDX-License-Identifier: BSD-2-Clause */
/* --recording FILE and --at TIME. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "base/i18n.h"
#include "base/macros.h"
#include "base/number.h"
#include "base/text.h"
#include "cmd/verbs.h"
#include "source/recording.h"

#define NS_PER_S UINT64_C(1000000000)

/* Seconds since 1970 of a local time; 0 where it is not written as one. */
static uint64_t parse_local(const char *text)
{
	static const char *const forms[] = {"%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S",
					    "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d"};

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		struct tm tm = {.tm_isdst = -1};
		const char *end = strptime(text, forms[i], &tm);
		time_t seconds = end && !*end ? mktime(&tm) : -1;

		if (seconds > 0)
			return (uint64_t)seconds;
	}
	return 0;
}

static int parse_time(const char *text, const struct recording_span *span, uint64_t *ret_ns)
{
	uint64_t seconds;

	if (*text == '+' || *text == '@') {
		if (number_parse(text + 1, INT64_MAX / NS_PER_S, &seconds) < 0)
			return -EINVAL;
		*ret_ns = add_saturated(seconds * NS_PER_S, *text == '+' ? span->first_ns : 0);
		return 0;
	}
	seconds = parse_local(text);
	/* a second has begun when it is named, and what came in it belongs to it */
	*ret_ns = add_saturated(seconds * NS_PER_S, NS_PER_S - 1);
	return seconds ? 0 : -EINVAL;
}

static void format_time(uint64_t time_ns, char *to, size_t size)
{
	time_t seconds = (time_t)(time_ns / NS_PER_S);
	struct tm tm;

	*to = '\0';
	if (localtime_r(&seconds, &tm))
		strftime(to, size, "%Y-%m-%d %H:%M:%S", &tm);
}

static int before_first(const struct context *context, const struct recording_span *span)
{
	char first[64], last[64];

	format_time(span->first_ns, first, sizeof(first));
	format_time(span->last_ns, last, sizeof(last));
	complain(_("--at: '%s' is before the recording '%s', which is from %s to %s"), context->at,
		 context->recording, first, last);
	return EXIT_USAGE;
}

static int seek(const struct context *context, struct source *source)
{
	const struct recording_span *span = recording_span(source);
	uint64_t time_ns;
	int r = parse_time(context->at, span, &time_ns);

	if (r < 0) {
		complain(_("--at: '%s' is no time: give 'YYYY-MM-DD HH:MM:SS', @SECONDS since "
			   "1970, or +SECONDS from the start of the recording"),
			 context->at);
		return EXIT_USAGE;
	}
	if (time_ns < span->first_ns)
		return before_first(context, span);
	r = source_seek(source, time_ns);
	if (r < 0)
		complain("%s: %s", context->recording, strerror(-r));
	return r < 0 ? EXIT_USAGE : 0;
}

static int open_recording(const struct context *context, struct source **ret_source)
{
	_cleanup_(buf_done) struct buf error = {0};
	struct source *source;
	int r = recording_open(context->recording, &source, &error);

	if (r == -ENOMEM)
		return out_of_memory();
	if (r < 0) {
		complain(_("--recording: %s"), error.len ? buf_text(&error) : strerror(-r));
		return EXIT_USAGE;
	}
	r = context->at ? seek(context, source) : 0;
	if (r) {
		source_close(source);
		return r;
	}
	*ret_source = source;
	return 0;
}

int begin_recording(struct context *context, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	context->open = open_recording;
	return -1;
}
