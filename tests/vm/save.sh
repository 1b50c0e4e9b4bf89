#!/bin/sh
# machines: small
# SPDX-License-Identifier: BSD-2-Clause
# save and restore, over a driver's reload too: settings belong to devices, not to numbers.

before=$(all_affinities)
saved=/tmp/saved.json

# All of it, and under new numbers: another driver takes the old ones.
irqctl set eth0-rx-0 3 >/dev/null
irqctl set eth0-tx-0 5 >/dev/null
xps=/sys/class/net/eth1/queues/tx-2/xps_cpus
rps=/sys/class/net/eth1/queues/rx-2/rps_cpus
old_xps=$(cat $xps)
echo 30 >$rps
check "save" irqctl save $saved
cp $saved "$RESULTS/saved.json"
rx=$(irq_of eth0-rx-0)
echo 81 >$xps
echo 0 >$rps
irqctl set eth1 0 >/dev/null
rmmod e1000e
rmmod virtio_blk
modprobe virtio_blk
reload e1000e eth0 2>/dev/null
check "new numbers" test "$rx" != "$(irq_of eth0-rx-0)"
check "affinity is lost" test "$(requested "$(irq_of eth0-rx-0)")" != 3
check "dry run" irqctl restore $saved --dry-run
check "affinity is still lost" test "$(requested "$(irq_of eth0-rx-0)")" != 3
check "restore" irqctl restore $saved
equal "rx" 3 "$(requested "$(irq_of eth0-rx-0)")"
equal "tx" 5 "$(requested "$(irq_of eth0-tx-0)")"
equal "a queue of another device" 3 "$(requested "$(irq_of virtio1-input.3)")"
equal "xps" "$old_xps" "$(cat $xps)"
equal "rps" 30 "$(cat $rps)"
check "restore taken back" irqctl restore --last
equal "xps is back" 81 "$(cat $xps)"
check_exit "only once" 1 irqctl restore --last
check "restore again" irqctl restore $saved
check "and again" no_other_outcome "unchanged|pending" restore $saved

# Gone devices, and half a file.
rmmod e1000e
check_exit "without the driver" 1 irqctl restore $saved
check "without the driver, gone" sh -c "irqctl restore $saved | grep -q 'eth0-rx-0.*gone'"
modprobe e1000e
wait_for 5 test -e /sys/class/net/eth0
nic_up eth0
head -c 2000 $saved >/tmp/half.json
irqctl set eth1 0 >/dev/null
base=$(all_affinities)
check_exit "half a file" 2 irqctl restore /tmp/half.json
same_affinities "half a file, nothing changed" "$base"
check_exit "restore as nobody" 1 as_nobody irqctl restore $saved
same_affinities "restore as nobody, nothing changed" "$base"
check "save as nobody" as_nobody irqctl save /dev/null
irqctl restore --last >/dev/null

rm -f /run/irqctl/last.json
echo "$old_xps" >$xps
echo 0 >$rps
echo "$before" | put_affinities
