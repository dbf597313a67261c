"""What strangers put into the folder of a capture, and do to it while it is filled."""
import os
import signal
import subprocess
import time

from hostile import TREES, case, expect
from strangers import NAME, contents, exchange, meanwhile, replace

ARGUMENTS = ["--sysfs", TREES / "firecracker", "-o", "ADDRESS", "-s", NAME]
RUNS = 60


def devices(capture):
    path = capture / "bus/pci/devices"
    path.mkdir(parents=True, exist_ok=True)
    return path


def victim(bench):
    """A folder of files that somebody needs."""
    folder = bench.folder / "victim"
    folder.mkdir()
    for number in range(200):
        (folder / f"{number}").write_text("mine")
    return folder


def whole(bench):
    """A function as one run alone captures it."""
    capture = bench.folder / "whole"
    expect(bench.run(*ARGUMENTS, "--capture", capture).status == 0, "is not captured at all")
    return contents(capture / "bus/pci/devices" / NAME)


@case("1: a capture removes nothing that it did not make")
def removes(bench):
    needed = victim(bench)
    capture = bench.folder / "capture"
    planted = devices(capture) / f".{NAME}"
    link = bench.folder / "link"
    link.symlink_to(needed)
    planted.mkdir()
    for number in range(200):
        (planted / f"{number}").write_text("bait")
    with meanwhile(lambda: exchange(planted, link)):
        for _ in range(RUNS):
            bench.run(*ARGUMENTS, "--capture", capture)
            replace(capture / "bus/pci/devices" / NAME)
    left = len(list(needed.iterdir()))
    expect(left == 200, f"{200 - left} files of somebody else's are gone")


@case("4: a capture follows no link below its folder")
def links(bench):
    for name in ["bus", "bus/pci", "bus/pci/devices", f"bus/pci/devices/{NAME}"]:
        needed = bench.folder / name.replace("/", "-")
        needed.mkdir()
        capture = bench.folder / f"capture-{needed.name}"
        (capture / name).parent.mkdir(parents=True)
        (capture / name).symlink_to(needed)
        outcome = bench.run(*ARGUMENTS, "--capture", capture)
        expect(outcome.status == 4, name, "status", outcome.status)
        expect(str(capture / name).encode() in outcome.message, outcome.message)
        expect(contents(needed) == {}, contents(needed))


@case("4: a folder that is exchanged while a capture fills it is filled all the same, or is an error")
def exchanged(bench):
    needed, expected = victim(bench), whole(bench)
    before = contents(needed)
    capture = bench.folder / "capture"
    folder = devices(capture)
    link = bench.folder / "link"
    link.symlink_to(needed)

    def step():
        for entry in os.scandir(folder):
            if entry.name.startswith("."):
                exchange(entry.path, link)

    for _ in range(RUNS):
        with meanwhile(step):
            outcome = bench.run(*ARGUMENTS, "--capture", capture)
        saved = folder / NAME
        if outcome.status == 0:
            expect(contents(saved) == expected, "a run says that it saved what is not whole")
        else:
            expect(outcome.status == 4, "status", outcome.status)
        for entry in [saved, *folder.glob(".*"), link]:
            replace(entry)
        link.symlink_to(needed)
    expect(contents(needed) == before, "the link was followed")


@case("7: of several captures into one folder at once one saves the function, whole")
def at_once(bench):
    expected = whole(bench)
    for number in range(RUNS):
        capture = bench.folder / f"capture-{number}"
        runs = [
            subprocess.Popen(
                [bench.program, *map(str, ARGUMENTS), "--capture", capture],
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for _ in range(3)]
        messages = [run.communicate()[1] for run in runs]
        statuses = sorted(run.returncode for run in runs)
        expect(statuses == [0, 4, 4], statuses, messages)
        expect(contents(capture / "bus/pci/devices") == {NAME: None} | {
            f"{NAME}/{path}": value for path, value in expected.items()}, "it is not whole")


@case("7: what a killed capture leaves is not a function, and stands in nobody's way")
def killed(bench):
    expected = whole(bench)
    left = 0
    for number in range(RUNS):
        capture = bench.folder / f"capture-{number}"
        run = subprocess.Popen(
            [bench.program, *map(str, ARGUMENTS), "--capture", capture],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(number * 0.0005)
        run.send_signal(signal.SIGKILL)
        run.wait()
        saved = capture / "bus/pci/devices" / NAME
        if saved.exists():
            expect(contents(saved) == expected, "it appears before it is whole")
            continue
        left += any(devices(capture).iterdir())
        outcome = bench.run("--sysfs", capture, "--json")
        expect(outcome.status == 3, "status", outcome.status, outcome.message)
        outcome = bench.run(*ARGUMENTS, "--capture", capture)
        expect(outcome.status == 0, outcome.message)
        expect(contents(saved) == expected, "what was left damaged it")
    expect(left > 0, "no run was killed while it saved")


@case("7: a capture whose last step fails is whole all the same")
def last_step(bench):
    expected = whole(bench)
    calls = bench.folder / "calls"
    subprocess.run(
        ["strace", "-f", "-qq", "-e", "trace=fsync", "-o", calls, bench.program, *map(str, ARGUMENTS),
         "--capture", bench.folder / "first"], stdout=subprocess.DEVNULL, check=True)
    last = len(calls.read_text().splitlines())
    for number in range(1, last + 1):
        capture = bench.folder / f"capture-{number}"
        run = subprocess.run(
            ["strace", "-f", "-qq", "-e", f"inject=fsync:error=EIO:when={number}", "-o", "/dev/null",
             bench.program, *map(str, ARGUMENTS), "--capture", capture], capture_output=True)
        expect(run.returncode == 4, number, run.returncode)
        saved = contents(capture / "bus/pci/devices")
        whole_one = {NAME: None} | {f"{NAME}/{path}": value for path, value in expected.items()}
        expect(saved == (whole_one if number == last else {}), f"fsync {number} of {last} fails", saved.keys())
