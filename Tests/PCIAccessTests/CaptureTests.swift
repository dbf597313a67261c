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

  /// Saves one function into `folder`, and gives what was thrown.
  private func save(into folder: String) -> AccessError? {
    let capture = Capture(folder: folder)
    capture.record().add(file: "uevent", Array("DRIVER=virtio-pci\n".utf8))
    do throws(AccessError) {
      try capture.save(address)
      return nil
    } catch {
      return error
    }
  }

  @Test("what a killed run left is left alone, and stands in no one's way")
  func leftOver() throws {
    try withScratchFolder { folder in
      let left = "\(folder)/bus/pci/devices/.0000:00:04.0.0123456789abcdef"
      try FileManager.default.createDirectory(atPath: left, withIntermediateDirectories: true)
      #expect(save(into: folder) == nil)
      #expect(FileManager.default.fileExists(atPath: left))
    }
  }

  @Test(
    "below the folder of the capture no link is followed", arguments: ["bus", "bus/pci/devices"])
  func link(name: String) throws {
    try withScratchFolder { folder in
      let (capture, elsewhere) = ("\(folder)/capture", "\(folder)/elsewhere")
      let link = "\(capture)/\(name)"
      for path in [elsewhere, (link as NSString).deletingLastPathComponent] {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      }
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: elsewhere)
      #expect(save(into: capture)?.subject == link)
      #expect(try FileManager.default.contentsOfDirectory(atPath: elsewhere).isEmpty)
    }
  }

  @Test("the folder of the capture itself may be a link")
  func linkedFolder() throws {
    try withScratchFolder { folder in
      let (capture, elsewhere) = ("\(folder)/capture", "\(folder)/elsewhere")
      try FileManager.default.createDirectory(
        atPath: elsewhere, withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(atPath: capture, withDestinationPath: elsewhere)
      #expect(save(into: capture) == nil)
      #expect(FileManager.default.fileExists(atPath: "\(elsewhere)/bus/pci/devices/\(address)"))
    }
  }

  @Test("what has the name of the function stays as it is", arguments: ["folder", "file", "link"])
  func taken(kind: String) throws {
    try withScratchFolder { folder in
      let devices = "\(folder)/bus/pci/devices"
      try FileManager.default.createDirectory(atPath: devices, withIntermediateDirectories: true)
      let path = "\(devices)/\(address)"
      switch kind {
      case "folder":
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      case "file": _ = FileManager.default.createFile(atPath: path, contents: nil)
      default:
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/nowhere")
      }
      #expect(save(into: folder)?.description == "already exists and is not overwritten")
      #expect(try FileManager.default.contentsOfDirectory(atPath: devices) == ["\(address)"])
    }
  }
}
