#!/usr/bin/env python3
"""Compares what virtio-pci-inspect says of many config spaces with libpci, lspci and a model.

Usage: differential.py PROGRAM [COUNT [SEED]]

The functions are the same for the same seed. Each goes through `--jsonl -F`, which must agree with
`model.py` in every value that the model knows, and with lspci in what that decodes; and through `-x -F`,
whose bytes must be those of libpci. What lspci does otherwise on purpose is counted and named.
"""
import argparse
import collections
import itertools
import json
import os
import re
import subprocess
import sys
import tempfile
import time

import functions
import model

HERE = os.path.dirname(os.path.abspath(__file__))
PART = 10_000
failures = 0
compared, excluded = collections.Counter(), collections.Counter()

# What lspci 3.9 shows of a capability that we do not compare, and why.
UNLIKE_LSPCI = {
    "chain": "lspci follows pointers below 0x40; the list ends there (PCI: capabilities begin at 0x40)",
    "vendor": "lspci prints vendor data as if it were bar, offset and length (§4.1.4.8)",
    "short notify": "lspci shows a notify capability of 16 to 19 bytes; its multiplier is not there",
    "short region": "lspci shows a shared memory capability of 16 to 23 bytes without its high halves",
    "long": "lspci wants all of cap_len to be readable, where the structure is enough",
    "header": "lspci shows capabilities of type 0 and 1 headers only, other types have no list at 0x34",
    "broken off": "lspci gives up: \"Internal bug: Accessing non-read configuration byte\"",
}


def fail(*lines):
    global failures
    failures += 1
    if failures <= 20:
        print("FAILED", *lines, sep="\n  ")


def run(command):
    """The status of a run and its output, in which lspci prints strings of the device as they are."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return done.returncode, done.stdout.decode(errors="replace")


def our_json(program, path):
    status, text = run([program, "--jsonl", "-F", path])
    if status not in (0, 4):
        fail(f"--jsonl -F ended with status {status}")
    return {entry["address"]: entry for entry in map(json.loads, text.splitlines())}


def our_bytes(program, path):
    status, text = run([program, "-x", "-F", path])
    if status not in (0, 4):
        fail(f"-x -F ended with status {status}")
    return dict(blocks(text))


def blocks(text):
    """The functions of a dump within other output: addresses and hex digits."""
    address, digits = None, []
    for line in text.splitlines():
        if match := re.match(r"([0-9a-f]{4,}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]) ", line):
            if digits:
                yield address, "".join(digits)
            address, digits = match[1], []
        elif match := re.match(r"[0-9a-f]{2,3}:((?: [0-9a-f]{2}){1,16})$", line):
            digits.append(match[1].replace(" ", ""))
    if digits:
        yield address, "".join(digits)


def libpci_bytes(helper, path):
    _, text = run([helper, path])
    return dict(line.split(" ") for line in text.splitlines())


def lspci(spaces, folder):
    """What lspci shows of each function: the lines of its list. Where it gives up, it is started again
    after the function that it cannot bear."""
    shown, names = {}, list(spaces)
    while names:
        path = f"{folder}/lspci.txt"
        with open(path, "w") as file:
            for name in names:
                file.write(f"{name} Class\n")
                file.writelines(
                    f"{offset:02x}: {spaces[name][offset:offset + 16].hex(' ')}\n"
                    for offset in range(0, len(spaces[name]), 16))
                file.write("\n")
        status, text = run(["lspci", "-D", "-n", "-vv", "-F", path])
        chunks = re.split(r"^(?=[0-9a-f]{4}:[0-9a-f]{2}:)", text, flags=re.M)[1:]
        entries = {chunk.split(" ", 1)[0]: chunk for chunk in chunks}
        if status == 0:
            return shown | entries
        last = list(entries)[-1]
        excluded["broken off"] += 1
        del entries[last]
        shown |= entries
        names = names[names.index(last) + 1:]
    return shown


ENTRY = re.compile(
    r"\tCapabilities: (?:\[([0-9a-f]{2})\] )?(.*)\n"
    r"(?:\t\tBAR=(\d+) offset=([0-9a-f]+) size=([0-9a-f]+)(?: multiplier=([0-9a-f]+))?)?")
NAMES = {"CommonCfg": "common", "Notify": "notify", "ISR": "isr", "DeviceCfg": "device",
         "SharedMemory": "shared_memory"}
ENDS = ("<chain looped>", "<chain broken>", "<access denied>")


def compare_lspci(name, config, ours, text):
    # Some entries that it cannot read in full have no end of line.
    text = re.sub(r"(?<!\n)\tCapabilities: ", "\n\tCapabilities: ", text)
    if config[0x0E] & 0x7F:
        excluded["header"] += 1
        return
    entries = [match for match in ENTRY.finditer(text) if not match[2].startswith(ENDS)]
    places = [int(match[1], 16) for match in entries]
    if any(place < 0x40 for place in places):
        excluded["chain"] += 1
        cut = next(index for index, place in enumerate(places) if place < 0x40)
        entries, places = entries[:cut], places[:cut]
    listed = [entry["position"] for entry in ours["pci_capabilities"]]
    if places != listed:
        fail(f"{name}: lspci lists {places}, we list {listed}", config.hex())
    compared["lists with lspci"] += 1
    caps = {cap["position"]: cap for cap in ours["capabilities"]}
    for match in entries:
        cap = caps.get(int(match[1], 16))
        if cap and not (why := unlike(cap, config)):
            compare_cap(name, config, cap, match)
        elif cap:
            excluded[why] += 1


def unlike(cap, config):
    """Why a capability is not compared with what lspci shows of it; None when it is."""
    if cap["cfg_type"] == "vendor":
        return "vendor"
    if 16 <= cap["cap_len"] and cap["position"] + cap["cap_len"] > min(len(config), 256):
        return "long"
    if cap["cfg_type"] == "notify" and 16 <= cap["cap_len"] < 20:
        return "short notify"
    if cap["cfg_type"] == "shared_memory" and 16 <= cap["cap_len"] < 24:
        return "short region"
    return None


def compare_cap(name, config, cap, match):
    compared["capabilities with lspci"] += 1
    if match[3] is None:
        if cap["error"] is None:
            fail(f"{name}: lspci does not decode {cap}, we do", match[0], config.hex())
        return
    kind = match[2].removeprefix("Vendor Specific Information: VirtIO: ")
    # lspci 3.9 knows the high halves of a shared memory capability no more than its name.
    mask = (1 << 4 * len(match[4])) - 1
    theirs = (NAMES.get(kind), int(match[3]), int(match[4], 16), int(match[5], 16),
              match[6] and int(match[6], 16))
    mine = (cap["cfg_type"] if kind in NAMES else None, cap["bar"],
            None if cap["offset"] is None else cap["offset"] & mask,
            None if cap["length"] is None else cap["length"] & mask, cap["notify_off_multiplier"])
    if theirs != mine:
        fail(f"{name}: lspci has {theirs}, we have {mine}", match[0], config.hex())


def compare_model(name, config, ours):
    compared["functions with the model"] += 1
    expected = model.describe(config)
    for key, value in expected.items():
        found = ours[key]
        if isinstance(value, list):
            found = [
                known_keys(entry, theirs)
                for entry, theirs in itertools.zip_longest(found, value, fillvalue={})]
        if found != value:
            fail(f"{name}: {key}", f"model {value}", f"ours  {found}", config.hex())
    compared["capabilities with the model"] += len(expected["capabilities"])


def known_keys(entry, theirs):
    """Of an entry what the model knows; of its error, whether there is one."""
    found = {key: entry.get(key) for key in theirs or entry}
    if "error" in found:
        found["error"] = found["error"] is not None
    return found


def compare_bytes(name, config, ours, theirs):
    compared["bytes with libpci"] += len(config)
    if not config.hex() == ours == theirs:
        fail(f"{name}: bytes", f"libpci {theirs}", f"ours   {ours}", f"dump   {config.hex()}")


def part(program, helper, generator, first, count, folder):
    spaces = {
        functions.address(number): generator.function() for number in range(first, first + count)}
    path = f"{folder}/dump.txt"
    with open(path, "w") as file:
        file.writelines(functions.dump(spaces.values(), first))
    described, ours, theirs = our_json(program, path), our_bytes(program, path), libpci_bytes(helper, path)
    shown = lspci(spaces, folder)
    for name, config in spaces.items():
        if model.is_virtio(config) != (name in described):
            fail(f"{name}: {'not ' if name not in described else ''}listed", config.hex())
        elif name in described:
            compare_model(name, config, described[name])
            compare_bytes(name, config, ours.get(name), theirs.get(name))
            if name in shown:
                compare_lspci(name, config, described[name], shown[name])
        else:
            compared["functions that are none of ours"] += 1


def same_through_libpci(program):
    """This machine's functions through sysfs and through libpci."""
    status, text = run([program, "--json"])
    if status == 3:
        return print("no virtio function on this machine: -A sysfs and -A libpci are not compared")
    other_status, other = run([program, "--json", "-A", "libpci"])
    ours, theirs = json.loads(text), json.loads(other)
    if (status, ours["devices"], ours["errors"]) != (other_status, theirs["devices"], theirs["errors"]):
        fail("-A sysfs and -A libpci give different JSON")
    compared["functions of this machine through libpci"] = len(ours["devices"])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=os.path.abspath)
    parser.add_argument("count", type=int, nargs="?", default=10_000)
    parser.add_argument("seed", type=int, nargs="?", default=1)
    program, count, seed = vars(parser.parse_args()).values()
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        helper = f"{folder}/libpci-bytes"
        subprocess.run(
            [os.environ.get("CC", "cc"), "-O2", "-Wall", "-Werror", f"{HERE}/libpci-bytes.c", "-lpci",
             "-o", helper], check=True)
        generator = functions.Generator(seed)
        for first in range(0, count, PART):
            part(program, helper, generator, first, min(PART, count - first), folder)
    same_through_libpci(program)
    print(f"{count:,} functions of seed {seed}, {time.monotonic() - start:.0f} s")
    print("Compared")
    for what, number in compared.items():
        print(f"{number:14,} {what}")
    print("Not compared with lspci")
    for what, number in excluded.items():
        print(f"{number:14,} {UNLIKE_LSPCI[what]}")
    print(f"{failures} differences")
    sys.exit(failures > 0)


main()
