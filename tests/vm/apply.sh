#!/bin/sh
# machines: big
# SPDX-License-Identifier: BSD-2-Clause
# What irqctl's writes cost beside bare ones: the 512 moves of a spread over 256 queues and 64 CPUs.
# The emulation is slow, but equally so for both. bench/run takes the figures from $RESULTS.

before=$(all_affinities)
irqctl spread eth0 eth1 eth2 eth3 --dry-run --json |
	awk -F'"' '$2 == "irq" { irq = $4 } $2 == "to" { print irq, $4 }' >/tmp/moves
equal "interrupts to move" 512 "$(wc -l </tmp/moves)"
needs apply-bench "time of the writes" "apply-bench is not built"
check "bench" apply-bench 15 /tmp/moves "$RESULTS/figures"
figure() {
	awk -v name="$1" '$1 == name { print $2 }' "$RESULTS/figures"
}
# The limit of the bench is 1.2 times, on a quiet host; here others may have the host's CPUs.
check "bare writes take $(figure bare_us) us, irqctl's $(figure write_us) us: at most 1.5 times" \
	sh -c "[ $(($(figure write_us) * 10)) -le $(($(figure bare_us) * 15)) ]"
same_affinities "all as before" "$before"
