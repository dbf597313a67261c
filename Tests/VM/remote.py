"""PCI functions that QEMU does not have: it asks us for their config space and their BARs.

QEMU's x-pci-proxy-dev forwards each access over a socket; here memory answers.
"""
import os
import socket
import struct
import threading

HEADER = struct.Struct("<i4xQ")     # command, size of the payload
ANSWER, CONFIG_WRITE, CONFIG_READ, BAR_WRITE, BAR_READ, RESET = 1, 2, 3, 4, 5, 7
COMMAND, BAR0, BARS_END, INTERRUPT_LINE = 0x04, 0x10, 0x28, 0x3C
BAR0_SIZE = 1 << 20


def shared_memory():
    """A file system with a cache in shared memory: offset and length take 64 bits."""
    config = bytearray(256)
    struct.pack_into("<HHHHI", config, 0, 0x1AF4, 0x105A, 0, 0x0010, 0x01800001)
    struct.pack_into("<I", config, BAR0, 0)
    struct.pack_into("<HH", config, 0x2C, 0x1AF4, 0x1100)
    config[0x34] = 0x40
    for at, following, length, kind, id, offset, size in [
            (0x40, 0x50, 16, 1, 0, 0, 0x38), (0x50, 0x60, 16, 3, 0, 0x1000, 1),
            (0x60, 0x70, 16, 4, 0, 0x2000, 0x100), (0x70, 0x88, 24, 8, 0, 0x1_0000, 0x2_0000),
            (0x88, 0xA0, 24, 8, 7, 0x4_0000, 0x3_0000_0000), (0xA0, 0xB4, 20, 2, 0, 0x3000, 0x1000),
            (0xB4, 0, 20, 5, 0, 0, 0)]:
        struct.pack_into("<BBBBBBHII", config, at, 9, following, length, kind, 0, id, 0,
                         offset & 0xFFFFFFFF, size & 0xFFFFFFFF)
        if kind == 8:
            struct.pack_into("<II", config, at + 16, offset >> 32, size >> 32)
    struct.pack_into("<I", config, 0xA0 + 16, 4)
    return config


def start(config):
    """Serves a function; gives the file number that QEMU is to inherit as fd=."""
    ours, theirs = socket.socketpair()
    os.set_inheritable(theirs.fileno(), True)
    threading.Thread(target=serve, args=(ours, config), daemon=True).start()
    return theirs.detach()


def serve(connection, config):
    while True:
        head, files, *_ = socket.recv_fds(connection, HEADER.size, 8)
        for file in files:
            os.close(file)
        if len(head) < HEADER.size:
            return
        command, size = HEADER.unpack(head)
        payload = connection.recv(size, socket.MSG_WAITALL) if size else b""
        value = 0
        if command == CONFIG_READ:
            at, _, width = struct.unpack_from("<IIi", payload)
            value = int.from_bytes(config[at:at + width], "little")
        elif command == CONFIG_WRITE:
            at, written, width = struct.unpack_from("<IIi", payload)
            write(config, at, written, width)
        elif command not in (BAR_READ, BAR_WRITE, RESET):
            continue
        connection.sendall(HEADER.pack(ANSWER, 8) + struct.pack("<Q", value))


def write(config, at, value, width):
    """Takes what a driver may write; of BAR 0 the bits above its size."""
    if at == BAR0 and width == 4:
        value &= ~(BAR0_SIZE - 1)
    elif at != COMMAND and at != INTERRUPT_LINE:
        return
    config[at:at + width] = (value & (1 << 8 * width) - 1).to_bytes(width, "little")
