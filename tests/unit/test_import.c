/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmocka_all.h"

#include <errno.h>
#include <string.h>

#include "base/macros.h"
#include "base/text.h"
#include "config/config.h"
#include "config/envfile.h"
#include "config/import.h"

static void import(const char *text, struct import *ret)
{
	assert_int_equal(import_parse(text, strlen(text), ret), 0);
}

static size_t count_lost(const struct import *import)
{
	size_t n = 0;

	for (size_t i = 0; i < import->n; i++)
		n += import->items[i].lost;
	return n;
}

/* The configuration that comes of a file, which must lose `lost` things. */
static void convert(const char *text, size_t lost, struct config *config)
{
	_cleanup_(import_done) struct import items = {0};
	_cleanup_(buf_done) struct buf out = {0}, errors = {0};

	import(text, &items);
	assert_int_equal(count_lost(&items), lost);
	assert_int_equal(import_write(&items, "/etc/default/irqbalance", &out), 0);
	if (config_parse(out.data, out.len, "out", config, &errors) < 0)
		fail_msg("%s\n%s", buf_text(&errors), out.data);
}

static void nothing_gives_the_default(void **state)
{
	_cleanup_(config_done) struct config config = {0};

	(void)state;
	convert("# irqbalance\n\n#IRQBALANCE_ARGS=\nIRQBALANCE_ARGS=\"\"\n", 0, &config);
	assert_string_equal(config.ban, "");
	assert_int_equal(config.isolated, CONFIG_AVOID);
	assert_int_equal(config.n_sections, 0);
}

static void cpu_lists(void **state)
{
	_cleanup_(config_done) struct config list = {0}, mask = {0}, empty = {0}, both = {0};

	(void)state;
	convert("IRQBALANCE_BANNED_CPULIST=2-3,8\n", 0, &list);
	assert_string_equal(list.ban, "2-3,8");
	assert_int_equal(list.isolated, CONFIG_USE);
	assert_int_equal(list.nohz_full, CONFIG_USE);
	convert("IRQBALANCE_BANNED_CPUS=ff000000,00000001\n", 0, &mask);
	assert_string_equal(mask.ban, "0,56-63");
	convert("IRQBALANCE_BANNED_CPULIST=\n", 0, &empty);
	assert_string_equal(empty.ban, "");
	assert_int_equal(empty.isolated, CONFIG_USE);
	convert("IRQBALANCE_BANNED_CPUS=fc0\nIRQBALANCE_BANNED_CPULIST=1\n", 0, &both);
	assert_string_equal(both.ban, "6-11");
}

static void cpu_lists_that_are_none(void **state)
{
	_cleanup_(config_done) struct config config = {0};

	(void)state;
	convert("IRQBALANCE_BANNED_CPULIST=3\nIRQBALANCE_BANNED_CPUS=xyz\n", 1, &config);
	assert_string_equal(config.ban, "");
	config_done(&config);
	convert("IRQBALANCE_BANNED_CPULIST=none\n", 1, &config);
	assert_string_equal(config.ban, "");
	assert_int_equal(config.isolated, CONFIG_AVOID);
}

/* A list that is longer than a line may be. */
static void long_list(void **state)
{
	_cleanup_(config_done) struct config config = {0};
	_cleanup_(buf_done) struct buf text = {0}, list = {0};

	(void)state;
	for (int i = 0; i < 500; i++)
		assert_int_equal(buf_printf(&list, "%s%d", i ? "," : "", 2 * i), 0);
	assert_int_equal(buf_printf(&text, "IRQBALANCE_BANNED_CPULIST='%s'", list.data), 0);
	convert(text.data, 0, &config);
	assert_string_equal(config.ban, list.data);
}

static const struct config_section *find(const struct config *config, enum config_scope scope,
					 const char *glob)
{
	for (size_t i = 0; i < config->n_sections; i++) {
		const struct config_section *section = &config->sections[i];

		if (section->scope == scope && strcmp(section->glob, glob) == 0)
			return section;
	}
	fail_msg("no section %s", glob);
	return NULL;
}

static void options(void **state)
{
	_cleanup_(config_done) struct config config = {0};

	(void)state;
	convert("IRQBALANCE_ARGS=\"--foreground -t 3 --banirq=43 --banirq 44 -i45 -m ixgbe -p 2 "
		"--debug --journal --pid=/run/x.pid -c 3 --migrateval=4 --interval=5 word\"\n",
		0, &config);
	assert_true(config.interval_s > 4.9 && config.interval_s < 5.1);
	assert_int_equal(config.mode, CONFIG_PACK);
	assert_int_equal(config.log_level, CONFIG_LOG_DEBUG);
	assert_int_equal(config.n_sections, 5);
	assert_true(find(&config, CONFIG_IRQ, "43")->ignore);
	assert_true(find(&config, CONFIG_IRQ, "44")->ignore);
	assert_true(find(&config, CONFIG_IRQ, "45")->ignore);
	assert_true(find(&config, CONFIG_DRIVER, "*ixgbe*")->ignore);
	assert_true(find(&config, CONFIG_IRQ, "*ixgbe*")->ignore);
}

static void options_of_the_init_script(void **state)
{
	_cleanup_(config_done) struct config config = {0};

	(void)state;
	convert("ENABLED=1\nONESHOT=0\nOPTIONS=\"--powerthresh=off --int 7\"\n"
		"export IRQBALANCE_DEBUG=1\nPATH=/bin\nIRQBALANCE_BANNED_INTERRUPTS='5 6'\n",
		0, &config);
	assert_int_equal(config.mode, CONFIG_SPREAD);
	assert_true(config.interval_s > 6.9);
	assert_int_equal(config.log_level, CONFIG_LOG_DEBUG);
	assert_true(find(&config, CONFIG_IRQ, "5")->ignore);
	assert_true(find(&config, CONFIG_IRQ, "6")->ignore);
}

static void what_gets_lost(void **state)
{
	static const char *const lost[] = {
		"IRQBALANCE_ONESHOT=",
		"ONESHOT=1",
		"IRQBALANCE_ARGS=--oneshot",
		"IRQBALANCE_ARGS=--policyscript=/etc/x",
		"IRQBALANCE_ARGS=-l/etc/x",
		"IRQBALANCE_ARGS=--banscript=/etc/x",
		"IRQBALANCE_ARGS=--hintpolicy=exact",
		"IRQBALANCE_ARGS=--bogus",
		"IRQBALANCE_ARGS=--ban=3", /* banirq, banmod or banscript? */
		"IRQBALANCE_ARGS=-z",
		"IRQBALANCE_ARGS=--debug=3",
		"IRQBALANCE_ARGS=--banirq",
		"IRQBALANCE_ARGS=--banirq=x",
		"IRQBALANCE_ARGS=--banmod=a/b]c",
		"IRQBALANCE_ARGS=--interval=0",
		"IRQBALANCE_ARGS=--powerthresh=x",
		"IRQBALANCE_ARGS=\"$OTHER --debug\"",
		"IRQBALANCE_ARGS=`id`",
		"IRQBALANCE_ARGS=\"never ends",
		"IRQBALANCE_SOMETHING=1",
		"rm -rf /tmp/x",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lost); i++) {
		_cleanup_(config_done) struct config config = {0};

		convert(lost[i], 1, &config);
		assert_int_equal(config.n_sections, 0);
	}
}

/* Whatever stands in the file, it cannot leave its comment. */
static void comments_hold_it(void **state)
{
	_cleanup_(config_done) struct config config = {0};

	(void)state;
	convert("X='\n[global]\nkeep = yes\n'\nIRQBALANCE_ARGS='--x\n[cpus]\nban=3'\n"
		"a \r[cpus]\rban=4\n",
		2, &config);
	assert_false(config.keep);
	assert_string_equal(config.ban, "");
}

static void origins(void **state)
{
	_cleanup_(import_done) struct import items = {0};
	_cleanup_(buf_done) struct buf out = {0};

	(void)state;
	import("\n\nIRQBALANCE_ARGS='-i 43\n-l x'\n", &items);
	assert_int_equal(import_write(&items, "a\nb", &out), 0);
	assert_non_null(strstr(out.data, " from a?b."));
	assert_non_null(strstr(out.data, "\n[irq 43]\n# line 3, --banirq=43: "));
	assert_non_null(strstr(out.data, "\n# line 3, --policyscript=x: irqctl runs no scripts"));
}

struct quoting {
	const char *text, *value;
	bool needs_shell;
};

static void quotes(void **state)
{
	static const struct quoting cases[] = {
		{"A=b", "b", false},
		{"A=b  # c", "b", false},
		{"A=b#c", "b#c", false},
		{"A= # c", "", false},
		{"A=  b c \r\n", "b c", false},
		{"A='b  # c '", "b  # c ", false},
		{"A=\"b \\\" \\n\"", "b \" \\n", false},
		{"A='b\\'", "b\\", false},
		{"A=b\\ c\\\nd", "b cd", false},
		{"A=\"b\\\nc\"", "bc", false},
		{"A=a'b'\"c\"d", "abcd", false},
		{"A=b; B=c", "b", false},
		{"export  A=b", "b", false},
		{"A=1\nA=2", "2", false},
		{"A='$x `y`'", "$x `y`", false},
		{"A=\"$x\"", "$x", true},
		{"A=\"\\$x\"", "$x", false},
		{"A=$x", "$x", true},
		{"A=b|c", "b|c", true},
		{"A=b&", "b&", true},
		{"A='b", "b", true},
		{"A=b\\", "b\\", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_(env_file_done) struct env_file file = {0};
		const struct env_line *line;

		assert_int_equal(env_file_parse(cases[i].text, strlen(cases[i].text), &file), 0);
		line = env_file_find(&file, "A");
		assert_non_null(line);
		assert_string_equal(line->value, cases[i].value);
		assert_int_equal(line->needs_shell, cases[i].needs_shell);
	}
}

static void lines_are_counted(void **state)
{
	static const char text[] = "# c\n\nA='x\ny'\nnonsense here\nB=1;C=2\n\n1A=b\nD=3";
	_cleanup_(env_file_done) struct env_file file = {0};

	(void)state;
	assert_int_equal(env_file_parse(text, strlen(text), &file), 0);
	assert_int_equal(file.n, 6);
	assert_int_equal(env_file_find(&file, "A")->line, 3);
	assert_null(file.lines[1].name);
	assert_string_equal(file.lines[1].value, "nonsense here");
	assert_int_equal(file.lines[1].line, 5);
	assert_int_equal(env_file_find(&file, "C")->line, 6);
	assert_null(file.lines[4].name);
	assert_int_equal(env_file_find(&file, "D")->line, 9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_gives_the_default),
		cmocka_unit_test(cpu_lists),
		cmocka_unit_test(cpu_lists_that_are_none),
		cmocka_unit_test(long_list),
		cmocka_unit_test(options),
		cmocka_unit_test(options_of_the_init_script),
		cmocka_unit_test(what_gets_lost),
		cmocka_unit_test(comments_hold_it),
		cmocka_unit_test(origins),
		cmocka_unit_test(quotes),
		cmocka_unit_test(lines_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
