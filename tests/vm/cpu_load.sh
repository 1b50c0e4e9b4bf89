#!/bin/sh
# machines: small
# SPDX-License-Identifier: BSD-2-Clause
# cpu_load: programs keep a core busy, CPUs 2 and 3. With "respect" no interrupt is moved there, with
# "ignore" that is the scheduler's affair: it is the only other core of the node of eth1.

needs irqctl-full "cpu_load" "irqctl-full is not built"
at_first=$(all_affinities)
traffic uneven eth1 eth2
# work: most of the time; a little is left, for an emulated machine that never idles may stall
work() {
	while :; do
		i=0
		while [ $i -lt 2000 ]; do
			i=$((i + 1))
		done
		usleep 5000
	done
}

programs=
for cpu in 2 3; do
	work &
	taskset -p $((1 << cpu)) $! >/dev/null
	programs="$programs $!"
done
for word in respect ignore; do
	printf '[global]\ninterval = 0.5\ncpu_load = %s\n' $word >/tmp/$word.conf
done

all_on_cpu0
sleep 1
irqctl plan -i 4 -c /tmp/respect.conf --json >"$RESULTS/plan"
equal "moves to the busy core that plan has with respect" 0 "$(grep -c '"to": "[23]"' "$RESULTS/plan")"
check "it has others" grep -q '"to": "[14567]"' "$RESULTS/plan"

# serves CPUS: whether any of these, the inside of brackets, has a busy queue
serves() {
	irqctl status --json >/tmp/status && grep -q "\"device\":\"eth[12]\",\"cpu\":[$1]," /tmp/status
}

# moved WORD: how many queues of NICs the daemon moved to the busy core
moved() {
	grep -c 'put\.[0-7]): .* to CPU [23]:' "$RESULTS/daemon-$1"
}

for word in respect ignore; do
	all_on_cpu0
	irqctl daemon -c /tmp/$word.conf 2>"$RESULTS/daemon-$word" &
	daemon=$!
	wait_for 20 test -S /run/irqctl/irqctl.sock
	if [ $word = respect ]; then
		check "respect: others serve" wait_for 30 serves 14567
		sleep 8
		check_exit "respect: the busy core does not" 1 serves 23
		equal "respect: queues that were moved there" 0 "$(moved respect)"
	else
		check "ignore: the busy core serves" wait_for 30 serves 23
		check "ignore: queues were moved there" [ "$(moved ignore)" -gt 0 ]
	fi
	kill $daemon
	wait $daemon
done
for program in $programs; do
	kill "$program"
done
traffic
echo "$at_first" | put_affinities
