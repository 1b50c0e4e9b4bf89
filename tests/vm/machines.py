# SPDX-License-Identifier: BSD-2-Clause
"""The emulated machines, and how QEMU is called for one.

Every NIC N is a tap of the host (tapN, 10.77.N.1) and ethN of the guest (10.77.N.2).
"""
import dataclasses
import typing


@dataclasses.dataclass(frozen=True)
class Device:
    """A PCI device. node None: on the root bus, which has no node (-1 in sysfs)."""
    kind: str  # a key of ARGUMENTS
    node: typing.Optional[int]
    queues: int = 1  # of a NIC: queue pairs; of a disk: queues; of a serial device: ports


@dataclasses.dataclass(frozen=True)
class Machine:
    """Two threads a core and two nodes, each a package. NICs are eth0, eth1 ... in this order."""
    about: str
    devices: tuple
    cpus: int = 8
    memory_mib: int = 768
    iommu: bool = False  # with interrupt remapping: moves are immediate, ENOSPC is real
    boot: str = ""  # more of the kernel's command line
    timeout_s: int = 800
    on_request: bool = False  # only when named on the command line, or with CI=true


NODES = 2
DEVICES = (
    Device("e1000e", 0),
    Device("virtio-net", 0, 8),
    Device("virtio-net", 1, 8),
    Device("nvme", 1, 8),
    Device("virtio-blk", 0, 4),
)
# 65 vectors each, all settable: enough to use up the vectors of a CPU.
VECTORS = (Device("virtio-serial", 0, 31),) * 4

MACHINES = {
    "small": Machine("8 CPUs, 2 nodes, 2 threads a core; moves are deferred", DEVICES),
    "remap": Machine("the same, with interrupt remapping and 260 vectors more",
                     DEVICES + VECTORS, iommu=True, boot="intel_iommu=on"),
    "isolated": Machine("the same as small, with CPUs 3 and 7 isolated", DEVICES,
                        boot="isolcpus=managed_irq,domain,3,7 nohz_full=3,7"),
    "cores": Machine("8 cores, 3 NICs with 4 queue pairs each, two of them on node 0",
                     (Device("virtio-net", 0, 4), Device("virtio-net", 0, 4),
                      Device("virtio-net", 1, 4)), cpus=16),
    "queues": Machine("8 CPUs, 2 nodes, a NIC with 8 queue pairs on each, and nothing else",
                      (Device("virtio-net", 0, 8), Device("virtio-net", 1, 8)),
                      timeout_s=800, on_request=True),
    "big": Machine("64 CPUs, 4 NICs with 64 queue pairs each",
                   (Device("virtio-net", 0, 64), Device("virtio-net", 0, 64),
                    Device("virtio-net", 1, 64), Device("virtio-net", 1, 64)),
                   cpus=64, memory_mib=3072, timeout_s=900, on_request=True),
}

NICS = ("e1000e", "virtio-net")

# No option ROMs: they only cost time.
ARGUMENTS = {
    "e1000e": "-netdev tap,id=net{nic},ifname=tap{nic},script=no,downscript=no "
              "-device e1000e,netdev=net{nic},romfile=,mac=52:54:00:00:00:{nic:02x}",
    "virtio-net": "-netdev tap,id=net{nic},ifname=tap{nic},queues={queues},script=no,"
                  "downscript=no,vhost=off "
                  "-device virtio-net-pci,netdev=net{nic},mq=on,vectors={vectors},romfile=,"
                  "mac=52:54:00:00:00:{nic:02x}",
    "nvme": "-drive if=none,id=disk{n},driver=null-co,size=64M "
            "-device nvme,drive=disk{n},serial={n},max_ioqpairs={queues}",
    "virtio-blk": "-drive if=none,id=disk{n},driver=null-co,size=64M "
                  "-device virtio-blk-pci,drive=disk{n},num-queues={queues}",
    "virtio-serial": "-device virtio-serial-pci,max_ports={queues},vectors={vectors}",
}


def nics(machine):
    return [device for device in machine.devices if device.kind in NICS]


def memory_arguments(machine):
    cpus, mib = machine.cpus // NODES, machine.memory_mib // NODES
    words = []
    for node in range(NODES):
        words += ["-object", f"memory-backend-ram,id=mem{node},size={mib}M", "-numa",
                  f"node,nodeid={node},cpus={node * cpus}-{(node + 1) * cpus - 1},"
                  f"memdev=mem{node}"]
    return words + ["-numa", "dist,src=0,dst=1,val=20", "-numa", "dist,src=1,dst=0,val=20"]


def device_arguments(machine):
    """A PCI host bridge for each node, and a root port on it for each device."""
    words, nic = [], 0
    for node in reversed(range(NODES)):  # the last one made is the first in the ACPI tables
        words += ["-device", f"pxb-pcie,id=node{node},bus=pcie.0,bus_nr={64 * (node + 1)},"
                             f"numa_node={node}"]
    for n, device in enumerate(machine.devices):
        bus = "pcie.0"
        if device.node is not None:
            bus = f"port{n}"
            words += ["-device", f"pcie-root-port,id={bus},bus=node{device.node},chassis={n + 1}"]
        text = ARGUMENTS[device.kind].format(n=n, nic=nic, queues=device.queues,
                                             vectors=2 * device.queues + 3)
        words += f"{text},bus={bus}".split()
        nic += device.kind in NICS
    return words


def qemu_command(machine, kernel, share):
    """The whole command; `kernel` is what tests/vm/kernel made, `share` the guest's /t."""
    board = "q35,kernel-irqchip=split" if machine.iommu else "q35"
    cores = machine.cpus // NODES // 2
    return [
        "qemu-system-x86_64", "-nodefaults", "-no-reboot", "-display", "none", "-serial", "stdio",
        "-machine", board, "-accel", "tcg,thread=multi", "-m", str(machine.memory_mib),
        # it has threads, cores, packages and a shared L3, as "max" has not; what TCG lacks is known
        "-cpu", "Skylake-Server,check=off",
        "-smp", f"{machine.cpus},sockets={NODES},cores={cores},threads=2",
        *memory_arguments(machine),
        *(["-device", "intel-iommu,intremap=on"] if machine.iommu else []),
        "-kernel", str(kernel / "vmlinuz"), "-initrd", str(kernel / "initrd"),
        "-append", f"console=ttyS0 quiet oops=panic panic=-1 ipv6.disable=1 {machine.boot}",
        "-fsdev", f"local,id=t,path={share},security_model=none",
        "-device", "virtio-9p-pci,fsdev=t,mount_tag=t,bus=pcie.0",
        *device_arguments(machine),
    ]
