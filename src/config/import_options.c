/* SPDX-License-Identifier: BSD-2-Clause */
/* The options of irqbalance(1), and those that it once had. */
#include <errno.h>
#include <string.h>

#include "base/i18n.h"
#include "base/macros.h"
#include "base/number.h"
#include "base/text.h"
#include "config/import_internal.h"

struct irqbalance_option {
	char letter; /* 0: none */
	const char *name;
	bool has_value;
	/* either a function, or a setting, or only a remark */
	int (*take)(struct import *import, uint32_t line, const char *from, const char *value);
	const char *section, *key, *value;
	const char *why;
	bool lost;
};

static int take_interval(struct import *import, uint32_t line, const char *from, const char *value)
{
	uint64_t seconds;

	if (number_parse(value, 86400, &seconds) < 0 || seconds == 0)
		return import_remark(import, line, from,
				     N_("this is no number of seconds from 1 to 86400"), true);
	return import_set(import, line, from, "global", "interval", value,
			  N_("'interval = auto' samples as often as the load asks for"));
}

static int take_power(struct import *import, uint32_t line, const char *from, const char *value)
{
	uint64_t cpus;

	if (text_has_prefix(value, "off"))
		return import_set(import, line, from, "global", "mode", "spread", NULL);
	if (number_parse(value, UINT32_MAX, &cpus) < 0)
		return import_remark(import, line, from, N_("neither a number of CPUs nor off"),
				     true);
	return import_set(import, line, from, "global", "mode", "pack",
			  N_("irqbalance frees one CPU at a time when that many are quiet; pack "
			     "uses as few cores as the load needs ('pack_fill'), whatever the "
			     "number"));
}

static int take_ban_irq(struct import *import, uint32_t line, const char *from, const char *value)
{
	return import_ban_irq(import, line, from, value);
}

static bool is_module_name(const char *name)
{
	static const char others[] = "_-.:@";

	if (!*name)
		return false;
	for (; *name; name++) {
		if (!is_digit(*name) && !(*name >= 'a' && *name <= 'z') &&
		    !(*name >= 'A' && *name <= 'Z') && !strchr(others, *name))
			return false;
	}
	return true;
}

/* irqbalance looks for the word anywhere in the driver's name and in those of the handlers. */
static int take_ban_module(struct import *import, uint32_t line, const char *from,
			   const char *value)
{
	_cleanup_(buf_done) struct buf driver = {0}, irq = {0};
	int r;

	if (!is_module_name(value))
		return import_remark(import, line, from, N_("this is no name of a module"), true);
	if (buf_printf(&driver, "driver *%s*", value) < 0 ||
	    buf_printf(&irq, "irq *%s*", value) < 0)
		return -ENOMEM;
	r = import_set(import, line, from, buf_text(&driver), "ignore", "yes",
		       N_("irqbalance takes any driver with this in its name"));
	if (r == 0)
		r = import_set(import, line, from, buf_text(&irq), "ignore", "yes",
			       N_("and any handler"));
	return r;
}

static int take_hints(struct import *import, uint32_t line, const char *from, const char *value)
{
	if (strcmp(value, "ignore") == 0)
		return import_remark(import, line, from, N_("as irqctl does"), false);
	return import_remark(import, line, from,
			     N_("irqbalance 1.9 has no such option; 'irqctl spread --policy hint' "
				"follows the hints of the drivers"),
			     true);
}

#define NO_SCRIPTS                                                                                 \
	N_("irqctl runs no scripts: ban=true is ignore = yes, numa_node=N is node = N, both "      \
	   "below "                                                                                \
	   "[irq NAME], [device NAME] or [driver NAME]; balance_level has no counterpart, "        \
	   "because "                                                                              \
	   "every interrupt is placed on a CPU")

static const struct irqbalance_option options[] = {
	{'o', "oneshot",
	 .why = N_("to balance once and exit is no setting: irqctl daemon --once, or irqctl plan "
		   "--apply"),
	 .lost = true},
	{'d', "debug", .section = "global", .key = "log_level", .value = "debug",
	 .why = N_("the daemon is in the foreground anyway")},
	{'f', "foreground", .why = N_("irqctl daemon always stays in the foreground")},
	{'j', "journal", .why = N_("irqctl daemon finds out whether the journal listens")},
	{'V', "version", .why = N_("this only shows the version")},
	{'s', "pid", true,
	 .why = N_("there is never a second daemon, and systemd knows the "
		   "process")},
	{'c', "deepestcache", true,
	 .why = N_("irqctl knows the last-level caches, and balances CPUs, not groups "
		   "of them")},
	{'e', "migrateval", true,
	 .why = N_("irqctl moves an interrupt only when the predicted gain is worth "
		   "it; 'moves_per_minute' is the limit")},
	{'l', "policyscript", true, .why = NO_SCRIPTS, .lost = true},
	{'b', "banscript", true, .why = NO_SCRIPTS, .lost = true},
	{'h', "hintpolicy", true, .take = take_hints},
	{'p', "powerthresh", true, .take = take_power},
	{'i', "banirq", true, .take = take_ban_irq},
	{'m', "banmod", true, .take = take_ban_module},
	{'t', "interval", true, .take = take_interval},
};

struct arguments {
	struct import *import;
	uint32_t line;
	char *rest; /* of the command line */
};

/* The next word, or NULL: neither systemd nor a shell looks for quotes inside of $IRQBALANCE_ARGS.
 */
static char *next_word(struct arguments *args)
{
	char *word;

	do
		word = strsep(&args->rest, " \t\n\r");
	while (word && !*word);
	return word;
}

static const struct irqbalance_option *by_letter(char letter)
{
	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		if (options[i].letter == letter)
			return &options[i];
	}
	return NULL;
}

/* The option called so, or the only one that begins so. */
static const struct irqbalance_option *by_name(const char *name, size_t len)
{
	const struct irqbalance_option *found = NULL;
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(options) && len; i++) {
		if (strncmp(options[i].name, name, len) != 0)
			continue;
		if (!options[i].name[len])
			return &options[i];
		found = &options[i];
		n++;
	}
	return n == 1 ? found : NULL;
}

static int unknown(struct arguments *args, const char *word)
{
	return import_remark(args->import, args->line, word, N_("irqbalance has no such option"),
			     true);
}

static int take_option(struct arguments *args, const struct irqbalance_option *option,
		       const char *value)
{
	_cleanup_(buf_done) struct buf from = {0};
	bool has_value = option->has_value && value;

	if (buf_printf(&from, "--%s%s%s", option->name, has_value ? "=" : "",
		       has_value ? value : "") < 0)
		return -ENOMEM;
	if (option->has_value && !value)
		return import_remark(args->import, args->line, buf_text(&from),
				     N_("its value is missing"), true);
	if (option->take)
		return option->take(args->import, args->line, buf_text(&from), value);
	if (option->section)
		return import_set(args->import, args->line, buf_text(&from), option->section,
				  option->key, option->value, option->why);
	return import_remark(args->import, args->line, buf_text(&from), option->why, option->lost);
}

static int take_long(struct arguments *args, const char *word)
{
	const char *name = word + 2, *equals = strchr(name, '=');
	size_t len = equals ? (size_t)(equals - name) : strlen(name);
	const struct irqbalance_option *option = by_name(name, len);

	if (!option || (equals && !option->has_value))
		return unknown(args, word);
	if (equals)
		return take_option(args, option, equals + 1);
	return take_option(args, option, option->has_value ? next_word(args) : NULL);
}

/* "-fd", "-i43", "-i 43" */
static int take_letters(struct arguments *args, const char *word)
{
	int r = 0;

	for (const char *p = word + 1; *p && r == 0; p++) {
		const struct irqbalance_option *option = by_letter(*p);

		if (!option)
			return unknown(args, word);
		if (option->has_value)
			return take_option(args, option, p[1] ? p + 1 : next_word(args));
		r = take_option(args, option, NULL);
	}
	return r;
}

int import_options(struct import *import, uint32_t line, const char *text)
{
	_cleanup_free_ char *copy = strdup(text);
	struct arguments args = {.import = import, .line = line, .rest = copy};
	const char *word;
	int r = copy ? 0 : -ENOMEM;

	while (r == 0 && (word = next_word(&args))) {
		if (strcmp(word, "--") == 0)
			break;
		if (text_has_prefix(word, "--"))
			r = take_long(&args, word);
		else if (*word == '-' && word[1])
			r = take_letters(&args, word);
		else
			r = import_remark(import, line, word,
					  N_("irqbalance ignores words that are no options"),
					  false);
	}
	return r;
}
