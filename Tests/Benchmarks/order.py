#!/usr/bin/env python3
"""Writes the functions and variables that a run touches, in that order, for lld's --symbol-ordering-file.

Usage: order.py STATIC-PROGRAM > Sources/link-order.txt

What is used together then lies in the same pages: most of what a run costs beside its system calls are
page faults. Names that a later program lacks do no harm.
"""
import bisect
import os
import re
import subprocess
import sys
import tempfile

TREE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../Fixtures/sysfs/firecracker")
RUNS = [[], ["0000:00:03.0"], ["-J"], ["-v", "0000:00:03.0"], ["--check"]]
# Functions and variables; of the thousands of constants most lie together anyway.
SECTIONS = {".text", ".data", ".data.rel.ro", ".bss"}


def touched(program, words):
    """The addresses of a run, of code and of data."""
    with tempfile.NamedTemporaryFile("r") as log:
        subprocess.run(
            ["valgrind", "--tool=lackey", "--trace-mem=yes", f"--log-file={log.name}", program,
             "--sysfs", TREE, *words], stdout=subprocess.DEVNULL, check=False)
        for line in log:
            if match := re.match(r"(?:I | [SLM]) +([0-9a-f]+),", line):
                yield int(match[1], 16)


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def sections(program):
    """Where the sections lie that are put in order."""
    rows = re.findall(r"\] (\S+) +\w+ +([0-9a-f]+) [0-9a-f]+ ([0-9a-f]+)", output("readelf", "-SW", program))
    return [range(int(start, 16), int(start, 16) + int(size, 16))
            for name, start, size in rows if name in SECTIONS]


def symbols(program):
    """Addresses and names, sorted by address."""
    rows = [line.split() for line in output("nm", "-n", "--defined-only", program).splitlines()]
    return [(int(row[0], 16), row[2]) for row in rows if len(row) == 3]


def main():
    with tempfile.TemporaryDirectory() as folder:
        # valgrind cannot read Swift's debug information.
        program = f"{folder}/program"
        subprocess.run(["strip", "-g", "-o", program, sys.argv[1]], check=True)
        table, places = symbols(program), sections(program)
        starts = [address for address, _ in table]
        names = {}
        for words in RUNS:
            for address in dict.fromkeys(touched(program, words)):
                if any(address in place for place in places):
                    names[table[bisect.bisect(starts, address) - 1][1]] = None
    print(*names, sep="\n")


main()
