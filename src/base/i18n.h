/* SPDX-License-Identifier: BSD-2-Clause */
/* Translation marks. Text for people is translated, JSON, CSV and metrics never are. */
#pragma once

#ifdef IRQCTL_NO_GETTEXT /* a libc without it (FreeBSD): English */
#define gettext(text)                  (text)
#define ngettext(one, many, n)         ((n) == 1 ? (one) : (many))
#define bindtextdomain(domain, folder) ((void)(folder))
#define bind_textdomain_codeset(domain, codeset)
#define textdomain(domain)
#else
#include <libintl.h>
#endif

#define _(text) gettext(text)
#define N_(text)                                                                                   \
	text /* marks a constant for xgettext; the user of the constant calls gettext()            \
	      */
