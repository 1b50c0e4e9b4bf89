#!/bin/sh
# machines: small remap
# SPDX-License-Identifier: BSD-2-Clause
# set: one verdict for each interrupt, and it is the kernel's.

before=$(all_affinities)
irq=$(irq_of virtio1-input.3)
queue=$(irq_of nvme0q3)

# Managed: refused, and tried once at the most.
equal "managed queue" "$queue refused" "$(outcomes set "$queue" 5)"
check_exit "managed queue, exit status" 1 irqctl set "$queue" 5
check "managed queue, reason" sh -c "irqctl set $queue 5 | grep -q managed"
if has_strace; then
	writes=$(irq_writes irqctl set "$queue" 5)
	check "managed queue, $writes write" test "$writes" -le 1
else
	skip "managed queue, writes" "strace is not installed"
fi
same_affinities "managed queue, nothing changed" "$before"

# Idle: deferred until the next interrupt, or moved at once with interrupt remapping.
if [ "$MACHINE" = remap ]; then
	equal "idle interrupt moves at once" "$irq applied" "$(outcomes set "$irq" 6)"
	equal "and is served there" 6 "$(effective "$irq")"
else
	served=$(effective "$irq")
	equal "idle interrupt is pending" "$irq pending" "$(outcomes set "$irq" $(((served + 1) % 8)))"
	equal "and served where it was" "$served" "$(effective "$irq")"
	check_exit "still pending after a wait" 1 irqctl set "$irq" $(((served + 2) % 8)) --wait 1
	equal "back where it is served is there at once" "$irq applied" "$(outcomes set "$irq" "$served")"
	irqctl set "$irq" 5 >/dev/null
	traffic eth1 # the same for one that was busy just now
	wait_for 10 is_effective "$irq" 5
	settle "$irq"
	n=$(count "$irq")
	equal "pending after traffic" "$irq pending" "$(outcomes set "$irq" 6 --wait 1)"
	equal "and it did not come" "5 $n" "$(effective "$irq") $(count "$irq")"
fi
traffic eth1
equal "applied with traffic" "$irq applied" "$(outcomes set "$irq" 4-7,0 --wait 10)"
equal "one CPU of a set" "$irq applied" "$(outcomes set "$irq" 2 --wait 10)"
equal "served by it" 2 "$(effective "$irq")"
equal "same again" "$irq unchanged" "$(outcomes set "$irq" 2)"
traffic
sleep 1
check "taken back" irqctl restore --last
equal "the change before it" 0,4-7 "$(requested "$irq")"
irqctl set "$irq" 3 >/dev/null

# A part, or nothing.
check_exit "a part, exit status" 1 irqctl set "$irq" "$queue" 5
equal "a part" 5 "$(requested "$irq")"
irqctl set "$irq" 3 >/dev/null
equal "atomic" "$irq reverted
$queue refused" "$(outcomes set "$irq" "$queue" 5 --atomic)"
check_exit "atomic, exit status" 1 irqctl set "$irq" "$queue" 5 --atomic
same_affinities "atomic, all as before" "$before"
equal "dry run" "$irq planned" "$(outcomes set "$irq" 5 --dry-run)"
same_affinities "dry run, all as before" "$before"

# As nobody.
check_exit "as nobody" 1 as_nobody irqctl set "$irq" 5
check "as nobody, told why" sh -c 'su -s /bin/sh nobody -c "/irqctl/irqctl set '"$irq"' 5" 2>&1 | grep -q "only root"'
same_affinities "as nobody, all as before" "$before"

# Interrupts allocated later.
default=$(cat /proc/irq/default_smp_affinity)
check "default" irqctl set --default 0-3
equal "default is set" 0f "$(cat /proc/irq/default_smp_affinity)"
check "default taken back" irqctl restore --last
equal "default as before" "$default" "$(cat /proc/irq/default_smp_affinity)"

if [ "$MACHINE" = remap ]; then
	fill_vectors 6 >/dev/null
	full=$(all_affinities)
	other=$(irq_of virtio1-input.2) # did not move yet
	equal "no vector left" "$other no-vector" "$(outcomes set "$other" 6)"
	check_exit "no vector left, exit status" 1 irqctl set "$other" 6
	check "no vector left, told where there is room" \
		sh -c "irqctl set $other 6 | grep -q 'no free vector.*room on CPU 0-5,7\$'"
	check "no vector left, room in JSON" \
		sh -c "irqctl set $other 6 --json | grep -q '\"room\": \"0-5,7\"'"
	same_affinities "no vector left, nothing changed" "$full"
	equal "a vector left elsewhere" "$other applied" "$(outcomes set "$other" 5-6)"

	# A move right behind another one is put off while the CPU that was left has not freed its vector
	# yet; that there is no vector comes out when the interrupt comes then, and nobody is told.
	echo 5 >"/proc/irq/$irq/smp_affinity_list"
	outcome=$(outcomes set "$irq" 6)
	check "no vector behind a move: refused, or put off" \
		test "$outcome" = "$irq no-vector" -o "$outcome" = "$irq pending"
	check_exit "no vector behind it, while idle" 1 irqctl set "$irq" 6 --wait 1
	echo 5 >"/proc/irq/$irq/smp_affinity_list"
	(
		sleep 2
		traffic eth1
	) &
	equal "no vector, when it comes" "$irq no-vector" "$(outcomes set "$irq" 6 --wait 20)"
	wait
	traffic
	sleep 1
	equal "no vector, the request is given up" 5 "$(requested "$irq")"
	echo "$before" | put_affinities
fi

# A CPU that is off, last because virtio_net places its queues anew when one goes.
cpu_offline 3
now=$(all_affinities)
for cpus in 3 3,5 8 none; do
	check_exit "CPU $cpus, exit status" 2 irqctl set "$irq" $cpus
	has_strace && equal "CPU $cpus, no write" 0 "$(irq_writes irqctl set "$irq" $cpus)"
done
same_affinities "CPU off, nothing changed" "$now"
cpu_online 3
echo "$before" | put_affinities

# The default is for interrupts that are allocated later, and for no other.
now=$(all_affinities)
irqctl set --default 1-2 >/dev/null
same_affinities "default changes none that is there" "$now"
reload e1000e eth0 2>/dev/null
equal "default of a driver that is loaded then" 1-2 "$(requested "$(irq_of eth0-rx-0)")"
irqctl restore --last >/dev/null
reload e1000e eth0 2>/dev/null
check "default taken back, and its driver too" test "$(requested "$(irq_of eth0-rx-0)")" != 1-2
