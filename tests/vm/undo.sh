#!/bin/sh
# machines: isolated
# SPDX-License-Identifier: BSD-2-Clause
# The way back from a kill -9 at any moment of a change: restore --last.

# survives NAME LEAST PREPARE COMMAND...: kills it at each of its writes and whenever it gives a file
# its name or removes it, LEAST times or more. restore --last must bring back what $base has.
survives() {
	name=$1 least=$2 prepare=$3 stops=0 wrong=
	shift 3
	for call in write rename unlink; do
		nth=1
		$prepare
		while stopped $call $nth "$@"; do
			irqctl restore --last
			got=$(all_affinities)
			[ "$got" = "$base" ] || wrong="$wrong $call $nth"
			echo "$base" | put_affinities
			stops=$((stops + 1)) nth=$((nth + 1))
			$prepare
		done
		irqctl restore --last
	done >/dev/null 2>&1
	equal "kill -9 at $stops moments of $name" "" "$wrong"
	check "moments of $name" test "$stops" -ge "$least"
}

set_some() {
	irqctl set "virtio1-input.[0-1]" 5
}

if ! has_strace; then
	skip "kill -9" "strace is not installed"
	exit 0
fi
before=$(all_affinities)
base=$before
survives "set" 5 true irqctl set "virtio1-input.[0-1]" 5
survives "set --atomic" 5 true irqctl set virtio1-input.0 nvme0q3 5 --atomic
survives "spread" 5 true irqctl spread eth0
survives "restore --last" 4 set_some irqctl restore --last
irqctl save /tmp/saved.json 2>/dev/null
set_some >/dev/null
rm -f /run/irqctl/last.json
base=$(all_affinities)
survives "restore FILE" 5 true irqctl restore /tmp/saved.json
rm -f /run/irqctl/last.json
echo "$before" | put_affinities
