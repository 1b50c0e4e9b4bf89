/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "base/i18n.h"
#include "base/macros.h"
#include "config/import.h"

#define COMMENT_WIDTH 99u

#define LIST_WIDTH 100u /* bytes of a list in one line; config_parse() takes at least 190 */

/* Text of the file inside a comment: a control character would end it. */
static int put_inert(struct buf *out, const char *text)
{
	int r = 0;

	for (; *text && r == 0; text++) {
		unsigned char c = (unsigned char)*text;

		r = buf_putc(out, c < ' ' || c == 0x7f ? '?' : *text);
	}
	return r;
}

/* A comment of any length: it goes on in the next line, behind "#   ". */
static int put_wrapped(struct buf *out, const char *text)
{
	size_t column = 0;
	int r = 0;

	while (*text && r == 0) {
		size_t len = strcspn(text, " ");

		if (column && column + 1 + len > COMMENT_WIDTH) {
			r = buf_puts(out, "\n#  ");
			column = 3;
		}
		if (r == 0)
			r = buf_printf(out, "%s%.*s", column ? " " : "", (int)len, text);
		column += (column != 0) + len;
		text += len + (text[len] == ' ');
	}
	return r < 0 ? r : buf_putc(out, '\n');
}

static int put_comment(struct buf *out, const struct import_item *item)
{
	_cleanup_(buf_done) struct buf text = {0};
	int r = buf_printf(&text, _("# line %u, "), item->line);

	if (r == 0)
		r = put_inert(&text, item->from);
	if (r == 0 && item->why)
		r = buf_printf(&text, ": %s", _(item->why));
	return r < 0 ? r : put_wrapped(out, buf_text(&text));
}

/* Long lists go on in the next line, indented. */
static int put_value(struct buf *out, const char *value)
{
	int r = 0;

	while (r == 0 && strlen(value) > LIST_WIDTH) {
		const char *comma = memrchr(value, ',', LIST_WIDTH);

		if (!comma)
			break;
		r = buf_append(out, value, (size_t)(comma + 1 - value));
		if (r == 0)
			r = buf_puts(out, "\n\t");
		value = comma + 1;
	}
	return r < 0 ? r : buf_printf(out, "%s\n", value);
}

static int put_item(struct buf *out, const struct import_item *item)
{
	int r = put_comment(out, item);

	if (r < 0 || !item->section)
		return r;
	r = buf_printf(out, "%s =%s", item->key, *item->value ? " " : "");
	return r < 0 ? r : put_value(out, item->value);
}

static bool is_common(const char *section)
{
	return strcmp(section, "global") == 0 || strcmp(section, "cpus") == 0;
}

/* Whether an item is the first of a section with a name. */
static bool begins_section(const struct import *import, size_t at)
{
	const char *section = import->items[at].section;

	if (!section || is_common(section))
		return false;
	for (size_t i = 0; i < at; i++) {
		if (import->items[i].section && strcmp(import->items[i].section, section) == 0)
			return false;
	}
	return true;
}

/* The settings of one section, below its header. */
static int put_section(struct buf *out, const struct import *import, const char *section)
{
	bool any = false;
	int r = 0;

	for (size_t i = 0; i < import->n && r == 0; i++) {
		const struct import_item *item = &import->items[i];

		if (!item->section || strcmp(item->section, section) != 0)
			continue;
		if (!any)
			r = buf_printf(out, "\n[%s]\n", section);
		any = true;
		if (r == 0)
			r = put_item(out, item);
	}
	return r;
}

static int put_remarks(struct buf *out, const struct import *import, bool lost, const char *title)
{
	bool any = false;
	int r = 0;

	for (size_t i = 0; i < import->n && r == 0; i++) {
		const struct import_item *item = &import->items[i];

		if (item->section || item->lost != lost)
			continue;
		if (!any)
			r = buf_printf(out, "#\n# %s\n", title);
		any = true;
		if (r == 0)
			r = put_comment(out, item);
	}
	return r;
}

int import_write(const struct import *import, const char *name, struct buf *out)
{
	int r = buf_puts(out, _("# Made by 'irqctl import-irqbalance' from "));

	if (r == 0)
		r = put_inert(out, name);
	if (r == 0)
		r = buf_puts(out, _(".\n# Each setting tells where it comes from; irqctl.conf(5) "
				    "explains them.\n"));
	if (r == 0)
		r = put_remarks(out, import, true, _("Could not be turned into a setting:"));
	if (r == 0)
		r = put_remarks(out, import, false, _("Not needed:"));
	if (r == 0)
		r = put_section(out, import, "global");
	if (r == 0)
		r = put_section(out, import, "cpus");
	for (size_t i = 0; i < import->n && r == 0; i++) {
		if (begins_section(import, i))
			r = put_section(out, import, import->items[i].section);
	}
	return r;
}
