import Foundation
import SystemPackage
import TestSupport
import Testing
import VirtioPCI

@testable import PCIAccess

@Suite("Capture")
struct CaptureTests {
  private let address: Address

  init() throws { address = try #require(Address("0000:00:04.0")) }

  /// No file system takes a name as long as this.
  private static let longName = String(repeating: "x", count: 300)

  @Test("what was read is saved, once")
  func saved() throws {
    try withScratchFolder { folder in
      let capture = Capture(folder: folder)
      let record = capture.record()
      record.add(file: "virtio0/status", Array("0xf\n".utf8))
      record.add(link: "driver", to: "virtio-pci")
      record.add(folder: "virtio0/net/")
      try capture.save(address)
      // There is nothing more to save.
      try capture.save(address)
      let saved = "\(folder)/bus/pci/devices/0000:00:04.0"
      #expect(try String(contentsOfFile: "\(saved)/virtio0/status", encoding: .utf8) == "0xf\n")
      #expect(
        try FileManager.default.destinationOfSymbolicLink(atPath: "\(saved)/driver")
          == "virtio-pci")
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: "\(saved)/virtio0").sorted()
          == ["net", "status"])
    }
  }

  @Test(
    "of a function that cannot be saved whole nothing stays",
    arguments: ["file", "link", "folder"])
  func refused(kind: String) throws {
    try withScratchFolder { folder in
      let capture = Capture(folder: folder)
      let record = capture.record()
      record.add(file: "uevent", [])
      switch kind {
      case "file": record.add(file: Self.longName, [])
      case "link": record.add(link: Self.longName, to: "virtio-pci")
      default: record.add(folder: Self.longName)
      }
      let error = #expect(throws: AccessError.self) { try capture.save(address) }
      let devices = "\(folder)/bus/pci/devices"
      #expect(error?.subject == "\(devices)/0000:00:04.0")
      #expect(error?.reason == .system(.fileNameTooLong))
      #expect(error?.address == address)
      let rest = try FileManager.default.contentsOfDirectory(atPath: devices)
      #expect(rest.isEmpty)
    }
  }

  @Test("what a killed run left and cannot be removed is an error")
  func unremovable() throws {
    try withScratchFolder { folder in
      // So deep that what lies in it has no path.
      let end = "/bus/pci/devices/.0000:00:04.0"
      let part = "/" + String(repeating: "d", count: 200)
      var deep = folder
      while deep.count + part.count + end.count < PATH_MAX { deep += part }
      deep += "/" + String(repeating: "d", count: Int(PATH_MAX) - 2 - deep.count - end.count)
      try FileManager.default.createDirectory(
        atPath: deep + end, withIntermediateDirectories: true)
      let left = try FileDescriptor.open(deep + end, .readOnly)
      try #require(mkdirat(left.rawValue, "virtio0", 0o755) == 0)
      defer {
        unlinkat(left.rawValue, "virtio0", AT_REMOVEDIR)
        try? left.close()
      }
      let capture = Capture(folder: deep)
      _ = capture.record()
      let error = #expect(throws: AccessError.self) { try capture.save(address) }
      #expect(error?.subject == deep + end)
      #expect(error?.reason == .system(.directoryNotEmpty))
    }
  }
}
