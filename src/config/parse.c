/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The INI dialect of inih: comments with # or ; in lines of their own, or " ;" behind a value, and
 * indented lines that continue a value.
 *
 * inih reads lines through next_line(), which does what a library of fixed buffers cannot: it
 * counts the lines (the handler of Debian's build gets no number), keeps the headers of sections to
 * itself (inih would cut them at 49 bytes, and at the first ']' of a glob), and finds the lines
 * that inih would silently cut or skip.
 */
#include <errno.h>
#include <ini.h>
#include <stdarg.h>
#include <string.h>

#include "base/array.h"
#include "base/i18n.h"
#include "base/macros.h"
#include "base/text.h"
#include "config/keys.h"

#define NO_SCOPE     (-1) /* before the first header */
#define BROKEN_SCOPE (-2) /* behind a header that means nothing: its keys cannot be judged */
#define N_KEYS_MAX   64u

struct parser {
	const char *at, *end;
	const char *name;
	struct config config;
	struct buf *errors;
	int failed; /* -ENOMEM */
	uint32_t line;
	bool in_value;  /* a key was read in this section: an indented line goes on with it */
	bool unread;    /* the line was handed to inih, which has not called back yet */
	bool continued; /* the line goes on with the value of the one before */
	int scope;      /* enum config_scope, or one of the two above */
	/* the value that may still go on */
	const struct config_key *key;
	uint32_t key_line;
	struct buf value;
	uint32_t seen[N_KEYS_MAX]; /* lines where the keys of this section, or of [global] and
				      [cpus], were set; 0: not yet */
};

static PRINTF_LIKE(3, 4) void report(struct parser *parser, uint32_t line, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	if (buf_printf(parser->errors, "%s:%u: ", parser->name, line) < 0 ||
	    buf_vprintf(parser->errors, fmt, args) < 0 || buf_putc(parser->errors, '\n') < 0)
		parser->failed = -ENOMEM;
	va_end(args);
}

static struct config_section *last_section(struct parser *parser)
{
	return parser->config.n_sections ? &parser->config.sections[parser->config.n_sections - 1]
					 : NULL;
}

/* " 0-3 , 8," -> "0-3,8": items may be spaced, and a list may break behind its comma. */
static void tidy_list(struct buf *list)
{
	size_t n = 0;

	for (size_t i = 0; i < list->len; i++) {
		char c = list->data[i];

		if (c == ',') {
			while (n && is_blank(list->data[n - 1]))
				n--;
			if (n && list->data[n - 1] == ',')
				continue;
		} else if (is_blank(c) && (!n || list->data[n - 1] == ',')) {
			continue;
		}
		list->data[n++] = c;
	}
	while (n && (is_blank(list->data[n - 1]) || list->data[n - 1] == ','))
		n--;
	buf_cut(list, n);
}

/* Two keys of one section that decide the same thing. */
static bool contradicts(struct parser *parser, const struct config_section *section)
{
	const char *pair = NULL;

	if (parser->key->slot == CONFIG_PLACE && section->cpus && section->pin)
		pair = _("'cpus' and 'pin' exclude each other");
	else if (section->policy == CONFIG_IGNORE && (section->slots & 1u << CONFIG_IGNORED) &&
		 !section->ignore)
		pair = _("'ignore = no' and 'policy = ignore' exclude each other");
	if (pair)
		report(parser, parser->key_line, _("%s in one section; remove one of them"), pair);
	return pair;
}

static void note_slot(struct parser *parser, struct config_section *section)
{
	if (contradicts(parser, section)) {
		if (section->policy == CONFIG_IGNORE)
			section->policy = CONFIG_NODE_FIRST;
		return;
	}
	section->slots |= 1u << parser->key->slot;
	if (section->policy == CONFIG_IGNORE) {
		section->slots &= ~(1u << CONFIG_POLICY);
		section->slots |= 1u << CONFIG_IGNORED;
		section->ignore = true;
	}
}

/* Where a list stands: whether the machine has these CPUs is only known later. */
static void note_line(struct parser *parser, struct config_section *section)
{
	const struct config_key *key = parser->key;
	char *in = key->scope == CONFIG_IRQ ? (char *)section : (char *)&parser->config;

	if (key->type == CONFIG_TYPE_CPUS)
		memcpy(in + key->line, &parser->key_line, sizeof(parser->key_line));
}

/* Takes the value that is complete now. */
static void end_value(struct parser *parser)
{
	_cleanup_(buf_done) struct buf error = {0};
	const struct config_key *key = parser->key;
	struct config_section *section = last_section(parser);
	int r;

	if (!key)
		return;
	if (key->type == CONFIG_TYPE_CPUS)
		tidy_list(&parser->value);
	r = config_key_set(key, buf_text(&parser->value), &parser->config, section, &error);
	if (r == 0)
		note_line(parser, section);
	if (r == -ENOMEM)
		parser->failed = r;
	else if (r < 0)
		report(parser, parser->key_line, "%s: %s%s", key->name, buf_text(&error),
		       strstr(buf_text(&parser->value), " #")
			       ? _("; a comment needs a line of its own")
			       : "");
	else if (key->scope == CONFIG_IRQ)
		note_slot(parser, section);
	parser->key = NULL;
}

static const char *const scope_names[] = {"global", "cpus", "driver", "device", "irq"};

const char *config_scope_name(enum config_scope scope)
{
	return scope_names[scope];
}

/* The scope called so; where there is none, -1 and the nearest in *near. */
static int find_scope(const char *word, int *near)
{
	*near = BROKEN_SCOPE;
	for (int i = 0; i < (int)ARRAY_SIZE(scope_names); i++) {
		if (strcmp(scope_names[i], word) == 0)
			return i;
		if (*near < 0 && text_is_near(scope_names[i], word))
			*near = i;
	}
	return -1;
}

static void unknown_section(struct parser *parser, const char *word, int near)
{
	if (near >= 0)
		report(parser, parser->line, _("unknown section [%s]; did you mean [%s%s]?"), word,
		       scope_names[near], near > CONFIG_CPUS ? " NAME" : "");
	else
		report(parser, parser->line,
		       _("unknown section [%s]; there are [global], [cpus], [irq NAME], "
			 "[device NAME] and [driver NAME]"),
		       word);
}

static void add_section(struct parser *parser, const char *glob)
{
	struct config *config = &parser->config;
	struct config_section section = {
		.scope = (enum config_scope)parser->scope,
		.glob = arena_strdup(&config->strings, glob),
		.line = parser->line,
		.policy = CONFIG_NODE_FIRST,
		.weight = 1,
		.node = "auto",
	};

	if (!section.glob ||
	    ARRAY_RESERVE(config->sections, config->n_sections + 1, config->cap_sections) < 0) {
		parser->failed = -ENOMEM;
		return;
	}
	config->sections[config->n_sections++] = section;
	for (size_t i = 0; config_keys[i].name; i++) {
		if (config_keys[i].scope == CONFIG_IRQ)
			parser->seen[i] = 0;
	}
}

/* What stands between the brackets: "irq eth0-*". */
static void begin_section(struct parser *parser, char *text)
{
	size_t len = strcspn(text, " \t");
	char *glob = text + len + strspn(text + len, " \t");
	int near;

	text[len] = '\0';
	parser->scope = find_scope(text, &near);
	if (parser->scope < 0) {
		unknown_section(parser, text, near);
		parser->scope = near; /* the keys below it are judged all the same */
	} else if (parser->scope > CONFIG_CPUS && !*glob) {
		report(parser, parser->line, _("[%s] needs a name: [%s %s]"), text, text,
		       parser->scope == CONFIG_IRQ      ? "eth0-TxRx-*"
		       : parser->scope == CONFIG_DEVICE ? "eth0"
							: "ixgbe");
	} else if (parser->scope >= 0 && parser->scope <= CONFIG_CPUS && *glob) {
		report(parser, parser->line, _("[%s] takes no name, but '%s' stands there"), text,
		       glob);
	}
	if (parser->scope > CONFIG_CPUS)
		add_section(parser, glob);
}

/* The end of a header: the bracket that closes the first one, as globs have some too. */
static const char *closing_bracket(const char *text)
{
	size_t depth = 0;

	for (; *text; text++) {
		if (*text == '\\' && text[1])
			text++;
		else if (*text == '[')
			depth++;
		else if (*text == ']' && --depth == 0)
			return text;
	}
	return NULL;
}

static void read_header(struct parser *parser, const char *line)
{
	const char *close = closing_bracket(line), *rest = close ? close + 1 : line;
	_cleanup_free_ char *text = NULL;

	end_value(parser);
	parser->in_value = false;
	rest += strspn(rest, " \t\r");
	if (!close || (*rest && *rest != ';' && *rest != '#')) {
		report(parser, parser->line,
		       _("'%s' is no section; write [global], [cpus] or [irq NAME]"), line);
		parser->scope = BROKEN_SCOPE;
		return;
	}
	line += 1 + strspn(line + 1, " \t");
	while (close > line && is_blank(close[-1]))
		close--;
	text = strndup(line, (size_t)(close - line));
	if (text)
		begin_section(parser, text);
	else
		parser->failed = -ENOMEM;
}

static void unknown_key(struct parser *parser, const char *name)
{
	int scope = parser->scope > CONFIG_CPUS ? CONFIG_IRQ : parser->scope;
	const char *near = NULL;

	for (const struct config_key *key = config_keys; key->name; key++) {
		if (strcmp(key->name, name) == 0) {
			report(parser, parser->line, _("'%s' belongs below [%s%s]"), name,
			       config_scope_name(key->scope),
			       key->scope == CONFIG_IRQ ? " NAME" : "");
			return;
		}
		if ((int)key->scope == scope && !near && text_is_near(key->name, name))
			near = key->name;
	}
	if (near)
		report(parser, parser->line, _("unknown key '%s'; did you mean '%s'?"), name, near);
	else
		report(parser, parser->line, _("unknown key '%s'; irqctl.conf(5) lists them"),
		       name);
}

static void begin_value(struct parser *parser, const char *name, const char *value)
{
	const struct config_key *key;
	uint32_t *seen;

	end_value(parser);
	parser->in_value = true;
	if (parser->scope == BROKEN_SCOPE)
		return;
	key = parser->scope >= 0 ? config_key_find((enum config_scope)parser->scope, name) : NULL;
	if (!key) {
		unknown_key(parser, name);
		return;
	}
	seen = &parser->seen[key - config_keys];
	if (*seen) {
		report(parser, parser->line,
		       _("'%s' was set in line %u already; remove one of them"), name, *seen);
		return;
	}
	*seen = parser->key_line = parser->line;
	parser->key = key;
	buf_cut(&parser->value, 0);
	if (buf_puts(&parser->value, value) < 0)
		parser->failed = -ENOMEM;
}

static int handle(void *user, const char *section, const char *name, const char *value)
{
	struct parser *parser = user;

	(void)section;
	parser->unread = false;
	if (!value) /* builds of inih may allow keys without '=' */
		value = "";
	if (!parser->continued)
		begin_value(parser, name, value);
	else if (parser->key && buf_printf(&parser->value, ",%s", value) < 0)
		parser->failed = -ENOMEM;
	return 1;
}

/* The value before it ends, so that errors come in the order of the lines. */
static void refuse_line(struct parser *parser, const char *why)
{
	end_value(parser);
	report(parser, parser->line, "%s", why);
}

/* inih said nothing about the line before: it found no key in it. */
static void check_unread(struct parser *parser)
{
	if (parser->unread && parser->scope != BROKEN_SCOPE)
		refuse_line(parser, _("this is neither [SECTION] nor KEY = VALUE"));
	parser->unread = false;
}

/* What inih gets to see of a line; NULL: nothing. */
static const char *take_line(struct parser *parser, const char *line, size_t len, size_t room)
{
	size_t indent = strspn(line, " \t\r");
	const char *text = line + indent;

	parser->continued = false;
	if (strlen(line) < len) {
		refuse_line(parser, _("a NUL byte; this is no text"));
		return NULL;
	}
	if (!*text || *text == '#' || *text == ';')
		return NULL;
	if (*text == '[') {
		read_header(parser, text);
		return NULL;
	}
	if (len + 2 > room) {
		end_value(parser);
		report(parser, parser->line,
		       _("the line is longer than %zu bytes; a list may go on in the next line, "
			 "indented"),
		       room - 2);
		return NULL;
	}
	parser->unread = true;
	parser->continued = indent && parser->in_value && !strchr(text, '=');
	return parser->continued ? line : text;
}

/* An fgets() for inih: the next line in `str`, or NULL at the end. */
static char *next_line(char *str, int num, void *user)
{
	struct parser *parser = user;
	_cleanup_free_ char *copy = NULL;
	const char *newline, *text;
	size_t len;

	check_unread(parser);
	if (parser->at == parser->end || parser->failed)
		return NULL;
	newline = memchr(parser->at, '\n', (size_t)(parser->end - parser->at));
	len = (size_t)((newline ? newline : parser->end) - parser->at);
	copy = malloc(len + 1);
	if (!copy) {
		parser->failed = -ENOMEM;
		return NULL;
	}
	memcpy(copy, parser->at, len);
	copy[len] = '\0';
	parser->at += len + (newline != NULL);
	parser->line++;
	text = take_line(parser, copy, len, (size_t)num);
	snprintf(str, (size_t)num, "%s\n", text ? text : "");
	return str;
}

static void skip_byte_order_mark(struct parser *parser)
{
	if (parser->end - parser->at >= 3 && memcmp(parser->at, "\xef\xbb\xbf", 3) == 0)
		parser->at += 3;
}

int config_parse(const char *text, size_t len, const char *name, struct config *ret,
		 struct buf *errors)
{
	struct parser parser = {
		.at = text, .end = text + len, .name = name, .errors = errors, .scope = NO_SCOPE};
	size_t before = errors->len;
	int r = config_defaults(&parser.config);

	if (r < 0)
		return r;
	parser.config.name = arena_strdup(&parser.config.strings, name);
	if (!parser.config.name)
		parser.failed = -ENOMEM;
	skip_byte_order_mark(&parser);
	if (ini_parse_stream(next_line, &parser, handle, &parser) == -2)
		parser.failed = -ENOMEM;
	end_value(&parser);
	buf_done(&parser.value);
	r = parser.failed ? parser.failed : errors->len > before ? -EINVAL : 0;
	if (r < 0)
		config_done(&parser.config);
	else
		*ret = parser.config;
	return r;
}
