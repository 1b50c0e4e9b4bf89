#!/bin/sh
# machines: small
# SPDX-License-Identifier: BSD-2-Clause
# The daemon with real interrupts: what is all on CPU 0 is spread, what is idle stays, and at the end
# everything is as it was. balancers.sh has the figures.

needs irqctl-full "daemon" "irqctl-full is not built"
at_first=$(all_affinities)
all_on_cpu0
before=$(all_affinities)
idle_before=$(requested "$(irq_of eth0-rx-0)")

traffic uneven eth1 eth2
irqctl daemon 2>/tmp/daemon.log &
daemon=$!
sleep 20
look_at_load /tmp/before
sleep 6
look_at_load /tmp/after
part=$(busiest /tmp/before /tmp/after | cut -d' ' -f1)
check "the busiest CPU has $part of the interrupts, and had all: at most 0.7" \
	awk "BEGIN { exit !($part > 0 && $part <= 0.7) }"
check "status" irqctl status
equal "an idle interrupt" "$idle_before" "$(requested "$(irq_of eth0-rx-0)")"
kill $daemon
wait $daemon
equal "ends in order" 0 $?
same_affinities "all as before" "$before"
cp /tmp/daemon.log "$RESULTS"
echo "$at_first" | put_affinities
