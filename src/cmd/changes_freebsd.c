/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/changes_freebsd.h"

#include <errno.h>
#include <inttypes.h>

#include "apply/freebsd.h"
#include "base/i18n.h"
#include "base/macros.h"
#include "view/cells.h"

static void refuse(struct change *change, const char *why)
{
	change->state = CHANGE_REFUSED;
	change->why = why;
}

void freebsd_check_changes(const struct machine *machine, struct change *changes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct change *change = &changes[i];
		const struct cpuset *wanted = &change->wanted;

		if (change->state != CHANGE_PLANNED)
			continue;
		if (change->setting.kind != SETTING_IRQ)
			refuse(change, N_("FreeBSD has no such setting"));
		else if (cpuset_count(wanted) != 1 && !cpuset_equal(wanted, &machine->online))
			refuse(change, freebsd_verdict(-EINVAL));
	}
}

/* iflib: the interrupt runs a filter, and a thread of another CPU may do the work behind it. */
static int note_worker(const struct machine *machine, const struct change *change)
{
	const struct interrupt *interrupt =
		change->setting.kind == SETTING_IRQ
			? model_find_irq(&machine->model, change->setting.irq)
			: NULL;
	_cleanup_(buf_done) struct buf name = {0};
	int32_t worker = interrupt && interrupt->facts ? interrupt->facts->worker_cpu : -1;

	if (worker < 0 || change_is_failure(change) ||
	    cpuset_has(&change->wanted, (uint32_t)worker))
		return 0;
	if (interrupt_name(interrupt, &name) < 0)
		return -ENOMEM;
	complain(_("%s: only the interrupt moves; the work of its queue stays with "
		   "if_io_tqg_%" PRId32 " on CPU %" PRId32),
		 buf_text(&name), worker, worker);
	return 0;
}

int freebsd_note_changes(const struct machine *machine, const struct change *changes, size_t n)
{
	uint64_t seconds = freebsd_intrbalance(machine->source);
	int r = 0;

	if (seconds)
		complain(_("the kernel's own balancer moves interrupts every %" PRIu64
			   " s and may move these again; switch it off with 'sysctl "
			   "hw.intrbalance=0'"),
			 seconds);
	for (size_t i = 0; i < n && r == 0; i++)
		r = note_worker(machine, &changes[i]);
	return r < 0 ? out_of_memory() : 0;
}
