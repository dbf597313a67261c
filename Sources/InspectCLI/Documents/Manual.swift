import Platform
import VirtioPCI

/// What the manual pages say that is in no table of the program.
enum Manual {
  /// A command line that was run, and what it is for.
  struct Example: Sendable {
    /// Without the colon that follows.
    let purpose: String
    let command: String
  }

  static let description = """
    virtio-pci-inspect shows exactly what a virtio PCI device presents: its capabilities and the
    physical addresses they lead to, its driver, status and negotiated features, its BARs, and what
    is wrong with any of it.

    Without a DEVICE it prints a table with a row for each virtio function. Functions that are named
    are shown in full; --verbose, --hex, --registers and --probe show every function in full.

    By default it writes nothing to a device and reads nothing that has a side effect: see NOTES.

    A DEVICE is one of:
    """

  static let operands = """
    Options and operands may appear in any order; -- ends the options. A long option may be shortened
    to any unambiguous prefix.
    """

  static let list = """
    There is a row for each function, sorted by address; those of a dump keep its order. A dash means
    that there is nothing to show, a question mark that it could not be read. The status of a function
    that does not answer is gone, or asleep if the kernel has put it into D3cold. The columns are:
    """

  static let detail = """
    The full view shows the address and the type; the interface (modern, legacy, or transitional for
    both; a question mark if neither the capability list nor a driver shows it); the PCI IDs; the driver
    and its nodes, the device status, the negotiated features and the BARs; and what is wrong, except for
    problems of a virtio capability, which are in its row. With --verbose the table has a row for each
    PCI capability, otherwise for each virtio capability. Its columns are:
    """

  static let capabilityTypes: [(CapCfgType, String)] = [
    (.common, "the common configuration: features, status and queues"),
    (.notify, "the doorbells with which a driver announces new buffers in a queue"),
    (.isr, "the ISR status: the reason for an interrupt"),
    (.device, "the device-specific configuration"),
    (.pci, "the PCI configuration access window: see NOTES"),
    (.sharedMemory, "a region of shared memory"),
    (.vendor, "data that the vendor of the device defines"),
  ]

  static let layout = """
    With --layout each BAR is shown as a table with a row for each range of bytes, sorted by offset.
    Doorbells and problems (an overlap, or a part that runs past the end of the BAR) are indented below
    the structure that they belong to. The columns are:
    """

  static let checks = """
    With --check there is a line for each finding: the position of the capability, the severity, the
    rule, and what is wrong. Capabilities that are missing because the list is broken are folded below
    that finding. The last line counts the rules that held and those that were not checked, and says what
    would check them; several functions are followed by a total. --explain describes a rule.

    An error that begins with "violation" breaks a requirement (MUST) of VIRTIO 1.4. One that begins
    with "state" violates nothing, but a function in that state does not work: the guest has given up
    on the device (FAILED), the device needs a reset (DEVICE_NEEDS_RESET), its status or its
    registers read all ones or all zeros, bus mastering is off while the driver is running, or
    decoding is off or the status is 0 under a bound driver. Warnings are recommendations, and what
    the specification describes or implies without a keyword. Notes are what one look cannot tell, or
    what is only worth knowing: they never fail a check.
    """

  static let statuses = """
    If several apply, the highest is returned. One function that cannot be read never hides another: the
    rest is printed, and the status is 4. Messages go to standard error.
    """

  static let environment = [
    ("NO_COLOR", "If it is not empty, there are no colors unless --color asks for them."),
    ("TERM", "If it is dumb, there are no colors either."),
    (
      "GITHUB_ACTIONS",
      "If it is set, each failure of --check and --expect is also written as an annotation for GitHub,"
        + " unless --report is given."
    ),
  ]

  static let files = """
    With --sysfs DIR the files in /sys are read from DIR instead. Those of a function are in
    /sys/bus/pci/devices/ADDRESS.
    """

  /// Files that are read, with what for.
  static let paths = [
    ("uevent", "PCI IDs, class code and PCI driver"),
    ("revision", "the revision ID"),
    ("resource", "the BARs, as the kernel placed them"),
    ("config", "config space; --probe writes to it where the BAR cannot be mapped"),
    ("config.read", "in a capture, which bytes of config it holds"),
    ("numa_node", "the NUMA node"),
    ("iommu_group", "a link to the IOMMU group"),
    ("power_state", "for --registers and --probe: a sleeping function is not accessed"),
    (
      "resource0 to resource5",
      "for --registers and --probe: the BARs, which are mapped, or if they are I/O ports or saved, "
        + "read"
    ),
    ("virtio*/uevent", "the name of the virtio device, and its driver"),
    ("virtio*/status", "the device status, which the kernel reads from the device"),
    ("virtio*/features", "the negotiated features"),
    (
      "virtio*/net, virtio*/block, virtio*/mount_tag, drm and the like",
      "a node of its driver: eth0, vda, a tag, card0"
    ),
    (
      "/sys/bus/virtio/devices",
      "to tell whether there are virtio devices elsewhere, if none is found on PCI"
    ),
    (
      "/sys/kernel/debug/virtio/virtio*/device_features",
      "for --registers and --probe: the offered features, if the kernel has CONFIG_VIRTIO_DEBUG"
    ),
    ("libpci.so.3", "for --access libpci, and loaded only then"),
    (
      "/proc/self/uid_map",
      "to tell whether root is that of a user namespace, if only a part of config space can be read"
    ),
  ]

  static let examples = [
    Example(purpose: "List the virtio functions of this machine", command: "virtio-pci-inspect"),
    Example(
      purpose: "Network and block devices, with their negotiated features and BARs",
      command: "virtio-pci-inspect -t net,blk -o +FEATURES,BARS"),
    Example(
      purpose: "Show the function behind eth0 in full, with every PCI capability",
      command: "virtio-pci-inspect -v eth0"),
    Example(
      purpose: "Look at another machine's devices",
      command: "lspci -xxx > guest.txt\nvirtio-pci-inspect -F guest.txt"),
    Example(
      purpose: "Capture everything and examine it on another machine",
      command: "virtio-pci-inspect --capture guest\nvirtio-pci-inspect --sysfs guest -v"),
    Example(
      purpose: "Read the registers of a device; without a driver, all that it offers",
      command: "virtio-pci-inspect --registers eth0\nvirtio-pci-inspect --probe 04.0"),
    Example(
      purpose: "Find what violates the specification or what a driver would refuse",
      command: "virtio-pci-inspect --check\nvirtio-pci-inspect --explain cap-len-pci-cfg"),
    Example(
      purpose: "Test for a device in a script",
      command: """
        virtio-pci-inspect -q 0000:00:04.0 &&
            echo it is there and can be read
        """),
    Example(
      purpose: "Record the devices of this machine, and wait for them at the next boot",
      command: """
        virtio-pci-inspect --json > expected.json
        virtio-pci-inspect -q --expect expected.json --wait 30
        """),
    Example(
      purpose: "Report to a CI system",
      command: "virtio-pci-inspect --check --report junit > virtio.xml"),
  ]

  static let notes = [
    (
      heading: "Side effects",
      text: """
      By default the program opens no file for writing and reads no register whose read has a side
      effect. In a guest each dword of config space costs an exit to the hypervisor. Therefore only
      two dwords of each header are read, and exactly the structure of each capability; IDs, BARs and
      drivers come from sysfs, which does not ask the device for them.

      The following are never read, whatever the options: the ISR status, because a read clears it and
      can lose an interrupt; the doorbells, for which a read is not defined; and shared memory, which
      belongs to the driver.

      --registers reads registers whose read has no side effect. It maps the BAR for reading and writes
      nothing. The offered features come from a file in debugfs, for which the kernel selects one group
      of features after the other in the device.

      --probe writes device_feature_select, driver_feature_select and queue_select, restores them, and
      writes nothing else, unless it has to use the window described below, whose registers it writes
      and restores, too. It refuses a function with a driver bound, because the driver uses the same
      selectors. With --force it goes ahead. If the driver sets up or resets a queue, or reads the
      features, at the same moment, it may reach the wrong queue or group of features, and the device
      may have to be reset; the probe may also show what the driver has selected. A driver seldom does
      any of this once it has started.
      """
    ),
    (
      heading: "The PCI configuration access window",
      text: """
      A capability of type pci lets software access a BAR that it cannot map. Its fields bar, offset
      and length select a place. A read of pci_cfg_data, the four bytes at offset 16 of the capability,
      makes the device read that place, with whatever side effect that has; a write makes it write
      there. Firmware or a driver may have left the window anywhere.

      These four bytes are therefore not read from a live device. --hex reads all of config space,
      including them, as lspci -xxx does; --probe uses the window if the kernel does not allow the BAR
      to be mapped. In a dump the bytes are shown as they were read. A window whose length is 0 is
      shown as closed.
      """
    ),
    (
      heading: "Saved trees",
      text: """
      A tree for --sysfs may come from somebody else. Every file of a function is opened in the
      function's own folder and must be a regular file. The only symbolic link followed is the entry
      in bus/pci/devices; of iommu_group only the name of its target is read. A text file may be at
      most 4096 bytes long, as in sysfs. It is an error if two entries lead to the same folder, if an
      entry leads nowhere or to a device of this machine, or if its name is not the address as the
      kernel writes it.

      Each time a file is opened, its file system tells whether it may belong to a device. Files in
      sysfs and procfs do. Files on FUSE, virtiofs or 9P, or on a file system that cannot be
      determined, may: nothing is read from them that has a side effect. Anything else is taken to
      be saved. Only in sysfs itself is a BAR mapped or anything written; a saved BAR, resource0 to
      resource5, is read as a file.
      """
    ),
    (
      heading: "Saved files",
      text: """
      A dump or raw config file is checked after it is opened. Files in sysfs or procfs are refused.
      A file on FUSE, virtiofs or 9P may be passed through from a device. It is read only if it is
      text; raw config space is refused after the first 64 bytes: copy it to a local file first. The
      file that standard output goes to is refused as well, since it would grow while it is read.
      """
    ),
    (
      heading: "Text from outside",
      text: """
      Names, paths and values come from devices, drivers and the authors of files. Characters that
      would control a terminal, and invisible ones, are printed as escapes such as \\u{1b}. So is the
      second colon or number sign of a word that a CI system could take for a command (:: or ##[).
      JSON uses its own escapes, so the value is unchanged. Names are compared byte by byte.
      """
    ),
    (
      heading: "Limits",
      text: """
      Running time is linear in the size of the input. Memory stays within 64 MiB whatever the input
      is, not counting libpci and what an expectation needs: its file (at most 16 MiB and 1,000,000
      values), and what it asks about each function.

      At most 1,000 messages are printed, and as many errors in JSON and reports, followed by one
      that counts the rest. The middle of a message longer than 8 KiB is left out. The same limits
      apply to the differences from an expectation; after 5,000,000 comparisons the expectation fails
      with a message. PATH of --diff may have up to 128 MiB of JSON, and is held in memory.

      The columns of the list are as wide as its first rows need, and at most 200 characters wide;
      a longer cell only shifts the rest of its row. At most 4,096 folders of a driver's nodes are
      searched. With --wait, output of more than 32 MiB is an error. Shell completion offers the names
      of at most 4,096 functions.
      """
    ),
    (
      heading: "Privileges",
      text: """
      Every user can read the first 64 bytes of config space. The capabilities lie behind them and
      require CAP_SYS_ADMIN in the initial user namespace, which root has, but not in most containers.
      Without it the type, driver, status, negotiated features and BARs are shown, a message gives the
      reason, and the exit status is 4.

      --registers and --probe require root and a kernel that allows BARs to be mapped. A kernel that is
      locked down, as it often is with Secure Boot, does not allow it, and refuses writes to config
      space as well. A kernel with CONFIG_IO_STRICT_DEVMEM, as distributions build it, refuses while a
      driver has the BAR, unless it was booted with iomem=relaxed; a probe then uses the window.

      --access libpci:NAME accesses the hardware as the method NAME does. Some methods use I/O ports or
      /dev/mem, bypassing the kernel.
      """
    ),
  ]

  static let bugs = """
    Virtio devices on MMIO or channel I/O are not shown.

    The registers of the legacy interface are not read. A legacy function, and the legacy half of a
    transitional one, is shown as PCI and the kernel describe it.

    Config space, and therefore a dump, has no BAR sizes, driver, status or features. To get those of
    another machine, use --capture there.

    Without the kernel's virtio driver the negotiated features are not known. --registers reads the 32
    that happen to be selected, --probe all of them.

    Values that change while they are read may be inconsistent. Only the device-specific configuration
    is read again until its generation stays the same.
    """

  static let specification = """
    Virtual I/O Device (VIRTIO) Version 1.4, OASIS. This manual uses its names and cites its sections.
    """
}
