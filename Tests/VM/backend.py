"""A vhost-user back end that answers QEMU's questions and never looks at a queue.

It is enough for the function to appear and for the guest's driver to bind to it.
"""
import socket
import struct
import threading

HEADER = struct.Struct("<III")     # request, flags, size of the payload
REPLY, NEEDS_REPLY = 1 << 2 | 1, 1 << 3
GET_FEATURES, GET_VRING_BASE, GET_PROTOCOL_FEATURES, GET_QUEUE_NUM = 1, 11, 15, 17
GET_CONFIG, GET_MAX_MEM_SLOTS = 24, 36
FEATURES = 1 << 28 | 1 << 29 | 1 << 30 | 1 << 32    # indirect, event index, protocol features, 1.0
PROTOCOL_MQ, PROTOCOL_REPLY_ACK, PROTOCOL_CONFIG = 1 << 0, 1 << 3, 1 << 9

# Device-specific feature bits and configuration; other kinds have neither. The disk is empty, or
# the guest would wait for its partition table.
KINDS = {
    "blk": (1 << 6 | 1 << 12, struct.pack("<QIIII", 0, 0, 126, 0, 512) + bytes(36)),
    "gpio": (1 << 0, struct.pack("<HHI", 4, 0, 0)),
    "i2c": (1 << 0, b""),
    "vsock": (0, struct.pack("<Q", 42)),
}


def listen(path, kind):
    """Serves one connection at the socket `path` as a device of `kind`."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen()
    threading.Thread(target=serve, args=(listener, kind), daemon=True).start()


def serve(listener, kind):
    connection, _ = listener.accept()
    features, config = KINDS.get(kind, (0, b""))
    protocol = PROTOCOL_MQ | PROTOCOL_REPLY_ACK | (PROTOCOL_CONFIG if config else 0)
    numbers = {GET_FEATURES: FEATURES | features, GET_PROTOCOL_FEATURES: protocol,
               GET_QUEUE_NUM: 8, GET_MAX_MEM_SLOTS: 8}
    while head := receive(connection, HEADER.size):
        request, flags, size = HEADER.unpack(head)
        payload = receive(connection, size)
        answer = None
        if request in numbers:
            answer = struct.pack("<Q", numbers[request])
        elif request == GET_VRING_BASE:
            answer = payload[:4] + bytes(4)
        elif request == GET_CONFIG:
            offset, length = struct.unpack_from("<II", payload)
            answer = payload[:12] + config[offset:offset + length].ljust(length, b"\0")
        elif flags & NEEDS_REPLY:
            answer = bytes(8)
        if answer is not None:
            connection.sendall(HEADER.pack(request, REPLY, len(answer)) + answer)


def receive(connection, size):
    """The next `size` bytes, or none at the end; files with them stay open: QEMU watches some."""
    data = b""
    while len(data) < size:
        part, *_ = socket.recv_fds(connection, size - len(data), 8)
        if not part:
            return b""
        data += part
    return data
