/* SPDX-License-Identifier: BSD-2-Clause */
/* Within import.c, import_options.c and import_write.c. */
#pragma once

#include "config/import.h"

/* Adds a setting, which replaces an earlier one of the same section and key. Copies its texts but
 * `why`. 0 or -ENOMEM. */
int import_set(struct import *import, uint32_t line, const char *from, const char *section,
	       const char *key, const char *value, const char *why);
/* Adds a remark: what is not needed, or, with `lost`, what cannot be said. 0 or -ENOMEM. */
int import_remark(struct import *import, uint32_t line, const char *from, const char *why,
		  bool lost);
/* Adds [irq NUMBER] ignore = yes, or a remark where it is no number. 0 or -ENOMEM. */
int import_ban_irq(struct import *import, uint32_t line, const char *from, const char *number);

/* irqbalance's command line, as it stands behind IRQBALANCE_ARGS=. 0 or -ENOMEM. */
int import_options(struct import *import, uint32_t line, const char *args);
