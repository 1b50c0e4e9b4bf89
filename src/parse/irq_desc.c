/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel pads its fields but does not quote them, and chips as well as actions hold spaces.
 * What tells them apart: words of a chip are one space apart, the hwirq fills at least three
 * columns behind one more space, and two spaces stand before the first action.
 */
#include "parse/irq_desc.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/macros.h"

#define BLANKS      " \t"
#define HWIRQ_FIELD 4u /* " %*lu" with a width of at least 3 */

struct word {
	char *start;
	char *end;
	size_t gap; /* blanks before it; a tab counts as two */
};

/* Pieces of the text, each NULL where missing. */
struct fields {
	struct word chip;
	struct word hwirq;
	struct word level;
	struct word flow;
	char *actions;
};

/* The next word at *p. Moves *p behind it; false at the end. */
static bool next_word(char **p, struct word *ret)
{
	size_t gap = 0;

	for (; **p == ' ' || **p == '\t'; (*p)++)
		gap += **p == '\t' ? 2 : 1;
	if (!**p)
		return false;
	*ret = (struct word){.start = *p, .end = *p + strcspn(*p, BLANKS), .gap = gap};
	*p = ret->end;
	return true;
}

static bool word_is(const struct word *word, const char *text)
{
	size_t len = strlen(text);

	return (size_t)(word->end - word->start) == len && memcmp(word->start, text, len) == 0;
}

static bool is_level(const struct word *word)
{
	return word_is(word, "Edge") || word_is(word, "Level");
}

/* What kernel/irq/proc.c prints where a chip has no name, or where there is no chip. */
static bool is_no_chip(const struct word *word)
{
	return word_is(word, "-") || word_is(word, "None");
}

/* Kernels before 3.9 join chip and flow name: the length of "-edge" in "IO-APIC-edge", or 0. */
static size_t joined_flow(const struct word *chip)
{
	static const char *const any[] = {"-fasteoi", "-percpu", "-level", "-edge", "-XT-PIC"};
	static const char *const xen[] = {"-ioapic-edge", "-ioapic-level", "-virq", "-event",
					  "-ipi",         "-msi-x",        "-msi"};
	size_t len = (size_t)(chip->end - chip->start);
	bool is_xen = len > 4 && memcmp(chip->start, "xen-", 4) == 0;
	const char *const *names = is_xen ? xen : any;
	size_t n = is_xen ? ARRAY_SIZE(xen) : ARRAY_SIZE(any);

	for (size_t i = 0; i < n; i++) {
		size_t tail = strlen(names[i]);

		if (len > tail && memcmp(chip->end - tail, names[i], tail) == 0)
			return tail;
	}
	return 0;
}

/*
 * Whether `word`, which follows chip words, is a hwirq: digits, with or without "-flow". Behind a
 * chip that looks joined ("ARMCTRL-level") only Edge or Level after it proves that it is no action.
 */
static bool is_hwirq(const struct word *word, char *rest, bool joined)
{
	size_t digits = strspn(word->start, "0123456789");
	const char *behind = word->start + digits;
	bool has_flow = *behind == '-' && behind + 1 < word->end;
	struct word next;

	if (!digits || (behind != word->end && !has_flow))
		return false;
	if (behind == word->end && next_word(&rest, &next) && is_level(&next))
		return true;
	return !joined && (has_flow || word->gap + digits >= HWIRQ_FIELD);
}

static void take_hwirq(const struct word *word, struct fields *fields)
{
	fields->hwirq = *word;
	fields->hwirq.end = word->start + strspn(word->start, "0123456789");
	if (fields->hwirq.end < word->end)
		fields->flow = (struct word){.start = fields->hwirq.end + 1, .end = word->end};
}

/* The chip, and the hwirq if there is one. Returns what follows, or NULL where all was one name. */
static char *take_chip(char *text, struct fields *fields)
{
	struct word *chip = &fields->chip, word;
	bool joined, whole;
	char *p = text;

	if (!next_word(&p, chip))
		return p;
	joined = joined_flow(chip) > 0;
	whole = joined || is_no_chip(chip);
	for (;;) {
		char *before = p;

		if (!next_word(&p, &word))
			return whole || word_is(chip, "XT-PIC") ? p : NULL;
		if (is_hwirq(&word, p, joined)) {
			take_hwirq(&word, fields);
			return p;
		}
		if (whole || word.gap > 1 || is_level(&word))
			return before;
		chip->end = word.end;
	}
}

static char *take_trigger(char *p, struct fields *fields)
{
	struct word word;
	char *rest = p;

	if (next_word(&rest, &word) && is_level(&word)) {
		fields->level = word;
		p = rest;
	}
	rest = p;
	if (next_word(&rest, &word) && *word.start == '-' && word.end - word.start > 1) {
		fields->flow = (struct word){.start = word.start + 1, .end = word.end};
		p = rest;
	}
	return p;
}

static void take_fields(char *text, struct fields *fields)
{
	char *p = take_chip(text, fields);

	if (!p) {
		*fields = (struct fields){.actions = text};
		return;
	}
	p = take_trigger(p, fields);
	if (!fields->hwirq.start && !fields->flow.start && !fields->level.start) {
		size_t tail = fields->chip.start ? joined_flow(&fields->chip) : 0;

		if (tail) {
			fields->flow.end = fields->chip.end;
			fields->chip.end -= tail;
			fields->flow.start = fields->chip.end + 1;
		}
	}
	fields->actions = p + strspn(p, BLANKS);
}

static const char *cut_word(const struct word *word)
{
	if (!word->start)
		return NULL;
	*word->end = '\0';
	return word->start;
}

/* Xen tells "ioapic-edge"; the i8259 has the chip's own name as flow name, which says nothing. */
static const char *find_trigger(const char *flow, const char *level, const char *chip)
{
	static const char ioapic[] = "ioapic-";

	if (flow && strncmp(flow, ioapic, sizeof(ioapic) - 1) == 0)
		flow += sizeof(ioapic) - 1;
	if (flow && *flow && (!chip || strcmp(flow, chip) != 0))
		return flow;
	if (!level)
		return NULL;
	return *level == 'E' ? "edge" : "level";
}

/* Cuts "eth0, eth1" in place. */
static int split_actions(char *text, struct arena *arena, struct irq_desc *desc)
{
	size_t n = 1;

	if (!*text)
		return 0;
	for (const char *comma = text; (comma = strstr(comma, ", ")); comma += 2)
		n++;
	desc->actions = arena_alloc(arena, n * sizeof(*desc->actions));
	if (!desc->actions)
		return -ENOMEM;
	while (text) {
		char *comma = strstr(text, ", ");

		if (comma)
			*comma = '\0';
		if (*text)
			desc->actions[desc->n_actions++] = text;
		text = comma ? comma + 2 : NULL;
	}
	return 0;
}

int irq_desc_parse(const char *text, struct arena *arena, struct irq_desc *ret)
{
	char *copy = arena_strdup(arena, text);
	struct fields fields = {0};
	struct irq_desc desc = {0};
	bool no_chip;
	int r;

	if (!copy)
		return -ENOMEM;
	take_fields(copy, &fields);
	r = split_actions(fields.actions, arena, &desc);
	if (r < 0)
		return r;
	no_chip = fields.chip.start && is_no_chip(&fields.chip);
	desc.chip = cut_word(&fields.chip);
	desc.hwirq = cut_word(&fields.hwirq);
	desc.trigger = find_trigger(cut_word(&fields.flow), cut_word(&fields.level), desc.chip);
	if (no_chip)
		desc.chip = NULL;
	*ret = desc;
	return 0;
}
