#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What the test scripts in a guest are written with; read before each of them. It runs in busybox's
# shell as root, in an empty system where irqctl is in PATH. A name that ends in _ is not for them.
#
#   $MACHINE         the machine's name, $RESULTS a folder for files that are looked at afterwards
#   check NAME CMD   passes with exit 0; what the command prints is shown when it fails
#   check_exit NAME STATUS CMD
#   equal NAME WANTED GOT
#   ok NAME, not_ok NAME WHY, skip NAME WHY
#   needs PROGRAM NAME WHY  ends the script with this skip where the program is missing
#   wait_for SECONDS CMD    runs the command again and again; exit 0 when it succeeds in time
#
# NAME is a few words without a colon. CMD is a command or function with its arguments.

MACHINE=$(cat /t/machine)

ok() {
	echo "ok $MACHINE $*"
}

not_ok() {
	echo "not ok $MACHINE $1: $2"
}

skip() {
	echo "skip $MACHINE $1: $2"
}

needs() {
	command -v "$1" >/dev/null && return
	skip "$2" "$3"
	exit 0
}

check() {
	name_=$1
	shift
	check_exit "$name_" 0 "$@"
}

check_exit() {
	name_=$1 status_=$2
	shift 2
	out_=$("$@" 2>&1)
	got_=$?
	if [ "$got_" = "$status_" ]; then
		ok "$name_"
	else
		not_ok "$name_" "exit status $got_, wanted $status_: $*"
		echo "$out_" | sed 's/^/    /'
	fi
}

equal() {
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1" "wanted '$2', got '$3'"
	fi
}

# now: uptime in hundredths of a second
now() {
	read -r up_ _ </proc/uptime
	echo "${up_%.*}${up_#*.}"
}

wait_for() {
	end_=$(($(now) + $1 * 100))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$(now)" -lt "$end_" ] || return 1
		usleep 100000
	done
}

# as_nobody CMD...: without root's rights.
as_nobody() {
	su -s /bin/sh nobody -c 'PATH=/bin:/sbin:/irqctl; "$@"' -- sh "$@"
}

# Interrupts

# irq_of ACTION: the number of an interrupt by its handler, such as eth0-rx-0 or virtio1-input.3.
irq_of() {
	awk -v action="$1" '$NF == action { sub(":", "", $1); print $1 }' /proc/interrupts
}

# virtio_of INTERFACE: "virtio1" of eth1 or vda; the handlers of its queues begin so.
virtio_of() {
	for path_ in "/sys/class/net/$1/device" "/sys/class/block/$1/device"; do
		[ ! -e "$path_" ] || basename "$(readlink -f "$path_")"
	done
}

requested() {
	cat "/proc/irq/$1/smp_affinity_list"
}

effective() {
	cat "/proc/irq/$1/effective_affinity_list"
}

# count IRQ [CPU]: how often the interrupt came, on the CPU or on all; IRQ may be a row such as LOC.
count() {
	awk -v row="$1:" -v cpu="${2:+CPU$2}" '
		NR == 1 { for (i = 1; i <= NF; i++) column[i + 1] = $i; n = NF }
		$1 == row { for (i = 2; i <= n + 1; i++) if (cpu == "" || column[i] == cpu) sum += $i }
		END { print sum + 0 }' /proc/interrupts
}

is_effective() {
	[ "$(effective "$1")" = "$2" ]
}

is_more() {
	[ "$(count "$1" "$2")" -gt "$3" ]
}

# all_affinities: one line "IRQ requested" for each interrupt; put_affinities reads them again, and
# leaves alone what cannot be written (managed interrupts).
all_affinities() {
	for path_ in /proc/irq/[0-9]*; do
		read -r cpus_ <"$path_/smp_affinity_list"
		echo "${path_##*/} $cpus_"
	done
}

put_affinities() {
	while read -r irq_ cpus_; do
		[ "$(requested "$irq_" 2>/dev/null)" = "$cpus_" ] ||
			echo "$cpus_" >"/proc/irq/$irq_/smp_affinity_list"
	done 2>/dev/null
}

# all_affinity_files: "IRQ|requested|effective|hint-mask" of each, a line each, for results.py.
all_affinity_files() {
	for path_ in /proc/irq/[0-9]*; do
		line_=${path_##*/}
		for file_ in smp_affinity_list effective_affinity_list affinity_hint; do
			read -r value_ <"$path_/$file_" # no process each: there are hundreds of files
			line_="$line_|$value_"
		done
		echo "$line_"
	done
}

# vectors_of ADDRESS...: the interrupts of PCI devices, as numbers
vectors_of() {
	for address_; do
		ls "/sys/bus/pci/devices/$address_/msi_irqs"
	done
}

# fill_vectors CPU: gives it all interrupts of the virtio-serial devices (machine remap has 260) one
# by one, as long as the kernel takes them. Prints how many it took; exit 0 when one was refused.
fill_vectors() {
	taken_=0
	for path_ in /sys/bus/pci/drivers/virtio-pci/0000:*; do
		grep -q '^0x0780' "$path_/class" || continue
		for irq_ in $(vectors_of "${path_##*/}"); do
			echo "$1" 2>/dev/null >"/proc/irq/$irq_/smp_affinity_list" || {
				echo "$taken_"
				return 0
			}
			taken_=$((taken_ + 1))
		done
	done
	echo "$taken_"
	return 1
}

# all_steering: "FILE value" of XPS, RPS and RFS of all NICs, and so the number of their queues too
all_steering() {
	for path_ in /proc/sys/net/core/rps_sock_flow_entries /sys/class/net/eth*/queues/*/*ps_*; do
		read -r value_ 2>/dev/null <"$path_" && echo "$path_ $value_" # not XPS of a single queue
	done
}

# What irqctl says and does

# outcomes VERB ARGUMENT...: runs it with --json; "IRQ STATE" of each interrupt, a line each
outcomes() {
	irqctl "$@" --json | awk -F'"' '$2 == "irq" { irq = $4 } $2 == "state" { print irq, $4 }'
}

# no_other_outcome STATES VERB ARGUMENT...: STATES is a pattern such as "applied|unchanged"
no_other_outcome() {
	states_=$1
	shift
	outcomes "$@" >/tmp/outcomes
	[ -s /tmp/outcomes ] && ! grep -vE " ($states_)\$" /tmp/outcomes
}

# irq_writes COMMAND...: how often it writes to a file below /proc/irq
irq_writes() {
	under_strace -y -e trace=write "$@" >/dev/null 2>&1
	grep -c 'write([0-9]*</proc/irq/' /tmp/strace
}

has_strace() {
	command -v strace >/dev/null
}

# under_strace ARGUMENT...: only the calls that are traced stop the program: all of them take 10 s here.
under_strace() {
	strace -f --seccomp-bpf -o /tmp/strace "$@"
}

# is_standing: irqctl is held by strace, and not only for the time of a look
is_standing() {
	pid=$(pidof irqctl) && grep -q '^State:.t' "/proc/$pid/status" && usleep 50000 &&
		grep -q '^State:.t' "/proc/$pid/status"
}

# stopped SYSCALL N COMMAND...: kills it at the Nth of these calls; exit 0 when it came to that. The
# call is held and the kill comes from here, since strace's own signals are lost with --seccomp-bpf.
stopped() {
	trace="trace=$1" inject="inject=$1:delay_enter=60000000:when=$2"
	shift 2
	strace -f --seccomp-bpf -o /tmp/strace -e "$trace" -e "$inject" "$@" &
	tracer=$!
	while [ -e "/proc/$tracer/exe" ]; do # not kill -0: it may have ended and not be waited for
		if is_standing; then
			kill -9 "$pid"
			kill -9 $tracer # it would sleep on
			wait $tracer
			return 0
		fi
		usleep 10000
	done
	wait $tracer
	return 1
}

# same_affinities NAME WANTED: WANTED is what all_affinities said before
same_affinities() {
	echo "$2" >/tmp/wanted_affinities
	all_affinities >/tmp/affinities
	check "$1" diff /tmp/wanted_affinities /tmp/affinities
}

# Devices and load

# nic_up INTERFACE: its address by its MAC (see machines.py), and no ARP: it is silent when unused.
nic_up() {
	n_=$((0x$(cut -d: -f6 "/sys/class/net/$1/address")))
	ip address add "10.77.$n_.2/24" dev "$1" 2>/dev/null
	ip link set "$1" up
	arp -s "10.77.$n_.1" "$(printf '52:54:00:00:01:%02x' "$n_")"
}

# traffic INTERFACE...: datagrams come in on these from now on, many flows, several hundred a second
# each; without one the traffic ends. All is silent at the start of a script. With the word "uneven"
# before them there are more, some flows are far busier than others, and so is the first interface.
traffic() {
	echo "$*" >/t/traffic.new
	mv /t/traffic.new /t/traffic
}

# all_on_cpu0: the interrupts of all virtio NICs' queues, as skewed as they can be
all_on_cpu0() {
	awk '$NF ~ /^virtio[0-9]+-(in|out)put\./ { sub(":", "", $1); print $1, 0 }' /proc/interrupts |
		put_affinities
}

look_at_load() {
	cat /proc/uptime /proc/stat /proc/interrupts >"$1"
}

# busiest BEFORE AFTER: what part the busiest CPU had of the interrupts of virtio NICs' queues, and of
# the CPU time that interrupts took, between two looks. This kernel counts by its clock tick, which an
# idle CPU has not: the time of interrupts is what the other times lack of the time that passed.
busiest() {
	awk '
		FNR == 1 { sign = NR == 1 ? -1 : 1; passed += sign * $1 * 100; next }
		/^cpu[0-9]/ { rest[$1] += sign * ($2 + $3 + $4 + $5 + $6 + $9) }
		$NF ~ /^virtio[0-9]+-(in|out)put\./ {
			for (i = 2; $i ~ /^[0-9]+$/; i++) count[i] += sign * $i
		}
		function part(values, cpu, sum, max) {
			for (cpu in values) {
				sum += values[cpu]
				if (values[cpu] > max) max = values[cpu]
			}
			return sum > 0 ? max / sum : 0
		}
		END {
			for (cpu in rest) time[cpu] = passed > rest[cpu] ? passed - rest[cpu] : 0
			printf "%.3f %.3f\n", part(count), part(time)
		}' "$1" "$2"
}

# read_disk DEVICE CPU [COUNT]: reads from a disk, on a CPU, past the page cache.
read_disk() {
	taskset -c "$2" dd if="/dev/$1" of=/dev/null bs=4096 count="${3:-64}" iflag=direct 2>/dev/null
}

# settle IRQ: what traffic has left in queues is served, and the interrupt does not come any more
settle() {
	traffic
	last_=
	while [ "$(count "$1")" != "$last_" ]; do
		last_=$(count "$1")
		sleep 1
	done
}

cpu_online() {
	echo 1 >"/sys/devices/system/cpu/cpu$1/online"
}

cpu_offline() {
	echo 0 >"/sys/devices/system/cpu/cpu$1/online"
}

# reload MODULE INTERFACE...: the driver anew, and its NICs up again.
reload() {
	rmmod "$1"
	modprobe "$1"
	shift
	for nic_; do
		wait_for 5 test -e "/sys/class/net/$nic_"
		nic_up "$nic_"
	done
}
