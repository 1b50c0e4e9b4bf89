/* SPDX-License-Identifier: BSD-2-Clause */
#include "topology/cpuspec.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/i18n.h"
#include "base/macros.h"
#include "base/number.h"
#include "base/text.h"
#include "parse/cpulist.h"
#include "topology/topology.h"

struct cpuspec {
	const struct cpuset *online; /* NULL: only the writing is checked */
	struct source *source;       /* NULL: there is no topology */
	struct topology topology;    /* read at the first named part */
	bool loaded;
	bool may_lack; /* a part that the machine lacks has no CPU */
	struct buf *error;
};

static int load_topology(struct cpuspec *spec, const char *part)
{
	int r = 0;

	if (!spec->loaded)
		r = spec->source ? topology_load(spec->source, &spec->topology) : -ENODATA;
	spec->loaded = spec->loaded || r == 0;
	if (r < 0) {
		buf_printf(spec->error,
			   _("'%s' needs the topology of the machine, which cannot be read: %s"),
			   part, strerror(-r));
		return -EINVAL;
	}
	return 0;
}

static int32_t part_id(const struct topology_cpu *cpu, char kind)
{
	switch (kind) {
	case 'n':
		return cpu->node;
	case 'p':
		return cpu->package;
	case 'l':
		return cpu->llc;
	default:
		return cpu->core;
	}
}

static int add_part(struct cpuspec *spec, const char *part, const char *number, struct cpuset *set)
{
	bool found = false;
	uint64_t id;
	int r;

	if (number_parse(number, INT32_MAX, &id) < 0) {
		buf_printf(spec->error, _("'%s' is no number in '%s'"), number, part);
		return -EINVAL;
	}
	if (!spec->online)
		return 0;
	r = load_topology(spec, part);
	for (size_t i = 0; r == 0 && i < spec->topology.n_cpus; i++) {
		if (part_id(&spec->topology.cpus[i], *part) != (int32_t)id)
			continue;
		found = true;
		r = cpuset_add(set, spec->topology.cpus[i].cpu);
	}
	if (r == 0 && !found && !spec->may_lack) {
		buf_printf(spec->error, _("this machine has no CPU in '%s'"), part);
		return -EINVAL;
	}
	return r;
}

static int add_item(struct cpuspec *spec, const char *item, struct cpuset *set)
{
	static const char *const parts[] = {"node:", "package:", "llc:", "core:"};
	_cleanup_(cpuset_done) struct cpuset listed = {0};
	int r;

	if (strcmp(item, "all") == 0)
		return spec->online ? cpuset_or(set, spec->online) : 0;
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		if (text_has_prefix(item, parts[i]))
			return add_part(spec, item, item + strlen(parts[i]), set);
	}
	r = cpulist_parse(item, strlen(item), &listed);
	if (r == -EINVAL || r == -ERANGE || (r == 0 && cpuset_next(&listed, 0) < 0)) {
		buf_printf(spec->error,
			   _("'%s' is no CPU list; write it as 0-3,8 or node:0, package:0, llc:0, "
			     "all, !LIST"),
			   item);
		return -EINVAL;
	}
	return r < 0 ? r : cpuset_or(set, &listed);
}

static int add_items(struct cpuspec *spec, char *text, struct cpuset *set)
{
	char *next;
	int r;

	do {
		next = strchr(text, ',');
		if (next)
			*next++ = '\0';
		r = add_item(spec, text, set);
		text = next;
	} while (r == 0 && text);
	return r;
}

static int parse(struct cpuspec *spec, const char *text, struct cpuset *set)
{
	const struct cpuset *online = spec->online;
	_cleanup_(cpuset_done) struct cpuset wanted = {0}, result = {0};
	bool inverted = *text == '!';
	_cleanup_free_ char *copy = strdup(text + inverted);
	int r = copy ? add_items(spec, copy, &wanted) : -ENOMEM;

	topology_done(&spec->topology);
	if (r < 0)
		return r;
	if (inverted) {
		r = cpuset_copy(&result, online);
		if (r < 0)
			return r;
		cpuset_and_not(&result, &wanted);
	}
	return cpuset_copy(set, inverted ? &result : &wanted);
}

int cpuspec_parse(const char *text, const struct cpuset *online, struct source *source,
		  struct cpuset *set, struct buf *error)
{
	struct cpuspec spec = {.online = online, .source = source, .error = error};

	return parse(&spec, text, set);
}

int cpuspec_parse_present(const char *text, const struct cpuset *online, struct source *source,
			  struct cpuset *set, struct buf *error)
{
	struct cpuspec spec = {
		.online = online, .source = source, .may_lack = true, .error = error};

	return parse(&spec, text, set);
}

int cpuspec_check(const char *text, struct buf *error)
{
	struct cpuspec spec = {.error = error};
	_cleanup_(cpuset_done) struct cpuset set = {0};
	_cleanup_free_ char *copy = strdup(text + (*text == '!'));

	return copy ? add_items(&spec, copy, &set) : -ENOMEM;
}
