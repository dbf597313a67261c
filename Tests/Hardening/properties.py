#!/usr/bin/env python3
"""What the linker made of the programs: each property that keeps a mistake from becoming a hole.

Usage: properties.py PROGRAM STATIC-PROGRAM

The answers come from readelf. A row that does not hold makes the exit status 1.
"""
import re
import subprocess
import sys

# What the ordinary build may need of the machine: the C library and its loader. libpci is loaded on demand.
LIBRARIES = {"libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"}


class Program:
    def __init__(self, path):
        text = subprocess.run(["readelf", "-hlWd", path], capture_output=True, text=True, check=True).stdout
        self.kind = re.search(r"Type: +(\w+)", text)[1]
        self.segments = re.findall(r"^  ([A-Z_]+) +(?:0x[0-9a-f]+ +){5}([RWE ]{3})", text, re.M)
        self.dynamic = re.findall(r"\((\w+)\) +(.*)", text)
        self.isStatic = not any(kind == "INTERP" for kind, _ in self.segments)

    def flags(self, kind):
        return [flags.strip() for name, flags in self.segments if name == kind]

    def entries(self, tag):
        return [value for name, value in self.dynamic if name == tag]


# The name of each property and whether a program has it.
PROPERTIES = [
    ("it is loaded where nobody knows (PIE)", lambda it: it.kind == "DYN"),
    ("no segment is to be written and executed", lambda it: not any(
        "W" in flags and "E" in flags for kind, flags in it.segments)),
    ("the stack is not to be executed", lambda it: it.flags("GNU_STACK") == ["RW"]),
    ("what the loader has set cannot be written later (RELRO)", lambda it: it.flags("GNU_RELRO") == ["R"]),
    ("and that is all of it (BIND_NOW)", lambda it: it.isStatic or any(
        "NOW" in value for tag in ("FLAGS", "FLAGS_1") for value in it.entries(tag))),
    ("no library is looked for beside the program (RUNPATH)", lambda it: not (
        it.entries("RPATH") + it.entries("RUNPATH"))),
    ("code is not changed to load it (TEXTREL)", lambda it: not it.entries("TEXTREL")),
    ("nothing but the C library is needed", lambda it: {
        value.split("[")[1].rstrip("]") for value in it.entries("NEEDED")} <= LIBRARIES),
]
# What does not hold of the static build, and why.
EXCEPTIONS = {
    "it is loaded where nobody knows (PIE)":
        "-static-pie relocates 70 pages, a ninth of a run's time; stack, heap and mappings do move",
}


def main():
    failures = 0
    for path in sys.argv[1:]:
        program = Program(path)
        print(path)
        for name, holds in PROPERTIES:
            held = holds(program)
            excused = not held and program.isStatic and name in EXCEPTIONS
            failures += not held and not excused
            print(f"  {'yes' if held else 'no ' if excused else 'NO '} {name}"
                  + (f": {EXCEPTIONS[name]}" if excused else ""))
    sys.exit(failures > 0)


main()
