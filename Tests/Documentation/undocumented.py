#!/usr/bin/env python3
"""Lists the public symbols of a module that have no comment; the exit status is then 1.

Usage: undocumented.py FOLDER...    with the symbol graphs that swiftc made

What the compiler makes, and what a protocol demands that says what it is, needs none.
"""
import json
import pathlib
import sys


def undocumented(path):
    graph = json.loads(path.read_text())
    inherited = {each["source"] for each in graph["relationships"] if "sourceOrigin" in each}
    for symbol in graph["symbols"]:
        name = symbol["identifier"]["precise"]
        if "docComment" not in symbol and "::SYNTHESIZED::" not in name and name not in inherited:
            yield ".".join(symbol["pathComponents"])


paths = [path for folder in sys.argv[1:] for path in pathlib.Path(folder).glob("*.symbols.json")]
if not paths:
    sys.exit("no symbol graphs there")
names = [name for path in paths for name in undocumented(path)]
for name in names:
    print(f"{name} has no comment", file=sys.stderr)
sys.exit(1 if names else 0)
