/* SPDX-License-Identifier: BSD-2-Clause */
#include "apply/freebsd.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/i18n.h"
#include "base/macros.h"
#include "base/number.h"
#include "parse/freebsd_intrs.h"
#include "parse/freebsd_sysctl.h"

#define ROOT_FILE    "cpuset/root"
#define TARGETS_FILE "irqctl/targets"

static int read_mask(struct source *source, const char *path, struct cpuset *set)
{
	_cleanup_(buf_done) struct buf bytes = {0};
	int r = source_read(source, path, &bytes);

	if (r == -ESRCH)
		return -ENOENT;
	return r < 0 ? r : freebsd_mask_parse(buf_text(&bytes), bytes.len, set);
}

int freebsd_read_requested(struct source *source, int32_t irq, struct cpuset *set)
{
	_cleanup_(buf_done) struct buf path = {0};
	int r = buf_printf(&path, "cpuset/irq/%" PRId32, irq);

	return r < 0 ? r : read_mask(source, path.data, set);
}

int freebsd_read_root(struct source *source, struct cpuset *set)
{
	return read_mask(source, ROOT_FILE, set);
}

static int find_target(const struct freebsd_sources *sources, int32_t irq, struct cpuset *set)
{
	for (size_t i = 0; i < sources->n; i++) {
		if (sources->items[i].irq == irq)
			return cpuset_add(set, sources->items[i].cpu);
	}
	return -ENOENT;
}

/* Without hw.intrs (INTRNG) the request is all that is known, and only one CPU says where it is. */
static int target_by_request(struct source *source, int32_t irq, struct cpuset *set)
{
	_cleanup_(cpuset_done) struct cpuset requested = {0};
	int r = freebsd_read_requested(source, irq, &requested);

	if (r < 0)
		return r;
	return cpuset_count(&requested) == 1 ? cpuset_copy(set, &requested) : -ENOENT;
}

int freebsd_read_target(struct source *source, int32_t irq, struct cpuset *set)
{
	_cleanup_(freebsd_sources_done) struct freebsd_sources sources = {0};
	_cleanup_(cpuset_done) struct cpuset target = {0};
	_cleanup_(buf_done) struct buf bytes = {0};
	int r = source_read(source, "sysctl/hw.intrs", &bytes);

	if (r == -ENOENT)
		return target_by_request(source, irq, set);
	if (r == 0)
		r = freebsd_intrs_parse(buf_text(&bytes), bytes.len, &sources);
	if (r == 0)
		r = find_target(&sources, irq, &target);
	return r < 0 ? r : cpuset_copy(set, &target);
}

static bool has_line(const struct buf *text, int32_t irq)
{
	const char *p = buf_text(text), *end = p + text->len;
	uint64_t number;

	while (p < end) {
		if (number_read(&p, end, INT32_MAX, &number) == 0 && number == (uint64_t)irq)
			return true;
		while (p < end && *p++ != '\n')
			;
	}
	return false;
}

/* From now on the kernel's account of this interrupt is right, until the machine starts again. */
static int note_target(struct source *source, struct freebsd_kernel *kernel, int32_t irq)
{
	_cleanup_(buf_done) struct buf text = {0};
	int r = source_read(source, TARGETS_FILE, &text);

	if (r == -ENOMEM)
		return r;
	if (has_line(&text, irq))
		return 0;
	r = buf_printf(&text, "%" PRId32 "\n", irq);
	return r < 0 ? r : kernel->ops->write_targets(kernel, text.data);
}

/*
 * Where nobody can tell whether the interrupt is there, as for a recording, nothing is set. FreeBSD
 * 14 and later tell of a small set in a small mask, so that of all CPUs has the size.
 */
static int set_mask(struct freebsd_kernel *kernel, enum freebsd_which which, int32_t irq,
		    const struct cpuset *cpus)
{
	_cleanup_(buf_done) struct buf mask = {0};
	size_t size;
	int r = freebsd_get_mask(kernel, FREEBSD_WHICH_IRQ, irq, &mask);

	buf_cut(&mask, 0);
	if (r == 0)
		r = freebsd_get_mask(kernel, FREEBSD_WHICH_ROOT, -1, &mask);
	if (r < 0)
		return r;
	size = mask.len;
	buf_cut(&mask, 0);
	r = freebsd_mask_format(cpus, size, &mask);
	if (r < 0)
		return r == -ERANGE ? -EINVAL : r; /* a CPU that the kernel has no place for */
	return kernel->ops->set_affinity(kernel, which, irq, size, mask.data);
}

/*
 * One CPU that the machine has: where that is refused as wrong, the interrupt cannot go anywhere
 * (sys/x86/x86/msi.c, msi_assign_cpu: those behind the first of a device's MSI messages).
 */
static bool is_there(struct source *source, const struct cpuset *cpus)
{
	_cleanup_(cpuset_done) struct cpuset root = {0};

	return cpuset_count(cpus) == 1 && freebsd_read_root(source, &root) == 0 &&
	       cpuset_subset(cpus, &root);
}

int freebsd_bind(struct source *source, int32_t irq, const struct cpuset *cpus)
{
	struct freebsd_kernel *kernel = source_freebsd_kernel(source);
	_cleanup_(cpuset_done) struct cpuset before = {0};
	int r = kernel ? freebsd_read_requested(source, irq, &before) : -EROFS;
	bool was_bound = cpuset_count(&before) == 1;

	if (r == 0)
		r = set_mask(kernel, FREEBSD_WHICH_IRQ, irq, cpus);
	if (r == -EINVAL && is_there(source, cpus))
		r = -EOPNOTSUPP;
	if (r < 0)
		return r == -ESRCH ? -ENOENT : r;
	/* to give free what nobody had bound moves nothing, so nothing is known of it either */
	if (!was_bound && cpuset_count(cpus) != 1)
		return 0;
	/* what cannot be noted is only not known later */
	return note_target(source, kernel, irq) == -ENOMEM ? -ENOMEM : 0;
}

int freebsd_adopt(struct source *source, int32_t irq, uint32_t cpu)
{
	struct freebsd_kernel *kernel = source_freebsd_kernel(source);
	_cleanup_(cpuset_done) struct cpuset one = {0}, all = {0};
	int r = kernel ? freebsd_read_root(source, &all) : -EROFS;

	if (r == 0)
		r = cpuset_add(&one, cpu);
	if (r == 0)
		r = set_mask(kernel, FREEBSD_WHICH_INTRHANDLER, irq, &one);
	if (r == -EINVAL && is_there(source, &one))
		r = -EOPNOTSUPP;
	if (r == 0)
		r = set_mask(kernel, FREEBSD_WHICH_INTRHANDLER, irq, &all);
	if (r == -ESRCH)
		return -ENOENT;
	return r < 0 || note_target(source, kernel, irq) != -ENOMEM ? r : -ENOMEM;
}

int freebsd_vouch(struct source *source, int32_t irq)
{
	struct freebsd_kernel *kernel = source_freebsd_kernel(source);

	return kernel ? note_target(source, kernel, irq) : -EROFS;
}

const char *freebsd_verdict(int error)
{
	switch (-error) {
	case EINVAL:
		return N_("FreeBSD serves an interrupt on one CPU: name one that is there, or all "
			  "of them to leave it free");
	case EDEADLK:
		return N_("a set without CPUs");
	case ENOENT:
	case ESRCH:
		return N_("it does not exist any more, or no driver listens to it");
	case EPERM:
	case EACCES:
		return N_("no permission; run as root, outside of a jail");
	case ENOSPC:
		return N_("no free vector on this CPU; choose another");
	case EOPNOTSUPP:
		return N_("it cannot be moved alone: it is a further message of its device, or its "
			  "controller has no choice");
	case EROFS:
		return N_("a recording cannot be changed");
	default:
		return NULL;
	}
}

uint64_t freebsd_intrbalance(struct source *source)
{
	_cleanup_(buf_done) struct buf bytes = {0};
	uint64_t seconds;

	if (source_read(source, "sysctl/hw.intrbalance", &bytes) < 0 ||
	    freebsd_number_parse(buf_text(&bytes), bytes.len, &seconds) < 0)
		return 0;
	return seconds;
}
