/* SPDX-License-Identifier: BSD-2-Clause */
#include "freebsd_kernel.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/macros.h"
#include "base/text.h"

#define SGIS 16 /* of a GIC: numbers that have no counter */

static struct model_kernel *model_of(struct freebsd_kernel *kernel)
{
	return (struct model_kernel *)kernel;
}

struct model_irq *model_kernel_find(struct model_kernel *kernel, int32_t number)
{
	for (size_t i = 0; i < kernel->n_irqs; i++) {
		if (kernel->irqs[i].number == number)
			return &kernel->irqs[i];
	}
	return NULL;
}

static uint64_t total_of(const struct model_kernel *kernel, const struct model_irq *irq)
{
	uint64_t total = 0;

	for (uint32_t cpu = 0; cpu < kernel->n_cpus; cpu++)
		total += irq->counts[cpu];
	return total;
}

/* Padded with spaces, and cut to the width with a NUL at its end. */
static int put_name(struct model_kernel *kernel, size_t counter, const char *prefix,
		    const char *rest, struct buf *out)
{
	_cleanup_(buf_done) struct buf name = {0};
	int r = buf_printf(&name, "%s%s", prefix, rest);

	if (r == 0 && name.len < kernel->stride)
		r = buf_fill(&name, ' ', kernel->stride - name.len);
	if (r == 0)
		memcpy(out->data + counter * kernel->stride, name.data, kernel->stride - 1);
	return r;
}

static int make_names(struct model_kernel *kernel, struct buf *out)
{
	int r = buf_fill(out, '\0', kernel->n_counters * kernel->stride);

	if (r == 0 && kernel->has_intrs)
		r = put_name(kernel, 0, "???", "", out);
	for (size_t i = 0; i < kernel->n_irqs && r == 0; i++) {
		const struct model_irq *irq = &kernel->irqs[i];
		_cleanup_(buf_done) struct buf stray = {0};

		r = put_name(kernel, irq->counter, irq->prefix, irq->handler, out);
		if (r == 0)
			r = buf_printf(&stray, "stray %.*s", (int)strcspn(irq->prefix, ":"),
				       irq->prefix);
		if (r == 0)
			r = put_name(kernel, irq->counter + 1, stray.data, "", out);
	}
	for (uint32_t cpu = 0; cpu < kernel->n_cpus && r == 0; cpu++) {
		_cleanup_(buf_done) struct buf name = {0};

		r = buf_printf(&name, "cpu%" PRIu32 ":", cpu);
		if (r == 0)
			r = put_name(kernel, kernel->first_timer + cpu, name.data, "timer", out);
	}
	return r;
}

static void put_count(struct buf *out, size_t counter, uint64_t count)
{
	memcpy(out->data + counter * sizeof(count), &count, sizeof(count));
}

static int make_counts(struct model_kernel *kernel, struct buf *out)
{
	int r = buf_fill(out, '\0', kernel->n_counters * sizeof(uint64_t));

	for (size_t i = 0; i < kernel->n_irqs && r == 0; i++)
		put_count(out, kernel->irqs[i].counter, total_of(kernel, &kernel->irqs[i]));
	for (uint32_t cpu = 0; cpu < kernel->n_cpus && r == 0; cpu++)
		put_count(out, kernel->first_timer + cpu, kernel->timers[cpu]);
	return r;
}

static int make_intrs(struct model_kernel *kernel, struct buf *out)
{
	int r = 0;

	if (!kernel->has_intrs)
		return -ENOENT;
	for (size_t i = 0; i < kernel->n_irqs && r == 0; i++) {
		const struct model_irq *irq = &kernel->irqs[i];

		r = buf_printf(out, "%s%s:%zu @cpu%" PRIu32 "(domain0): %" PRIu64 "\n", irq->prefix,
			       irq->handler, irq->counter, irq->believed, total_of(kernel, irq));
	}
	return r < 0 ? r : buf_putc(out, '\0');
}

static int make_number(uint32_t number, struct buf *out)
{
	return buf_append(out, &number, sizeof(number));
}

/* A device tree of two NICs and a drive. */
static const struct {
	const char *name, *text;
} texts[] = {
	{"kern.osrelease", "15.1-RELEASE"},
	{"dev.em.0.%parent", "pci3"},
	{"dev.em.0.%location", "slot=0 function=0 dbsf=pci0:3:0:0 handle=\\_SB_"},
	{"dev.em.0.%pnpinfo", "vendor=0x8086 device=0x10d3 class=0x020000"},
	{"dev.nvme.0.%parent", "pci2"},
	{"dev.nvme.0.%location", "slot=0 function=0 dbsf=pci0:2:0:0"},
	{"dev.nvme.0.%pnpinfo", "vendor=0x1b36 class=0x010802"},
	{"dev.virtio_pci.1.%parent", "pci4"},
	{"dev.virtio_pci.1.%location", "slot=0 function=0 dbsf=pci0:4:0:0"},
	{"dev.virtio_pci.1.%pnpinfo", "vendor=0x1af4 class=0x020000"},
	{"dev.vtnet.0.%parent", "virtio_pci1"},
};

/* kern.clockrate, and kern.cp_times with a tick of interrupts for each timer interrupt */
static int make_times(struct model_kernel *kernel, const char *name, struct buf *out)
{
	const int32_t clock[] = {100, 10000, 0, 100, 8000};
	int r = 0;

	if (strcmp(name, "kern.clockrate") == 0)
		return buf_append(out, clock, sizeof(clock));
	for (uint32_t cpu = 0; cpu < kernel->n_cpus && r == 0; cpu++) {
		const uint64_t ticks[] = {0, 0, 0, kernel->timers[cpu], 1000};

		r = buf_append(out, ticks, sizeof(ticks));
	}
	return r;
}

static int make_value(struct model_kernel *kernel, const char *name, struct buf *out)
{
	if (strcmp(name, "hw.intrcnt") == 0)
		return make_counts(kernel, out);
	if (strcmp(name, "hw.intrnames") == 0)
		return make_names(kernel, out);
	if (strcmp(name, "hw.intrs") == 0)
		return make_intrs(kernel, out);
	if (strcmp(name, "hw.intrbalance") == 0)
		return kernel->has_intrs ? make_number(kernel->intrbalance, out) : -ENOENT;
	if (strcmp(name, "kern.clockrate") == 0 || strcmp(name, "kern.cp_times") == 0)
		return make_times(kernel, name, out);
	if (strcmp(name, "kern.smp.maxid") == 0)
		return make_number(kernel->n_cpus - 1, out);
	if (strcmp(name, "dev.em.0.iflib.rxq0.cpu") == 0)
		return buf_append(out, &(uint16_t){1}, sizeof(uint16_t));
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		if (strcmp(name, texts[i].name) == 0)
			return buf_append(out, texts[i].text, strlen(texts[i].text) + 1);
	}
	return -ENOENT;
}

static int model_sysctl(struct freebsd_kernel *base, const char *name, void *value, size_t *len)
{
	_cleanup_(buf_done) struct buf bytes = {0};
	int r = make_value(model_of(base), name, &bytes);

	if (r < 0)
		return r;
	if (value && *len < bytes.len)
		return -ENOMEM;
	if (value && bytes.data)
		memcpy(value, bytes.data, bytes.len);
	*len = bytes.len;
	return 0;
}

static int model_list(struct freebsd_kernel *base, struct strv *out)
{
	int r = strv_add(out, "dev.em.0.iflib.rxq0.cpu");

	(void)base;
	for (size_t i = 0; i < ARRAY_SIZE(texts) && r == 0; i++) {
		if (text_has_prefix(texts[i].name, "dev."))
			r = strv_add(out, texts[i].name);
	}
	return r;
}

static void set_bit(unsigned char *mask, uint32_t cpu)
{
	mask[cpu / 8] = (unsigned char)(mask[cpu / 8] | 1u << cpu % 8);
}

/* Bytes up to the last CPU of what will be told. */
static size_t size_of_answer(const struct model_kernel *kernel, enum freebsd_which which,
			     const struct model_irq *irq)
{
	bool is_bound = which == FREEBSD_WHICH_IRQ && irq && irq->bound >= 0;

	return (is_bound ? (uint32_t)irq->bound : kernel->n_cpus - 1) / 8 + 1;
}

static int model_get(struct freebsd_kernel *base, enum freebsd_which which, int32_t number,
		     size_t size, void *mask)
{
	struct model_kernel *kernel = model_of(base);
	const struct model_irq *irq = model_kernel_find(kernel, number);

	if (size < (kernel->is_lenient ? size_of_answer(kernel, which, irq) : kernel->mask_size))
		return -ERANGE;
	if (which == FREEBSD_WHICH_INTRHANDLER || which == FREEBSD_WHICH_ITHREAD)
		return -EINVAL;
	if (which == FREEBSD_WHICH_IRQ && (!irq || !*irq->handler))
		return -ESRCH;
	memset(mask, 0, size);
	for (uint32_t cpu = 0; cpu < kernel->n_cpus; cpu++) {
		if (which == FREEBSD_WHICH_ROOT || irq->bound < 0 || irq->bound == (int32_t)cpu)
			set_bit(mask, cpu);
	}
	return 0;
}

/* The one CPU of a mask, -1 where it holds all of them, or -errno below that. */
static int32_t cpu_of_mask(const struct model_kernel *kernel, size_t size, const void *mask)
{
	const unsigned char *bytes = mask;
	uint32_t n = 0, n_here = 0;
	int32_t cpu = -1;

	for (uint32_t i = 0; i < size * 8; i++) {
		if (!(bytes[i / 8] >> i % 8 & 1))
			continue;
		n++;
		n_here += i < kernel->n_cpus;
		cpu = (int32_t)i;
	}
	if (!n)
		return -EDEADLK;
	if (n == kernel->n_cpus && n_here == n)
		return -1;
	return n == 1 && n_here == 1 ? cpu : -EINVAL;
}

static int model_set(struct freebsd_kernel *base, enum freebsd_which which, int32_t number,
		     size_t size, const void *mask)
{
	struct model_kernel *kernel = model_of(base);
	struct model_irq *irq = model_kernel_find(kernel, number);
	int32_t cpu = cpu_of_mask(kernel, size, mask);

	/* in the kernel's order (sys/kern/kern_cpuset.c, kern_cpuset_setaffinity; sys/kern/
	 * kern_intr.c, intr_setaffinity and _intr_event_bind) */
	if (size < kernel->mask_size && !kernel->is_lenient)
		return -ERANGE;
	if (cpu < -1)
		return cpu;
	if (!irq || !*irq->handler)
		return -ESRCH;
	if (!kernel->is_root)
		return -EPERM;
	if (cpu >= 0 && (uint32_t)cpu == kernel->full_cpu && irq->target != (uint32_t)cpu)
		return -ENOSPC;
	if (which == FREEBSD_WHICH_ITHREAD)
		return 0;
	if (cpu >= 0)
		irq->target = irq->believed = (uint32_t)cpu;
	irq->bound = cpu;
	for (size_t i = 0; i < kernel->n_irqs; i++) {
		if (&kernel->irqs[i] != irq)
			model_kernel_fire(kernel, kernel->irqs[i].number, kernel->meanwhile);
	}
	return 0;
}

/* Each interrupt comes as often on a CPU as it ever did there. */
static int measure(struct model_kernel *kernel, struct buf *out)
{
	int r = 0;

	for (size_t i = 0; i < kernel->n_irqs; i++) {
		struct model_irq *irq = &kernel->irqs[i];

		for (uint32_t cpu = 0; cpu < kernel->n_cpus && r == 0; cpu++) {
			if (irq->counts[cpu])
				r = buf_printf(out, "%" PRIu32 " %" PRIu64 " %s%s\n", cpu,
					       irq->counts[cpu], irq->prefix, irq->handler);
			irq->counts[cpu] *= 2;
		}
	}
	return r;
}

static int model_read(struct freebsd_kernel *base, const char *path, struct buf *out)
{
	struct model_kernel *kernel = model_of(base);
	int r = 0;

	if (strcmp(path, "irqctl/targets") == 0)
		return kernel->targets.len
			       ? buf_append(out, kernel->targets.data, kernel->targets.len)
			       : -ENOENT;
	if (text_has_prefix(path, "dtrace/"))
		return kernel->is_root ? measure(kernel, out) : -EPERM;
	if (strcmp(path, "msix/0:3:0:0") == 0 && kernel->n_msix)
		return kernel->is_root ? buf_append(out, kernel->msix, 16 * kernel->n_msix)
				       : -EACCES;
	if (strcmp(path, "apic_ids") != 0 || !kernel->has_intrs)
		return -ENOENT;
	for (uint32_t cpu = 0; cpu < kernel->n_cpus && r == 0; cpu++)
		r = make_number(2 * cpu, out); /* two ids to a core */
	return r;
}

static int model_write(struct freebsd_kernel *base, const char *text)
{
	struct model_kernel *kernel = model_of(base);

	buf_done(&kernel->targets);
	return buf_puts(&kernel->targets, text);
}

static const struct freebsd_kernel_ops model_ops = {
	.sysctl = model_sysctl,
	.list = model_list,
	.get_affinity = model_get,
	.set_affinity = model_set,
	.read = model_read,
	.write_targets = model_write,
};

void model_kernel_pc(struct model_kernel *kernel, uint32_t n_cpus)
{
	*kernel = (struct model_kernel){
		.base.ops = &model_ops,
		.n_cpus = n_cpus,
		.n_counters = 12345,
		.stride = 20,
		.mask_size = 128,
		.has_intrs = true,
		.is_root = true,
		.full_cpu = MODEL_CPUS,
		.first_timer = 1000,
	};
}

void model_kernel_arm(struct model_kernel *kernel, uint32_t n_cpus)
{
	*kernel = (struct model_kernel){
		.base.ops = &model_ops,
		.n_cpus = n_cpus,
		.n_counters = 32792,
		.stride = 39,
		.mask_size = 32,
		.is_root = true,
		.full_cpu = MODEL_CPUS,
		.first_timer = 20000,
	};
}

static const char *const pc_prefixes[MODEL_IRQS] = {
	"irq0:",  "irq1:",  "irq2:",  "irq3:",  "irq4:",  "irq5:",  "irq6:",  "irq7:",
	"irq8:",  "irq9:",  "irq10:", "irq11:", "irq12:", "irq13:", "irq14:", "irq15:",
	"irq16:", "irq17:", "irq18:", "irq19:", "irq20:", "irq21:", "irq22:", "irq23:",
	"irq24:", "irq25:", "irq26:", "irq27:", "irq28:", "irq29:", "irq30:", "irq31:",
	"irq32:", "irq33:", "irq34:", "irq35:", "irq36:", "irq37:", "irq38:", "irq39:",
	"irq40:", "irq41:", "irq42:", "irq43:", "irq44:", "irq45:", "irq46:", "irq47:",
	"irq48:", "irq49:", "irq50:", "irq51:", "irq52:", "irq53:", "irq54:", "irq55:",
	"irq56:", "irq57:", "irq58:", "irq59:", "irq60:", "irq61:", "irq62:", "irq63:",
};

static const char *const arm_prefixes[MODEL_IRQS] = {
	[16] = "gic0,p0:", [27] = "gic0,p11:", [32] = "gic0,s0:", [33] = "gic0,s1:",
	[40] = "its0,0:",  [41] = "its0,1:",   [42] = "its0,2:",  [43] = "its0,3:",
};

struct model_irq *model_kernel_add(struct model_kernel *kernel, int32_t number, const char *handler,
				   uint32_t target)
{
	struct model_irq *irq = &kernel->irqs[kernel->n_irqs++];

	*irq = (struct model_irq){
		.number = number, .handler = handler, .target = target, .bound = -1};
	irq->prefix = (kernel->has_intrs ? pc_prefixes : arm_prefixes)[number];
	irq->counter = kernel->has_intrs ? 1 + 2 * (size_t)number : 2 * (size_t)(number - SGIS);
	return irq;
}

void model_kernel_fire(struct model_kernel *kernel, int32_t number, uint64_t times)
{
	struct model_irq *irq = model_kernel_find(kernel, number);

	irq->counts[irq->target] += times;
}

void model_kernel_done(struct model_kernel *kernel)
{
	buf_done(&kernel->targets);
}
