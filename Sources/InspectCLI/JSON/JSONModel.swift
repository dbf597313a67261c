import PCIAccess
import VirtioConformance
import VirtioPCI

// The objects of the JSON output: one table each, in the order of the output.
//
// Scripts depend on them: within a schema version a key keeps its name, type and meaning.

/// What `--json` prints.
struct JSONDocument {
  static let schemaVersion: UInt64 = 1

  /// How config space was read.
  let access: AccessName
  var devices: [Device] = []
  var errors: [AccessError] = []

  enum AccessName: String, CaseIterable, JSONConvertible, Sendable {
    case sysfs, libpci, dump, raw
  }

  /// A function, or as much of it as is looked at.
  struct Device: JSONConvertible {
    let json: JSONValue

    static var jsonType: JSONType { Inspection.jsonType }
    func write(to writer: inout JSONWriter) { writer.value(json) }
  }

  /// The key of the functions, which are written one by one.
  static let devicesKey = "devices"

  static let table = JSONTable<JSONDocument>(
    name: "document", meaning: "what --json prints",
    fields: [
      .key(
        "schema_version", as: .integer(schemaVersion...schemaVersion), "the version of this format",
        { _ in schemaVersion }),
      .key("tool", "what printed it") { _ in Tool() },
      .key("access", "how config space was read") { $0.access },
      .key(devicesKey, "the functions") { $0.devices },
      .key("errors", "what was asked for and is not there or could not be read") { $0.errors },
    ])

  struct Tool: JSONDescribed {
    static let table = JSONTable<Tool>(
      name: "tool", meaning: "the program",
      fields: [
        .key("name", "what it is called") { _ in Version.name },
        .key("version", "its version") { _ in Version.number },
      ])
  }
}

extension Inspection: JSONDescribed {
  static let table = JSONTable<Inspection>(
    name: "device", meaning: "a virtio function; a line of --jsonl is one, too",
    identity: ["address", "source"],
    fields: [
      .key("address", "PCI address; null for a raw config file") { $0.address },
      .key("source", "the file it was read from, for a dump or a raw file") { $0.file },
      .key("vendor_id", "PCI vendor ID") { JSONRegister($0.function.identity.vendorID) },
      .key("device_id", "PCI device ID") { JSONRegister($0.function.identity.deviceID) },
      .key("subsystem_vendor_id", "PCI subsystem vendor ID") {
        JSONRegister($0.function.identity.subsystemVendorID)
      },
      .key("subsystem_id", "PCI subsystem ID") {
        JSONRegister($0.function.identity.subsystemID)
      },
      .key("revision", "PCI revision ID") { JSONRegister($0.function.identity.revision) },
      .key(
        "class", as: .string(.hex(digits: 6)), "PCI base class, subclass and programming interface",
        { JSONRegister($0.function.identity.classCode, digits: 6) }),
      .key(
        "type", as: .oneOf(DeviceType.defined.compactMap(\.key) + ["unknown"]),
        "virtio device type",
        { $0.function.type?.key ?? "unknown" }),
      .key("type_id", "virtio device ID") { $0.function.type?.rawValue },
      .key("type_name", "human name of the virtio device type") {
        $0.function.type?.name ?? "unknown"
      },
      .key("interface", "which interface it offers; null where that is not known") {
        $0.function.interface
      },
      .key("command", "the PCI command register") { $0.function.command },
      .key("interrupt", "how it interrupts without MSI-X; read with --check and --probe") {
        InterruptEntry($0.function)
      },
      .key("sriov", "what it is to SR-IOV; null for nothing, or when it is not known") {
        $0.function.sriovRole
      },
      .key("driver", "PCI driver bound") { $0.function.kernel.driver },
      .key(
        "no_driver",
        "why no virtio driver of Linux is bound, where nothing in the function speaks against one; a"
          + " capture does not say which drivers were loaded",
        { $0.obstacles }),
      .key("numa_node", "NUMA node") { $0.function.kernel.numaNode },
      .key("iommu_group", "IOMMU group") { $0.function.kernel.iommuGroup },
      .key("virtio", "the kernel's virtio device under this function, or under its vDPA device") {
        inspection in
        inspection.function.kernel.virtio.map {
          VirtioEntry(device: $0, features: inspection.features)
        }
      },
      .key("vdpa", "the kernel's vDPA device under this function") { $0.function.kernel.vdpa },
      .key("config_bytes", "bytes of config space that were readable") {
        $0.function.configSize
      },
      .key("bars", "the implemented BARs") { $0.function.bars },
      .key("capabilities", "every virtio vendor capability, in list order") { inspection in
        inspection.function.capabilities.map { CapabilityEntry($0, in: inspection.function) }
      },
      .key(
        "pci_capabilities",
        "every entry of the PCI capability list in list order, then of the extended one where it can"
          + " be read, whose positions begin at 256",
        {
          $0.function.pciCapabilities.map { PCICapabilityEntry($0) }
            + $0.function.extendedCapabilities.map { PCICapabilityEntry($0) }
        }),
      .key("registers", "live registers, only when they were asked for") { RegistersEntry($0) },
      .key("drivers", "what each known driver does with it") { $0.drivers },
      .key("problems", "what was found to be wrong") { $0.problems },
    ])
}

extension Command: JSONDescribed {
  static let table = JSONTable<Command>.flags(
    name: "command", meaning: "the PCI command register",
    names: "PCI's names of the bits that are set; a number for one without a name")
}

/// The interrupt pin of a function, and what the kernel made of it.
struct InterruptEntry: JSONDescribed {
  let pin: UInt8
  let irq: UInt32?

  /// Nil where the pin was not read.
  init?(_ function: Function) {
    guard let pin = function.interruptPin else { return nil }
    self.pin = pin
    irq = function.kernel.irq
  }

  static let table = JSONTable<InterruptEntry>(
    name: "interrupt", meaning: "the interrupt of a function, where it does not use MSI-X",
    fields: [
      .key("pin", "1 to 4 for INTA to INTD; 0 for none") { $0.pin },
      .key("irq", "the kernel's number of it; 0 for none, null where sysfs was not asked") {
        $0.irq
      },
    ])
}

extension LinuxObstacle: JSONDescribed {
  static let table = JSONTable<LinuxObstacle>(
    name: "obstacle", meaning: "why no driver is bound", identity: ["reason"],
    fields: [
      .key("reason", "what keeps drivers away") { $0.reason },
      .key("message", "the same in words, with the cure") { $0.message },
    ])
}

extension SRIOVRole: JSONDescribed {
  static let table = JSONTable<SRIOVRole>(
    name: "sriov", meaning: "what a function is to SR-IOV",
    fields: [
      .key(
        "role", as: .oneOf(["physical", "virtual"]),
        "whether it can have virtual functions, or is one",
        { if case .physical = $0 { "physical" } else { "virtual" } }),
      .key("total_vfs", "physical only: how many virtual functions there can be") {
        if case .physical(let total, _, _) = $0 { total } else { UInt16?.none }
      },
      .key("num_vfs", "physical only: how many virtual functions there are") {
        if case .physical(_, let count, _) = $0 { count } else { UInt16?.none }
      },
      .key("vf_device_id", "physical only: the PCI device ID of its virtual functions") {
        role -> JSONRegister<UInt16>? in
        if case .physical(_, _, let id) = role { id.map { JSONRegister($0) } } else { nil }
      },
      .key("physical_function", "virtual only: its physical function, where that is known") {
        if case .virtual(let address) = $0 { address } else { Address?.none }
      },
    ])
}

extension Function.VDPADevice: JSONDescribed {
  static let table = JSONTable<Self>(
    name: "vdpa", meaning: "the kernel's vDPA device under a function", identity: ["name"],
    fields: [
      .key("name", "the kernel's name of it") { $0.name },
      .key("driver", "vDPA driver bound: virtio_vdpa or vhost_vdpa") { $0.driver },
      .key("nodes", "the character devices of vhost_vdpa") { $0.nodes },
    ])
}

/// The kernel's virtio device, with the features that it shows.
struct VirtioEntry: JSONDescribed {
  let device: KernelVirtioDevice
  let features: [NamedFeature]

  static let table = JSONTable<VirtioEntry>(
    name: "virtio", meaning: "the kernel's virtio device under a function", identity: ["name"],
    fields: [
      .key("name", "the kernel's name of it") { $0.device.name },
      .key("driver", "virtio driver bound") { $0.device.driver },
      .key("status", "the device status") { $0.device.status },
      .key("features", "the negotiated feature bits") { $0.features },
      .key("nodes", "network interfaces, disks and other nodes of its driver") {
        $0.device.nodes
      },
    ])
}

extension DeviceStatus: JSONDescribed {
  static let table = JSONTable<DeviceStatus>.flags(
    name: "status", meaning: "the device status",
    names: "the names of the bits that are set; a number for one without a name")
}

extension JSONTable where Subject: NamedBits {
  /// A register, and the names of its bits.
  fileprivate static func flags(name: String, meaning: String, names: String) -> Self {
    JSONTable(
      name: name, meaning: meaning,
      fields: [
        .key("value", "the register") { JSONRegister($0.rawValue) },
        .key("flags", as: .list(.string(.flagName(Subject.bitNames))), names) { $0.names },
      ])
  }
}

extension NamedFeature: JSONDescribed {
  static let table = JSONTable<NamedFeature>(
    name: "feature", meaning: "a feature bit", identity: ["bit"],
    fields: [
      .key("bit", "feature bit number") { $0.bit },
      .key(
        "name", as: .nullable(.string(.featureName)), "its name; null for a bit without one",
        { $0.name }),
    ])
}

extension BAR: JSONDescribed {
  static let table = JSONTable<BAR>(
    name: "bar", meaning: "a base address register", identity: ["index"],
    fields: [
      .key("index", "which BAR; of a 64-bit one the lower") { $0.index },
      .key("space", as: .oneOf(["memory", "io"]), "address space") {
        $0.isIO ? "io" : "memory"
      },
      .key("width", "address bits; null for I/O") { $0.width },
      .key("prefetchable", "whether reads have no side effects") { $0.isPrefetchable },
      .key("address", "physical address; null when none is assigned") {
        $0.address.map { JSONAddress($0) }
      },
      .key("size", "bytes; null where only config space was available") { $0.size },
    ])
}

extension CapabilityEntry: JSONDescribed {
  static let table = JSONTable<CapabilityEntry>(
    name: "capability", meaning: "a virtio capability", identity: ["position"],
    fields: [
      .key("position", "offset of the capability in config space") { $0.position },
      .key("cap_vndr", "the PCI capability ID: 9, vendor-specific") { $0.head.id.rawValue },
      .key("cap_next", "offset of the next capability; 0 in the last") { $0.head.next },
      .key("cap_len", "length of the capability") { $0.head.capLen },
      .key(
        "cfg_type", as: .oneOf(CapCfgType.defined.compactMap(\.key) + ["unknown"]),
        "which structure it locates", { $0.head.cfgType.key ?? "unknown" }),
      .key("cfg_type_value", "cfg_type as a number") { $0.head.cfgType.rawValue },
      .key("bar", "the BAR that holds the structure; null for vendor") { $0.data?.bar },
      .key("id", "distinguishes structures of the same type; null for vendor") { $0.data?.id },
      .key("offset", "where the structure starts in its BAR; null for vendor") {
        $0.data?.offset
      },
      .key("length", "how long the structure is; null for vendor") { $0.data?.length },
      .key("notify_off_multiplier", "notify only: how far doorbells are apart") {
        $0.data?.notifyOffMultiplier
      },
      .key(
        "pci_cfg_data", as: .nullable(.string(.bytes(count: 4))),
        "pci only: the four window bytes, where they may be read",
        { $0.pciCfgData.map { JSONBytes($0) } }),
      .key("vendor_id", "vendor only: who defines the data") {
        $0.vendor.map { JSONRegister($0.vendorID) }
      },
      .key("vendor_data", "vendor only: the bytes after vendor_id") {
        $0.vendor.map { JSONBytes($0.data) }
      },
      .key("address", "physical address of the structure; null for pci") {
        $0.address.map { JSONAddress($0) }
      },
      .key(
        "padding", as: .nullable(.string(.bytes(count: 2))),
        "the two bytes at 6 and 7; null for vendor", { $0.padding.map { JSONBytes($0) } }),
      .key(
        "bytes", as: .nullable(.string(.bytes(count: nil))),
        "the raw capability as far as it was read", { JSONBytes($0.bytes) }),
      .key("error", "why the capability does not decode") { $0.error?.description },
    ])
}

/// An entry of the PCI capability list or of the extended one.
struct PCICapabilityEntry: JSONDescribed {
  private let position: Int
  private let id: UInt16
  private let name: String?
  private let msix: MSIX?

  init(_ entry: PCICapability) {
    position = Int(entry.position)
    id = UInt16(entry.id.rawValue)
    name = entry.id.name
    msix = entry.msix
  }

  init(_ entry: ExtendedCapability) {
    position = entry.position
    id = entry.id
    name = entry.name
    msix = nil
  }

  static let table = JSONTable<PCICapabilityEntry>(
    name: "pci_capability", meaning: "an entry of the PCI capability list, or of the extended one",
    identity: ["position"],
    fields: [
      .key("position", "offset of the capability in config space") { $0.position },
      .key("id", "PCI capability ID, from position 256 on extended capability ID") { $0.id },
      .key("name", "what the ID is called") { $0.name },
      .key("msix", "what an MSI-X capability says; null for any other") { $0.msix },
    ])
}

extension MSIX: JSONDescribed {
  static let table = JSONTable<MSIX>(
    name: "msix", meaning: "an MSI-X capability",
    fields: [
      .key("enabled", "MSI-X is on") { $0.isEnabled },
      .key("masked", "every vector is masked") { $0.isMasked },
      .key("table_size", "how many vectors") { $0.tableSize },
      .key("table_bar", "the BAR of the table") { $0.tableBAR },
      .key("table_offset", "where the table starts in its BAR") { $0.tableOffset },
      .key("pba_bar", "the BAR of the pending bits") { $0.pbaBAR },
      .key("pba_offset", "where the pending bits start in their BAR") { $0.pbaOffset },
    ])
}

extension DriverEntry: JSONDescribed {
  static let table = JSONTable<DriverEntry>(
    name: "driver", meaning: "what a driver does with the function, as far as what was read says",
    identity: ["driver"],
    fields: [
      .key("driver", "its name, as --drivers takes it") { $0.driver.key },
      .key(
        "verdict",
        "whether it drives the function, and through which interface; fatal where it hangs or crashes",
        { $0.verdict.outcome }),
      .key("step", "the step that the function fails; null when it is driven") { entry in
        entry.verdict.stop.map { entry.driver.steps[$0.step].key }
      },
      .key("reason", "why it does not drive the function") { $0.reason },
      .key("position", "the capability that it fails by") { $0.verdict.stop?.position },
      .key("since", "the first release that does so, where older ones do not") { entry in
        entry.verdict.stop.flatMap { entry.driver.steps[$0.step].since }
      },
      .key("ignored", "the steps at which it leaves something of the function unused") { entry in
        entry.verdict.ignored.map { entry.driver.steps[$0.step].key }
      },
      .key("unchecked", "the steps that could not be decided by what was read") { entry in
        entry.driver.unchecked(in: entry.verdict).map(\.key)
      },
      .key("tested", "the releases that it was held against; null when it was only read") {
        $0.driver.source.heldAgainst
      },
    ])
}

extension Defect: JSONDescribed {
  static let table = JSONTable<Defect>(
    name: "problem", meaning: "something that is wrong", identity: ["rule"],
    fields: [
      .key("rule", "the rule that is broken, or the driver that refuses: driver-linux") {
        $0.rule
      },
      .key(
        "kind",
        "a broken requirement, something less, a state in which the function does not work, or a"
          + " refusal by a driver", { $0.kind }),
      .key("severity", "how much it matters") { $0.severity },
      .key("section", "where the rule is from; null for a driver") { $0.section },
      .key("position", "the capability it is about") { $0.position },
      .key("message", "what is wrong") { $0.message },
      .key("ignored", "whether --ignore names the rule") { $0.isIgnored },
    ])
}

extension AccessError: JSONDescribed {
  static let table = JSONTable<AccessError>(
    name: "error", meaning: "something that could not be read", identity: ["address"],
    fields: [
      .key("address", "the function it concerns") { $0.address },
      .key("message", "what could not be read, and why") { $0.message },
    ])
}
