/* SPDX-License-Identifier: BSD-2-Clause */
/* Running text in lines: words where the language has them, characters where it has not. */
#pragma once

#include <stddef.h>

#include "base/buf.h"

/*
 * Appends `text` in lines of at most `width` columns (at least 16 for the text itself), each but
 * the first indented by `indent`; `used` columns of the first line are taken already. Ends with a
 * newline. 0 or -ENOMEM.
 */
int wrap_text(const char *text, size_t used, size_t indent, size_t width, struct buf *out);
