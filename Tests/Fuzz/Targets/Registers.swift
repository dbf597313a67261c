import TestSupport
import VirtioPCI

@testable import InspectCLI
@testable import PCIAccess

extension FuzzTarget {
  /// The structures in a BAR, read through its file or through the window: whatever they hold is
  /// shown, and a probe leaves them as they were.
  static let registers = FuzzTarget(name: "registers") { input in
    var reader = ByteReader(input)
    let mode = reader.byte()
    let choice = reader.byte()
    let type = reader.deviceType().rawValue
    let commonLength = UInt32(reader.byte()) % 80
    let deviceLength = UInt32(reader.byte())
    let features = reader.bytes(16)
    let status = reader.byte()
    var bar = reader.bytes(size)
    // So many queues are enough.
    bar[CommonCfg.numQueues.offset + 1] = 0
    bar[CommonCfg.numQueues.offset] %= 16
    bar[CommonCfg.adminQueueNum.offset + 1] = 0
    bar[CommonCfg.adminQueueNum.offset] %= 16

    let folder = ScratchFolder()
    let config = ConfigSpace(device: 0x1040 + type)
      .adding(.common(length: commonLength), at: 0x40)
      .adding(.virtio(4, offset: 0x100, length: deviceLength), at: 0x60)
      .adding(.notify(offset: 0x80, multiplier: UInt32(mode >> 4)), at: 0x70)
      .adding(.window(), at: 0x84).bytes
    let bits = features.flatMap { byte in
      (0..<8).map { UInt8(ascii: byte >> $0 & 1 == 0 ? "0" : "1") }
    }
    let ids = "PCI_ID=1AF4:\(String(0x1040 + type, radix: 16))\nPCI_SUBSYS_ID=1AF4:1100\n"
    var files = [
      "config": config, "virtio3/status": Array("0x\(String(status, radix: 16))\n".utf8),
      "uevent": Array("PCI_CLASS=FFFF00\n\(ids)".utf8), "revision": Array("0x01\n".utf8),
      "resource": Array("0x4000000000 0x40000001ff 0x140204\n".utf8),
    ]
    if mode & 1 == 0 { files["resource0"] = bar }
    if mode & 4 == 0 { files["virtio3/features"] = bits }
    let address = "0000:00:04.0"
    for (name, bytes) in files { try folder.write(bytes, to: "bus/pci/devices/\(address)/\(name)") }

    var source = SysfsSource(
      tree: SysfsTree(root: folder.path), addresses: Address(address).map { [$0] } ?? [])
    guard let function = try source.next() else { throw Violation(description: "no function") }
    let plan: ReadPlan = [.json, .check, mode & 2 == 0 ? .registers : .probeDriven]
    let kernel = try function.kernelFacts(plan.kernelParts ?? [])
    var errors = kernel.errors
    let inspection = Inspector(plan: plan) { errors.append($0) }
      .inspect(function, identity: try function.identity(), kernel: kernel)
    try Output(inspection: inspection, errors: errors).check(choice)
    for (name, bytes) in files {
      let left = try folder.read("bus/pci/devices/\(address)/\(name)")
      try require(left == bytes, "\(name) is not left as it was")
    }
  }

  private static let size = 0x200
}
