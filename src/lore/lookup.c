/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/glob.h"
#include "base/macros.h"
#include "base/text.h"
#include "lore/glob.h"
#include "lore/lore.h"

#define ARCHES_MAX    32u
#define VOTE_DISTINCT 1000u /* a row that only one architecture has */

const struct lore *const lore_tables[] = {
	lore_rows_x86,
	lore_rows_ipi,
	lore_rows_s390,
	lore_rows_other,
	lore_softirqs,
	lore_chips,
	lore_chips_other,
	lore_triggers,
	lore_actions_net,
	lore_actions_nic,
	lore_actions_storage,
	lore_actions_virt,
	lore_actions,
	lore_actions_platform,
	lore_rows_freebsd,
	lore_handlers_freebsd,
	NULL,
};

const char *lore_kind_name(enum irq_kind kind)
{
	static const char *const names[] = {
		[IRQ_KIND_DEVICE] = "device",
		[IRQ_KIND_IPI] = "ipi",
		[IRQ_KIND_EXCEPTION] = "exception",
		[IRQ_KIND_COUNTER] = "counter",
		[IRQ_KIND_SUM] = "sum",
		[IRQ_KIND_GAUGE] = "gauge",
	};

	return names[kind];
}

const char *const lore_class_names[IRQ_CLASS_MAX_ + 1] = {
	[IRQ_CLASS_OTHER] = "other",       [IRQ_CLASS_NET] = "net",
	[IRQ_CLASS_STORAGE] = "storage",   [IRQ_CLASS_DISPLAY] = "display",
	[IRQ_CLASS_AUDIO] = "audio",       [IRQ_CLASS_USB] = "usb",
	[IRQ_CLASS_INPUT] = "input",       [IRQ_CLASS_SERIAL] = "serial",
	[IRQ_CLASS_TIMER] = "timer",       [IRQ_CLASS_IPI] = "ipi",
	[IRQ_CLASS_PERF] = "perf",         [IRQ_CLASS_ERROR] = "error",
	[IRQ_CLASS_THERMAL] = "thermal",   [IRQ_CLASS_VIRT] = "virt",
	[IRQ_CLASS_PLATFORM] = "platform", [IRQ_CLASS_BRIDGE] = "bridge",
	[IRQ_CLASS_CRYPTO] = "crypto",     [IRQ_CLASS_ACCEL] = "accel",
	[IRQ_CLASS_SOFTIRQ] = "softirq",

};

const char *lore_class_name(enum irq_class class)
{
	return lore_class_names[class];
}

static bool row_fits(const struct lore *entry, const char *key, const char *text)
{
	return entry->group == LORE_ROW && glob_may_match(entry->key, key) &&
	       glob_match(entry->key, key) && (!entry->text || glob_match(entry->text, text));
}

/* The right architecture beats the right words, and those beat an entry for any architecture. */
static unsigned int row_weight(const struct lore *entry, const char *arch)
{
	unsigned int weight = 1;

	if (arch && entry->arch && strcmp(arch, entry->arch) == 0)
		weight += 4;
	if (entry->text)
		weight += 2;
	if (!entry->arch)
		weight += 1;
	return weight;
}

const struct lore *lore_find_row(const char *arch, const char *key, const char *text)
{
	const struct lore *best = NULL;
	unsigned int best_weight = 0;

	for (size_t i = 0; lore_tables[i]; i++) {
		for (const struct lore *entry = lore_tables[i]; entry->key; entry++) {
			unsigned int weight;

			if (!row_fits(entry, key, text ? text : ""))
				continue;
			weight = row_weight(entry, arch);
			if (weight > best_weight) {
				best = entry;
				best_weight = weight;
			}
		}
	}
	return best;
}

static const struct lore *find_first(enum lore_group group, const char *name)
{
	for (size_t i = 0; lore_tables[i]; i++) {
		for (const struct lore *entry = lore_tables[i]; entry->key; entry++) {
			if (entry->group == group && glob_may_match(entry->key, name) &&
			    glob_match(entry->key, name))
				return entry;
		}
	}
	return NULL;
}

const struct lore *lore_find_softirq(const char *name)
{
	return find_first(LORE_SOFTIRQ, name);
}

const struct lore *lore_find_chip(const char *chip)
{
	return find_first(LORE_CHIP, chip);
}

const struct lore *lore_find_trigger(const char *trigger)
{
	return find_first(LORE_TRIGGER, trigger);
}

const struct lore *lore_find_action(const char *action)
{
	return find_first(LORE_ACTION, action);
}

const struct lore *lore_find_handler(const char *handler)
{
	return find_first(LORE_HANDLER, handler);
}

/* What a key is called: "PCI-MSIX" for "PCI-MSIX*". NULL where it stands for many names. */
static char *plain_name(const char *key)
{
	size_t len = strcspn(key, "*?[");

	if (key[len] && strcmp(key + len, "*") != 0)
		return NULL;
	return len && isalnum((unsigned char)key[len - 1]) ? strndup(key, len) : NULL;
}

char *lore_nearest(const char *name, size_t *distance)
{
	char *nearest = NULL;

	for (size_t i = 0; lore_tables[i]; i++) {
		for (const struct lore *entry = lore_tables[i]; entry->key; entry++) {
			char *key = plain_name(entry->key);
			size_t edits = key ? text_distance(key, name) : SIZE_MAX;

			if (edits < *distance && text_is_near(key, name)) {
				free(nearest);
				nearest = key;
				*distance = edits;
			} else {
				free(key);
			}
		}
	}
	return nearest;
}

struct votes {
	const char *arch[ARCHES_MAX];
	unsigned int votes[ARCHES_MAX];
	size_t n;
};

static size_t votes_place(struct votes *votes, const char *arch)
{
	size_t i = 0;

	while (i < votes->n && strcmp(votes->arch[i], arch) != 0)
		i++;
	if (i == votes->n && i < ARCHES_MAX)
		votes->arch[votes->n++] = arch;
	return i;
}

/* One vote for each architecture that knows the row, many where only one does. */
static void vote_row(struct votes *votes, const struct lore_words *row)
{
	struct votes fits = {0};

	for (size_t i = 0; lore_tables[i]; i++) {
		for (const struct lore *entry = lore_tables[i]; entry->key; entry++) {
			if (entry->arch && row_fits(entry, row->key, row->text))
				votes_place(&fits, entry->arch);
		}
	}
	for (size_t i = 0; i < fits.n; i++) {
		size_t place = votes_place(votes, fits.arch[i]);

		if (place < ARCHES_MAX)
			votes->votes[place] += fits.n == 1 ? VOTE_DISTINCT : 1;
	}
}

static const char *votes_winner(const struct votes *votes)
{
	unsigned int most = 0;
	const char *winner = NULL;

	for (size_t i = 0; i < votes->n; i++) {
		if (votes->votes[i] > most) {
			most = votes->votes[i];
			winner = votes->arch[i];
		} else if (votes->votes[i] == most) {
			winner = NULL;
		}
	}
	return winner;
}

/* Interrupt controllers that only one architecture has. */
static const char *arch_of_chip(const char *text)
{
	static const struct {
		const char *prefix, *arch;
	} chips[] = {
		{"IO-APIC", "x86"},       {"IR-IO-APIC", "x86"},    {"XT-PIC", "x86"},
		{"MIPS", "mips"},         {"AR724X", "mips"},       {"AR71XX", "mips"},
		{"MISC", "mips"},         {"icu", "mips"},          {"TXX9", "mips"},
		{"SiFive PLIC", "riscv"}, {"RISC-V", "riscv"},      {"APLIC", "riscv"},
		{"PCH PIC", "loongarch"}, {"EIOINTC", "loongarch"}, {"LIOINTC", "loongarch"},
		{"OPAL", "powerpc"},      {"XICS", "powerpc"},      {"XIVE", "powerpc"},
		{"MPIC", "powerpc"},      {"OpenPIC", "powerpc"},   {"GICv3", "arm64"},
		{"ITS-", "arm64"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(chips); i++) {
		if (*text == *chips[i].prefix &&
		    strncmp(text, chips[i].prefix, strlen(chips[i].prefix)) == 0)
			return chips[i].arch;
	}
	return NULL;
}

static bool is_numbered(const struct lore_words *row)
{
	return row->key[0] >= '0' && row->key[0] <= '9';
}

const char *lore_guess_arch(const struct lore_words *rows, size_t n_rows)
{
	struct votes votes = {0};
	const char *arch;

	for (size_t i = 0; i < n_rows; i++) {
		if (!is_numbered(&rows[i]))
			vote_row(&votes, &rows[i]);
	}
	arch = votes_winner(&votes);
	for (size_t i = 0; i < n_rows && !arch; i++) {
		if (is_numbered(&rows[i]))
			arch = arch_of_chip(rows[i].text);
	}
	return arch;
}
