/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How long irqctl thinks about `spread` of four NICs with 64 queue pairs each, on 64 CPUs: 256
 * queues, 512 interrupts. From the facts of a snapshot, all made up here, to a plan; and from the
 * plan to the record that `restore --last` needs. The least of several runs.
 *
 * usage: plan-bench
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "apply/record.h"
#include "base/macros.h"
#include "model/model.h"
#include "plan/spread.h"
#include "table-file.h"

#define CPUS      64u
#define NICS      4u
#define PAIRS     64u
#define VECTORS   (2 * PAIRS + 1) /* configuration, rx and tx of each pair */
#define FIRST_IRQ 40u
#define RUNS      100

struct machine {
	struct snapshot snapshot;
	struct device devices[NICS];
	int32_t irqs[NICS][VECTORS];
	struct irq_facts facts[NICS * VECTORS];
	struct topology topology;
	struct topology_cpu cpus[CPUS];
	struct cpuset online;
	struct buf text;
	struct arena strings;
};

static void check(int r)
{
	if (r < 0) {
		fprintf(stderr, "plan-bench: %s\n", strerror(-r));
		exit(1);
	}
}

static const char *keep(struct machine *machine, const char *text)
{
	const char *kept = text ? arena_strdup(&machine->strings, text) : NULL;

	check(kept ? 0 : -ENOMEM);
	return kept;
}

/* A row of /proc/interrupts: counts on one CPU, as virtio_net names its vectors. */
static void add_row(struct machine *machine, uint32_t nic, uint32_t vector)
{
	struct buf *text = &machine->text;
	uint32_t irq = FIRST_IRQ + nic * VECTORS + vector;
	struct irq_facts *facts = &machine->facts[nic * VECTORS + vector];

	check(buf_printf(text, "%4" PRIu32 ":", irq));
	for (uint32_t cpu = 0; cpu < CPUS; cpu++)
		check(buf_printf(text, " %10u", cpu == irq % CPUS ? irq * 1000 : 0));
	check(buf_printf(text,
			 "  PCI-MSIX-0000:%02" PRIx32 ":00.0 %4" PRIu32 "-edge      virtio%" PRIu32,
			 0x40 + nic, vector, nic));
	check(vector == 0 ? buf_puts(text, "-config\n")
			  : buf_printf(text, "-%s.%" PRIu32 "\n", vector % 2 ? "input" : "output",
				       (vector - 1) / 2));
	*facts = (struct irq_facts){.irq = (int32_t)irq,
				    .node = (int32_t)(nic / 2),
				    .has_requested = true,
				    .has_effective = true,
				    .has_mode = true,
				    .mode = 0644};
	check(cpuset_add_range(&facts->requested, 0, CPUS - 1));
	check(cpuset_add(&facts->effective, irq % CPUS));
	machine->irqs[nic][vector] = (int32_t)irq;
}

static void add_nic(struct machine *machine, uint32_t nic)
{
	_cleanup_(buf_done) struct buf interface = {0}, address = {0}, parent = {0};
	struct device *device = &machine->devices[nic];

	check(buf_printf(&interface, "eth%" PRIu32, nic));
	check(buf_printf(&address, "virtio%" PRIu32, nic));
	check(buf_printf(&parent, "0000:%02" PRIx32 ":00.0", 0x40 + nic));
	*device = (struct device){.bus = "virtio",
				  .address = keep(machine, buf_text(&address)),
				  .driver = "virtio_net",
				  .parent = keep(machine, buf_text(&parent)),
				  .pci_class = 0x020000,
				  .node = (int32_t)(nic / 2),
				  .irqs = machine->irqs[nic],
				  .n_irqs = VECTORS};
	check(strv_add(&device->interfaces, buf_text(&interface)));
	for (uint32_t vector = 0; vector < VECTORS; vector++)
		add_row(machine, nic, vector);
}

/* Two nodes of 16 cores of two threads, the first threads first, as Linux numbers them. */
static void add_cpus(struct machine *machine)
{
	for (uint32_t cpu = 0; cpu < CPUS; cpu++) {
		int32_t core = (int32_t)(cpu % (CPUS / 2));
		int32_t node = core / (int32_t)(CPUS / 4);

		machine->cpus[cpu] = (struct topology_cpu){
			.cpu = cpu, .core = core, .llc = node, .node = node, .package = node};
	}
	machine->topology.cpus = machine->cpus;
	machine->topology.n_cpus = CPUS;
	check(cpuset_add_range(&machine->online, 0, CPUS - 1));
}

static void make_machine(struct machine *machine)
{
	struct snapshot *snapshot = &machine->snapshot;

	check(buf_puts(&machine->text, "     "));
	for (uint32_t cpu = 0; cpu < CPUS; cpu++)
		check(buf_printf(&machine->text, "      CPU%-2" PRIu32, cpu));
	check(buf_putc(&machine->text, '\n'));
	for (uint32_t nic = 0; nic < NICS; nic++)
		add_nic(machine, nic);
	check(irq_table_parse(&snapshot->interrupts, buf_text(&machine->text), machine->text.len,
			      NULL));
	snapshot->has_interrupts = true;
	snapshot->devices = machine->devices;
	snapshot->n_devices = NICS;
	snapshot->irqs = machine->facts;
	snapshot->n_irqs = ARRAY_SIZE(machine->facts);
	add_cpus(machine);
}

static void keep_least(double *least_s, double start_s)
{
	double spent_s = clock_s(CLOCK_MONOTONIC) - start_s;

	if (*least_s == 0 || spent_s < *least_s)
		*least_s = spent_s;
}

/* What `restore --last` would need, of all moves. */
static void make_record(const struct model *model, const struct spread_plan *plan)
{
	_cleanup_(record_done) struct record record = {0};

	for (size_t i = 0; i < plan->n_moves; i++) {
		const struct interrupt *interrupt = plan->moves[i].interrupt;
		const struct change change = {
			.setting = {.kind = SETTING_IRQ, .irq = interrupt->row->number},
			.before = interrupt->facts->requested,
			.has_before = true,
		};

		check(record_add_before(&record, model, &change));
	}
}

static size_t run(const struct machine *machine, double *plan_s, double *record_s)
{
	_cleanup_(model_done) struct model model = {0};
	_cleanup_(spread_plan_done) struct spread_plan plan = {0};
	_cleanup_free_ const struct interrupt **wanted = NULL;
	struct spread_request request = {.model = &model,
					 .topology = &machine->topology,
					 .allowed = &machine->online,
					 .policy = SPREAD_LOCAL,
					 .pack = 1,
					 .vectors_per_cpu = 200};
	double start_s;

	check(model_build(NULL, &machine->snapshot, &model));
	wanted = calloc(model.n_items + 1, sizeof(const struct interrupt *));
	check(wanted ? 0 : -ENOMEM);
	for (size_t i = 0; i < model.n_items; i++)
		wanted[i] = &model.items[i];
	request.interrupts = wanted;
	request.n_interrupts = model.n_items;
	start_s = clock_s(CLOCK_MONOTONIC);
	check(spread_plan_build(&request, &plan));
	keep_least(plan_s, start_s);
	start_s = clock_s(CLOCK_MONOTONIC);
	make_record(&model, &plan);
	keep_least(record_s, start_s);
	return plan.n_moves;
}

static void free_machine(struct machine *machine)
{
	for (size_t i = 0; i < ARRAY_SIZE(machine->facts); i++) {
		cpuset_done(&machine->facts[i].requested);
		cpuset_done(&machine->facts[i].effective);
	}
	for (size_t i = 0; i < NICS; i++)
		strv_done(&machine->devices[i].interfaces);
	irq_table_done(&machine->snapshot.interrupts);
	cpuset_done(&machine->online);
	buf_done(&machine->text);
	arena_done(&machine->strings);
}

int main(void)
{
	static struct machine machine; /* large */
	double plan_s = 0, record_s = 0;
	size_t n_moves = 0;

	make_machine(&machine);
	for (int i = 0; i < RUNS; i++)
		n_moves = run(&machine, &plan_s, &record_s);
	printf("moves %zu\nplan_us %.0f\nrecord_us %.0f\n", n_moves, plan_s * 1e6, record_s * 1e6);
	free_machine(&machine);
	return 0;
}
