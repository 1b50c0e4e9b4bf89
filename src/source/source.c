/* SPDX-License-Identifier: BSD-2-Clause */
#include "source/source.h"

void source_close(struct source *source)
{
	if (source)
		source->ops->close(source);
}

void source_closep(struct source **source)
{
	source_close(*source);
}
