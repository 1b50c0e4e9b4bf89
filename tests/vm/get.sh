#!/bin/sh
# machines: small remap
# SPDX-License-Identifier: BSD-2-Clause
# get: what the kernel says of an affinity, and whether it can be set, found out without a write.

# field IRQ NAME: of get's JSON
field() {
	irqctl get --json "$1" |
		awk -F'"' -v name="$2" '$2 == name { gsub(/[:, ]/, "", $3); print (NF > 3) ? $4 : $3 }'
}

before=$(all_affinities)
queue=$(irq_of nvme0q3)
irq=$(irq_of virtio1-input.3)
equal "managed queue is unknown" null "$(field "$queue" settable)"
check "managed queue has a reason" sh -c "irqctl get $queue | grep -q 'managed.*6.12'"
equal "admin queue can be set" true "$(field nvme0q0 settable)"
equal "virtio queue can be set" true "$(field "$irq" settable)"
equal "requested" "$(requested "$queue")" "$(field "$queue" requested)"
equal "effective" "$(effective "$queue")" "$(field "$queue" effective)"
equal "hint of virtio_net" 3 "$(field "$irq" hint)"
equal "node" 1 "$(field "$queue" node)"
equal "rows of eth1" 17 "$(irqctl get --no-headings eth1 | wc -l)"
check "get as nobody" as_nobody irqctl get

served=$(effective "$irq")
echo 6 >"/proc/irq/$irq/smp_affinity_list"
equal "requested by hand" 6 "$(field "$irq" requested)"
case $MACHINE in
remap) equal "moved at once" "false 6" "$(field "$irq" pending) $(field "$irq" effective)" ;;
*) check "moves later, in the table" sh -c "irqctl get $irq | grep -q 'pending: it moves'"
	equal "moves later" "true $served" "$(field "$irq" pending) $(field "$irq" effective)" ;;
esac
echo 3 >"/proc/irq/$irq/smp_affinity_list"

if has_strace; then
	equal "nothing is written" 0 "$(irq_writes irqctl get)"
else
	skip "nothing is written" "strace is not installed"
fi
same_affinities "nothing changed" "$before"
