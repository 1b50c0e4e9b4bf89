/* SPDX-License-Identifier: BSD-2-Clause */
/* packaging/irqctl.conf and irqctl.conf(5) say what the program does; files and machines. */
#include "temp_root.h"

#include <errno.h>
#include <string.h>

#include "base/file.h"
#include "base/macros.h"
#include "base/text.h"
#include "config/keys.h"

#define SAMPLE SOURCE_DIR "/packaging/irqctl.conf"
#define MANUAL SOURCE_DIR "/man/irqctl.conf.5"

static bool is_linux_path(const struct config_key *key)
{
#ifdef __linux__
	(void)key;
	return true;
#else
	return key->type != CONFIG_TYPE_PATH;
#endif
}

/* A fixed point of writing and reading: what the configuration has for a key. */
static void value_of(const struct config_key *key, const struct config *config, struct buf *out)
{
	const char *at = (const char *)config + key->offset;
	const char *text;
	double number;
	bool yes;
	int choice;

	switch (key->type) {
	case CONFIG_TYPE_CHOICE:
		memcpy(&choice, at, sizeof(choice));
		assert_int_equal(buf_puts(out, key->choices[choice]), 0);
		break;
	case CONFIG_TYPE_YES_NO:
		memcpy(&yes, at, sizeof(yes));
		assert_int_equal(buf_puts(out, yes ? "yes" : "no"), 0);
		break;
	case CONFIG_TYPE_NUMBER:
		memcpy(&number, at, sizeof(number));
		assert_int_equal(buf_printf(out, "%.15g", number), 0);
		break;
	default:
		memcpy(&text, at, sizeof(text));
		assert_int_equal(buf_puts(out, text), 0);
	}
}

static void assert_defaults(const struct config *config)
{
	_cleanup_(config_done) struct config defaults = {0};

	assert_int_equal(config_defaults(&defaults), 0);
	for (const struct config_key *key = config_keys; key->name; key++) {
		_cleanup_(buf_done) struct buf is = {0}, wanted = {0};

		if (key->scope == CONFIG_IRQ || !is_linux_path(key))
			continue;
		value_of(key, config, &is);
		value_of(key, &defaults, &wanted);
		assert_string_equal(buf_text(&is), buf_text(&wanted));
	}
}

static void sample_is_the_default(void **state)
{
	_cleanup_(config_done) struct config config = {0};
	_cleanup_(buf_done) struct buf errors = {0};
	int r = config_read(SAMPLE, &config, &errors);

	(void)state;
	assert_string_equal(buf_text(&errors), "");
	assert_int_equal(r, 0);
	assert_int_equal(config.n_sections, 0);
	assert_defaults(&config);
}

/* Takes the '#' away before what is no sentence. */
static void uncomment(const struct buf *sample, struct buf *out)
{
	for (const char *p = sample->data; *p;) {
		const char *end = strchrnul(p, '\n');
		const char *from = p[0] == '#' && p[1] != ' ' && p[1] != '\n' ? p + 1 : p;

		assert_int_equal(buf_append(out, from, (size_t)(end - from)), 0);
		assert_int_equal(buf_putc(out, '\n'), 0);
		p = *end ? end + 1 : end;
	}
}

static void sample_has_every_key(void **state)
{
	_cleanup_(buf_done) struct buf sample = {0}, text = {0}, errors = {0};
	_cleanup_(config_done) struct config config = {0};
	int r;

	(void)state;
	assert_int_equal(file_read(SAMPLE, 1 << 20, &sample), 0);
	uncomment(&sample, &text);
	r = config_parse(text.data, text.len, SAMPLE, &config, &errors);
	assert_string_equal(buf_text(&errors), "");
	assert_int_equal(r, 0);
	assert_defaults(&config);
	assert_int_equal(config.n_sections, 3);
	for (const struct config_key *key = config_keys; key->name; key++) {
		_cleanup_(buf_done) struct buf line = {0};

		assert_int_equal(buf_printf(&line, "\n#%s =", key->name), 0);
		if (key->value && is_linux_path(key))
			assert_int_equal(
				buf_printf(&line, "%s%s\n", *key->value ? " " : "", key->value), 0);
		if (!strstr(sample.data, line.data))
			fail_msg("packaging/irqctl.conf lacks%s", line.data);
	}
}

/* "[irq NAME], ..." is the head of all sections with names. */
static int scope_of_head(const char *head)
{
	if (text_has_prefix(head, ".Sh [global]"))
		return CONFIG_GLOBAL;
	if (text_has_prefix(head, ".Sh [cpus]"))
		return CONFIG_CPUS;
	return text_has_prefix(head, ".Sh [irq") ? CONFIG_IRQ : -1;
}

/* The item of a key, up to the next one, and what it must hold. */
static void check_item(const struct config_key *key, const char *item)
{
	const char *line_end = strchr(item, '\n'), *default_at;
	const char *end = strstr(line_end, "\n.It "), *section = strstr(line_end, "\n.El");

	if (!end || section < end)
		end = section;
	for (size_t i = 0; key->choices[i]; i++) {
		const char *choice = strstr(item, key->choices[i]);

		if (!choice || choice > line_end)
			fail_msg("irqctl.conf(5): %s lacks '%s'", key->name, key->choices[i]);
	}
	if (!key->value || !is_linux_path(key))
		return;
	default_at = strstr(line_end, "\nDefault:");
	if (!default_at || default_at > end ||
	    !memmem(default_at, (size_t)(end - default_at), *key->value ? key->value : "none",
		    strlen(*key->value ? key->value : "none")))
		fail_msg("irqctl.conf(5): %s lacks its default", key->name);
}

static void manual_has_every_key(void **state)
{
	_cleanup_(buf_done) struct buf manual = {0};
	size_t n_keys = 0, n_items = 0;
	int scope = -1;

	(void)state;
	assert_int_equal(file_read(MANUAL, 1 << 20, &manual), 0);
	for (const char *line = manual.data; line; line = strchr(line, '\n')) {
		_cleanup_free_ char *name = NULL;
		const struct config_key *key;

		line += *line == '\n';
		if (text_has_prefix(line, ".Sh "))
			scope = scope_of_head(line);
		if (scope < 0 || !text_has_prefix(line, ".It Ic "))
			continue;
		name = strndup(line + 7, strcspn(line + 7, " \n"));
		key = config_key_find((enum config_scope)scope, name);
		if (key)
			check_item(key, line);
		else
			fail_msg("irqctl.conf(5): there is no key '%s'", name);
		n_items++;
	}
	while (config_keys[n_keys].name)
		n_keys++;
	assert_int_equal(n_items, n_keys);
}

static void files_that_cannot_be_read(void **state)
{
	_cleanup_(buf_done) struct buf errors = {0};
	struct config config;

	(void)state;
	assert_int_equal(config_read(SOURCE_DIR "/no-such-file", &config, &errors), -ENOENT);
	assert_string_equal(buf_text(&errors), "");
	assert_int_equal(config_read(SOURCE_DIR, &config, &errors), -EINVAL);
	assert_string_equal(buf_text(&errors), SOURCE_DIR ": no regular file\n");
}

static int resolve(const char *text, const struct config_machine *machine, struct config_cpus *cpus,
		   struct buf *error)
{
	_cleanup_(config_done) struct config config = {0};

	assert_int_equal(config_parse(text, strlen(text), "f", &config, error), 0);
	return config_resolve(&config, machine, cpus, error);
}

static void assert_cpus(const struct cpuset *set, const char *list)
{
	_cleanup_(buf_done) struct buf text = {0};

	assert_int_equal(cpuset_format(set, &text), 0);
	assert_string_equal(buf_text(&text), list);
}

/* Of two nodes only one is there: an error at first, and no CPUs once it was there. */
static void parts_that_went_offline(void **state)
{
	static const char text[] = "[cpus]\nban = 1,node:1\n[irq a]\npin = node:1\n"
				   "[irq b]\ncpus = !node:1\n[irq c]\npin = 0-1,node:0\n";
	_cleanup_(config_cpus_done) struct config_cpus cpus = {0};
	_cleanup_(cpuset_done) struct cpuset online = {0};
	_cleanup_(buf_done) struct buf error = {0};
	struct config_machine machine = {.online = &online};
	struct temp_root root;

	(void)state;
	temp_root_open(&root);
	temp_root_put(&root, "sys/devices/system/cpu/online", "0-1\n");
	for (unsigned int cpu = 0; cpu < 2; cpu++) {
		temp_root_putn(&root, "sys/devices/system/cpu/cpu", cpu,
			       "topology/package_cpus_list", "0-1\n");
		temp_root_putn(&root, "sys/devices/system/cpu/cpu", cpu, "topology/core_cpus_list",
			       cpu ? "1\n" : "0\n");
	}
	temp_root_put(&root, "sys/devices/system/node/node0/cpumap", "3\n");
	machine.source = root.source;
	assert_int_equal(cpuset_add_range(&online, 0, 1), 0);
	assert_int_equal(resolve(text, &machine, &cpus, &error), -EINVAL);
	assert_string_equal(buf_text(&error), "f:2: ban: this machine has no CPU in 'node:1'\n"
					      "f:4: pin: this machine has no CPU in 'node:1'\n"
					      "f:6: cpus: this machine has no CPU in 'node:1'\n");
	machine.was_resolved = true;
	assert_int_equal(resolve(text, &machine, &cpus, &error), 0);
	assert_cpus(&cpus.allowed, "0");
	assert_cpus(&cpus.sections[0], "");
	assert_cpus(&cpus.sections[1], "0");
	assert_cpus(&cpus.sections[2], "0-1");
	temp_root_done(&root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sample_is_the_default),
		cmocka_unit_test(sample_has_every_key),
		cmocka_unit_test(manual_has_every_key),
		cmocka_unit_test(files_that_cannot_be_read),
		cmocka_unit_test(parts_that_went_offline),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
