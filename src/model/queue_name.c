/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A pattern is a prefix, an interface, and a suffix; '#' in the suffix is a number, the last one of
 * which is the queue. The part of an action behind '@' says where the device sits and is cut off.
 * Names are matched from both ends, so the interface may hold anything, "my-rx-nic" included.
 */
#include "model/queue_name.h"

#include <string.h>

#include "base/macros.h"
#include "base/number.h"
#include "base/text.h"
#include "model/pci_address.h"

#define INDEX_MAX 1000000u

/* What may stand between prefix and suffix. */
enum stem {
	STEM_NAME,   /* any interface */
	STEM_NETDEV, /* one that looks like a network interface: the suffix alone proves nothing */
	STEM_NOTHING,
	STEM_VIRTIO, /* virtioN */
	STEM_NVME,   /* nvmeN */
	STEM_HOST,   /* a driver's name and a number: megasas0 */
	STEM_PCI,    /* an address */
};

struct pattern {
	const char *prefix, *suffix;
	enum stem stem;
	enum queue_direction direction;
	const char *driver;
};

/* clang-format off */
static const struct pattern patterns[] = {
	/* drivers/virtio/virtio_pci_common.c: device name, '-', name of the virtqueue */
	{"", "-input.#", STEM_VIRTIO, QUEUE_RX, "virtio_net"},
	{"", "-output.#", STEM_VIRTIO, QUEUE_TX, "virtio_net"},
	{"", "-req.#", STEM_VIRTIO, QUEUE_NONE, "virtio_blk"},
	{"", "-request", STEM_VIRTIO, QUEUE_NONE, "virtio_scsi"},
	{"", "-config", STEM_VIRTIO, QUEUE_ADMIN, NULL},
	{"", "-control", STEM_VIRTIO, QUEUE_ADMIN, NULL},
	{"", "-event", STEM_VIRTIO, QUEUE_ADMIN, NULL},
	/* drivers/nvme/host/pci.c (queue_request_irq); queue 0 is the admin queue */
	{"", "q0", STEM_NVME, QUEUE_ADMIN, "nvme"},
	{"", "q#", STEM_NVME, QUEUE_NONE, "nvme"},
	/* drivers/net/ethernet/mellanox/mlx5/core/pci_irq.c, mlx4/eq.c */
	{"mlx5_comp", "#", STEM_NOTHING, QUEUE_RXTX, "mlx5_core"},
	{"mlx4-comp-", "#", STEM_NOTHING, QUEUE_RXTX, "mlx4_core"},
	{"mlx4-", "#", STEM_NOTHING, QUEUE_RXTX, "mlx4_core"},
	{"mlx4-async", "", STEM_NOTHING, QUEUE_ADMIN, "mlx4_core"},
	{"mlx5_async", "", STEM_NAME, QUEUE_ADMIN, "mlx5_core"},
	{"mlx5_async", "", STEM_NOTHING, QUEUE_ADMIN, "mlx5_core"},
	{"mlx5_cmd", "", STEM_NAME, QUEUE_ADMIN, "mlx5_core"},
	{"mlx5_pages", "", STEM_NAME, QUEUE_ADMIN, "mlx5_core"},
	{"mlx5_ctrl", "", STEM_NAME, QUEUE_ADMIN, "mlx5_core"},
	/* drivers/net/ethernet/intel: driver, netdev, kind, vector */
	{"i40e-", ":fdir-TxRx-#", STEM_PCI, QUEUE_ADMIN, "i40e"},
	{"i40e-", ":misc", STEM_PCI, QUEUE_ADMIN, "i40e"},
	{"ice-", ":misc", STEM_PCI, QUEUE_ADMIN, "ice"},
	{"iavf-", ":mbx", STEM_PCI, QUEUE_ADMIN, "iavf"},
	{"i40e-", "-TxRx-#", STEM_NAME, QUEUE_RXTX, "i40e"},
	{"i40e-", "-rx-#", STEM_NAME, QUEUE_RX, "i40e"},
	{"i40e-", "-tx-#", STEM_NAME, QUEUE_TX, "i40e"},
	{"ice-", "-TxRx-#", STEM_NAME, QUEUE_RXTX, "ice"},
	{"ice-", "-rx-#", STEM_NAME, QUEUE_RX, "ice"},
	{"ice-", "-tx-#", STEM_NAME, QUEUE_TX, "ice"},
	{"iavf-", "-TxRx-#", STEM_NAME, QUEUE_RXTX, "iavf"},
	{"iavf-", "-rx-#", STEM_NAME, QUEUE_RX, "iavf"},
	{"iavf-", "-tx-#", STEM_NAME, QUEUE_TX, "iavf"},
	{"idpf-", "-TxRx-#", STEM_NAME, QUEUE_RXTX, "idpf"},
	{"idpf-", "-Rx-#", STEM_NAME, QUEUE_RX, "idpf"},
	{"idpf-", "-Tx-#", STEM_NAME, QUEUE_TX, "idpf"},
	{"idpf-", "-Mailbox-#", STEM_NAME, QUEUE_ADMIN, "idpf"},
	/* drivers/net/ethernet/hisilicon/hns3 */
	{"hns3-", "-TxRx-#", STEM_PCI, QUEUE_RXTX, "hns3"},
	{"hns3-", "-Rx-#", STEM_PCI, QUEUE_RX, "hns3"},
	{"hns3-", "-Tx-#", STEM_PCI, QUEUE_TX, "hns3"},
	{"hclge-misc-", "", STEM_PCI, QUEUE_ADMIN, "hns3"},
	/* clouds */
	{"ena-mgmnt", "", STEM_NOTHING, QUEUE_ADMIN, "ena"},
	{"", "-Tx-Rx-#", STEM_NAME, QUEUE_RXTX, "ena"},
	{"gve-ntfy-blk", "#", STEM_NOTHING, QUEUE_RXTX, "gve"},
	{"gve-mgmnt", "", STEM_NOTHING, QUEUE_ADMIN, "gve"},
	{"", "-ntfy-block.#", STEM_NAME, QUEUE_RXTX, "gve"},
	{"mana_q", "#", STEM_NOTHING, QUEUE_RXTX, "mana"},
	{"mana_hwc", "", STEM_NOTHING, QUEUE_ADMIN, "mana"},
	/* drivers/net/xen-netfront.c, xen-netback/interface.c */
	{"", "-q#-rx", STEM_NAME, QUEUE_RX, NULL},
	{"", "-q#-tx", STEM_NAME, QUEUE_TX, NULL},
	/* storage adapters: host, vector */
	{"megasas", "-msix#", STEM_HOST, QUEUE_NONE, "megaraid_sas"},
	{"mpt3sas", "-msix#", STEM_HOST, QUEUE_NONE, "mpt3sas"},
	{"mpt2sas", "-msix#", STEM_HOST, QUEUE_NONE, "mpt3sas"},
	{"mpi3mr", "-msix0", STEM_HOST, QUEUE_ADMIN, "mpi3mr"},
	{"mpi3mr", "-msix#", STEM_HOST, QUEUE_NONE, "mpi3mr"},
	{"hpsa", "-msix#", STEM_HOST, QUEUE_NONE, "hpsa"},
	/* the other network drivers; the longer suffixes first */
	{"", "-tx-#-rx-#", STEM_NAME, QUEUE_RXTX, NULL},
	{"", "-TxRx-#", STEM_NAME, QUEUE_RXTX, NULL},
	{"", "-RxTx-#", STEM_NAME, QUEUE_RXTX, NULL},
	{"", "-rxtx-#", STEM_NAME, QUEUE_RXTX, NULL},
	{"", "-txrx-#", STEM_NAME, QUEUE_RXTX, NULL},
	{"", "-event-#", STEM_NETDEV, QUEUE_ADMIN, NULL},
	{"", "-rx-#", STEM_NAME, QUEUE_RX, NULL},
	{"", "-tx-#", STEM_NAME, QUEUE_TX, NULL},
	{"", "-Rx-#", STEM_NAME, QUEUE_RX, NULL},
	{"", "-Tx-#", STEM_NAME, QUEUE_TX, NULL},
	{"", ":rx-#", STEM_NAME, QUEUE_RX, NULL},
	{"", ":tx-#", STEM_NAME, QUEUE_TX, NULL},
	{"", "-rx#", STEM_NAME, QUEUE_RX, NULL},
	{"", "-tx#", STEM_NAME, QUEUE_TX, NULL},
	{"", "-Rx#", STEM_NAME, QUEUE_RX, NULL},
	{"", "-fp-#", STEM_NAME, QUEUE_RXTX, NULL},
	{"", "-q#", STEM_NETDEV, QUEUE_RXTX, NULL},
	{"", "-#", STEM_NETDEV, QUEUE_RXTX, NULL},
	{"", "-rx", STEM_NETDEV, QUEUE_RX, NULL},
	{"", "-tx", STEM_NETDEV, QUEUE_TX, NULL},
	{"", "-mgmt", STEM_NAME, QUEUE_ADMIN, NULL},
	{"", "-mgmnt", STEM_NAME, QUEUE_ADMIN, NULL},
};
/* clang-format on */

static bool all_digits(const char *text, size_t len)
{
	size_t i = 0;

	while (i < len && is_digit(text[i]))
		i++;
	return len > 0 && i == len;
}

bool queue_name_is_netdev(const char *name, size_t len)
{
	static const char *const prefixes[] = {"eth", "eno", "ens",  "enp", "enP",  "enx", "end",
					       "ena", "em",  "ib",   "usb", "wlan", "wlp", "wls",
					       "wlo", "wlx", "wwan", "vif", "p"};

	if (len == 0 || len >= 64 || strcspn(name, " /@") < len)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++) {
		size_t n = strlen(prefixes[i]);

		if (len > n && memcmp(name, prefixes[i], n) == 0 &&
		    (is_digit(name[n]) || strcmp(prefixes[i], "enx") == 0))
			return true;
	}
	return false;
}

/* virtio and NVMe: the whole interface is `name` and a number. */
static bool is_numbered(const char *text, size_t len, const char *name)
{
	size_t n = strlen(name);

	return len > n && memcmp(text, name, n) == 0 && all_digits(text + n, len - n);
}

static bool is_name(const char *text, size_t len)
{
	return len > 0 && len < 64 && strcspn(text, " /@") >= len;
}

static bool stem_fits(enum stem stem, const char *text, size_t len)
{
	switch (stem) {
	case STEM_NAME:
		return is_name(text, len);
	case STEM_NETDEV:
		return queue_name_is_netdev(text, len);
	case STEM_NOTHING:
		return len == 0;
	case STEM_VIRTIO:
		return is_numbered(text, len, "virtio");
	case STEM_NVME:
		return is_numbered(text, len, "nvme");
	case STEM_HOST:
		return all_digits(text, len);
	case STEM_PCI:
		return len > 0 && pci_address_len(text) == len;
	}
	return false;
}

/*
 * Moves *end before the suffix. *ret_number is the last number in it, NULL where there is none.
 * False, and nothing changed, where the action ends otherwise.
 */
static bool cut_suffix(const char *start, const char **end, const char *suffix,
		       const char **ret_number)
{
	const char *p = *end, *number = NULL;

	for (size_t i = strlen(suffix); i-- > 0;) {
		if (p == start)
			return false;
		if (suffix[i] != '#') {
			if (*--p != suffix[i])
				return false;
			continue;
		}
		if (!is_digit(p[-1]))
			return false;
		while (p > start && is_digit(p[-1]))
			p--;
		if (!number)
			number = p;
	}
	*end = p;
	*ret_number = number;
	return true;
}

static bool read_index(const char *number, int32_t *ret_index)
{
	uint64_t value;

	*ret_index = -1;
	if (!number)
		return true;
	if (number_read(&number, number + strspn(number, "0123456789"), INDEX_MAX, &value) < 0)
		return false;
	*ret_index = (int32_t)value;
	return true;
}

/* Which part of the action is the interface: a host adapter's includes the prefix. */
static void fill_interface(const struct pattern *pattern, const char *action, const char *start,
			   const char *end, struct queue_name *name)
{
	if (start == end || (*pattern->prefix && !*pattern->suffix && pattern->stem == STEM_NAME))
		return;
	name->interface = pattern->stem == STEM_HOST ? action : start;
	name->interface_len = (size_t)(end - name->interface);
	name->is_device = pattern->stem == STEM_VIRTIO ||
			  pci_address_len(name->interface) == name->interface_len;
}

/* Nearly all patterns are for other drivers: told by the first letter. */
static bool begins_otherwise(const struct pattern *pattern, char first)
{
	return (*pattern->prefix && *pattern->prefix != first) ||
	       (pattern->stem == STEM_VIRTIO && first != 'v') ||
	       (pattern->stem == STEM_NVME && first != 'n');
}

static bool pattern_fits(const struct pattern *pattern, const char *action, size_t len,
			 struct queue_name *ret)
{
	size_t skip = strlen(pattern->prefix);
	const char *start = action + skip, *end = action + len, *number;
	int32_t index;

	if (len < skip || memcmp(action, pattern->prefix, skip) != 0 ||
	    !cut_suffix(start, &end, pattern->suffix, &number) ||
	    !stem_fits(pattern->stem, start, (size_t)(end - start)) || !read_index(number, &index))
		return false;
	*ret = (struct queue_name){
		.driver = pattern->driver, .direction = pattern->direction, .index = index};
	fill_interface(pattern, action, start, end, ret);
	return true;
}

bool queue_name_parse(const char *action, struct queue_name *ret)
{
	size_t len = strcspn(action, "@");

	for (size_t i = 0; i < ARRAY_SIZE(patterns); i++) {
		if (begins_otherwise(&patterns[i], *action) ||
		    !pattern_fits(&patterns[i], action, len, ret))
			continue;
		if (ret->direction == QUEUE_ADMIN)
			ret->index = -1;
		else if (ret->index < 0)
			ret->index = 0;
		return true;
	}
	return false;
}

const char *queue_name_driver(const char *action)
{
	static const struct {
		const char *name, *driver; /* a name ends at a character that no name has */
	} drivers[] = {
		{"ahci", "ahci"},
		{"amdgpu", "amdgpu"},
		{"ata_piix", "ata_piix"},
		{"ath10k_pci", "ath10k_pci"},
		{"ath11k_pci", "ath11k_pci"},
		{"hpilo", "hpilo"},
		{"i801_smbus", "i801_smbus"},
		{"i8042", "i8042"},
		{"i915", "i915"},
		{"ioat-msix", "ioatdma"},
		{"isci-msix", "isci"},
		{"iwlwifi", "iwlwifi"},
		{"mei_me", "mei_me"},
		{"nouveau", "nouveau"},
		{"nvidia", "nvidia"},
		{"nvkm", "nouveau"},
		{"PCIe PME", "pcieport"},
		{"pciehp", "pcieport"},
		{"radeon", "radeon"},
		{"sata_nv", "sata_nv"},
		{"skge", "skge"},
		{"smartpqi", "smartpqi"},
		{"snd_hda_intel", "snd_hda_intel"},
		{"thunderbolt", "thunderbolt"},
		{"vmwgfx", "vmwgfx"},
		{"xhci_hcd", "xhci_hcd"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(drivers); i++) {
		size_t len = strlen(drivers[i].name);

		if (*action == *drivers[i].name && text_has_prefix(action, drivers[i].name) &&
		    (!action[len] || strchr(":@[,", action[len])))
			return drivers[i].driver;
	}
	return NULL;
}
