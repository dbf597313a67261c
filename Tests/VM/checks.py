"""What the program says inside a guest, held against the word of others.

A check takes a Subject and gives the differences, a line each; none is a pass.
"""
import json
import re

import hotplug
import structures
from subject import (PROGRAM, Skip, decode, differences, is_virtio, known, mappable, modern,
                     names_of, walk)

PCI_CFG_BAR, PCI_CFG_DATA, CFG_CAP_SIZE = 4, 16, 20     # the window's capability
SELECTORS = {0x00, 0x08, 0x16}     # device_feature_select, driver_feature_select, queue_select
LSPCI_TYPES = {"CommonCfg": 1, "Notify": 2, "ISR": 3, "DeviceCfg": 4}     # all that lspci 3.9 names
# Bits that QEMU has for the legacy interface and for itself, and does not show to a modern driver.
UNSEEN = {"VIRTIO_F_NOTIFY_ON_EMPTY", "VIRTIO_F_ANY_LAYOUT", "VHOST_USER_F_PROTOCOL_FEATURES",
          "VIRTIO_BLK_F_SCSI", "VIRTIO_NET_F_GSO", 30}


# The list of functions, their identity and their BARs, against QEMU.

def functions(subject):
    """every virtio function is listed, and nothing else"""
    virtio = sorted(address for address, function in subject.machine.functions.items()
                    if is_virtio(function["id"]))
    yield from differences("all", "functions", sorted(subject.devices), virtio)


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

def capabilities_of(device):
    keys = "position cap_len cfg_type cfg_type_value bar id offset length notify_off_multiplier"
    return [tuple(entry[key] for key in keys.split()) for entry in device["capabilities"]]


def walk_extended(config):
    """Position and ID of each extended capability, which only PCI Express functions have."""
    position = 0x100 if any(id == 0x10 for _, id in walk(config)) else 0
    for _ in range(960):
        header = int.from_bytes(config[position:position + 4], "little") if position else 0
        if header in (0, 0xffffffff):
            return
        yield position, header & 0xffff
        position = header >> 20 & 0xffc


def capabilities_in_bytes(subject):
    """capabilities are those in the bytes of config space"""
    for address, device in subject.devices.items():
        config = subject.config[address]
        yield from differences(address, "config_bytes", device["config_bytes"], len(config))
        yield from differences(address, "virtio capabilities", capabilities_of(device),
                               list(decode(config)))
        yield from differences(address, "PCI capabilities",
                               [(c["position"], c["id"]) for c in device["pci_capabilities"]],
                               list(walk(config)) + list(walk_extended(config)))


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
    names = names_of(theirs)
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


# The registers, against QEMU, and what the rules say of them.

# QEMU's cryptodev-backend-builtin offers the service MAC, and no algorithm for it.
KNOWN_DEFECTS = {("crypto", "crypto-services-have-algorithms")}


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
    chosen = modern(subject)
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
    if "VIRTIO_F_VERSION_1" not in names_of(theirs["guest-features"]):
        return      # of the rings that a legacy driver sets up the registers show nothing
    for queue in ours["queues"]:
        index = queue["index"]
        theirs = subject.machine.qmp("x-query-virtio-queue-status", path=path, queue=index)
        yield from differences(
            address, f"queue {index}: size and rings",
            [queue["size"], *(int(queue[part] or "0", 16)
                              for part in ("desc", "driver", "device"))],
            [theirs[f"vring-{part}"] for part in ("num", "desc", "avail", "used")])


def judged(subject):
    """no rule but of known defects is broken by what a probe shows, and more are held"""
    # What remote.py makes has a structure and no device.
    chosen = [address for address in modern(subject)
              if known(subject.machine.functions[address]["id"])]
    operands = " ".join(chosen)
    ran = subject.program(f"--json --check --probe --force {operands}")
    errors = [(device["address"], device["type"], problem["rule"])
              for device in json.loads(ran.stdout)["devices"]
              for problem in device["problems"] if problem["severity"] == "error"]
    # Each function with errors is named, on standard error.
    yield from differences("all", "exit status", (ran.status, bool(ran.stderr)), (bool(errors), bool(errors)))
    yield from (f"{address}: {rule}" for address, type, rule in errors
                if (type, rule) not in KNOWN_DEFECTS)
    held = [[int(count) for count in re.findall(r"^ *(\d+) rules held", subject.program(
        f"--check {options} {operands}").stdout.decode(), re.MULTILINE)]
        for options in ("", "--probe --force")]
    yield from differences("all", "verdicts", *map(len, (held[0], held[1])))
    yield from (f"{address}: {more} rules held with a probe, {fewer} without"
                for address, fewer, more in zip(chosen, *held) if more <= fewer)


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


def alone(subject):
    """there is no loader and no shared library"""
    said = subject.machine.run("find / -xdev -name '*.so' -o -name '*.so.*'").stdout.decode()
    yield from said.splitlines()


CHECKS = [functions, identity, bars, capabilities_in_bytes, capabilities_in_lspci, driver_state,
          quiet, registers, structures.structures, probe, judged, refused, libpci, unprivileged,
          hotplug.unplugged, hotplug.plugged, hotplug.replugged]
BARE = [alone]     # in a guest with nothing else, these too
