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
  /// Nil prints a dash.
  let text: @Sendable (Inspection) -> String?

  init(
    _ name: String, _ meaning: String, _ alignment: TextTable.Alignment = .left,
    needs: ReadPlan = [], text: @escaping @Sendable (Inspection) -> String?
  ) {
    self.name = name
    self.meaning = meaning
    self.alignment = alignment
    self.needs = needs
    self.text = text
  }

  /// What a list has when nothing else is asked for.
  static let defaults = [
    "ADDRESS", "TYPE", "INTERFACE", "DRIVER", "VIRTIO", "NODES", "STATUS", "CAPABILITIES",
  ].compactMap { named($0) }

  static let all: [Column] = [
    Column("ADDRESS", "PCI address") { $0.address?.description },
    Column("TYPE", "virtio device type, a number where it has no name") { $0.function.type?.label },
    Column("INTERFACE", "modern, transitional or legacy") { $0.function.interface.rawValue },
    Column("DRIVER", "virtio driver, or the PCI driver where there is none", needs: .kernel) {
      $0.function.kernel.virtio?.driver ?? $0.function.kernel.driver
    },
    Column("VIRTIO", "the kernel's name of the virtio device", needs: .kernel) {
      $0.function.kernel.virtio?.name
    },
    Column("NODES", "what the driver made: network interfaces, block devices, ...", needs: .nodes) {
      $0.function.kernel.virtio?.nodes.joined(separator: " ").unlessEmpty
    },
    Column("STATUS", "how far the driver has come", needs: .status) {
      $0.function.kernel.virtio?.status?.summary
    },
    Column("CAPABILITIES", "virtio capabilities, in list order", needs: .capabilities) {
      $0.function.capabilities.map(\.head.cfgType.label).joined(separator: " ").unlessEmpty
    },
    Column("ID", "PCI vendor and device ID") {
      "\(Hex($0.function.identity.vendorID).bare):\(Hex($0.function.identity.deviceID).bare)"
    },
    Column("SUBSYSTEM", "PCI subsystem vendor and subsystem ID") {
      "\(Hex($0.function.identity.subsystemVendorID).bare):\(Hex($0.function.identity.subsystemID).bare)"
    },
    Column("REVISION", "PCI revision ID") { Hex($0.function.identity.revision).bare },
    Column("CLASS", "PCI class code") {
      Hex(UInt64($0.function.identity.classCode), digits: 6).bare
    },
    Column("PCI-DRIVER", "PCI driver", needs: .kernel) { $0.function.kernel.driver },
    Column("NUMA", "NUMA node", .right, needs: .placement) {
      $0.function.kernel.numaNode.map(String.init)
    },
    Column("IOMMU", "IOMMU group", .right, needs: .placement) {
      $0.function.kernel.iommuGroup.map(String.init)
    },
    Column("MSIX", "MSI-X vectors", .right, needs: [.capabilities, .msix]) {
      $0.function.pciCapabilities.compactMap(\.msix).first.map { String($0.tableSize) }
    },
    Column("BARS", "implemented BARs with their sizes", needs: .bars) {
      $0.function.bars.map(\.label).joined(separator: " ").unlessEmpty
    },
    Column("FEATURES", "negotiated features", needs: .features) { inspection in
      inspection.features.map(\.label).joined(separator: " ").unlessEmpty
    },
    Column("PROBLEMS", "how many things are wrong", .right, needs: [.capabilities, .bars]) {
      let count = $0.problems.count
      return count > 0 || $0.function.listWasRead ? String(count) : nil
    },
    Column("FILE", "the dump or file it was read from") { $0.file },
  ]

  /// The column of that name, in either case.
  static func named(_ name: String) -> Column? {
    let name = name.uppercased()
    return all.first { $0.name == name }
  }
}

extension String {
  /// Nil for the empty string.
  var unlessEmpty: String? { isEmpty ? nil : self }
}
