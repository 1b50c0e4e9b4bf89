/* SPDX-License-Identifier: BSD-2-Clause */
/* Which interrupts a name means. Names match whole: "virtio1" is not "virtio10". */
#pragma once

#include <stdbool.h>

#include "model/model.h"

/*
 * A number ("24", "irq24" in any case), a row key in any case ("loc", globs allowed), an action
 * ("eth0-TxRx-3", "*-rx-*", "ahci" for "ahci[0000:00:1f.2]"), or an owner: interface, address of
 * the device, PCI address of the device below it. An address may leave out the domain 0000.
 */
bool select_interrupt(const struct interrupt *interrupt, const char *name);

/* An interface, an address as above, or a driver; globs allowed. */
bool select_device(const struct interrupt *interrupt, const char *name);
/* The same without the drivers. */
bool select_owner(const struct interrupt *interrupt, const char *name);
/* Whether any interrupt belongs to that device. */
bool select_has_device(const struct model *model, const char *name);

/*
 * The row key, action, interface or address of the model that is nearest to `name`, for a
 * suggestion; NULL where none is near. Borrowed from the model.
 */
const char *select_nearest(const struct model *model, const char *name);
