#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The guest's process 1 after init: finishes the system, runs the scripts, powers off. Its output is
# the console. See tests/vm/boot for what is in /t.
busybox=/bin/busybox
$busybox --install -s /bin
export PATH=/bin:/sbin:/irqctl HOME=/ LC_ALL=C TERM=dumb COLUMNS=200
cp -r /t/root/. /
mount -t tmpfs tmp /tmp
chmod 1777 /tmp
mkdir /etc /run
echo 'root:x:0:0::/:/bin/sh
nobody:x:65534:65534::/:/bin/sh' >/etc/passwd
echo 'root:x:0:' >/etc/group
mkdir -p /dev/pts /sys/kernel/tracing
mount -t tracefs tracefs /sys/kernel/tracing
echo 0 >/proc/sys/net/ipv4/icmp_ratelimit # each datagram to a closed port is answered: tx is busy too
# in this order, so that the e1000e is eth0 and the names are the same at every boot
for module in e1000e virtio_net virtio_blk virtio_console nvme; do
	modprobe $module
done
. /t/lib.sh
for path in /sys/class/net/eth*; do
	nic_up "${path##*/}"
done
while read -r name; do
	export RESULTS="/t/results/$name"
	timeout 240 sh -c ". /t/lib.sh; . /t/tests/$name.sh" >"$RESULTS/log" 2>&1 </dev/null
	echo $? >"$RESULTS/status"
	rm -f /t/traffic
done </t/scripts
poweroff -f
