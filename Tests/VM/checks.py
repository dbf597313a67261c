"""What the program says inside a guest, held against the word of others.

A check takes a Subject and gives the differences, a line each; none is a pass.
"""
import io
import json
import re
import struct
import tarfile
from functools import cached_property

PROGRAM = "virtio-pci-inspect"
PCI_CFG_BAR, PCI_CFG_DATA, CFG_CAP_SIZE = 4, 16, 20     # the window's capability
SELECTORS = {0x00, 0x08, 0x16}     # device_feature_select, driver_feature_select, queue_select
TYPES = ["?", "common", "notify", "isr", "device", "pci", "?", "?", "shared_memory", "vendor"]
LSPCI_TYPES = {"CommonCfg": 1, "Notify": 2, "ISR": 3, "DeviceCfg": 4}     # all that lspci 3.9 names
SPECIFIED = {              # QEMU's names that are not the specification's
    "VIRTIO_BALLOON_F_REPORTING": "VIRTIO_BALLOON_F_PAGE_REPORTING",
    "VIRTIO_F_IOMMU_PLATFORM": "VIRTIO_F_ACCESS_PLATFORM",
    "VIRTIO_RING_F_EVENT_IDX": "VIRTIO_F_EVENT_IDX",
    "VIRTIO_RING_F_INDIRECT_DESC": "VIRTIO_F_INDIRECT_DESC",
}
# Bits that QEMU has for the legacy interface and for itself, and does not show to a modern driver.
UNSEEN = {"VIRTIO_F_NOTIFY_ON_EMPTY", "VIRTIO_F_ANY_LAYOUT", "VHOST_USER_F_PROTOCOL_FEATURES",
          "VIRTIO_BLK_F_SCSI", "VIRTIO_NET_F_GSO", 30}
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


# The list of functions, their identity and their BARs, against QEMU.

def functions(subject):
    """every virtio function is listed, and nothing else"""
    virtio = sorted(address for address, function in subject.machine.functions.items()
                    if is_virtio(function["id"]))
    yield from differences("all", "functions", sorted(subject.devices), virtio)


def is_virtio(id):
    return not known(id) or id["vendor"] == 0x1AF4 and 0x1000 <= id["device"] <= 0x107F


def known(id):
    """QEMU has zero for a function of remote.py, which is virtio."""
    return id["vendor"] != 0


def identity(subject):
    """IDs are those of query-pci"""
    keys = {"vendor_id": "vendor", "device_id": "device",
            "subsystem_vendor_id": "subsystem-vendor", "subsystem_id": "subsystem"}
    for address, device in subject.devices.items():
        theirs = subject.machine.functions[address]["id"]
        if known(theirs):
            yield from differences(address, "IDs", [int(device[key], 16) for key in keys],
                                   [theirs[key] for key in keys.values()])


def bars(subject):
    """BARs are those of query-pci"""
    for address, device in subject.devices.items():
        ours = [(bar["index"], bar["space"], bar["width"] == 64, bar["prefetchable"],
                 bar["address"] and int(bar["address"], 16), bar["size"])
                for bar in device["bars"]]
        theirs = [(region["bar"], region["type"], region.get("mem_type_64", False),
                   region.get("prefetch", False),
                   region["address"] if region["address"] > 0 else None, region["size"])
                  for region in subject.machine.functions[address]["regions"]
                  if region["bar"] < 6]          # 6 is the expansion ROM
        yield from differences(address, "BARs", ours, sorted(theirs))


# Capabilities, against the bytes and against lspci.

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


def capabilities_of(device):
    keys = "position cap_len cfg_type cfg_type_value bar id offset length notify_off_multiplier"
    return [tuple(entry[key] for key in keys.split()) for entry in device["capabilities"]]


def capabilities_in_bytes(subject):
    """capabilities are those in the bytes of config space"""
    for address, device in subject.devices.items():
        config = subject.config[address]
        yield from differences(address, "config_bytes", device["config_bytes"], len(config))
        yield from differences(address, "virtio capabilities", capabilities_of(device),
                               list(decode(config)))
        yield from differences(address, "PCI capabilities",
                               [(c["position"], c["id"]) for c in device["pci_capabilities"]],
                               list(walk(config)))


def capabilities_in_lspci(subject):
    """capabilities and MSI-X are those of lspci"""
    pattern = re.compile(r"\[(\w+)\] Vendor Specific Information: VirtIO: (\S+)\s+"
                         r"BAR=(\d+) offset=(\w+) size=(\w+)(?: multiplier=(\w+))?")
    for address, device in subject.devices.items():
        said = subject.lspci_of(address)
        theirs = [(int(at, 16), int(bar), int(offset, 16), int(size, 16),
                   int(multiplier, 16) if multiplier else None, LSPCI_TYPES.get(name))
                  for at, name, bar, offset, size, multiplier in pattern.findall(said)]
        # Of a shared memory capability it prints the lower halves.
        ours = [(c["position"], c["bar"], c["offset"] & 0xFFFFFFFF, c["length"] & 0xFFFFFFFF,
                 c["notify_off_multiplier"],
                 c["cfg_type_value"] if c["cfg_type_value"] <= 4 else None)
                for c in device["capabilities"]]
        yield from differences(address, "virtio capabilities", sorted(ours), sorted(theirs))
        yield from differences(address, "MSI-X", msix_of(device), msix_in(said))


def msix_of(device):
    for capability in device["pci_capabilities"]:
        if msix := capability.get("msix"):
            return tuple(msix[key] for key in ("enabled", "masked", "table_size", "table_bar",
                                               "table_offset", "pba_bar", "pba_offset"))
    return None


def msix_in(said):
    found = re.search(r"MSI-X: Enable([+-]) Count=(\d+) Masked([+-])\s+"
                      r"Vector table: BAR=(\d) offset=(\w+)\s+PBA: BAR=(\d) offset=(\w+)", said)
    if not found:
        return None
    enabled, count, masked, table_bar, table, pba_bar, pba = found.groups()
    return (enabled == "+", masked == "+", int(count), int(table_bar), int(table, 16),
            int(pba_bar), int(pba, 16))


# What the driver and the device agreed on, against QEMU.

def compare_features(address, what, ours, theirs, but=frozenset()):
    """Compares features by name, and by number those that QEMU has no name for."""
    names = {name.split(":")[0] for name in theirs.get("dev-features", []) + theirs["transports"]}
    names = {SPECIFIED.get(name, name) for name in names}
    unknown = theirs.get("unknown-dev-features", 0)
    numbers = {bit for bit in range(64) if unknown >> bit & 1}
    ours = {feature["bit"] if feature["bit"] in numbers else feature["name"] for feature in ours}
    yield from differences(address, f"{what} features", sorted(map(str, ours)),
                           sorted(map(str, (names | numbers) - but)))


def flags(status):
    return sorted(name.split(":")[0].removeprefix("VIRTIO_CONFIG_S_")
                  for name in status["status"]["statuses"])


def driver_state(subject):
    """status and negotiated features are those of x-query-virtio-status"""
    for address, (_, theirs) in subject.virtio.items():
        if ours := subject.devices[address]["virtio"]:
            yield from differences(address, "status", sorted(ours["status"]["flags"]),
                                   flags(theirs))
            yield from compare_features(address, "negotiated", ours["features"],
                                        theirs["guest-features"])


# The registers, against QEMU.

def mappable(subject, device):
    """Whether the kernel lets the registers of a function be mapped, and it has any."""
    free = not device["driver"] or "iomem=relaxed" in subject.machine.guest.kernel_options
    return free and device["interface"] != "legacy"


def registers(subject):
    """registers are those of QEMU, or it is said why they cannot be read"""
    answer = subject.json("--registers")
    explained = {error["address"] for error in answer["errors"]}
    for device in answer["devices"]:
        address = device["address"]
        readable = mappable(subject, device) and address not in subject.unreadable
        yield from differences(address, "registers were read, or an error says why not",
                               (device["registers"] is not None, address in explained),
                               (readable, not readable))
        if device["registers"]:
            yield from compare_common(subject, device)


def compare_common(subject, device):
    address, common = device["address"], device["registers"]["common"]
    if address in subject.virtio:
        _, theirs = subject.virtio[address]
        yield from differences(address, "device_status",
                               sorted(common["device_status_flags"]), flags(theirs))
        yield from differences(address, "num_queues", common["num_queues"], theirs["num-vqs"])


def probe(subject):
    """a probe finds the features and queues of QEMU, and leaves everything as it was"""
    chosen = [address for address, device in subject.devices.items()
              if device["interface"] != "legacy" and address not in subject.unreadable]
    if not chosen:
        raise Skip("legacy functions have no structures")
    operands = " ".join(chosen)
    config = subject.read_config()
    before = subject.json(f"--registers {operands}")
    ran = subject.program(f"--json --probe --force {operands}", traced=True)
    yield from differences("all", "exit status", (ran.status, ran.stderr), (0, ""))
    yield from differences("all", "registers", subject.json(f"--registers {operands}"), before)
    after = subject.read_config()
    for address in chosen:
        yield from differences(address, "config space", *(
            but_window_data(bytes[address], subject.windows[address]) for bytes in (after, config)))
    for line in ran.trace:
        if side_effect(line, subject.windows) and not probes(line, subject.windows):
            yield line
    for device in json.loads(ran.stdout)["devices"]:
        yield from differences(device["address"], "via", device["registers"]["via"],
                               "bar" if mappable(subject, device) else "window")
        yield from compare_common(subject, device)
        yield from compare_probed(subject, device)


def but_window_data(config, window):
    """Config space as hex without pci_cfg_data, which goes on to show what was read last."""
    return config[:window + PCI_CFG_DATA].hex() + config[window + CFG_CAP_SIZE:].hex()


def probes(line, windows):
    """An access of a probe: to a selector (the structure begins at a page), or to the window."""
    if found := re.search(r"ops_write .* addr (0x\w+) .* 'virtio-pci-common", line):
        return int(found[1], 16) & 0xFFF in SELECTORS
    address, offset = config_access(line)
    return address in windows and PCI_CFG_BAR <= offset - windows[address] < CFG_CAP_SIZE


def compare_probed(subject, device):
    address, ours = device["address"], device["registers"]
    if address not in subject.virtio:
        return
    path, theirs = subject.virtio[address]
    yield from compare_features(address, "offered", ours["offered_features"],
                                theirs["host-features"], but=UNSEEN)
    yield from differences(address, "queues", len(ours["queues"]), theirs["num-vqs"])
    for queue in ours["queues"]:
        index = queue["index"]
        theirs = subject.machine.qmp("x-query-virtio-queue-status", path=path, queue=index)
        yield from differences(
            address, f"queue {index}: size and rings",
            [queue["size"], *(int(queue[part] or "0", 16)
                              for part in ("desc", "driver", "device"))],
            [theirs[f"vring-{part}"] for part in ("num", "desc", "avail", "used")])


def refused(subject):
    """a probe of a function with a driver is refused"""
    bound = [address for address, device in subject.devices.items() if device["driver"]]
    if not bound:
        raise Skip("no function has a driver")
    ran = subject.program(f"--probe {bound[0]}", traced=True)
    yield from differences(bound[0], "exit status", ran.status, 2)
    yield from (line for line in ran.trace if side_effect(line, subject.windows))


# No run writes, and none reads what reacts to being read.

QUIET = ["", "--json", "--jsonl", "-v", "-vv --json", "--registers --json"]
QUIET_LIBPCI = ["-A libpci", "-A libpci --json"]


def quiet(subject):
    """no run writes to a device, nor reads the window or the ISR"""
    for options in QUIET + ([] if subject.machine.guest.bare else QUIET_LIBPCI):
        # A driver may happen to work in the same moment. What the program does, it does again.
        for _ in range(2):
            trace = subject.program(options, traced=True).trace
            effects = [line for line in trace if side_effect(line, subject.windows)]
            if not effects:
                break
        yield from (f"{options}: {line}" for line in effects)
        if not any("pci_cfg_read" in line for line in trace):
            yield f"{options}: QEMU saw no read at all: is it traced?"


def side_effect(line, windows):
    if "memory_region_ops" in line:
        return "virtio-pci-isr" in line or "ops_write" in line and "'virtio-pci" in line
    address, offset = config_access(line)
    return ("pci_cfg_write" in line
            or address in windows and offset == windows[address] + PCI_CFG_DATA)


def config_access(line):
    """The function and the offset of a traced access to config space."""
    found = re.search(r"pci_cfg_\w+ \S+ (\S+) @(0x\w+) ", line)
    return ("0000:" + found[1], int(found[2], 16)) if found else (None, 0)


# Other ways to the same bytes, and other users.

def libpci(subject):
    """libpci says the same as sysfs"""
    if subject.machine.guest.bare:
        raise Skip("no libpci in this guest")
    through = {device["address"]: device for device in subject.json("-A libpci")["devices"]}
    yield from differences("all", "devices through libpci", through, subject.devices)
    for method in "linux-proc", "intel-conf1":
        through = {device["address"]: capabilities_of(device)
                   for device in subject.json(f"-A libpci:{method}")["devices"]}
        ours = {address: capabilities_of(device) for address, device in subject.devices.items()}
        yield from differences("all", f"capabilities through {method}", through, ours)


def unprivileged(subject):
    """whom the kernel shows 64 bytes is told so, with status 4"""
    users = {"nobody": f"su -s /bin/sh nobody -c '{PROGRAM} --json'",
             "root of a user namespace": f"unshare -Ur {PROGRAM} --json"}
    for user, command in users.items():
        ran = subject.machine.run(command)
        answer = json.loads(ran.stdout)
        yield from differences(user, "exit status", ran.status, 4)
        for device in answer["devices"]:
            address, whole = device["address"], subject.devices[device["address"]]
            said = [e["message"] for e in answer["errors"] if e["address"] == address]
            if whole["pci_capabilities"] and not any("64 bytes" in line for line in said):
                yield f"{user}: {address}: no word of 64 bytes: {said}"
            for key in "type", "virtio", "bars":
                yield from differences(address, f"{user}: {key}", device[key], whole[key])
            yield from differences(address, f"{user}: config_bytes", device["config_bytes"], 64)


# Functions that leave and come.

def unplugged(subject):
    """a function that is unplugged while it is read does no harm, and is missed"""
    machine, address = subject.machine, pluggable(subject)[1]
    machine.run(f"(while [ ! -e stop ]; do {PROGRAM} --json {address}; echo $? >&2; done"
                " >answers 2>statuses) & sleep 1")
    machine.qmp("device_del", id=pluggable(subject)[0])
    said = machine.run(f"while [ -e /sys/bus/pci/devices/{address} ]; do sleep 0.1; done; sleep 1;"
                       " touch stop; wait; sleep 1; cat statuses").stdout.decode()
    statuses = re.findall(r"^\d+$", said, re.MULTILINE)
    yield from differences(address, "first and last status", statuses[:1] + statuses[-1:],
                           ["0", "3"])
    yield from (f"{address}: status {status}" for status in set(statuses) - {"0", "3", "4"})


def plugged(subject):
    """a function that is plugged in is seen within 100 ms"""
    machine, (name, address, port) = subject.machine, pluggable(subject)
    uptime = "cut -d' ' -f1 /proc/uptime"
    machine.run(f"({PROGRAM} --wait 60 {address} >answer; echo $?; {uptime}) >seen & "
                f"(while [ ! -e /sys/bus/pci/devices/{address} ]; do :; done; {uptime}) >there & "
                "sleep 1")
    machine.qmp("device_add", driver="virtio-rng-pci", id=name, bus=port)
    said = machine.run("while [ $(cat seen there | wc -l) -lt 3 ]; do sleep 0.1; done;"
                       f"cat seen there; {uptime}; for i in 1 2 3 4 5 6 7 8 9 10; do "
                       f"{PROGRAM} {address} >answer; done; {uptime}").stdout.decode().split()
    status, seen, there, start, end = map(float, said)
    yield from differences(address, "exit status", status, 0)
    # Emulated, a run takes its time; it is not what is measured.
    late = seen - there - (end - start) / 10
    if late > 0.1:
        yield f"{address}: seen after {late:.2f} s"


def pluggable(subject):
    """Name, address and port of a function that can be unplugged."""
    for number, function in enumerate(subject.machine.guest.functions):
        name = function.name or f"{function.kind}-{number}"
        if function.kind == "rng" and function.port is not None and not function.addr:
            return name, subject.machine.addresses[name], f"port{function.port}"
    raise Skip("no function of its own behind a port")


# What a static program does without.

def alone(subject):
    """there is no loader and no shared library"""
    said = subject.machine.run("find / -xdev -name '*.so' -o -name '*.so.*'").stdout.decode()
    yield from said.splitlines()


CHECKS = [functions, identity, bars, capabilities_in_bytes, capabilities_in_lspci, driver_state,
          quiet, registers, probe, refused, libpci, unprivileged, unplugged, plugged]
BARE = [alone]     # in a guest with nothing else, these too
