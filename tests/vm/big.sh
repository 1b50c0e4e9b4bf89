#!/bin/sh
# machines: big
# SPDX-License-Identifier: BSD-2-Clause
# show with 64 CPUs and more than 500 interrupts.

# queues_with MIN: how many rx queues of all NICs have had MIN interrupts. Not one that is named: the
# host spreads a fixed number of flows over 64 queues, and some get few or none.
queues_with() {
	awk -v least="$1" '$NF ~ /^virtio[0-9]+-input\.[0-9]+$/ {
		sum = 0
		for (i = 2; i <= 65; i++) sum += $i
		n += sum >= least
	} END { print n + 0 }' /proc/interrupts
}

is_busy() {
	[ "$(queues_with 3)" -ge 32 ]
}

# Two real CPUs play 64 here: seconds mean little, so it waits long, and stops as soon as it can.
traffic eth0 eth1 eth2 eth3
check "traffic on a part of the queues" wait_for 150 is_busy
traffic
sleep 2
all_affinity_files >"$RESULTS/affinities"
cat /proc/interrupts >"$RESULTS/before"
irqctl show -a --json >"$RESULTS/show.json"
cat /proc/interrupts >"$RESULTS/after"
check "table" irqctl show -a
equal "interrupts of eth3" 129 "$(irqctl show -a --by device | awk '$1 == "eth3" { print $2 }')"
