#!/bin/sh
# machines: small isolated cores
# SPDX-License-Identifier: BSD-2-Clause
# spread --steering and --channels: XPS, RPS, RFS and the number of queues, and the way back.

queues() {
	ls -d "/sys/class/net/$1/queues/$2"-* | wc -l
}

# bits MASK: its CPUs, one a line
bits() {
	awk -v mask="$1" 'BEGIN {
		gsub(",", "", mask)
		for (i = length(mask); i > 0; i--) {
			digit = index("0123456789abcdef", substr(mask, i, 1)) - 1
			for (bit = 0; bit < 4; bit++) {
				if (digit % 2) print 4 * (length(mask) - i) + bit
				digit = int(digit / 2)
			}
		}
	}'
}

# xps_cpus NIC: of all its tx queues, one line each time a CPU is in one
xps_cpus() {
	for path in "/sys/class/net/$1"/queues/tx-*/xps_cpus; do
		bits "$(cat "$path")"
	done | sort -n
}

rps_cpus() {
	for path in "/sys/class/net/$1"/queues/rx-*/rps_cpus; do
		bits "$(cat "$path")"
	done | sort -n | tr '\n' ' '
}

empty_xps() {
	for path in "/sys/class/net/$1"/queues/tx-*/xps_cpus; do
		[ -n "$(bits "$(cat "$path")")" ] || echo "$path"
	done
}

state() {
	all_affinities
	all_steering
}

# settings FILE: "PATH WANTED REASON" of each result in a JSON document
settings() {
	awk -F'"' '$2 == "wanted" { wanted = $4 } $2 == "path" { path = $4 }
		$2 == "reason" { print path, wanted, $4 }' "$1"
}

same_state() {
	echo "$before" >/tmp/wanted_state
	state >/tmp/state
	check "$1" diff /tmp/wanted_state /tmp/state
}

take_back() {
	check "$1, taken back" irqctl restore --last
	same_state "$1, all as before"
}

# steers NAME COMMAND...: the dry run changes nothing, and is what is done then
steers() {
	name=$1
	shift
	"$@" --dry-run --json >/tmp/plan
	same_state "$name, dry run"
	"$@" --json >/tmp/applied
	equal "$name, exit status" 0 $?
	settings /tmp/plan >/tmp/plan.settings
	settings /tmp/applied >/tmp/applied.settings
	check "$name, as planned" cmp /tmp/plan.settings /tmp/applied.settings
	check "$name, is something" test -s /tmp/plan.settings
}

# every CPU of LIST sends through one queue of the NIC, and every queue has one
serves() {
	equal "$1: each CPU sends through one queue" "$2" "$(xps_cpus "$1" | tr '\n' ' ')"
	equal "$1: no queue without CPU" "" "$(empty_xps "$1")"
}

# part KIND QUEUE WANTED KEPT: a record with this is refused, and told what the kernel keeps; and back
part() {
	echo '{"schema": "irqctl.save/1", "settings": [{"setting": "'"$1"'", "interface": "eth1",
		"queue": '"$2"', "cpus": "'"$3"'"}]}' >/tmp/record
	irqctl restore /tmp/record --json >/tmp/out
	equal "$1 in part, exit status" 1 $?
	check "$1 in part, why" grep -q '"error": ".*offline or isolated' /tmp/out
	check "$1 in part, what is kept" grep -q '"requested": "'"$4"'"' /tmp/out
	check "$1 in part, taken back" irqctl restore --last
}

steer() {
	# as many queues as CPUs, two queues on each of the CPUs of the node where there are none isolated
	steers "8 queues" irqctl spread eth1 eth2 --steering
	if [ "$MACHINE" = small ]; then
		serves eth1 "$open"
		serves eth2 "$open"
		equal "a queue for each CPU needs no RPS" "" "$(rps_cpus eth1)"
	else
		equal "eth1: each CPU sends through one queue" "$open" "$(xps_cpus eth1 | tr '\n' ' ')"
	fi
	take_back "8 queues"

	steers "1 queue" irqctl spread eth0 --steering
	equal "no isolated CPU helps, no other node's" "$(echo "$open" | sed 's/[4-7] //g')" "$(rps_cpus eth0)"
	equal "flows of one queue" 32768 "$(cat /sys/class/net/eth0/queues/rx-0/rps_flow_cnt)"
	equal "flows of the machine" 32768 "$(cat /proc/sys/net/core/rps_sock_flow_entries)"
	take_back "1 queue"

	# what is on and is of no use goes off
	echo ff >/sys/class/net/eth1/queues/rx-3/rps_cpus
	off=$(irqctl spread eth1 --steering --dry-run | grep -c 'rx-3 rps .* off: ')
	equal "RPS goes off" 1 "$off"
	echo 0 >/sys/class/net/eth1/queues/rx-3/rps_cpus

	equal "8 channels to begin with" "8 8" "$(queues eth1 rx) $(queues eth1 tx)"
	irqctl spread eth1 --channels 2 --steering --dry-run >/tmp/out 2>/tmp/err
	equal "channels, dry run" 0 $?
	same_state "channels, dry run changes nothing"
	check "it says what is not known" grep -q 'present channels' /tmp/err
	equal "and what would be changed" 1 "$(grep -c 'eth1 channels *8 *2 *planned' /tmp/out)"
	check "2 channels" irqctl spread eth1 --channels 2 --steering
	equal "there are 2" "2 2" "$(queues eth1 rx) $(queues eth1 tx)"
	serves eth1 "$open"
	# CPU 3 is isolated, and so CPU 2 would only help itself
	equal "the CPUs of the node help" "$(echo "${open#0 1 2 4 5 6 }" | sed 's/[4-7] //g')" \
		"$(rps_cpus eth1 | sed 's/^0 1 $//')"
	irqctl spread eth1 eth2 --dry-run >/tmp/out
	equal "queues that are off are left" 12 "$(grep -c 'left .*not in use' /tmp/out)"
	equal "and the others placed" 20 "$(grep -cE 'put[.][0-9]+ .*(planned|unchanged)' /tmp/out)"
	equal "flows of two queues" 16384 "$(cat /sys/class/net/eth1/queues/rx-1/rps_flow_cnt)"
	irqctl restore --last --dry-run >/tmp/out
	equal "a dry run of the way back" 0 $?
	check "knows what comes later" grep -q 'tx-7 xps .*after the channels' /tmp/out
	equal "and changes nothing" 2 "$(queues eth1 tx)"
	take_back "2 channels"
	equal "8 channels again" "8 8" "$(queues eth1 rx) $(queues eth1 tx)"

	check "as many as there are" no_other_outcome "unchanged|applied|pending" spread eth2 --channels 8
	take_back "8 channels"
	check_exit "too many" 2 irqctl spread eth1 --channels 9
	irqctl spread eth1 --channels 9 2>&1 | grep -q 'eth1 can have at most 8, not 9'
	equal "which names the maximum" 0 $?
	check_exit "a driver without channels" 2 irqctl spread eth0 --channels 1
	check_exit "one of two without channels" 2 irqctl spread eth1 eth0 --channels 1
	check_exit "no network interface" 2 irqctl spread nvme0 --channels 1
	check_exit "channels as nobody" 1 as_nobody irqctl spread eth1 --channels 2
	check_exit "not with --atomic" 2 irqctl spread eth1 --channels 2 --atomic
	same_state "refused, all as before"

	# a record that the kernel does not take: its words are shown, and the rest is put back
	echo '{"schema": "irqctl.save/1", "settings": [{"setting": "default", "cpus": "0-7"},
		{"setting": "channels", "interface": "eth1", "rx": 0, "tx": 0, "combined": 9}]}' >/tmp/record
	irqctl restore /tmp/record >/tmp/out 2>/tmp/err
	equal "refused by the kernel" 1 $?
	check "in the kernel's words" grep -q 'eth1: 9 channels: refused: requested channel count exceeds' /tmp/err
	check "and in the table" grep -q 'eth1 channels *8 *9 *refused' /tmp/out
	same_state "refused by the kernel, all as before"

	# what the kernel takes only in part: offline CPUs from XPS, isolated ones from RPS
	cpu_offline 6
	part xps 0 0-6 0-5
	cpu_online 6
	echo "$before" | put_affinities
	[ "$MACHINE" != isolated ] || part rps 0 2-3 2
	same_state "a part, all as before"
}

# survives SYSCALL LEAST STEP: killed at the first, and each STEP later, of these calls of a spread with
# channels, LEAST times or more
survives() {
	nth=1 stops=0
	while stopped "$1" $nth irqctl spread eth1 --channels 3 --steering >/dev/null 2>&1; do
		irqctl restore --last >/dev/null 2>&1
		[ "$(state)" = "$before" ] || echo "$1 $nth"
		nth=$((nth + $3)) stops=$((stops + 1))
	done >/tmp/wrong
	irqctl restore --last >/dev/null 2>&1
	equal "kill -9 at $stops $1 calls" "" "$(cat /tmp/wrong)"
	check "moments of $1" test "$stops" -ge "$2"
	same_state "after $1"
}

# fails CALLS: each of the first netlink calls fails once, in two NICs' change of channels. One of the
# NICs is not left alone with its change.
fails() {
	nth=1 refused=0
	while [ $nth -le "$1" ]; do
		if under_strace -e trace=sendto -e "inject=sendto:error=EBUSY:when=$nth" \
			irqctl spread eth1 eth2 --channels 2 >/dev/null 2>/tmp/err; then
			irqctl restore --last >/dev/null 2>&1
		elif grep -q 'refused' /tmp/err && grep -q 'nothing was changed' /tmp/err; then
			refused=$((refused + 1))
		fi
		[ "$(state)" = "$before" ] || echo "$nth"
		[ ! -e /run/irqctl/started.json ] || echo "$nth left started.json"
		nth=$((nth + 1))
	done >/tmp/wrong
	equal "netlink fails at any of $1 calls" "" "$(cat /tmp/wrong)"
	check "and refuses some of them" test $refused -ge 2
}

# where other scripts leave time for it
kill_and_fail() {
	if ! has_strace; then
		skip "kill -9 and failures" "strace is not installed"
		return
	fi
	fails 18
	survives write 4 6
	survives sendto 4 3
	survives rename 2 1
}

open="0 1 2 3 4 5 6 7 "
[ "$MACHINE" != isolated ] || open="0 1 2 4 5 6 "
before=$(state)
case $MACHINE in
cores) kill_and_fail ;;
*) steer ;;
esac
