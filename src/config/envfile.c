/* SPDX-License-Identifier: BSD-2-Clause */
#include "config/envfile.h"

#include <errno.h>
#include <string.h>

#include "base/array.h"
#include "base/buf.h"
#include "base/macros.h"
#include "base/text.h"

struct env_reader {
	const char *at, *end;
	uint32_t line;
	struct env_file *file;
	struct buf word;
	bool needs_shell;
};

static bool is_name(char c, bool first)
{
	return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (!first && is_digit(c));
}

static bool at_end(const struct env_reader *reader)
{
	return reader->at == reader->end;
}

/* The next byte, counting lines. */
static char take(struct env_reader *reader)
{
	char c = *reader->at++;

	reader->line += c == '\n';
	return c ? c : ' ';
}

static int put(struct env_reader *reader, char c)
{
	return buf_putc(&reader->word, c);
}

/* Behind a backslash: a newline vanishes with it. `only`: what it quotes; NULL: everything. */
static int take_escaped(struct env_reader *reader, const char *only)
{
	char c;

	if (at_end(reader))
		return put(reader, '\\');
	c = take(reader);
	if (c == '\n')
		return 0;
	if (only && !strchr(only, c)) {
		int r = put(reader, '\\');

		if (r < 0)
			return r;
	}
	return put(reader, c);
}

/* Behind an opening quote. */
static int take_quoted(struct env_reader *reader, char quote)
{
	while (!at_end(reader)) {
		char c = take(reader);
		int r;

		if (c == quote)
			return 0;
		if (quote == '"' && (c == '$' || c == '`'))
			reader->needs_shell = true;
		r = quote == '"' && c == '\\' ? take_escaped(reader, "$`\"\\") : put(reader, c);
		if (r < 0)
			return r;
	}
	reader->needs_shell = true;
	return 0;
}

static void skip_line(struct env_reader *reader)
{
	while (!at_end(reader) && *reader->at != '\n')
		reader->at++;
}

/* The value behind '=', without the blanks at its end. */
static int take_value(struct env_reader *reader)
{
	size_t keep = 0; /* quoted blanks stay */
	bool spaced = false;
	int r = 0;

	while (r == 0 && !at_end(reader) && *reader->at != '\n' && *reader->at != ';') {
		char c = take(reader);

		if (c == '#' && spaced) {
			skip_line(reader);
			break;
		}
		spaced = is_blank(c);
		if (spaced && !reader->word.len)
			continue;
		if (c == '\'' || c == '"')
			r = take_quoted(reader, c);
		else if (c == '\\')
			r = take_escaped(reader, NULL);
		else
			r = put(reader, c);
		if (!spaced)
			keep = reader->word.len;
		reader->needs_shell = reader->needs_shell || (strchr("$`&|<>(", c) != NULL);
	}
	if (reader->word.len > keep)
		buf_cut(&reader->word, keep);
	return r;
}

static int add_line(struct env_reader *reader, uint32_t line, const char *name, size_t name_len)
{
	struct env_file *file = reader->file;
	struct env_line *to;

	if (ARRAY_RESERVE(file->lines, file->n + 1, file->cap) < 0)
		return -ENOMEM;
	to = &file->lines[file->n];
	*to = (struct env_line){
		.line = line,
		.name = name ? arena_strndup(&file->strings, name, name_len) : NULL,
		.value = arena_strdup(&file->strings, buf_text(&reader->word)),
		.needs_shell = reader->needs_shell,
	};
	if (!to->value || (name && !to->name))
		return -ENOMEM;
	file->n++;
	return 0;
}

/* "export " before an assignment says nothing new. */
static void skip_export(struct env_reader *reader)
{
	static const char word[] = "export";
	size_t n = sizeof(word) - 1;

	if ((size_t)(reader->end - reader->at) <= n || memcmp(reader->at, word, n) != 0 ||
	    !is_blank(reader->at[n]))
		return;
	reader->at += n;
	while (!at_end(reader) && is_blank(*reader->at))
		reader->at++;
}

static size_t name_length(const struct env_reader *reader)
{
	const char *p = reader->at;

	while (p < reader->end && is_name(*p, p == reader->at))
		p++;
	return (size_t)(p - reader->at);
}

static int take_statement(struct env_reader *reader)
{
	const char *name;
	uint32_t line = reader->line;
	size_t len;
	int r;

	skip_export(reader);
	name = reader->at;
	len = name_length(reader);
	buf_cut(&reader->word, 0);
	reader->needs_shell = false;
	if (!len || name + len == reader->end || name[len] != '=') {
		r = 0;
		while (r == 0 && !at_end(reader) && *reader->at != '\n')
			r = put(reader, take(reader));
		return r < 0 ? r : add_line(reader, line, NULL, 0);
	}
	reader->at += len + 1;
	r = take_value(reader);
	return r < 0 ? r : add_line(reader, line, name, len);
}

int env_file_parse(const char *text, size_t len, struct env_file *ret)
{
	struct env_reader reader = {.at = text, .end = text + len, .line = 1, .file = ret};
	int r = buf_puts(&reader.word, "");

	*ret = (struct env_file){0};
	while (r == 0 && !at_end(&reader)) {
		char c = *reader.at;

		if (c == '\n' || c == ';' || c == '\0' || is_blank(c))
			take(&reader);
		else if (c == '#')
			skip_line(&reader);
		else
			r = take_statement(&reader);
	}
	buf_done(&reader.word);
	return r;
}

const struct env_line *env_file_find(const struct env_file *file, const char *name)
{
	for (size_t i = file->n; i > 0; i--) {
		const struct env_line *line = &file->lines[i - 1];

		if (line->name && strcmp(line->name, name) == 0)
			return line;
	}
	return NULL;
}

void env_file_done(struct env_file *file)
{
	free(file->lines);
	arena_done(&file->strings);
	*file = (struct env_file){0};
}
