import PCIAccess
import VirtioConformance
import VirtioPCI

/// The objects of the JSON output: one table each, in the order of the output.
///
/// Scripts depend on them: within a schema version a key keeps its name, type and meaning.
enum JSONModel {
  static let schemaVersion: UInt64 = 1

  static let device: [JSONField<Inspection>] = [
    .optionalString("address", spelled: .pciAddress, "PCI address; null for a raw config file") {
      $0.address?.description
    },
    .optionalString("source", "the file it was read from, for a dump or a raw file") { $0.file },
    .register("vendor_id", "PCI vendor ID") { $0.function.identity.vendorID },
    .register("device_id", "PCI device ID") { $0.function.identity.deviceID },
    .register("subsystem_vendor_id", "PCI subsystem vendor ID") {
      $0.function.identity.subsystemVendorID
    },
    .register("subsystem_id", "PCI subsystem ID") { $0.function.identity.subsystemID },
    .register("revision", "PCI revision ID") { $0.function.identity.revision },
    .register("class", "PCI base class, subclass and programming interface", digits: 6) {
      $0.function.identity.classCode
    },
    .oneOf(
      "type", DeviceType.defined.compactMap { $0.key } + ["unknown"], "virtio device type",
      { $0.function.type?.key ?? "unknown" }),
    .optionalInteger("type_id", "virtio device ID") { $0.function.type?.rawValue },
    .string("type_name", "human name of the virtio device type") {
      $0.function.type?.name ?? "unknown"
    },
    .oneOf("interface", Interface.allCases.map { $0.rawValue }, "which interface it offers") {
      $0.function.interface.rawValue
    },
    .optionalString("driver", "PCI driver bound") { $0.function.kernel.driver },
    .optionalInteger("numa_node", "NUMA node") { $0.function.kernel.numaNode },
    .optionalInteger("iommu_group", "IOMMU group") { $0.function.kernel.iommuGroup },
    .optionalObject(
      "virtio", "virtio", virtio, "the kernel's virtio device under this function",
      { inspection in inspection.function.kernel.virtio.map { ($0, inspection.features) } }),
    .integer("config_bytes", "bytes of config space that were readable") { $0.function.configSize },
    .list("bars", of: "bar", bar, "the implemented BARs") { $0.function.bars },
    .list(
      "capabilities", of: "capability", capability,
      "every virtio vendor capability, in list order",
      { inspection in
        inspection.function.capabilities.map { CapabilityEntry($0, in: inspection.function) }
      }),
    .list(
      "pci_capabilities", of: "pci_capability", pciCapability,
      "every entry of the PCI capability list, in list order",
      { $0.function.pciCapabilities }),
    .optionalObject(
      "registers", "registers", registers, "live registers, only when they were asked for",
      { RegistersEntry($0) }),
    .list("problems", of: "problem", problem, "what was found to be wrong") { $0.problems },
  ]

  static let virtio: [JSONField<(KernelVirtioDevice, [NamedFeature])>] = [
    .string("name", "the kernel's name of it") { $0.0.name },
    .optionalString("driver", "virtio driver bound") { $0.0.driver },
    .optionalObject("status", "status", status, "the device status") { $0.0.status },
    .list("features", of: "feature", feature, "the negotiated feature bits") { $0.1 },
    .strings("nodes", "what the driver made: network interfaces, block devices, ...") {
      $0.0.nodes
    },
  ]

  static let status: [JSONField<DeviceStatus>] = [
    .register("value", "the register") { $0.rawValue },
    .strings("flags", "the names of the bits that are set; a number for one without a name") {
      $0.names
    },
  ]

  static let feature: [JSONField<NamedFeature>] = [
    .integer("bit", "feature bit number") { $0.bit },
    .optionalString("name", "its name; null for a bit without one") { $0.name },
  ]

  static let bar: [JSONField<BAR>] = [
    .integer("index", "which BAR; of a 64-bit one the lower") { $0.index },
    .oneOf("space", ["memory", "io"], "address space") { $0.isIO ? "io" : "memory" },
    .optionalInteger("width", "address bits; null for I/O") { $0.width },
    .bool("prefetchable", "whether reads have no side effects") { $0.isPrefetchable },
    .optionalAddress("address", "physical address; null when none is assigned") { $0.address },
    .optionalInteger("size", "bytes; null where only config space was available") { $0.size },
  ]

  static let capability: [JSONField<CapabilityEntry>] = [
    .integer("position", "offset of the capability in config space") { $0.position },
    .integer("cap_vndr", "the PCI capability ID: 9, vendor-specific") { $0.head.id.rawValue },
    .integer("cap_next", "offset of the next capability; 0 in the last") { $0.head.next },
    .integer("cap_len", "length of the capability") { $0.head.capLen },
    .oneOf(
      "cfg_type", CapCfgType.defined.compactMap { $0.key } + ["unknown"],
      "which structure it locates", { $0.head.cfgType.key ?? "unknown" }),
    .integer("cfg_type_value", "cfg_type as a number") { $0.head.cfgType.rawValue },
    .optionalInteger("bar", "the BAR that holds the structure; null for vendor") {
      $0.data?.bar
    },
    .optionalInteger("id", "tells structures of one type apart; null for vendor") {
      $0.data?.id
    },
    .optionalInteger("offset", "where the structure starts in its BAR; null for vendor") {
      $0.data?.offset
    },
    .optionalInteger("length", "how long the structure is; null for vendor") { $0.data?.length },
    .optionalInteger("notify_off_multiplier", "notify only: how far doorbells are apart") {
      $0.data?.notifyOffMultiplier
    },
    .optionalBytes(
      "pci_cfg_data", count: 4, "pci only: the four window bytes, where they may be read",
      { $0.pciCfgData }),
    .optionalRegister("vendor_id", "vendor only: who defines the data") { $0.vendor?.vendorID },
    .optionalBytes("vendor_data", "vendor only: the bytes after vendor_id") {
      $0.vendor?.data[...]
    },
    .optionalAddress("address", "physical address of the structure; null for pci") { $0.address },
    .optionalBytes("padding", count: 2, "the two bytes at 6 and 7; null for vendor") {
      $0.padding
    },
    .optionalBytes("bytes", "the raw capability as far as it was read") { $0.bytes[...] },
    .optionalString("error", "why the capability does not decode") {
      $0.error?.description
    },
  ]

  static let pciCapability: [JSONField<PCICapability>] = [
    .integer("position", "offset of the capability in config space") { $0.position },
    .integer("id", "PCI capability ID") { $0.id.rawValue },
    .optionalString("name", "what the ID is called") { $0.id.name },
    .optionalObject("msix", "msix", msix, "what an MSI-X capability says") { $0.msix }
      .only { $0.id == .msix },
  ]

  static let msix: [JSONField<MSIX>] = [
    .bool("enabled", "MSI-X is on") { $0.isEnabled },
    .bool("masked", "every vector is masked") { $0.isMasked },
    .integer("table_size", "how many vectors") { $0.tableSize },
    .integer("table_bar", "the BAR of the table") { $0.tableBAR },
    .integer("table_offset", "where the table starts in its BAR") { $0.tableOffset },
    .integer("pba_bar", "the BAR of the pending bits") { $0.pbaBAR },
    .integer("pba_offset", "where the pending bits start in their BAR") { $0.pbaOffset },
  ]

  static let problem: [JSONField<Problem>] = [
    .string("rule", "the rule that is broken") { $0.rule.id },
    .oneOf("severity", Severity.allCases.map { $0.rawValue }, "how much it matters") {
      $0.severity.rawValue
    },
    .string("section", "where the rule is from") { $0.rule.section },
    .optionalInteger("position", "the capability it is about") { $0.finding.position },
    .string("message", "what is wrong") { $0.message },
  ]

  static let error: [JSONField<AccessError>] = [
    .optionalString("address", spelled: .pciAddress, "the function it concerns") {
      $0.address?.description
    },
    .string("message", "what could not be read, and why") { $0.message },
  ]

  static let tool: [JSONField<Void>] = [
    .string("name", "what it is called") { Version.name },
    .string("version", "its version") { Version.number },
  ]
}
