/* SPDX-License-Identifier: BSD-2-Clause */
/* PCI addresses inside other words: "0000:3b:00.0". */
#pragma once

#include <stddef.h>
#include <string.h>

static inline int pci_is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/*
 * The length of the address that `text` begins with, or 0. A domain has 4 to 8 digits (VMD and
 * Hyper-V make long ones), a function one from 0 to 7.
 */
static inline size_t pci_address_len(const char *text)
{
	static const char form[] = ":hh:hh.f";
	size_t n = 0;

	while (n < 9 && pci_is_hex(text[n]))
		n++;
	if (n < 4 || n > 8)
		return 0;
	for (size_t i = 0; form[i]; i++, n++) {
		if (form[i] == 'h' && !pci_is_hex(text[n]))
			return 0;
		if (form[i] == 'f' && (text[n] < '0' || text[n] > '7'))
			return 0;
		if (form[i] != 'h' && form[i] != 'f' && text[n] != form[i])
			return 0;
	}
	return pci_is_hex(text[n]) ? 0 : n;
}

/* The first address in the text, where a word may begin; NULL where there is none. */
static inline const char *pci_address_find(const char *text, size_t *ret_len)
{
	for (const char *p = text; *p; p++) {
		size_t len;

		if (p > text && pci_is_hex(p[-1]))
			continue;
		len = pci_address_len(p);
		if (len) {
			*ret_len = len;
			return p;
		}
	}
	return NULL;
}
