/* SPDX-License-Identifier: BSD-2-Clause */
#include "daemon/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "view/table.h"

static enum config_log_level max_level = CONFIG_LOG_INFO;
static bool for_journal;

void log_init(enum config_log_level level)
{
	max_level = level;
	for_journal = getenv("JOURNAL_STREAM") != NULL;
}

void log_line(enum config_log_level level, const char *fmt, ...)
{
	static const char *const prefixes[] = {
		[CONFIG_LOG_ERROR] = "<3>",
		[CONFIG_LOG_WARNING] = "<4>",
		[CONFIG_LOG_INFO] = "<6>",
		[CONFIG_LOG_DEBUG] = "<7>",
	};
	_cleanup_(buf_done) struct buf clean = {0};
	_cleanup_(buf_done) struct buf text = {0};
	va_list args;
	int r;

	if (level > max_level)
		return;
	va_start(args, fmt);
	r = buf_vprintf(&text, fmt, args);
	va_end(args);
	if (r == 0)
		r = text_printable(buf_text(&text), &clean);
	if (r < 0)
		return;
	fprintf(stderr, "%sirqctl: %s\n", for_journal ? prefixes[level] : "", buf_text(&clean));
}

void log_lines(enum config_log_level level, const char *text)
{
	const char *line;
	size_t len;

	while ((line = text_line(&text, &len)))
		log_line(level, "%.*s", (int)len, line);
}
