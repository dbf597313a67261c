"""Files and standard streams as they should not be."""
import ctypes
import fcntl
import os
import resource
import subprocess
import threading
import time

from hostile import DUMPS, MIB, Skipped, TREES, case, expect

DUMP = DUMPS / "firecracker-host.txt"
PREFIX = b"virtio-pci-inspect: "


@case("a dump that is the output as well is refused")
def own_output(bench):
    path = bench.folder / "dump"
    for words, mode, stdin in [
        (["-x", "-F", path], "ab", False), (["-F", path], "ab", False), (["-x", "-F", "-"], "ab", True),
        (["-F", path], "r+b", False),
    ]:
        path.write_bytes(DUMP.read_bytes() * 100)
        before = path.stat().st_size
        with open(path, mode) as output, open(path, "rb") as source:
            outcome = bench.run(
                *words, stdout=output, stdin=source if stdin else subprocess.DEVNULL, seconds=5,
                limits=[(resource.RLIMIT_FSIZE, 64 * MIB)])
        expect(outcome.status == 4, words, outcome.status, outcome.message)
        expect(b"is also the output file" in outcome.message, outcome.message)
        expect(path.stat().st_size == before, path.stat().st_size)


@case("an expectation that the output has emptied is named as such")
def own_expectation(bench):
    path = bench.folder / "expected"
    with open(path, "wb") as output:
        outcome = bench.run("-F", DUMP, "--expect", path, stdout=output)
    expect(outcome.status == 2, outcome.status)
    expect(b"is also the output file" in outcome.message, outcome.message)


@case("a file that is exchanged for one of the kernel's is refused or read whole, whichever is opened")
def exchanged(bench):
    path, other = bench.folder / "dump", bench.folder / "other"
    path.write_bytes(DUMP.read_bytes())
    other.symlink_to("/proc/self/status")
    script = (
        "import ctypes, sys\n"
        "renameat2 = ctypes.CDLL(None).renameat2\n"
        "while True: renameat2(-100, sys.argv[1].encode(), -100, sys.argv[2].encode(), 2)\n")
    runs = {True: 0, False: 0}
    with subprocess.Popen(["python3", "-c", script, path, other]) as program:
        try:
            end = time.monotonic() + 5
            while time.monotonic() < end:
                outcome = bench.run("-F", path, "-o", "TYPE", "--noheadings")
                refused = b"lies in sysfs or procfs" in outcome.message
                expect(outcome.status == (4 if refused else 0), outcome.status, outcome.message)
                runs[refused] += 1
        finally:
            program.kill()
    expect(all(runs.values()), runs)


@case("without /dev/null and with standard input closed, -F - is standard input and no other file")
def closed_input(bench):
    if os.geteuid() != 0:
        raise Skipped("needs root for chroot")
    root = bench.folder / "root"
    root.mkdir()
    (root / "dump").write_bytes(DUMP.read_bytes())
    (root / "program").write_bytes(open(bench.static, "rb").read())
    (root / "program").chmod(0o755)

    def enter():
        os.chroot(root)
        os.chdir("/")
        os.close(0)
    process = subprocess.Popen(
        ["/program", "-F", "/dump", "-F", "-"], executable="/program", stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, preexec_fn=enter, env={"SWIFT_BACKTRACE": "enable=no"})
    output, message = process.communicate(timeout=20)
    expect(process.returncode == 4, process.returncode)
    expect(message == PREFIX + b"standard input: Bad file descriptor\n", message)
    expect(b"0000:00:01.0" in output, output)


@case("a file that has reached the limit of its size ends no run without a word")
def file_size(bench):
    path = bench.folder / "output"
    with open(path, "wb") as output:
        outcome = bench.run(
            "-x", "-F", DUMP, stdout=output, limits=[(resource.RLIMIT_FSIZE, 1000)])
    expect(outcome.status == 4, outcome.status)
    expect(outcome.message == PREFIX + b"standard output: File too large\n", outcome.message)
    expect(path.stat().st_size == 1000, path.stat().st_size)


@case("pipes that do not block lose nothing, of the output, of messages, of standard input")
def non_blocking(bench):
    dump = DUMP.read_bytes()
    # A line that is wrong between functions: 500 messages.
    text = b"".join(dump + b"zz\n\n" for _ in range(500))
    path = bench.folder / "dump"
    path.write_bytes(text)
    expected = bench.run("-x", "-F", path)
    ends = [os.pipe() for _ in range(3)]
    for end in (ends[0][0], ends[1][1], ends[2][1]):
        fcntl.fcntl(end, fcntl.F_SETFL, os.O_NONBLOCK)
    process = subprocess.Popen(
        [bench.program, "-x", "-F", "-"], stdin=ends[0][0], stdout=ends[1][1], stderr=ends[2][1])
    for end in (ends[0][0], ends[1][1], ends[2][1]):
        os.close(end)
    results = [b"", b""]

    def feed():
        try:
            for start in range(0, len(text), 50_000):
                os.write(ends[0][1], text[start:start + 50_000])
                time.sleep(0.001)
        except BrokenPipeError:
            pass
        os.close(ends[0][1])

    def drain(index):
        time.sleep(0.2)
        with open(ends[index + 1][0], "rb") as reader:
            while piece := reader.read(16_384):
                results[index] += piece
                time.sleep(0.0005)
    threads = [threading.Thread(target=feed)] + [
        threading.Thread(target=drain, args=[index]) for index in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expect(process.wait() == expected.status, process.returncode, expected.status)
    expect(results[0] == expected.output, len(results[0]), len(expected.output))
    message = results[1].replace(b"standard input", os.fsencode(path))
    expect(message == expected.message, len(message), len(expected.message))


@case("a small stack is enough")
def stack(bench):
    nested = bench.folder / "nested.json"
    nested.write_text('{"devices":' + '[' * 100_000)
    for words in [["-v"], ["--jsonl"], ["--check"], ["--expect", nested]]:
        outcome = bench.run(
            "--sysfs", TREES / "firecracker", *words, limits=[(resource.RLIMIT_STACK, 256 << 10)])
        expect(outcome.status in (0, 1, 2), words, outcome.status, outcome.message)


@case("a libpci that reads what is not this machine's says nothing of this machine")
def other_proc(bench):
    (bench.folder / "devices").touch()
    outcome = bench.run("-A", "libpci:linux-proc", "-O", f"proc.path={bench.folder}")
    if b"install libpci3" in outcome.message:
        raise Skipped("there is no libpci")
    expect(outcome.status == 3, outcome.status)
    expect(b"libpci's linux-proc has no virtio function" in outcome.message, outcome.message)
