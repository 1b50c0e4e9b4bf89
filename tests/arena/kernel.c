/* SPDX-License-Identifier: BSD-2-Clause */
/* Formats: kernel/irq/proc.c, fs/proc/stat.c, fs/proc/softirqs.c. */
#include "kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/array.h"
#include "base/macros.h"
#include "files.h"
#include "parse/cpulist.h"
#include "sysfs.h"

#define CELL      11 /* bytes: a blank and ten digits */
#define CELLS_MAX ((size_t)64 << 20)

static const char mask_name[] = "smp_affinity", list_name[] = "smp_affinity_list";

static int irq_dir(const struct sim_irq *irq, struct buf *out)
{
	return buf_printf(out, "irq/%" PRId32, irq->number);
}

/* An empty set stands for every CPU. */
static int whole(const struct kernel *kernel, const struct cpuset *set, struct cpuset *ret)
{
	return set->n_words ? cpuset_copy(ret, set)
			    : files_range(ret, 0, kernel->sim.scenario->n_cpus);
}

/* A file that says so already stays: the program may be about to write the next set into it. */
static int show_set(struct kernel *kernel, const char *dir, struct files_set names,
		    const struct cpuset *set)
{
	_cleanup_(buf_done) struct buf path = {0}, text = {0};
	uint32_t n_cpus = kernel->sim.scenario->n_cpus;
	int r = buf_printf(&path, "%s/%s", dir, names.mask ? names.mask : names.list);

	if (r == 0)
		r = names.mask ? files_mask(set, n_cpus, &text) : cpuset_format(set, &text);
	if (r < 0 || files_is_line(kernel->root, path.data, buf_text(&text)))
		return r;
	return files_write_set(kernel->root, dir, names, set, n_cpus);
}

static int publish_requested(struct kernel *kernel, size_t i)
{
	const struct sim_irq *irq = &kernel->sim.irqs[i];
	_cleanup_(buf_done) struct buf dir = {0};
	_cleanup_(cpuset_done) struct cpuset set = {0};
	int r = irq_dir(irq, &dir);

	if (r == 0)
		r = whole(kernel, &irq->requested, &set);
	if (r == 0)
		r = show_set(kernel, dir.data, (struct files_set){.mask = mask_name}, &set);
	if (r == 0)
		r = show_set(kernel, dir.data, (struct files_set){.list = list_name}, &set);
	return r < 0 ? r : cpuset_copy(&kernel->irqs[i].requested, &irq->requested);
}

static int publish_effective(struct kernel *kernel, size_t i)
{
	const struct sim_irq *irq = &kernel->sim.irqs[i];
	_cleanup_(buf_done) struct buf dir = {0};
	_cleanup_(cpuset_done) struct cpuset set = {0};
	int r = irq_dir(irq, &dir);

	if (r == 0)
		r = cpuset_add(&set, irq->cpu);
	if (r == 0)
		r = files_write_set(
			kernel->root, dir.data,
			(struct files_set){"effective_affinity", "effective_affinity_list"}, &set,
			kernel->sim.scenario->n_cpus);
	kernel->irqs[i].cpu = irq->cpu;
	return r;
}

static int watch(struct kernel *kernel, size_t i, const char *path)
{
	_cleanup_(buf_done) struct buf full = {0};
	int r = buf_printf(&full, "/proc/self/fd/%d/%s", kernel->root, path), descriptor;

	if (r < 0)
		return r;
	descriptor = inotify_add_watch(kernel->watches, full.data, IN_MODIFY);
	if (descriptor < 0)
		return -errno;
	r = ARRAY_RESERVE(kernel->watched, (size_t)descriptor + 1, kernel->cap_watched);
	if (r < 0)
		return r;
	kernel->watched[descriptor] = i;
	kernel->n_watched = (size_t)descriptor + 1;
	return 0;
}

/* The files of one interrupt in /proc/irq. */
static int build_irq(struct kernel *kernel, size_t i)
{
	const struct sim_irq *irq = &kernel->sim.irqs[i];
	const struct cpuset none = {0};
	_cleanup_(buf_done) struct buf dir = {0}, path = {0};
	int r = irq_dir(irq, &dir);

	if (r == 0)
		r = buf_printf(&path, "%s/%s", dir.data, irq->name);
	if (r == 0)
		r = files_mkdir(kernel->root, path.data);
	if (r == 0)
		r = files_write_set(kernel->root, dir.data,
				    (struct files_set){"affinity_hint", NULL}, &none,
				    kernel->sim.scenario->n_cpus);
	buf_cut(&path, dir.len);
	if (r == 0)
		r = buf_puts(&path, "/node");
	if (r == 0)
		r = files_printf(kernel->root, path.data, "%" PRId32 "\n", irq->node);
	if (r == 0)
		r = publish_requested(kernel, i);
	if (r == 0)
		r = publish_effective(kernel, i);
	return r < 0 ? r : watch(kernel, i, dir.data);
}

static int build_default(struct kernel *kernel)
{
	_cleanup_(cpuset_done) struct cpuset all = {0};
	uint32_t n = kernel->sim.scenario->n_cpus;
	int r = files_range(&all, 0, n);

	return r < 0 ? r
		     : files_write_set(kernel->root, "irq",
				       (struct files_set){"default_smp_affinity", NULL}, &all, n);
}

static int build_softirqs(struct kernel *kernel)
{
	struct buf *text = &kernel->text;
	int r = buf_puts(text, "                    ");

	for (uint32_t cpu = 0; cpu < kernel->sim.scenario->n_cpus && r == 0; cpu++)
		r = buf_printf(text, "CPU%-8" PRIu32, cpu);
	if (r == 0)
		r = buf_puts(text, "\n      NET_RX:");
	for (uint32_t cpu = 0; cpu < kernel->sim.scenario->n_cpus && r == 0; cpu++)
		r = buf_puts(text, "          0");
	if (r == 0)
		r = buf_putc(text, '\n');
	return r < 0 ? r : files_write(kernel->root, "softirqs", text->data);
}

static int append_row(struct kernel *kernel, size_t i)
{
	const struct sim_irq *irq = &kernel->sim.irqs[i];
	struct buf *text = &kernel->text;
	int r = buf_printf(text, "%5" PRId32 ":", irq->number);

	kernel->irqs[i].row = text->len;
	for (uint32_t cpu = 0; cpu < kernel->sim.scenario->n_cpus && r == 0; cpu++)
		r = buf_puts(text, "          0");
	return r < 0 ? r
		     : buf_printf(text, "  IR-PCI-MSIX-0000:%02x:%02x.0 %4zu-edge      %s\n",
				  irq->device / 32 & 0xff, irq->device % 32, i, irq->name);
}

static int map_table(struct kernel *kernel)
{
	_cleanup_close_ int fd = openat(kernel->root, "interrupts", O_RDWR | O_CLOEXEC);
	void *table;

	if (fd < 0)
		return -errno;
	table = mmap(NULL, kernel->text.len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (table == MAP_FAILED)
		return -errno;
	kernel->table = table;
	kernel->table_len = kernel->text.len;
	return 0;
}

static int write_all(int root, const char *path, const struct buf *text)
{
	_cleanup_close_ int fd = openat(root, path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	for (size_t at = 0; fd >= 0 && at < text->len;) {
		ssize_t n = write(fd, text->data + at, text->len - at);

		if (n < 0)
			return -errno;
		at += (size_t)n;
	}
	return fd < 0 ? -errno : 0;
}

static int build_table(struct kernel *kernel)
{
	struct buf *text = &kernel->text;
	uint32_t n_cpus = kernel->sim.scenario->n_cpus;
	int r;

	buf_cut(text, 0);
	r = buf_puts(text, "     ");
	for (uint32_t cpu = 0; cpu < n_cpus && r == 0; cpu++)
		r = buf_printf(text, " CPU%-7" PRIu32, cpu);
	if (r == 0)
		r = buf_putc(text, '\n');
	for (size_t i = 0; i < kernel->sim.n_irqs && r == 0; i++)
		r = append_row(kernel, i);
	if (r == 0)
		r = buf_puts(text, "  NMI:");
	for (uint32_t cpu = 0; cpu < n_cpus && r == 0; cpu++)
		r = buf_puts(text, "          0");
	if (r == 0)
		r = buf_puts(text, "   Non-maskable interrupts\n");
	if (r == 0)
		r = write_all(kernel->root, "interrupts", text);
	return r < 0 ? r : map_table(kernel);
}

static void show_cell(struct kernel *kernel, size_t i, uint32_t cpu)
{
	uint32_t value = kernel->cells[i * kernel->sim.scenario->n_cpus + cpu];
	char *at = kernel->table + kernel->irqs[i].row + (size_t)cpu * CELL + CELL;
	char digits[CELL - 1];
	size_t n = sizeof(digits);

	memset(digits, ' ', n);
	do {
		digits[--n] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	memcpy(at - sizeof(digits), digits, sizeof(digits));
}

/* A device reset: its counters are new ones. */
static void clear_row(struct kernel *kernel, size_t i)
{
	uint32_t n_cpus = kernel->sim.scenario->n_cpus;

	for (uint32_t cpu = 0; cpu < n_cpus; cpu++) {
		kernel->cells[i * n_cpus + cpu] = 0;
		show_cell(kernel, i, cpu);
	}
	kernel->irqs[i].count = 0;
}

static void publish_counts(struct kernel *kernel)
{
	for (size_t i = 0; i < kernel->sim.n_irqs; i++) {
		const struct sim_irq *irq = &kernel->sim.irqs[i];
		struct kernel_irq *shown = &kernel->irqs[i];
		size_t cell = i * kernel->sim.scenario->n_cpus + irq->cpu;

		if (irq->count < shown->count)
			clear_row(kernel, i);
		if (irq->count == shown->count)
			continue;
		kernel->cells[cell] += (uint32_t)(irq->count - shown->count);
		shown->count = irq->count;
		show_cell(kernel, i, irq->cpu);
	}
}

static int append_times(struct buf *text, const struct sample *sample)
{
	uint64_t idle = 0, busy = 0;
	int r;

	for (size_t i = 0; i < sample->n_cpus; i++) {
		idle += sample->cpus[i].idle_ticks;
		busy += sample->cpus[i].softirq_ticks;
	}
	r = buf_printf(text, "cpu  0 0 0 %" PRIu64 " 0 0 %" PRIu64 " 0 0 0\n", idle, busy);
	for (size_t i = 0; i < sample->n_cpus && r == 0; i++)
		r = buf_printf(text, "cpu%" PRIu32 " 0 0 0 %" PRIu64 " 0 0 %" PRIu64 " 0 0 0\n",
			       sample->cpus[i].cpu, sample->cpus[i].idle_ticks,
			       sample->cpus[i].softirq_ticks);
	return r;
}

static int append_counts(struct buf *text, const struct sample *sample)
{
	uint64_t sum = 0;
	int r;

	for (size_t i = 0; i < sample->n_counts; i++)
		sum += sample->counts[i];
	r = buf_printf(text, "intr %" PRIu64, sum);
	for (size_t i = 0; i < sample->n_counts && r == 0; i++)
		r = sample->counts[i] ? buf_printf(text, " %" PRIu64, sample->counts[i])
				      : buf_puts(text, " 0");
	return r < 0 ? r : buf_puts(text, "\nctxt 0\nbtime 0\nprocesses 0\n");
}

static int publish_stat(struct kernel *kernel)
{
	struct buf *text = &kernel->text;
	int r = sim_look(&kernel->sim);

	buf_cut(text, 0);
	if (r == 0)
		r = append_times(text, &kernel->sim.sample);
	if (r == 0)
		r = append_counts(text, &kernel->sim.sample);
	if (r < 0)
		return r;
	if (pwrite(kernel->stat, text->data, text->len, 0) != (ssize_t)text->len ||
	    ftruncate(kernel->stat, (off_t)text->len) < 0)
		return -EIO;
	return 0;
}

/* Only what changed since it was published. */
static int publish_affinities(struct kernel *kernel)
{
	int r = 0;

	for (size_t i = 0; i < kernel->sim.n_irqs && r == 0; i++) {
		const struct sim_irq *irq = &kernel->sim.irqs[i];
		struct kernel_irq *shown = &kernel->irqs[i];

		if (!cpuset_equal(&shown->requested, &irq->requested)) {
			shown->is_touched = true;
			r = publish_requested(kernel, i);
		}
		if (r == 0 && shown->cpu != irq->cpu)
			r = publish_effective(kernel, i);
	}
	return r;
}

static int open_files(struct kernel *kernel)
{
	kernel->stat = openat(kernel->root, "stat", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	if (kernel->stat < 0)
		return -errno;
	kernel->watches = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	return kernel->watches < 0 ? -errno : 0;
}

int kernel_init(struct kernel *kernel, const struct scenario *scenario, int root)
{
	size_t n_irqs = scenario->n_irqs, n_cpus = scenario->n_cpus;
	int r;

	*kernel = (struct kernel){.root = root, .stat = -1, .watches = -1};
	r = sim_init(&kernel->sim, scenario);
	if (r == 0 && n_irqs * n_cpus > CELLS_MAX)
		r = -E2BIG;
	if (r < 0)
		return r;
	kernel->irqs = calloc(n_irqs + 1, sizeof(*kernel->irqs));
	kernel->cells = calloc(n_irqs * n_cpus + 1, sizeof(*kernel->cells));
	if (!kernel->irqs || !kernel->cells)
		return -ENOMEM;
	r = open_files(kernel);
	if (r == 0)
		r = sysfs_build(root, &kernel->sim);
	for (size_t i = n_irqs; i-- > 0 && r == 0;) /* what is newest is listed first */
		r = build_irq(kernel, i);
	if (r == 0)
		r = build_default(kernel);
	if (r == 0)
		r = build_softirqs(kernel);
	if (r == 0)
		r = build_table(kernel);
	return r < 0 ? r : publish_stat(kernel);
}

void kernel_done(struct kernel *kernel)
{
	for (size_t i = 0; kernel->irqs && i < kernel->sim.n_irqs; i++)
		cpuset_done(&kernel->irqs[i].requested);
	free(kernel->irqs);
	free(kernel->cells);
	free(kernel->watched);
	if (kernel->table)
		munmap(kernel->table, kernel->table_len);
	closep(&kernel->stat);
	closep(&kernel->watches);
	buf_done(&kernel->text);
	sim_done(&kernel->sim);
}

/*
 * What a file of an interrupt says was written, by the program or by publish_requested(). The
 * latter tells what is in force already, and what is no set of CPUs the kernel would have refused,
 * or is not written to the end yet.
 */
static int follow(struct kernel *kernel, size_t i, const char *name)
{
	const struct sim_irq *irq = &kernel->sim.irqs[i];
	bool is_mask = strcmp(name, mask_name) == 0;
	_cleanup_(buf_done) struct buf path = {0}, text = {0};
	_cleanup_(cpuset_done) struct cpuset set = {0}, now = {0};
	int r;

	if (!is_mask && strcmp(name, list_name) != 0)
		return 0;
	r = irq_dir(irq, &path);
	if (r == 0)
		r = buf_printf(&path, "/%s", name);
	if (r == 0)
		r = files_read_line(kernel->root, path.data, &text);
	if (r < 0)
		return r;
	r = is_mask ? cpumask_parse(text.data, text.len, &set)
		    : cpulist_parse(text.data, text.len, &set);
	if (r < 0 || cpuset_next(&set, 0) < 0)
		return r == -ENOMEM ? r : 0;
	r = whole(kernel, &irq->requested, &now);
	if (r < 0 || cpuset_equal(&now, &set))
		return r;
	r = sim_set_affinity(&kernel->sim, i, &set);
	return r == -EINVAL ? 0 : r;
}

static int follow_event(struct kernel *kernel, const struct inotify_event *event)
{
	if (event->mask & IN_Q_OVERFLOW)
		return -EOVERFLOW;
	if (event->wd < 0 || (size_t)event->wd >= kernel->n_watched || !event->len)
		return 0;
	return follow(kernel, kernel->watched[event->wd], event->name);
}

static int follow_all(struct kernel *kernel)
{
	_Alignas(struct inotify_event) char events[64 << 10];
	ssize_t n;
	int r = 0;

	while (r == 0 && (n = read(kernel->watches, events, sizeof(events))) > 0) {
		for (ssize_t at = 0; at < n && r == 0;) {
			const struct inotify_event *event = (const void *)(events + at);

			r = follow_event(kernel, event);
			at += (ssize_t)(sizeof(*event) + event->len);
		}
	}
	return r;
}

int kernel_step(struct kernel *kernel)
{
	int r = follow_all(kernel), moves;

	if (r < 0)
		return r;
	moves = (int)sim_step(&kernel->sim);
	publish_counts(kernel);
	r = publish_stat(kernel);
	if (r == 0)
		r = publish_affinities(kernel);
	return r < 0 ? r : moves;
}

size_t kernel_touched(const struct kernel *kernel)
{
	size_t n = 0;

	for (size_t i = 0; i < kernel->sim.n_irqs; i++)
		n += kernel->irqs[i].is_touched;
	return n;
}

size_t kernel_changed(const struct kernel *kernel)
{
	uint32_t n_cpus = kernel->sim.scenario->n_cpus;
	size_t n = 0;

	for (size_t i = 0; i < kernel->sim.n_irqs; i++) {
		const struct cpuset *set = &kernel->sim.irqs[i].requested;

		n += set->n_words && cpuset_count(set) < n_cpus;
	}
	return n;
}
