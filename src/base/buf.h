/* SPDX-License-Identifier: BSD-2-Clause */
/* A growing byte buffer. Zero-initialised it is empty; it owns `data`. */
#pragma once

#include <stdarg.h>
#include <stddef.h>

struct buf {
	char *data; /* `len` bytes and always a NUL behind them once anything was written */
	size_t len;
	size_t cap;
};

/* All return 0 or -ENOMEM, and leave the buffer as it was on error. */
int buf_reserve(struct buf *buf, size_t more); /* room for `more` bytes and a NUL */
int buf_append(struct buf *buf, const void *bytes, size_t len);
int buf_puts(struct buf *buf, const char *text);
int buf_putc(struct buf *buf, char c);
int buf_fill(struct buf *buf, char c, size_t times);
int buf_printf(struct buf *buf, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int buf_vprintf(struct buf *buf, const char *fmt, va_list args)
	__attribute__((format(printf, 2, 0)));
/* The text, never NULL. */
const char *buf_text(const struct buf *buf);
/* Cuts to `len` bytes, which must not be more than there are. */
void buf_cut(struct buf *buf, size_t len);
/* Drops trailing white space. */
void buf_rstrip(struct buf *buf);
void buf_done(struct buf *buf);
