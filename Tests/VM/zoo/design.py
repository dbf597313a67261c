"""What a function presents: a sound design of its kind, and changes to it."""
import copy
import struct
from dataclasses import dataclass, field

COMMON, NOTIFY, ISR, DEVICE, PCI_CFG, SHARED = 1, 2, 3, 4, 5, 8
IO, MEMORY_64, PREFETCHABLE = 1, 4, 8     # the low bits of a BAR
LEGACY, MSIX, MEMORY, STRUCTURES = 0, 1, 2, 4     # BARs of a sound function
VIRTIO, CAPABILITIES_START = 0x1AF4, 0x40
VERSION_1, RING_RESET, ADMIN_VQ = 32, 40, 41


@dataclass
class Capability:
    type: int
    bar: int = STRUCTURES
    offset: int = 0
    length: int = 0
    extra: bytes = b""           # what follows the first 16 bytes
    id: int = 0
    cap_len: int | None = None   # None for the true one
    vndr: int = 9
    next: int | None = None      # None for the capability that follows

    @property
    def size(self):
        return 16 + len(self.extra)

    def encoded(self, following):
        return struct.pack(
            "<BBBBBB2xII", self.vndr, following if self.next is None else self.next,
            self.size if self.cap_len is None else self.cap_len, self.type, self.bar, self.id,
            self.offset, self.length) + self.extra


@dataclass
class Bar:
    size: int
    flags: int = 0
    guest_size: int = 0     # what the guest sees; 0 for the same as QEMU


@dataclass
class Design:
    """A sound function of a kind. `places` says where the registers really are."""
    name: str
    kind: object
    vendor: int = VIRTIO
    device: int = 0
    subsystem: int = 0x1100
    revision: int = 1
    class_code: int = 0
    pin: int = 1
    vectors: int = 4             # 0 for no MSI-X
    msix_bar: int = MSIX
    features: set[int] = field(default_factory=set)
    queues: list[int] = field(default_factory=list)
    config: bytes = b""
    multiplier: int = 4
    bars: dict[int, Bar] = field(default_factory=dict)
    places: dict[int, tuple[int, int]] = field(default_factory=dict)
    capabilities: list[Capability] = field(default_factory=list)
    pokes: list[tuple[int, bytes]] = field(default_factory=list)
    # Registers that do not do what they should; None for those that do.
    num_queues: int | None = None
    status: int | None = None
    notify_off: int | None = None
    queue_vector: int | None = None
    queue_enable: int | None = None
    refuses_features: bool = False

    def __post_init__(self):
        kind = self.kind
        self.device, self.class_code = 0x1040 + kind.type, kind.class_code
        self.features, self.queues = {VERSION_1, *kind.features}, list(kind.queues)
        self.config = kind.config(self.name)
        self.bars = {MSIX: Bar(0x1000), STRUCTURES: Bar(0x4000)}
        self.places = {COMMON: (4, 0), ISR: (4, 0x1000), DEVICE: (4, 0x2000), NOTIFY: (4, 0x3000)}
        self.capabilities = [
            Capability(COMMON, length=0x38), Capability(ISR, offset=0x1000, length=1),
            Capability(DEVICE, offset=0x2000, length=max(4, len(self.config))),
            Capability(NOTIFY, offset=0x3000, length=0x1000, extra=bytes(4)),
            Capability(PCI_CFG, bar=0, extra=bytes(4))]
        if kind.shared:
            id, length = kind.shared
            self.bars[MEMORY] = Bar(0x400000, PREFETCHABLE)
            self.capabilities.append(Capability(SHARED, MEMORY, 0, length, bytes(8), id))

    def capability(self, type):
        return next(each for each in self.capabilities if each.type == type)

    def encoded(self):
        """Configuration space, the place of MSI-X and that of the window in it; 0 for none."""
        space = bytearray(256)
        struct.pack_into("<HHHHBBH", space, 0, self.vendor, self.device, 0,
                         0x10 if self.capabilities or self.vectors else 0, self.revision, 0,
                         self.class_code)
        struct.pack_into("<HH", space, 0x2C, VIRTIO, self.subsystem)
        space[0x0E], space[0x3D] = 0x80, self.pin      # one of several functions of its device
        for number, bar in self.bars.items():
            struct.pack_into("<I", space, 0x10 + 4 * number, bar.flags)
        at, msix, window = CAPABILITIES_START, 0, 0
        if space[6]:
            space[0x34] = at
        if self.vectors:
            msix, following = at, at + 12 if self.capabilities else 0
            struct.pack_into("<BBHII", space, at, 0x11, following, self.vectors - 1,
                             self.msix_bar, 0x800 | self.msix_bar)
            at += 12
        for capability in self.capabilities:
            if capability.type == NOTIFY:
                capability.extra = struct.pack("<I", self.multiplier)
            if capability.type == PCI_CFG:
                window = at
            is_last = capability is self.capabilities[-1]
            data = capability.encoded(0 if is_last else at + (capability.size + 3 & ~3))
            space[at:at + len(data)] = data
            at += len(data) + 3 & ~3
        for place, data in self.pokes:
            space[place:place + len(data)] = data
        return space, msix, window


# Changes to a sound design.

def given(**values):
    """Fields of the design."""
    def change(design):
        for name, value in values.items():
            setattr(design, name, value)
    return change


def cap(type, **values):
    """Fields of the first capability of the type; the registers stay where they are."""
    def change(design):
        for name, value in values.items():
            setattr(design.capability(type), name, value)
    return change


def moved(type, offset, bar=STRUCTURES):
    """The structure lies somewhere else, and its capability says so."""
    def change(design):
        design.places[type] = bar, offset
        cap(type, offset=offset, bar=bar)(design)
    return change


def without(*types):
    def change(design):
        design.capabilities = [each for each in design.capabilities if each.type not in types]
    return change


def another(type, /, first=False, **values):
    """A second capability of the type, before or after the sound one."""
    def change(design):
        sound = design.capability(type)
        added = copy.copy(sound)
        for name, value in values.items():
            setattr(added, name, value)
        design.capabilities.insert(
            design.capabilities.index(sound) + (not first), added)
    return change


def ordered(*types):
    """The capabilities of these types first, in this order."""
    def change(design):
        rest = [each for each in design.capabilities if each.type not in types]
        design.capabilities = [design.capability(type) for type in types] + rest
    return change


def offers(*bits):
    return lambda design: design.features.update(bits)


def lacks(*bits):
    return lambda design: design.features.difference_update(bits)


def config(offset, layout, *values):
    """Fields of the device-specific configuration."""
    def change(design):
        space = bytearray(design.config)
        struct.pack_into("<" + layout, space, offset, *values)
        design.config = bytes(space)
    return change


def bar(number, size, flags=0, **values):
    return lambda design: design.bars.update({number: Bar(size, flags, **values)})


def no_bar(number):
    return lambda design: design.bars.pop(number)


def poke(at, *data):
    """Bytes of configuration space, whatever the design says."""
    return lambda design: design.pokes.append((at, bytes(data)))


def transitional(design):
    given(device=design.kind.transitional, subsystem=design.kind.type, revision=0)(design)
    bar(LEGACY, 0x40, IO)(design)


def legacy(design):
    transitional(design)
    design.capabilities = []
    design.features.discard(VERSION_1)
    del design.bars[STRUCTURES]
