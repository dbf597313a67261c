"""The types of devices in the zoo, and what they answer to a request."""
import os
import struct
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    name: str
    type: int
    class_code: int
    module: str              # Linux's driver
    queues: tuple[int, ...]
    features: frozenset[int] = frozenset()
    config: Callable[[str], bytes] = lambda name: b""
    transitional: int = 0    # the device ID of a transitional function
    shared: tuple[int, int] | None = None     # ID and length of its shared memory
    # From the queue, what the driver sent, and the room for an answer; None keeps the request.
    answer: Callable[[int, bytes, int], bytes | None] = lambda queue, sent, room: None
    is_asked: bool = False   # Linux sends it a request at once


def taken(queue, sent, room):
    """What is sent is taken; buffers to receive into are kept."""
    return None if room else b""


def network(queue, sent, room):
    return bytes(room) if queue == 2 else taken(queue, sent, room)


DISK_SECTORS, DISK_READ, DISK_ID = 2048, 0, 8


def disk(queue, sent, room):
    request, _, sector = struct.unpack_from("<IIQ", sent)
    if request == DISK_ID:
        return b"zoo".ljust(room, b"\0")
    data = boot_sector() if request == DISK_READ and sector == 0 else b""
    return data[:room - 1].ljust(room, b"\0")


def boot_sector():
    """Writes MARK to QEMU's debug port and ends QEMU; else a disk without a partition."""
    code = b"\xfa\xba\x02\x04" + b"".join(bytes([0xB0, byte, 0xEE]) for byte in BOOTED)
    code += b"\xba\x01\x05\xb0\x31\xee\xeb\xfe"      # out of QEMU by isa-debug-exit
    table = struct.pack("<BBBBBBBBII", 0x80, 0, 2, 0, 0x83, 0, 3, 0, 8, 1000)
    return (code.ljust(446, b"\0") + table).ljust(510, b"\0") + b"\x55\xaa"


BOOTED = b"BOOTED\n"


def blk_config(name):
    return struct.pack("<QIIHBBI", DISK_SECTORS, 0, 0, 0, 0, 0, 512).ljust(96, b"\0")


def fs_config(name):
    # Two file systems cannot have the same tag.
    return name.encode()[:36].ljust(36, b"\0") + struct.pack("<I", 1)


def console_config(name):
    return struct.pack("<HHII", 80, 25, 1, 0)


def net_config(name):
    return bytes.fromhex("5254 0012 3456 0100 0100 dc05").ljust(24, b"\0")


KINDS = {kind.name: kind for kind in [
    Kind("net", 1, 0x0200, "virtio_net", (256, 256, 64), frozenset({5, 16}), net_config, 0x1000,
         answer=network),
    Kind("blk", 2, 0x0100, "virtio_blk", (128,), frozenset({6}), blk_config, 0x1001, answer=disk,
         is_asked=True),
    Kind("console", 3, 0x0780, "virtio_console", (64, 64, 64, 64), config=console_config,
         transitional=0x1003, answer=taken),
    Kind("rng", 4, 0x00FF, "virtio-rng", (8,), transitional=0x1005,
         answer=lambda queue, sent, room: os.urandom(room), is_asked=True),
    Kind("balloon", 5, 0x00FF, "virtio_balloon", (64, 64), config=lambda name: bytes(16),
         transitional=0x1002, answer=taken),
    Kind("9p", 9, 0x0002, "9pnet_virtio", (128,), frozenset({0}),
         lambda name: struct.pack("<H", len(name)) + name.encode(), 0x1009),
    Kind("gpu", 16, 0x0380, "virtio-gpu", (64, 16), config=lambda name: bytes(16),
         shared=(1, 0x200000)),
    Kind("input", 18, 0x0980, "virtio_input", (64, 64), config=lambda name: bytes(136),
         answer=taken),
    Kind("vsock", 19, 0x0280, "vmw_vsock_virtio_transport", (128, 128, 64),
         config=lambda name: struct.pack("<Q", 42), answer=taken),
    Kind("fs", 26, 0x0180, "virtiofs", (128, 128), config=fs_config, shared=(0, 0x200000)),
    Kind("i2c", 34, 0x0C80, "i2c-virtio", (16,), frozenset({0})),
    Kind("gpio", 41, 0x0880, "gpio-virtio", (16, 16), config=lambda name: struct.pack(
        "<HHI", 4, 0, 0)),
]}
