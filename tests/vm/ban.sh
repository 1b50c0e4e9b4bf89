#!/bin/sh
# machines: small
# SPDX-License-Identifier: BSD-2-Clause
# set --ban beside the real irqbalance: it leaves alone what it was told to, and is not harmed.

needs irqbalance "--ban" "irqbalance is not installed where these tests are run from"
# others: what the interrupts that nobody spoke of are bound to
others() {
	all_affinities | grep -v -e "^$irq " -e "^$other "
}

before=$(all_affinities)
mkdir -p /run/irqbalance
irq=$(irq_of virtio1-input.3)
other=$(irq_of virtio1-input.4)

ban_state() {
	irqctl set "$@" --ban --json 2>/dev/null |
		awk -F'"' '$2 == "ban" { ban = 1 } ban && $2 == "state" { print $4 }'
}

says() {
	wanted=$1
	shift
	irqctl "$@" 2>&1 | grep -q "$wanted"
}

check "no daemon" says "no daemon runs" set "$irq" 5 --ban
others_before=$(others)
irqbalance -f -t 2 >/tmp/irqbalance.log 2>&1 &
daemon=$!
check "irqbalance runs" wait_for 20 test -S /run/irqbalance/irqbalance$daemon.sock
# all or nothing: what fails leaves no ban, and says nothing to the daemon
equal "a failed --atomic" "" "$(ban_state "$irq" nvme0q3 4 --atomic)"
check "a warning without --ban" says "irqbalance (process $daemon) runs.*--ban" set "$irq" 5
equal "told" "done" "$(ban_state "$irq" 6)"
equal "told of a second one, while it is deaf" "done" "$(ban_state "$other" 5)"
equal "told what it knows" "done" "$(ban_state "$irq" "$other" 5)"
equal "dry run tells nothing" "" "$(ban_state "$irq" 4 --dry-run)"

# After each command it places everything anew, idle interrupts too.
sleep 15
equal "left alone" "5 5" "$(requested "$irq") $(requested "$other")"
check "others were not" test "$(others)" != "$others_before"
check "it still runs" kill -0 $daemon

# Stopped it cannot answer; and to be hung up on does not kill it, as it would if it had been asked.
kill -STOP $daemon
check_exit "no answer, exit status" 1 irqctl set "$irq" 2 --ban
equal "no answer, in JSON" no-answer "$(ban_state "$irq" 2)"
equal "no answer, set all the same" 2 "$(requested "$irq")"
kill -CONT $daemon
sleep 8
check "no answer, and it runs on" kill -0 $daemon
kill $daemon
wait
rm -f /run/irqctl/last.json
echo "$before" | put_affinities
