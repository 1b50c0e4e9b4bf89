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

/* A list on a machine, and the complaints about all of them. */
struct resolver {
	const struct config *config;
	const struct config_machine *machine;
	struct buf *error;
	bool failed; /* a list is wrong; the others are looked at all the same */
};

/* `key` = `list` of this line; an empty set where that is wrong. 0 or -ENOMEM. */
static int resolve_list(struct resolver *resolver, uint32_t line, const char *key, const char *list,
			struct cpuset *set)
{
	const struct config_machine *machine = resolver->machine;
	_cleanup_(buf_done) struct buf why = {0};
	int r = 0;

	if (*list)
		r = (machine->was_resolved ? cpuspec_parse_present : cpuspec_parse)(
			list, machine->online, machine->source, set, &why);
	if (r != -EINVAL)
		return r;
	resolver->failed = true;
	return buf_printf(resolver->error, "%s:%u: %s: %s\n", resolver->config->name, line, key,
			  buf_text(&why));
}

/* Both places for a shield are one. */
static int resolve_shield(struct resolver *resolver, struct cpuset *shield)
{
	const struct config *config = resolver->config;
	_cleanup_(cpuset_done) struct cpuset more = {0};
	int r = resolve_list(resolver, config->global_shield_line, "shield", config->global_shield,
			     &more);

	if (r == 0)
		r = resolve_list(resolver, config->shield_line, "shield", config->shield, shield);
	return r < 0 ? r : cpuset_or(shield, &more);
}

static int resolve_allowed(struct resolver *resolver, struct config_cpus *cpus)
{
	const struct config *config = resolver->config;
	const struct config_machine *machine = resolver->machine;
	_cleanup_(cpuset_done) struct cpuset banned = {0};
	int r = resolve_list(resolver, config->allow_line, "allow", config->allow, &cpus->allowed);

	if (r == 0)
		r = resolve_list(resolver, config->ban_line, "ban", config->ban, &banned);
	if (r < 0)
		return r;
	cpuset_and(&cpus->allowed, machine->online);
	cpuset_and_not(&cpus->allowed, &banned);
	cpuset_and_not(&cpus->allowed, &cpus->shield);
	if (machine->isolated && config->isolated == CONFIG_AVOID)
		cpuset_and_not(&cpus->allowed, machine->isolated);
	if (machine->nohz_full && config->nohz_full == CONFIG_AVOID)
		cpuset_and_not(&cpus->allowed, machine->nohz_full);
	return 0;
}

static int resolve_section(struct resolver *resolver, const struct config_section *section,
			   const struct cpuset *allowed, struct cpuset *set)
{
	int r;

	if (!(section->slots & 1u << CONFIG_PLACE))
		return 0;
	r = resolve_list(resolver, section->place_line, section->pin ? "pin" : "cpus",
			 section->pin ? section->pin : section->cpus, set);
	if (r == 0)
		cpuset_and(set, section->pin ? resolver->machine->online : allowed);
	return r;
}

/* What all lists together are good for. */
static int check_resolved(const struct resolver *resolver, const struct config_cpus *cpus)
{
	const char *name = resolver->config->name;

	if (resolver->failed)
		return -EINVAL;
	if (cpuset_next(&cpus->allowed, 0) >= 0)
		return 0;
	if (name)
		buf_printf(resolver->error, "%s: ", name);
	buf_printf(resolver->error, _("[cpus] leaves no CPU for interrupts: each online one is "
				      "banned, shielded, isolated or not allowed"));
	return -EINVAL;
}

int config_resolve(const struct config *config, const struct config_machine *machine,
		   struct config_cpus *ret, struct buf *error)
{
	struct resolver resolver = {.config = config, .machine = machine, .error = error};
	struct config_cpus cpus = {0};
	int r = resolve_shield(&resolver, &cpus.shield);

	if (r == 0)
		r = resolve_allowed(&resolver, &cpus);
	if (r == 0 && config->n_sections) {
		cpus.sections = calloc(config->n_sections, sizeof(*cpus.sections));
		r = cpus.sections ? 0 : -ENOMEM;
		cpus.n_sections = cpus.sections ? config->n_sections : 0;
	}
	for (size_t i = 0; i < cpus.n_sections && r == 0; i++)
		r = resolve_section(&resolver, &config->sections[i], &cpus.allowed,
				    &cpus.sections[i]);
	if (r == 0)
		r = check_resolved(&resolver, &cpus);
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

int config_unmatched(const struct config *config, const struct model *model, struct buf *out)
{
	int r = 0;

	for (size_t i = 0; i < config->n_sections && r == 0; i++) {
		const struct config_section *section = &config->sections[i];
		bool fits = false;

		for (size_t k = 0; k < model->n_items && !fits; k++)
			fits = model->items[k].row->number >= 0 &&
			       section_fits(section, &model->items[k]);
		if (!fits)
			r = buf_printf(
				out, _("%s:%u: [%s %s] fits no interrupt of this machine so far\n"),
				config->name, section->line, config_scope_name(section->scope),
				section->glob);
	}
	return r;
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
