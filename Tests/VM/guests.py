"""The guests, a value each: what a guest is made of, what is done to it; and what is not here."""
import os
from dataclasses import dataclass, field


@dataclass
class Kind:
    """A device of QEMU; {id} stands for a name of its own, {tmp} for the guest's scratch folder."""
    device: str
    host: str = ""          # the QEMU arguments for what it stands on
    backend: str = ""       # of vhost-user: what backend.py shall be
    is_remote: bool = False  # remote.py is what it stands on, at {fd}
    file_size: int = 0       # of the file {tmp}/{id} that it stands on


def vhost_user(kind, options=""):
    return Kind(f"vhost-user-{kind}-pci,chardev={{id}}{options}",
                "-chardev socket,id={id},path={tmp}/{id}", backend=kind)


KINDS = {
    "ninep": Kind("virtio-9p-pci,fsdev={id},mount_tag={id}",
               "-fsdev local,id={id},path={tmp},security_model=none"),
    "balloon": Kind("virtio-balloon-pci"),
    "blk": Kind("virtio-blk-pci,drive={id}",
                "-blockdev null-co,node-name={id},size=1048576,read-zeroes=on"),
    "crypto": Kind("virtio-crypto-pci,cryptodev={id}", "-object cryptodev-backend-builtin,id={id}"),
    "disk": Kind("virtio-blk-pci,drive={id}", "-blockdev file,node-name={id},filename={tmp}/{id}",
                 file_size=1 << 24),
    "gpu": Kind("virtio-gpu-pci"),
    "iommu": Kind("virtio-iommu-pci"),
    "keyboard": Kind("virtio-keyboard-pci"),
    "mem": Kind("virtio-mem-pci,memdev={id},requested-size=128M",
                "-object memory-backend-memfd,id={id},size=256M"),
    "mouse": Kind("virtio-mouse-pci"),
    "net": Kind("virtio-net-pci,netdev={id},romfile=", "-netdev hubport,id={id},hubid=0"),
    "pmem": Kind("virtio-pmem-pci,memdev={id}", "-object memory-backend-memfd,id={id},size=128M"),
    "rng": Kind("virtio-rng-pci"),
    "scsi": Kind("virtio-scsi-pci"),
    "serial": Kind("virtio-serial-pci"),
    "tablet": Kind("virtio-tablet-pci"),
    "vga": Kind("virtio-vga"),
    "vu-blk": vhost_user("blk", ",num-queues=2"),
    "vu-fs": vhost_user("fs", ",tag={id}"),
    "vu-gpio": vhost_user("gpio"),
    "vu-i2c": vhost_user("i2c"),
    "vu-rng": vhost_user("rng"),
    "vu-scsi": vhost_user("scsi"),
    "vu-vsock": vhost_user("vsock"),
    "shared-memory": Kind("x-pci-proxy-dev,fd={fd}", is_remote=True),
    # Not virtio, the first by virtio's vendor: not to be listed.
    "ivshmem": Kind("ivshmem-plain,memdev={id}", "-object memory-backend-memfd,id={id},size=1M"),
    "xhci": Kind("qemu-xhci"),
}


@dataclass
class Function:
    kind: str
    options: str = ""
    name: str = ""           # "" for its kind and a number
    port: int | None = None  # the root port that it is behind; None for the root bus
    addr: str = ""           # "" for any free slot


@dataclass
class Guest:
    name: str
    machine: str
    functions: list[Function]
    before: list[str] = field(default_factory=list)   # commands before the drivers are loaded
    after: list[str] = field(default_factory=list)    # and after; {name} is the function's address
    unreadable: list[str] = field(default_factory=list)  # names of functions that do not answer
    kernel_options: str = ""
    bare: bool = False       # nothing in it but busybox and the static program
    busy: bool = False       # there its disk and network are at work


def behind_ports(kinds, options=""):
    """A function of each kind, each behind a root port of its own."""
    return [Function(kind, options, port=port) for port, kind in enumerate(kinds)]


def on_root_bus(kinds, options=""):
    return [Function(kind, options) for kind in kinds]


EXPRESS = [kind for kind in KINDS
           if kind not in ("disk", "iommu", "vga", "shared-memory", "ivshmem", "xhci")]
LEGACY = ["net", "blk", "scsi", "serial", "rng", "balloon", "ninep"]

# Eight functions to a port; vectors are scarce, so two each.
MANY = ["rng", "blk", "serial", "net", "scsi"]
MANY_PORTS = 26 if os.environ.get("VM_FULL") else 8

OVERRIDE = "echo none > /sys/bus/pci/devices/{%s}/driver_override"
UNBIND = "echo {%s} > /sys/bus/pci/drivers/virtio-pci/unbind"

GUESTS = [
    # A kernel that lets the BARs of functions in use be mapped: every type's registers can be read.
    Guest("every-type", "q35",
          behind_ports(EXPRESS) + on_root_bus(["iommu", "vga", "net", "blk", "ivshmem", "xhci"]),
          kernel_options="iomem=relaxed"),
    Guest("transitional", "pc",
          on_root_bus(LEGACY, "disable-legacy=off,disable-modern=off") + on_root_bus(["ivshmem"])),
    # The same, used by the interface of old.
    Guest("legacy-driver", "pc", on_root_bus(LEGACY, "disable-legacy=off,disable-modern=off"),
          kernel_options="iomem=relaxed virtio_pci.force_legacy=1"),
    Guest("legacy", "pc",
          on_root_bus(LEGACY, "disable-legacy=off,disable-modern=on")
          + [Function("blk", "disable-legacy=off,disable-modern=on,vectors=0")]),
    Guest("packed", "q35", [
        Function("net", "packed=on,rx_queue_size=1024,guest_announce=off", port=0),
        Function("blk", "packed=on,num-queues=16,queue-size=1024,iommu_platform=on", port=1),
        Function("blk", "packed=on,num-queues=1,queue-size=4,seg-max-adjust=off", port=2),
        Function("scsi", "packed=on,num_queues=64,virtqueue_size=1024", port=3),
        Function("serial", "packed=on,max_ports=127,vectors=256", port=4),
        Function("rng", "packed=on,iommu_platform=on,ats=on", port=5),
        Function("balloon", "packed=on,deflate-on-oom=on", port=6),
        Function("vu-fs", "packed=on,num-request-queues=8", port=7),
    ], kernel_options="iomem=relaxed"),
    Guest("unbound", "q35", [
        Function("rng", name="bound", port=0), Function("rng", name="unbound", port=1),
        Function("net", name="never", port=2), Function("blk", name="never2"),
        Function("blk", "num-queues=4", name="undecoded", port=3),
        Function("scsi", name="asleep", port=4), Function("gpu", name="driverless", port=5),
        Function("balloon", "free-page-reporting=on,page-poison=on", name="never3", port=6),
        Function("shared-memory", name="memory"),
    ], before=[OVERRIDE % name for name in ("never", "never2", "never3", "asleep", "memory")],
       after=[UNBIND % "unbound", UNBIND % "undecoded",
              "setpci -s {undecoded} COMMAND=0000",             # memory decoding off
              "setpci -s {asleep} CAP_PM+4.B=3"],               # D3hot, behind the kernel's back
          unreadable=["undecoded"]),
    Guest("many", "q35", [
        Function(MANY[(8 * port + function) % len(MANY)], "vectors=2,multifunction=on", port=port,
                 addr=f"0x0.{function}")
        for port in range(MANY_PORTS) for function in range(8)]),
    Guest("bare", "q35", behind_ports(["net", "blk", "rng"]), bare=True),
    Guest("busy", "q35", behind_ports(["disk", "net", "net"]), busy=True,
          kernel_options="iomem=relaxed"),
]

# What this QEMU or this kernel cannot do.
NOT_HERE = {
    "sriov": "QEMU 7.2 has no virtio function with SR-IOV (10.0 has)",
    "vhost-user-net": "crashes QEMU 7.2 without KVM",
    "status of vhost-user i2c, scsi, rng, gpio": "asking for it crashes QEMU 7.2",
    "vhost-user-input": "QEMU 7.2 wants KVM for it",
}
