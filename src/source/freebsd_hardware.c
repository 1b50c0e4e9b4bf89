/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads kernel memory and PCI devices. Nothing here writes: a mapping of a BAR is read-only, and a
 * PCI register is only looked at. Built on FreeBSD only.
 */
#include "source/freebsd_hardware.h"

#define _WANT_VMMETER
#include <sys/param.h>

#include <sys/cpuset.h>
#include <sys/ioctl.h>
#include <sys/linker.h>
#include <sys/mman.h>
#include <sys/pciio.h>
#include <sys/sysctl.h>
#include <sys/vmmeter.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include "base/macros.h"
#include "base/number.h"

/* PCI Local Bus Specification 3.0, 6.7 and 6.8 */
#define PCI_STATUS         0x06
#define PCI_STATUS_CAPS    0x10u
#define PCI_CAP_POINTER    0x34
#define PCI_BAR_0          0x10
#define PCI_CAP_MSI        0x05u
#define PCI_CAP_MSIX       0x11u
#define MSI_ENABLE         (1u << 16)
#define MSI_COUNT_SHIFT    20u /* the logarithm of how many are enabled */
#define MSI_COUNT_MASK     7u
#define MSIX_ENABLE        (1u << 31)
#define MSIX_ENTRY_SIZE    16u
#define MSIX_ENTRIES_SHIFT 16u
#define MSIX_ENTRIES_MASK  0x7ffu
#define MSIX_BAR_MASK      7u
#define CAPS_MAX           48 /* in 256 bytes there is no room for more */

static uint32_t max_cpus(void)
{
	int maxid = 0;
	size_t len = sizeof(maxid);

	if (sysctlbyname("kern.smp.maxid", &maxid, &len, NULL, 0) < 0 || maxid < 0)
		return 1;
	return (uint32_t)maxid + 1;
}

static int read_kernel(int fd, uint64_t address, void *value, size_t len)
{
	return pread(fd, value, len, (off_t)address) == (ssize_t)len ? 0 : -EIO;
}

static int find_symbol(const char *name, uint64_t *ret_address)
{
	struct kld_sym_lookup symbol = {.version = sizeof(symbol)};
	_cleanup_free_ char *copy = strdup(name);

	if (!copy)
		return -ENOMEM;
	symbol.symname = copy;
	if (kldsym(0, KLDSYM_LOOKUP, &symbol) < 0)
		return -errno;
	*ret_address = symbol.symvalue;
	return 0;
}

/* The machine's own sum, of which older kernels give 32 bits. */
static int read_sum(uint32_t *ret)
{
	unsigned char value[8] = {0};
	size_t len = sizeof(value);

	if (sysctlbyname("vm.stats.sys.v_intr", value, &len, NULL, 0) < 0)
		return -errno;
	memcpy(ret, value, sizeof(*ret)); /* FreeBSD's 64-bit machines are little-endian here */
	return 0;
}

/*
 * The counts of all CPUs from `base` on, a page apart (sys/counter.h; UMA_PCPU_ALLOC_SIZE of
 * sys/vm/uma.h). -EINVAL where they are not the parts of the machine's sum.
 */
static int read_parts(int fd, uint64_t base, uint32_t n_cpus, uint64_t *parts)
{
	uint64_t page = (uint64_t)getpagesize();
	uint32_t before, after, sum = 0;
	int r = read_sum(&before);

	for (uint32_t cpu = 0; cpu < n_cpus && r == 0; cpu++) {
		r = read_kernel(fd, base + page * cpu, &parts[cpu], sizeof(parts[cpu]));
		sum += (uint32_t)parts[cpu];
	}
	if (r == 0)
		r = read_sum(&after);
	if (r < 0)
		return r;
	return sum - before <= after - before ? 0 : -EINVAL;
}

/* Where __pcpu points; 0: this kernel has no such variable. */
static uint64_t read_pcpu(int fd)
{
	uint64_t symbol, address;

	return find_symbol("__pcpu", &symbol) == 0 &&
			       read_kernel(fd, symbol, &address, sizeof(address)) == 0
		       ? address
		       : 0;
}

/*
 * vm_cnt holds a pointer for each counter. amd64 keeps it less the address that is in __pcpu
 * (sys/amd64/include/pcpu.h, zpcpu_base_to_offset; pcpu_aux.h), others as it is: what adds up is
 * right.
 */
int freebsd_read_v_intr(struct buf *out)
{
	_cleanup_close_ int fd = open("/dev/kmem", O_RDONLY | O_CLOEXEC);
	uint32_t n = max_cpus();
	_cleanup_free_ uint64_t *parts = calloc(n, sizeof(*parts));
	uint64_t counters, base, pcpu;
	int r = fd < 0 ? -errno : parts ? find_symbol("vm_cnt", &counters) : -ENOMEM;

	if (r == 0)
		r = read_kernel(fd, counters + offsetof(struct vmmeter, v_intr), &base,
				sizeof(base));
	if (r < 0)
		return r;
	pcpu = read_pcpu(fd);
	r = read_parts(fd, base + pcpu, n, parts);
	if (r < 0 && pcpu)
		r = read_parts(fd, base, n, parts);
	return r < 0 ? r : buf_append(out, parts, n * sizeof(*parts));
}

#if defined(__x86_64__)

/* The id that a CPU tells of itself (Intel SDM, CPUID leaf 0Bh, else 01h). */
static uint32_t own_apic_id(void)
{
	unsigned int a, b, c, d;

	if (__get_cpuid_count(0x0b, 0, &a, &b, &c, &d) && b)
		return d;
	return __get_cpuid(1, &a, &b, &c, &d) ? b >> 24 : UINT32_MAX;
}

static int on_cpu(const cpuset_t *mask)
{
	return cpuset_setaffinity(CPU_LEVEL_WHICH, CPU_WHICH_TID, -1, sizeof(*mask), mask) < 0
		       ? -errno
		       : 0;
}

/* Visits each CPU for as long as it takes to ask. */
int freebsd_read_apic_ids(struct buf *out)
{
	uint32_t n = max_cpus();
	cpuset_t before;
	int r = 0;

	if (cpuset_getaffinity(CPU_LEVEL_WHICH, CPU_WHICH_TID, -1, sizeof(before), &before) < 0)
		return -errno;
	for (uint32_t cpu = 0; cpu < n && cpu < CPU_SETSIZE && r == 0; cpu++) {
		uint32_t id = UINT32_MAX; /* a CPU that is off has none */
		cpuset_t one;

		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		if (on_cpu(&one) == 0)
			id = own_apic_id();
		r = buf_append(out, &id, sizeof(id));
	}
	on_cpu(&before);
	return r;
}

#else

int freebsd_read_apic_ids(struct buf *out)
{
	(void)out;
	return -ENOSYS;
}

#endif

/* A device of /dev/pci. */
struct device {
	int fd;
	struct pcisel selector;
};

static int read_config(const struct device *device, int reg, int width, uint32_t *ret)
{
	struct pci_io io = {.pi_sel = device->selector, .pi_reg = reg, .pi_width = width};

	if (ioctl(device->fd, PCIOCREAD, &io) < 0)
		return -errno;
	*ret = io.pi_data;
	return 0;
}

/* The place of a capability in the configuration space; 0: it has none; or -errno. */
static int find_capability(const struct device *device, uint32_t wanted)
{
	uint32_t value;
	int r = read_config(device, PCI_STATUS, 2, &value);

	if (r < 0 || !(value & PCI_STATUS_CAPS))
		return r;
	r = read_config(device, PCI_CAP_POINTER, 1, &value);
	for (int i = 0; i < CAPS_MAX && r == 0 && (value & 0xfcu); i++) {
		int at = (int)(value & 0xfcu);

		r = read_config(device, at, 2, &value);
		if (r == 0 && (value & 0xffu) == wanted)
			return at;
		value >>= 8;
	}
	return r;
}

/* All messages of a device go to the one address that it has for them. */
static int read_msi(const struct device *device, struct buf *out)
{
	int at = find_capability(device, PCI_CAP_MSI), r;
	uint32_t control = 0, entry[4] = {0};

	if (at <= 0)
		return at < 0 ? at : -ENOENT;
	r = read_config(device, at, 4, &control);
	if (r == 0 && !(control & MSI_ENABLE))
		r = -ENOENT;
	if (r == 0)
		r = read_config(device, at + 4, 4, &entry[0]);
	for (uint32_t n = 1u << (control >> MSI_COUNT_SHIFT & MSI_COUNT_MASK); n && r == 0; n--)
		r = buf_append(out, entry, sizeof(entry));
	return r;
}

static int copy_table(const struct pci_bar_mmap *bar, size_t offset, size_t n, struct buf *out)
{
	const volatile uint32_t *table;
	size_t len = n * MSIX_ENTRY_SIZE;
	int r = 0;

	if ((size_t)bar->pbm_bar_off + offset + len > bar->pbm_map_length)
		return -EINVAL;
	table = (const volatile uint32_t *)(const void *)((const char *)bar->pbm_map_base +
							  bar->pbm_bar_off + offset);
	for (size_t i = 0; i < len / sizeof(*table) && r == 0; i++) {
		uint32_t word = table[i]; /* a device is read in words */

		r = buf_append(out, &word, sizeof(word));
	}
	return r;
}

static int read_msix(const struct device *device, int at, struct buf *out)
{
	struct pci_bar_mmap bar = {.pbm_sel = device->selector};
	uint32_t control, place;
	int r = read_config(device, at, 4, &control);

	if (r == 0)
		r = read_config(device, at + 4, 4, &place);
	if (r < 0)
		return r;
	if (!(control & MSIX_ENABLE))
		return read_msi(device, out);
	bar.pbm_reg = PCI_BAR_0 + 4 * (int)(place & MSIX_BAR_MASK);
	if (ioctl(device->fd, PCIOCBARMMAP, &bar) < 0)
		return -errno;
	r = copy_table(&bar, place & ~MSIX_BAR_MASK,
		       (control >> MSIX_ENTRIES_SHIFT & MSIX_ENTRIES_MASK) + 1, out);
	munmap(bar.pbm_map_base, bar.pbm_map_length);
	return r;
}

static int parse_selector(const char *text, struct pcisel *ret)
{
	static const uint64_t max[] = {UINT32_MAX, 255, 31, 7};
	uint64_t parts[ARRAY_SIZE(max)];
	const char *p = text, *end = text + strlen(text);

	for (size_t i = 0; i < ARRAY_SIZE(max); i++) {
		if ((i && (p == end || *p++ != ':')) || number_read(&p, end, max[i], &parts[i]) < 0)
			return -ENOENT;
	}
	*ret = (struct pcisel){.pc_domain = (uint32_t)parts[0],
			       .pc_bus = (uint8_t)parts[1],
			       .pc_dev = (uint8_t)parts[2],
			       .pc_func = (uint8_t)parts[3]};
	return p == end ? 0 : -ENOENT;
}

int freebsd_read_msix(const char *selector, struct buf *out)
{
	/* to read a register asks for the right to write, too (sys/dev/pci/pci_user.c) */
	_cleanup_close_ int fd = open("/dev/pci", O_RDWR | O_CLOEXEC);
	struct device device = {.fd = fd};
	size_t start = out->len;
	int r = fd < 0 ? -errno : parse_selector(selector, &device.selector);
	int at = r < 0 ? r : find_capability(&device, PCI_CAP_MSIX);

	if (at < 0)
		return at;
	r = at ? read_msix(&device, at, out) : read_msi(&device, out);
	if (r < 0 && out->data)
		buf_cut(out, start);
	return r;
}
