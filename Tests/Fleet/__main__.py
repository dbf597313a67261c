"""Runs what the README's section "Many machines" and README.md here say, on trees of Tests/Fixtures as machines."""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb

PACKAGE = Path(__file__).resolve().parent.parent.parent
TREES = PACKAGE / "Tests/Fixtures/sysfs"
STRANGE = 'a\tb\x1b\x7f\\n"c'
NOTIFY_LENGTH = 0x72       # of the notify capability of Firecracker's functions: cap_len


def blocks():
    """The code of the section, and of the page beside this file: (language, code) in order."""
    text = (PACKAGE / "README.md").read_text()
    section = re.search(r"^## Many machines\n(.*?)^## ", text, re.MULTILINE | re.DOTALL)[1]
    section += (PACKAGE / "Tests/Fleet/README.md").read_text()
    return re.findall(r"^```(\w+)\n(.*?)^```", section, re.MULTILINE | re.DOTALL)


class Fleet:
    """A folder with the files of the section, and commands that take a tree for their machine."""

    def __init__(self, folder, program):
        self.folder = folder
        self.commands = []
        for language, code in blocks():
            named = re.search(r"\A(?:#!.*\n)?# (\S+)\n", code)
            if named:
                (folder / named[1]).write_text(code)
                (folder / named[1]).chmod(0o755)
            else:
                self.commands.append((language, code))
        tools = folder / "tools"
        tools.mkdir()
        self.tool("virtio-pci-inspect", f'exec {program} --sysfs "$TREE" "$@"')
        # A host is a tree of that name.
        self.tool("ssh", f'shift; TREE={TREES}/$1; export TREE; shift; exec "$@"')
        # One that a broken device model made.
        self.broken = folder / "broken"
        shutil.copytree(TREES / "firecracker", self.broken)
        config = self.broken / "bus/pci/devices/0000:00:03.0/config"
        data = bytearray(config.read_bytes())
        data[NOTIFY_LENGTH] = 16
        config.write_bytes(data)
        # One whose driver has a name that no format likes.
        self.named = folder / "named"
        shutil.copytree(TREES / "firecracker", self.named)
        uevent = self.named / "bus/pci/devices/0000:00:03.0/virtio2/uevent"
        uevent.write_text(re.sub("DRIVER=.*", lambda _: f"DRIVER={STRANGE}", uevent.read_text()))

    def tool(self, name, script):
        path = self.folder / "tools" / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def run(self, command, tree=TREES / "firecracker", check=True):
        """What a command prints."""
        environment = os.environ | {
            "TREE": str(tree), "PATH": f"{self.folder}/tools:{os.environ['PATH']}",
            "ANSIBLE_LOCALHOST_WARNING": "false", "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "ANSIBLE_HOME": f"{self.folder}/ansible",
            "ANSIBLE_PYTHON_INTERPRETER": "/usr/bin/python3", "LC_ALL": "C.UTF-8"}
        ran = subprocess.run(command, shell=True, cwd=self.folder,
                             env=environment, text=True, capture_output=True)
        if check and ran.returncode:
            raise AssertionError(f"{command}: status {ran.returncode}\n{ran.stdout}{ran.stderr}")
        return ran.stdout + ran.stderr

    def only(self, language, word):
        """The block without a file name that is in this language and has this word."""
        code, = (code for each, code in self.commands if each == language and word in code)
        return code


def expect(what, expected, found):
    if expected not in found:
        raise AssertionError(f"{what}: {expected!r} is not in\n{found}")


def gather(fleet):
    """hosts are gathered, and asked by jq"""
    (fleet.folder / "hosts").write_text("firecracker\nq35\nlegacy-pc\n")
    fleet.run(fleet.only("sh", "ssh"))
    if len(list((fleet.folder / "fleet").glob("*.jsonl"))) != 3:
        raise AssertionError("not a file per host")
    expect("jq", "fleet/q35.jsonl\t0000:15:00.0\twarning\tMSI-X has one vector",
           fleet.run(fleet.only("sh", "jq -r")))


def ask(fleet):
    """DuckDB finds the features that only some hosts have"""
    os.chdir(fleet.folder)
    rows = {(type, name): hosts
            for type, name, hosts in duckdb.sql(fleet.only("sql", "FROM")).fetchall()}
    expect("features", "VIRTIO_NET_F_GUEST_UFO", str(rows))
    if rows["net", "VIRTIO_NET_F_CTRL_VQ"] != ["legacy-pc", "q35"]:
        raise AssertionError(rows["net", "VIRTIO_NET_F_CTRL_VQ"])


def ansible(fleet):
    """the playbook holds on a good host, and fails on one with a broken capability"""
    playbook = fleet.only("console", "ansible-playbook").removeprefix("$ ").strip()
    command = f"{playbook} -i localhost, -c local -e facts={fleet.folder}/facts.d"
    expect("a good host", "All assertions passed", fleet.run(command))
    found = fleet.run(command, tree=fleet.broken, check=False)
    expect("a broken host", "failed=1", found)
    expect("a broken host", r'selectattr(\"severity\", \"eq\", \"error\") | list == []', found)
    expect("without drivers", "failed=1", fleet.run(command, tree=TREES / "unbound", check=False))


def prometheus(fleet):
    """the metrics are what promtool takes, and show what is wrong"""
    (fleet.folder / "empty").mkdir()
    for tree, expected in [
            (TREES / "firecracker", 'virtio_pci_problems{address="0000:00:03.0",severity="error"} 0'),
            (fleet.broken, 'virtio_pci_problems{address="0000:00:03.0",severity="error"} 1'),
            (fleet.broken, "virtio_pci_inspect_status 1"),
            (fleet.named, 'driver="' + STRANGE.replace("\\", "\\\\").replace('"', '\\"') + '"} 1'),
            (TREES / "firecracker", 'virtio_pci_driver_ok{address="0000:00:03.0"} 1'),
            (TREES / "unbound", 'virtio_pci_driver_ok{address="0000:00:11.0"} 0'),
            (TREES / "firecracker", 'virtio_pci_feature{address="0000:00:01.0",feature="bit 7"} 1'),
            (fleet.folder / "empty", "virtio_pci_inspect_status 3")]:
        fleet.run(f"./virtio-metrics {fleet.folder}", tree=tree)
        expect(tree.name, expected + "\n", (fleet.folder / "virtio.prom").read_text())
        said = fleet.run("promtool check metrics < virtio.prom")
        if said:
            raise AssertionError(said)


def main():
    failed = 0
    with tempfile.TemporaryDirectory(prefix="fleet-test.") as folder:
        fleet = Fleet(Path(folder), Path(sys.argv[1]).resolve())
        for check in gather, ask, ansible, prometheus:
            try:
                check(fleet)
                print(f"pass  {check.__doc__}")
            except Exception as error:
                failed += 1
                print(f"FAIL  {check.__doc__}\n{type(error).__name__}: {error}")
            sys.stdout.flush()
    sys.exit(1 if failed else 0)


main()
