/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What each interrupt means: the table behind `irqctl explain` and the MEANING column.
 *
 * Entries are constant data. Text for people is marked with N_() and translated by the verb that
 * prints it; `key`, `arch`, `text`, `part_of` and `source` are never translated. Every entry cites
 * the kernel file that counts or prints the row (paths as in Linux 6.12 unless they say otherwise).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* What a row of the table is. The names of lore_kind_name() are part of the JSON contract. */
enum irq_kind {
	IRQ_KIND_DEVICE, /* a real interrupt from a device, a timer or the CPU's own local sources
			  */
	IRQ_KIND_IPI,    /* one CPU interrupts another */
	IRQ_KIND_EXCEPTION, /* raised by the CPU itself: NMI, machine check, trap */
	IRQ_KIND_COUNTER,   /* counts an event that is no interrupt of its own */
	IRQ_KIND_SUM,       /* the sum of other rows: never add it to a total */
	IRQ_KIND_GAUGE,     /* a level (bytes), not a count */
};

/* What a row serves. The names of lore_class_name() are part of the JSON contract. */
enum irq_class {
	IRQ_CLASS_OTHER,
	IRQ_CLASS_NET,
	IRQ_CLASS_STORAGE,
	IRQ_CLASS_DISPLAY,
	IRQ_CLASS_AUDIO,
	IRQ_CLASS_USB,
	IRQ_CLASS_INPUT,
	IRQ_CLASS_SERIAL,
	IRQ_CLASS_TIMER,
	IRQ_CLASS_IPI,
	IRQ_CLASS_PERF,  /* performance counters */
	IRQ_CLASS_ERROR, /* machine checks, spurious and broken interrupts */
	IRQ_CLASS_THERMAL,
	IRQ_CLASS_VIRT,     /* hypervisor callbacks, posted interrupts, balloon, vsock */
	IRQ_CLASS_PLATFORM, /* ACPI, GPIO, I2C, DMA engines, mailboxes, chipset */
	IRQ_CLASS_BRIDGE,   /* PCIe ports: hot-plug, PME, AER; IOMMU */
	IRQ_CLASS_CRYPTO,
	IRQ_CLASS_ACCEL, /* compute accelerators, DMA offload such as IDXD */
	IRQ_CLASS_SOFTIRQ,
	IRQ_CLASS_MAX_
};

/* Where an entry applies. */
enum lore_group {
	LORE_ROW, /* a row that is not numbered: key is its row key ("LOC"), may be a glob ("IPI*")
		   */
	LORE_SOFTIRQ, /* a row of /proc/softirqs: key is its name ("NET_RX") */
	LORE_CHIP, /* an interrupt controller: key is a glob over the chip's name ("IR-PCI-MSIX*")
		    */
	LORE_TRIGGER, /* a trigger or flow handler: key is its name ("edge", "fasteoi", "msi-x") */
	LORE_ACTION,  /* a numbered row: key is a glob over the action's name ("*-TxRx-*") */
	LORE_HANDLER, /* FreeBSD: key is a glob over the handler's name ("nvme*:io*") */
};

struct lore {
	enum lore_group group;
	const char *key;
	const char *arch; /* "x86", "arm", "arm64", "riscv", "s390", ...; NULL: any */
	const char *text; /* LORE_ROW: the kernel's own words after the counts (glob).
			     NULL: the row has none, or any words do */
	enum irq_kind kind;
	enum irq_class class;
	const char *part_of; /* key of the row that counts these events too ("CAL" for x86 TLB), or
				NULL */
	const char *title; /* N_(): a noun phrase, at most 50 characters: "Local timer interrupt" */
	const char *meaning;   /* N_(): plain words for one table cell, at most 60 characters */
	const char *what;      /* N_(): what it is, and whether it is an interrupt at all; 1 to 4
				  sentences */
	const char *raised_by; /* N_(): which code or hardware raises it */
	const char *normal;    /* N_(): what rates or counts are normal */
	const char *high;      /* N_(): what a high rate, or any count above zero, means */
	const char *todo;      /* N_(): what to do about it */
	const char *source;    /* kernel file and symbol: "arch/x86/kernel/irq.c
				  (irq_stat.apic_timer_irqs)" */
};

/* The `arch` of entries that are FreeBSD's, on whatever machine. */
#define LORE_FREEBSD "freebsd"

/* One table per file of this folder. A table ends with an entry whose key is NULL. */
extern const struct lore lore_rows_x86[];
extern const struct lore lore_rows_ipi[]; /* arm, arm64, riscv, loongarch, csky, mips, sparc,
					     xtensa, sh, alpha, m68k */
extern const struct lore lore_rows_s390[];
extern const struct lore lore_rows_other[];       /* powerpc, parisc */
extern const struct lore lore_rows_freebsd[];     /* the names of hw.intrcnt */
extern const struct lore lore_handlers_freebsd[]; /* LORE_HANDLER */
extern const struct lore lore_softirqs[];
extern const struct lore lore_chips[];       /* x86, PCI, virtual machines */
extern const struct lore lore_chips_other[]; /* other machines, GPIO, catch-alls */
extern const struct lore lore_triggers[];
/* The tables of LORE_ACTION, searched in this order. Only lore_actions_nic depends on its place. */
extern const struct lore lore_actions_net[];
extern const struct lore lore_actions_nic[]; /* bare names of interfaces: after lore_actions_net */
extern const struct lore lore_actions_storage[];
extern const struct lore lore_actions_virt[];
extern const struct lore lore_actions[];
extern const struct lore lore_actions_platform[];

const char *lore_kind_name(enum irq_kind kind);
const char *lore_class_name(enum irq_class class);
/* By enum irq_class; ends with NULL. */
extern const char *const lore_class_names[];

/* Every table of this folder, in order of search (the first match wins); ends with NULL. */
extern const struct lore *const lore_tables[];

/* A row that is not numbered. Entries of `arch` (may be NULL) win over those of other
 * architectures. */
const struct lore *lore_find_row(const char *arch, const char *key, const char *text);
const struct lore *lore_find_softirq(const char *name);
const struct lore *lore_find_chip(const char *chip);
const struct lore *lore_find_trigger(const char *trigger);
const struct lore *lore_find_action(const char *action);
const struct lore *lore_find_handler(const char *handler);

/*
 * The name of an entry that is nearest to `name`, where that is a typing error away and by fewer
 * edits than *distance, which becomes theirs. To be freed; NULL: none, or no memory.
 */
char *lore_nearest(const char *name, size_t *distance);

/* The words of one row, as evidence for lore_guess_arch. */
struct lore_words {
	const char *key;  /* "LOC", "24" */
	const char *text; /* what follows the counts */
};

/*
 * The architecture whose entries fit the rows best, as the tables name it; NULL where none or
 * several do. A row that fits one architecture weighs more than all that fit several; where the
 * rows without a number leave it open, the interrupt controllers of the others decide.
 */
const char *lore_guess_arch(const struct lore_words *rows, size_t n_rows);
