/// What `--help` prints.
enum Help {
  /// What a DEVICE can be, with its meaning.
  static let deviceForms = [
    ("0000:00:04.0, 04.0, 00:04.*", "a PCI address, as lspci -s takes it"),
    ("virtio3", "the kernel's name of a virtio device"),
    ("eth0, vda", "an interface, disk or other node"),
    ("virtio_net, vfio-pci", "a driver: all functions bound to it"),
    ("./config, /sys/...", "a raw config file or a sysfs device folder"),
  ]

  /// Command lines, with what they do.
  static let examples = [
    ("\(Version.name) 04.0", "one function with its capabilities"),
    ("\(Version.name) --json eth0 | jq .", "the same as JSON, for scripts"),
    ("lspci -xxxx | \(Version.name) -F -", "the functions in a dump"),
  ]

  /// All of it, with a line feed at the end.
  static func text(options: [Option] = Option.shown) -> String {
    var text = """
      Usage: \(Version.name) [OPTION]... [DEVICE]...
      List the virtio functions on the PCI bus, or show each DEVICE in full.

      """
    text += section("DEVICE is one of:", deviceForms)
    let labels = options.map { label(of: $0).utf8.count }
    for group in Option.Group.allCases {
      let rows = options.filter { $0.group == group }.map { (label(of: $0), $0.summary) }
      if !rows.isEmpty { text += section("\(group.rawValue):", rows, width: labels.max()) }
    }
    text += section("Exit status:", ExitStatus.allCases.map { ("\($0.rawValue)", $0.meaning) })
    text += section("Examples:", examples)
    return text
  }

  /// `-s, --slot SPEC`, with the long names in one column.
  private static func label(of option: Option) -> String {
    (option.short.map { "-\($0), " } ?? "    ") + option.synopsis
  }

  /// A heading and under it two columns, the first as wide as `width` or its widest cell.
  private static func section(
    _ heading: String, _ rows: [(String, String)], width: Int? = nil
  ) -> String {
    let width = width ?? rows.map { $0.0.utf8.count }.max() ?? 0
    let lines = rows.map { left, right in
      "  " + left + String(repeating: " ", count: width - left.utf8.count) + "  " + right + "\n"
    }
    return "\n\(heading)\n" + lines.joined()
  }
}
