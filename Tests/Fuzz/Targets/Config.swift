import PCIAccess
import VirtioConformance
import VirtioPCI

@testable import InspectCLI

extension FuzzTarget {
  /// Config space, decoded, judged and printed in every form. Three bytes before it say how it is
  /// read, where reads begin to fail, and what is printed.
  static let config = FuzzTarget(name: "config") { input in
    guard input.count > 3 + 0x30 else { return }
    let mode = input[0]
    let config = Array(input[3...].prefix(ConfigHeader.extendedSize))
    let memory = MemoryFunction(
      config, isLive: mode & 1 != 0, barSize: mode & 2 != 0 ? 0x1000 << UInt64(mode >> 4) : nil,
      failure: input[1] == 0 ? .max : Int(input[1]) * 16)
    var plan: ReadPlan = mode & 4 != 0 ? [.json, .check] : .json
    if mode & 8 != 0 { plan.insert(.wholeConfig) }

    let function: any PCIFunction = memory
    var errors: [AccessError] = []
    let inspection = Inspector(plan: plan) { errors.append($0) }
      .inspect(function, identity: try memory.identity(), kernel: KernelFacts())
    try require(inspection.function.pciCapabilities.count <= 48, "a walk without an end")
    if memory.isLive, !plan.contains(.wholeConfig) {
      try requireWindowUnread(in: inspection.function, memory.reads)
    }
    let output = Output(inspection: inspection, errors: errors)
    try output.check(input[2])
    try checkHexadecimal(output)
    try checkStructures(config)
  }

  /// The library alone: what decodes from these bytes is equal to what decodes from its encoding.
  private static func checkStructures(_ config: [UInt8]) throws {
    _ = try? LocatedStructures(from: config.span)
    guard var list = try? CapabilityList(from: config.span) else { return }
    while let entry = try list.next(in: config.span) {
      try checkEncoding(of: Cap.self, entry, config)
      try checkEncoding(of: Cap64.self, entry, config)
      try checkEncoding(of: NotifyCap.self, entry, config)
      try checkEncoding(of: CfgCap.self, entry, config)
      try checkEncoding(of: VendorCap.self, entry, config)
      try checkEncoding(of: CapData.self, entry, config)
      try checkEncoding(of: MSIX.self, entry, config)
    }
    var extended = ExtendedCapabilityList()
    var count = 0
    while let entry = try extended.next(in: config.span) {
      count += 1
      guard let structure = try? SRIOV(entry, from: config.span) else { continue }
      let bytes = try structure.bytes
      let again = try SRIOV(ExtendedCapability(position: 0, id: SRIOV.id), from: bytes.span)
      try require(again == structure, "SR-IOV at \(entry.position) encodes as another")
    }
    try require(count <= 960, "an extended list without an end")
  }

  private static func checkEncoding<Structure: CapabilityStructure & EncodableStructure>(
    of type: Structure.Type, _ entry: PCICapability, _ config: [UInt8]
  ) throws {
    guard let structure = try? Structure(entry, from: config.span) else { return }
    let bytes = try structure.bytes
    let again = try Structure(from: bytes.span)
    try require(again == structure, "\(type) at \(entry.position) encodes as another")
  }

  /// Of a live device nothing reads the data of the window but what lies over it in the list.
  private static func requireWindowUnread(in state: Function, _ reads: [Range<Int>]) throws {
    let positions = state.pciCapabilities.map { Int($0.position) }
    for capability in state.capabilities where capability.head.cfgType == .pci {
      let start = Int(capability.position)
      let others = positions.filter { $0 != start && $0 > start - 256 && $0 < start + 20 }
      guard others.isEmpty else { continue }
      let data = start + 16..<start + 20
      try require(!reads.contains { $0.overlaps(data) }, "the window at \(start) was read")
    }
  }

  /// What `--hex` prints, which has no colors, is a dump of the same function.
  private static func checkHexadecimal(_ output: Output) throws {
    guard let config = output.inspection.config, config.count >= ConfigHeader.size else { return }
    let view = DetailView(painter: Painter(isOn: false), isVerbose: true, showsHeadings: true)
    let text = output.text(of: DetailRenderer(view: view, showsConfig: true))
    try requirePrintable(text)
    let harvest = try Harvest(dump: text)
    try require(harvest.errors.isEmpty, "\(harvest.errors)")
    let expected = Harvest.Function(address: output.inspection.address, bytes: config)
    try require(harvest.functions == [expected], "the dump reads back as \(harvest.functions)")
  }
}
