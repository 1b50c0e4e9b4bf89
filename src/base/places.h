/* SPDX-License-Identifier: BSD-2-Clause */
/* Where each system keeps such files: hier(7) of FreeBSD, file-hierarchy(7) of systemd. */
#pragma once

#ifdef __FreeBSD__
#define PLACE_CONFIG "/usr/local/etc/irqctl" /* what people write */
#define PLACE_RUN    "/var/run/irqctl"       /* gone with a restart of the machine */
#define PLACE_GROUP  "wheel"                 /* of root */
#define PLACE_START  "service irqctl start"
#define PLACE_STOP   "service irqctl stop"
#else
#define PLACE_CONFIG "/etc/irqctl"
#define PLACE_RUN    "/run/irqctl"
#define PLACE_GROUP  "root"
#define PLACE_START  "systemctl start irqctl"
#define PLACE_STOP   "systemctl stop irqctl"
#endif
