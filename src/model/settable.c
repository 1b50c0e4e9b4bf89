/* SPDX-License-Identifier: BSD-2-Clause */
#include "model/settable.h"

#include <string.h>

#include "base/i18n.h"
#include "base/macros.h"
#include "base/number.h"
#include "base/text.h"

#define WRITE_BITS 0222u

static const char per_cpu[] = N_("per-CPU interrupt: every CPU has its own");
static const char managed[] = N_("managed by the kernel: it follows the queue's CPUs");
static const char refused[] =
	N_("the kernel refuses it: managed, per-CPU, or pinned by its driver");
static const char timer[] = N_("kernel-internal: the boot timer");
static const char cascade[] = N_("kernel-internal: the cascade of the old interrupt controller");
static const char local[] = N_("not steerable: raised on the CPU that needs it");
static const char no_interrupt[] = N_("a counter, not an interrupt of its own");
static const char not_read[] = N_("its files in /proc/irq were not read");
static const char maybe_managed[] =
	N_("maybe managed by the kernel: Linux before 6.12 tells only when written");
static const char unknown_kernel[] = N_("maybe managed by the kernel: the mode tells from Linux "
					"6.12 on, and the version is not known");

struct settable_kernel settable_kernel(const char *release)
{
	const char *p = release, *end = release ? release + strlen(release) : NULL;
	struct settable_kernel kernel = {0};
	uint64_t major, minor;

	if (!release || number_read(&p, end, 1000, &major) < 0 || p == end || *p++ != '.' ||
	    number_read(&p, end, 1000000, &minor) < 0)
		return kernel;
	kernel.known = true;
	kernel.mode_tells = major > 6 || (major == 6 && minor >= 12);
	return kernel;
}

/* "GIC", "GIC-0", "GICv3": these number as the architecture does; "GICv2m-PCI" and the like do not.
 */
static bool is_gic(const char *chip)
{
	return text_has_prefix(chip, "GIC") && !chip[3 + strspn(chip + 3, "v0123456789-")];
}

/*
 * Private interrupts of a CPU. GIC: 16 to 31 and 1056 to 1119 are PPIs (Arm IHI 0069, table 2-1);
 * the other controllers serve one CPU only.
 */
static bool has_private_chip(const struct irq_desc *desc)
{
	static const char *const chips[] = {"xen-percpu",     "RISC-V INTC", "MIPS",
					    "MIPS GIC Local", "CPUINTC",     "ARM_LOCAL"};
	uint64_t hwirq;

	if (!desc->chip)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(chips); i++) {
		if (strcmp(desc->chip, chips[i]) == 0)
			return true;
	}
	if (!is_gic(desc->chip) || !desc->hwirq ||
	    number_parse(desc->hwirq, UINT32_MAX, &hwirq) < 0)
		return false;
	return (hwirq >= 16 && hwirq < 32) || (hwirq >= 1056 && hwirq < 1120);
}

static bool is_per_cpu(const struct interrupt *interrupt)
{
	static const char *const names[] = {"arch_timer", "riscv-timer", "twd"};
	const struct irq_desc *desc = &interrupt->desc;

	if (interrupt->kind == IRQ_KIND_IPI || has_private_chip(desc))
		return true;
	if (desc->trigger &&
	    (strcmp(desc->trigger, "percpu") == 0 || strcmp(desc->trigger, "percpu_devid") == 0))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(names) && desc->n_actions; i++) {
		if (strcmp(desc->actions[0], names[i]) == 0)
			return true;
	}
	return false;
}

/* Queues whose driver asks for managed vectors (PCI_IRQ_AFFINITY, virtio's irq_affinity). */
static bool is_managed_queue(const struct interrupt *interrupt)
{
	static const struct {
		const char *driver;
		bool needs_queue; /* only rows that are known as queues, not the admin vectors */
	} drivers[] = {
		{"nvme", true},         {"virtio_blk", true},      {"virtio_scsi", true},
		{"megaraid_sas", true}, {"mpt3sas", true},         {"mpi3mr", true},
		{"hpsa", true},         {"smartpqi", false},       {"lpfc", false},
		{"qla2xxx", false},     {"hisi_sas_v3_hw", false},
	};

	if (!interrupt->driver || interrupt->direction == QUEUE_ADMIN)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(drivers); i++) {
		if (strcmp(interrupt->driver, drivers[i].driver) == 0)
			return interrupt->queue >= 0 || !drivers[i].needs_queue;
	}
	return false;
}

static void judge(struct interrupt *interrupt, enum settable settable, const char *why)
{
	interrupt->settable = settable;
	interrupt->settable_why = why;
}

static void judge_mode(struct interrupt *interrupt, struct settable_kernel kernel)
{
	const struct irq_facts *facts = interrupt->facts;
	bool is_managed = is_managed_queue(interrupt);
	/* before 6.12 the kernel shows every file as writable: a copy that is not says nothing */
	bool mode_tells = kernel.mode_tells || !kernel.known;

	if (!facts || !facts->has_mode)
		judge(interrupt, SETTABLE_UNKNOWN, not_read);
	else if (mode_tells && !(facts->mode & WRITE_BITS))
		judge(interrupt, SETTABLE_NO, is_managed ? managed : refused);
	else if (!is_managed || kernel.mode_tells)
		judge(interrupt, SETTABLE_YES, NULL);
	else
		judge(interrupt, SETTABLE_UNKNOWN, kernel.known ? maybe_managed : unknown_kernel);
}

void settable_judge(struct interrupt *interrupt, const char *arch, struct settable_kernel kernel)
{
	int32_t number = interrupt->row->number;
	bool x86 = arch && strcmp(arch, "x86") == 0;

	if (number < 0) {
		bool counts = interrupt->kind == IRQ_KIND_COUNTER ||
			      interrupt->kind == IRQ_KIND_SUM || interrupt->kind == IRQ_KIND_GAUGE;

		judge(interrupt, SETTABLE_NO, counts ? no_interrupt : local);
	} else if (is_per_cpu(interrupt)) {
		judge(interrupt, SETTABLE_NO, per_cpu);
	} else if (x86 && number == 0) {
		judge(interrupt, SETTABLE_NO, timer);
	} else if (x86 && number == 2) {
		judge(interrupt, SETTABLE_NO, cascade);
	} else {
		judge_mode(interrupt, kernel);
	}
}
