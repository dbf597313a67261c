"""SeaBIOS and U-Boot in the zoo: a disk each boot, which is found and read, or is not."""
import os
import re
import subprocess
import time
from dataclasses import dataclass

from zoo import linux
from zoo.kinds import BOOTED
from zoo.proxy import Zoo
from zoo.variants import FATAL, VARIANTS

SECONDS = 15     # who is not done by then hangs
SLOT = 3
# Functions of which nothing can be said from a guest of Linux, by firmware, and why.
NOT_COMPARED = {
    "seabios": {
        "two-isr-first-bar-7": "it reads the subsystem's IDs as BAR 7",
        "pointer-low-bits": "it does not mask the first pointer, which is not recorded",
        "bar-0-unassigned": "it assigns the BARs itself, and gives up at one without room",
        "bar-4-unassigned": "it assigns the BARs itself, and gives up at one without room",
    }
}
# The step at which a firmware stops though the program cannot read what it reads.
OPEN = {
    "seabios": dict.fromkeys(
        ["device-offset-at-bar-end", "device-offset-beyond-bar", "two-device-first-misaligned",
         "blk-device-beyond-bar"], "blk-block-size")
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

    def run(self, variant, scratch):
        """Boots with one function; gives it, what was said, and whether there was an end."""
        zoo, function = Zoo(), variant.function("blk")
        zoo.add(function, SLOT, 0)
        arguments = [
            "qemu-system-x86_64", "-machine", "q35,accel=tcg,memory-backend=ram", "-m", "256M",
            "-object", "memory-backend-memfd,id=ram,size=256M", "-cpu", "max", "-smp", "1",
            "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
            *self.arguments, *zoo.arguments]
        zoo.start()
        with open(scratch / f"{variant.name}.log", "w") as log:
            process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                       stderr=log, pass_fds=zoo.files)
        for file in zoo.files:
            os.close(file)
        try:
            said, is_done = self.talk(process)
        finally:
            process.kill()
            process.wait()
        (scratch / f"{variant.name}.said").write_text(said)
        return function, said, is_done

    def talk(self, process):
        """Until it is done, ends, or hangs."""
        os.set_blocking(process.stdout.fileno(), False)
        said, at, dialogue, end = "", 0, list(self.dialogue), time.monotonic() + SECONDS
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


@dataclass
class Row:
    """A function, what was predicted of it, and what was seen."""
    variant: object
    verdict: dict
    seen: str
    driver: str      # and its version
    was_asked: bool

    @property
    def cells(self):
        step = self.verdict["step"] or self.variant.stops
        return [f"{self.variant.name} (blk)", "",
                self.verdict["verdict"] + (f" ({step})" if step else ""), self.seen, self.driver, ""]

    def __str__(self):
        return (f"{self.driver}: {self.variant.name}: predicted {self.verdict['verdict']}"
                f" ({self.verdict['reason']}); seen {self.seen}")


def visit(firmware, variant, verdict, scratch):
    function, said, is_done = firmware.run(variant, scratch)
    release = re.search(firmware.version, said)
    return Row(variant, verdict, function.seen if is_done else "fatal",
               f"{firmware.driver} {release and release[1]}", function.requests > 0)


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
    if not os.environ.get("VM_FULL"):
        variants = [each for each in variants if each.name in CHOSEN]
    rows = []
    for firmware in FIRMWARE:
        folder = scratch / firmware.driver
        folder.mkdir()
        verdicts = linux.predict(firmware.driver, variants, kernel, initrd, folder)
        left_out = NOT_COMPARED.get(firmware.driver, {})
        own = [visit(firmware, variant, verdicts[variant.name], folder) for variant in variants
               if variant.name in verdicts.keys() - left_out.keys()]
        idle = [row.variant.name for row in own if row.seen in linux.DRIVEN and not row.was_asked]
        say("note", linux.counted(own[0].driver, own), [
            *([f"driven, and never asked: {', '.join(idle)}"] if idle else []),
            *(f"not compared: {name}: {why}" for name, why in left_out.items()
              if os.environ.get("VM_FULL"))])
        rows += own
    found = list(predicted(rows))
    say("FAIL" if found else "pass", predicted.__doc__, found)
    return rows
