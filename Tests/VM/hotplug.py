"""Functions that leave and come while the program runs."""
import json
import re

from subject import PROGRAM, Skip, differences

CYCLES = 3
GONE = "while [ -e /sys/bus/pci/devices/{0} ]; do sleep 0.1; done"
THERE = "while [ ! -e /sys/bus/pci/devices/{0} ]; do sleep 0.1; done"


def unplugged(subject):
    """a function that is unplugged while it is read does no harm, and is missed"""
    machine, (name, address, _) = subject.machine, pluggable(subject)
    machine.run(f"(while [ ! -e stop ]; do {PROGRAM} --json {address}; echo $? >&2; done"
                " >answers 2>statuses) & sleep 1")
    machine.qmp("device_del", id=name)
    said = machine.run(f"{GONE.format(address)}; sleep 1;"
                       " touch stop; wait; sleep 1; cat statuses; rm stop").stdout.decode()
    statuses = re.findall(r"^\d+$", said, re.MULTILINE)
    yield from differences(address, "first and last status", statuses[:1] + statuses[-1:],
                           ["0", "3"])
    yield from (f"{address}: status {status}" for status in set(statuses) - {"0", "3", "4"})


def plugged(subject):
    """a function that is plugged in is seen within a second"""
    machine, (name, address, port) = subject.machine, pluggable(subject)
    # Emulated on a machine at work, a guest stands still at times: the quickest of a few counts.
    delays = []
    while min(delays, default=9) > 1.1 and len(delays) < CYCLES:
        if delays:
            machine.qmp("device_del", id=name)
            machine.run(GONE.format(address))
        delays.append(delay(machine, name, address, port))
    if min(delays) > 1.1:
        yield f"{address}: seen after {', '.join(f'{seconds:.2f}' for seconds in delays)} s"


def delay(machine, name, address, port):
    """Seconds from a function's being there to the end of a run that waits for it, without a run."""
    uptime = "cut -d' ' -f1 /proc/uptime"
    machine.run(f"({PROGRAM} --wait 60 {address} >/dev/null && {uptime}) >seen & "
                f"({THERE.replace('sleep 0.1', ':').format(address)}; {uptime}) >there & sleep 1")
    machine.qmp("device_add", driver="virtio-rng-pci", id=name, bus=port)
    said = machine.run("while [ ! -s seen ] || [ ! -s there ]; do sleep 0.1; done;"
                       f"cat seen there; {uptime}; for i in 1 2 3 4 5 6 7 8 9 10; do "
                       f"{PROGRAM} {address} >/dev/null; done; {uptime}; rm seen there")
    seen, there, start, end = map(float, said.stdout.split())
    return seen - there - (end - start) / 10


def replugged(subject):
    """functions that come and go while all are listed do no harm, and none is invented"""
    machine, (name, address, port) = subject.machine, pluggable(subject)
    machine.run(f"(while [ ! -e stop ]; do {PROGRAM} --jsonl; echo $? >&2; done"
                " >answers 2>statuses) &")
    for _ in range(CYCLES):
        machine.qmp("device_del", id=name)
        machine.run(f"{GONE.format(address)}; sleep 0.5")
        machine.qmp("device_add", driver="virtio-rng-pci", id=name, bus=port)
        machine.run(f"{THERE.format(address)}; sleep 0.5")
    statuses = machine.run("touch stop; wait; sleep 1; grep -x '[0-9]*' statuses; rm stop")
    listed = machine.run("cat answers").stdout.decode().splitlines()
    yield from (f"status {status}"
                for status in set(statuses.stdout.decode().split()) - {"0", "3", "4"})
    for line in set(listed):
        device = json.loads(line)
        before = subject.devices[device["address"]]
        for key in "vendor_id", "device_id", "subsystem_id", "class", "type":
            yield from differences(device["address"], key, device[key], before[key])
    yield from differences("all", "functions in the end",
                           [device["address"] for device in subject.json()["devices"]],
                           list(subject.devices))


def pluggable(subject):
    """Name, address and port of a function that can be unplugged."""
    functions = subject.machine.guest.functions
    if any(function.kind == "vu-rng" for function in functions):
        raise Skip("the kernel waits for random numbers of backend.py before it takes another rng")
    for number, function in enumerate(functions):
        name = function.name or f"{function.kind}-{number}"
        if function.kind == "rng" and function.port is not None and not function.addr:
            return name, subject.machine.addresses[name], f"port{function.port}"
    raise Skip("no function of its own behind a port")
