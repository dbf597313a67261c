"""What the cases share: the programs under test, a run of one within limits, and the list of cases."""
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections import namedtuple
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent.parent
TREES = PACKAGE / "Tests/Fixtures/sysfs"
DUMPS = PACKAGE / "Tests/Fixtures/dumps"
SECONDS = 20
MIB = 1 << 20
MEMORY = 64 * MIB          # what the manual promises

CASES = []
Case = namedtuple("Case", "name function")
Outcome = namedtuple("Outcome", "status output message peak")


class Wrong(Exception):
    """What a case found wrong."""


class Skipped(Exception):
    """Why a case can't be tried on this machine."""


def case(name):
    """Lists a function of a `Bench` as the case `name`, a sentence about behaviour."""
    def add(function):
        CASES.append(Case(name, function))
        return function
    return add


def expect(holds, *found):
    if not holds:
        raise Wrong(" ".join(str(each) for each in found))


class Bench:
    """The programs, and a folder of a case's own."""

    def __init__(self, program, static, folder):
        self.program, self.static, self.folder = program, static, Path(folder)

    def run(self, *words, program=None, stdin=subprocess.DEVNULL, seconds=SECONDS, limits=(), **options):
        """One run: its status (negative for a signal), its output as bytes, and its peak memory.

        `limits` are pairs of a resource and its limit."""
        environment = {**os.environ, "SWIFT_BACKTRACE": "enable=no", **options.pop("env", {})}
        report, end = os.pipe()
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as message:
            process = subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", MEASURE, str(end), json.dumps(list(limits)),
                 program or self.program, *map(str, words)],
                stdin=stdin, stdout=options.pop("stdout", output), stderr=message, env=environment,
                pass_fds=[end], start_new_session=True, **options)
            os.close(end)
            timer = threading.Timer(seconds, lambda: os.killpg(process.pid, signal.SIGKILL))
            timer.start()
            with open(report) as reader:
                result = reader.read()
            process.wait()
            timer.cancel()
            expect(result, f"does not end within {seconds} s")
            status, peak = map(int, result.split())
            output.seek(0)
            message.seek(0)
            return Outcome(os.waitstatus_to_exitcode(status), output.read(), message.read(), peak * 1024)


# Runs a program, and writes its status and its peak memory to a descriptor. A process of its own: what a
# program is started from counts as its memory, and this one has little.
MEASURE = """
import os, signal, sys
end, limits, *command = sys.argv[1:]
process = os.fork()
if process == 0:
    # Python ignores these.
    for each in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(each, signal.SIG_DFL)
    if limits != "[]":
        import json, resource
        for which, most in json.loads(limits):
            resource.setrlimit(which, (most, most))
    os.close(int(end))
    os.execv(command[0], command)
_, status, usage = os.wait4(process, 0)
os.write(int(end), f"{status} {usage.ru_maxrss}".encode())
"""
