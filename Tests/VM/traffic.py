"""A guest whose disk and network are at work while the program runs, over and over."""
import os

from subject import PROGRAM, STATIC, differences

RUNS = int(os.environ.get("VM_RUNS") or 10)   # of each mode
PIECE = 10                                    # of them in one command
MODES = [f"{STATIC} {options}" for options in (
    "", "-v", "--json", "--jsonl", "--check", "--registers", "-x")] + [f"{PROGRAM} -A libpci"]

# What is written is read back from the device, what is fetched comes over the wire: the second
# interface is alone in a namespace of the network. Each counts how often it has: a file that is never
# seen empty.
DISK = """
i=0
while [ ! -e stop ]; do
  dd if=/dev/urandom of=block bs=64k count=4
  dd if=block of=/dev/vda bs=64k seek=$((i % 16 * 4)) conv=fsync
  echo 3 >/proc/sys/vm/drop_caches
  dd if=/dev/vda bs=64k skip=$((i % 16 * 4)) count=4 | cmp - block || echo disk >>broken
  i=$((i + 1)); echo $i >disk.new; mv disk.new disk; sleep 0.1
done"""
NETWORK = """
mkdir www; dd if=/dev/urandom of=www/file bs=64k count=4
unshare -n sh -c 'echo $$ >other; exec sleep 100000' & sleep 1
ip link set eth1 netns $(cat other)
nsenter -t $(cat other) -n sh -c '
  ip addr add 10.0.0.2/24 dev eth1; ip link set eth1 up; httpd -p 80 -h www'
ip addr add 10.0.0.1/24 dev eth0; ip link set eth0 up; sleep 1
i=0
while [ ! -e stop ]; do
  wget -O fetched http://10.0.0.2/file && cmp fetched www/file || echo network >>broken
  i=$((i + 1)); echo $i >network.new; mv network.new network; sleep 0.1
done"""
COMPLAINTS = "error|timeout|timed out|hung|stall|BUG|WARNING|broken|reset"


def traffic(subject):
    """disk and network keep working through all the runs of every mode that reads, all at once"""
    machine = subject.machine
    machine.run("touch broken bad errors; dmesg >before")
    for name, work in (("disk.sh", DISK), ("network.sh", NETWORK)):
        machine.run(f"echo {quoted(work)} >{name}; (sh {name} >{name}.log 2>&1 &)")
    machine.run("while [ ! -e disk ] || [ ! -e network ]; do sleep 0.2; done")
    for start in range(0, RUNS, PIECE):
        before = counts(machine)
        machine.run("".join(
            f"(i=0; while [ $i -lt {min(PIECE, RUNS - start)} ]; do {mode} >/dev/null 2>>errors ||"
            " echo $? >>bad; i=$((i + 1)); done) & all=\"$all $!\"; " for mode in MODES)
            + "wait $all")
        yield from (f"after {start} runs no more work was done on the {what}"
                    for what, count in before.items() if not goes_on(machine, what, count))
    machine.run("touch stop; sleep 2")
    for file in "broken", "bad", "errors":
        yield from differences("all", file, lines(machine, f"sort {file} | uniq -c"), [])
    yield from (f"the kernel: {line}" for line in lines(
        machine, f"dmesg | tail -n +$(($(wc -l <before) + 1)) | grep -iE '{COMPLAINTS}'"))


def counts(machine):
    """How often each of the two has done its work."""
    return dict(zip(("disk", "network"), map(int, lines(machine, "cat disk network"))))


def goes_on(machine, what, count):
    """Whether its count goes beyond `count`, now or within half a minute."""
    return machine.run(f"i=0; while [ $(cat {what}) -le {count} ]; do "
                       "i=$((i + 1)); [ $i -lt 300 ] || exit 1; sleep 0.1; done").status == 0


def lines(machine, command):
    return machine.run(command).stdout.decode().splitlines()


def quoted(script):
    """As one word on one line, for the guest's shell and its echo -e."""
    return "-e '" + script.replace("\\", "\\\\").replace("'", "'\\''").replace("\n", "\\n") + "'"


CHECKS = [traffic]
