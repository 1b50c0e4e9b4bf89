#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Checks the JSON that show.sh made against the kernel's own files, and against machines.py."""
import sys

sys.dont_write_bytecode = True
from results import affinities_as_read, counts_between, results  # noqa: E402

OUT = results()
# Handlers that the drivers of Linux 6.1 have for each device of the machine: how many, and whose.
EXPECTED = {
    "eth0": ("e1000e", 0, {("rx", 0), ("tx", 0)}),
    "eth1": ("virtio_net", 0, {(way, i) for way in ("rx", "tx") for i in range(8)}),
    "eth2": ("virtio_net", 1, {(way, i) for way in ("rx", "tx") for i in range(8)}),
}


def rows():
    return OUT.document("show.json")["interrupts"]


def by_driver(driver):
    return [row for row in rows() if row["device"] and row["device"]["driver"] == driver]


def interface(name):
    driver, node, queues = EXPECTED[name]
    found, wrong = set(), []
    for row in rows():
        if not row["device"] or row["device"]["interface"] != name:
            continue
        if row["device"]["driver"] != driver or row["node"] != node:
            wrong.append(f"{row['name']}: {row['device']['driver']} on node {row['node']}")
        if row["queue"] and row["queue"]["direction"] in ("rx", "tx"):
            found.add((row["queue"]["direction"], row["queue"]["index"]))
    return wrong + ([f"queues {sorted(found)}"] if found != queues else [])


def hints():
    """virtio_net wants queue i on CPU i where there are as many queues as CPUs."""
    return [f"{row['name']}: {row['affinity']['hint']}" for row in by_driver("virtio_net")
            if row["queue"] and row["affinity"]["hint"] != str(row["queue"]["index"])]


def managed(driver, queues):
    """Before 6.12 only a write tells that a queue's interrupt is managed."""
    found = [row for row in by_driver(driver)
             if row["queue"] and row["queue"]["direction"] != "admin"]
    wrong = [f"{row['name']}: settable {row['affinity']['settable']}, {row['affinity']['reason']}"
             for row in found if row["affinity"]["settable"] is not None
             or "before 6.12" not in (row["affinity"]["reason"] or "")]
    return wrong + ([f"{len(found)} queues"] if len(found) != queues else [])


def nodes():
    """The device's node, though the kernel keeps /proc/irq/N/node of a managed one elsewhere."""
    wanted = {"nvme": 1, "virtio_blk": 0, "9pnet_virtio": None}
    return [f"{row['name']}: {row['node']}" for driver, node in wanted.items()
            for row in by_driver(driver) if row["node"] != node]


def admin():
    wanted = {"nvme0q0": True, "eth0-rx-0": True, "virtio1-input.0": True, "timer": False}
    return [f"{row['name']}: settable {row['affinity']['settable']}" for row in rows()
            if row["affinity"]["settable"] is not wanted.get(row["name"], True)
            and row["name"] in wanted]


def chips():
    wanted = "IR-PCI-MSI" if OUT.machine == "remap" else "PCI-MSI"
    return [f"{row['name']}: {row['chip']}" for row in by_driver("virtio_net")
            if row["chip"] != wanted]


def explained():
    wanted = {"nvme0q1", "eth0-rx-0", "virtio1-input.3", "LOC"}
    return sorted(wanted - {entry["key"] for entry in OUT.document("explain.json")["entries"]})


def moved():
    deltas = [row["delta"] for row in OUT.document("moved.json")["interrupts"]]
    return [] if len(deltas) == 1 and list(deltas[0]) == ["6"] else [f"{deltas}"]


def most_events(copies, irq, anew):
    """{cpu: events} from the first to the last copy; anew: the row began at 0 before the last."""
    most = {}
    for i, (old, new) in enumerate(zip(copies, copies[1:])):
        base = {} if anew and i == len(copies) - 2 else old.get(irq, {})
        for cpu, n in new.get(irq, {}).items():
            most[cpu] = most.get(cpu, 0) + max(n - base.get(cpu, 0), 0)
    return most


def rates(name, documents, copies, reloaded_name=None):
    """No report may show more events than came between the copies around all of them."""
    copies = [OUT.interrupts(f"{name}.{copy}") for copy in copies]
    found, wrong = OUT.documents(f"{name}.json"), []
    if len(found) != documents:
        return [f"{len(found)} reports, not {documents}"]
    for document in found:
        for row in document["interrupts"]:
            anew = reloaded_name and (row["name"] or "").startswith(reloaded_name)
            most = most_events(copies, row["irq"], anew)
            for cpu, n in row["delta"].items():
                if not 0 <= n <= most.get(cpu, 0):
                    wrong.append(f"{row['irq']} on CPU{cpu}: {n} events, at most {most.get(cpu)}")
            if not 0 <= row["rate"] * document["interval_s"] <= sum(most.values()) + 0.01:
                wrong.append(f"{row['irq']}: {row['rate']} a second, {sum(most.values())} events")
    return wrong


def hotplugged():
    cpus = [document["cpus"] for document in OUT.documents("hotplug.json")]
    return [] if [3 in each for each in cpus] == [False, True] else [f"{cpus}"]


def reloaded():
    """The last sample names the new interrupts, with the device."""
    names = {row["name"] for row in OUT.documents("reload.json")[-1]["interrupts"]
             if row["device"] and row["device"]["interface"] == "eth0"}
    return sorted({"eth0-rx-0", "eth0-tx-0"} - names)


def main():
    OUT.check("counts are those of /proc/interrupts", lambda: counts_between(
        OUT.document("show.json"), OUT.interrupts("before"), OUT.interrupts("after")))
    OUT.check("affinities are those of /proc/irq", lambda: affinities_as_read(
        OUT.document("show.json"), OUT.text("affinities").splitlines()))
    OUT.check("nothing is missing", lambda: OUT.document("show.json")["missing"])
    for name in EXPECTED:
        OUT.check(f"driver, node and queues of {name}", lambda name=name: interface(name))
    OUT.check("hints of virtio_net", hints)
    OUT.check("nvme queues may be managed", lambda: managed("nvme", 8))
    OUT.check("virtio-blk queues may be managed", lambda: managed("virtio_blk", 4))
    OUT.check("nodes of the disks", nodes)
    OUT.check("settable or not", admin)
    OUT.check("chip", chips)
    OUT.check("explain knows them", explained)
    OUT.check("a moved interrupt counts on its CPU", moved)
    OUT.check("rates over a CPU's hot-plug", lambda: rates(
        "hotplug", 2, ["before", "after"]))
    OUT.check("CPUs of the samples", hotplugged)
    OUT.check("rates over a driver's reload", lambda: rates(
        "reload", 3, ["before", "unload", "after"], "eth0"))
    OUT.check("interrupts of the reloaded driver", reloaded)
    return 0


if __name__ == "__main__":
    sys.exit(main())
