#!/bin/sh
# machines: queues
# SPDX-License-Identifier: BSD-2-Clause
# Real interrupts of 16 queue pairs on 8 CPUs, all on CPU 0 at first: what the busiest CPU has of them
# with nobody, with irqctl and with irqbalance. bench/run takes the figures from $RESULTS.

SETTLE=30 # seconds, for both
WINDOW=20

needs irqctl-full "balancers" "irqctl-full is not built"
# measure WHO: its parts of interrupts and time, as figures
measure() {
	look_at_load /tmp/before
	sleep $WINDOW
	look_at_load /tmp/after
	read -r interrupts time <<-END
		$(busiest /tmp/before /tmp/after)
	END
	echo "$1_interrupts $interrupts $1_time $time" >>"$RESULTS/figures"
	cp /tmp/before "$RESULTS/$1.before"
	cp /tmp/after "$RESULTS/$1.after"
}

# with WHO COMMAND...: the same with a balancer, which is told to end by its name
with() {
	who=$1
	shift
	under_strace -y -e trace=write "$@" >"$RESULTS/$who.log" 2>&1 &
	sleep $SETTLE
	measure "$who"
	[ "$who" != irqctl ] || irqctl status --json >"$RESULTS/status.json"
	kill "$(pidof "$who")"
	wait $!
	echo "${who}_writes $(grep -c 'write([0-9]*</proc/irq/' /tmp/strace)" >>"$RESULTS/figures"
}

figure() {
	tr ' ' '\n' <"$RESULTS/figures" | grep -A 1 "^$1\$" | tail -n 1
}

# is_at_most A PARTS B
is_at_most() {
	awk "BEGIN { exit !($1 > 0 && $1 <= $2 * $3) }"
}

at_first=$(all_affinities)
all_on_cpu0
before=$(all_affinities)
traffic uneven eth0 eth1
sleep 3
measure none
if ! has_strace; then
	skip "balancers" "strace is not installed where these tests are run from"
	exit 0
fi
with irqctl irqctl daemon
same_affinities "all as before" "$before"
for what in interrupts time; do
	check "$what of the busiest CPU: $(figure none_$what), with irqctl $(figure irqctl_$what)" \
		is_at_most "$(figure irqctl_$what)" 0.6 "$(figure none_$what)"
done
if command -v irqbalance >/dev/null; then
	all_on_cpu0
	mkdir -p /run/irqbalance
	with irqbalance irqbalance -f -t 1
	ok "with irqbalance: $(figure irqbalance_interrupts) and $(figure irqbalance_time)"
else
	skip "irqbalance" "it is not installed where these tests are run from, and could not be fetched"
fi
traffic
echo "$at_first" | put_affinities
