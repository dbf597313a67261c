"""Boots the guests, one after the other, and checks the program in each."""
import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

import boot
import checks
import traffic
from guests import GUESTS, NOT_HERE
from subject import PROGRAM, STATIC, Subject

TOOLS = ["lspci", "setpci"]


def report(verdict, guest, what, details=()):
    print(f"{verdict:4}  {guest}: {what}")
    for line in details:
        print(f"        {line}")
    sys.stdout.flush()


def checks_of(guest):
    if guest.busy:
        return traffic.CHECKS
    return checks.CHECKS + (checks.BARE if guest.bare else [])


def examine(guest, kernel, initrd, scratch):
    """Boots a guest and gives the verdicts of its checks."""
    verdicts = []

    def say(verdict, what, details=()):
        verdicts.append(verdict)
        report(verdict, guest.name, what, details)

    start = time.monotonic()
    machine = boot.Machine(guest, kernel, initrd, scratch)
    try:
        machine.load_drivers()
        asked = Subject(machine)
        for check in checks_of(guest):
            try:
                found = list(check(asked))
                say("FAIL" if found else "pass", check.__doc__, found)
            except checks.Skip as reason:
                say("skip", check.__doc__, [reason])
    finally:
        machine.end()
    print(f"      {guest.name}: {time.monotonic() - start:.0f} s")
    return verdicts


def main():
    parser = argparse.ArgumentParser(prog="Tests/VM/run", description=__doc__)
    parser.add_argument("--kernel", type=Path, required=True, help="an unpacked kernel package")
    parser.add_argument("--guest", action="append", help="only this guest; may be repeated")
    parser.add_argument("program", type=Path)
    parser.add_argument("static_program", type=Path, nargs="?", help="the fully static build")
    arguments = parser.parse_args()

    scratch = Path(tempfile.mkdtemp(prefix="vm-test."))
    programs = {PROGRAM: arguments.program, **{tool: shutil.which(tool) for tool in TOOLS}}
    if arguments.static_program:
        boot.initramfs(scratch / "bare.initrd", arguments.kernel, {PROGRAM: arguments.static_program})
        programs[STATIC] = arguments.static_program
    boot.initramfs(scratch / "full.initrd", arguments.kernel, programs)

    verdicts = []
    for guest in GUESTS:
        if arguments.guest and guest.name not in arguments.guest:
            continue
        if (guest.bare or guest.busy) and not arguments.static_program:
            verdicts.append("skip")
            report("skip", guest.name, "no static program was given")
            continue
        folder = scratch / guest.name
        folder.mkdir()
        try:
            initrd = scratch / ("bare.initrd" if guest.bare else "full.initrd")
            verdicts += examine(guest, arguments.kernel, initrd, folder)
        except Exception as error:
            verdicts.append("FAIL")
            report("FAIL", guest.name, f"{type(error).__name__}: {error}")
    for name, reason in NOT_HERE.items():
        verdicts.append("skip")
        report("skip", name, reason)

    if "FAIL" in verdicts:
        print(f"What each guest did: {scratch}")
    else:
        shutil.rmtree(scratch)
    passed, failed, skipped = map(verdicts.count, ("pass", "FAIL", "skip"))
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(1 if failed else 0)


main()
