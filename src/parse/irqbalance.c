/* SPDX-License-Identifier: BSD-2-Clause */
#include "parse/irqbalance.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/macros.h"
#include "base/number.h"

struct word {
	const char *start, *end;
};

/* Takes the next word, which may be empty at the end of the text. */
static struct word next_word(const char **p, const char *end)
{
	struct word word;

	while (*p < end && **p == ' ')
		(*p)++;
	word.start = *p;
	while (*p < end && **p != ' ')
		(*p)++;
	word.end = *p;
	return word;
}

static bool is_word(struct word word, const char *wanted)
{
	size_t len = strlen(wanted);

	return (size_t)(word.end - word.start) == len && memcmp(word.start, wanted, len) == 0;
}

/* What stands behind "IRQ": the number, and three pairs of which nothing is kept. */
static int read_irq(const char **p, const char *end, struct irqbalance_setup *setup)
{
	static const char *const names[] = {"LOAD", "DIFF", "CLASS"};
	struct word word = next_word(p, end);
	const char *digits = word.start;
	uint64_t number;
	int r = number_read(&digits, word.end, INT32_MAX, &number);

	if (r < 0 || digits != word.end)
		return -EINVAL;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (!is_word(next_word(p, end), names[i]))
			return -EINVAL;
		word = next_word(p, end);
		if (word.start == word.end)
			return -EINVAL;
	}
	r = ARRAY_RESERVE(setup->banned, setup->n + 1, setup->cap);
	if (r == 0)
		setup->banned[setup->n++] = (int32_t)number;
	return r;
}

int irqbalance_setup_parse(const char *text, size_t len, struct irqbalance_setup *ret)
{
	struct irqbalance_setup setup = {0};
	const char *p = text, *end = text + len;
	struct word word;
	int r = is_word(next_word(&p, end), "SLEEP") ? 0 : -EINVAL;

	next_word(&p, end);
	word = next_word(&p, end);
	while (r == 0 && is_word(word, "IRQ")) {
		r = read_irq(&p, end, &setup);
		word = next_word(&p, end);
	}
	if (r == 0 && !is_word(word, "BANNED"))
		r = -EINVAL;
	if (r < 0)
		irqbalance_setup_done(&setup);
	else
		*ret = setup;
	return r;
}

void irqbalance_setup_done(struct irqbalance_setup *setup)
{
	free(setup->banned);
	*setup = (struct irqbalance_setup){0};
}
