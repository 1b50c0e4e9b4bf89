/* SPDX-License-Identifier: BSD-2-Clause */
#include "parse/freebsd_msix.h"

#include <stdbool.h>
#include <string.h>

#define ENTRY_SIZE     16u
#define ENTRY_HIGH     4u /* the upper half of the address */
#define ENTRY_CONTROL  12u
#define CONTROL_MASKED 1u

#define ADDRESS_BASE  0xfee00000u
#define ADDRESS_MASK  0xfff00000u
#define REMAPPABLE    (1u << 4) /* the rest is an index of the remapper's table */
#define LOGICAL       (1u << 2) /* a group of CPUs */
#define APIC_ID_SHIFT 12u
#define APIC_ID_MASK  0xffu
#define APIC_ID_HIGH  0xffffff00u /* in the upper half (sys/x86/iommu/amd_intrmap.c) */

static uint32_t word_at(const char *bytes)
{
	uint32_t word;

	memcpy(&word, bytes, sizeof(word));
	return word;
}

static bool is_used(const char *entry)
{
	return word_at(entry) && !(word_at(entry + ENTRY_CONTROL) & CONTROL_MASKED);
}

size_t freebsd_msix_used(const char *table, size_t len)
{
	size_t used = 0;

	for (size_t at = 0; at + ENTRY_SIZE <= len; at += ENTRY_SIZE)
		used += is_used(table + at);
	return used;
}

static int32_t cpu_of(const char *entry, const char *apic_ids, size_t len)
{
	uint32_t address = word_at(entry);
	uint32_t id = (address >> APIC_ID_SHIFT & APIC_ID_MASK) |
		      (word_at(entry + ENTRY_HIGH) & APIC_ID_HIGH);

	if ((address & ADDRESS_MASK) != ADDRESS_BASE || address & (REMAPPABLE | LOGICAL))
		return -1;
	for (size_t cpu = 0; cpu < len / sizeof(id) && cpu < INT32_MAX; cpu++) {
		if (word_at(apic_ids + cpu * sizeof(id)) == id)
			return (int32_t)cpu;
	}
	return -1;
}

int32_t freebsd_msix_cpu(const char *table, size_t len, size_t index, const char *apic_ids,
			 size_t ids_len)
{
	size_t used = 0;

	for (size_t at = 0; at + ENTRY_SIZE <= len; at += ENTRY_SIZE) {
		if (is_used(table + at) && used++ == index)
			return cpu_of(table + at, apic_ids, ids_len);
	}
	return -1;
}
