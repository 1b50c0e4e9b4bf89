/* SPDX-License-Identifier: BSD-2-Clause */
/* Any words behind the counts: every part is a piece of the text, and none is empty. */
#include "fuzz.h"

#include <string.h>

#include "base/macros.h"
#include "parse/irq_desc.h"

static void check_part(const char *part)
{
	CHECK(!part || *part);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(arena_done) struct arena arena = {0};
	_cleanup_free_ char *text = malloc(size + 1);
	struct irq_desc desc = {0};

	CHECK(text);
	memcpy(text, data, size);
	text[size] = '\0';
	CHECK(irq_desc_parse(text, &arena, &desc) == 0);
	check_part(desc.chip);
	check_part(desc.trigger);
	check_part(desc.hwirq);
	CHECK(!desc.hwirq || strspn(desc.hwirq, "0123456789") == strlen(desc.hwirq));
	for (size_t i = 0; i < desc.n_actions; i++)
		CHECK(desc.actions[i] && *desc.actions[i]);
	return 0;
}
