/* SPDX-License-Identifier: BSD-2-Clause */
#include "model/class.h"

#include <string.h>

#include "base/macros.h"

/* PCI class codes (PCI Code and ID Assignment Specification), the more exact ones first. */
static enum irq_class from_pci(uint32_t code)
{
	static const struct {
		uint32_t code, mask;
		enum irq_class class;
	} classes[] = {
		{0x010000, 0xff0000, IRQ_CLASS_STORAGE},  {0x020000, 0xff0000, IRQ_CLASS_NET},
		{0x0c0600, 0xffff00, IRQ_CLASS_NET},     /* InfiniBand */
		{0x0c0400, 0xffff00, IRQ_CLASS_STORAGE}, /* Fibre Channel */
		{0x0c0300, 0xffff00, IRQ_CLASS_USB},      {0x0c0500, 0xffff00, IRQ_CLASS_PLATFORM},
		{0x030000, 0xff0000, IRQ_CLASS_DISPLAY},  {0x040100, 0xffff00, IRQ_CLASS_AUDIO},
		{0x040300, 0xffff00, IRQ_CLASS_AUDIO},    {0x060000, 0xff0000, IRQ_CLASS_BRIDGE},
		{0x070000, 0xff0000, IRQ_CLASS_SERIAL},   {0x080500, 0xffff00, IRQ_CLASS_STORAGE},
		{0x080000, 0xff0000, IRQ_CLASS_PLATFORM}, {0x090000, 0xff0000, IRQ_CLASS_INPUT},
		{0x0d0000, 0xff0000, IRQ_CLASS_NET},      {0x100000, 0xff0000, IRQ_CLASS_CRYPTO},
		{0x120000, 0xff0000, IRQ_CLASS_ACCEL},
	};

	for (size_t i = 0; i < ARRAY_SIZE(classes); i++) {
		if ((code & classes[i].mask) == classes[i].code)
			return classes[i].class;
	}
	return IRQ_CLASS_OTHER;
}

/* Drivers of devices without a PCI class of their own: virtio, Xen, Hyper-V. */
static enum irq_class from_driver(const char *driver)
{
	static const struct {
		const char *driver;
		enum irq_class class;
	} classes[] = {
		{"virtio_net", IRQ_CLASS_NET},
		{"virtio_blk", IRQ_CLASS_STORAGE},
		{"virtio_scsi", IRQ_CLASS_STORAGE},
		{"virtio_gpu", IRQ_CLASS_DISPLAY},
		{"virtio_console", IRQ_CLASS_SERIAL},
		{"virtio_input", IRQ_CLASS_INPUT},
		{"virtio_snd", IRQ_CLASS_AUDIO},
		{"virtio_crypto", IRQ_CLASS_CRYPTO},
		{"virtio_balloon", IRQ_CLASS_VIRT},
		{"virtio_rng", IRQ_CLASS_VIRT},
		{"vmw_vsock_virtio_transport", IRQ_CLASS_VIRT},
		{"virtiofs", IRQ_CLASS_STORAGE},
		{"virtio_pmem", IRQ_CLASS_STORAGE},
		{"vif", IRQ_CLASS_NET},
		{"vbd", IRQ_CLASS_STORAGE},
		{"xen_netfront", IRQ_CLASS_NET},
		{"nvme", IRQ_CLASS_STORAGE},
		{"mlx5_core", IRQ_CLASS_NET},
		{"mlx4_core", IRQ_CLASS_NET},
	};

	for (size_t i = 0; driver && i < ARRAY_SIZE(classes); i++) {
		if (strcmp(driver, classes[i].driver) == 0)
			return classes[i].class;
	}
	return IRQ_CLASS_OTHER;
}

static bool is_definite(enum irq_class class)
{
	return class == IRQ_CLASS_NET || class == IRQ_CLASS_STORAGE;
}

enum irq_class class_of(const struct interrupt *interrupt)
{
	enum irq_class pci = IRQ_CLASS_OTHER, driver = from_driver(interrupt->driver);

	if (interrupt->device && interrupt->device->pci_class)
		pci = from_pci(interrupt->device->pci_class);
	if (driver != IRQ_CLASS_OTHER)
		return driver;
	if (is_definite(pci))
		return pci;
	if (interrupt->lore && interrupt->lore->class != IRQ_CLASS_OTHER)
		return interrupt->lore->class;
	if (pci != IRQ_CLASS_OTHER)
		return pci;
	/* a queue with a direction is a network card's, whatever its name */
	return interrupt->queue >= 0 && interrupt->direction != QUEUE_NONE ? IRQ_CLASS_NET
									   : IRQ_CLASS_OTHER;
}
