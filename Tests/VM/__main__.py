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
import zoo
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


def examine(guest, kernel, initrd, scratch, say):
    """Boots a guest and checks the program in it."""
    scratch.mkdir()
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


def attempt(name, verdicts, work):
    """Does what gives verdicts by the function that it takes; an error is one, too."""
    def say(verdict, what, details=()):
        verdicts.append(verdict)
        report(verdict, name, what, details)

    start = time.monotonic()
    try:
        work(say)
    except Exception as error:
        say("FAIL", f"{type(error).__name__}: {error}")
    print(f"      {name}: {time.monotonic() - start:.0f} s")


def main():
    parser = argparse.ArgumentParser(prog="Tests/VM/run", description=__doc__)
    parser.add_argument("--kernel", type=Path, required=True, help="an unpacked kernel package")
    parser.add_argument("--guest", action="append", help="only this guest; may be repeated")
    parser.add_argument("program", type=Path)
    parser.add_argument("static_program", type=Path, nargs="?", help="the fully static build")
    parser.add_argument("--table", type=Path, help="where to write what drivers did in the zoo")
    arguments = parser.parse_args()

    scratch = Path(tempfile.mkdtemp(prefix="vm-test."))
    programs = {PROGRAM: arguments.program, **{tool: shutil.which(tool) for tool in TOOLS}}
    if arguments.static_program:
        boot.initramfs(scratch / "bare.initrd", arguments.kernel, {PROGRAM: arguments.static_program})
        programs[STATIC] = arguments.static_program
    boot.initramfs(scratch / "full.initrd", arguments.kernel, programs)

    verdicts, rows = [], []
    for guest in GUESTS:
        if arguments.guest and guest.name not in arguments.guest:
            continue
        if (guest.bare or guest.busy) and not arguments.static_program:
            verdicts.append("skip")
            report("skip", guest.name, "no static program was given")
            continue
        initrd = scratch / ("bare.initrd" if guest.bare else "full.initrd")
        attempt(guest.name, verdicts, lambda say: examine(
            guest, arguments.kernel, initrd, scratch / guest.name, say))
    for name, visit in zoo.VISITS.items():
        if name in arguments.guest if arguments.guest else arguments.static_program:
            attempt(name, verdicts, lambda say: rows.extend(visit(
                arguments.kernel, scratch / "bare.initrd", scratch, say)))
    if arguments.table:
        arguments.table.write_text(zoo.table(rows))
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
