/* SPDX-License-Identifier: BSD-2-Clause */
/* Translation marks. Text for people is translated, JSON, CSV and metrics never are. */
#pragma once

#include <libintl.h>

#define _(text) gettext(text)
#define N_(text)                                                                                   \
	text /* marks a constant for xgettext; the user of the constant calls gettext()            \
	      */
