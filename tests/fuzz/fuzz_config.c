/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as a configuration: either errors with ascending lines, or settings within their
 * limits. */
#include "fuzz.h"

#include <errno.h>
#include <string.h>

#include "base/macros.h"
#include "base/number.h"
#include "base/text.h"
#include "config/config.h"

/* Errors of a value that goes on over lines stand where it begins; all others in order. */
static void check_errors(const char *text)
{
	uint64_t before = 0;

	while (*text) {
		const char *end = strchr(text, '\n'), *p = text + 2;
		uint64_t line;

		CHECK(end && text_has_prefix(text, "f:"));
		CHECK(number_read(&p, end, UINT32_MAX, &line) == 0);
		CHECK(p[0] == ':' && p[1] == ' ' && p[2]);
		CHECK(line >= before && line > 0);
		before = line;
		text = end + 1;
	}
}

static void check_section(const struct config_section *section)
{
	CHECK(section->glob && *section->glob && section->line > 0);
	CHECK(section->scope >= CONFIG_DRIVER && section->scope <= CONFIG_IRQ);
	CHECK(section->weight >= 0.01 && section->weight <= 100 && section->node);
	CHECK(!section->cpus || !section->pin);
	CHECK(!(section->slots & 1u << CONFIG_PLACE) == (!section->cpus && !section->pin));
	CHECK(!(section->slots & 1u << CONFIG_POLICY) || section->policy != CONFIG_IGNORE);
}

static void check_resolve(const struct config *config)
{
	_cleanup_(cpuset_done) struct cpuset online = {0};
	_cleanup_(config_cpus_done) struct config_cpus cpus = {0};
	_cleanup_(buf_done) struct buf error = {0};
	const struct config_machine machine = {.online = &online};
	int r;

	CHECK(cpuset_add_range(&online, 0, 15) == 0);
	r = config_resolve(config, &machine, &cpus, &error);
	CHECK(r == 0 ? !error.len : r == -EINVAL && error.len);
	if (r < 0)
		return;
	CHECK(cpuset_next(&cpus.allowed, 0) >= 0 && cpuset_subset(&cpus.allowed, &online));
	CHECK(cpus.n_sections == config->n_sections);
	for (size_t i = 0; i < cpus.n_sections; i++)
		CHECK(cpuset_subset(&cpus.sections[i], &online));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(config_done) struct config config = {0};
	_cleanup_(buf_done) struct buf errors = {0};
	int r = config_parse((const char *)data, size, "f", &config, &errors);

	CHECK(r == 0 ? !errors.len : r == -EINVAL && errors.len);
	check_errors(buf_text(&errors));
	if (r < 0)
		return 0;
	for (size_t i = 0; i < config.n_sections; i++)
		check_section(&config.sections[i]);
	CHECK(config.interval_s >= 0 && config.interval_s <= 86400);
	CHECK(*config.socket == '/' && *config.state_dir == '/' && *config.socket_group);
	check_resolve(&config);
	return 0;
}
