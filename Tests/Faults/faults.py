#!/usr/bin/env python3
"""Makes each system call of a run fail in turn, and judges what the program says then.

Usage: faults.py PROGRAM STATIC-PROGRAM [--share N] [--only LABEL]

A run is traced once to number its calls; then it is repeated with one call failing, for each call and each
error that the call can give (`strace -e inject`; calls cut short by `short.c`, loaded before the C library).
Calls up to the first of the program's own (`fcntl(0, F_GETFD)`) belong to the loader and the runtime, whose
answer to a fault is not ours.

Whatever fails: no signal, no endless run, and each value printed is the one of the run without a fault or is
missing. What is missing makes the status 4 (or 3, when it is what was asked for that is not there) and has a
message; BENIGN names what may be missing without one, and why. With `--share N` every Nth fault is tried.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TREE = "Tests/Fixtures/sysfs/firecracker"
OLD_TREE = "Tests/Fixtures/sysfs/transitional-pc"
DUMP = "Tests/Fixtures/dumps/firecracker-host.txt"
RAW = "Tests/Fixtures/dumps/socket.config"
NAMED = "0000:00:03.0"
SECONDS = 10

READING = ["EIO", "EACCES", "ENOMEM", "EINTR", "end"]
OPENING = ["EIO", "EACCES", "ENOENT", "EMFILE", "ENOMEM", "EINTR"]
LOOKING = ["EIO", "EACCES", "ENOENT", "ENOMEM"]
MAKING = ["EIO", "EACCES", "ENOSPC", "ENOENT"]
# `end` is a return of 0: the end of the file, too early.
FAULTS = {
    "openat": OPENING, "read": READING, "pread64": READING, "newfstatat": LOOKING, "fstat": LOOKING,
    "stat": LOOKING, "lstat": LOOKING, "statx": LOOKING, "fstatfs": ["EIO"],
    "getdents64": ["EIO", "ENOENT", "ENOMEM", "EINTR"],
    "readlink": LOOKING, "readlinkat": LOOKING, "write": ["EIO", "ENOSPC", "EPIPE", "EINTR"], "close": ["EIO", "EINTR"],
    "mkdirat": MAKING, "renameat": MAKING, "symlinkat": MAKING, "fsync": ["EIO", "ENOSPC"], "ioctl": ["EIO"], "fcntl": ["EIO"],
    "lseek": ["EIO"], "getcwd": LOOKING, "access": LOOKING, "faccessat": LOOKING, "faccessat2": LOOKING,
}
# Calls that no fault is injected in, and why.
LEFT_OUT = {
    "mmap": "memory: where there is none the runtime ends the process, which says nothing wrong",
    "brk": "memory", "munmap": "memory", "mprotect": "memory", "mremap": "memory", "madvise": "memory",
    "exit_group": "does not fail", "getrandom": "the seed for hashing; the runtime's",
    "rt_sigprocmask": "does not fail", "futex": "the C library's own lock", "rt_sigaction": "libpci's hooks need none; the C library's",
}
# What may change without a message, and why: the run, the call, the fault, what it is called on.
BENIGN = [
    (".*", "openat|newfstatat", "ENOENT", "numa_node|status|mount_tag|debug/virtio",
     "some kernels lack the file; there is no value then"),
    (".*", "openat|getdents64|newfstatat|access", "ENOENT", "virtio[0-9]+|bus/pci/devices|/pci[0-9a-f:]+/",
     "unplugged between two reads: what has gone is not there"),
    (".*", "fstatfs", ".*", "",
     "where there is no telling whose config space it is, it is a device's, whose window is not read"),
    (".*", "openat|newfstatat", "ENOENT", "revision", "kernels before 4.10 lack it: config space has it too"),
    (".*libpci.*", "readlink|faccessat2?|newfstatat", ".*", "/sys",
     "libpci does not tell a link that cannot be read from one that is not there"),
    (".*libpci.*", "getdents64", ".*", "bus/pci/devices>",
     "libpci takes a folder that it cannot list for an empty one"),
    (".*libpci.*", "read", ".*", "/(resource|numa_node)",
     "libpci takes a file that it cannot read for an empty one; what it then lacks is null"),
]

# What drivers do, as far as can be foreseen by what was read.
DRIVERS = re.compile(rb"(?m)^.*: (modern|legacy|unknown|no driver)(;.*)?$")

# Words of a text that the run without a fault need not have: what is not known, the PCI driver where no virtio
# driver is known, and the size of config space where it ends early.
EXTRA_WORDS = {b"-", b"?", b"unknown", b"virtio-pci", b"4", b"52", b"64"}
# How a check adds up, which is another sum where less was read.
SUMS = re.compile(rb"(?m), [0-9]+ notes?|not checked( \(.*\))?$|^[0-9]+ functions?: .*$")
SHORTFALL = re.compile(rb"(error: )?needs [0-9]+ bytes, but config space ends after [0-9]+")

Run = collections.namedtuple("Run", "label words capture static", defaults=(False, True))
Call = collections.namedtuple("Call", "name number text")
Result = collections.namedtuple("Result", "status output message saved")


def runs(folder, live):
    """What is tried: the label tells the form of the output."""
    tree = ["--sysfs", TREE]
    yield Run("list", tree)
    yield Run("function", [*tree, NAMED])
    yield Run("function -v", [*tree, "-v", NAMED])
    yield Run("--json", [*tree, "--json"])
    yield Run("--json of a folder", ["--json", f"{TREE}/bus/pci/devices/{NAMED}"])
    yield Run("--json, transitional", ["--sysfs", OLD_TREE, "--json"])
    yield Run("--check", [*tree, "--check"])
    yield Run("--expect", [*tree, "--expect", f"{folder}/expected.json"])
    yield Run("-F", ["-F", DUMP])
    yield Run("--jsonl -F", ["--jsonl", "-F", DUMP])
    yield Run("--json of a raw file", ["--json", RAW])
    yield Run("--json --capture", [*tree, "--json", "--capture", "{capture}"], capture=True)
    yield Run("--json of a capture", ["--sysfs", f"{folder}/captured", "--json"])
    if live:
        yield Run("list, live", [])
        yield Run("function, live", [live])
        yield Run("--json, live", ["--json"])
        yield Run("--json -A libpci, live", ["--json", "-A", "libpci"], static=False)


def environment(extra):
    # Without a seed of its own for hashing, a run makes the same calls every time.
    return {**os.environ, "SWIFT_DETERMINISTIC_HASHING": "1", "SWIFT_BACKTRACE": "enable=no", **extra}


def execute(program, run, folder, wrapper=(), extra=()):
    """One run; None when it does not end."""
    capture = f"{folder}/capture"
    shutil.rmtree(capture, ignore_errors=True)
    words = [word.replace("{capture}", capture) for word in run.words]
    try:
        done = subprocess.run(
            [*wrapper, program, *words], stdin=subprocess.DEVNULL, capture_output=True,
            timeout=SECONDS, env=environment(dict(extra)))
    except subprocess.TimeoutExpired:
        return None
    return Result(done.returncode, done.stdout, done.stderr, saved(capture) if run.capture else {})


def saved(capture):
    """What stands in a capture: for each function its files."""
    devices, found = f"{capture}/bus/pci/devices", {}
    for address in os.listdir(devices) if os.path.isdir(devices) else []:
        files = {}
        for path, folders, names in os.walk(f"{devices}/{address}"):
            for name in names:
                with open(f"{path}/{name}", "rb") as file:
                    files[os.path.relpath(f"{path}/{name}", f"{devices}/{address}")] = file.read()
        found[address] = files
    return found


def calls(program, run, folder):
    """The program's own calls in a run, each with how many of its name there were up to it."""
    log = f"{folder}/log"
    execute(program, run, folder, ["strace", "-qq", "-y", "-s", "200", "-o", log])
    numbers, own, found = collections.Counter(), False, []
    with open(log, errors="replace") as file:
        for line in file:
            if not (match := re.match(r"(\w+)\(", line)):
                continue
            name = match[1]
            numbers[name] += 1
            own = own or re.match(r"fcntl\(0(<[^>]*>)?, F_GETFD\)", line) is not None
            if own:
                found.append(Call(name, numbers[name], line.strip()))
    return found


def narrower(found, expected, path=""):
    """Where `found` says something that `expected` does not, beyond leaving things out."""
    # `access` is what a path was taken for, when it could not be looked at.
    if found is None or found == expected or path.endswith((".errors", ".error", ".access")):
        return []
    if path.endswith(".capabilities[].bytes") and expected.startswith(found):
        return []
    if path.endswith(".drivers[]") and foresees_less(found, expected):
        return []
    if isinstance(found, dict) and isinstance(expected, dict):
        if found.keys() != expected.keys():
            return [f"{path}: keys {sorted(found.keys() ^ expected.keys())}"]
        return [line for key in found for line in narrower(found[key], expected[key], f"{path}.{key}")]
    if isinstance(found, list) and isinstance(expected, list):
        return [line for entry in found for line in narrower(entry, partner(entry, expected), f"{path}[]")]
    if path.endswith(".config_bytes") and found <= expected:
        return []
    return [f"{path}: {found!r} where {expected!r} is right"]


def foresees_less(found, expected):
    """Whether a verdict of a driver is the one that is right with less read: it hopes for the best, and says
    what was not checked."""
    return (
        isinstance(expected, dict)
        and found["verdict"] in ("unknown", "modern", "legacy", expected["verdict"])
        and bool(found["unchecked"])
    )


def partner(entry, entries):
    """The entry of the other list that stands for the same thing; a finding must be the same."""
    if isinstance(entry, dict) and "verdict" in entry:
        return next((other for other in entries if other["driver"] == entry["driver"]), "nothing")
    for key in () if isinstance(entry, dict) and "rule" in entry else ("position", "index", "address"):
        if isinstance(entry, dict) and key in entry:
            return next((other for other in entries if other[key] == entry[key]), "nothing")
    return entry if entry in entries else "nothing"


def wrong_values(run, output, expected):
    """What is printed and is not so."""
    if "json" in run.label:
        try:
            found, right = parsed(run, output), parsed(run, expected)
        except ValueError:
            # Cut short by a failed write: as far as it goes it is right.
            return [] if expected.startswith(output) else ["no JSON"]
        return narrower(found, right)
    if "--check" in run.label:
        output = SUMS.sub(b"", output)
    words = set(DRIVERS.sub(b"", SHORTFALL.sub(b"", output)).split()) - set(expected.split()) - EXTRA_WORDS
    if "--check" in run.label:
        # How many rules held, and how many were not checked.
        words = {word for word in words if not word.isdigit()}
    return [f"new words {sorted(words)[:8]}"] if words else []


def parsed(run, output):
    return [json.loads(line) for line in output.splitlines()] if "jsonl" in run.label else json.loads(output)


def judge(run, call, fault, result, reference):
    """What is wrong with a run in which `call` failed with `fault`; nothing when all is well."""
    if result is None:
        return ["does not end"]
    if result.status < 0 or result.status > 4:
        return [f"ended with {result.status}", result.message.decode(errors="replace")[-300:]]
    problems = []
    same = result.output == reference.output and result.saved == reference.saved
    benign = any(
        re.fullmatch(label, run.label) and re.fullmatch(names, call.name) and re.fullmatch(error, fault)
        and re.search(place, call.text) for label, names, error, place, _ in BENIGN)
    isTold = result.status != reference.status and (result.message or fault == "EPIPE")
    if not same and not isTold and not benign:
        problems.append(f"status {result.status} without what is missing: {result.message[:200]!r}")
    if result.status not in allowed(run, call, fault, reference, benign):
        problems.append(f"status {result.status}: {result.message.decode(errors='replace')[:300]}")
    if result.output != reference.output:
        problems += wrong_values(run, result.output, reference.output)[:5]
    return problems + wrong_files(result, reference, benign)


def allowed(run, call, fault, reference, benign):
    statuses = {reference.status, 4}
    if benign or fault in ("ENOENT", "end"):
        statuses.add(3)
    if "expect" in run.label:
        # What is missing is not as expected either; an expectation that cannot be read is wrong usage.
        statuses |= {2} if "expected.json" in call.text else {1} if benign else set()
    return statuses


def wrong_files(result, reference, benign):
    """A function is saved whole or not at all: what could not be read is not there."""
    problems = []
    for address, files in result.saved.items():
        if address.startswith("."):
            continue
        expected = reference.saved[address]
        for name, content in files.items():
            if expected.get(name) != content and result.status != 4 and not benign:
                problems.append(f"captured {address}/{name} differs")
        if files != expected and result.status == 0 and not benign:
            problems.append(f"captured {address} lacks {sorted(expected.keys() - files.keys())}")
    return problems


class Trial:
    """The faults of one run of one build."""

    def __init__(self, program, build, run, folder, share):
        self.program, self.build, self.run, self.folder, self.share = program, build, run, folder, share
        self.reference = execute(program, run, folder)
        self.failed = []

    def faults(self):
        """Each call and error, every Nth of them."""
        everything = [(call, fault) for call in calls(self.program, self.run, self.folder)
                      for fault in FAULTS.get(call.name, [])]
        if "libpci" in self.run.label:
            # libpci takes what it gets for the whole of a file; the kernel gives it whole.
            everything = [(call, fault) for call, fault in everything if (call.name, fault) != ("read", "end")]
        return everything[::self.share]

    def unknown(self):
        return {call.name for call in calls(self.program, self.run, self.folder)} - {*FAULTS, *LEFT_OUT}

    def inject(self, call, fault):
        how = "retval=0" if fault == "end" else f"error={fault}"
        with tempfile.TemporaryDirectory() as folder:
            wrapper = ["strace", "-qq", "-o", f"{folder}/log", "-e", f"trace={call.name}", "-e",
                       f"inject={call.name}:{how}:when={call.number}"]
            result = execute(self.program, self.run, folder, wrapper)
            with open(f"{folder}/log", errors="replace") as file:
                if "(INJECTED)" not in file.read():
                    self.failed.append((call, fault, ["this call was not made again"]))
            if result and (result.output, result.saved, result.status) == (
                    self.reference.output, self.reference.saved, self.reference.status):
                return True
            return self.note(call, fault, result)

    def note(self, call, fault, result):
        problems = judge(self.run, call, fault, result, self.reference)
        if problems:
            self.failed.append((call, fault, problems))
        return not problems

    def cut_short(self, library):
        """Every read and write of the program that gives less than it was asked for."""
        tried = 0
        for name in ("write",) if "libpci" in self.run.label else ("read", "pread", "write"):
            for count in (1, 5):
                number = 1
                while True:
                    with tempfile.TemporaryDirectory() as folder:
                        mark = f"{folder}/mark"
                        result = execute(self.program, self.run, folder, extra={
                            "LD_PRELOAD": library, "SHORT_CALL": name, "SHORT_NUMBER": str(number),
                            "SHORT_COUNT": str(count), "SHORT_MARK": mark})
                        if not os.path.exists(mark):
                            break
                        with open(mark) as file:
                            text = file.read()
                    self.note(Call(name, number, text), f"{count} bytes", result)
                    tried += 1
                    number += self.share
        return tried

    def report(self, tried):
        print(f"{self.run.label:26} {self.build:8} {tried:6} faults  {len(self.failed)} wrong", flush=True)
        for call, fault, problems in self.failed[:12]:
            print(f"  {fault} in {call.text[:200]}", *problems, sep="\n    ")


def first_function():
    devices = "/sys/bus/pci/devices"
    if os.path.isdir(devices):
        for name in sorted(os.listdir(devices)):
            with open(f"{devices}/{name}/vendor") as file:
                if file.read().strip() == "0x1af4":
                    return name
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=os.path.abspath)
    parser.add_argument("static", type=os.path.abspath, nargs="?")
    parser.add_argument("--share", type=int, default=1)
    parser.add_argument("--only")
    words = parser.parse_args()
    os.chdir(f"{HERE}/../..")
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        # A build that goes on meanwhile does not matter then.
        words.program = shutil.copy(words.program, f"{folder}/program")
        words.static = words.static and shutil.copy(words.static, f"{folder}/static")
        library = f"{folder}/short.so"
        subprocess.run([os.environ.get("CC", "cc"), "-O2", "-Wall", "-Werror", "-shared", "-fPIC",
                        f"{HERE}/short.c", "-o", library, "-ldl"], check=True)
        with open(f"{folder}/expected.json", "w") as file:
            subprocess.run([words.program, "--sysfs", TREE, "--json"], stdout=file, check=True)
        subprocess.run([words.program, "--sysfs", TREE, "--capture", f"{folder}/captured"],
                       stdout=subprocess.DEVNULL, check=True)
        for run in runs(folder, first_function()):
            if words.only and words.only != run.label:
                continue
            for build, program in ("dynamic", words.program), ("static", words.static):
                if not program or build == "static" and not run.static:
                    continue
                trial = Trial(program, build, run, folder, words.share)
                for name in trial.unknown():
                    print(f"  {name}: no faults are known for this call")
                    wrong += 1
                faults = trial.faults()
                with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
                    list(pool.map(lambda fault: trial.inject(*fault), faults))
                tried = len(faults) + (trial.cut_short(library) if build == "dynamic" else 0)
                trial.report(tried)
                wrong += len(trial.failed)
    print(f"{wrong} wrong")
    sys.exit(wrong > 0)


main()
