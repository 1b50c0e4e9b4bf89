/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/options.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>

#include "base/array.h"
#include "base/i18n.h"
#include "base/macros.h"
#include "base/number.h"
#include "base/strv.h"
#include "base/text.h"

#define SECONDS_MAX 86400.0
#define LONG_BASE   256 /* long options without a letter get numbers above all letters */

struct getopt_tables {
	struct option *longs;
	size_t n_longs, cap_longs;
	struct buf letters;
};

static void getopt_tables_done(struct getopt_tables *tables)
{
	free(tables->longs);
	buf_done(&tables->letters);
}

static bool is_spelled_out(const char *name, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (text_has_prefix(argv[i], "--") && strcmp(argv[i] + 2, name) == 0)
			return true;
	}
	return false;
}

static int getopt_tables_fill(const struct option_spec *specs, int argc, char **argv,
			      struct getopt_tables *tables)
{
	int r = buf_puts(&tables->letters, ":"); /* a missing argument is told apart */

	for (size_t i = 0; r == 0; i++) {
		const struct option_spec *spec = &specs[i];

		r = ARRAY_RESERVE(tables->longs, tables->n_longs + 1, tables->cap_longs);
		if (r < 0)
			break;
		tables->longs[tables->n_longs] = (struct option){0};
		if (!spec->name)
			break;
		/* nobody abbreviates an option that no help shows: it must not make others
		 * ambiguous */
		if (spec->hidden && !is_spelled_out(spec->name, argc, argv))
			continue;
		tables->longs[tables->n_longs++] = (struct option){
			.name = spec->name,
			.has_arg = spec->type == OPTION_FLAG ? no_argument : required_argument,
			.val = LONG_BASE + (int)i,
		};
		if (spec->letter)
			r = buf_printf(&tables->letters, "%c%s", spec->letter,
				       spec->type == OPTION_FLAG ? "" : ":");
	}
	return r;
}

static const struct option_spec *find_spec(const struct option_spec *specs, int c)
{
	if (c >= LONG_BASE)
		return &specs[c - LONG_BASE];
	for (; specs->name; specs++) {
		if (specs->letter == c)
			return specs;
	}
	return NULL;
}

static int bad_value(const struct option_spec *spec, const char *text, const char *wanted,
		     struct buf *error)
{
	buf_printf(error, _("--%s: '%s' is not %s"), spec->name, text, wanted);
	return -EINVAL;
}

static int set_choice(const struct option_spec *spec, const char *text, int *value,
		      struct buf *error)
{
	for (int i = 0; spec->choices[i]; i++) {
		if (strcmp(spec->choices[i], text) == 0) {
			*value = i;
			return 0;
		}
	}
	buf_printf(error, _("--%s: '%s' is unknown; choose from"), spec->name, text);
	for (int i = 0; spec->choices[i]; i++)
		buf_printf(error, "%s %s", i ? "," : "", spec->choices[i]);
	return -EINVAL;
}

static int add_list(const char *text, struct strv *list)
{
	_cleanup_(buf_done) struct buf item = {0};
	int r = 0;

	while (*text && r == 0) {
		size_t len = strcspn(text, ",");

		buf_cut(&item, 0);
		r = buf_append(&item, text, len);
		if (r == 0 && len)
			r = strv_add(list, buf_text(&item));
		text += len + (text[len] == ',');
	}
	return r;
}

static int set_value(const struct option_spec *spec, const char *text, void *values,
		     struct buf *error)
{
	void *at = (char *)values + spec->offset;

	switch (spec->type) {
	case OPTION_FLAG:
		*(bool *)at = true;
		return 0;
	case OPTION_TEXT:
		*(const char **)at = text;
		return 0;
	case OPTION_COUNT:
	case OPTION_NUMBER:
		if (number_parse(text, UINT64_MAX, (uint64_t *)at) < 0)
			return bad_value(spec, text, _("a whole number"), error);
		if (spec->type == OPTION_COUNT && *(uint64_t *)at == 0)
			return bad_value(spec, text, _("a whole number above 0"), error);
		return 0;
	case OPTION_SECONDS:
		if (number_parse_seconds(text, SECONDS_MAX, (double *)at) < 0)
			return bad_value(spec, text, _("a number of seconds above 0, up to 86400"),
					 error);
		return 0;
	case OPTION_CHOICE:
		return set_choice(spec, text, at, error);
	case OPTION_LIST:
		return add_list(text, at);
	}
	return -EINVAL;
}

/* "--count, --cpus": what `name` may be short for. Returns how many. */
static size_t list_candidates(const struct option_spec *specs, const char *name, struct buf *list)
{
	size_t n = 0;

	for (; specs->name; specs++) {
		if (!specs->hidden && text_has_prefix(specs->name, name))
			buf_printf(list, "%s--%s", n++ ? ", " : "", specs->name);
	}
	return n;
}

static int unknown_option(const struct option_spec *specs, const char *word, int letter,
			  struct buf *error)
{
	_cleanup_(buf_done) struct buf name = {0}, candidates = {0};
	const char *start = word + strspn(word, "-");

	if (letter && letter < LONG_BASE) {
		buf_printf(error, _("unknown option '-%c'"), letter);
		return -EINVAL;
	}
	buf_append(&name, start, strcspn(start, "="));
	if (list_candidates(specs, buf_text(&name), &candidates) > 1) {
		buf_printf(error, _("option '--%s' is ambiguous; it could be %s"), buf_text(&name),
			   buf_text(&candidates));
		return -EINVAL;
	}
	buf_printf(error, _("unknown option '%.*s'"), (int)strcspn(word, "="), word);
	for (; specs->name; specs++) {
		if (!specs->hidden && text_is_near(specs->name, buf_text(&name))) {
			buf_printf(error, _("; did you mean '--%s'?"), specs->name);
			break;
		}
	}
	return -EINVAL;
}

static int take_option(const struct option_spec *specs, int c, char **argv, void *values,
		       struct buf *error)
{
	const struct option_spec *spec;

	if (c == '?' && optopt >= LONG_BASE) {
		buf_printf(error, _("option '--%s' takes no argument"),
			   specs[optopt - LONG_BASE].name);
		return -EINVAL;
	}
	if (c == '?')
		return unknown_option(specs, argv[optind - 1], optopt, error);
	if (c == ':') {
		spec = find_spec(specs, optopt);
		buf_printf(error, _("option '--%s' needs an argument: %s"), spec->name,
			   _(spec->arg));
		return -EINVAL;
	}
	return set_value(find_spec(specs, c), optarg, values, error);
}

int options_parse(const struct option_spec *specs, int argc, char **argv, void *values,
		  int *ret_first, struct buf *error)
{
	_cleanup_(getopt_tables_done) struct getopt_tables tables = {0};
	int r = getopt_tables_fill(specs, argc, argv, &tables);

	optind = 0; /* glibc: start afresh, with a new permutation */
	opterr = 0;
	while (r == 0) {
		int c = getopt_long(argc, argv, buf_text(&tables.letters), tables.longs, NULL);

		if (c < 0) {
			*ret_first = optind;
			return 0;
		}
		r = take_option(specs, c, argv, values, error);
	}
	return r;
}

int options_complete(const struct option_spec *specs, struct buf *out)
{
	int r = 0;

	for (; specs->name && r == 0; specs++) {
		if (specs->hidden)
			continue;
		r = buf_printf(out, "--%s%s\n", specs->name, specs->arg ? "=" : "");
		for (size_t i = 0; specs->choices && specs->choices[i] && r == 0; i++)
			r = buf_printf(out, "--%s=%s\n", specs->name, specs->choices[i]);
	}
	return r;
}
