"""A guest under test: what is asked of it, and what others say of the same."""
import io
import json
import re
import struct
import tarfile
from functools import cached_property

PROGRAM = "virtio-pci-inspect"
STATIC = f"{PROGRAM}-static"
TYPES = ["?", "common", "notify", "isr", "device", "pci", "?", "?", "shared_memory", "vendor"]
SPECIFIED = {              # QEMU's names that are not the specification's
    "VIRTIO_BALLOON_F_REPORTING": "VIRTIO_BALLOON_F_PAGE_REPORTING",
    "VIRTIO_F_IOMMU_PLATFORM": "VIRTIO_F_ACCESS_PLATFORM",
    "VIRTIO_RING_F_EVENT_IDX": "VIRTIO_F_EVENT_IDX",
    "VIRTIO_RING_F_INDIRECT_DESC": "VIRTIO_F_INDIRECT_DESC",
}
# QEMU 7.2 crashes when it is asked for the status of these while their driver uses them.
UNASKABLE = re.compile("vhost-user-(i2c|scsi|rng|gpio)")


class Skip(Exception):
    """The check does not apply here, and why."""


class Subject:
    """A guest under test, with what is asked for more than once."""

    def __init__(self, machine):
        self.machine = machine

    def program(self, options="", traced=False):
        return self.machine.run(f"{PROGRAM} {options}", traced)

    def json(self, options=""):
        return json.loads(self.program(f"--json {options}").stdout)

    @cached_property
    def devices(self):
        """What the program says by default, by address."""
        return {device["address"]: device for device in self.json()["devices"]}

    @cached_property
    def config(self):
        return self.read_config()

    def read_config(self):
        """The bytes of config space as the kernel has them, by address."""
        ran = self.machine.run("cd /sys/bus/pci/devices && tar -cf - */config")
        with tarfile.open(fileobj=io.BytesIO(ran.stdout)) as archive:
            return {member.name.split("/")[0]: archive.extractfile(member).read()
                    for member in archive}

    @cached_property
    def windows(self):
        """Where the PCI configuration access capability of each function is."""
        return {address: at for address, config in self.config.items()
                for at, _, name, *_ in decode(config) if name == "pci"}

    @cached_property
    def unreadable(self):
        """The addresses of functions that do not answer, as the guest's table has them."""
        return {self.machine.addresses[name] for name in self.machine.guest.unreadable}

    @cached_property
    def lspci(self):
        """The paragraphs of lspci -vv, by address."""
        said = self.machine.run("lspci -D -n -vv").stdout.decode()
        return {part.split()[0]: part for part in said.split("\n\n") if part.strip()}

    def lspci_of(self, address):
        if self.machine.guest.bare:
            raise Skip("no lspci in this guest")
        return self.lspci[address]

    @cached_property
    def virtio(self):
        """QEMU's path and x-query-virtio-status of each device that may be asked, by address."""
        found = {}
        for device in self.machine.qmp("x-query-virtio"):
            path = device["path"]
            name = path.removeprefix("/machine/peripheral/").split("/")[0]
            if not UNASKABLE.search(self.machine.qmp("qom-get", path=path, property="type")):
                status = self.machine.qmp("x-query-virtio-status", path=path)
                found[self.machine.addresses[name]] = path, status
        return found


def differences(address, what, ours, theirs):
    if ours != theirs:
        yield f"{address}: {what}: we say {ours}, {theirs} is expected"


def is_virtio(id):
    return not known(id) or id["vendor"] == 0x1AF4 and 0x1000 <= id["device"] <= 0x107F


def known(id):
    """QEMU has zero for a function of remote.py, which is virtio."""
    return id["vendor"] != 0


def names_of(features):
    """The names of a set of features of QEMU, as the specification has them."""
    names = features.get("dev-features", []) + features["transports"]
    names = {name.split(":")[0] for name in names}
    return {SPECIFIED.get(name, name) for name in names}


def mappable(subject, device):
    """Whether the kernel lets the registers of a function be mapped, and it has any."""
    free = not device["driver"] or "iomem=relaxed" in subject.machine.guest.kernel_options
    return free and device["interface"] != "legacy"


def modern(subject):
    """The functions that have structures."""
    chosen = [address for address, device in subject.devices.items()
              if device["interface"] != "legacy" and address not in subject.unreadable]
    if not chosen:
        raise Skip("legacy functions have no structures")
    return chosen


# Config space, in well-formed bytes.

def walk(config):
    """(position, ID) of every capability in a well-formed list."""
    at = config[0x34] if config[6] & 0x10 else 0
    while at:
        yield at, config[at]
        at = config[at + 1]


def decode(config):
    for at, id in walk(config):
        if id == 9:
            length, kind, bar, number = config[at + 2:at + 6]
            offset, size = struct.unpack_from("<II", config, at + 8)
            if kind == 8:
                high = struct.unpack_from("<II", config, at + 16)
                offset, size = offset | high[0] << 32, size | high[1] << 32
            multiplier = struct.unpack_from("<I", config, at + 16)[0] if kind == 2 else None
            yield at, length, TYPES[kind], kind, bar, number, offset, size, multiplier
