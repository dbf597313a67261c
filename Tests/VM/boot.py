"""Boots a guest under QEMU, runs commands in it, and records what they make the devices do."""
import contextlib
import io
import json
import os
import re
import shutil
import socket
import subprocess
import tarfile
import time
from dataclasses import dataclass
from pathlib import Path

import backend
import remote
from guests import KINDS

HERE = Path(__file__).parent
MODULES = """virtio_pci virtio_net virtio_blk virtio_scsi virtio_console virtio-rng virtio_balloon
    virtio_input vmw_vsock_virtio_transport virtio_mem virtio_pmem virtiofs 9pnet_virtio virtio-gpu
    i2c-virtio gpio-virtio""".split()
TRACED = ["pci_cfg_read", "pci_cfg_write", "memory_region_ops_read", "memory_region_ops_write"]
SECONDS = 120      # no answer may take longer


def initramfs(to, kernel, programs):
    """An initramfs of busybox, the virtio drivers, the programs by name, and the libraries they want."""
    root = to.with_suffix(".root")
    for folder in "bin dev etc proc sys tmp".split():
        (root / folder).mkdir(parents=True)
    (root / "etc/passwd").write_text("root:x:0:0::/:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n")
    shutil.copy(HERE / "init", root / "init")
    for name, program in {"busybox": shutil.which("busybox"), **programs}.items():
        shutil.copy(program, root / "bin" / name)
    for library in shared_libraries(programs.values()):
        (root / library[1:]).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(library, root / library[1:])

    source, = kernel.glob("lib/modules/*")
    target = root / source.relative_to(kernel)
    target.mkdir(parents=True)
    shutil.copy(source / "modules.dep", target)
    for line in (source / "modules.dep").read_text().splitlines():
        path, needed = line.split(":")
        if Path(path).stem in MODULES:
            for module in [path, *needed.split()]:
                (target / module).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source / module, target / module)

    names = subprocess.run(["find", "."], cwd=root, capture_output=True, check=True).stdout
    with open(to, "wb") as file:
        subprocess.run(["cpio", "-o", "-H", "newc", "--quiet"], cwd=root, input=names, stdout=file,
                       check=True)
    shutil.rmtree(root)


def shared_libraries(programs):
    said = subprocess.run(["ldd", *programs], capture_output=True, text=True).stdout
    return sorted(set(re.findall(r"(/\S+) \(0x", said)))


class QMP:
    def __init__(self, connection):
        self.stream = connection.makefile("rw")
        self.stream.readline()
        self("qmp_capabilities")

    def __call__(self, command, **arguments):
        self.stream.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self.stream.flush()
        while line := self.stream.readline():
            answer = json.loads(line)
            if "return" in answer:
                return answer["return"]
            if "error" in answer:
                raise RuntimeError(f"{command}: {answer['error']['desc']}")
        raise EOFError(f"QEMU ended at {command}")


def connect(path, process, seconds):
    connection = socket.socket(socket.AF_UNIX)
    while process.poll() is None:
        with contextlib.suppress(OSError):
            connection.connect(str(path))
            connection.settimeout(seconds)
            return connection
        time.sleep(0.05)
    raise EOFError("QEMU ended at once: see qemu.log")


@dataclass
class Ran:
    """What a command did."""
    status: int
    stdout: bytes
    stderr: str
    trace: list[str]       # what QEMU saw of it, where that was asked for


class Machine:
    """A running guest."""
    seconds = SECONDS
    processors = 2
    more = ["-cpu", "max", "-boot", "strict=on"]     # or the firmware waits for backend.py's disks

    def __init__(self, guest, kernel, initrd, scratch):
        self.guest, self.scratch, self.count = guest, scratch, 0
        self.files = []      # for QEMU to inherit
        arguments = self.arguments(kernel, initrd)
        (scratch / "qemu.args").write_text("\n".join(arguments) + "\n")
        with open(scratch / "qemu.log", "w") as log:
            self.process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, pass_fds=self.files)
        for file in self.files:
            os.close(file)
        try:
            self.qmp = QMP(connect(scratch / "qmp", self.process, self.seconds))
            serial = connect(scratch / "serial", self.process, self.seconds)
            self.serial = serial.makefile("rwb")
            self.answer()
            self.find_functions()
        except BaseException:
            self.end()
            raise

    def arguments(self, kernel, initrd):
        vmlinuz, = kernel.glob("boot/vmlinuz-*")
        # Code at another address is translated anew: without norandmaps a run takes three times as long.
        options = ("console=ttyS0 net.ifnames=0 scsi_mod.scan=none norandmaps "
                   f"{self.guest.kernel_options}")
        arguments = [
            "qemu-system-x86_64", "-machine", f"{self.guest.machine},accel=tcg,memory-backend=ram",
            "-object", "memory-backend-memfd,id=ram,size=1G", "-m", "1G,slots=4,maxmem=16G",
            "-smp", str(self.processors), *self.more, "-nodefaults", "-no-user-config",
            "-display", "none", "-no-reboot",
            "-kernel", str(vmlinuz), "-initrd", str(initrd), "-append", options,
            "-qmp", f"unix:{self.scratch}/qmp,server=on,wait=off", "-D", f"{self.scratch}/trace",
            "-serial", f"file:{self.scratch}/console",
            "-serial", f"unix:{self.scratch}/serial,server=on,wait=off"]
        return arguments + self.devices()

    def devices(self):
        arguments, functions = [], self.guest.functions
        for port in sorted({function.port for function in functions} - {None}):
            arguments += ["-device", f"pcie-root-port,id=port{port},bus=pcie.0,chassis={port + 1},"
                          f"addr={0x10 + port // 8:#x}.{port % 8},multifunction=on,io-reserve=0"]
        for number, function in enumerate(functions):
            kind = KINDS[function.kind]
            name = function.name or f"{function.kind}-{number}"
            if kind.backend:
                backend.listen(f"{self.scratch}/f{number}", kind.backend)
            place = f",bus=port{function.port}" if function.port is not None else ""
            place += f",addr={function.addr}" if function.addr else ""
            place += f",{function.options}" if function.options else ""
            fill = {"id": f"f{number}", "tmp": self.scratch}
            if kind.file_size:
                with open(f"{self.scratch}/f{number}", "wb") as file:
                    file.truncate(kind.file_size)
            if kind.is_remote:
                fill["fd"] = remote.start(remote.shared_memory())
                self.files.append(fill["fd"])
            arguments += kind.host.format(**fill).split()
            arguments += ["-device", f"{kind.device.format(**fill)},id={name}{place}"]
        return arguments

    def find_functions(self):
        """The functions as QEMU has them: addresses by name, and by those what query-pci says."""
        self.addresses, self.functions = {}, {}

        def walk(devices):
            for device in devices:
                address = "0000:{bus:02x}:{slot:02x}.{function}".format(**device)
                self.functions[address] = device
                if device["qdev_id"]:
                    self.addresses[device["qdev_id"]] = address
                walk(device.get("pci_bridge", {}).get("devices", []))
        for bus in self.qmp("query-pci"):
            walk(bus["devices"])

    def run(self, command, traced=False):
        """Runs a shell command in the guest."""
        self.count += 1
        trace = self.scratch / "trace"
        start = trace.stat().st_size if trace.exists() else 0
        with self.tracing() if traced else contextlib.nullcontext():
            self.serial.write(command.encode() + b"\n")
            self.serial.flush()
            status = int(self.answer())
        self.serial.write(b"fetch\n")
        self.serial.flush()
        size = int(self.answer())
        with tarfile.open(fileobj=io.BytesIO(self.serial.read(size))) as archive:
            stdout, stderr = (archive.extractfile(name).read() for name in ("stdout", "stderr"))
        ran = Ran(status, stdout, stderr.decode(), [])
        if traced:
            with open(trace, errors="replace") as file:
                file.seek(start)
                ran.trace = file.read().splitlines()
        record = self.scratch / f"{self.count:02}"
        record.with_suffix(".command").write_text(f"{command}\nstatus {status}\n{ran.stderr}")
        record.with_suffix(".stdout").write_bytes(stdout)
        return ran

    @contextlib.contextmanager
    def tracing(self):
        for event in TRACED:
            self.qmp("trace-event-set-state", name=event, enable=True)
        yield
        for event in TRACED:
            self.qmp("trace-event-set-state", name=event, enable=False)

    def answer(self):
        line = self.serial.readline()
        if not line:
            raise EOFError("QEMU ended")
        return line.strip().decode()

    def load_drivers(self):
        """Loads the drivers, between what the guest's table says of before and after."""
        steps = self.guest.before + ["modprobe -a " + " ".join(MODULES) + "; sleep 0.5"]
        for step in steps + self.guest.after:
            ran = self.run(step.format(**self.addresses))
            if ran.stderr and not step.startswith("modprobe"):
                raise RuntimeError(f"{step}: {ran.stderr}")

    def end(self):
        self.process.kill()
        self.process.wait()
