/* SPDX-License-Identifier: BSD-2-Clause */
/* Where each system keeps such files: hier(7) of FreeBSD, file-hierarchy(7) of systemd. */
#pragma once

#ifdef __FreeBSD__
#define PLACE_CONFIG "/usr/local/etc/irqctl" /* what people write */
#define PLACE_RUN    "/var/run/irqctl"       /* gone with a restart of the machine */
#else
#define PLACE_CONFIG "/etc/irqctl"
#define PLACE_RUN    "/run/irqctl"
#endif
