"""Input without measure: time that is linear in it, and memory that is bounded."""
import json

from hostile import DUMPS, MEMORY, MIB, TREES, case, expect

NET, BLK = "0000:00:03.0", "0000:00:02.0"


def bodies():
    """The bytes of a network and of a block function, as lines of a dump."""
    found = {}
    for block in (DUMPS / "firecracker-host.txt").read_text().split("\n\n"):
        lines = block.strip().splitlines()
        if lines and lines[0].split()[0] in (NET, BLK):
            found[lines[0].split()[0]] = "\n".join(line for line in lines if line[2:4] == ": ")
    return found[NET], found[BLK]


def address(number):
    return f"{number >> 16:04x}:{number >> 8 & 255:02x}:{number >> 3 & 31:02x}.{number & 7}"


def dump(bench, count, net=lambda number: True):
    """A dump of so many functions: network ones where `net` says so, else block ones."""
    path = bench.folder / "dump"
    both = bodies()
    with open(path, "w") as file:
        for number in range(count):
            file.write(f"{address(number)} x\n{both[not net(number)]}\n\n")
    return path


def expectation(bench, value):
    path = bench.folder / "expected.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value))
    return path


def expect_bounded(outcome, *words, memory=MEMORY):
    expect(outcome.status >= 0, words, outcome.status, outcome.message[-200:])
    expect(outcome.peak <= memory, words, f"{outcome.peak / MIB:.0f} MiB")


def tree(bench, tags):
    """A function for each of `tags`, with it for a mount tag."""
    root = bench.folder / "tree"
    model = TREES / "firecracker/bus/pci/devices" / NET
    files = {path.relative_to(model): path.read_bytes() for path in model.rglob("*") if path.is_file()}
    folders = sorted({path.parent for path in files})
    virtio = next(path for path in folders if path.name.startswith("virtio"))
    for number, tag in enumerate(tags):
        function = root / "bus/pci/devices" / address(1 << 16 | number)
        for folder in folders:
            (function / folder).mkdir(parents=True, exist_ok=True)
        for path, content in files.items():
            (function / path).write_bytes(content)
        (function / virtio / "mount_tag").write_text(tag + "\n")
    return root


@case("a dump of 65,536 functions takes 64 MiB in every form of output")
def large_dump(bench):
    path = dump(bench, 65_536)
    some = expectation(bench, {"devices": {"count": 65_536, "all": {"type": "net"}}})
    for words in [[], ["--jsonl"], ["--expect", some, "-o", "TYPE"]]:
        outcome = bench.run("-F", path, *words, seconds=120)
        expect(outcome.status in (0, 1), words, outcome.status, outcome.message[-200:])
        expect_bounded(outcome, *words)


@case("reports of 8,192 functions take 64 MiB")
def large_reports(bench):
    path = dump(bench, 8192)
    for form in ["tap", "junit"]:
        outcome = bench.run("-F", path, "--check", "--report", form, seconds=60)
        expect(outcome.status in (0, 1), form, outcome.status, outcome.message[-200:])
        expect_bounded(outcome, form)


@case("a report ends with what it counted, and a suite says how many cases it has")
def reports(bench):
    path = dump(bench, 300)
    tap = bench.run("-F", path, "--check", "--report", "tap").output.decode().splitlines()
    results = [line for line in tap if line.startswith(("ok ", "not ok "))]
    expect(tap[-1] == f"1..{len(results)}", tap[-1])
    junit = bench.run("-F", path, "--check", "--report", "junit").output.decode()
    expect(junit.count("<testsuite ") == 300, junit.count("<testsuite "))


@case("rows of the list are held in 64 MiB, whatever is in them")
def rows(bench):
    root = tree(bench, [f"{number:04}" * 1000 for number in range(500)])
    for words in [[], ["-o", ",".join(["NODES"] * 20)]]:
        outcome = bench.run("--sysfs", root, *words, seconds=60)
        expect_bounded(outcome, words[:1])


@case("5,000 columns are 5,000 columns")
def columns(bench):
    path = dump(bench, 2000)
    outcome = bench.run("-F", path, "-o", ",".join(["ADDRESS"] * 5000), "--noheadings", seconds=60)
    expect(outcome.status == 0, outcome.status, outcome.message)
    expect_bounded(outcome, "columns")
    expect(all(len(line.split()) == 5000 for line in outcome.output.splitlines()), "columns are missing")


@case("one long name makes no column wide")
def wide(bench):
    root = tree(bench, ["long " * 700] + ["short"] * 200)
    outcome = bench.run("--sysfs", root)
    lines = outcome.output.decode().splitlines()
    expect(sum(len(line) > 3000 for line in lines) == 1, "the long name is cut or not alone")
    others = [line for line in lines if len(line) < 3000]
    expect(max(map(len, others)) < 300, max(map(len, others)))


@case("a thousand errors are told, and the number of the rest")
def errors(bench):
    path = bench.folder / "dump"
    with open(path, "w") as file:
        for number in range(300_000):
            file.write(f"{address(number)} x\nzz\n")
    outcome = bench.run("-F", path)
    lines = outcome.message.decode().splitlines()
    expect(outcome.status == 4, outcome.status)
    expect_bounded(outcome, "text")
    expect(len(lines) == 1001 and lines[-1].endswith(" more errors"), len(lines), lines[-1])
    outcome = bench.run("-F", path, "-J")
    expect_bounded(outcome, "-J")
    errors = json.loads(outcome.output)["errors"]
    expect(len(errors) == 1001, len(errors))
    outcome = bench.run("-F", path, "--check", "--report", "tap")
    expect_bounded(outcome, "tap")
    expect(outcome.output.decode().count("not ok ") == 1001, outcome.output[-200:])


@case("a message is cut in its middle")
def long_message(bench):
    for words in [["x" * 100_000], ["-F", "y" * 100_000], ["--" + "z" * 100_000], ["-o", "A" * 100_000]]:
        outcome = bench.run(*words)
        expect(100 < len(outcome.message) < 10_000, words[0][:5], len(outcome.message))
        expect(outcome.message.endswith((b"function\n", b"long\n", b"--help\n", b"FILE\n", b"(help lists them)\n")), outcome.message[-80:])


@case("tens of thousands of operands cost little, whatever they are looked for in")
def operands(bench):
    path = dump(bench, 65_536)
    for words in [[address(number) for number in range(40_000)], [f"name{number}" for number in range(40_000)],
                  [f"{number & 0xff:02x}:{number >> 8 & 31:02x}.*" for number in range(8000)]]:
        before = bench.run("-F", path, "-o", "TYPE", seconds=60)
        outcome = bench.run("-F", path, "-o", "TYPE", *words, seconds=10)
        expect(outcome.status in (0, 3, 4), outcome.status, outcome.message[:200])
        expect_bounded(outcome, words[0])
        expect(before.status == 0, before.message)
        outcome = bench.run("--sysfs", TREES / "firecracker", *words, seconds=5)
        expect(outcome.status == 3, outcome.status, outcome.message[:200])


@case("an expectation of 16 MiB is read within bounds, and a larger one refused")
def large_expectation(bench):
    full = 16 * MIB
    string = "x" * (full - 100)
    for text, cure in [
        ('{"devices":[' + ",".join(["{}"] * (full // 3 - 10)) + "]}", b"too many values"),
        ('{"devices":[' + ",".join(["{}"] * 900_000) + "]}", b"nothing is left"),
        ('{"devices":[' + ",".join(["7"] * (full // 2 - 10)) + "]}", b"too many values"),
        ('{"devices":[{"driver":"' + string + '"}]}', b"no match"),
        ('{"' + string + '":1}', b"no key"),
        ('{"devices":[{"driver":{"matches":"' + string + '"}}]}', b"no match"),
        ('{"devices":[' + ",".join(['{"driver":"a"}'] * 499_000) + "]}", b"no match"),
        ('{"devices":[' + " " * full + "]}", b"larger than 16 MiB"),
        ('[' * full, b"nested deeper"),
    ]:
        path = expectation(bench, text)
        outcome = bench.run("--sysfs", TREES / "firecracker", "--expect", path, seconds=20)
        expect(outcome.status in (1, 2), text[:30], outcome.status)
        expect(cure in outcome.message, text[:30], outcome.message[:300])
        expect(len(outcome.message) < MIB, text[:30], len(outcome.message))
        expect(len(outcome.message.splitlines()) <= 1001, text[:30], len(outcome.message.splitlines()))
        expect_bounded(outcome, text[:30], memory=256 * MIB)


@case("of many functions an expectation keeps what it looks at")
def kept(bench):
    path = dump(bench, 65_536)
    for value in [{}, {"devices": [{"address": address(number)} for number in range(0, 65_536, 100)]},
                  {"devices": {"all": {"type": "net", "capabilities": {"count": 5}}}}]:
        outcome = bench.run("-F", path, "--expect", expectation(bench, value), "-o", "TYPE", seconds=60)
        expect(outcome.status == 0, outcome.status, outcome.message[:300])
        expect_bounded(outcome, str(value)[:30])


@case("elements that only later functions fit are found in time")
def later(bench):
    path = dump(bench, 65_536, net=lambda number: number >= 60_000)
    for element in [
        lambda number: {"type": "net"},
        lambda number: {"type": "net", "config_bytes": {"at_least": number % 256}},
        lambda number: {"type": {"matches": "n*"}},
        lambda number: {"address": address(65_535 - number)},
        lambda number: {"address": {"matches": f"*{number & 7}"}, "type": "net"},
    ]:
        value = {"devices": [element(number) for number in range(5000)]}
        outcome = bench.run("-F", path, "--expect", expectation(bench, value), "-o", "TYPE", seconds=60)
        expect(outcome.status in (0, 1), outcome.status)
        expect_bounded(outcome, str(value)[:60])
    value = {"devices": [{"type": {"matches": f"x{number}*"}} for number in range(5000)]}
    outcome = bench.run("-F", path, "--expect", expectation(bench, value), "-o", "TYPE", seconds=60)
    expect(outcome.status == 1, outcome.status)
    expect(b"not compared to the end" in outcome.message, outcome.message[:300])


@case("completions of many functions are bounded")
def completions(bench):
    path = dump(bench, 65_536)
    for kind in ["devices", "addresses", "ids"]:
        outcome = bench.run("-F", path, "--complete", kind, seconds=30)
        expect(outcome.status == 0, outcome.status)
        expect_bounded(outcome, kind)


@case("--wait keeps no output without end")
def wait(bench):
    root = tree(bench, [f"{number:04}" * 1000 for number in range(500)])
    outcome = bench.run("--sysfs", root, "-o", ",".join(["NODES"] * 20), "--wait", "0", seconds=60)
    expect(outcome.status == 4, outcome.status)
    expect(b"more than 32 MiB" in outcome.message, outcome.message[-200:])
    expect_bounded(outcome, "--wait", memory=2 * MEMORY)
