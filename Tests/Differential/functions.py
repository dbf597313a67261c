"""Config spaces: what hypervisors make, and what nobody should."""
import os
import random
import re
import struct

FIXTURES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../Fixtures/dumps")
CAP_LENS = [0, 1, 4, 7, 8, 9, 12, 15, 16, 17, 19, 20, 21, 23, 24, 25, 28, 64, 128, 255]
NUMBERS = [0, 1, 4, 0x38, 0x1000, 0x3000, 0x7FFFFFFF, 0x80000000, 0xFFFFF000, 0xFFFFFFFF]
IDS = [0x01, 0x03, 0x04, 0x05, 0x09, 0x0D, 0x11, 0x12, 0x13, 0x00, 0x15, 0x7F, 0xFE, 0xFF]
POINTERS = [0, 1, 3, 0x04, 0x34, 0x3C, 0x3F, 0x40, 0x41, 0xFC, 0xFD, 0xFF]


def saved():
    """The config spaces of the fixtures, bridges and all."""
    for name in sorted(os.listdir(FIXTURES)):
        if name.endswith(".txt"):
            with open(f"{FIXTURES}/{name}") as file:
                for block in re.split(r"\n\s*\n", file.read()):
                    digits = "".join(re.findall(r"^[0-9a-f]{2,3}:((?: [0-9a-f]{2})+)", block, re.M))
                    if digits:
                        yield bytes.fromhex(digits)


class Generator:
    """The same functions for the same seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.saved = list(saved())
        kinds = {
            self.as_saved: 1, self.damaged: 3, self.usual: 3, self.adversarial: 8, self.noise: 1}
        self.kinds, self.weights = list(kinds), list(kinds.values())

    def function(self):
        config = self.random.choices(self.kinds, self.weights)[0]()
        return bytes(config[:self.size(len(config))])

    def size(self, most):
        """Mostly all of it; else what a user without privilege sees, or where a file was cut."""
        choice = self.random.random()
        if choice < 0.93:
            return most
        return 64 if choice < 0.95 else 128 if choice < 0.96 else self.random.randint(64, most)

    def as_saved(self):
        return self.random.choice(self.saved)

    def damaged(self):
        config = bytearray(self.random.choice(self.saved))
        for _ in range(self.random.randint(1, 8)):
            config[self.random.randrange(min(len(config), 256))] = self.random.randrange(256)
        return config

    def header(self):
        pick = self.random
        config = bytearray(256)
        modern = pick.random() < 0.7
        device = 0x1040 + pick.randint(0, 63) if modern else pick.choice(
            [*range(0x1000, 0x100A), 0x103F])
        vendor = 0x1AF4
        if pick.random() < 0.03:
            vendor, device = pick.choice([(0x8086, 0x1041), (0x1AF4, 0x0FFF), (0x1AF4, 0x1080),
                                          (0x1AF4, 0x1110), (0xFFFF, 0xFFFF)])
        struct.pack_into("<HHHH", config, 0, vendor, device, pick.choice([0, 6, 0x407]), 0x10)
        struct.pack_into("<I", config, 8, pick.choice([0, 1, 0xFFFF0001, pick.getrandbits(32)]))
        self.bars(config)
        struct.pack_into("<HH", config, 0x2C, 0x1AF4, pick.choice([device, 1, 2, 0x1100]))
        return config

    def bars(self, config):
        pick, index = self.random, 0
        while index < 6:
            kind = pick.choices(["none", "io", "32", "64", "odd"], [4, 1, 2, 4, 1])[0]
            address = pick.getrandbits(32)
            if kind == "io":
                self.put(config, 0x10 + 4 * index, address & ~3 | 1)
            elif kind == "32":
                self.put(config, 0x10 + 4 * index, address & ~15 | pick.choice([0, 8]))
            elif kind == "64":
                self.put(config, 0x10 + 4 * index, address & ~15 | pick.choice([4, 12]))
                index += 1
                if index < 6:
                    self.put(config, 0x10 + 4 * index, pick.choice([0, 0x40, 0xFFFFFFFF, address]))
            elif kind == "odd":
                self.put(config, 0x10 + 4 * index, pick.choice([1, 2, 4, 6, 0xFFFFFFFF, address]))
            index += 1

    @staticmethod
    def put(config, offset, value):
        struct.pack_into("<I", config, offset, value)

    def cap(self, cfg_type, length, bar, offset, size, tail=b"", shm=0):
        return struct.pack("<BBBBBBHII", 9, 0, length, cfg_type, bar, shm, 0, offset, size) + tail

    def usual(self):
        """What a hypervisor makes: each structure once, MSI-X, perhaps shared memory."""
        pick, config = self.random, self.header()
        bar = pick.choice([0, 2, 4])
        caps = [
            self.cap(1, 16, bar, pick.choice([0, 0x1000]), pick.choice([0x38, 0x40, 0x1000])),
            self.cap(3, 16, bar, 0x2000, 1), self.cap(4, 16, bar, 0x4000, 0x1000),
            self.cap(2, 20, bar, 0x6000, 0x1000, struct.pack("<I", pick.choice([0, 2, 4, 4096]))),
            self.cap(5, 20, 0, 0, 0, bytes(4))]
        if pick.random() < 0.3:
            tail = struct.pack("<II", pick.choice([0, 1, 0xFFFFFFFF]), pick.choice([0, 1, 16]))
            caps.append(self.cap(8, 24, 2, 0, 0, tail, pick.randrange(4)))
        if pick.random() < 0.2:
            caps.append(struct.pack("<BBBBH", 9, 0, 12, 9, 0x1234) + bytes(range(6)))
        if pick.random() < 0.8:
            caps.append(struct.pack("<BBHII", 0x11, 0, pick.choice([2, 0x8002, 0xC7FF]), bar | 0x8000,
                                    bar | 0x48000))
        pick.shuffle(caps)
        self.chain(config, caps)
        return config

    def chain(self, config, caps):
        position, link = 0x40, 0x34
        for cap in caps:
            config[link] = position
            config[position:position + len(cap)] = cap
            link, position = position + 1, position + (len(cap) + 3 & ~3)
        config[link] = 0

    def adversarial(self):
        """Any entry anywhere: they may overlap, loop, leave the list or lie about their length."""
        pick, config = self.random, self.header()
        for offset in range(0x40, 256, 4):
            self.put(config, offset, pick.choice([0, *NUMBERS, pick.getrandbits(32)]))
        nodes = pick.sample(range(0x40, 256, 4), pick.choice([0, 1, 2, 3, 5, 8, 12, 20, 48]))
        link = 0x34
        for position in nodes:
            config[link] = position | pick.choice([0, 0, 0, 1, 3])
            config[position] = 9 if pick.random() < 0.85 else pick.choice(IDS)
            config[position + 2] = pick.choice(CAP_LENS)
            config[position + 3] = pick.choice([*range(11), 1, 2, 3, 4, 8, 9, 255, pick.randrange(256)])
            if position + 4 < 256 and pick.random() < 0.8:
                config[position + 4] = pick.choice([0, 1, 2, 4, 5, 6, 7, 255])
            link = position + 1
        config[link] = pick.choices([0, pick.choice(POINTERS), pick.choice(nodes or [0])], [5, 3, 2])[0]
        if pick.random() < 0.02:
            config[0x0E] = pick.choice([0x01, 0x02, 0x7F, 0x80])
        if pick.random() < 0.02:
            struct.pack_into("<H", config, 6, pick.choice([0, 0xFFEF]))
        return config

    def noise(self):
        config = bytearray(self.random.randbytes(256))
        struct.pack_into("<HH", config, 0, 0x1AF4, 0x1000 + self.random.randrange(0x80))
        config[0x0E] &= 0x80
        return config


def address(number):
    domain, rest = divmod(number, 1 << 16)
    return f"{domain:04x}:{rest >> 8:02x}:{rest >> 3 & 31:02x}.{rest & 7}"


def dump(functions, first):
    """What `lspci -xxx` would print of them, numbered from `first` on."""
    for number, config in enumerate(functions, first):
        yield f"{address(number)} Unassigned class [ffff]\n"
        for offset in range(0, len(config), 16):
            yield f"{offset:02x}: {config[offset:offset + 16].hex(' ')}\n"
        yield "\n"
