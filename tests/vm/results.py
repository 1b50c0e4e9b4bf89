# SPDX-License-Identifier: BSD-2-Clause
"""For the checks of what a script left in its folder: reads the files, prints the verdicts.

A check is a program tests/vm/NAME.py FOLDER MACHINE; see tests/vm/run.
"""
import json
import pathlib
import sys
import traceback


class Results:
    """The folder of one script, of one machine."""

    def __init__(self, argv):
        self.folder, self.machine = pathlib.Path(argv[1]), argv[2]

    def text(self, name):
        return (self.folder / name).read_text(encoding="utf-8")

    def documents(self, name):
        """Every JSON document of a file (with -i irqctl writes one after the other)."""
        decoder, text, found = json.JSONDecoder(), self.text(name).strip(), []
        while text:
            document, end = decoder.raw_decode(text)
            found.append(document)
            text = text[end:].lstrip()
        return found

    def document(self, name):
        found = self.documents(name)
        if len(found) != 1:
            raise ValueError(f"{name}: {len(found)} documents")
        return found[0]

    def interrupts(self, name):
        """A copy of /proc/interrupts as {row: {cpu: count}}."""
        head, *lines = self.text(name).splitlines()
        cpus = [word.removeprefix("CPU") for word in head.split()]
        rows = {}
        for line in lines:
            row, _, rest = line.partition(":")
            counts = rest.split()[:len(cpus)]
            if len(counts) == len(cpus):  # ERR and MIS have one sum
                rows[row.strip()] = {cpu: int(n) for cpu, n in zip(cpus, counts)}
        return rows

    def check(self, name, function):
        """The function returns what is wrong as a list of texts, empty if nothing is."""
        try:
            wrong = function()
        except Exception:  # a file that is missing or no JSON is a finding as well
            wrong = traceback.format_exc().strip().splitlines()[::-1]
        if wrong:
            print(f"not ok {self.machine} {name}: {wrong[0]}")
            print("".join(f"    {text}\n" for text in wrong[1:20]), end="")
        else:
            print(f"ok {self.machine} {name}")


def results():
    if len(sys.argv) != 3:
        sys.exit(f"usage: {sys.argv[0]} FOLDER MACHINE")
    return Results(sys.argv)


def counts_between(document, before, after):
    """What of a document's counts is not between two copies of /proc/interrupts."""
    wrong = []
    for row in document["interrupts"]:
        for cpu, high in after.get(row["irq"], {}).items():
            low, got = before[row["irq"]][cpu], row["counts"].get(cpu, 0)
            if not low <= got <= high:
                wrong.append(f"{row['irq']} on CPU{cpu}: {got}, not in {low}..{high}")
    return wrong


def cpus_of_mask(text):
    """"00000000,00000081" as {0, 7}."""
    mask = int(text.replace(",", ""), 16)
    return {cpu for cpu in range(mask.bit_length()) if mask >> cpu & 1}


def cpus_of_list(text):
    found = set()
    for part in (text or "").split(","):
        first, _, last = part.partition("-")
        found |= set(range(int(first), int(last or first) + 1)) if first else set()
    return found


def affinities_as_read(document, lines):
    """What of a document differs from the lines "IRQ|REQUESTED|EFFECTIVE|HINT-MASK"."""
    read, wrong = {}, []
    for line in lines:
        irq, requested, effective, hint = line.split("|")
        read[irq] = (cpus_of_list(requested), cpus_of_list(effective), cpus_of_mask(hint))
    for row in document["interrupts"]:
        if row["number"] is None:
            continue
        got = tuple(cpus_of_list(row["affinity"][key])
                    for key in ("requested", "effective", "hint"))
        if got != read.get(row["irq"]):
            wrong.append(f"{row['irq']}: {got}, not {read.get(row['irq'])}")
    return wrong
