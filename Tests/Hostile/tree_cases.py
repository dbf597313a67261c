"""Trees that strangers made: where their links lead, what stands in place of files, and how much there is."""
import json
import os
import pty
import resource
import shutil
import subprocess
import tempfile

from hostile import MEMORY, MIB, TREES, Skipped, case, expect
from strangers import NAME, SECRET, contents, copied_tree, exchange, meanwhile, replace

FILES = ["uevent", "revision", "resource", "config", "numa_node", "virtio2/uevent", "virtio2/status",
         "virtio2/features", "virtio2/mount_tag"]
ALL = ["-v", "--registers", "--check"]


@case("2: a probe of a tree writes nowhere, wherever its links lead")
def probe(bench):
    tree, function = copied_tree(bench.folder)
    (function / "uevent").write_text(
        "".join(line for line in open(function / "uevent") if not line.startswith("DRIVER=")))
    # What is written stands for a device's config space and BAR.
    target = bench.folder / "target"
    target.write_bytes((function / "config").read_bytes() + bytes(1 << 20))
    for files in [["config"], ["resource0"], ["config", "resource0"], []]:
        copy, function = copied_tree(bench.folder, "copy-" + "-".join(files))
        for name in files:
            replace(function / name, target)
        if "resource0" not in files:
            (function / "resource0").write_bytes(bytes(1 << 19))
        before = contents(bench.folder)
        for method in [[], ["-A", "libpci"]]:
            outcome = subprocess.run(
                ["strace", "-f", "-qq", "-e", "trace=openat,mmap,pwrite64", "-o", bench.folder / "trace",
                 bench.program, "--sysfs", copy, "--probe", "--force", NAME, *method],
                capture_output=True)
            expect(outcome.returncode == 4, files, method, outcome.returncode, outcome.stderr)
            trace = (bench.folder / "trace").read_text()
            (bench.folder / "trace").unlink()
            for sign in ["O_RDWR", "pwrite64", "MAP_SHARED"]:
                expect(sign not in trace, files, method, sign)
        expect(contents(bench.folder) == before, files, "something was written")


@case("3: no link in a tree is followed: what it leads to is neither shown nor captured")
def links(bench):
    secret = bench.folder / "secret"
    secret.write_text(SECRET + "\n")
    for name in FILES:
        tree, function = copied_tree(bench.folder, name.replace("/", "-"))
        replace(function / name, secret)
        for number, words in enumerate([["--json"], ["--check"], ["-x"], ["--complete", "devices"]]):
            capture = bench.folder / f"{tree.name}-{number}"
            if "--complete" not in words:
                words = [*words, "--capture", capture]
            outcome = bench.run("--sysfs", tree, *words)
            expect(SECRET.encode() not in outcome.output + outcome.message, name, words, outcome)
            kept = contents(capture) if capture.exists() else {}
            expect(all(SECRET.encode() not in (value or b"") for value in kept.values()
                       if not isinstance(value, str)), name, words, "was captured")
            if "--complete" not in words and not (name == "revision" or name == "config" and "-x" not in words):
                expect(outcome.status in (3, 4), name, words, outcome.status, outcome.message)


@case("3: a link in place of a folder of what a driver made is not walked")
def walked(bench):
    elsewhere = bench.folder / "elsewhere"
    for folder in ["thing", "net/thing"]:
        (elsewhere / folder).mkdir(parents=True)
        (elsewhere / folder / "uevent").touch()
    for name in ["drm", "sound", "virtio2", "virtio2/net", "virtio2/net/eth0"]:
        tree, function = copied_tree(bench.folder, name.replace("/", "-"))
        replace(function / name, elsewhere)
        outcome = bench.run("--sysfs", tree, "--json", "-s", NAME)
        device = json.loads(outcome.output)["devices"][0]
        nodes = (device["virtio"] or {"nodes": []})["nodes"]
        expect(nodes in ([], ["eth0"]), name, nodes)


@case("3: nothing but a regular file of a tree is opened: no device, terminal or FIFO")
def special(bench):
    if os.geteuid() != 0:
        raise Skipped("devices are made by root")
    slave = pty.openpty()[1]
    for name in FILES[:-1]:
        for kind in ["device", "terminal", "FIFO", "folder", "socket"]:
            tree, function = copied_tree(bench.folder, f"{kind}-{name.replace('/', '-')}")
            path = replace(function / name)
            if kind == "device":
                os.mknod(path, 0o600 | 0o020000, os.makedev(1, 7))    # /dev/full
            elif kind == "terminal":
                os.mknod(path, 0o600 | 0o020000, os.fstat(slave).st_rdev)
            elif kind == "FIFO":
                os.mkfifo(path)
                end = os.open(path, os.O_RDWR)
                os.write(end, b"message\n")
            elif kind == "folder":
                path.mkdir()
            else:
                os.mknod(path, 0o600 | 0o140000)
            trace = bench.folder / "trace"
            outcome = subprocess.run(
                ["strace", "-f", "-qq", "-y", "-e", "trace=openat", "-o", trace, bench.program, "--sysfs", tree,
                 "--json", "-s", NAME], capture_output=True, start_new_session=True, timeout=20)
            expect(outcome.returncode == 4, kind, name, outcome.returncode, outcome.stderr)
            expect(b"is not a regular file" in outcome.stderr, kind, name, outcome.stderr)
            if kind == "FIFO":
                os.set_blocking(end, False)
                expect(os.read(end, 100) == b"message\n", kind, name, "was read")
                os.close(end)
            if kind in ("device", "terminal"):
                opened = [line for line in trace.read_text().splitlines()
                          if f'"{path.name}"' in line and f"{path.parent}>" in line and " = -1 " not in line]
                expect(not opened, kind, name, opened)


@case("13: a saved BAR with holes on a file system without room is read, and one that shrinks is an error")
def holes(bench):
    mount = bench.folder / "full"
    mount.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "none", mount], capture_output=True).returncode:
        raise Skipped("no file system can be mounted")
    try:
        tree, function = copied_tree(mount)
        with open(function / "resource0", "wb") as file:
            file.truncate(1 << 19)
        with open(mount / "filler", "wb", buffering=0) as file:
            try:
                while file.write(bytes(4096)):
                    pass
            except OSError:
                pass
        outcome = bench.run("--sysfs", tree, "--registers", "--json", "-s", NAME)
        expect(outcome.status == 0, outcome.status, outcome.message)
        expect(json.loads(outcome.output)["devices"][0]["registers"]["common"]["num_queues"] == 0, outcome)
    finally:
        subprocess.run(["umount", mount], check=True)
    tree, function = copied_tree(bench.folder)
    bar = function / "resource0"
    bar.write_bytes(bytes(1 << 19))

    def step():
        os.truncate(bar, 0)
        os.truncate(bar, 1 << 19)

    with meanwhile(step):
        for _ in range(100):
            outcome = bench.run("--sysfs", tree, "--registers", "-s", NAME)
            expect(outcome.status in (0, 4), "status", outcome.status, outcome.message)


@case("8: of two functions that change places nothing is mixed")
def mixed(bench):
    tree, function = copied_tree(bench.folder)
    other = function.with_name("0000:00:02.0")

    def facts(device):
        virtio = device["virtio"] or {}
        return {key: device[key] for key in ["type", "driver", "device_id", "bars", "capabilities"]} | {
            key: virtio.get(key) for key in ["name", "driver", "features", "nodes"]}

    words = ["--sysfs", tree, "--json", "-s", NAME]
    sound = []
    for _ in range(2):
        sound.append(facts(json.loads(bench.run(*words).output)["devices"][0]))
        exchange(function, other)
    expect(sound[0] != sound[1], "the two functions are the same")
    with meanwhile(lambda: exchange(function, other)):
        for _ in range(300):
            outcome = bench.run(*words)
            for device in json.loads(outcome.output)["devices"] if outcome.status == 0 else []:
                expect(facts(device) in sound, "a function of two", facts(device))


@case("9: an entry that spells its address in another way is an error and no function")
def spelled(bench):
    tree, function = copied_tree(bench.folder)
    for spelling in ["00:03.0", "0:0:3.0", "00000:00:03.0", "0000:00:3.0"]:
        function.with_name(spelling).symlink_to(NAME)
    outcome = bench.run("--sysfs", tree, "--json")
    result = json.loads(outcome.output)
    expect(outcome.status == 4, outcome.status)
    expect([device["address"] for device in result["devices"]].count(NAME) == 1, "is listed again")
    expect(len([error for error in result["errors"] if error["address"] == NAME]) >= 1, result["errors"])
    alone = bench.folder / "alone"
    (alone / "bus/pci/devices").mkdir(parents=True)
    function.rename(alone / "bus/pci/devices/00:03.0")
    outcome = bench.run("--sysfs", alone)
    expect(outcome.status == 4 and NAME.encode() in outcome.message, outcome)


@case("10: an entry that leads nowhere is an error")
def dangling(bench):
    tree, function = copied_tree(bench.folder)
    replace(function, "../../../devices/pci0000:00/" + NAME)
    for words in [[], ["-s", NAME], [NAME], ["--json"]]:
        outcome = bench.run("--sysfs", tree, *words)
        expect(outcome.status == 4, words, outcome.status)
        expect(b"leads nowhere" in outcome.message, words, outcome.message)


@case("11, 19: entries that lead to one folder are one function, in little time and memory")
def many(bench):
    tree, function = copied_tree(bench.folder)
    (function / "virtio2/mount_tag").write_text("x" * 4096)
    for number in range(20000):
        address = f"{number + 1:04x}:00:03.0"
        function.with_name(address).symlink_to(NAME)
    for words in [[], ["--json"], ["--jsonl"], ["--check"]]:
        outcome = bench.run("--sysfs", tree, *words)
        expect(outcome.status == 4, words, outcome.status)
        expect(b"is the same folder as " in outcome.message, words, outcome.message[:200])
        expect(outcome.peak < MEMORY, words, outcome.peak / MIB, "MiB")


@case("11: a name that is longer than a page is an error, not a name")
def long_name(bench):
    tree, function = copied_tree(bench.folder)
    (function / "virtio2/mount_tag").write_text("x" * MIB)
    outcome = bench.run("--sysfs", tree)
    expect(outcome.status == 4 and b"is longer than 4096 bytes" in outcome.message, outcome.message)
    expect(len(outcome.output) < 5000, len(outcome.output))


@case("21: a tree that is thousands of folders deep is an error, with a small stack too")
def deep(bench):
    tree, function = copied_tree(bench.folder)
    descriptor = os.open(function / "virtio2", os.O_RDONLY)
    for _ in range(3000):
        os.mkdir("d", dir_fd=descriptor)
        below = os.open("d", os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = below
    os.close(descriptor)
    try:
        outcome = bench.run("--sysfs", tree, "--json", limits=[(resource.RLIMIT_STACK, 256 << 10)])
        expect(outcome.status == 4, outcome.status, outcome.message)
    finally:
        subprocess.run(["rm", "-r", function / "virtio2/d"], check=True)


@case("26: a damaged file of a saved virtio device is an error")
def damaged(bench):
    for name, damage in [("virtio2/features", b""), ("virtio2/status", b""), ("virtio2/uevent", None),
                         ("virtio2/status", None), ("virtio2/features", None),
                         ("virtio2/uevent", b""), ("virtio2/features", b"01")]:
        tree, function = copied_tree(bench.folder, f"{name.replace('/', '-')}-{damage}")
        replace(function / name)
        if damage is not None:
            (function / name).write_bytes(damage)
        outcome = bench.run("--sysfs", tree, "--check", "-s", NAME)
        expect(outcome.status == 4, name, damage, outcome.status)
        expect(name.encode() in outcome.message, name, damage, outcome.message)


@case("2: an entry of a tree that leads to a device of this machine is an error")
def escaping(bench):
    if not os.path.isdir("/sys/kernel"):
        raise Skipped("no sysfs is mounted")
    tree, function = copied_tree(bench.folder)
    replace(function, "/sys/kernel")
    outcome = bench.run("--sysfs", tree, "-s", NAME)
    expect(outcome.status == 4, outcome.status)
    expect(b"leads to a device of this machine" in outcome.message, outcome.message)


@case("what a tree's folders hold in masses takes no more memory than it should")
def masses(bench):
    function = f"bus/pci/devices/{NAME}"
    # In memory, where folders are made in no time.
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as place:
        for folder, name in [(function, "virtio000"), (f"{function}/virtio2", "x"),
                             (f"{function}/virtio2/input0", "event")]:
            tree, _ = copied_tree(place, folder.replace("/", "-"))
            (tree / folder).mkdir(exist_ok=True)
            (tree / folder / "uevent").touch()
            for number in range(100_000):
                os.mkdir(tree / folder / (name + f"{number:0240}"))
            for words in [[], ["--capture", bench.folder / "captured"]]:
                outcome = bench.run("--sysfs", tree, *words)
                expect(outcome.status == 4, folder, words, outcome.status, outcome.message)
                expect(outcome.peak < MEMORY / 2, folder, words, outcome.peak / MIB, "MiB")
            shutil.rmtree(tree)
