/* SPDX-License-Identifier: BSD-2-Clause */
#include "config/keys.h"

#include <errno.h>
#include <string.h>

#include "base/i18n.h"
#include "base/macros.h"
#include "base/number.h"
#include "base/places.h"
#include "base/text.h"
#include "topology/cpuspec.h"

/* sun_path of struct sockaddr_un: 104 bytes on FreeBSD, 108 on Linux. */
#define SOCKET_PATH_MAX 103

#define GLOBAL(key, what)                                                                          \
	.scope = CONFIG_GLOBAL, .name = key, .offset = offsetof(struct config, what)
#define CPUS(key, what) .scope = CONFIG_CPUS, .name = key, .offset = offsetof(struct config, what)
#define RULE(key, what, decides)                                                                   \
	.scope = CONFIG_IRQ, .name = key, .offset = offsetof(struct config_section, what),         \
	.slot = decides

#define LIST(in, at) .type = CONFIG_TYPE_CPUS, .line = offsetof(in, at)

const struct config_key config_keys[] = {
	{GLOBAL("interval", interval_s), .type = CONFIG_TYPE_NUMBER, .value = "auto",
	 .is_auto = true, .min = 0.1, .max = 86400},
	{GLOBAL("mode", mode), .value = "spread", .choices = {"spread", "pack"}},
	{GLOBAL("pack_fill", pack_fill), .type = CONFIG_TYPE_NUMBER, .value = "0.7", .min = 0.05,
	 .max = 1},
	{GLOBAL("shield", global_shield), LIST(struct config, global_shield_line), .value = "",
	 .may_be_empty = true},
	{GLOBAL("moves_per_minute", moves_per_minute), .type = CONFIG_TYPE_NUMBER, .value = "auto",
	 .is_auto = true, .is_whole = true, .min = 1, .max = 100000},
	{GLOBAL("foreign", foreign), .value = "respect", .choices = {"respect", "restore"}},
	{GLOBAL("cpu_load", cpu_load), .value = "ignore", .choices = {"ignore", "respect"}},
	{GLOBAL("measure", measure), .value = "auto", .choices = {"auto", "off"}},
	{GLOBAL("thermal", thermal), .type = CONFIG_TYPE_YES_NO, .value = "yes"},
	{GLOBAL("keep", keep), .type = CONFIG_TYPE_YES_NO, .value = "no"},
	{GLOBAL("log_level", log_level), .value = "info",
	 .choices = {"error", "warning", "info", "debug"}},
	{GLOBAL("socket", socket), .type = CONFIG_TYPE_PATH, .value = PLACE_RUN "/irqctl.sock",
	 .max = SOCKET_PATH_MAX},
	{GLOBAL("socket_group", socket_group), .type = CONFIG_TYPE_NAME, .value = PLACE_GROUP},
	{GLOBAL("state_dir", state_dir), .type = CONFIG_TYPE_PATH, .value = PLACE_RUN, .max = 4000},
	{CPUS("allow", allow), LIST(struct config, allow_line), .value = "all"},
	{CPUS("ban", ban), LIST(struct config, ban_line), .value = "", .may_be_empty = true},
	{CPUS("shield", shield), LIST(struct config, shield_line), .value = "",
	 .may_be_empty = true},
	{CPUS("isolated", isolated), .value = "avoid", .choices = {"avoid", "use"}},
	{CPUS("nohz_full", nohz_full), .value = "avoid", .choices = {"avoid", "use"}},
	{RULE("cpus", cpus, CONFIG_PLACE), LIST(struct config_section, place_line)},
	{RULE("pin", pin, CONFIG_PLACE), LIST(struct config_section, place_line)},
	{RULE("ignore", ignore, CONFIG_IGNORED), .type = CONFIG_TYPE_YES_NO, .value = "no"},
	{RULE("policy", policy, CONFIG_POLICY), .value = "node-first",
	 .choices = {"node-first", "near", "anywhere", "ignore"}},
	{RULE("weight", weight, CONFIG_WEIGHT), .type = CONFIG_TYPE_NUMBER, .value = "1",
	 .min = 0.01, .max = 100},
	{RULE("node", node, CONFIG_NODE), .type = CONFIG_TYPE_NODE, .value = "auto"},
	{.name = NULL},
};

const struct config_key *config_key_find(enum config_scope scope, const char *name)
{
	if (scope > CONFIG_CPUS)
		scope = CONFIG_IRQ;
	for (const struct config_key *key = config_keys; key->name; key++) {
		if (key->scope == scope && strcmp(key->name, name) == 0)
			return key;
	}
	return NULL;
}

static int set_choice(const struct config_key *key, const char *value, void *at, struct buf *error)
{
	const char *near = NULL;

	_Static_assert(sizeof(enum config_mode) == sizeof(int), "choices are stored as int");
	for (int i = 0; key->choices[i]; i++) {
		if (strcmp(key->choices[i], value) == 0) {
			memcpy(at, &i, sizeof(i));
			return 0;
		}
		if (!near && text_is_near(key->choices[i], value))
			near = key->choices[i];
	}
	buf_printf(error, _("'%s' is none of its values: "), value);
	for (size_t i = 0; key->choices[i]; i++)
		buf_printf(error, "%s%s", i ? ", " : "", key->choices[i]);
	if (near)
		buf_printf(error, _("; did you mean '%s'?"), near);
	return -EINVAL;
}

static int set_yes_no(const char *value, void *at, struct buf *error)
{
	bool yes = strcmp(value, "yes") == 0;

	if (!yes && strcmp(value, "no") != 0) {
		buf_printf(error, _("'%s' is neither yes nor no"), value);
		return -EINVAL;
	}
	memcpy(at, &yes, sizeof(yes));
	return 0;
}

static int set_number(const struct config_key *key, const char *value, void *at, struct buf *error)
{
	double number = 0;
	uint64_t whole = 1;
	int r = 0;

	if (!key->is_auto || strcmp(value, "auto") != 0) {
		r = number_parse_seconds(value, key->max, &number);
		if (r == 0 && (number < key->min ||
			       (key->is_whole && number_parse(value, UINT32_MAX, &whole) < 0)))
			r = -ERANGE;
	}
	if (r < 0) {
		buf_printf(error,
			   key->is_whole ? _("'%s' is no whole number from %.15g to %.15g")
					 : _("'%s' is no number from %.15g to %.15g"),
			   value, key->min, key->max);
		if (key->is_auto)
			buf_puts(error, _(", nor auto"));
		return -EINVAL;
	}
	memcpy(at, &number, sizeof(number));
	return 0;
}

static int check_node(const char *value, struct buf *error)
{
	uint64_t number;

	if (strcmp(value, "auto") == 0 || strcmp(value, "none") == 0 ||
	    number_parse(value, INT32_MAX, &number) == 0)
		return 0;
	buf_printf(error, _("'%s' is no number of a NUMA node, nor auto, nor none"), value);
	return -EINVAL;
}

static int check_path(const struct config_key *key, const char *value, struct buf *error)
{
	if (*value == '/' && strlen(value) <= (size_t)key->max)
		return 0;
	buf_printf(error, _("'%s' is no absolute path of at most %.15g bytes; write it as %s"),
		   value, key->max, key->value);
	return -EINVAL;
}

static int check_name(const char *value, struct buf *error)
{
	if (*value && !strpbrk(value, " \t/:"))
		return 0;
	buf_printf(error, _("'%s' is no name of a group; write it as root"), value);
	return -EINVAL;
}

static int check_cpus(const struct config_key *key, const char *value, struct buf *error)
{
	if (*value)
		return cpuspec_check(value, error);
	if (key->may_be_empty)
		return 0;
	buf_printf(error, _("a list of CPUs is missing; write it as 0-3,8 or node:0, all, !LIST"));
	return -EINVAL;
}

static int check_text(const struct config_key *key, const char *value, struct buf *error)
{
	switch (key->type) {
	case CONFIG_TYPE_CPUS:
		return check_cpus(key, value, error);
	case CONFIG_TYPE_NODE:
		return check_node(value, error);
	case CONFIG_TYPE_PATH:
		return check_path(key, value, error);
	default:
		return check_name(value, error);
	}
}

static int set_text(const struct config_key *key, const char *value, struct config *config,
		    void *at, struct buf *error)
{
	int r = check_text(key, value, error);
	const char *copy;

	if (r < 0)
		return r;
	copy = arena_strdup(&config->strings, value);
	if (!copy)
		return -ENOMEM;
	memcpy(at, &copy, sizeof(copy));
	return 0;
}

int config_key_set(const struct config_key *key, const char *value, struct config *config,
		   struct config_section *section, struct buf *error)
{
	void *at = (key->scope == CONFIG_IRQ ? (char *)section : (char *)config) + key->offset;

	switch (key->type) {
	case CONFIG_TYPE_CHOICE:
		return set_choice(key, value, at, error);
	case CONFIG_TYPE_YES_NO:
		return set_yes_no(value, at, error);
	case CONFIG_TYPE_NUMBER:
		return set_number(key, value, at, error);
	default:
		return set_text(key, value, config, at, error);
	}
}
