#!/usr/bin/env python3
"""What runtime.c replaces of Swift's runtime has to be there, in one object of its library, and no larger.

Usage: replaced.py FOLDER    where swiftc is

A symbol that is not replaced as it has to be makes the exit status 1.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

SOURCE = "Sources/virtio-pci-inspect/runtime.c"


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def definitions(path, tool="nm"):
    """The objects that define each symbol, with its size."""
    rows = re.findall(r"^(?:\S*:)?(\S+): ?[0-9a-f]+ ([0-9a-f]+) [A-Z] (\S+)$", output(tool, "-A", "-S", path), re.M)
    symbols = {}
    for member, size, name in rows:
        symbols.setdefault(name, []).append((member, int(size, 16)))
    return symbols


def main():
    tools = pathlib.Path(sys.argv[1])
    info = json.loads(output(tools / "swiftc", "-print-target-info", "-static-stdlib"))
    library = f"{info['paths']['runtimeResourcePath']}/linux/libswiftCore.a"
    theirs = definitions(library, tools / "llvm-nm")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["cc", "-c", SOURCE, "-o", f"{folder}/runtime.o"], check=True)
        ours = definitions(f"{folder}/runtime.o")
    failures, members = 0, set()
    print(library)
    for name, [(_, size)] in ours.items():
        found = theirs.get(name, [])
        isData = size >= 512
        holds = len(found) == 1 and (not isData or found[0][1] <= size)
        members |= {member for member, _ in found}
        failures += not holds
        print(f"  {'yes' if holds else 'NO '} {name} is replaced: {found or 'it is not there'}")
    if len(members) != 1:
        failures += 1
        print(f"  NO  one object has all of it: {members}")
    sys.exit(failures > 0)


main()
