#!/usr/bin/env python3
"""Compares the program with lspci, whole process against whole process, and counts what it reads.

Usage: bench.py PROGRAM STATIC-PROGRAM

The two commands of a row run in turn; what is printed is the median of the ratios of each pair,
with the least and the greatest. A goal that is not met is marked and makes the exit status 1.
"""
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
DUMP = os.path.join(HERE, "../Fixtures/dumps/firecracker-host.txt")
DEVICES = "/sys/bus/pci/devices"
failures = 0


def measure(command):
    """Wall seconds and peak KiB of one run."""
    null = os.open(os.devnull, os.O_RDWR)
    start = time.perf_counter()
    child = os.posix_spawnp(
        command[0], command, os.environ,
        file_actions=[(os.POSIX_SPAWN_DUP2, null, fd) for fd in (0, 1, 2)])
    _, _, usage = os.wait4(child, 0)
    os.close(null)
    return time.perf_counter() - start, usage.ru_maxrss


def row(label, goal, figure, spread=""):
    global failures
    missed = goal is not None and figure > goal
    failures += missed
    limit = "" if goal is None else f"goal {goal:g}"
    print(f"{label:44} {figure:10.3f} {spread:20} {limit:12} {'MISSED' if missed else ''}".rstrip())


def compare(label, goal, command, other, runs=25):
    measure(command), measure(other)
    pairs = [(measure(command)[0], measure(other)[0]) for _ in range(runs)]
    ratios = [ours / theirs for ours, theirs in pairs]
    row(label, goal, statistics.median(ratios), f"{min(ratios):.3f} to {max(ratios):.3f}")


def config_bytes(command):
    """Bytes of config space read by one run."""
    trace = subprocess.run(
        ["strace", "-y", "-e", "trace=pread64,read", *command],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True).stderr
    return sum(int(n) for n in re.findall(r"/config>, .*= (\d+)$", trace, re.MULTILINE))


def live(program, static):
    functions = sorted(
        name for name in os.listdir(DEVICES)
        if open(f"{DEVICES}/{name}/vendor").read().strip() == "0x1af4")
    if not functions:
        return print("no virtio function on this machine: only dumps are measured")
    first = functions[min(3, len(functions) - 1)]
    every, one = ["lspci", "-n", "-vv", "-d", "1af4:"], ["lspci", "-n", "-vv", "-s", first]
    print(f"Time of a run over that of lspci -n -vv ({len(functions)} functions)")
    compare("all functions", 0.5, [program], every)
    compare("one function", 0.5, [program, first], one)
    compare("all functions, --json", 0.55, [program, "--json"], every)
    compare("all functions, static build", 0.4, [static], every)
    if shutil.which("strace"):
        print("\nBytes of config space read")
        row("all functions", None, config_bytes([program]))
        row("all functions, --json", None, config_bytes([program, "--json"]))
        row("lspci -n -vv", None, config_bytes(every))


def make_dump(folder, count):
    path = f"{folder}/{count}.txt"
    with open(path, "wb") as out, open(DUMP, "rb") as source:
        subprocess.run(
            [sys.executable, f"{HERE}/make-dump.py", str(count)], stdin=source, stdout=out, check=True)
    return path


def dumps(program):
    with tempfile.TemporaryDirectory() as folder:
        path = make_dump(folder, 65536)
        theirs = ["lspci", "-F", path, "-vv", "-n"]
        print("\nTime of a run over that of lspci -F FILE -vv -n (65,536 functions, 57 MB)")
        compare("table", 0.15, [program, "-F", path], theirs, runs=3)
        compare("--jsonl", 0.4, [program, "--jsonl", "-F", path], theirs, runs=3)
        double = make_dump(folder, 131072)
        print("\nTwice the functions over once")
        compare("time, table", 2.2, [program, "-F", double], [program, "-F", path], runs=5)
        compare(
            "time, --jsonl", 2.2, [program, "--jsonl", "-F", double],
            [program, "--jsonl", "-F", path], runs=3)
        print("\nPeak memory, MiB")
        row("table", 64, measure([program, "-F", path])[1] / 1024)
        row("--jsonl", 64, measure([program, "--jsonl", "-F", path])[1] / 1024)
        row("table, twice the functions", 64, measure([program, "-F", double])[1] / 1024)


def main():
    program, static = map(os.path.abspath, sys.argv[1:])
    live(program, static)
    dumps(program)
    sys.exit(failures > 0)


main()
