/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the MSI and MSI-X messages of a device go to on x86: the address of an entry names the
 * local APIC that takes it (PCI Local Bus Specification 3.0, 6.8.2.6; Intel SDM volume 3,
 * "Message Address Register Format"). Pure.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Entries of a table that are in use: they have an address and are not masked. */
size_t freebsd_msix_used(const char *table, size_t len);

/*
 * The CPU that entry `index` of those in use goes to; `apic_ids` holds a uint32_t per CPU id. -1
 * where there is no such entry, where it goes through an interrupt remapper or to a group of CPUs,
 * or where no CPU has the id.
 */
int32_t freebsd_msix_cpu(const char *table, size_t len, size_t index, const char *apic_ids,
			 size_t ids_len);
