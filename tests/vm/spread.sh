#!/bin/sh
# machines: small remap isolated cores big
# SPDX-License-Identifier: BSD-2-Clause
# spread: queue pairs to CPUs, on machines that differ in what there is to share.

# pairs NIC...: "CPU CPU" of each rx i and tx i of virtio NICs, as the kernel has them
pairs() {
	for nic; do
		virtio=$(virtio_of "$nic")
		awk -v name="$virtio-" 'index($NF, name) == 1 && $NF ~ /put\.[0-9]+$/ {
			sub(":", "", $1); sub(name, "", $NF); sub("put", "", $NF); print $NF, $1
		}' /proc/interrupts | sort >/tmp/pairs
		cp /tmp/pairs /tmp/outputs
		while read -r queue irq; do
			case $queue in
			in.*) out=$(awk -v queue="out.${queue#in.}" '$1 == queue { print $2 }' /tmp/outputs)
				echo "$(requested "$irq") $(requested "$out")" ;;
			esac
		done </tmp/pairs
	done
}

cpus() {
	pairs "$@" | cut -d' ' -f1 | sort -n
}

# cores NIC...: of each queue, by the lower of its two threads
cores() {
	cpus "$@" | while read -r cpu; do
		cut -d- -f1 "/sys/devices/system/cpu/cpu$cpu/topology/thread_siblings_list" | cut -d, -f1
	done | sort -n
}

are_together() {
	pairs "$@" >/tmp/together
	[ -s /tmp/together ] && ! awk '$1 != $2' /tmp/together | grep .
}

# nodes NIC...: of its queues' CPUs, each once
nodes() {
	cpus "$@" | while read -r cpu; do
		basename "/sys/devices/system/cpu/cpu$cpu"/node*
	done | sort -u | tr '\n' ' '
}

# moves FILE: "IRQ CPU" of the plan in a JSON document
moves() {
	awk -F'"' '$2 == "irq" { irq = $4 } $2 == "to" { print irq, $4 }' "$1"
}

plan_part() {
	sed -n '/"moves"/,/"results"/p' "$1"
}

before=$(all_affinities)

# applies NIC...: the dry run says the same twice, changes nothing, and is what happens then.
applies() {
	irqctl spread "$@" --dry-run --json >/tmp/plan
	irqctl spread "$@" --dry-run --json >/tmp/again
	check "dry run twice" cmp /tmp/plan /tmp/again
	same_affinities "dry run, nothing changed" "$before"
	irqctl spread "$@" --json >/tmp/applied
	equal "applied" 0 $?
	cp /tmp/applied "$RESULTS/applied.json"
	moves /tmp/plan >/tmp/moves
	while read -r irq to; do
		[ "$(requested "$irq")" = "$to" ] || echo "$irq"
	done </tmp/moves >/tmp/wrong
	equal "where the plan says" "" "$(cat /tmp/wrong)"
	plan_part /tmp/plan >/tmp/plan.part
	plan_part /tmp/applied >/tmp/applied.part
	check "the plan that was shown" cmp /tmp/plan.part /tmp/applied.part
	check "rx and tx together" are_together "$@"
	check "again changes nothing" no_other_outcome "unchanged|pending" spread "$@"
}

take_back() {
	check "taken back" irqctl restore --last
	same_affinities "all as before" "$before"
}

spread_small() {
	applies eth1 eth2
	equal "two queues on each CPU" "2 2 2 2 2 2 2 2" \
		"$(cpus eth1 eth2 | uniq -c | awk '{ print $1 }' | tr '\n' ' ' | sed 's/ $//')"
	equal "eth1 on its node" "node0 " "$(nodes eth1)"
	equal "eth2 on its node" "node1 " "$(nodes eth2)"
	take_back
	check_exit "as nobody" 1 as_nobody irqctl spread eth1
	equal "managed queues are left" 8 "$(irqctl spread nvme0 --dry-run | grep -c 'left.*managed')"
	check "and are no failure" irqctl spread nvme0 vda
	same_affinities "all as before, once more" "$before"
}

# br0 on a VLAN on a bond of eth1 and eth2
make_upper() {
	modprobe bonding && modprobe 8021q && modprobe bridge &&
		ip link set eth1 down && ip link set eth2 down &&
		echo +eth1 >/sys/class/net/bond0/bonding/slaves &&
		echo +eth2 >/sys/class/net/bond0/bonding/slaves &&
		ip link add link bond0 name vlan5 type vlan id 5 &&
		ip link add br0 type bridge && ip link set vlan5 master br0
}

spread_upper() {
	if ! make_upper; then
		skip "bond, VLAN, bridge" "they cannot be made here"
		return
	fi
	irqctl spread eth1 eth2 --dry-run >/tmp/wanted
	for upper in bond0 vlan5 br0; do
		irqctl spread $upper --dry-run >/tmp/got
		check "$upper stands for eth1 and eth2" cmp /tmp/wanted /tmp/got
	done
	ip link del br0
	ip link del vlan5
	rmmod bridge 8021q bonding
	nic_up eth1
	nic_up eth2
}

# CPU 2 is on eth1's node, and has no vector left.
spread_full() {
	fill_vectors 2 >/dev/null
	full=$(all_affinities)
	check "a full CPU is avoided" no_other_outcome "applied|unchanged" spread eth1
	equal "the others are used" 0,1,3,4,5,6,7 "$(cpus eth1 | uniq | tr '\n' , | sed 's/,$//')"
	irqctl restore --last >/dev/null
	same_affinities "full, all as before" "$full"
	echo "$before" | put_affinities
}

spread_isolated() {
	irqctl spread eth1 eth2 >/dev/null
	equal "isolated CPUs are left out" 0,1,2,4,5,6 "$(cpus eth1 eth2 | uniq | tr '\n' , | sed 's/,$//')"
	take_back
	irqctl spread eth1 eth2 --cpus 3,7 >/dev/null
	equal "unless they are named" 3,7 "$(cpus eth1 eth2 | uniq | tr '\n' , | sed 's/,$//')"
	take_back
}

# 8 cores, 4 queue pairs a NIC: eth0 and eth1 on node 0, eth2 on node 1
spread_cores() {
	applies eth0 eth2
	equal "no core is shared" "" "$(cores eth0 eth2 | uniq -d)"
	equal "eth0 on its node" "node0 " "$(nodes eth0)"
	equal "eth2 on its node" "node1 " "$(nodes eth2)"
	take_back
	irqctl spread eth0 eth1 >/dev/null
	equal "two NICs of one node share no core" "" "$(cores eth0 eth1 | uniq -d)"
	take_back
	irqctl spread eth0 >/dev/null
	irqctl spread eth1 >/dev/null
	equal "nor one after the other" "" "$(cores eth0 eth1 | uniq -d)"
	equal "the first on its node" "node0 " "$(nodes eth0)"
	equal "the second where cores are free" "node1 " "$(nodes eth1)"
	echo "$before" | put_affinities
}

spread_big() {
	applies eth0 eth1 eth2 eth3
	equal "queues on each CPU" 4 "$(cpus eth0 eth1 eth2 eth3 | uniq -c | awk '{ print $1 }' | uniq)"
	echo "$before" | put_affinities
}

case $MACHINE in
small) spread_small && spread_upper ;;
remap) spread_small && spread_full ;;
*) "spread_$MACHINE" ;;
esac
