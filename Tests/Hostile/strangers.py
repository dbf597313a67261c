"""Trees as strangers make them, and what strangers do to them meanwhile."""
import ctypes
import os
import shutil
import signal
from contextlib import contextmanager
from pathlib import Path

from hostile import TREES

NAME = "0000:00:03.0"
EXCHANGE = 2               # RENAME_EXCHANGE
HERE = -100                # AT_FDCWD
SECRET = "root:$y$j9T$secret"

_renameat2 = ctypes.CDLL(None, use_errno=True).renameat2


def exchange(one, other):
    """Exchanges what two paths name, in one step."""
    return _renameat2(HERE, os.fsencode(one), HERE, os.fsencode(other), EXCHANGE) == 0


@contextmanager
def meanwhile(step):
    """Repeats `step` in a process of its own as long as the body runs."""
    process = os.fork()
    if process == 0:
        while os.getppid() != 1:
            try:
                step()
            except OSError:
                pass
        os._exit(0)
    try:
        yield
    finally:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)


def copied_tree(folder, name="tree"):
    """A tree of Firecracker's functions, to be changed; it, and the folder of a function."""
    tree = Path(folder) / name
    shutil.copytree(TREES / "firecracker", tree, symlinks=True)
    return tree, tree / "bus/pci/devices" / NAME


def replace(path, link=None):
    """Removes a file, and makes a link of it."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    if link:
        path.symlink_to(link)
    return path


def contents(folder):
    """Everything in a folder, by path: the text of files, and where links lead."""
    found = {}
    for path in sorted(Path(folder).rglob("*")):
        key = str(path.relative_to(folder))
        if path.is_symlink():
            found[key] = os.readlink(path)
        elif path.is_file():
            found[key] = path.read_bytes()
        else:
            found[key] = None
    return found
