"""The zoo's inhabitants: what each has that a sound function of its kind has not."""
from dataclasses import dataclass

from zoo.design import (ADMIN_VQ, COMMON, DEVICE, IO, ISR, LEGACY, MEMORY, MEMORY_64, MSIX, NOTIFY,
                        PCI_CFG, PREFETCHABLE, RING_RESET, SHARED, STRUCTURES, VERSION_1, Design,
                        another, bar, cap, config, given, lacks, legacy, moved, no_bar, offers,
                        ordered, poke, transitional, without)
from zoo.function import NO_VECTOR, Function
from zoo.kinds import KINDS


@dataclass
class Variant:
    name: str
    kind: str
    changes: tuple
    # The step at which Linux stops, of those that no look at the function can decide.
    stops: str = ""
    # What older releases of Linux do instead: the verdict, and the first release that does not.
    older: tuple[str, str] = ("", "")
    is_empty: bool = False      # there is nothing to read

    def function(self, kind=""):
        """A function of this variant, of another kind where that is asked for."""
        design = Design(self.name, KINDS[kind or self.kind])
        for change in self.changes:
            change(design)
        return Function(design)


def row(name, kind, *changes, **more):
    return Variant(name, kind, changes, **more)


def rng(name, *changes, **more):
    return row(name, "rng", *changes, **more)


HUGE = 0x80000000      # a BAR that finds no address


def in_ports(design):
    """All structures in one I/O BAR."""
    bar(LEGACY, 0x100, IO)(design)
    for type, offset in (COMMON, 0), (ISR, 0x40), (DEVICE, 0x48), (NOTIFY, 0x80):
        moved(type, offset, LEGACY)(design)
    cap(NOTIFY, length=0x40)(design)


SOUND = [row(name, name) for name in KINDS]
INTERRUPT_LINES = [row(f"{name}-intx", name, given(vectors=0)) for name in KINDS
                   if name != "vsock"]      # the kernel takes one
OLD = [row(f"{name}-{change.__name__}", name, change) for name, kind in KINDS.items()
       if kind.transitional for change in (transitional, legacy)]

CAPABILITIES = [
    rng("common-length-0", cap(COMMON, length=0)),
    rng("common-length-48", cap(COMMON, length=48)),
    rng("common-length-55", cap(COMMON, length=55)),
    rng("common-length-60", cap(COMMON, length=60)),
    rng("common-length-beyond-bar", cap(COMMON, length=0x100000)),
    rng("common-offset-1", moved(COMMON, 1)),
    rng("common-offset-2", moved(COMMON, 2)),
    rng("common-offset-at-bar-end", cap(COMMON, offset=0x4000)),
    rng("common-offset-wraps", cap(COMMON, offset=0xFFFFFFF0)),
    rng("common-last-56-bytes", moved(COMMON, 0x3FC8), moved(NOTIFY, 0x2800)),
    rng("common-last-52-bytes", cap(COMMON, offset=0x3FCC)),
    rng("common-cap-len-0", cap(COMMON, cap_len=0)),
    rng("common-bar-5", cap(COMMON, bar=5)),
    rng("common-bar-6", cap(COMMON, bar=6)),
    rng("common-bar-255", cap(COMMON, bar=255)),
    rng("common-id-1", cap(COMMON, id=1)),
    rng("no-common", without(COMMON)),
    rng("no-isr", without(ISR)),
    rng("no-notify", without(NOTIFY)),
    rng("no-device", without(DEVICE)),
    rng("no-window", without(PCI_CFG)),
    rng("isr-length-0", cap(ISR, length=0)),
    rng("isr-offset-odd", moved(ISR, 0x1003)),
    rng("isr-offset-at-bar-end", cap(ISR, offset=0x4000)),
    rng("isr-bar-5", cap(ISR, bar=5)),
    rng("notify-length-0", cap(NOTIFY, length=0)),
    rng("notify-length-1", cap(NOTIFY, length=1)),
    rng("notify-length-2", cap(NOTIFY, length=2)),
    rng("notify-length-beyond-page", cap(NOTIFY, length=0x1001)),
    rng("notify-offset-odd", moved(NOTIFY, 0x3001)),
    rng("notify-offset-odd-in-page", moved(NOTIFY, 0x3001), cap(NOTIFY, length=0x800)),
    rng("notify-offset-at-bar-end", cap(NOTIFY, offset=0x4000, length=4)),
    rng("notify-bar-6", cap(NOTIFY, bar=6)),
    rng("notify-cap-len-16", cap(NOTIFY, cap_len=16)),
    rng("notify-multiplier-0", given(multiplier=0)),
    rng("notify-multiplier-3", given(multiplier=3)),
    row("net-notify-multiplier-3", "net", given(multiplier=3)),
    row("net-notify-multiplier-3-each-mapped", "net", given(multiplier=3),
        cap(NOTIFY, length=0x1001)),
    row("net-notify-multiplier-65536", "net", given(multiplier=0x10000)),
    row("net-notify-multiplier-8192-each-mapped", "net", given(multiplier=0x2000),
        cap(NOTIFY, length=0x1001)),
    rng("device-length-0", cap(DEVICE, length=0)),
    rng("device-offset-1", moved(DEVICE, 0x2001)),
    rng("device-offset-2", moved(DEVICE, 0x2002)),
    rng("device-offset-at-bar-end", cap(DEVICE, offset=0x4000)),
    rng("device-offset-beyond-bar", cap(DEVICE, offset=0x5000)),
    rng("device-bar-6", cap(DEVICE, bar=6)),
    rng("device-long", cap(DEVICE, length=0x10000)),
    # Several of a type: the first with a BAR that exists counts.
    rng("two-common", another(COMMON)),
    rng("two-common-first-short", another(COMMON, first=True, length=48)),
    rng("two-common-second-short", another(COMMON, length=48)),
    rng("two-common-first-bar-5", another(COMMON, first=True, bar=5)),
    rng("two-common-first-bar-6", another(COMMON, first=True, bar=6)),
    rng("two-common-second-bar-6", another(COMMON, bar=6)),
    rng("two-isr-first-empty", another(ISR, first=True, length=0)),
    rng("two-isr-first-bar-7", another(ISR, first=True, bar=7)),
    rng("two-notify-first-short", another(NOTIFY, first=True, length=1)),
    rng("two-notify-second-short", another(NOTIFY, length=1)),
    rng("two-device-first-misaligned", another(DEVICE, first=True, offset=0x2001)),
    row("blk-two-device-first-bar-6", "blk", another(DEVICE, first=True, bar=6)),
    rng("reversed", ordered(PCI_CFG, NOTIFY, DEVICE, ISR, COMMON)),
    rng("window-first", ordered(PCI_CFG)),
    rng("unknown-type-first", another(COMMON, first=True, type=10)),
    rng("vendor-data-first", another(COMMON, first=True, type=9)),
    rng("other-id", cap(COMMON, vndr=0x0A)),
    # The list.
    rng("pointer-0", poke(0x34, 0)),
    rng("pointer-low-bits", poke(0x34, 0x43)),
    rng("pointer-in-header", poke(0x34, 0x3C)),
    rng("no-list-bit", poke(0x06, 0)),
    rng("list-ends-after-common", cap(COMMON, next=0)),
    rng("list-ends-after-device", cap(DEVICE, next=0)),
    rng("next-low-bits", cap(COMMON, next=0x5E)),
    rng("loop-with-all", cap(PCI_CFG, next=0x40)),
]

FUNCTIONS = [
    rng("class-0", given(class_code=0)),
    rng("class-host-bridge", given(class_code=0x0600)),
    rng("header-type-1", poke(0x0E, 0x81)),
    rng("revision-0", given(revision=0)),
    rng("subsystem-0", given(subsystem=0)),
    rng("id-1040", given(device=0x1040)),
    rng("id-107f", given(device=0x107F)),
    rng("id-103f", given(device=0x103F, subsystem=4)),
    rng("type-6", given(device=0x1046)),
    rng("bar-4-64-bit", bar(STRUCTURES, 0x4000, MEMORY_64)),
    rng("bar-4-64-bit-prefetchable", bar(STRUCTURES, 0x4000, MEMORY_64 | PREFETCHABLE)),
    rng("bar-4-upper-half", bar(STRUCTURES, 0x4000, MEMORY_64), cap(COMMON, bar=5)),
    rng("bar-4-absent", no_bar(STRUCTURES)),
    rng("bar-4-unassigned", bar(STRUCTURES, 0x4000, guest_size=HUGE)),
    rng("bar-0-unassigned", bar(0, 0x1000, guest_size=HUGE)),
    rng("common-in-bar-2", bar(2, 0x1000), moved(COMMON, 0, bar=2)),
    rng("isr-in-small-bar", bar(2, 0x10), moved(ISR, 8, bar=2)),
    rng("structures-in-ports", in_ports),
    # The legacy interface.
    rng("transitional-revision-1", transitional, given(revision=1)),
    rng("transitional-no-common", transitional, without(COMMON)),
    rng("transitional-common-bar-6", transitional, cap(COMMON, bar=6)),
    rng("transitional-common-short", transitional, cap(COMMON, length=48)),
    rng("transitional-no-isr", transitional, without(ISR)),
    rng("transitional-no-common-revision-1", transitional, without(COMMON), given(revision=1)),
    rng("transitional-no-version-1", transitional, lacks(VERSION_1)),
    rng("transitional-no-list", transitional, poke(0x34, 0)),
    rng("transitional-type-0", transitional, given(subsystem=0)),
    rng("legacy-revision-1", legacy, given(revision=1)),
    rng("legacy-modern-id", legacy, given(device=0x1044)),
    rng("legacy-no-bar-0", legacy, no_bar(LEGACY)),
    rng("legacy-memory-bar", legacy, bar(LEGACY, 0x1000)),
    rng("legacy-queue-size-0", legacy, given(queues=[0]), stops="legacy-queues"),
    rng("legacy-queue-size-100", legacy, given(queues=[100]), stops="legacy-queues"),
    row("legacy-net-one-queue", "net", legacy, given(queues=[256]), stops="legacy-queues"),
    rng("legacy-intx", legacy, given(vectors=0)),
    row("legacy-input", "input", legacy, given(device=0x1012, subsystem=18)),
]

INTERRUPTS = [
    rng("no-interrupt", given(vectors=0, pin=0)),
    rng("no-pin", given(pin=0)),
    rng("pin-d", given(vectors=0, pin=4)),
    rng("one-vector", given(vectors=1)),
    rng("one-vector-no-pin", given(vectors=1, pin=0)),
    rng("two-vectors-no-pin", given(vectors=2, pin=0)),
    row("net-two-vectors", "net", given(vectors=2)),
    rng("msix-bar-absent", no_bar(MSIX)),
    rng("msix-bar-absent-no-pin", no_bar(MSIX), given(pin=0)),
    rng("msix-bar-6-no-pin", given(msix_bar=6, pin=0)),
    rng("msix-in-ports", bar(MSIX, 0x100, IO)),
    rng("msix-in-ports-no-pin", bar(MSIX, 0x100, IO), given(pin=0)),
    rng("vector-refused", given(queue_vector=NO_VECTOR)),
]

REGISTERS = [
    rng("no-version-1", lacks(VERSION_1)),
    rng("refuses-features", given(refuses_features=True), stops="features-ok"),
    rng("status-0", given(status=0), stops="features-ok"),
    rng("ring-reset-length-56", offers(RING_RESET)),
    rng("ring-reset-length-60", offers(RING_RESET), cap(COMMON, length=60)),
    rng("admin-queue-length-60", offers(ADMIN_VQ), cap(COMMON, length=60)),
    rng("unknown-features", offers(26, 27, 45, 50, 63)),
    rng("queue-size-0", given(queues=[0])),
    rng("queue-size-1", given(queues=[1])),
    rng("queue-size-3", given(queues=[3])),
    rng("queue-size-100", given(queues=[100])),
    rng("queue-size-32768", given(queues=[32768])),
    rng("queue-size-65535", given(queues=[65535])),
    rng("queue-enabled", given(queue_enable=1)),
    rng("num-queues-0", given(num_queues=0)),
    rng("num-queues-1000", given(num_queues=1000)),
    rng("notify-off-last", given(notify_off=0x3FF)),
    rng("notify-off-beyond", given(notify_off=0x400)),
    rng("notify-off-65535", given(notify_off=0xFFFF)),
]

SIZE_MAX, RO, BLK_SIZE, MQ, DISCARD, SECURE_ERASE, ZONED = 1, 5, 6, 12, 13, 16, 17
NET_MTU, MAC, CTRL_VQ, CTRL_RX, NET_MQ = 3, 5, 17, 18, 22
NEEDS_CTRL_VQ = {"ctrl-rx": 18, "ctrl-vlan": 19, "guest-announce": 21, "mq": 22,
                 "ctrl-mac-addr": 23, "notf-coal": 53, "hash-report": 57, "rss": 60}
MULTIPORT = 1
DEVICES = [
    row("blk-no-device", "blk", without(DEVICE)),
    row("blk-device-bar-6", "blk", cap(DEVICE, bar=6)),
    row("blk-read-only", "blk", offers(RO)),
    row("blk-empty", "blk", config(0, "Q", 0), is_empty=True),
    row("blk-mq-0", "blk", offers(MQ), config(34, "H", 0)),
    row("blk-mq-1", "blk", offers(MQ), config(34, "H", 1)),
    row("blk-no-queue", "blk", given(queues=[])),
    row("blk-size-0", "blk", config(20, "I", 0), older=("refused", "7.2")),
    row("blk-size-0-not-offered", "blk", lacks(BLK_SIZE), config(20, "I", 0)),
    row("blk-size-511", "blk", config(20, "I", 511)),
    row("blk-size-1000", "blk", config(20, "I", 1000)),
    row("blk-size-4096", "blk", config(20, "I", 4096)),
    row("blk-size-131072", "blk", config(20, "I", 131072)),
    row("blk-size-max-0", "blk", offers(SIZE_MAX)),
    row("blk-size-max-4096", "blk", offers(SIZE_MAX), config(8, "I", 4096)),
    row("blk-size-max-512", "blk", offers(SIZE_MAX), config(8, "I", 512)),
    row("blk-discard-0", "blk", offers(DISCARD)),
    row("blk-secure-erase", "blk", offers(SECURE_ERASE), config(60, "III", 8, 8, 8)),
    row("blk-secure-erase-sectors-0", "blk", offers(SECURE_ERASE), config(60, "III", 0, 8, 8)),
    row("blk-secure-erase-seg-0", "blk", offers(SECURE_ERASE), config(60, "III", 8, 0, 8)),
    row("blk-secure-erase-alignment-0", "blk", offers(SECURE_ERASE), config(60, "III", 8, 8, 0)),
    row("blk-zone-model-3", "blk", offers(ZONED), config(92, "B", 3)),
    row("blk-zone-granularity-0", "blk", offers(ZONED), config(72, "IIIIIB", 8, 0, 0, 8, 0, 1)),
    row("blk-zone-sectors-6", "blk", offers(ZONED), config(72, "IIIIIB", 6, 0, 0, 8, 512, 1)),
    row("net-no-device", "net", without(DEVICE)),
    row("net-one-queue", "net", given(queues=[256])),
    row("net-no-mac", "net", lacks(MAC)),
    row("net-mtu-1500", "net", offers(NET_MTU)),
    row("net-mtu-67", "net", offers(NET_MTU), config(10, "H", 67)),
    row("net-ctrl-vq", "net", offers(CTRL_VQ, CTRL_RX)),
    row("net-ctrl-vq-two-queues", "net", offers(CTRL_VQ), given(queues=[256, 256])),
    row("net-mq-2-three-queues", "net", offers(CTRL_VQ, NET_MQ), config(8, "H", 2)),
    row("net-mq-1", "net", offers(CTRL_VQ, NET_MQ)),
    row("net-mq-0", "net", offers(CTRL_VQ, NET_MQ), config(8, "H", 0)),
    *(row(f"net-{name}-without-ctrl-vq", "net", offers(bit))
      for name, bit in NEEDS_CTRL_VQ.items()),
    row("console-no-device", "console", without(DEVICE)),
    row("console-size", "console", offers(0)),
    row("console-size-no-device", "console", offers(0), without(DEVICE)),
    row("console-multiport", "console", offers(MULTIPORT)),
    row("console-multiport-no-device", "console", offers(MULTIPORT), without(DEVICE)),
    row("console-ports-0", "console", offers(MULTIPORT), config(4, "I", 0)),
    row("console-ports-32769", "console", offers(MULTIPORT), config(4, "I", 0x8001)),
    row("console-ports-2-four-queues", "console", offers(MULTIPORT), config(4, "I", 2)),
    row("console-one-queue", "console", given(queues=[64])),
    row("balloon-no-device", "balloon", without(DEVICE)),
    row("balloon-one-queue", "balloon", given(queues=[64])),
    row("balloon-stats", "balloon", offers(1), given(queues=[64, 64, 64])),
    row("balloon-stats-two-queues", "balloon", offers(1)),
    row("input-one-queue", "input", given(queues=[64])),
    row("fs-no-tag", "fs", config(0, "B", 0)),
    row("fs-tag-line-feed", "fs", config(0, "B", ord("\n"))),
    row("fs-no-request-queue", "fs", config(36, "I", 0)),
    row("fs-one-queue", "fs", given(queues=[128])),
    row("fs-no-region", "fs", without(SHARED)),
    row("fs-region-id-1", "fs", cap(SHARED, id=1)),
    row("fs-region-cap-len-28", "fs", cap(SHARED, cap_len=28)),
    row("fs-region-cap-len-16", "fs", cap(SHARED, cap_len=16)),
    row("fs-region-bar-6", "fs", cap(SHARED, bar=6)),
    row("fs-region-bar-5", "fs", cap(SHARED, bar=5)),
    row("fs-region-beyond-bar", "fs", cap(SHARED, offset=0x400000)),
    row("fs-region-high-length", "fs", cap(SHARED, extra=b"\0\0\0\0\1\0\0\0")),
    row("fs-region-1-mib", "fs", cap(SHARED, length=0x100000)),
    row("fs-region-offset-1-mib", "fs", cap(SHARED, offset=0x100000)),
    row("fs-region-in-bar-4", "fs", bar(STRUCTURES, 0x800000),
        cap(SHARED, bar=STRUCTURES, offset=0x400000)),
    row("fs-two-regions-first-small", "fs", another(SHARED, first=True, length=0x1000)),
    row("fs-two-regions-first-cap-len-28", "fs", another(SHARED, first=True, cap_len=28)),
    row("9p-no-tag-offered", "9p", lacks(0)),
    row("9p-no-device", "9p", without(DEVICE)),
    row("gpu-one-queue", "gpu", given(queues=[64])),
    row("gpu-region-bar-6", "gpu", cap(SHARED, bar=6)),
    row("gpu-region-in-bar-4", "gpu", bar(STRUCTURES, 0x800000),
        cap(SHARED, bar=STRUCTURES, offset=0x400000)),
    row("i2c-no-zero-length", "i2c", lacks(0)),
    row("gpio-no-lines", "gpio", config(0, "H", 0)),
]

# The second of these finds the place taken, so they come before the sound one.
FIRST = [row("vsock-two-queues", "vsock", given(queues=[128, 128]))]
VARIANTS = (FIRST + SOUND + INTERRUPT_LINES + OLD + CAPABILITIES + FUNCTIONS + INTERRUPTS
            + REGISTERS + DEVICES)

# Each of these takes its guest down.
FATAL = [
    rng("loop-without-notify", without(NOTIFY), cap(PCI_CFG, next=0x40)),
    rng("status-ff", given(status=0xFF)),
    row("blk-device-length-4", "blk", cap(DEVICE, length=4)),
    row("blk-device-beyond-bar", "blk", cap(DEVICE, offset=0x3FFC, length=0x1000)),
    row("input-no-device", "input", without(DEVICE)),
    row("fs-no-device", "fs", without(DEVICE)),
    row("vsock-no-device", "vsock", without(DEVICE)),
]
