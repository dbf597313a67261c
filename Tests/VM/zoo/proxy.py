"""The other end of QEMU's x-pci-proxy-dev: QEMU passes on each access to a function.

The messages are those of hw/remote/mpqemu-link.h in QEMU 7.2.
"""
import mmap
import os
import selectors
import socket
import struct
import threading

HEADER = struct.Struct("<i4xQ")       # command, size of the payload
SYNC_MEMORY, ANSWER, CONFIG_WRITE, CONFIG_READ, BAR_WRITE, BAR_READ, SET_IRQ, RESET = range(8)
CONFIG = struct.Struct("<IIi")        # offset, value, width
BAR = struct.Struct("<QQI?3x")        # address or port, value, width, memory rather than ports
MEMORY = struct.Struct("<8Q8Q8q")     # guest addresses, sizes, offsets in the files


class Memory:
    """The guest's memory, as QEMU last described it."""

    def __init__(self):
        self.parts, self.maps = [], {}

    def replace(self, payload, files):
        """Each change comes for each function: a file is mapped only when it is used."""
        for *_, file in self.parts:
            os.close(file)
        fields = MEMORY.unpack(payload)
        self.parts = [(fields[i], fields[8 + i], fields[16 + i], file)
                      for i, file in enumerate(files)]
        self.maps = {}

    def at(self, address, length):
        for start, size, offset, file in self.parts:
            if start <= address and address + length <= start + size:
                if start not in self.maps:
                    self.maps[start] = mmap.mmap(file, size, offset=offset)
                return self.maps[start], address - start
        raise ValueError(f"no memory at {address:#x}")

    def read(self, address, layout):
        size = struct.calcsize(layout)
        space, at = self.at(address, size)
        return struct.unpack(layout, space[at:at + size])

    def write(self, address, data):
        space, at = self.at(address, len(data))
        space[at:at + len(data)] = data


class Zoo:
    """Serves the functions of one QEMU, in a thread."""

    def __init__(self):
        self.memory, self.functions, self.files = Memory(), [], []
        self.selector = selectors.DefaultSelector()
        self.raised = {}          # interrupt line -> the functions that raise it
        # QEMU takes interrupts from us with KVM only; its test interface can raise them too.
        self.qtest, theirs = socket.socketpair()
        self.arguments = ["-chardev", f"socket,id=qtest,fd={self.inherited(theirs)}",
                          "-qtest", "chardev:qtest", "-qtest-log", "/dev/null"]
        self.selector.register(self.qtest, selectors.EVENT_READ, None)

    def inherited(self, connection):
        os.set_inheritable(connection.fileno(), True)
        self.files.append(connection.detach())
        return self.files[-1]

    def add(self, function, slot, number):
        ours, theirs = socket.socketpair()
        function.zoo = self
        function.line = 20 + slot % 4        # q35's input of the IOAPIC for INTA, slots 0 to 0x18
        function.address = f"0000:00:{slot:02x}.{number}"
        self.functions.append(function)
        self.selector.register(ours, selectors.EVENT_READ, function)
        self.arguments += ["-device", f"x-pci-proxy-dev,fd={self.inherited(theirs)},"
                           f"addr={slot:x}.{number},multifunction=on"]

    def start(self):
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        """Until QEMU ends."""
        while self.selector.get_map():
            for key, _ in self.selector.select():
                connection, function = key.fileobj, key.data
                try:
                    is_open = self.serve(connection, function) if function else (
                        connection.recv(1 << 16))     # what the test interface answers
                except OSError:
                    is_open = False
                if not is_open:
                    self.selector.unregister(connection)
                    connection.close()

    def serve(self, connection, function):
        head, files, *_ = socket.recv_fds(connection, HEADER.size, 8)
        if len(head) < HEADER.size:
            return False
        command, size = HEADER.unpack(head)
        payload = connection.recv(size, socket.MSG_WAITALL) if size else b""
        if command == SYNC_MEMORY:
            self.memory.replace(payload, files)
            return True
        if command == SET_IRQ:
            for file in files:
                os.close(file)
            return True
        value = self.answer(function, command, payload) or 0
        connection.sendall(HEADER.pack(ANSWER, 8) + struct.pack("<Q", value))
        return True

    def answer(self, function, command, payload):
        if command == CONFIG_READ:
            at, _, width = CONFIG.unpack(payload)
            return function.config_read(at, width)
        if command == CONFIG_WRITE:
            at, value, width = CONFIG.unpack(payload)
            return function.config_write(at, width, value)
        if command in (BAR_READ, BAR_WRITE):
            address, value, width, is_memory = BAR.unpack(payload)
            bar, offset = function.locate(address, is_memory)
            if bar is None:
                return (1 << 8 * width) - 1
            if command == BAR_READ:
                return function.bar_read(bar, offset, width)
            return function.bar_write(bar, offset, width, value & (1 << 8 * width) - 1)
        return function.start() if command == RESET else 0

    def message(self, address, data):
        self.qtest.sendall(f"writel {address:#x} {data:#x}\n".encode())

    def line(self, function, is_raised):
        holders = self.raised.setdefault(function.line, set())
        if is_raised == (function in holders):
            return
        holders.symmetric_difference_update({function})
        self.qtest.sendall(f"set_irq_in /machine/q35/ioapic unnamed-gpio-in {function.line} "
                           f"{int(bool(holders))}\n".encode())
