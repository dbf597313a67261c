"""Names and paths of strangers, as a terminal and a CI system would take them."""
import json
import re
import shutil
import xml.etree.ElementTree

from hostile import TREES, case, expect

# Three that CI systems obey, and one whose letters show nothing.
COMMANDS = ["::stop-commands::x", "##[error]x", "##vso[task.complete]x", "##teamcity[x]"]
INVISIBLE = ["\u3164", "\u115f", "\uffa0", "\u2800", "\u034f", "\ufe0f", "\ue000", "\U000e0100", "\u0378"]
MODES = [
    [], ["-v"], ["-o", "DRIVER,VIRTIO,NODES"], ["-o", "NODES"], ["-o", "FILE,PCI-DRIVER"], ["0000:00:03.0"],
    ["-v", "0000:00:03.0"], ["-x", "0000:00:03.0"], ["-J"], ["--jsonl"], ["--check"],
    ["--check", "--report", "tap"], ["--check", "--report", "junit"], ["--complete", "devices"],
    ["no-such", "::name", "##[name"], ["./::path", "./##vso[path"], ["-s", "::::1"], ["--::option"],
    ["-o", "::column"], ["-F", "::file"], ["-F", "##[file"], ["--expect", "::file"], ["--explain", "##[x"],
    ["-A", "libpci:##vso[x]"],
]


def tree(bench, names):
    """The fixture of a Firecracker guest, with `names` for the drivers and the nodes of its third."""
    root = bench.folder / "tree"
    shutil.copytree(TREES / "firecracker", root)
    function = root / "bus/pci/devices/0000:00:03.0"
    shutil.rmtree(next(function.glob("virtio*/net")))
    for uevent in [function / "uevent", *function.glob("virtio*/uevent")]:
        uevent.write_text(re.sub("DRIVER=.*", f"DRIVER={names[0]}", uevent.read_text()))
    for name in names:
        node = next(function.glob("virtio*")) / "net" / name
        node.mkdir(parents=True)
        (node / "uevent").touch()
    return root


def expect_no_command(where, text):
    for line in text.decode().splitlines():
        ours = re.match("::error title=", line)
        expect(ours or not line.lstrip().startswith("::"), where, repr(line))
        expect(not re.search(r"##\w*\[", line), where, repr(line))


@case("no name, path or word begins a command of a CI system")
def commands(bench):
    for first in range(len(COMMANDS)):
        names = COMMANDS[first:] + COMMANDS[:first]
        # Nodes that wrapped lines begin with.
        names += [f"{command}{number:060}" for number in range(3) for command in COMMANDS]
        root = tree(bench, names)
        for words in MODES:
            outcome = bench.run("--sysfs", root, *words, env={"GITHUB_ACTIONS": "true"}, cwd=bench.folder)
            expect_no_command(words, outcome.output)
            expect_no_command(words, outcome.message)
        shutil.rmtree(root)


@case("JSON and JUnit say a name that would be a command with the same value")
def values(bench):
    root = tree(bench, COMMANDS)
    function = json.loads(bench.run("--sysfs", root, "-J", "0000:00:03.0").output)["devices"][0]
    expect(function["driver"] == COMMANDS[0], function["driver"])
    expect(sorted(function["virtio"]["nodes"]) == sorted(COMMANDS), function["virtio"]["nodes"])
    report = bench.run("--sysfs", root, "--check", "--report", "junit").output
    xml.etree.ElementTree.fromstring(report)


@case("a dump whose long lines are folded begins no command with what was in the middle of a word")
def folded(bench):
    name = "a" * 100 + ":" * 150
    root = tree(bench, [name, "b" * 200 + "::error::x"])
    outcome = bench.run("--sysfs", root, "-x", "0000:00:03.0")
    expect(outcome.status == 0, outcome.message)
    expect_no_command("-x", outcome.output)


@case("characters that show nothing are escaped")
def invisible(bench):
    root = tree(bench, INVISIBLE)
    for words in MODES:
        outcome = bench.run("--sysfs", root, *words, cwd=bench.folder)
        for character in INVISIBLE:
            expect(character not in (outcome.output + outcome.message).decode(), words, ascii(character))
    function = json.loads(bench.run("--sysfs", root, "-J", "0000:00:03.0").output)["devices"][0]
    expect(function["driver"] == INVISIBLE[0], ascii(function["driver"]))


@case("a name is what its bytes are, not what looks the same")
def canonical(bench):
    composed, decomposed = "caf\u00e9", "cafe\u0301"
    root = tree(bench, [composed])
    for words, status in [([composed], 0), ([decomposed], 3)]:
        outcome = bench.run("--sysfs", root, *words)
        expect(outcome.status == status, ascii(words), outcome.status, outcome.message)
    for name, status in [(composed, 0), (decomposed, 1)]:
        for expected in [name, {"matches": name}, {"one_of": [name, "x"]}]:
            path = bench.folder / "expected.json"
            path.write_text(json.dumps({"devices": [{"driver": expected}]}))
            outcome = bench.run("--sysfs", root, "--expect", path)
            expect(outcome.status == status, ascii(expected), outcome.status, outcome.message)
