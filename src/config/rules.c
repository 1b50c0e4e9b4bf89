/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include "base/glob.h"
#include "base/i18n.h"
#include "base/macros.h"
#include "base/number.h"
#include "config/keys.h"
#include "model/select.h"
#include "topology/cpuspec.h"

int config_defaults(struct config *ret)
{
	struct config config = {0};
	_cleanup_(buf_done) struct buf error = {0};

	for (const struct config_key *key = config_keys; key->name; key++) {
		int r = key->scope == CONFIG_IRQ
				? 0
				: config_key_set(key, key->value, &config, NULL, &error);

		if (r < 0) {
			config_done(&config);
			return r;
		}
	}
	*ret = config;
	return 0;
}

void config_done(struct config *config)
{
	free(config->sections);
	arena_done(&config->strings);
	*config = (struct config){0};
}

int config_section_name(const struct config_section *section, struct buf *out)
{
	return buf_printf(out, _("[%s %s] (line %u)"), config_scope_name(section->scope),
			  section->glob, section->line);
}

static int resolve_list(const char *where, const char *list, const struct config_machine *machine,
			struct cpuset *set, struct buf *error)
{
	_cleanup_(buf_done) struct buf why = {0};
	int r = *list ? cpuspec_parse(list, machine->online, machine->source, set, &why) : 0;

	if (r == -EINVAL)
		buf_printf(error, "%s = %s: %s", where, list, buf_text(&why));
	return r;
}

/* Both places for a shield are one. */
static int resolve_shield(const struct config *config, const struct config_machine *machine,
			  struct cpuset *shield, struct buf *error)
{
	_cleanup_(cpuset_done) struct cpuset more = {0};
	int r = resolve_list("[global] shield", config->global_shield, machine, &more, error);

	if (r == 0)
		r = resolve_list("[cpus] shield", config->shield, machine, shield, error);
	return r < 0 ? r : cpuset_or(shield, &more);
}

static int resolve_allowed(const struct config *config, const struct config_machine *machine,
			   struct config_cpus *cpus, struct buf *error)
{
	_cleanup_(cpuset_done) struct cpuset banned = {0};
	int r = resolve_list("[cpus] allow", config->allow, machine, &cpus->allowed, error);

	if (r == 0)
		r = resolve_list("[cpus] ban", config->ban, machine, &banned, error);
	if (r < 0)
		return r;
	cpuset_and(&cpus->allowed, machine->online);
	cpuset_and_not(&cpus->allowed, &banned);
	cpuset_and_not(&cpus->allowed, &cpus->shield);
	if (machine->isolated && config->isolated == CONFIG_AVOID)
		cpuset_and_not(&cpus->allowed, machine->isolated);
	if (machine->nohz_full && config->nohz_full == CONFIG_AVOID)
		cpuset_and_not(&cpus->allowed, machine->nohz_full);
	if (cpuset_next(&cpus->allowed, 0) >= 0)
		return 0;
	buf_printf(error, _("[cpus] leaves no CPU for interrupts: each online one is banned, "
			    "shielded, isolated or not allowed"));
	return -EINVAL;
}

static int resolve_section(const struct config_section *section,
			   const struct config_machine *machine, const struct cpuset *allowed,
			   struct cpuset *set, struct buf *error)
{
	_cleanup_(buf_done) struct buf where = {0};
	int r;

	if (!(section->slots & 1u << CONFIG_PLACE))
		return 0;
	r = config_section_name(section, &where);
	if (r == 0)
		r = buf_puts(&where, section->pin ? " pin" : " cpus");
	if (r == 0)
		r = resolve_list(buf_text(&where), section->pin ? section->pin : section->cpus,
				 machine, set, error);
	if (r == 0)
		cpuset_and(set, section->pin ? machine->online : allowed);
	return r;
}

int config_resolve(const struct config *config, const struct config_machine *machine,
		   struct config_cpus *ret, struct buf *error)
{
	struct config_cpus cpus = {0};
	int r = resolve_shield(config, machine, &cpus.shield, error);

	if (r == 0)
		r = resolve_allowed(config, machine, &cpus, error);
	if (r == 0 && config->n_sections) {
		cpus.sections = calloc(config->n_sections, sizeof(*cpus.sections));
		r = cpus.sections ? 0 : -ENOMEM;
		cpus.n_sections = cpus.sections ? config->n_sections : 0;
	}
	for (size_t i = 0; i < cpus.n_sections && r == 0; i++)
		r = resolve_section(&config->sections[i], machine, &cpus.allowed, &cpus.sections[i],
				    error);
	if (r < 0)
		config_cpus_done(&cpus);
	else
		*ret = cpus;
	return r;
}

void config_cpus_done(struct config_cpus *cpus)
{
	cpuset_done(&cpus->allowed);
	cpuset_done(&cpus->shield);
	for (size_t i = 0; i < cpus->n_sections; i++)
		cpuset_done(&cpus->sections[i]);
	free(cpus->sections);
	*cpus = (struct config_cpus){0};
}

static bool section_fits(const struct config_section *section, const struct interrupt *interrupt)
{
	switch (section->scope) {
	case CONFIG_IRQ:
		return select_interrupt(interrupt, section->glob);
	case CONFIG_DEVICE:
		return select_owner(interrupt, section->glob);
	case CONFIG_DRIVER:
		return interrupt->driver && glob_match(section->glob, interrupt->driver);
	default:
		return false;
	}
}

static void take_place(const struct config *config, const struct config_cpus *resolved,
		       struct config_rule *rule)
{
	const struct config_section *section = rule->by[CONFIG_PLACE];

	if (!section)
		return;
	rule->pin = section->pin;
	rule->cpus = section->pin ? section->pin : section->cpus;
	if (resolved)
		rule->cpuset = &resolved->sections[section - config->sections];
}

static void take_node(struct config_rule *rule)
{
	const char *node = rule->by[CONFIG_NODE]->node;
	uint64_t number;

	rule->has_node = strcmp(node, "auto") != 0;
	if (number_parse(node, INT32_MAX, &number) == 0)
		rule->node = (int32_t)number;
}

void config_rule_for(const struct config *config, const struct config_cpus *resolved,
		     const struct interrupt *interrupt, struct config_rule *ret)
{
	struct config_rule rule = {.policy = CONFIG_NODE_FIRST, .weight = 1, .node = -1};

	for (size_t i = 0; i < config->n_sections; i++) {
		const struct config_section *section = &config->sections[i];

		if (!section->slots || !section_fits(section, interrupt))
			continue;
		for (size_t slot = 0; slot < CONFIG_N_SLOTS; slot++) {
			if ((section->slots & 1u << slot) &&
			    (!rule.by[slot] || section->scope >= rule.by[slot]->scope))
				rule.by[slot] = section;
		}
	}
	take_place(config, resolved, &rule);
	if (rule.by[CONFIG_IGNORED])
		rule.ignore = rule.by[CONFIG_IGNORED]->ignore;
	if (rule.by[CONFIG_POLICY])
		rule.policy = rule.by[CONFIG_POLICY]->policy;
	if (rule.by[CONFIG_WEIGHT])
		rule.weight = rule.by[CONFIG_WEIGHT]->weight;
	if (rule.by[CONFIG_NODE])
		take_node(&rule);
	*ret = rule;
}
