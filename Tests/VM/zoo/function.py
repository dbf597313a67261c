"""A virtio function at work: configuration space, registers, queues, and what a driver did."""
import struct
from dataclasses import dataclass, field

from zoo.design import COMMON, DEVICE, IO, ISR, LEGACY, MEMORY_64, NOTIFY

ACKNOWLEDGE, DRIVER, DRIVER_OK, FEATURES_OK, FAILED = 1, 2, 4, 8, 0x80
NO_VECTOR = 0xFFFF
ONES = 0xFFFFFFFF
# The common configuration: offset and size of each field, 64-bit addresses as two.
FIELDS = ([(at, 4) for at in range(0, 0x10, 4)] + [(0x10, 2), (0x12, 2), (0x14, 1), (0x15, 1)]
          + [(at, 2) for at in range(0x16, 0x20, 2)] + [(at, 4) for at in range(0x20, 0x38, 4)]
          + [(0x38, 2), (0x3A, 2)])
(FEATURE_SELECT, DRIVER_FEATURE_SELECT, DRIVER_FEATURE, CONFIG_VECTOR, STATUS, QUEUE_SELECT,
 QUEUE_SIZE, QUEUE_VECTOR, QUEUE_ENABLE, QUEUE_DESC, QUEUE_RESET) = (
    0x00, 0x08, 0x0C, 0x10, 0x14, 0x16, 0x18, 0x1A, 0x1C, 0x20, 0x3A)


@dataclass
class Queue:
    size: int
    vector: int = NO_VECTOR
    enabled: int = 0
    rings: list[int] = field(default_factory=lambda: [0, 0, 0])    # descriptors, available, used
    done: int = 0


class Function:
    def __init__(self, design):
        self.design, self.name = design, design.name
        self.config, self.msix, self.window = design.encoded()
        self.table = bytearray(16 * max(design.vectors, 1))
        self.device = bytearray(design.config)
        self.offered = sum(1 << bit for bit in design.features)
        self.is_started = False        # QEMU itself asks first
        self.forget()
        self.reset()

    def forget(self):
        """Begins the history of what drivers do."""
        self.statuses, self.requests, self.interface = [], 0, ""
        self.touched = set()       # structures that were read or written

    def start(self):
        self.is_started = True
        self.forget()
        self.reset()

    def reset(self):
        self.status = self.isr = self.select = self.feature_select = self.driver_select = 0
        self.accepted, self.config_vector = 0, NO_VECTOR
        self.queues = [Queue(size) for size in self.design.queues]

    @property
    def seen(self):
        """The verdict of the driver that was there."""
        if self.status & DRIVER_OK and not self.status & FAILED:
            return self.interface
        is_met = any(status & ACKNOWLEDGE for status in self.statuses)
        is_wanted = any(status & ~ACKNOWLEDGE for status in self.statuses)
        return "no_driver" if is_met and not is_wanted else "refused"

    # Configuration space.

    def config_read(self, at, width):
        if self.window and self.window + 16 <= at < self.window + 20:
            bar, offset, length = self.window_fields()
            return self.bar_read(bar, offset, length) if length in (1, 2, 4) else 0
        return int.from_bytes(self.config[at:at + width], "little")

    def config_write(self, at, width, value):
        data = (value & (1 << 8 * width) - 1).to_bytes(width, "little")
        if 0x10 <= at < 0x28:
            self.write_bar((at - 0x10) // 4, value)
        elif self.window and self.window + 4 <= at < self.window + 20:
            self.config[at:at + width] = data
            bar, offset, length = self.window_fields()
            if at >= self.window + 16 and length in (1, 2, 4):
                self.bar_write(bar, offset, length, value)
        else:
            for place, byte in zip(range(at, at + width), data):
                mask = {4: 7, 5: 4, 0x3C: 0xFF}.get(place, 0)
                if self.msix and place == self.msix + 3:
                    mask = 0xC0
                self.config[place] = self.config[place] & ~mask | byte & mask

    def window_fields(self):
        return (self.config[self.window + 4],
                *struct.unpack_from("<II", self.config, self.window + 8))

    def write_bar(self, number, value):
        bar, below = self.design.bars.get(number), self.design.bars.get(number - 1)
        if bar:
            size = self.is_started and bar.guest_size or bar.size
            value = value & ~(size - 1) & ONES | bar.flags
        elif not (below and below.flags & MEMORY_64 and self.is_started):
            return      # QEMU makes a BAR of whatever answers; to the guest it is an upper half
        struct.pack_into("<I", self.config, 0x10 + 4 * number, value)

    def locate(self, address, is_memory):
        """The BAR at an address, and the offset in it."""
        for number, bar in self.design.bars.items():
            base, = struct.unpack_from("<I", self.config, 0x10 + 4 * number)
            base &= ~3 if bar.flags & IO else ~15
            if is_memory != bool(bar.flags & IO) and base <= address < base + bar.size:
                return number, address - base
        return None, 0

    # BARs. An access that is not aligned comes in parts, or as wider ones.

    def structure(self, bar, offset):
        """The structure at an offset, and the offset in it."""
        places = [(start, type) for type, (where, start) in self.design.places.items()
                  if where == bar and start <= offset]
        start, type = max(places, default=(offset, None))
        return type, offset - start

    def bar_read(self, bar, offset, width):
        if self.is_legacy(bar):
            return self.legacy_read(offset, width)
        if self.msix and bar == self.design.msix_bar and offset < len(self.table):
            return int.from_bytes(self.table[offset:offset + width], "little")
        data = bytes(self.byte(bar, at) for at in range(offset, offset + width))
        return int.from_bytes(data, "little")

    def is_legacy(self, bar):
        return bar == LEGACY and all(where != bar for where, _ in self.design.places.values())

    def byte(self, bar, offset):
        type, at = self.structure(bar, offset)
        self.touched.add(type)
        if type == ISR and at == 0:
            return self.take_isr()
        space = {COMMON: self.common, DEVICE: lambda: self.device}.get(type, bytes)()
        return space[at] if at < len(space) else 0

    def bar_write(self, bar, offset, width, value):
        if self.is_legacy(bar):
            self.legacy_write(offset, width, value)
            return
        data = value.to_bytes(width, "little")
        if self.msix and bar == self.design.msix_bar and offset + width <= len(self.table):
            self.table[offset:offset + width] = data
            return
        type, at = self.structure(bar, offset)
        self.touched.add(type)
        if type == COMMON:
            self.write_fields(at, data)
        elif type == NOTIFY:
            self.kick(value & 0xFFFF)
        elif type == DEVICE and at + width <= len(self.device):
            self.device[at:at + width] = data

    def take_isr(self):
        isr, self.isr = self.isr, 0
        self.zoo.line(self, False)
        return isr

    @property
    def queue(self):
        return self.queues[self.select] if self.select < len(self.queues) else Queue(0)

    def common(self):
        def odd(name, value):
            return value if getattr(self.design, name) is None else getattr(self.design, name)

        queue, shift = self.queue, 32 * self.feature_select
        return struct.pack(
            "<IIIIHHBBHHHHHQQQHH", self.feature_select, self.offered >> shift & ONES,
            self.driver_select, self.accepted >> 32 * self.driver_select & ONES,
            self.config_vector, odd("num_queues", len(self.queues)),
            odd("status", self.status), 0, self.select, queue.size,
            odd("queue_vector", queue.vector), odd("queue_enable", queue.enabled),
            odd("notify_off", self.select), *queue.rings, self.select, 0)

    def write_fields(self, at, data):
        """Each field takes what falls to it."""
        for start, size in FIELDS:
            first, last = max(start, at), min(start + size, at + len(data))
            if first < last:
                value = bytearray(self.common()[start:start + size])
                value[first - start:last - start] = data[first - at:last - at]
                self.write_field(start, int.from_bytes(value, "little"))

    def write_field(self, at, value):
        queue = self.queue
        if at == FEATURE_SELECT:
            self.feature_select = value
        elif at == DRIVER_FEATURE_SELECT:
            self.driver_select = value
        elif at == DRIVER_FEATURE and self.driver_select < 2:
            shift = 32 * self.driver_select
            self.accepted = self.accepted & ~(ONES << shift) | value << shift
        elif at == CONFIG_VECTOR:
            self.config_vector = self.vector(value)
        elif at == STATUS:
            self.set_status(value, "modern")
        elif at == QUEUE_SELECT:
            self.select = value
        elif at == QUEUE_SIZE:
            queue.size = value
        elif at == QUEUE_VECTOR:
            queue.vector = self.vector(value)
        elif at == QUEUE_ENABLE:
            queue.enabled = value
        elif at == QUEUE_RESET and self.select < len(self.queues):
            self.queues[self.select] = Queue(self.design.queues[self.select])
        elif QUEUE_DESC <= at < QUEUE_DESC + 24:
            ring, shift = (at - QUEUE_DESC) // 8, 8 * (at & 4)
            queue.rings[ring] = queue.rings[ring] & ~(ONES << shift) | value << shift

    def vector(self, value):
        return value if value < self.design.vectors else NO_VECTOR

    def set_status(self, value, interface):
        if not value:
            self.reset()
        elif value & FEATURES_OK and not self.status & FEATURES_OK:
            if self.accepted & ~self.offered or self.design.refuses_features:
                value &= ~FEATURES_OK
        self.status, self.interface = value, interface
        self.statuses.append(value)

    # The legacy interface.

    def legacy_read(self, offset, width):
        self.touched.add("legacy")
        if offset == 19:
            return self.take_isr()
        queue = self.queue
        space = struct.pack("<IIIHHHBB", self.offered & ONES, self.accepted & ONES,
                            queue.rings[0] >> 12, queue.size, self.select, 0, self.status, 0)
        if self.has_vectors():
            space += struct.pack("<HH", self.config_vector, queue.vector)
        space = (space + self.device)[offset:offset + width]
        return int.from_bytes(space, "little")

    def legacy_write(self, offset, width, value):
        self.touched.add("legacy")
        queue = self.queue
        if offset == 4:
            self.accepted = value
        elif offset == 8:
            available = value * 4096 + 16 * queue.size
            used = available + 6 + 2 * queue.size + 4095 & ~4095
            queue.rings, queue.enabled, queue.done = [value * 4096, available, used], value != 0, 0
        elif offset == 14:
            self.select = value
        elif offset == 16:
            self.kick(value)
        elif offset == 18:
            self.set_status(value, "legacy")
        elif offset == 20 and self.has_vectors():
            self.config_vector = self.vector(value)
        elif offset == 22 and self.has_vectors():
            queue.vector = self.vector(value)

    def has_vectors(self):
        return bool(self.msix and self.config[self.msix + 3] & 0x80)

    # Queues.

    def kick(self, number):
        if number >= len(self.queues) or not self.queues[number].enabled:
            return
        try:
            served = self.serve(number)
        except (ValueError, struct.error, IndexError):
            self.queues[number].enabled = 0     # what the driver of a broken function made
            return
        if served:
            self.requests += served
            self.isr |= 1
            self.interrupt(self.queues[number].vector)

    def serve(self, number):
        """Answers what is available; gives how many that were."""
        queue, memory, served = self.queues[number], self.zoo.memory, 0
        _, available, used = queue.rings
        while queue.done != memory.read(available + 2, "<H")[0]:
            head, = memory.read(available + 4 + 2 * (queue.done % queue.size), "<H")
            sent, room = self.chain(queue, head)
            answer = self.design.kind.answer(number, sent, sum(length for _, length in room))
            if answer is None:
                break
            written = len(answer)
            for address, length in room:
                memory.write(address, answer[:length])
                answer = answer[length:]
            at, = memory.read(used + 2, "<H")
            memory.write(used + 4 + 8 * (at % queue.size), struct.pack("<II", head, written))
            memory.write(used + 2, struct.pack("<H", at + 1 & 0xFFFF))
            queue.done = queue.done + 1 & 0xFFFF
            served += 1
        return served

    def chain(self, queue, index):
        """What the driver sent, and the buffers for an answer."""
        memory, sent, room = self.zoo.memory, b"", []
        for _ in range(queue.size):
            address, length, flags, following = memory.read(
                queue.rings[0] + 16 * index, "<QIHH")
            if flags & 2:
                room.append((address, length))
            else:
                sent += memory.read(address, f"{length}s")[0]
            if not flags & 1:
                break
            index = following
        return sent, room

    def interrupt(self, vector):
        if self.has_vectors():
            if vector < self.design.vectors:
                low, high, data, mask = struct.unpack_from("<IIII", self.table, 16 * vector)
                if not mask & 1:
                    self.zoo.message(high << 32 | low, data)
        elif self.design.pin and not self.config[5] & 4:
            self.zoo.line(self, True)
