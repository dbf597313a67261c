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

    var function: any PCIFunction = memory
    var errors: [AccessError] = []
    let inspection = Inspector(plan: plan) { errors.append($0) }
      .inspect(&function, identity: try memory.identity(), kernel: KernelFacts())
    try require(inspection.function.pciCapabilities.count <= 48, "a walk without an end")
    if memory.isLive, !plan.contains(.wholeConfig) {
      try requireWindowUnread(in: inspection.function, memory.reads)
    }
    let output = Output(inspection: inspection, errors: errors)
    try output.check(input[2])
    try checkHexadecimal(output)
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
