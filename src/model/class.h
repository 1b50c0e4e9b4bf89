/* SPDX-License-Identifier: BSD-2-Clause */
/* What an interrupt serves. */
#pragma once

#include "model/model.h"

/*
 * The class of a numbered row that has its lore, device, driver and queue: a network or storage
 * device of sysfs decides, then the lore, then the rest of sysfs.
 */
enum irq_class class_of(const struct interrupt *interrupt);
