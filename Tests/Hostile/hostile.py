"""What the cases share: the programs under test, a run of one within limits, and the list of cases."""
import os
import resource
import subprocess
import tempfile
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
        def limit():
            for which, most in limits:
                resource.setrlimit(which, (most, most))
        environment = {**os.environ, "SWIFT_BACKTRACE": "enable=no", **options.pop("env", {})}
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as message:
            process = subprocess.Popen(
                [program or self.program, *map(str, words)], stdin=stdin,
                stdout=options.pop("stdout", output), stderr=message, env=environment,
                preexec_fn=limit if limits else None, **options)
            peak = self.wait(process, seconds)
            output.seek(0)
            message.seek(0)
            return Outcome(process.returncode, output.read(), message.read(), peak)

    @staticmethod
    def wait(process, seconds):
        """Waits for the end; the most memory that it had, in bytes."""
        import signal
        import threading
        timer = threading.Timer(seconds, lambda: process.send_signal(signal.SIGKILL))
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        expect(process.returncode != -signal.SIGKILL, f"does not end within {seconds} s")
        return usage.ru_maxrss * 1024
