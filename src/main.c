/* SPDX-License-Identifier: BSD-2-Clause */
/* What comes before a verb. */
#include <errno.h>
#include <locale.h>
#include <string.h>

#include "base/i18n.h"
#include "base/macros.h"
#include "base/paths.h"
#include "base/text.h"
#include "cmd/verb.h"
#include "cmd/verbs.h"
#include "config.h"

static const struct verb *find_verb(const char *name)
{
	for (size_t i = 0; i < n_verbs; i++) {
		if (strcmp(verbs[i]->name, name) == 0)
			return verbs[i];
	}
	return NULL;
}

/* The language that the environment asks for, in POSIX's order. */
static const char *wanted_locale(void)
{
	static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return value;
	}
	return "C";
}

/*
 * Minimal systems have no generated locales. There the wanted language is handed to gettext through
 * LANGUAGE, over the C.UTF-8 that glibc always brings.
 */
static void set_locale(void)
{
	_cleanup_(buf_done) struct buf dir = {0};
	const char *wanted = wanted_locale();

	if (!setlocale(LC_ALL, "")) {
		if (setlocale(LC_ALL, "C.UTF-8") && !getenv("LANGUAGE"))
			setenv("LANGUAGE", wanted, 1);
	}
	setlocale(LC_NUMERIC, "C"); /* programs read our numbers, in any language */
	if (strcmp(wanted, "C") == 0 || strcmp(wanted, "POSIX") == 0)
		return;
	if (locale_path(&dir) == 0)
		bindtextdomain("irqctl", buf_text(&dir));
	bind_textdomain_codeset("irqctl", NULL);
	textdomain("irqctl");
}

static int print_usage(void)
{
	_cleanup_(buf_done) struct buf out = {0};

	buf_printf(
		&out, "%s\n\n",
		_("Usage: irqctl [--root DIR | --recording FILE] [VERB] [OPTION...]\n"
		  "Sees, explains and steers the interrupts of a machine. Without a verb: show."));
	buf_printf(&out, "%s\n", _("Verbs:"));
	for (size_t i = 0; i < n_verbs; i++)
		buf_printf(&out, "  %-18s%s\n", verbs[i]->name, _(verbs[i]->summary));
	buf_printf(&out, "  %-18s%s\n\n", "help",
		   _("show this help, or that of a verb: irqctl help show"));
	buf_printf(&out, "%s\n      --root DIR              %s\n", _("Options before the verb:"),
		   _(HELP_ROOT));
	buf_printf(&out, "%s\n",
		   _("      --recording FILE        the machine as it was when 'irqctl record' "
		     "wrote FILE\n"
		     "      --at TIME               at this moment of the recording\n"
		     "  -h, --help                  show this help\n"
		     "  -V, --version               show the version\n"
		     "\nMore: man irqctl"));
	return print_out(&out);
}

static int print_version(void)
{
	_cleanup_(buf_done) struct buf out = {0};

	buf_printf(&out, "irqctl %s\n", IRQCTL_VERSION);
	return print_out(&out);
}

static int list_verbs(void)
{
	_cleanup_(buf_done) struct buf out = {0};

	for (size_t i = 0; i < n_verbs; i++)
		buf_printf(&out, "%s\n", verbs[i]->name);
	buf_puts(&out, "help\n");
	return print_out(&out);
}

static int unknown_verb(const char *name)
{
	_cleanup_(buf_done) struct buf hint = {0};

	for (size_t i = 0; i < n_verbs && !hint.len; i++) {
		if (text_is_near(verbs[i]->name, name))
			buf_printf(&hint, _("; did you mean '%s'?"), verbs[i]->name);
	}
	complain(_("unknown verb '%s'%s (irqctl --help)"), name, buf_text(&hint));
	return EXIT_USAGE;
}

static int run_help(struct context *context, int argc, char **argv)
{
	char *help[] = {argc > 1 ? argv[1] : NULL, (char[]){"--help"}, NULL};
	const struct verb *verb;

	if (argc < 2 || argv[1][0] == '-')
		return print_usage();
	verb = find_verb(argv[1]);
	return verb ? verb->run(context, 2, help) : unknown_verb(argv[1]);
}

/*
 * Takes the option argv[1] where it says what is looked at. Returns how many words it is: 0 where
 * it is another option, -1 after a complaint.
 */
static int read_global(struct context *context, int argc, char **argv)
{
	const struct {
		const char *name, *arg;
		const char **value;
	} globals[] = {
		{"--root", "DIR", &context->root},
		{"--recording", "FILE", &context->recording},
		{"--at", "TIME", &context->at},
	};

	for (size_t i = 0; i < ARRAY_SIZE(globals); i++) {
		size_t len = strlen(globals[i].name);

		if (strncmp(argv[1], globals[i].name, len) != 0)
			continue;
		if (argv[1][len] == '=') {
			*globals[i].value = argv[1] + len + 1;
			return 1;
		}
		if (argv[1][len])
			continue;
		if (argc < 3) {
			complain(_("option '%s' needs an argument: %s"), globals[i].name,
				 globals[i].arg);
			return -1;
		}
		*globals[i].value = argv[2];
		return 2;
	}
	return 0;
}

/* Takes the options before the verb. -1 to go on, else the exit code. */
static int read_globals(struct context *context, int *argc, char ***argv)
{
	while (*argc > 1 && (*argv)[1][0] == '-') {
		const char *word = (*argv)[1];
		int used;

		if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
			return print_usage();
		if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0)
			return print_version();
		if (strcmp(word, "--complete") == 0)
			return list_verbs();
		used = read_global(context, *argc, *argv);
		if (used <= 0)
			return used ? EXIT_USAGE : -1; /* 0: an option of show */
		*argc -= used;
		*argv += used;
	}
	return -1;
}

int main(int argc, char **argv)
{
	struct context context = {0};
	const struct verb *verb;
	int r;

	set_locale();
	r = read_globals(&context, &argc, &argv);
	if (r >= 0)
		return r;
	if (argc < 2 || argv[1][0] == '-')
		return verb_show.run(&context, argc, argv);
	if (strcmp(argv[1], "help") == 0)
		return run_help(&context, argc - 1, argv + 1);
	verb = find_verb(argv[1]);
	return verb ? verb->run(&context, argc - 1, argv + 1) : unknown_verb(argv[1]);
}
