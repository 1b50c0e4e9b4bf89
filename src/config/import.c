/* SPDX-License-Identifier: BSD-2-Clause */
#include "config/import.h"

#include <errno.h>
#include <string.h>

#include "base/array.h"
#include "base/cpuset.h"
#include "base/i18n.h"
#include "base/macros.h"
#include "base/number.h"
#include "base/text.h"
#include "config/envfile.h"
#include "config/import_internal.h"
#include "parse/cpulist.h"

static int add_item(struct import *import, const struct import_item *item)
{
	struct arena *strings = &import->strings;
	struct import_item copy = *item;

	if (ARRAY_RESERVE(import->items, import->n + 1, import->cap) < 0)
		return -ENOMEM;
	copy.from = arena_strdup(strings, item->from);
	if (item->section) {
		copy.section = arena_strdup(strings, item->section);
		copy.key = arena_strdup(strings, item->key);
		copy.value = arena_strdup(strings, item->value);
	}
	if (!copy.from || (item->section && !(copy.section && copy.key && copy.value)))
		return -ENOMEM;
	import->items[import->n++] = copy;
	return 0;
}

int import_set(struct import *import, uint32_t line, const char *from, const char *section,
	       const char *key, const char *value, const char *why)
{
	for (size_t i = 0; i < import->n; i++) {
		struct import_item *old = &import->items[i];

		if (!old->section || strcmp(old->section, section) != 0 ||
		    strcmp(old->key, key) != 0)
			continue;
		old->section = old->key = old->value = NULL;
		old->why = N_("a later setting takes its place");
	}
	return add_item(import, &(const struct import_item){.line = line,
							    .from = from,
							    .section = section,
							    .key = key,
							    .value = value,
							    .why = why});
}

int import_remark(struct import *import, uint32_t line, const char *from, const char *why,
		  bool lost)
{
	return add_item(import, &(const struct import_item){
					.line = line, .from = from, .why = why, .lost = lost});
}

int import_ban_irq(struct import *import, uint32_t line, const char *from, const char *number)
{
	_cleanup_(buf_done) struct buf section = {0};
	uint64_t irq;

	if (number_parse(number, INT32_MAX, &irq) < 0)
		return import_remark(import, line, from, N_("this is no number of an interrupt"),
				     true);
	if (buf_printf(&section, "irq %s", number) < 0)
		return -ENOMEM;
	return import_set(import, line, from, buf_text(&section), "ignore", "yes",
			  N_("a number may mean another interrupt after the next boot: a handler's "
			     "name, [device NAME] or [driver NAME] lasts"));
}

static int import_oneshot(struct import *import, uint32_t line, const char *from, const char *value)
{
	(void)value;
	return import_remark(import, line, from,
			     N_("to balance once and exit is no setting: irqctl daemon --once, or "
				"irqctl plan --apply"),
			     true);
}

static int import_old_oneshot(struct import *import, uint32_t line, const char *from,
			      const char *value)
{
	if (strcmp(value, "0") == 0 || !*value)
		return import_remark(import, line, from, N_("as irqctl does"), false);
	return import_oneshot(import, line, from, value);
}

static int import_enabled(struct import *import, uint32_t line, const char *from, const char *value)
{
	(void)value;
	return import_remark(import, line, from,
			     N_("whether the daemon starts is told to the init system: systemctl "
				"enable irqctl, or sysrc irqctl_enable=YES"),
			     false);
}

static int import_debug(struct import *import, uint32_t line, const char *from, const char *value)
{
	(void)value;
	return import_set(import, line, from, "global", "log_level", "debug",
			  N_("the daemon is in the foreground anyway"));
}

/* Names of old versions: numbers with blanks between them. */
static int import_interrupts(struct import *import, uint32_t line, const char *from,
			     const char *value)
{
	_cleanup_free_ char *copy = strdup(value);
	char *rest = copy, *word;
	int r = copy ? 0 : -ENOMEM;

	(void)from;
	while (r == 0 && (word = strsep(&rest, " \t\n,"))) {
		_cleanup_(buf_done) struct buf one = {0};

		if (!*word)
			continue;
		r = buf_printf(&one, "IRQBALANCE_BANNED_INTERRUPTS: %s", word);
		if (r == 0)
			r = import_ban_irq(import, line, buf_text(&one), word);
	}
	return r;
}

/* A list of banned CPUs replaces irqbalance's default, which is to ban the isolated ones. */
static int ban_cpus(struct import *import, uint32_t line, const char *from,
		    const struct cpuset *set)
{
	static const char why[] =
		N_("with a list of its own, irqbalance serves interrupts on isolated CPUs that the "
		   "list does not name; remove this line to keep them free");
	_cleanup_(buf_done) struct buf list = {0};
	int r = cpuset_format(set, &list);

	if (r == 0)
		r = import_set(import, line, from, "cpus", "ban", buf_text(&list), NULL);
	if (r == 0)
		r = import_set(import, line, from, "cpus", "isolated", "use", why);
	if (r == 0)
		r = import_set(import, line, from, "cpus", "nohz_full", "use", N_("the same"));
	return r;
}

static int import_cpulist(struct import *import, uint32_t line, const char *from, const char *value)
{
	_cleanup_(cpuset_done) struct cpuset set = {0};
	int r = cpulist_parse(value, strlen(value), &set);

	if (r == -ENOMEM)
		return r;
	if (r < 0)
		return import_remark(import, line, from, N_("this is no list of CPUs"), true);
	return ban_cpus(import, line, from, &set);
}

static int import_cpumask(struct import *import, uint32_t line, const char *from, const char *value)
{
	_cleanup_(cpuset_done) struct cpuset set = {0};
	const char *mask = text_has_prefix(value, "0x") ? value + 2 : value;
	int r;

	if (!*value)
		return import_remark(import, line, from,
				     N_("empty, which is as if it were not there"), false);
	r = cpumask_parse(mask, strlen(mask), &set);
	if (r == -ENOMEM)
		return r;
	if (r < 0)
		return import_remark(import, line, from, N_("this is no hexadecimal mask of CPUs"),
				     true);
	return ban_cpus(import, line, from, &set);
}

static int import_args(struct import *import, uint32_t line, const char *from, const char *value)
{
	(void)from;
	return import_options(import, line, value);
}

struct variable {
	const char *name;
	int (*take)(struct import *import, uint32_t line, const char *from, const char *value);
};

/* OPTIONS, ENABLED and ONESHOT are of the init scripts of Debian and others. */
static const struct variable variables[] = {
	{"OPTIONS", import_args},
	{"IRQBALANCE_ARGS", import_args},
	{"IRQBALANCE_BANNED_CPULIST", import_cpulist},
	{"IRQBALANCE_BANNED_CPUS", import_cpumask},
	{"IRQBALANCE_BANNED_INTERRUPTS", import_interrupts},
	{"IRQBALANCE_DEBUG", import_debug},
	{"IRQBALANCE_ONESHOT", import_oneshot},
	{"ONESHOT", import_old_oneshot},
	{"ENABLED", import_enabled},
};

static const struct variable *find_variable(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(variables); i++) {
		if (strcmp(variables[i].name, name) == 0)
			return &variables[i];
	}
	return NULL;
}

/* irqbalance does not look at the list where it has a mask. */
static bool is_hidden(const struct env_file *file, const struct env_line *line)
{
	const struct env_line *mask = env_file_find(file, "IRQBALANCE_BANNED_CPUS");

	return mask && *mask->value && strcmp(line->name, "IRQBALANCE_BANNED_CPULIST") == 0;
}

static int import_variable(struct import *import, const struct env_file *file,
			   const struct env_line *line, const char *from)
{
	const struct variable *variable = find_variable(line->name);

	if (!variable && text_has_prefix(line->name, "IRQBALANCE_"))
		return import_remark(import, line->line, from,
				     N_("irqbalance 1.9 has no such setting"), true);
	if (!variable)
		return import_remark(import, line->line, from,
				     N_("this is no setting of irqbalance"), false);
	if (env_file_find(file, line->name) != line)
		return import_remark(import, line->line, from,
				     N_("a later setting takes its place"), false);
	if (is_hidden(file, line))
		return import_remark(import, line->line, from,
				     N_("IRQBALANCE_BANNED_CPUS goes before it"), false);
	if (line->needs_shell)
		return import_remark(import, line->line, from,
				     N_("only a shell could tell what this means; write the value "
					"itself and import again"),
				     true);
	return variable->take(import, line->line, from, line->value);
}

static int import_line(struct import *import, const struct env_file *file,
		       const struct env_line *line)
{
	_cleanup_(buf_done) struct buf from = {0};

	if (!line->name)
		return import_remark(import, line->line, line->value,
				     N_("no assignment: a shell might run it, irqctl does not"),
				     true);
	if (buf_printf(&from, "%s=%s", line->name, line->value) < 0)
		return -ENOMEM;
	return import_variable(import, file, line, buf_text(&from));
}

int import_parse(const char *text, size_t len, struct import *ret)
{
	_cleanup_(env_file_done) struct env_file file = {0};
	struct import import = {0};
	int r = env_file_parse(text, len, &file);

	for (size_t i = 0; i < file.n && r == 0; i++)
		r = import_line(&import, &file, &file.lines[i]);
	if (r < 0)
		import_done(&import);
	else
		*ret = import;
	return r;
}

void import_done(struct import *import)
{
	free(import->items);
	arena_done(&import->strings);
	*import = (struct import){0};
}
