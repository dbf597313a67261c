import PCIAccess
import VirtioConformance
import VirtioPCI

/// A column of the list: its name for `-o`, what it shows, and what must be read for it.
struct Column: Sendable {
  let name: String
  /// One line without a full stop.
  let meaning: String
  let alignment: TextTable.Alignment
  let needs: ReadPlan
  /// Appends what it shows of a function; nothing prints a dash, and what could not be read is a
  /// question mark.
  let append: @Sendable (Inspection, inout [UInt8]) -> Void

  init(
    _ name: String, _ meaning: String, _ alignment: TextTable.Alignment = .left,
    needs: ReadPlan = [], append: @escaping @Sendable (Inspection, inout [UInt8]) -> Void
  ) {
    self.name = name
    self.meaning = meaning
    self.alignment = alignment
    self.needs = needs
    self.append = append
  }

  /// What a list has when nothing else is asked for.
  static let defaults = [
    "ADDRESS", "TYPE", "INTERFACE", "DRIVER", "VIRTIO", "NODES", "STATUS", "CAPABILITIES",
  ].compactMap { named($0) }

  /// What could not be read.
  private static let unread = "?"

  /// What stands for anything of the kernel: a dump or a raw file does not have it.
  private static func noKernel(_ inspection: Inspection) -> String? {
    inspection.file == nil ? nil : unread
  }

  static let all: [Column] = [
    Column("ADDRESS", "PCI address") {
      if let address = $0.address { $1.append(address) }
    },
    Column("TYPE", "virtio device type, a number where it has no name") {
      $1.append(text: $0.function.type?.label)
    },
    Column("INTERFACE", "modern, transitional or legacy; ? where that is not known") {
      $1.append(text: $0.function.interface?.rawValue ?? unread)
    },
    Column("DRIVER", "virtio driver, or the PCI driver where there is none", needs: .kernel) {
      $1.append(
        text: $0.function.kernel.virtio?.driver ?? $0.function.kernel.driver ?? noKernel($0))
    },
    Column("VIRTIO", "the kernel's name of the virtio device", needs: .kernel) {
      $1.append(text: $0.function.kernel.virtio?.name ?? noKernel($0))
    },
    Column("NODES", "network interfaces, disks and other nodes of its driver", needs: .nodes) {
      if let unread = noKernel($0) { return $1.append(text: unread) }
      let nodes = $0.function.kernel.nodes
      $1.append(words: nodes.count) { nodes[$0] }
    },
    Column("STATUS", "state of the driver's initialisation", needs: .status) {
      let virtio = $0.function.kernel.virtio
      $1.append(
        text: $0.function.absence ?? virtio.map { $0.status?.summary ?? unread } ?? noKernel($0))
    },
    Column("CAPABILITIES", "virtio capabilities, in list order", needs: .capabilities) {
      let capabilities = $0.function.capabilities
      let isWhole = $0.function.listWasRead
      $1.append(words: capabilities.count + (isWhole ? 0 : 1)) {
        $0 < capabilities.count ? capabilities[$0].head.cfgType.label : unread
      }
    },
    Column("ID", "PCI vendor and device ID") {
      $1.append(pair: $0.function.identity.vendorID, $0.function.identity.deviceID)
    },
    Column("SUBSYSTEM", "PCI subsystem vendor and subsystem ID") {
      $1.append(
        pair: $0.function.identity.subsystemVendorID, $0.function.identity.subsystemID)
    },
    Column("REVISION", "PCI revision ID") {
      $1.append(hex: UInt64($0.function.identity.revision), digits: 2)
    },
    Column("CLASS", "PCI class code") {
      $1.append(hex: UInt64($0.function.identity.classCode), digits: 6)
    },
    Column("PCI-DRIVER", "PCI driver", needs: .kernel) {
      $1.append(text: $0.function.kernel.driver ?? noKernel($0))
    },
    Column("NUMA", "NUMA node", .right, needs: .placement) {
      $1.append(text: $0.function.kernel.numaNode.map(String.init) ?? noKernel($0))
    },
    Column("IOMMU", "IOMMU group", .right, needs: .placement) {
      $1.append(text: $0.function.kernel.iommuGroup.map(String.init) ?? noKernel($0))
    },
    Column("MSIX", "MSI-X vectors", .right, needs: [.capabilities, .msix]) {
      $1.append(
        text: $0.function.msix.map { String($0.tableSize) }
          ?? ($0.function.listWasRead ? nil : unread))
    },
    Column("BARS", "implemented BARs with their sizes", needs: .bars) {
      guard let bars = $0.function.implementedBARs else { return $1.append(text: unread) }
      $1.append(words: bars.count) { bars[$0].label }
    },
    Column("FEATURES", "negotiated features", needs: .features) {
      let virtio = $0.function.kernel.virtio
      if virtio.map({ $0.features == nil }) ?? ($0.file != nil) { return $1.append(text: unread) }
      let features = $0.features
      $1.append(words: features.count) { features[$0].label }
    },
    Column("DRIVERS", "drivers that use it, by what was read", needs: .judged) {
      $1.append(text: $0.function.listWasRead ? DriverText.summary(of: $0.drivers) : unread)
    },
    Column("PROBLEMS", "how many things are wrong", .right, needs: .judged) {
      let count = $0.problems.count
      $1.append(text: count > 0 || $0.function.listWasRead ? String(count) : unread)
    },
    Column("FILE", "the dump or file it was read from") { $1.append(text: $0.file) },
  ]

  /// The column of that name, in either case.
  static func named(_ name: String) -> Column? {
    let name = name.uppercased()
    return all.first { $0.name == name }
  }
}

extension [UInt8] {
  fileprivate mutating func append(text: String?) {
    if let text { append(bytes: text.utf8.span) }
  }

  /// Appends so many words, with a blank between two. Each is asked for by its index, so that nothing
  /// is copied that is large.
  fileprivate mutating func append(words count: Int, _ word: (Int) -> String) {
    for index in 0..<count {
      if index > 0 { append(UInt8(ascii: " ")) }
      append(text: word(index))
    }
  }

  /// Appends two IDs as lspci writes them.
  fileprivate mutating func append(pair first: UInt16, _ second: UInt16) {
    append(hex: UInt64(first), digits: 4)
    append(UInt8(ascii: ":"))
    append(hex: UInt64(second), digits: 4)
  }
}
