"""What virtio-pci-inspect must say of a config space: a second opinion.

Written from the specification (VIRTIO 1.4 §4.1.4, the PCI Local Bus Specification) and from the rules of
the Rust crate virtio-spec for which capabilities decode, with nothing of the program's own code.
"""
import struct

HEADER = 0x40
CONVENTIONAL = 256
VENDOR_SPECIFIC, MSIX, INVALID = 0x09, 0x11, 0xFF
TYPES = {1: "common", 2: "notify", 3: "isr", 4: "device", 5: "pci", 8: "shared_memory", 9: "vendor"}
# The least cap_len, beside 16 for every other type.
LEAST = {"notify": 20, "shared_memory": 24, "vendor": 8}



def word(config, offset):
    return struct.unpack_from("<H", config, offset)[0]


def dword(config, offset):
    return struct.unpack_from("<I", config, offset)[0]


def is_virtio(config):
    return word(config, 0) == 0x1AF4 and 0x1000 <= word(config, 2) <= 0x107F


def identity(config):
    return {
        "vendor_id": f"{word(config, 0):#06x}", "device_id": f"{word(config, 2):#06x}",
        "subsystem_vendor_id": f"{word(config, 0x2C):#06x}",
        "subsystem_id": f"{word(config, 0x2E):#06x}", "revision": f"{config[8]:#04x}",
        "class": f"{dword(config, 8) >> 8:#08x}",
    }


def bars(config):
    """The implemented BARs: index to whether it is I/O and its address, None when there is none."""
    found, index = {}, 0
    while index < 6:
        low = dword(config, 0x10 + 4 * index)
        wide = low & 7 == 4 and index < 5
        if low & 1:
            address = low & ~3
        elif wide:
            address = low & ~15 | dword(config, 0x14 + 4 * index) << 32
        else:
            address = low & ~15
        if low:
            found[index] = bool(low & 1), address or None
        index += 2 if wide else 1
    return found


def positions(config):
    """Where the list has entries of four readable bytes, and how it ends."""
    if not word(config, 6) & 0x10:
        return [], "absent"
    found, position = [], config[0x34] & ~3
    while position >= HEADER:
        if position in found:
            return found, "loop"
        if position + 4 > min(len(config), CONVENTIONAL):
            return found, "truncated"
        if config[position] == INVALID:
            return found, "invalid"
        found.append(position)
        position = config[position + 1] & ~3
    return found, "below" if position else "terminated"


def capability(config, position):
    """A virtio capability; what does not decode is None, and its error is True."""
    readable = config[position:CONVENTIONAL]
    cap_len, number = readable[2], readable[3]
    cfg_type = TYPES.get(number, "unknown")
    entry = {
        "position": position, "cap_vndr": readable[0], "cap_next": readable[1], "cap_len": cap_len,
        "cfg_type": cfg_type, "cfg_type_value": number, "bar": None, "id": None, "offset": None,
        "length": None, "notify_off_multiplier": None, "pci_cfg_data": None, "vendor_id": None,
        "vendor_data": None, "address": None, "padding": None, "error": False,
    }
    least = LEAST.get(cfg_type, 16)
    needed = cap_len if cfg_type == "vendor" else least
    if cap_len < least or needed > len(readable):
        return {**entry, "error": True}
    if cfg_type == "vendor":
        return {
            **entry, "vendor_id": f"{word(readable, 4):#06x}", "vendor_data": readable[6:cap_len].hex()}
    entry |= {
        "bar": readable[4], "id": readable[5], "padding": readable[6:8].hex(),
        "offset": dword(readable, 8), "length": dword(readable, 12)}
    if cfg_type == "notify":
        entry["notify_off_multiplier"] = dword(readable, 16)
    if cfg_type == "shared_memory":
        entry["offset"] |= dword(readable, 16) << 32
        entry["length"] |= dword(readable, 20) << 32
    if cfg_type == "pci":
        if cap_len >= 20 and len(readable) >= 20:
            entry["pci_cfg_data"] = readable[16:20].hex()
    else:
        _, base = bars(config).get(entry["bar"], (False, None))
        if base is not None and base + entry["offset"] < 1 << 64:
            entry["address"] = f"{base + entry['offset']:#x}"
    return entry


def msix(config, position):
    if position + 12 > min(len(config), CONVENTIONAL):
        return None
    control, table, pba = struct.unpack_from("<HII", config, position + 2)
    return {
        "enabled": bool(control & 0x8000), "masked": bool(control & 0x4000),
        "table_size": (control & 0x7FF) + 1, "table_bar": table & 7, "table_offset": table & ~7,
        "pba_bar": pba & 7, "pba_offset": pba & ~7}


def describe(config):
    """The keys of a function's JSON that this model knows."""
    listed, _ = positions(config)
    return {
        **identity(config),
        "config_bytes": len(config),
        "bars": [
            {"index": index, "space": "io" if io else "memory",
             "address": None if address is None else f"{address:#x}"}
            for index, (io, address) in bars(config).items()],
        "capabilities": [
            capability(config, position) for position in listed
            if config[position] == VENDOR_SPECIFIC],
        "pci_capabilities": [
            {"position": position, "id": config[position],
             **({"msix": msix(config, position)} if config[position] == MSIX else {})}
            for position in listed],
    }
