#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Checks the JSON that big.sh made against the kernel's own files."""
import sys

sys.dont_write_bytecode = True
from results import affinities_as_read, counts_between, results  # noqa: E402

OUT = results()


def main():
    OUT.check("counts are those of /proc/interrupts", lambda: counts_between(
        OUT.document("show.json"), OUT.interrupts("before"), OUT.interrupts("after")))
    OUT.check("affinities are those of /proc/irq", lambda: affinities_as_read(
        OUT.document("show.json"), OUT.text("affinities").splitlines()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
