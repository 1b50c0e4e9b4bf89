/* SPDX-License-Identifier: BSD-2-Clause */
#include "view/wrap.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define MIN_WIDTH 16u /* of the text itself */

/* Characters that must not begin a line in Japanese. */
static bool stays_behind(wchar_t c)
{
	return wcschr(L"、。，．・：；？！）］｝」』ーぁぃぅぇぉっゃゅょァィゥェォッャュョ,.:;?!)]",
		      c) != NULL;
}

static size_t char_at(const char *p, wchar_t *ret_char, size_t *ret_width)
{
	mbstate_t state = {0};
	size_t n = mbrtowc(ret_char, p, MB_CUR_MAX, &state);
	int width;

	if (n == 0 || n > MB_CUR_MAX) {
		*ret_char = L'?';
		*ret_width = 1;
		return 1;
	}
	width = wcwidth(*ret_char);
	*ret_width = width < 0 ? 1 : (size_t)width;
	return n;
}

/*
 * The next piece that must not be broken: a run up to a blank, or one wide character with the
 * punctuation that clings to it. Returns its bytes and its width.
 */
static size_t next_piece(const char *p, size_t *ret_width)
{
	size_t len = 0, width = 0;
	bool wide = false;

	while (p[len] && p[len] != ' ') {
		wchar_t c;
		size_t one, n = char_at(p + len, &c, &one);

		if (len && (wide || one > 1) && !stays_behind(c))
			break;
		wide = one > 1;
		len += n;
		width += one;
	}
	*ret_width = width;
	return len;
}

int wrap_text(const char *text, size_t used, size_t indent, size_t width, struct buf *out)
{
	size_t limit = width > indent + MIN_WIDTH ? width : indent + MIN_WIDTH;
	size_t at = used;
	bool space = false;
	int r = 0;

	while (*text && r == 0) {
		size_t piece_width, len;

		if (*text == ' ') {
			space = at > indent;
			text++;
			continue;
		}
		len = next_piece(text, &piece_width);
		if (at > indent && at + space + piece_width > limit) {
			r = buf_putc(out, '\n');
			if (r == 0)
				r = buf_fill(out, ' ', indent);
			at = indent;
		} else if (space && r == 0) {
			r = buf_putc(out, ' ');
			at++;
		}
		space = false;
		if (r == 0)
			r = buf_append(out, text, len);
		at += piece_width;
		text += len;
	}
	return r < 0 ? r : buf_putc(out, '\n');
}
