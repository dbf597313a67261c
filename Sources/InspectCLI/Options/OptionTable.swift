import VirtioConformance
import VirtioPCI

extension Option {
  /// Every option: all that the parser, `--help`, the manual page and the completions know.
  static let table: [Option] = [
    .value(
      "slot", "s", "SPEC", .address, in: .selection,
      "only functions at the PCI address SPEC",
      details: """
        SPEC is [[[[DOMAIN]:]BUS]:][SLOT][.[FUNCTION]] in hexadecimal, as lspci takes it. A field
        that is left out, empty or * matches any value: 04.0 is function 0 of slot 4 on every bus,
        and 0000:00: is every function of bus 0. A field may begin with 0x.
        """
    ) { text, arguments throws(ValueError) in
      arguments.slot = try AddressPattern(parsing: text)
    },
    .value(
      "id", "d", "SPEC", .id, in: .selection,
      "only functions whose PCI IDs match SPEC",
      details: """
        SPEC is [VENDOR]:[DEVICE][:CLASS[:PROG-IF]] in hexadecimal, as lspci takes it. A field that
        is left out, empty or * matches any value, and an x in CLASS any digit: 1af4:1041 is every
        modern virtio network device, and ::01xx every storage device.
        """
    ) { text, arguments throws(ValueError) in
      arguments.id = try IDPattern(parsing: text)
    },
    .value(
      "type", "t", "TYPE,...", .deviceType, in: .selection, as: .repeatable,
      "only virtio devices of these types",
      details: """
        TYPE is the key of a virtio device type, such as net, blk or socket, or its number. help
        lists them.
        """
    ) { text, arguments throws(ValueError) in
      arguments.types += try items(of: text[...]).map { text throws(ValueError) in
        try DeviceType(parsing: text)
      }
    },
    .value(
      "as", nil, "TYPE", .deviceType, in: .selection,
      "take the functions for virtio devices of TYPE",
      details: """
        Some DPUs and network cards carry the structures of virtio under the IDs of their vendor.
        TYPE is the key or the number of one virtio device type. Only with a DEVICE, --slot or
        --id. Rules about IDs do not apply to a function with the IDs of another vendor, and
        drivers that go by the IDs are left out.
        """
    ) { text, arguments throws(ValueError) in
      arguments.assumedType = try DeviceType(parsing: text)
    },

    .value(
      "access", "A", "METHOD", .accessMethod, in: .access, as: .place,
      "how to read config space: sysfs, libpci[:NAME]",
      details: """
        sysfs, the default, reads the files of the kernel. libpci goes through the library of lspci,
        which has to be installed, by its method linux-sysfs; libpci:NAME names another, as lspci -A
        does. The capabilities are the same either way.

        libpci's method dump is not offered: --dump reads dumps.
        """
    ) { text, arguments throws(ValueError) in
      arguments.access = try AccessMethod(parsing: text)
    },
    .value(
      "libpci-option", "O", "P=V", .text, in: .access, as: [.repeatable, .place],
      "set libpci parameter P to V",
      details: """
        As lspci -O: lspci -O help lists the parameters. Only with --access libpci.
        """
    ) { text, arguments throws(ValueError) in
      arguments.libpciParameters.append(try LibPCIParameter(parsing: text))
    },
    .value(
      "dump", "F", "FILE", .file, in: .access, as: [.repeatable, .place],
      "read saved config space instead of this machine's",
      details: """
        FILE is the output of lspci -x, -xxx or -xxxx for any number of functions, which may be
        quoted, indented or logged, and stand among other text; a kernel log with pci=earlydump;
        the output of pci -i in the UEFI Shell; a raw config file, or the text that hexdump -C, xxd
        or od -tx1 make of one. They are told apart by their content. A FILE of - is standard
        input.

        Text before, between and after the functions is ignored. A line within a function that cannot
        be read is an error with its number; what follows is ignored up to the next function.
        """
    ) { text, arguments throws(ValueError) in
      let file = try DumpFile(parsing: text)
      // There is no more to read of standard input where it was read once.
      guard file != .standardInput || !arguments.dumps.contains(file) else { return }
      arguments.dumps.append(file)
    },
    .value(
      "sysfs", nil, "DIR", .directory, in: .access, as: .place,
      "read the sysfs tree at DIR instead of /sys",
      details: """
        DIR is the /sys of a container, or a captured tree.
        """
    ) { text, arguments throws(ValueError) in
      guard !text.isEmpty else { throw .empty }
      arguments.sysfs = text
    },

    .flag(
      "registers", in: .registers,
      "read the structures behind the capabilities",
      details: """
        It reads the common configuration, the selected queue and the device-specific configuration.
        Reading them has no side effect. The ISR status, which a read clears, the doorbells and shared
        memory are never read. The BAR is mapped, which requires root; many kernels refuse it while a
        driver is bound.

        If debugfs is mounted, the offered features come from there; to answer, the kernel selects one
        group of them after the other.
        """
    ) { $0.registers = true },
    .flag(
      "probe", in: .registers,
      "read every queue and feature: writes selectors",
      details: """
        In addition to --registers it reads all features that the device offers, and every queue. To do
        so it writes three selectors, device_feature_select, driver_feature_select and queue_select,
        and restores them; nothing else of the device is written. If the BAR cannot be mapped, it uses
        the window of the PCI configuration access capability and restores its registers, too.

        A function with a driver bound is refused, and the exit status is 2. Only devices in the
        kernel's own sysfs are probed, never a saved tree, and never through libpci with parameters.
        """
    ) { $0.probe = true },
    .flag(
      "force", in: .registers,
      "probe even while a driver is bound (risky)",
      details: """
        If the driver writes a selector at the same moment, because it sets up or resets a queue, it may
        reach the wrong queue or group of features, and the probe may show wrong values. A driver that
        has finished its setup seldom does so.
        """
    ) { $0.force = true },

    .flag(
      "check", in: .checks,
      "judge by the specification",
      details: """
        There is a line for each finding, and a count of the rules that hold. An error, which
        makes the exit status 1, is a broken requirement of VIRTIO 1.4 (its message begins with
        "violation"), or a state in which the function does not work, such as FAILED or registers that
        read all ones ("state"). What is recommended, described without a keyword, or inferred is a
        warning. A note is something worth knowing: nothing is broken, or one look cannot tell.

        A rule whose input was not read is counted as not checked: --registers and --probe read
        more. By itself this option reads nothing that has a side effect.
        """
    ) { $0.check = true },
    .flag(
      "strict", in: .checks,
      "treat warnings as errors",
      details: """
        The exit status is then 1 even if --check finds nothing but warnings.
        """
    ) { $0.strict = true },
    .value(
      "drivers", nil, "NAME,...", .driver, in: .checks, as: .repeatable,
      "drivers whose refusals fail the check",
      details: """
        The default is linux. A refusal by one of these drivers is an error of --check; what the others
        do is only shown. all stands for those whose verdicts were compared with the real driver, none
        for no driver. --explain NAME tells what a driver looks at.
        """
    ) { text, arguments throws(ValueError) in
      let drivers = try DriverChoice(parsing: text)
      arguments.drivers = try arguments.drivers?.adding(drivers) ?? drivers
    },
    .value(
      "ignore", nil, "RULE,...", .rule, in: .checks, as: .repeatable,
      "accept what these rules find",
      details: """
        Use it for known findings that will stay, such as hardware without a PCI configuration access
        capability (cap-pci-cfg-present). A finding of an ignored rule is still shown, as ignored, and
        does not change the exit status. RULE is a name from --list-rules, or driver-NAME for a refusal
        by the driver NAME. It is no error if the rule finds nothing.
        """
    ) { text, arguments throws(ValueError) in
      arguments.ignored = arguments.ignored.adding(try IgnoredRules(parsing: text))
    },
    .value(
      "expect", nil, "FILE", .file, in: .checks, as: .repeatable,
      "compare with a JSON expectation",
      details: """
        FILE is the object of --json, reduced to what matters. Every key in it must match, and each
        element of a list must match a different element, in any order. The unchanged output of --json
        holds; deleting lines loosens it.

        Where equality is not enough, use an object of conditions in place of a value:
        {"at_least": N} and {"at_most": N}, {"matches": PATTERN} with * for anything and ? for any
        one character, {"one_of": [VALUE, ...]}, {"not": VALUE}, and {"absent": true} for what is
        null or not there, false for what is; of lists {"count": N}, {"all": VALUE},
        {"none": VALUE}, and {"includes": [VALUE, ...]}, which is the list itself beside other
        conditions. All conditions of an object must hold. An empty list demands nothing;
        {"count": 0} demands that nothing is there.

        A key or word that the output does not know is an error, before any device is read. If the
        option is given several times, every expectation must hold.
        """
    ) { text, arguments throws(ValueError) in
      guard !text.isEmpty else { throw .empty }
      if !arguments.expectations.contains(text) { arguments.expectations.append(text) }
    },
    .value(
      "diff", nil, "PATH", .file, in: .checks,
      "print what differs from PATH",
      details: """
        PATH is the output of --json or --jsonl, a dump as --dump takes it, or the folder of a
        --capture: another machine, or this one as it was before. Functions are paired by address, and
        otherwise by type and order. The exit status is 1 if anything differs.

        A line for each difference names the function, where the value stands in its JSON, and the
        value in PATH and here; + and - mean that an element is not in PATH, or only there. If one side
        shows what a device offers and the other what was negotiated, features that were negotiated and
        are not offered are listed, too: they would break a migration.

        What could not be read on one side is not compared, and a last line says what that is. Where
        and how a function was read, what is derived from the rest (drivers, problems), and what the host
        assigns anew (addresses, irq, NUMA node, IOMMU group) do not count; --verbose compares the last,
        too. With --json the output is one object: virtio-pci-inspect.json(5).
        """
    ) { text, arguments throws(ValueError) in
      guard !text.isEmpty else { throw .empty }
      arguments.diff = text
    },
    .value(
      "wait", nil, "SECONDS", .text, in: .checks,
      "retry until everything passes or the time is up",
      details: """
        The program tries again until the exit status is 0: until everything named is there and can be
        read, and every check and expectation holds. When SECONDS, which may have a fraction, have
        passed, output, messages and status are those of the last try.

        The second try follows after 50 milliseconds; each pause is half as long again as the one
        before, up to a second.
        """
    ) { text, arguments throws(ValueError) in
      arguments.wait = try WaitTime.milliseconds(parsing: text)
    },
    .value(
      "report", nil, "FORMAT", .words(ReportFormat.words), in: .checks,
      "report format: text (the default), tap, junit",
      details: """
        With text, each failure is a message on standard error and, if GITHUB_ACTIONS is set, an
        annotation for GitHub. With tap (TAP version 14) and junit (XML), the output is the report alone:
        a case for each function and subject of rules, for each device and each other key of the
        expectation, and for everything that could not be read. What was not checked is skipped.
        """
    ) { text, arguments throws(ValueError) in
      arguments.report = try ReportFormat(parsing: text)
    },

    .flag(
      "list-rules", in: .checks, as: .last,
      "print the rules of --check",
      details: """
        One a line, with its level, what a finding amounts to, its section, and what it takes to
        check it, or why it is not checked. The level is the keyword of the specification (MUST,
        SHOULD or MAY), or else says that the specification describes it without one (descriptive),
        that it follows from the layout or from PCI (inferred), or that it is a state of the function
        (state). The rest of the command line is ignored.
        """
    ) { $0.action = .listRules },
    .value(
      "explain", nil, "RULE", .topic, in: .checks, as: .last,
      "print one rule of --check, or one driver, in full",
      details: """
        Of a rule: what it demands, its level and basis, what a finding amounts to and why, what it takes
        to check it, and an example of what would break it. Of a driver, such as linux: the steps that it
        takes before it uses a function, in its order, each with the place in its source and with what it
        logs. The rest of the command line is ignored.
        """
    ) { text, arguments throws(ValueError) in
      arguments.action = .explain(try Topic(parsing: text))
    },

    .value(
      "decode", nil, "TYPE=FEATURES", .text, in: .output,
      "name the bits; no device is read",
      details: """
        TYPE is a virtio device type, as --type takes it. FEATURES are the bits, in one of three
        forms: 64 or 128 characters of 0 and 1, bit 0 first, as the file features of a virtio device
        in sysfs has them; one hexadecimal number; or several with commas between them, 32 bits each,
        the lowest first. A number may begin with 0x. Where bit 32, VIRTIO_F_VERSION_1, is not set,
        the names are those of the legacy interface.

        With --json it prints an object with schema_version, type, type_id and features, whose
        elements are as in virtio-pci-inspect.json(5).
        """
    ) { text, arguments throws(ValueError) in
      arguments.decode = try DecodedFeatures(parsing: text)
    },
    .flag(
      "json", "J", in: .output,
      "print one JSON object",
      details: """
        The keys and their meanings are those of virtio-pci-inspect.json(5), and stay so.
        """
    ) { $0.json = true },
    .flag(
      "jsonl", in: .output,
      "print one JSON object per function and line",
      details: """
        Each line is an element of the array devices of --json.
        """
    ) { $0.jsonLines = true },
    .optional(
      "schema", "WHAT", .words(JSONSchema.Topic.words), in: .output, as: .last,
      "print the JSON Schema of the output",
      details: """
        Draft 2020-12. WHAT is output (the default), diff or decode. A line of --jsonl is what
        #/$defs/device of output describes. The rest of the command line is ignored.
        """
    ) { text, arguments throws(ValueError) in
      guard let topic = JSONSchema.Topic(rawValue: text ?? JSONSchema.Topic.output.rawValue) else {
        throw .notOneOf(JSONSchema.Topic.words)
      }
      arguments.action = .schema(topic)
    },
    .value(
      "output", "o", "COL,...", .column, in: .output, as: .repeatable,
      "columns of the list; +COL,... adds to the default",
      details: """
        The names are the headings of the columns; help lists them. With a DEVICE, this option asks for its row of
        the list in place of the full view.
        """
    ) { text, arguments throws(ValueError) in
      let columns = try ColumnChoice(parsing: text)
      arguments.columns = arguments.columns?.adding(columns) ?? columns
    },
    .flag(
      "noheadings", in: .output,
      "print no heading lines",
      details: """
        This applies to the list and to the capabilities of a function.
        """
    ) { $0.showsHeadings = false },
    .flag(
      "quiet", "q", in: .output,
      "print nothing to standard output",
      details: """
        Only the exit status tells the result; if it is not 0, standard error says why.
        """
    ) { $0.isQuiet = true },
    .flag(
      "verbose", "v", in: .output,
      "show more of each function",
      details: """
        Every PCI capability, MSI-X, features with their bits, and the raw bytes of each virtio
        capability.
        """
    ) { $0.isVerbose = true },
    .flag(
      "layout", in: .output,
      "show each BAR as a map by offset",
      details: """
        Each function in full is followed by a map of each BAR: the structures with the positions of
        their capabilities, the table and the pending bits of MSI-X, the gaps between them, overlaps, and
        what runs past the end of the BAR. Doorbells are shown if they are known: if the multiplier is
        0, and for the queues that --registers or --probe reads. A dump has no BAR sizes, so the end of a
        BAR is not known.
        """
    ) { $0.layout = true },
    .flag(
      "hex", "x", in: .output,
      "also print config space, in the form of lspci -x",
      details: """
        --dump and lspci -F read the output back; it has no colors. A virtual function of SR-IOV has no
        IDs in config space, so a dump of it does not show that it is a virtio function; --capture does.
        On a live device this option reads all of config space, including the window of the PCI
        configuration access capability, which makes the device read its BAR; lspci -xxx does so, too.
        """
    ) { $0.hex = true },
    .value(
      "capture", nil, "DIR", .directory, in: .output,
      "also save what is read, for use with --sysfs",
      details: """
        For each function that is shown, DIR/bus/pci/devices gets a folder with the sysfs files that
        were read; --sysfs DIR gives the same output on any machine. If not all of config space was read,
        the file config.read beside config lists the bytes that were; the others are zeros and are not
        read back.

        Nothing is overwritten: it is an error if DIR already has the function. Symbolic links below DIR
        are not followed. The folder of a function gets a name that begins with a dot, and is renamed
        when it is complete. Only a run that is killed leaves such a folder behind; it is ignored and
        can be removed while no capture is running: rm -r DIR/bus/pci/devices/.[0-9a-f]*.
        """
    ) { text, arguments throws(ValueError) in
      guard !text.isEmpty else { throw .empty }
      arguments.capture = text
    },
    .value(
      "color", nil, "WHEN", .words(ColorChoice.words), in: .output,
      "colors: auto (the default), always, never",
      details: """
        With auto, colors are used if the output is a terminal, unless the environment variable NO_COLOR
        is set and not empty, or TERM is dumb.
        """
    ) { text, arguments throws(ValueError) in
      arguments.color = try ColorChoice(parsing: text)
    },

    .flag(
      "help", "h", in: .other, as: .last,
      "print this help",
      details: """
        The rest of the command line is ignored.
        """
    ) { $0.action = .help },
    .flag(
      "version", "V", in: .other, as: .last,
      "print the version",
      details: """
        It also says whether --access libpci was built in. The rest of the command line is ignored.
        """
    ) { $0.action = .version },
    .value(
      "complete", nil, "KIND", .text, in: .other, as: [.last, .hidden],
      "print what a shell can offer for KIND",
      details: """
        A line for each: what is to be typed, a tab, and what it means. Only what comes before on
        the command line is looked at. A KIND that is not known has no lines, for the completions of
        another version may ask.
        """
    ) { text, arguments throws(ValueError) in
      arguments.action = .complete(CandidateKind(rawValue: text))
    },
  ]
}
