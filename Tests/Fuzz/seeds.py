"""seeds.py FOLDER: makes what each fuzz target begins with of Tests/Fixtures, FOLDER/TARGET/N."""

import itertools
import json
import pathlib
import re
import sys

fixtures = pathlib.Path(__file__).parent.parent / "Fixtures"
out = pathlib.Path(sys.argv[1])
dumps = sorted((fixtures / "dumps").iterdir())
functions = sorted((fixtures / "sysfs").glob("*/bus/pci/devices/*"))
configs = [path.read_bytes() for path in dumps if path.suffix == ".config"]
configs += [(path / "config").read_bytes() for path in functions if (path / "config").exists()]

types = [entry["id"] for entry in json.loads((fixtures / "spec" / "device-types.json").read_text())]


def read(path):
    return path.read_bytes() if path.exists() else b""


def config():
    choices = itertools.cycle(range(5))
    for mode, bytes_ in itertools.product([0x00, 0x05, 0x0E, 0xF6], configs):
        yield bytes([mode, 0, next(choices)]) + bytes_


def content():
    yield from configs
    yield from dump()


def dump():
    for path in dumps:
        text = path.read_bytes()
        text = text if len(text) < 16384 else b"\n\n".join(text.split(b"\n\n")[:4])
        yield text
        if path.suffix == ".txt":
            for before in [b"> ", b"    ", b"[    0.000000] ", b"Nov 27 18:35:19 host kernel: "]:
                yield b"".join(before + line for line in text.splitlines(True))


def decode():
    sysfs = (read(path / "features").decode().strip() for path in (fixtures / "sysfs").rglob("virtio[0-9]*"))
    bits = [text for text in sysfs if text][:8] + ["0", "0x100000042", "410fdda3", "0x1,0x1,8,80000000", "1,", "g"]
    for type_, text in zip(itertools.cycle(["net", "blk", "socket", *map(str, types)]), bits * 4):
        yield f"{type_}={text}".encode()


def expectation():
    readme = (fixtures.parent.parent / "README.md").read_text()
    for example in re.findall(r"```json\n(.*?)```", readme, re.S):
        yield example.encode()
    for path in sorted((fixtures / "golden").glob("*.json")):
        document = json.loads(path.read_text())
        for device in document.get("devices", [])[:4]:      # the schema has none
            part = {**document, "devices": [device]}
            yield json.dumps(part, separators=(",", ":")).encode()
    for condition in [
        {"count": {"at_least": 1, "at_most": 9}}, {"all": {"type": {"one_of": ["net", "blk"]}}},
        {"none": {"interface": "legacy"}}, {"includes": [{"driver": {"matches": "virtio*?"}}]},
        [{"virtio": {"absent": False}}, {"numa_node": {"not": 1}, "bars": [{"index": 0}]}],
    ]:
        yield json.dumps({"devices": condition}).encode() + b"\0" + json.dumps(
            {"devices": [{"type": "net", "interface": "modern", "driver": "virtio-pci"}]}).encode()


def options():
    table = (fixtures / "golden/help.txt").read_text()
    for short, long, value in re.findall(r"(?:(-\w), )?(--[\w-]+)(?: ([A-Z]\S*))?", table):
        for name in filter(None, [short, long, long[:-1]]):
            yield name.encode()
            for text in ["04.0", "1af4:1041", "net,5", "libpci:linux-proc", "a=b", "TYPE", "1.5", "tap"]:
                if value:
                    yield f"{name}\n{text}".encode()
    yield b"-vJ\n--slot=0000:00:04.0\n--\neth0\nvirtio3\n/sys/x\n00:04.*"
    yield b"--check\n--strict\n--expect\nfile\n--wait=0.25\n--report\njunit"


def patterns():
    for text in ["0000:00:04.0", "00:04.0", "04.0", "4", "*:*:*.*", ".1", "10000:", "0xffffffff:ff:1f.7",
                 "1af4:", ":1041", "1af4:1041:0200:00", "::01xx", "*:*:*:*", "0x1af4:0x1041:0x0200"]:
        yield text.encode()


def registers():
    common = bytes(range(64))
    for mode, type_ in itertools.product([0, 2, 3, 6], types[::2]):
        yield bytes([mode, type_ % 5, type_, 64, 255]) + b"\x21\0\0\x30\x01" + bytes(11) + b"\x0f" + common + bytes(448)
        yield bytes([mode, type_ % 5, type_ + 1, 64, 60]) + b"\xff" * 16 + b"\x0f" + bytes(18) + b"\3\0" + bytes(44)


def rules():
    for type_, bytes_ in zip(types, itertools.cycle(configs)):
        features = b"\xff\xff\xff\x7f\x01" + bytes(11)
        for known in [b"\xff\x1f", b"\xff\x3f", b"\x0c\x00", b"\xff\x7f"]:
            yield known + bytes([type_ % 40, type_]) + features * 2 + b"\x0f" + bytes(range(64)) + b"\x40" + bytes(
                range(64)) + bytes_[:256]


def sysfs():
    for path in functions:
        virtio = next(iter(path.glob("virtio*")), path / "none")
        parts = [virtio / "features", path / "uevent", path / "resource", path / "revision",
                 virtio / "status", virtio / "uevent", path / "numa_node", path / "config.read"]
        texts = [read(part) for part in parts]
        config = read(path / "config")[:256]
        texts[-1] = texts[-1] or b"0x0-0xff\n"
        yield b"\0".join(texts + [config])


for target in [config, content, decode, dump, expectation, options, patterns, registers, rules, sysfs]:
    folder = out / target.__name__
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target()):
        (folder / str(number)).write_bytes(seed)
