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

    Without a DEVICE it prints a table with a row for each virtio function. With one, each function
    that is named is shown in full; --verbose, --hex, --registers and --probe show all in full.

    Nothing is written to a device, and nothing is read that has a side effect, unless an option asks
    for it: see NOTES.

    A DEVICE is one of:
    """

  static let operands = """
    Options and devices mix freely, and -- ends the options. A long option may be shortened, as long
    as no other begins with the same letters.
    """

  static let list = """
    A row for each function, in the order of their addresses, or of a dump. A dash stands for what
    is not there, and a question mark for what could not be read. The status of a function that does
    not answer is gone, or asleep where the kernel has it in D3cold. These columns are shown:
    """

  static let detail = """
    The address and the type; the interface, which is modern, transitional (modern and legacy) or
    legacy, and a question mark where neither the capability list nor a driver shows it; the PCI IDs; the driver and what it made, the device status, the negotiated features and
    the BARs. Below them stands what is wrong, unless it is about one virtio capability: that is in
    its row. With --verbose there is a row for each capability of the PCI list, else for each virtio
    capability. The columns are:
    """

  static let capabilityTypes: [(CapCfgType, String)] = [
    (.common, "the common configuration: features, status and queues"),
    (.notify, "the doorbells, by which a driver tells of new buffers in a queue"),
    (.isr, "the ISR status: what an interrupt is about"),
    (.device, "the device-specific configuration"),
    (.pci, "the PCI configuration access window: see NOTES"),
    (.sharedMemory, "a region of shared memory"),
    (.vendor, "data that the vendor of the device defines"),
  ]

  static let layout = """
    With --layout each BAR is a table: a row for each range of bytes, in the order of their offsets.
    Indented below the structure that it is about stands what is in it, such as a doorbell, or what
    is wrong with it: what it shares with another structure, and what the BAR does not have of it. The
    columns are:
    """

  static let checks = """
    With --check each finding is a line: the position of the capability that it is about, its
    severity, the rule that is broken, and what is wrong. Capabilities that are missing because the
    list is broken are folded under that. Last comes how many rules held, and how many were not
    checked, with what would check them; after several functions, a total. --explain says more of a
    rule.

    An error that begins with "violation" breaks a requirement (MUST) of VIRTIO 1.4. One that begins
    with "state" violates nothing, but a function in that state does not work: the guest has given up
    on the device (FAILED), the device asks for a reset (DEVICE_NEEDS_RESET), its status or its
    registers read all ones or all zeros, bus mastering is off while the driver is running, or
    decoding is off or the status is 0 under a bound driver. Warnings are recommendations, and what
    the specification describes or implies without a keyword. Notes are what one look cannot tell, or
    what is only worth knowing: they never fail a check.
    """

  static let statuses = """
    Where several apply, the largest wins. One function that cannot be read never hides another: the
    rest is printed, and the status is 4. Messages go to standard error.
    """

  static let environment = [
    ("NO_COLOR", "If it is not empty, there are no colors unless --color asks for them."),
    ("TERM", "If it is dumb, likewise."),
    (
      "GITHUB_ACTIONS",
      "If it is set, each failure of --check and --expect is an annotation for GitHub, too, unless"
        + " --report asks for a format."
    ),
  ]

  static let files = """
    With --sysfs DIR those in /sys are looked for in DIR. The files of a function are in its folder,
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
    ("power_state", "for --registers and --probe: a function that sleeps is not touched"),
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
      "whether there are virtio devices that are not on PCI, when none is found there"
    ),
    (
      "/sys/kernel/debug/virtio/virtio*/device_features",
      "for --registers and --probe: the offered features, if the kernel has CONFIG_VIRTIO_DEBUG"
    ),
    ("libpci.so.3", "for --access libpci, and loaded only then"),
    (
      "/proc/self/uid_map",
      "whether this is root of a user namespace, when only a part of config space can be read"
    ),
  ]

  static let examples = [
    Example(purpose: "List the virtio functions of this machine", command: "virtio-pci-inspect"),
    Example(
      purpose: "Network and block devices, with their negotiated features and BARs",
      command: "virtio-pci-inspect -t net,blk -o +FEATURES,BARS"),
    Example(
      purpose: "Show in full what is behind eth0, with every PCI capability",
      command: "virtio-pci-inspect -v eth0"),
    Example(
      purpose: "Look at another machine's devices",
      command: "lspci -xxx > guest.txt\nvirtio-pci-inspect -F guest.txt"),
    Example(
      purpose: "Take all there is to see along, and look at it on any machine",
      command: "virtio-pci-inspect --capture guest\nvirtio-pci-inspect --sysfs guest -v"),
    Example(
      purpose: "Read the registers of a device; see all that it offers, with no driver bound",
      command: "virtio-pci-inspect --registers eth0\nvirtio-pci-inspect --probe 04.0"),
    Example(
      purpose: "Find what violates the specification or what a driver would refuse",
      command: "virtio-pci-inspect --check\nvirtio-pci-inspect --explain cap-len-pci-cfg"),
    Example(
      purpose: "Ask for a device in a script, by the exit status",
      command: """
        virtio-pci-inspect 0000:00:04.0 > /dev/null &&
            echo it is there and can be read
        """),
    Example(
      purpose: "Note what this machine has, and wait at its next start until it is there again",
      command: """
        virtio-pci-inspect --json > expected.json
        virtio-pci-inspect --expect expected.json --wait 30 > /dev/null
        """),
    Example(
      purpose: "Report to a CI system",
      command: "virtio-pci-inspect --check --report junit > virtio.xml"),
  ]

  static let notes = [
    (
      heading: "Side effects",
      text: """
      By itself the program opens no file to write to it, and reads nothing of a device that acts
      on being read. In a guest each dword of config space is an exit to the hypervisor, so that of
      each function two dwords of the header are read, and of each capability just its structure.
      IDs, BARs and drivers are taken from sysfs, which knows them without asking the device.

      Never read, whatever the options, are the ISR status, since a read clears it and with it an
      interrupt; the doorbells, for which a read is not defined; and shared memory, which belongs
      to the driver.

      --registers reads registers that do not react: it maps the BAR to read it, and writes
      nothing. For the offered features it reads a file of debugfs, for which the kernel selects
      one group of features after the other in the device.

      --probe writes device_feature_select, driver_feature_select and queue_select, puts them back,
      and writes nothing else, unless it has to go through the window below, whose registers it
      writes and puts back. It refuses a function with a driver bound, since both would use the
      same selectors. With --force it does not: should the driver set up or reset a queue, or read
      the features, at that very moment, it may reach another queue or group of features than it
      means, after which the device may have to be reset; and the probe may show what the driver
      selected. Once it has started, a driver seldom does any of this.
      """
    ),
    (
      heading: "The PCI configuration access window",
      text: """
      A capability of type pci lets software reach a BAR that it cannot map. Its bar, offset and
      length name a place; a read of pci_cfg_data, the four bytes at 16 of the capability, makes
      the device read that place, with whatever side effect this has there, and a write makes it
      write. A driver, or firmware, that used it may have left it anywhere.

      So these four bytes of a live device are not read. --hex reads all of config space and them
      with it, as lspci -xxx does; --probe uses the window where the kernel lets nobody map the BAR.
      In a dump they are what was read when it was made, and are shown. A window whose length is 0
      names no place, and is shown as closed.
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
      apply to the differences from an expectation. After 5,000,000 comparisons it is given up: it
      then fails and says so.

      The columns of the list are as wide as its first rows need, and no wider than 200 characters;
      a longer cell only shifts the rest of its row. Of what a driver made at most 4,096 folders are
      looked at. With --wait, output of more than 32 MiB is an error. Shell completion offers the
      names of at most 4,096 functions.
      """
    ),
    (
      heading: "Privileges",
      text: """
      The kernel shows everybody the first 64 bytes of config space. The capabilities lie behind
      them, and take CAP_SYS_ADMIN in the initial user namespace; root has it, but in most
      containers root does not. Without it type, driver, status, negotiated features and BARs are
      shown, the reason is said, and the exit status is 4.

      --registers and --probe take root and a kernel that lets BARs be mapped. One that is locked
      down, as it often is with Secure Boot, lets nobody, and refuses writes to config space as
      well. One with CONFIG_IO_STRICT_DEVMEM, as distributions have it, refuses while a driver has
      the BAR, so that a probe goes through the window, unless it was booted with iomem=relaxed.

      --access libpci:NAME goes where the method NAME does: some reach the hardware by I/O ports
      or /dev/mem, past the kernel.
      """
    ),
  ]

  static let bugs = """
    Only PCI is looked at: virtio devices on MMIO or channel I/O are not shown.

    The registers of the legacy interface are not read: of a legacy function, and of the legacy half
    of a transitional one, there is what PCI and the kernel say.

    Config space, and so a dump of it, holds neither the sizes of BARs nor the driver, the status or
    the features: for those of another machine, use --capture on it.

    Where the kernel's virtio driver is not bound, negotiated features are not known; --registers
    sees those 32 that happen to be selected, --probe all.

    What a device changes meanwhile may be seen half changed. Only the device-specific configuration
    is read again until its generation stays the same.
    """

  static let specification = """
    Virtual I/O Device (VIRTIO) Version 1.4, OASIS: the specification whose names and sections are
    used here.
    """
}
