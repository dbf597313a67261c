import VirtioPCI

@testable import InspectCLI
@testable import PCIAccess

extension FuzzTarget {
  /// The files of a function in sysfs, one after the other with a NUL between them, the last as it
  /// is: whatever they hold is shown, and a capture of them shows the same.
  static let sysfs = FuzzTarget(name: "sysfs") { input in
    let folder = ScratchFolder()
    let files = input.split(
      separator: 0, maxSplits: names.count, omittingEmptySubsequences: false)
    for (name, bytes) in zip(names, files.dropLast()) {
      try folder.write(Array(bytes), to: "\(function)/\(name)")
    }
    try folder.write(Array(files[files.count - 1]), to: "\(function)/config")
    try checkFeatures(Array(files[0]))

    let captured = ScratchFolder()
    let capture = Capture(folder: captured.path)
    guard let first = try output(of: folder.path, capture), let address = Address(address) else {
      return
    }
    try first.check(UInt8(truncatingIfNeeded: input.count))
    try capture.save(address)
    let second = try output(of: captured.path, nil)
    try require(
      second?.text(of: JSONLinesRenderer()) == first.text(of: JSONLinesRenderer()),
      "captured, it is another: \(String(decoding: first.json, as: UTF8.self))"
        + String(decoding: second?.json ?? [], as: UTF8.self))
  }

  private static let names = [
    "virtio3/features", "uevent", "resource", "revision", "virtio3/status", "virtio3/uevent",
    "numa_node", ConfigRanges.fileName,
  ]
  private static let address = "0000:00:04.0"
  private static let function = "bus/pci/devices/\(address)"

  /// Nil when there is no virtio function.
  private static func output(of root: String, _ capture: Capture?) throws -> Output? {
    var source = SysfsSource(
      tree: SysfsTree(root: root), capture: capture, addresses: Address(address).map { [$0] } ?? [])
    var errors: [AccessError] = []
    do throws(AccessError) {
      guard let function = try source.next() else { return nil }
      let identity = try function.identity()
      guard identity.isVirtio else { return nil }
      let plan: ReadPlan = [.json, .check]
      let kernel = try function.kernelFacts(plan.kernelParts ?? [])
      errors += kernel.errors
      let inspection = Inspector(plan: plan) { errors.append($0) }
        .inspect(function, identity: identity, kernel: kernel)
      return Output(inspection: inspection, errors: errors)
    } catch {
      try requirePrintable(Array(escaped("\(error)").utf8))
      return nil
    }
  }

  /// A set of features is the text that it was read from.
  private static func checkFeatures(_ text: [UInt8]) throws {
    guard let features = try? FeatureSet(sysfs: text.span) else { return }
    let digits = text.droppingLastNewline
    let written = digits.indices.map { UInt8(ascii: features.contains(bit: $0) ? "1" : "0") }
    try require(written == digits, "the features are \(features)")
    try require(features.bits.allSatisfy { $0 < digits.count }, "the features are \(features)")
  }
}
