#!/bin/sh
# machines: small remap
# SPDX-License-Identifier: BSD-2-Clause
# What a write to /proc/irq/N/smp_affinity does: the kernel's answers that irqctl is built on. When
# one of these fails the kernel has changed, and irqctl may have to.

# answer IRQ FILE TEXT: "taken", or the kernel's error
answer() {
	{ echo "$3" >"/proc/irq/$1/$2"; } 2>/tmp/answer && echo taken && return
	sed 's/.*: //' /tmp/answer
}

before=$(all_affinities)
irq=$(irq_of virtio1-input.3)
invalid="Invalid argument"
equal "empty mask" "$invalid" "$(answer "$irq" smp_affinity "")"
equal "zero mask" "$invalid" "$(answer "$irq" smp_affinity 0)"
equal "mask with 0x" "$invalid" "$(answer "$irq" smp_affinity 0x1)"
equal "list in a mask" "$invalid" "$(answer "$irq" smp_affinity 0-1)"
equal "mask with a CPU too many" "Value too large for defined data type" \
	"$(answer "$irq" smp_affinity 100)"
equal "mask with a group too many" "Value too large for defined data type" \
	"$(answer "$irq" smp_affinity 00000000,00000001)"
equal "list with a CPU too many" "Numerical result out of range" "$(answer "$irq" smp_affinity_list 8)"
equal "list backwards" "$invalid" "$(answer "$irq" smp_affinity_list 1-0)"
equal "list with none" "$invalid" "$(answer "$irq" smp_affinity_list none)"
for list in all N 0-N 0-7:1/2 "0 1" 0-3,5; do
	equal "list $list" taken "$(answer "$irq" smp_affinity_list "$list")"
done
equal "request is kept whole" 0-3,5 "$(requested "$irq")"
equal "hint is read only" "Input/output error" "$(answer "$irq" affinity_hint 1)"
equal "IRQ 0" "Input/output error" "$(answer 0 smp_affinity 1)"
check_exit "not for nobody" 1 as_nobody sh -c "echo 1 >/proc/irq/$irq/smp_affinity"

cpu_offline 3
equal "offline CPU only" "$invalid" "$(answer "$irq" smp_affinity_list 3)"
equal "offline and online CPU" taken "$(answer "$irq" smp_affinity_list 3,5)"
equal "request keeps the offline CPU" 3,5 "$(requested "$irq")"
cpu_online 3

# Managed: the mode says writable before 6.12, the kernel refuses even the mask that it has.
queue=$(irq_of nvme0q3)
equal "managed queue" "Input/output error" "$(answer "$queue" smp_affinity "$(cat "/proc/irq/$queue/smp_affinity")")"
equal "mode of a managed queue" 644 "$(stat -c %a "/proc/irq/$queue/smp_affinity")"
equal "admin queue" taken "$(answer "$(irq_of nvme0q0)" smp_affinity_list 2)"

# The only target goes offline: the request becomes all CPUs, for good.
irq=$(irq_of eth0-tx-0)
equal "one CPU" taken "$(answer "$irq" smp_affinity_list 2)"
traffic eth0
wait_for 10 is_effective "$irq" 2
cpu_offline 2
cpu_online 2
equal "request after its only CPU was away" 0-1,3-7 "$(requested "$irq")"
equal "two CPUs" taken "$(answer "$irq" smp_affinity_list 2,4)"
cpu_offline 2
cpu_online 2
equal "request after one of its two CPUs was away" 2,4 "$(requested "$irq")"
traffic

if [ "$MACHINE" = remap ]; then
	taken=$(fill_vectors 6)
	check "a CPU's vectors come to an end after about 200 ($taken)" \
		test "$taken" -gt 100 -a "$taken" -lt 256
	irq=$(irq_of virtio1-input.2)
	equal "no vector left" "No space left on device" "$(answer "$irq" smp_affinity_list 6)"
	check "nothing changed" is_effective "$irq" 2
	equal "vector left elsewhere" taken "$(answer "$irq" smp_affinity_list 5-6)"
fi
echo "$before" | put_affinities
