#!/bin/sh
# machines: small
# SPDX-License-Identifier: BSD-2-Clause
# Devices that tell of themselves all the time, five times a second: the daemon looks at the machine anew
# for each, and learns and balances all the same.

needs irqctl-full "uevents" "irqctl-full is not built"
at_first=$(all_affinities)
all_on_cpu0
before=$(all_affinities)
traffic uneven eth1 eth2
while :; do
	echo add >/sys/class/net/eth0/uevent
	usleep 200000
done &
storm=$!
irqctl daemon 2>"$RESULTS/daemon" &
daemon=$!
sleep 15
look_at_load /tmp/before
sleep 5
look_at_load /tmp/after
part=$(busiest /tmp/before /tmp/after | cut -d' ' -f1)
check "the busiest CPU has $part of the interrupts, and had all: at most 0.7" \
	awk "BEGIN { exit !($part > 0 && $part <= 0.7) }"
kill $storm
kill $daemon
wait $daemon
equal "ends in order" 0 $?
same_affinities "all as before" "$before"
traffic
echo "$at_first" | put_affinities
