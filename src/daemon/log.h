/* SPDX-License-Identifier: BSD-2-Clause */
/* The daemon's words, on stderr; with the journal's prefixes (sd-daemon(3)) where it reads them. */
#pragma once

#include "base/macros.h"
#include "config/config.h"

/* Levels above this one are not written. */
void log_init(enum config_log_level level);
void log_line(enum config_log_level level, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Each line of a text as one of its own. */
void log_lines(enum config_log_level level, const char *text);

#define log_error(...)   log_line(CONFIG_LOG_ERROR, __VA_ARGS__)
#define log_warning(...) log_line(CONFIG_LOG_WARNING, __VA_ARGS__)
#define log_info(...)    log_line(CONFIG_LOG_INFO, __VA_ARGS__)
#define log_debug(...)   log_line(CONFIG_LOG_DEBUG, __VA_ARGS__)
