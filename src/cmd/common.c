/* SPDX-License-Identifier: BSD-2-Clause */
/* What the verbs share: usage, messages, output. */
#include <errno.h>
#include <langinfo.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/macros.h"
#include "base/number.h"
#include "base/text.h"
#include "cmd/verb.h"
#include "cmd/verbs.h"
#include "model/select.h"
#include "view/table.h"
#include "view/wrap.h"

#define HELP_WIDTH  78u
#define HELP_COLUMN 30u /* where the texts of the options begin */

void complain(const char *fmt, ...)
{
	_cleanup_(buf_done) struct buf clean = {0};
	_cleanup_(buf_done) struct buf text = {0};
	va_list args;
	int r;

	va_start(args, fmt);
	r = buf_vprintf(&text, fmt, args);
	va_end(args);
	if (r == 0)
		r = text_printable(buf_text(&text), &clean);
	if (r < 0)
		return;
	fprintf(stderr, "irqctl: %s\n", buf_text(&clean));
}

void complain_lines(const struct buf *text)
{
	const char *rest = buf_text(text), *line;
	size_t len;

	while ((line = text_line(&rest, &len)))
		complain("%.*s", (int)len, line);
}

int out_of_memory(void)
{
	complain("%s", strerror(ENOMEM));
	return EXIT_FAILED;
}

int print_out(const struct buf *out)
{
	if (fwrite(buf_text(out), 1, out->len, stdout) != out->len || fflush(stdout) != 0) {
		complain(_("cannot write the output: %s"), strerror(errno));
		return EXIT_FAILED;
	}
	return 0;
}

static int option_synopsis(const struct option_spec *spec, struct buf *out)
{
	int r = spec->letter ? buf_printf(out, "  -%c, --%s", spec->letter, spec->name)
			     : buf_printf(out, "      --%s", spec->name);

	if (r == 0 && spec->arg)
		r = buf_printf(out, " %s", _(spec->arg));
	return r;
}

static int option_help(const struct option_spec *spec, struct buf *out)
{
	_cleanup_(buf_done) struct buf synopsis = {0};
	size_t used;
	int r = option_synopsis(spec, &synopsis);

	if (r == 0)
		r = buf_puts(out, buf_text(&synopsis));
	used = text_width(buf_text(&synopsis));
	if (r == 0 && used + 2 > HELP_COLUMN) {
		r = buf_putc(out, '\n');
		used = 0;
	}
	if (r == 0)
		r = buf_fill(out, ' ', HELP_COLUMN - used);
	return r < 0 ? r : wrap_text(_(spec->help), HELP_COLUMN, HELP_COLUMN, HELP_WIDTH, out);
}

static int options_help(const struct option_spec *specs, struct buf *out)
{
	int r = 0;

	for (; specs->name && r == 0; specs++) {
		if (!specs->hidden)
			r = option_help(specs, out);
	}
	return r;
}

static int verb_help(const struct verb *verb, struct buf *out)
{
	int r = buf_printf(out, _("Usage: irqctl %s %s"), verb->name, _(verb->synopsis));

	if (r == 0)
		r = buf_puts(out, "\n\n");
	if (r == 0)
		r = wrap_text(_(verb->about), 0, 0, HELP_WIDTH, out);
	if (r == 0)
		r = buf_printf(out, "\n%s\n", _("Options:"));
	if (r == 0)
		r = options_help(verb->options, out);
	return r < 0 ? r : buf_printf(out, _("\nMore: man irqctl-%s\n"), verb->name);
}

static int answer(const struct verb *verb, bool help)
{
	_cleanup_(buf_done) struct buf out = {0};
	int r = help ? verb_help(verb, &out) : options_complete(verb->options, &out);

	return r < 0 ? out_of_memory() : print_out(&out);
}

/* What is looked at. -1 to go on, or the exit code after a complaint. */
static int begin_context(struct context *context, const struct common_options *values, int argc,
			 char **argv)
{
	if (values->root)
		context->root = values->root;
	if (values->recording)
		context->recording = values->recording;
	if (values->at)
		context->at = values->at;
	if (context->root && context->recording) {
		complain(_("either --root or --recording"));
		return EXIT_USAGE;
	}
	if (context->at && !context->recording) {
		complain(_("--at is a moment of a recording: give --recording FILE, too"));
		return EXIT_USAGE;
	}
	return context->recording ? begin_recording(context, argc, argv) : -1;
}

int verb_begin(const struct verb *verb, struct context *context, int argc, char **argv,
	       struct common_options *values, int *ret_first)
{
	_cleanup_(buf_done) struct buf error = {0};
	int r = options_parse(verb->options, argc, argv, values, ret_first, &error);

	if (r == -EINVAL) {
		complain("%s: %s (irqctl %s --help)", verb->name, buf_text(&error), verb->name);
		return EXIT_USAGE;
	}
	if (r < 0)
		return out_of_memory();
	if (values->help || values->complete)
		return answer(verb, values->help);
	return begin_context(context, values, argc, argv);
}

const char *context_recorded(const struct context *context)
{
	return context->recording ? context->recording : context->root;
}

int complain_missing(const struct context *context, const struct strv *missing, bool has_table)
{
	for (size_t i = 0; i < missing->n; i++)
		complain("%s", missing->items[i]);
	if (has_table)
		return 0;
	return context_recorded(context) ? EXIT_USAGE : EXIT_FAILED;
}

int context_open(const struct context *context, struct source **ret_source)
{
	int r;

	if (context->open)
		return context->open(context, ret_source);
	r = context->root ? source_open_root(context->root, ret_source)
			  : source_open_live(ret_source);
	if (r < 0 && context->root) {
		complain(_("--root: cannot open '%s': %s"), context->root, strerror(-r));
		return EXIT_USAGE;
	}
	if (r < 0) {
		complain(_("cannot read this machine: %s"), strerror(-r));
		return EXIT_FAILED;
	}
	return 0;
}

size_t output_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	uint64_t width;

	if (columns && number_parse(columns, 100000, &width) == 0 && width > 0)
		return (size_t)width;
	if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		return size.ws_col;
	return 0;
}

bool output_colour(void)
{
	const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) && !(no_color && *no_color) && term &&
	       strcmp(term, "dumb") != 0;
}

bool output_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

struct table_style output_style(bool headings)
{
	return (struct table_style){
		.width = output_width(),
		.headings = headings,
		.bold = output_colour(),
		.utf8 = output_utf8(),
	};
}

int no_such_interrupt(const char *verb, const struct model *model, const char *name, bool device)
{
	const char *near = select_nearest(model, name);
	_cleanup_(buf_done) struct buf hint = {0};

	if (!device && select_has_device(model, name))
		buf_printf(&hint, _("; it is a driver: irqctl show -d %s lists its interrupts"),
			   name);
	else if (near)
		buf_printf(&hint, _("; did you mean '%s'?"), near);
	complain(device ? _("%s: no interrupt belongs to a device '%s'%s")
			: _("%s: no interrupt is called '%s'%s"),
		 verb, name, buf_text(&hint));
	return EXIT_USAGE;
}
