#!/usr/bin/env python3
"""Writes a dump of COUNT virtio functions, as `lspci -xxx` would, to standard output.

Usage: make-dump.py COUNT [broken] < DUMP

Every function has the 256 bytes of one in DUMP, itself an output of `lspci -xxx`, in turn. In those that
are to be broken every capability of virtio names a BAR that there cannot be.
"""
import re
import sys


def functions(text):
    for block in re.split(r"\n\s*\n", text):
        lines = [line for line in block.splitlines() if re.match(r"[0-9a-f]{2}: ", line)]
        if lines and "f4 1a" in lines[0] and len(lines) == 16:
            yield bytes.fromhex("".join(line.split(":")[1] for line in lines))


def broken(config):
    config = bytearray(config)
    position = config[0x34]
    while position:
        if config[position] == 9:
            config[position + 4] = 6
        position = config[position + 1]
    return config


def text(config):
    return "\n".join(f"{at:02x}: {config[at:at + 16].hex(' ')}" for at in range(0, len(config), 16))


def main():
    count = int(sys.argv[1])
    configs = functions(sys.stdin.read())
    bodies = [text(broken(each) if "broken" in sys.argv else each) for each in configs]
    for number in range(count):
        domain, rest = divmod(number, 65536)
        bus, rest = divmod(rest, 256)
        device, function = divmod(rest, 8)
        print(f"{domain:04x}:{bus:02x}:{device:02x}.{function} Unassigned class [ffff]")
        print(bodies[number % len(bodies)], end="\n\n")


main()
