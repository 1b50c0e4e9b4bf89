/* SPDX-License-Identifier: BSD-2-Clause */
#include "apply/irqctl.h"

#include <errno.h>
#include <inttypes.h>

#include "base/macros.h"
#include "source/ask.h"

/*
 * Interrupts in a request: the daemon keeps 4 KiB for each client (daemon/control.c), which some 50
 * of them fill.
 */
#define AT_ONCE 24u

static enum ban_state state_of(int answer)
{
	switch (answer) {
	case 200:
		return BAN_DONE;
	case 403:
	case -EACCES:
		return BAN_REFUSED;
	case -ENOENT:
	case -ECONNREFUSED:
		return BAN_NO_SOCKET;
	case -ETIMEDOUT:
		return BAN_NO_ANSWER;
	default:
		return BAN_BAD_ANSWER;
	}
}

static int ban_some(const int32_t *irqs, size_t n, double turn_s, enum ban_state *ret_state)
{
	_cleanup_(buf_done) struct buf path = {0}, answer = {0};
	int r = buf_puts(&path, "/ban");

	for (size_t i = 0; i < n && r == 0; i++)
		r = buf_printf(&path, "%cirq=%" PRId32, i ? '&' : '?', irqs[i]);
	if (r == 0)
		r = ask_daemon(DAEMON_SOCKET, "POST", buf_text(&path), turn_s, &answer);
	if (r == -ENOMEM)
		return r;
	*ret_state = state_of(r);
	return 0;
}

int irqctl_ban(struct source *source, int32_t pid, const int32_t *irqs, size_t n, double turn_s,
	       enum ban_state *ret_state)
{
	enum ban_state state = BAN_DONE;
	int r = 0;

	(void)source;
	(void)pid;
	for (size_t i = 0; i < n && r == 0 && state == BAN_DONE; i += AT_ONCE)
		r = ban_some(irqs + i, n - i < AT_ONCE ? n - i : AT_ONCE, turn_s, &state);
	if (r == 0)
		*ret_state = state;
	return r;
}
