#!/usr/bin/env python3
"""Writes a dump of COUNT virtio functions, as `lspci -xxx` would, to standard output.

Usage: make-dump.py COUNT < DUMP

Every function has the 256 bytes of one in DUMP, itself an output of `lspci -xxx`, in turn.
"""
import re
import sys


def functions(text):
    for block in re.split(r"\n\s*\n", text):
        lines = [line for line in block.splitlines() if re.match(r"[0-9a-f]{2}: ", line)]
        if lines and "f4 1a" in lines[0] and len(lines) == 16:
            yield "\n".join(lines)


def main():
    count = int(sys.argv[1])
    bodies = list(functions(sys.stdin.read()))
    for number in range(count):
        domain, rest = divmod(number, 65536)
        bus, rest = divmod(rest, 256)
        device, function = divmod(rest, 8)
        print(f"{domain:04x}:{bus:02x}:{device:02x}.{function} Unassigned class [ffff]")
        print(bodies[number % len(bodies)], end="\n\n")


main()
