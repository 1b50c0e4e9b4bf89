/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/buf.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

int buf_reserve(struct buf *buf, size_t more)
{
	size_t need;

	if (__builtin_add_overflow(buf->len, more, &need) || need == SIZE_MAX)
		return -ENOMEM;
	return ARRAY_RESERVE(buf->data, need + 1, buf->cap);
}

int buf_append(struct buf *buf, const void *bytes, size_t len)
{
	int r = buf_reserve(buf, len);

	if (r < 0)
		return r;
	if (len)
		memcpy(buf->data + buf->len, bytes, len);
	buf_cut(buf, buf->len + len);
	return 0;
}

int buf_puts(struct buf *buf, const char *text)
{
	return buf_append(buf, text, strlen(text));
}

int buf_putc(struct buf *buf, char c)
{
	return buf_append(buf, &c, 1);
}

int buf_fill(struct buf *buf, char c, size_t times)
{
	int r = buf_reserve(buf, times);

	if (r < 0)
		return r;
	memset(buf->data + buf->len, c, times);
	buf_cut(buf, buf->len + times);
	return 0;
}

int buf_vprintf(struct buf *buf, const char *fmt, va_list args)
{
	va_list again;
	int len, r;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (len < 0)
		return -EINVAL;
	r = buf_reserve(buf, (size_t)len);
	if (r < 0)
		return r;
	vsnprintf(buf->data + buf->len, (size_t)len + 1, fmt, args);
	buf->len += (size_t)len;
	return 0;
}

int buf_printf(struct buf *buf, const char *fmt, ...)
{
	va_list args;
	int r;

	va_start(args, fmt);
	r = buf_vprintf(buf, fmt, args);
	va_end(args);
	return r;
}

const char *buf_text(const struct buf *buf)
{
	return buf->data ? buf->data : "";
}

void buf_cut(struct buf *buf, size_t len)
{
	buf->len = len;
	if (buf->data)
		buf->data[len] = '\0';
}

void buf_rstrip(struct buf *buf)
{
	while (buf->len && isspace((unsigned char)buf->data[buf->len - 1]))
		buf->len--;
	buf_cut(buf, buf->len);
}

void buf_done(struct buf *buf)
{
	free(buf->data);
	*buf = (struct buf){0};
}
