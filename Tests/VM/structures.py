"""The structures behind the capabilities, held against the guest's memory as QEMU reads it.

The layouts are those of Tests/Fixtures/spec, not the program's.
"""
import json
from functools import cache
from pathlib import Path

from subject import decode, differences, mappable, names_of

SPEC = Path(__file__).parent.parent / "Fixtures/spec"
# What these hold depends on more than a feature, or a read of them is not defined.
CONDITIONAL = {"console": {"emerg_wr"}, "gpu": {"events_clear"}, "input": {"u"}}

# What QEMU was told a device shall be: a property of the device, by the field that shows it.
PROPERTIES = {
    ("9p", "tag"): "mount_tag", ("blk", "blk_size"): "logical_block_size",
    ("blk", "num_queues"): "num-queues", ("console", "max_nr_ports"): "max_ports",
    ("fs", "tag"): "tag", ("gpu", "num_scanouts"): "max_outputs", ("mem", "addr"): "memaddr",
    ("mem", "block_size"): "block-size", ("mem", "requested_size"): "requested-size",
    ("mem", "plugged_size"): "size", ("net", "mac"): "mac", ("pmem", "start"): "memaddr",
    ("scsi", "num_queues"): "num_queues",
}


def structures(subject):
    """common and device configuration are those in QEMU's view of the guest's memory"""
    for device in subject.json("--registers")["devices"]:
        if not device["registers"] or not mappable(subject, device):
            continue
        # A driver may work between the two looks: what differs then does not differ again.
        for _ in range(3):
            found = [*compare(subject, device, "common", COMMON["fields"]),
                     *compare(subject, device, "device", fields_of(device["type"]))]
            if not found:
                break
            device, = subject.json(f"--registers {device['address']}")["devices"]
        yield from found
        yield from told(subject, device)


def compare(subject, device, structure, fields):
    """Compares the fields of a structure with its bytes, and looks for those that are missing."""
    address, ours = device["address"], device["registers"][structure]
    if not ours:
        return
    start, length = place(subject, address, structure)
    for field in fields:
        name, (at, size) = field["name"], (field["offset"], field["size"])
        if field.get("padding"):
            continue
        if ours[name] is None:
            if at + size <= length and must_be_there(subject, device, field):
                yield f"{address}: {structure}.{name}: is null, and exists"
        elif at + size > length:
            yield f"{address}: {structure}.{name}: is {ours[name]}, and beyond the structure"
        else:
            ours_in_memory = in_memory(ours[name], field)
            theirs = memory(subject, start + at, len(ours_in_memory), field.get("element_size", size))
            yield from differences(address, f"{structure}.{name}", ours_in_memory.hex(), theirs.hex())


def place(subject, address, structure):
    """Where a structure is in the guest's memory, and how long it is."""
    kinds = {"common": 1, "device": 4}
    bar, offset, length = next((bar, offset, length)
                               for _, _, _, kind, bar, _, offset, length, _
                               in decode(subject.config[address]) if kind == kinds[structure])
    base, = (region["address"] for region in subject.machine.functions[address]["regions"]
             if region["bar"] == bar)
    return base + offset, length


def memory(subject, start, size, width):
    """Bytes of the guest's memory, read in accesses of one width: registers mind."""
    found = b""
    while len(found) < size:
        said = subject.machine.qmp("human-monitor-command", **{
            "command-line": f"xp /1x{' bh w   g'[width]} {start + len(found):#x}"})
        found += int(said.split()[-1], 16).to_bytes(width, "little")
    return found


def in_memory(value, field):
    """A value of the JSON output as the bytes that it was decoded from."""
    if field.get("format") == "mac":
        return bytes.fromhex(value.replace(":", ""))
    if field.get("format") == "utf8" or field.get("type") == "char" or field["name"] == "tag":
        return value.encode()
    if isinstance(value, str) and not value.startswith("0x"):
        return bytes.fromhex(value)
    number = int(value, 16) if isinstance(value, str) else value
    return number.to_bytes(field["size"], "little")


def must_be_there(subject, device, field):
    """Whether the driver accepted the feature that a field needs, if any, and came so far."""
    if device["address"] not in subject.virtio:
        return False
    if field["name"].split(".")[0] in CONDITIONAL.get(device["type"], ()):
        return False
    if "FEATURES_OK" in field.get("read_rule", "") \
            and "FEATURES_OK" not in device["registers"]["common"]["device_status_flags"]:
        return False      # of a legacy driver there is no such status
    wanted = (field.get("depends_on") or {}).get("any") or field.get("depends_on_feature")
    if not wanted:
        return True
    wanted = {wanted} if isinstance(wanted, str) else set(wanted)
    _, theirs = subject.virtio[device["address"]]
    return bool(wanted & names_of(theirs["guest-features"]))


def told(subject, device):
    """Compares what QEMU was told with what is shown."""
    address, ours = device["address"], device["registers"]["device"]
    if address not in subject.virtio or not ours:
        return
    path = subject.virtio[address][0].removesuffix("/virtio-backend")
    properties = {item["name"] for item in subject.machine.qmp("qom-list", path=path)}
    for (type, field), property in PROPERTIES.items():
        value = ours.get(field)
        if type == device["type"] and value is not None and property in properties:
            if isinstance(value, str) and value.startswith("0x"):
                value = int(value, 16)
            yield from differences(address, f"{field} and {property} of QEMU", value,
                                   subject.machine.qmp("qom-get", path=path, property=property))


@cache
def layouts():
    return json.loads((SPEC / "device-cfg.json").read_text())["device"]


def fields_of(type):
    return layouts().get(type, {"fields": []})["fields"]


COMMON = json.loads((SPEC / "common-cfg.json").read_text())
