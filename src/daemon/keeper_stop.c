/* SPDX-License-Identifier: BSD-2-Clause */
/* The way back: every affinity as it was before the daemon's first change. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/macros.h"
#include "daemon/keeper_moves.h"
#include "daemon/log.h"

#define PASSES 2 /* one interrupt may need the vector that another one has until it is put back */

/* What somebody else set after the last sample stays, as it would have an instant earlier. */
static bool is_theirs(const struct keeper *keeper, const struct fleet_irq *irq,
		      const struct change *change)
{
	return keeper->config->foreign == CONFIG_RESPECT &&
	       !cpuset_equal(&change->before, &irq->expected) &&
	       !cpuset_equal(&change->before, &irq->original);
}

/* 1: it could not be put back. */
static int put_back(struct keeper *keeper, uint32_t index, bool last)
{
	struct fleet_irq *irq = &keeper->fleet.irqs[index];
	struct change change = {
		.setting = {.kind = SETTING_IRQ, .irq = keeper->fleet.engine.irqs[index].irq}};
	int r = cpuset_copy(&change.wanted, &irq->original);

	if (r == 0 && apply_read(&keeper->applier, &change) < 0)
		change.state = CHANGE_GONE;
	if (r == 0 && change.state != CHANGE_GONE && !is_theirs(keeper, irq, &change))
		r = apply_write(&keeper->applier, &change, 1, false);
	if (r >= 0) {
		r = change_is_failure(&change) && change.state != CHANGE_GONE;
		if (r && last)
			log_error("IRQ %" PRId32 " (%s): its affinity could not be put back: %s",
				  change.setting.irq, irq->name, strerror(change.error));
		if (!r)
			cpuset_done(&irq->original);
	}
	change_done(&change);
	return r;
}

static int put_all_back(struct keeper *keeper, bool last)
{
	int failed = 0;

	for (uint32_t i = 0; i < keeper->fleet.n_irqs; i++) {
		int r = 0;

		if (cpuset_next(&keeper->fleet.irqs[i].original, 0) >= 0)
			r = put_back(keeper, i, last);
		if (r < 0)
			return r;
		failed += r;
	}
	return failed;
}

int keeper_stop(struct keeper *keeper)
{
	_cleanup_(buf_done) struct buf path = {0};
	int r = 1;

	if (keeper->options.observe || keeper->options.keep || keeper->config->keep)
		return 0;
	for (int pass = 1; pass <= PASSES && r > 0; pass++)
		r = put_all_back(keeper, pass == PASSES);
	if (r)
		return r < 0 ? r : -EIO;
	if (!keeper->journal)
		return 0;
	journal_close(keeper->journal);
	keeper->journal = NULL;
	r = keeper_journal_path(keeper->state_dir, &path);
	return r < 0 ? r : journal_remove(buf_text(&path));
}
