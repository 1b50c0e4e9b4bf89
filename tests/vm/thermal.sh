#!/bin/sh
# machines: small
# SPDX-License-Identifier: BSD-2-Clause
# What the processor says when it is too hot (Intel HFI), over the kernel's own netlink family: the
# daemon clears the CPUs that are to be left idle, and takes them again afterwards.

needs irqctl-full "thermal" "irqctl-full is not built"
needs thermal-event "thermal" "thermal-event is not built"
at_first=$(all_affinities)
all_on_cpu0
traffic uneven eth1 eth2
printf '[global]\ninterval = 0.5\n' >/tmp/irqctl.conf
irqctl daemon -c /tmp/irqctl.conf 2>/tmp/daemon.log &
daemon=$!
wait_for 20 test -S /run/irqctl/irqctl.sock

says() {
	grep -q "$1" /tmp/daemon.log
}

# serves CPUS: whether any of these, a bracket's inside such as 2-7, has a busy queue
serves() {
	irqctl status --json >/tmp/status && grep -q "\"device\":\"eth[12]\",\"cpu\":[$1]," /tmp/status
}

serves_none() {
	irqctl status --json >/tmp/status && ! grep -q "\"device\":\"eth[12]\",\"cpu\":[$1]," /tmp/status
}

check "others than CPU 0 and 1 serve before" wait_for 40 serves 2-7
check "tells of six CPUs" thermal-event 0 0 2 3 4 5 6 7
check "hears it" wait_for 10 says "leave CPU 2-7 idle"
check "clears them" wait_for 30 serves_none 2-7
check "tells that they are well again" thermal-event 512 0 2 3 4 5 6 7
check "hears that" wait_for 10 says "no CPU to be left idle any more"
check "takes them again" wait_for 40 serves 2-7

echo 'thermal = no' >>/tmp/irqctl.conf
check "reload" irqctl reload
thermal-event 0 0 2 3 4 5 6 7
sleep 3
check "thermal = no: does not care" serves 2-7
equal "and says nothing" 1 "$(grep -c 'to leave CPU' /tmp/daemon.log)"

kill $daemon
wait $daemon
equal "ends in order" 0 $?
traffic
cp /tmp/daemon.log "$RESULTS"
echo "$at_first" | put_affinities
