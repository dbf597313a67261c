"""SeaBIOS, U-Boot and OVMF in the zoo: disks, which are found and read, or are not."""
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from zoo import linux
from zoo.function import DRIVER_OK
from zoo.kinds import BOOTED
from zoo.proxy import Zoo
from zoo.variants import FATAL, VARIANTS

FIRST_SLOT = 3
IS_FULL = bool(os.environ.get("VM_FULL"))
UNASSIGNED = ["bar-0-unassigned", "bar-4-unassigned"]
# Functions of which nothing can be said from a guest of Linux, by firmware, and why.
NOT_COMPARED = {
    "seabios": {
        "two-isr-first-bar-7": "it reads the subsystem's IDs as BAR 7",
        "pointer-low-bits": "it does not mask the first pointer, which is not recorded",
        **dict.fromkeys(UNASSIGNED, "it assigns the BARs itself, and gives up at one without room"),
    },
    "ovmf": {
        **dict.fromkeys(UNASSIGNED, "it assigns the BARs itself, and hangs at one without room"),
        **dict.fromkeys(["bar-4-64-bit", "bar-4-64-bit-prefetchable"],
                        "it assigns addresses above 4 GiB, where QEMU does not pass them on"),
    },
}
# The step at which a firmware stops though the program cannot read what it reads.
OPEN = {
    "seabios": dict.fromkeys(
        ["device-offset-at-bar-end", "device-offset-beyond-bar", "two-device-first-misaligned",
         "blk-device-beyond-bar"], "blk-block-size"),
    "ovmf": dict.fromkeys(
        ["device-offset-at-bar-end", "device-offset-beyond-bar", "blk-device-beyond-bar"],
        "blk-capacity"),
}
# In every run; the others only with VM_FULL.
CHOSEN = """blk blk-transitional blk-legacy common-bar-6 common-length-48 no-isr no-notify
    two-common-first-bar-6 two-common-first-short no-version-1 queue-size-100 refuses-features
    """.split()


@dataclass
class Firmware:
    driver: str                        # what the program calls it
    arguments: list[str]
    version: str                       # where it says its version
    dialogue: list[tuple[str, str]]    # what to wait for on the serial line, and what to answer
    end: str                           # what it says when it is done
    seconds: int = 15                  # a boot that takes longer hangs
    at_once: int = 1                   # functions in a boot
    prepare: Callable[[Path], None] = lambda scratch: None

    def run(self, variants, scratch):
        """Boots with some functions; gives them, what was said, and whether there was an end."""
        zoo, functions = Zoo(), [variant.function("blk") for variant in variants]
        for index, function in enumerate(functions):
            zoo.add(function, FIRST_SLOT + index // linux.PER_SLOT, index % linux.PER_SLOT)
        self.prepare(scratch)
        arguments = [
            "qemu-system-x86_64", "-machine", "q35,accel=tcg,memory-backend=ram", "-m", "256M",
            "-object", "memory-backend-memfd,id=ram,size=256M", "-cpu", "max", "-smp", "1",
            "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
            "-global", "q35-pcihost.pci-hole64-size=0",
            *(each.format(scratch=scratch) for each in self.arguments), *zoo.arguments]
        zoo.start()
        with open(scratch / f"{variants[0].name}.log", "w") as log:
            process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                       stderr=log, pass_fds=zoo.files)
        for file in zoo.files:
            os.close(file)
        try:
            said, is_done = self.talk(process)
        finally:
            process.kill()
            process.wait()
        (scratch / f"{variants[0].name}.said").write_text(said)
        return functions, said, is_done

    def talk(self, process):
        """Until it is done, ends, or hangs."""
        os.set_blocking(process.stdout.fileno(), False)
        said, at, dialogue, end = "", 0, list(self.dialogue), time.monotonic() + self.seconds
        while time.monotonic() < end:
            is_over = process.poll() is not None
            said += (process.stdout.read() or b"").decode(errors="replace")
            if dialogue and dialogue[0][0] in said[at:]:
                at = len(said)
                process.stdin.write(dialogue.pop(0)[1].encode())
                process.stdin.flush()
            if is_over or self.end in said:
                return said, True
            time.sleep(0.02)
        return said, False


def shell_script(scratch):
    """What the shell of OVMF runs, and a copy of the variables for it to write."""
    (scratch / "disk").mkdir(exist_ok=True)
    (scratch / "disk/startup.nsh").write_text("@echo -off\r\nver\r\nmap -v\r\necho the end\r\n")
    shutil.copy("/usr/share/OVMF/OVMF_VARS_4M.fd", scratch / "variables")


FIRMWARE = [
    Firmware("seabios", ["-chardev", "stdio,id=debug", "-device",
                         "isa-debugcon,iobase=0x402,chardev=debug", "-boot", "reboot-timeout=1",
                         "-device", "isa-debug-exit,iobase=0x501,iosize=2"],
             r"SeaBIOS \(version ([\d.]+)", [], BOOTED.decode()),
    Firmware("u-boot", ["-bios", "/usr/lib/u-boot/qemu-x86_64/u-boot.rom", "-serial", "stdio"],
             r"U-Boot ([\d.]+)", [
                 ("Hit any key", " "),
                 ("=> ", "virtio scan\nvirtio device 0\nvirtio read 1000000 0 1\necho the end\n")],
             "\nthe end"),
]
if IS_FULL:
    FIRMWARE.append(Firmware("ovmf", [
        "-drive", "if=pflash,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd",
        "-drive", "if=pflash,format=raw,file={scratch}/variables",
        "-drive", "if=none,id=disk,format=raw,file=fat:rw:{scratch}/disk",
        "-device", "ide-hd,drive=disk,bus=ide.0", "-serial", "stdio"],
        r"EDK II, (\w+)", [], "\nthe end", seconds=120, at_once=168, prepare=shell_script))


@dataclass
class Row:
    """A function, what was predicted of it, and what was seen."""
    variant: object
    verdict: dict
    seen: str
    driver: str      # and its version

    @property
    def cells(self):
        step = self.verdict["step"] or self.variant.stops
        return [f"{self.variant.name} (blk)", "",
                self.verdict["verdict"] + (f" ({step})" if step else ""), self.seen, self.driver, ""]

    def __str__(self):
        return (f"{self.driver}: {self.variant.name}: predicted {self.verdict['verdict']}"
                f" ({self.verdict['reason']}); seen {self.seen}")


def visit(firmware, variants, verdicts, scratch):
    functions, said, is_done = firmware.run(variants, scratch)
    release = re.search(firmware.version, said)
    return [Row(variant, verdicts[variant.name],
                outcome(variant, function) if is_done else "fatal",
                f"{firmware.driver} {release[1] if release else ''}")
            for variant, function in zip(variants, functions)]


def outcome(variant, function):
    is_used = function.status & DRIVER_OK and (function.requests or variant.is_empty)
    return function.interface if is_used else "refused"


def predicted(rows):
    """firmware does what was predicted after a probe, but where no look can tell"""
    for row in rows:
        verdict = row.verdict["verdict"]
        # Which of the two the function cannot see.
        is_left = {row.seen, verdict} == {"refused", "no_driver"}
        step = OPEN.get(row.verdict["driver"], {}).get(row.variant.name, row.variant.stops)
        is_open = row.seen == "refused" and step in row.verdict["unchecked"]
        if row.seen != verdict and not is_left and not is_open:
            yield str(row)


def examine(kernel, initrd, scratch, say):
    """Predicts in a guest of Linux, then boots each firmware with each function."""
    variants = [each for each in VARIANTS + FATAL if each.kind in ("blk", "rng")]
    if not IS_FULL:
        variants = [each for each in variants if each.name in CHOSEN]
    rows = []
    for firmware in FIRMWARE:
        folder = scratch / firmware.driver
        folder.mkdir()
        verdicts = linux.predict(firmware.driver, variants, kernel, initrd, folder)
        left_out = NOT_COMPARED.get(firmware.driver, {})
        chosen = [variant for variant in variants
                  if variant.name in verdicts.keys() - left_out.keys()]
        if firmware.at_once > 1:     # where one that hangs takes the others with it
            chosen = [variant for variant in chosen
                      if verdicts[variant.name]["verdict"] != "fatal"]
        own = [row for at in range(0, len(chosen), firmware.at_once) for row in visit(
            firmware, chosen[at:at + firmware.at_once], verdicts, folder)]
        say("note", linux.counted(own[0].driver, own), [
            f"not compared: {name}: {why}" for name, why in left_out.items()
            if IS_FULL])
        rows += own
    found = list(predicted(rows))
    say("FAIL" if found else "pass", predicted.__doc__, found)
    return rows
