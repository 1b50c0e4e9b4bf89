/* SPDX-License-Identifier: BSD-2-Clause */
#include "source/source.h"

void source_close(struct source *source)
{
	if (source)
		source->ops->close(source);
}
