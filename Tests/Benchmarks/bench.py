#!/usr/bin/env python3
"""Compares the program with lspci and with the floor, whole process against whole process.

Usage: bench.py PROGRAM STATIC-PROGRAM [size|lspci|floor|counts|dumps|growth]...

The two commands of a row run in turn; what is printed is the median of the ratios of each pair,
with the least and the greatest, and over the floor the ratio of the least times, with that of the
medians. Each goal stands beside its figure; one that is not met makes the exit status 1. Whatever is
compared runs from one folder, into which the programs and lspci are copied.
Instructions and system calls do not depend on what else the machine does; with RECORD=1 in the
environment the instructions are written to instructions.txt, which they are else compared with.
"""
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile

import measuring
from measuring import compare, compare_least, peak_memory, row

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
# Relative, so that the length of this folder's name does not count.
DUMP = "Tests/Fixtures/dumps/firecracker-host.txt"
TREE = "Tests/Fixtures/sysfs/firecracker"
RECORD = f"{HERE}/instructions.txt"
DEVICES = "/sys/bus/pci/devices"
NAMED = "0000:00:03.0"


def functions():
    """The addresses of this machine's virtio functions."""
    with contextlib.suppress(FileNotFoundError):
        return sorted(
            name for name in os.listdir(DEVICES)
            if open(f"{DEVICES}/{name}/vendor").read().strip() == "0x1af4")
    return []


def one():
    return functions()[:4][-1]


def have(tool):
    if not shutil.which(tool):
        print(f"\n{tool} is not installed: what it measures is left out")
    return shutil.which(tool)


def copy_of_lspci(folder):
    """lspci, copied and stripped as the program is; None when it is not installed."""
    installed, copy = have("lspci"), f"{folder}/lspci"
    if installed and not os.path.exists(copy):
        strip(installed, copy)
    return installed and copy


def strip(source, target):
    subprocess.run(["strip", "-o", target, source], check=True)


def lspci(program, static, folder):
    if not functions():
        return print("no virtio function on this machine: lspci has nothing to show")
    other = copy_of_lspci(folder)
    if not other:
        return
    every, single = [other, "-n", "-vv", "-d", "1af4:"], [other, "-n", "-vv", "-s", one()]
    print(f"Time of a run over that of lspci -n -vv ({len(functions())} functions)")
    compare("all functions", 0.5, [program], every)
    compare("one function", 0.5, [program, one()], single)
    compare("all functions, --json", 0.55, [program, "--json"], every)
    compare("all functions, static build", 0.4, [static], every)
    if have("strace"):
        print("\nBytes of config space read")
        for label, command in ("all functions", [program]), ("all functions, --json", [program, "-J"]), (
                "lspci -n -vv", every):
            row(label, None, measuring.config_bytes(command), digits=0)


def floors(folder):
    """The two builds of the program that does no more than it must."""
    return compile_c("limit", f"{folder}/dynamic"), compile_c("limit", f"{folder}/static", "-static")


def compile_c(name, target, *flags):
    """The program that `name`.c in this folder is."""
    subprocess.run(
        [os.environ.get("CC", "cc"), "-O2", *flags, f"{HERE}/{name}.c", "-o", target], check=True)
    return target


def size(program, static, folder):
    print("Size of the stripped file, MB")
    row("ordinary", 8.6, os.path.getsize(program) / 1e6)
    row("static", 9.0, os.path.getsize(static) / 1e6)


# What is asked, for the program and for the floor, and the goals of the static build on this machine.
QUESTIONS = [
    ("one function", [NAMED], [NAMED], 1.7),
    ("all functions", [], [], 1.45),
    ("all functions, JSON", ["--jsonl"], ["-J"], None),
]


def questions(tree):
    """Those of QUESTIONS, of a tree or, without one, of this machine."""
    ours, theirs = (["--sysfs", tree], ["-r", tree]) if tree else ([], [])
    for label, words, floor, goal in QUESTIONS:
        named = NAMED if tree else one()
        place = [named if word == NAMED else word for word in words]
        yield label, [*ours, *place], [*theirs, *(floor if floor != [NAMED] else [named])], goal


def floor(program, static, folder):
    limit, static_limit = floors(folder)
    for tree in [None, TREE] if functions() else [TREE]:
        print(f"\nTime of a run over that of the floor, {tree or 'this machine'}")
        for label, words, theirs, goal in questions(tree):
            compare_least(
                f"{label}, static build", goal if tree is None else None, [static, *words],
                [static_limit, *theirs])
            compare_least(label, None, [program, *words], [limit, *theirs])
            compare_least(
                f"{label}, ordinary over static", 1.45 if tree is None else None, [program, *words],
                [static, *words])


def calls(static, static_limit):
    if not have("strace"):
        return
    for tree in [None, TREE] if functions() else [TREE]:
        print(f"\nSystem calls of the static build, and what the floor has no need of, "
              f"{tree or 'this machine'}")
        for label, words, theirs, _ in questions(tree):
            ours = measuring.system_calls([static, *words])
            needed = measuring.system_calls([static_limit, *theirs])
            row(label, None, ours.total(), f"floor {needed.total()}", digits=0)
            excess = (ours - needed).most_common()
            print("  " + " ".join(f"{name}+{count}" for name, count in excess))


# The most instructions that a function of a large dump may take.
GOALS_OF_A_FUNCTION = [("", 25_000), ("--jsonl", 100_000), ("--check", 150_000)]


def in_dump(words):
    return "static: 1,000 functions of a dump" + (f", {words}" if words else "")


def counts(program, static, folder):
    limit, static_limit = floors(folder)
    calls(static, static_limit)
    if not have("valgrind"):
        return
    dump = make_dump(folder, 1000)
    commands = [
        ("static: --version", [static, "--version"]),
        *((f"static: {label}", [static, *words]) for label, words, _, _ in questions(TREE)),
        ("static: --check", [static, "--check", "--sysfs", TREE]),
        *((in_dump(words), [static, *words.split(), "-F", dump]) for words, _ in GOALS_OF_A_FUNCTION),
        ("dynamic: all functions", [program, "--sysfs", TREE]),
        *((f"floor: {label}", [static_limit, *words]) for label, _, words, _ in questions(TREE)),
    ]
    recorded = read_record()
    print("\nInstructions of a run; over those recorded, which are not to grow by a hundredth")
    lines, counted = [], {}
    for label, command in commands:
        count = measuring.instructions(command)
        lines.append(f"{label}\t{count}\n")
        print(f"{label:44} {count:14,}")
        if label in recorded and not label.startswith("floor"):
            row("", 1.01, count / recorded[label])
        counted[label] = count
    print("\nInstructions of the static build a function of a dump of 1,000")
    for words, goal in GOALS_OF_A_FUNCTION:
        row(words or "list", goal, counted[in_dump(words)] / 1000, digits=0)
    if os.environ.get("RECORD"):
        with open(RECORD, "w") as file:
            file.writelines(lines)


def read_record():
    with contextlib.suppress(FileNotFoundError), open(RECORD) as file:
        return {label: int(count) for label, count in (line.split("\t") for line in file)}
    return {}


def make_dump(folder, count, *words):
    path = f"{folder}/{'-'.join([str(count), *words])}.txt"
    if not os.path.exists(path):
        with open(path, "wb") as out, open(DUMP, "rb") as source:
            subprocess.run(
                [sys.executable, f"{HERE}/make-dump.py", str(count), *words], stdin=source,
                stdout=out, check=True)
    return path


# What is asked of a large dump, and the most of lspci's time that it may take.
DUMP_QUESTIONS = [("", 0.04), ("--check", 0.25), ("--check --jsonl", 0.35)]
MOST_MEMORY = 24


def dumps(program, static, folder):
    path, double = make_dump(folder, 65536), make_dump(folder, 131072)
    if other := copy_of_lspci(folder):
        print("\nTime of a run over that of lspci -F FILE -vv -n (65,536 functions, 57 MB)")
        for words, goal in DUMP_QUESTIONS:
            compare(
                words or "list", goal, [program, *words.split(), "-F", path],
                [other, "-F", path, "-vv", "-n"], runs=3)
    print("\nTime of the list over that of a C program that does no more than it must")
    stream = compile_c("stream", f"{folder}/stream")
    require_equal([program, "-F", path], [stream, path])
    compare("list", 4, [program, "-F", path], [stream, path])
    print("\nPeak memory, MiB")
    broken = make_dump(folder, 65536, "broken")
    for label, dump in ("", path), (", twice the functions", double), (", all broken", broken):
        for words, _ in DUMP_QUESTIONS:
            peak = peak_memory([program, *words.split(), "-F", dump])
            row((words or "list") + label, MOST_MEMORY, peak, digits=1)


def require_equal(command, other):
    """Stops where two programs that are to print the same do not: a comparison would say nothing."""
    outputs = [subprocess.run(each, stdout=subprocess.PIPE, check=True).stdout for each in (command, other)]
    if outputs[0] != outputs[1]:
        sys.exit(f"{command[0]} and {other[0]} print different tables")


def growth(program, static, folder):
    print("\nTime of a function of a dump over that of one of a dump a tenth as long")
    for count in 10_000, 100_000:
        many, few = make_dump(folder, count), make_dump(folder, count // 10)
        for label, words in ("table", []), ("--jsonl", ["--jsonl"]):
            compare(
                f"{label}, {count:,} functions", 1.1, [program, *words, "-F", many],
                [program, *words, "-F", few], runs=5, scale=10)


SECTIONS = {"size": size, "lspci": lspci, "floor": floor, "counts": counts, "dumps": dumps, "growth": growth}


def main():
    programs = [os.path.abspath(word) for word in sys.argv[1:3]]
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory() as folder:
        # Both alike, since where a file lies in memory counts for up to a seventh of a run.
        program, static = (f"{folder}/program-{name}" for name in ("dynamic", "static"))
        for source, target in zip(programs, (program, static)):
            strip(source, target)
        for name in sys.argv[3:] or SECTIONS:
            SECTIONS[name](program, static, folder)
    sys.exit(measuring.missed > 0)


main()
