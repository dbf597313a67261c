import Foundation

/// A file for one test, which goes away with it.
public final class TemporaryFile {
  public let path: String

  public init(_ content: some Sequence<UInt8>) throws {
    path = NSTemporaryDirectory() + "virtio-pci-inspect-\(UUID().uuidString)"
    try Data(content).write(to: URL(filePath: path))
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }
}
