#!/bin/sh
# machines: small remap
# SPDX-License-Identifier: BSD-2-Clause
# show and explain beside what the kernel says; the JSON is checked by show.py.

cpus_of() {
	irqctl show --json -c "$1" | tr -d '[:space:]' | sed 's/.*"cpus":\[\([0-9,]*\)\].*/\1/'
}

shows() {
	irqctl show --json "$1" | grep -q "\"$2\": $3,\\?\$"
}

# by_device DEVICE: the number of interrupts that are summed up for it
by_device() {
	irqctl show -a --by device | awk -v device="$1" '$1 == device { print $2 }'
}

traffic eth0 eth1 eth2
for cpu in 0 1 2 3 4 5 6 7; do
	read_disk nvme0n1 $cpu
	read_disk vda $cpu
done
busy=$(irq_of virtio1-input.3)
check "virtio queues get traffic" wait_for 10 is_more "$busy" 3 100
traffic
sleep 1

all_affinity_files >"$RESULTS/affinities"
cat /proc/interrupts >"$RESULTS/before"
irqctl show -a --json >"$RESULTS/show.json"
cat /proc/interrupts >"$RESULTS/after"
irqctl explain --json nvme0q1 eth0-rx-0 virtio1-input.3 LOC >"$RESULTS/explain.json"

check "show" irqctl show
check "show as nobody" as_nobody irqctl show
equal "interrupts of eth1" 17 "$(by_device eth1)"
equal "interrupts of eth0" 3 "$(by_device eth0)"
equal "interrupts of nvme0" 9 "$(by_device nvme0)"
equal "CPUs of node 0" 0,1,2,3 "$(cpus_of node:0)"
equal "CPUs of node 1" 4,5,6,7 "$(cpus_of node:1)"
equal "CPUs of package 1" 4,5,6,7 "$(cpus_of package:1)"

# An interrupt moved by hand: without remapping it waits for the next event, and irqctl says so.
echo 6 >"/proc/irq/$busy/smp_affinity_list"
if [ "$MACHINE" = remap ]; then
	equal "moved at once" 6 "$(effective "$busy")"
	check "not shown as pending" shows "$busy" pending false
else
	equal "not moved yet" 3 "$(effective "$busy")"
	check "shown as pending" shows "$busy" pending true
fi
check "requested CPU is shown" shows "$busy" requested '"6"'
traffic eth1
check "moved with traffic" wait_for 10 is_effective "$busy" 6
check "no longer pending" shows "$busy" pending false
irqctl show -i 2 --json "$busy" >"$RESULTS/moved.json"
traffic
echo 3 >"/proc/irq/$busy/smp_affinity_list"

# A CPU that is off at the second of three samples: the second is there when its report is.
traffic eth0 eth1 eth2
cat /proc/interrupts >"$RESULTS/hotplug.before"
irqctl show -a -i 3 -n 2 --json >"$RESULTS/hotplug.json" &
sleep 1
cpu_offline 3
check "report with a CPU off" wait_for 20 grep -q schema "$RESULTS/hotplug.json"
cpu_online 3
wait
cat /proc/interrupts >"$RESULTS/hotplug.after"

# A driver that goes and comes.
cat /proc/interrupts >"$RESULTS/reload.before"
irqctl show -a -i 3 -n 3 --json >"$RESULTS/reload.json" &
sleep 1
cat /proc/interrupts >"$RESULTS/reload.unload"
reload e1000e eth0
wait
cat /proc/interrupts >"$RESULTS/reload.after"
check "eth0 gets traffic after the reload" wait_for 10 is_more "$(irq_of eth0-rx-0)" "" 100
