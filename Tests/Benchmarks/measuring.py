"""Runs commands and says what they cost, and whether each goal is met; those missed are counted."""
import collections
import os
import re
import statistics
import subprocess
import sys
import time

missed = 0


def row(label, goal, figure, spread="", digits=3):
    global missed
    isMissed = goal is not None and figure > goal
    missed += isMissed
    limit = "" if goal is None else f"goal {goal:,g}"
    mark = "" if goal is None else "MISSED" if isMissed else "met"
    print(f"{label:44} {figure:14,.{digits}f} {spread:20} {limit:12} {mark}".rstrip(), flush=True)


def measure(command):
    """Wall seconds of one run."""
    null = os.open(os.devnull, os.O_RDWR)
    start = time.perf_counter()
    child = os.posix_spawnp(
        command[0], command, os.environ,
        file_actions=[(os.POSIX_SPAWN_DUP2, null, fd) for fd in (0, 1, 2)])
    os.waitpid(child, 0)
    os.close(null)
    return time.perf_counter() - start


# Peak KiB of one run. What starts a program counts in its peak, so that a new interpreter does.
PEAK = """
import os, sys
null = os.open(os.devnull, os.O_RDWR)
child = os.posix_spawn(
    sys.argv[1], sys.argv[1:], os.environ,
    file_actions=[(os.POSIX_SPAWN_DUP2, null, fd) for fd in (0, 1, 2)])
print(os.wait4(child, 0)[2].ru_maxrss)
"""


def peak_memory(command):
    """Peak MiB of one run; those of an interpreter at least."""
    run = subprocess.run([sys.executable, "-ISc", PEAK, *command], stdout=subprocess.PIPE, check=True)
    return int(run.stdout) / 1024


def compare(label, goal, command, other, runs=25, scale=1):
    """Prints the median of the ratios, the least and the greatest."""
    measure(command), measure(other)
    figures = [measure(command) / measure(other) / scale for _ in range(runs)]
    row(label, goal, statistics.median(figures), f"{min(figures):.3f} to {max(figures):.3f}")


def compare_least(label, goal, command, other, runs=201):
    """Prints the ratio of the least times of either, and of the medians: for runs that are over in a
    millisecond, to which whatever else the machine does only adds."""
    times = [(measure(command), measure(other)) for _ in range(runs)]
    ours, theirs = zip(*times)
    medians = statistics.median(ours) / statistics.median(theirs)
    row(label, goal, min(ours) / min(theirs), f"medians {medians:.3f}")


def system_calls(command):
    """How often a run makes each system call."""
    trace = subprocess.run(
        ["strace", "-f", *command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    return collections.Counter(re.findall(r"^(?:\[pid +\d+\] )?(\w+)\(", trace.stderr, re.MULTILINE))


def instructions(command):
    """Instructions of one run outside the kernel."""
    # The same for the same program: nothing of the environment, no seed of its own for hashing.
    run = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command],
        env={"PATH": os.environ["PATH"], "SWIFT_DETERMINISTIC_HASHING": "1"},
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    counted = re.search(r"Collected : (\d+)", run.stderr)
    return int(counted[1]) if counted else None


def config_bytes(command):
    """Bytes of config space read by one run."""
    trace = subprocess.run(
        ["strace", "-y", "-e", "trace=pread64,read", *command],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True).stderr
    return sum(int(n) for n in re.findall(r"/config>, .*= (\d+)$", trace, re.MULTILINE))
