#!/bin/sh
# machines: big
# SPDX-License-Identifier: BSD-2-Clause
# show with 64 CPUs and more than 500 interrupts.
traffic eth0 eth1 eth2 eth3
check "traffic" wait_for 30 is_more "$(irq_of virtio1-input.0)" "" 10
traffic
sleep 2
all_affinity_files >"$RESULTS/affinities"
cat /proc/interrupts >"$RESULTS/before"
irqctl show -a --json >"$RESULTS/show.json"
cat /proc/interrupts >"$RESULTS/after"
check "table" irqctl show -a
equal "interrupts of eth3" 129 "$(irqctl show -a --by device | awk '$1 == "eth3" { print $2 }')"
