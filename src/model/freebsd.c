/* SPDX-License-Identifier: BSD-2-Clause */
#include "model/freebsd.h"

#include <errno.h>
#include <string.h>

#include "base/i18n.h"
#include "base/macros.h"
#include "base/number.h"
#include "base/text.h"
#include "parse/freebsd_intr.h"

#define INDEX_MAX 1000000

static const char per_cpu[] = N_("per-CPU interrupt: every CPU has its own");
static const char local[] = N_("not steerable: raised on the CPU that needs it");
static const char no_interrupt[] = N_("a counter, not an interrupt of its own");
static const char no_handler[] = N_("no driver listens to it");
static const char no_number[] =
	N_("its number is not known: the kernel was not asked for its CPUs");
static const char bound[] =
	N_("bound by its driver: it serves the queue that its own CPUs send to");
static const char no_request[] = N_("the kernel was not asked for its CPUs");

/* What drivers write behind the colon of a handler; '#' is the queue. */
static const struct {
	const char *suffix;
	enum queue_direction direction;
} queues[] = {
	{"io#", QUEUE_NONE}, /* sys/dev/nvme/nvme_pci.c */
	{"rxq#", QUEUE_RX},  /* sys/net/iflib.c: em, igb, ix, ixl, vmx, bnxt ... */
	{"txq#", QUEUE_TX},       {"rxtxq#", QUEUE_RXTX}, {"rx#", QUEUE_RX},
	{"tx#", QUEUE_TX},        {"rx", QUEUE_RX},       {"tx", QUEUE_TX},
	{"q#", QUEUE_RXTX},       {"que#", QUEUE_RXTX},   {"TxRx#", QUEUE_RXTX},
	{"admin", QUEUE_ADMIN},   {"aq", QUEUE_ADMIN},    {"link", QUEUE_ADMIN},
	{"misc", QUEUE_ADMIN},    {"mgmnt", QUEUE_ADMIN}, {"ctrlq", QUEUE_ADMIN},
	{"control", QUEUE_ADMIN}, {"evt", QUEUE_ADMIN},   {"async", QUEUE_ADMIN},
};

bool freebsd_has_handler(const struct irq_row *row)
{
	return row->name && row->summary && *row->text;
}

/* -1: another suffix; else the queue, or INDEX_MAX where it names none. */
static int64_t match_suffix(const char *suffix, const char *text)
{
	size_t len = strcspn(suffix, "#");
	uint64_t index;

	if (strncmp(text, suffix, len) != 0)
		return -1;
	if (!suffix[len])
		return text[len] ? -1 : INDEX_MAX;
	return number_parse(text + len, INDEX_MAX - 1, &index) < 0 ? -1 : (int64_t)index;
}

static void fill_queue(struct interrupt *interrupt, const char *suffix)
{
	for (size_t i = 0; i < ARRAY_SIZE(queues); i++) {
		int64_t index = match_suffix(queues[i].suffix, suffix);

		if (index < 0)
			continue;
		interrupt->direction = queues[i].direction;
		interrupt->queue = index == INDEX_MAX ? -1 : (int32_t)index;
		interrupt->queue_source = "name";
		return;
	}
}

/* Without a device tree the name tells the driver: "nvme0" -> "nvme". */
static int fill_driver(struct interrupt *interrupt, const char *name, size_t len,
		       struct arena *strings)
{
	if (interrupt->device && interrupt->device->driver) {
		interrupt->driver = interrupt->device->driver;
		return 0;
	}
	while (len && is_digit(name[len - 1]))
		len--;
	if (!len || name[len] == '\0')
		return 0;
	interrupt->driver = arena_strndup(strings, name, len);
	return interrupt->driver ? 0 : -ENOMEM;
}

static int fill_interface(struct interrupt *interrupt, const char *name, size_t len,
			  struct arena *strings)
{
	const struct device *device = interrupt->device;

	if (device) {
		interrupt->interface = device->interfaces.n ? device->interfaces.items[0] : NULL;
		return 0;
	}
	interrupt->interface = arena_strndup(strings, name, len);
	return interrupt->interface ? 0 : -ENOMEM;
}

int freebsd_describe(struct interrupt *interrupt, const struct snapshot *snapshot,
		     const struct strmap *devices, struct arena *strings)
{
	const struct irq_row *row = interrupt->row;
	const char *first;
	bool cut_head;
	size_t len;
	int r = freebsd_handlers_parse(row->text, strings, &interrupt->desc, &cut_head);

	interrupt->thread = freebsd_threads_find(&snapshot->threads, row->name);
	if (r < 0 || !interrupt->desc.n_actions)
		return r;
	first = interrupt->desc.actions[0];
	len = strcspn(first, ":");
	if (first[len])
		fill_queue(interrupt, first + len + 1);
	/* half a name would be the name of something else */
	if (cut_head)
		return 0;
	interrupt->device = strmap_find(devices, first, len);
	r = fill_interface(interrupt, first, len, strings);
	return r < 0 ? r : fill_driver(interrupt, first, len, strings);
}

static void judge(struct interrupt *interrupt, enum settable settable, const char *why)
{
	interrupt->settable = settable;
	interrupt->settable_why = why;
}

/* "gic0,p11": a private peripheral interrupt of the GIC (Arm IHI 0069, 2.2.1). */
static bool is_private(const char *key)
{
	const char *comma = strchr(key, ',');

	return text_has_prefix(key, "gic") && comma && comma[1] == 'p' && is_digit(comma[2]);
}

void freebsd_judge(struct interrupt *interrupt)
{
	const struct irq_row *row = interrupt->row;

	if (!row->summary)
		judge(interrupt, SETTABLE_NO, local);
	else if (is_private(row->key))
		judge(interrupt, SETTABLE_NO, per_cpu);
	else if (!*row->text && (row->number >= 0 || row->name[strlen(row->name) - 1] == ':'))
		judge(interrupt, SETTABLE_NO, no_handler);
	else if (!*row->text)
		judge(interrupt, SETTABLE_NO, no_interrupt);
	else if (row->number < 0)
		judge(interrupt, SETTABLE_UNKNOWN, no_number);
	else if (!interrupt->facts || !interrupt->facts->has_requested)
		judge(interrupt, SETTABLE_UNKNOWN, no_request);
	else
		judge(interrupt, SETTABLE_YES, NULL);
}

/* Each CPU sends to the queue that was bound near it (sys/dev/nvme/nvme_ctrlr.c). */
const char *freebsd_why_bound(const struct interrupt *interrupt)
{
	const struct irq_facts *facts = interrupt->facts;

	if (!interrupt->driver || strcmp(interrupt->driver, "nvme") != 0 || interrupt->queue < 0 ||
	    !facts || !facts->has_requested || cpuset_count(&facts->requested) != 1)
		return NULL;
	return bound;
}

int32_t freebsd_worker_left(const struct irq_facts *facts, uint32_t cpu)
{
	if (!facts || facts->worker_cpu < 0 || (uint32_t)facts->worker_cpu == cpu)
		return -1;
	return facts->worker_cpu;
}

int freebsd_move_reason(const struct irq_facts *facts, uint32_t cpu, const char *reason,
			struct buf *out)
{
	int32_t worker = freebsd_worker_left(facts, cpu);
	int r = buf_puts(out, reason);

	if (r < 0 || worker < 0)
		return r;
	return buf_printf(out,
			  "; only the interrupt moves: the work of its queue stays with "
			  "if_io_tqg_%d on CPU %d",
			  (int)worker, (int)worker);
}
