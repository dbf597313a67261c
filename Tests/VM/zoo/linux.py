"""Linux in the zoo: what the program predicts, and what the drivers then do."""
import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import boot
from guests import Guest
from subject import PROGRAM
from zoo.kinds import KINDS
from zoo.proxy import Zoo
from zoo.variants import FATAL, SOUND, VARIANTS

FIRST_SLOT, SLOTS, PER_SLOT = 1, 0x18, 8      # those with q35's plain interrupt lines
ENABLE = ("for f in /sys/bus/pci/devices/*; do read vendor < $f/vendor; "
          "[ $vendor != 0x1af4 ] || echo %d 2>/dev/null > $f/enable; done")
FATAL_SECONDS = 20     # a guest that does not answer for so long hangs
# In newer kernels the driver of PCI functions is built in: it lets go of them, to be asked again.
UNBIND = ("echo 0 > /sys/bus/pci/drivers_autoprobe; for f in /sys/bus/pci/drivers/virtio-pci/0*; "
          "do [ ! -e $f ] || echo ${f##*/} > /sys/bus/pci/drivers/virtio-pci/unbind; done")
BIND = ("for f in /sys/bus/pci/devices/*; do read vendor < $f/vendor; "
        "[ $vendor != 0x1af4 ] || echo ${f##*/} > /sys/bus/pci/drivers_probe; done; sleep 1")
DRIVEN = "modern", "legacy"
# What Linux 6.1 logs instead.
OLD_MESSAGES = {"queue-size": "|bad queue size", "blk-block-size": "|invalid block size"}
# Steps whose message does not name the function.
NAMELESS = ["shm-aligned", "blk-block-size"]


class Machine(boot.Machine):
    """A guest with functions of the zoo, in the order of `functions`."""
    processors = 1      # with more QEMU lets go of its lock while we answer
    # A firmware that leaves functions alone, and no room above 4 GiB: QEMU takes each of their BARs
    # for one of 32 bits.
    more = ["-cpu", "max", "-bios", "qboot.rom", "-global", "q35-pcihost.pci-hole64-size=0"]

    def __init__(self, name, functions, kernel, initrd, scratch, seconds=boot.SECONDS):
        self.zoo, self.seconds = Zoo(), seconds
        for index, function in enumerate(functions):
            self.zoo.add(function, FIRST_SLOT + index // PER_SLOT, index % PER_SLOT)
        super().__init__(Guest(name, "q35", [], kernel_options="quiet oops=panic panic=-1"),
                         kernel, initrd, scratch)

    def devices(self):
        self.files += self.zoo.files
        self.zoo.start()
        return self.zoo.arguments


@dataclass
class Row:
    """A function, what was predicted of it, and what was seen."""
    variant: object
    plain: dict
    probed: dict
    seen: str
    release: str
    log: list[str]
    was_asked: bool
    was_logged: bool     # whether the kernel logged what the step that is predicted says

    def __str__(self):
        step = f" at {self.probed['step']}" if self.probed["step"] else ""
        return (f"{self.variant.name}: predicted {self.plain['verdict']},"
                f" with --probe {self.probed['verdict']}{step}; seen {self.seen}"
                + "".join(f"\n            {line}" for line in self.log))

    @property
    def cells(self):
        """For a table: the function, what was predicted, what was seen, the driver."""
        step = self.probed["step"] or self.variant.stops
        since = f", since {self.probed['since']}" if self.probed["since"] else ""
        return [self.variant.name, self.plain["verdict"],
                self.probed["verdict"] + (f" ({step}{since})" if step else ""), self.seen,
                f"Linux {self.release}", next(iter(self.log), "")]

    def is_older(self, release):
        return version(self.release) < version(release)

    @property
    def expected(self):
        """The verdict of the newest release that fits what this one did."""
        verdict, until = self.variant.older
        if until and self.is_older(until):
            return self.probed["verdict"] if self.seen == verdict else self.seen
        since = self.probed["since"]
        if since and self.is_older(since):
            return self.probed["verdict"] if self.seen in DRIVEN else self.seen
        return self.seen

    @property
    def differs_by_release(self):
        return self.expected != self.seen


def version(release):
    return [int(part) for part in re.findall(r"\d+", release)[:2]]


def predictions(machine, driver, options=""):
    """What the program says of a driver, by address."""
    said = json.loads(machine.run(f"{PROGRAM} --json {options}").stdout)
    return {device["address"]: verdict for device in said["devices"]
            for verdict in device["drivers"] if verdict["driver"] == driver}


def predict(driver, variants, kernel, initrd, scratch):
    """What the program says after a probe of a driver that is not there, by name, of disks."""
    found = {}
    for number, some in enumerate(batches(variants)):
        functions = [variant.function("blk") for variant in some]
        folder = scratch / f"linux-{number}"
        folder.mkdir()
        machine = Machine("predict", functions, kernel, initrd, folder)
        try:
            machine.run(ENABLE % 1)
            verdicts = predictions(machine, driver, "--probe")
        finally:
            machine.end()
        found |= {function.name: verdicts[function.address] for function in functions
                  if function.address in verdicts}
    return found


def messages(machine):
    """What Linux logs at each of its steps, as expressions."""
    found, step = {}, ""
    for line in machine.run(f"{PROGRAM} --explain linux").stdout.decode().splitlines():
        if named := re.match(r"  (\S+): ", line):
            step = named[1]
        elif logged := re.match(r'    logs "(.*)"', line):
            plain = re.split(r"%#?\d*[a-z]*[a-z]", logged[1])
            found[step] = r"\S+".join(map(re.escape, plain)) + OLD_MESSAGES.get(step, "")
    return found


def observe(variants, kernel, initrd, scratch, seconds=boot.SECONDS):
    """Boots a guest, predicts, loads the drivers; gives a row for each function."""
    functions = [variant.function() for variant in variants]
    scratch.mkdir()
    machine = Machine("zoo", functions, kernel, initrd, scratch, seconds)
    try:
        machine.run(UNBIND)
        for function in functions:
            function.start()      # as after a reset: a driver may have left it as FAILED
        plain = predictions(machine, "linux")
        # As a driver does, or no register answers.
        machine.run(ENABLE % 1)
        probed = predictions(machine, "linux", "--probe")
        machine.run(ENABLE % 0)
        disturbed = [function.name for function in functions if function.statuses]
        logged = messages(machine)
        release = re.search(r"Debian ([\d.]+)", machine.run("uname -v").stdout.decode())[1]
        for function in functions:
            function.forget()
        try:
            machine.run("modprobe -a " + " ".join(boot.MODULES))
            machine.run("dmesg -c >/dev/null; " + BIND)
            log = machine.run("dmesg").stdout.decode(errors="replace").splitlines()
            names = machine.run("cd /sys/bus/pci/devices; echo */virtio*").stdout.decode()
            is_alive = True
        except (EOFError, OSError):
            log = (scratch / "console").read_text(errors="replace").splitlines()
            names, is_alive = "", False
    finally:
        machine.end()
    if disturbed:
        raise RuntimeError(f"the program wrote the status of {', '.join(disturbed)}")
    names = dict(re.findall(r"(\S+)/(virtio\d+)", names))
    rows = []
    for variant, function in zip(variants, functions):
        at, step = function.address, probed[function.address]["step"]
        lines = lines_of(log, at, names.get(at))
        said = log if step in NAMELESS else lines
        rows.append(Row(
            variant, plain[at], probed[at], function.seen if is_alive else "fatal", release, lines,
            function.requests > 0, any(re.search(logged.get(step, ""), line) for line in said)))
    return rows


def lines_of(log, address, name):
    """What the kernel said of a function while the drivers were loaded."""
    words = re.compile(rf"{re.escape(address)}: |\b{name or 'none'}\b|kernel BUG|unable to handle")
    lines = [re.sub(r"^\[ *[\d.]+\] ", "", line) for line in log if words.search(line)]
    return [line for line in dict.fromkeys(lines)
            if not re.search(r"BAR \d+: (assigned|no space)|reg 0x|\[1af4:|enabling device", line)]


# The comparisons: each gives the differences.

def sound(rows):
    """sound functions of every type are driven"""
    for row in rows:
        if row.variant in SOUND and row.seen != "modern":
            yield str(row)


def asked(rows):
    """disks and random number generators that are driven have answered a request"""
    for row in rows:
        is_asked = KINDS[row.variant.kind].is_asked and not row.variant.is_empty
        if row.seen in DRIVEN and is_asked and not row.was_asked:
            yield str(row)


def probed(rows):
    """after a probe the verdict is what Linux then does, but where no look can tell"""
    for row in rows:
        if row.variant.stops:
            if not (row.seen == "refused" and row.variant.stops in row.probed["unchecked"]):
                yield str(row)
        elif row.probed["verdict"] != row.expected:
            yield str(row)


def plain(rows):
    """without one it is, or the step at which Linux stops is among those that were not checked"""
    for row in rows:
        step = row.variant.stops or row.probed["step"]
        if row.plain["verdict"] != row.expected and step not in row.plain["unchecked"]:
            yield str(row)


def logged(rows):
    """where Linux stops it logs what the step says"""
    for row in rows:
        if row.seen == row.probed["verdict"] == "refused" and not row.was_logged:
            yield str(row)


CHECKS = [sound, asked, probed, plain, logged]


def known(variants, kernel):
    """Those whose drivers this kernel has."""
    listed = kernel.glob("lib/modules/*/modules.builtin")
    modules = {path.stem for path in kernel.glob("lib/modules/*/kernel/**/*.ko")}
    modules |= {Path(line).stem for path in listed for line in path.read_text().splitlines()}
    return [each for each in variants if KINDS[each.kind].module in modules]


def batches(variants):
    """As many as fit into a guest at a time."""
    count = -(-len(variants) // (SLOTS * PER_SLOT))
    size = -(-len(variants) // count)
    return [variants[at:at + size] for at in range(0, len(variants), size)]


def examine(kernel, initrd, scratch, say):
    """Gives a row for each function."""
    rows = []
    for number, variants in enumerate(batches(known(VARIANTS, kernel))):
        rows += observe(variants, kernel, initrd, scratch / f"zoo-{number}")
    conclude(rows, CHECKS, say)
    return rows


def examine_fatal(kernel, initrd, scratch, say):
    """The same for those that take the guest down, a guest each."""
    rows = []
    for variant in known(FATAL, kernel):
        rows += observe([variant], kernel, initrd, scratch / variant.name, FATAL_SECONDS)
    conclude(rows, [probed, plain], say)
    return rows


def conclude(rows, checks, say):
    for check in checks:
        found = list(check(rows))
        say("FAIL" if found else "pass", check.__doc__, found)
    undecided = [row.variant.name for row in rows if row.variant.stops]
    older = [row.variant.name for row in rows if row.differs_by_release]
    say("note", counted(f"Linux {rows[0].release}", rows), [
        f"{len(names)} {what}: {', '.join(names)}" for what, names in [
            ("that no look can decide", undecided),
            ("that this release judges otherwise than the newest", older)] if names])


def counted(driver, rows):
    seen = Counter(row.seen for row in rows).most_common()
    return f"{driver}, {len(rows)} functions: " + ", ".join(
        f"{count} {verdict}" for verdict, count in seen)
