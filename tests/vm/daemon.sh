#!/bin/sh
# machines: small remap
# SPDX-License-Identifier: BSD-2-Clause
# The daemon and what happens to a machine: CPUs and drivers that go and come, hands of others, a clock
# that jumps, kills. What it does to the load is in balance.sh.

needs irqctl-full "daemon" "irqctl-full is not built"
at_first=$(all_affinities)
printf '[global]\ninterval = 0.5\n' >/tmp/irqctl.conf

start_daemon() {
	rm -f /run/irqctl/irqctl.sock # of one that was killed
	irqctl daemon -c /tmp/irqctl.conf "$@" 2>>/tmp/daemon.log &
	daemon=$!
	wait_for 20 test -S /run/irqctl/irqctl.sock
}

# moves: how many the daemon has made or seen
moves() {
	irqctl status --json | sed 's/.*"moves_total": *\([0-9]*\).*/\1/'
}

says() {
	grep -q "$1" /tmp/daemon.log
}

has_moved() {
	[ "$(moves)" -gt "$1" ]
}

has_cpus() {
	[ "$(irqctl status --json | grep -o '"closed"' | wc -l)" = "$1" ]
}

# stop_daemon NAME; end_daemon NAME WANTED: all is as WANTED then
stop_daemon() {
	kill $daemon
	wait $daemon
	equal "$1, ends in order" 0 $?
}

end_daemon() {
	stop_daemon "$1"
	same_affinities "$1, all as before" "$2"
	check "$1, nothing is left in /run/irqctl" test ! -e /run/irqctl/daemon.db
}

all_on_cpu0
before=$(all_affinities)
traffic uneven eth1 eth2

# Somebody else
start_daemon
check "moves something" wait_for 30 has_moved 0
irq=$(irq_of virtio1-input.3)
for cpu in 4 5 6 7; do # what the daemon has chosen itself would be no change
	says "IRQ $irq .* to CPU $cpu:" || break
done
echo "$cpu" >"/proc/irq/$irq/smp_affinity_list"
check "sees another hand" wait_for 10 says "IRQ $irq .*somebody else changed.* to $cpu:"
sleep 3
equal "respects it" "$cpu" "$(requested "$irq")"
if [ "$MACHINE" = remap ]; then # hundreds of idle ones
	idle=$(awk '/virtio[0-9]+-input/ { sub(":", "", $1); irq = $1 } END { print irq }' /proc/interrupts)
	echo 6 >"/proc/irq/$idle/smp_affinity_list"
	check "sees another hand on an idle one" wait_for 2 says "IRQ $idle .*somebody else changed.* to 6:"
	echo "$before" | grep "^$idle " | put_affinities
fi
check "cannot be started twice" sh -c '! irqctl daemon -c /tmp/irqctl.conf'

# The clock: as many moves as in the same time without it
sleep 10
at=$(moves)
sleep 9
usual=$(($(moves) - at))
at=$(moves)
now=$(date +%s)
date -s "@$((now + 100000))" >/dev/null
sleep 3
date -s "@$((now - 100000))" >/dev/null
sleep 3
date -s "@$((now + 6))" >/dev/null
check "samples after steps of the clock" irqctl status
check "no burst of moves for steps of the clock: $(($(moves) - at)) in 9 s, and usually $usual" \
	test $(($(moves) - at)) -le $((2 * usual + 6))
end_daemon "hands and clock" "$(echo "$before" | sed "s/^$irq .*/$irq $cpu/")"
echo "$irq 0" | put_affinities

# A CPU goes and comes
start_daemon
wait_for 30 has_moved 0
others=$(grep -c "somebody else" /tmp/daemon.log)
cpu_offline 3
check "seven CPUs" wait_for 15 has_cpus 7
sleep 5
cpu_online 3
check "eight CPUs" wait_for 15 has_cpus 8
sleep 3
# the driver of the NICs places all their queues when CPUs come or go
equal "nobody else is blamed" "$others" "$(grep -c "somebody else" /tmp/daemon.log)"
wait_for 20 has_moved 0
stop_daemon "CPU off and on"
echo "$before" | put_affinities

# knows_new: the status has a busy queue of the driver, with the number that it has now
knows_new() {
	irqctl status --json >/tmp/status
	for queue in 0 1 2 3 4 5 6 7; do
		! grep -q "\"irq\":\"$(irq_of "virtio1-input.$queue")\",\"name\":\"virtio1-input" \
			/tmp/status || return 0
	done
	return 1
}

# The driver is loaded again: it places its queues itself, and the daemon finds them
start_daemon
wait_for 30 has_moved 0
traffic
reload virtio_net eth1 eth2 2>/dev/null
traffic uneven eth1 eth2
check "knows the queues of a driver that was loaded again" wait_for 40 knows_new
stop_daemon "driver again"
all_on_cpu0
before=$(all_affinities)

# Kills
for seconds in 2 4 8; do
	start_daemon
	sleep $seconds
	kill -9 $daemon
	wait $daemon 2>/dev/null
	[ ! -e /run/irqctl/daemon.db ] || irqctl restore --daemon >/dev/null
	same_affinities "killed after $seconds s, restored" "$before"
	rm -rf /run/irqctl
done
start_daemon
wait_for 30 has_moved 0
kill -9 $daemon
wait $daemon 2>/dev/null
start_daemon
check "knows of the one that was killed" wait_for 10 says "an earlier daemon was killed"
sleep 2
end_daemon "killed, and another one" "$before"

traffic
cp /tmp/daemon.log "$RESULTS"
echo "$at_first" | put_affinities
