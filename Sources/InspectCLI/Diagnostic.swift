import PCIAccess
import SystemPackage
import VirtioPCI

/// A message on standard error: `virtio-pci-inspect: SUBJECT: what is wrong`.
enum Diagnostic {
  /// Standard error may be gone too; there is nobody left to tell.
  static func print(_ message: String) {
    let line = "\(Version.name): \(escaped(message.shortened()))\n"
    _ = try? FileDescriptor.standardError.write(all: Array(line.utf8))
  }
}

extension AccessError {
  /// What could not be read and why: the file, unless the function alone says enough.
  var message: String {
    (subject.isEmpty ? description : "\(subject): \(description)").shortened()
  }

  /// The function that it concerns, where it is known, and the message.
  var sentence: String {
    guard let address, !message.holds(address.description) else { return message }
    return "\(address): \(message)"
  }

  /// What stands for those that are not told one by one.
  static func more(_ count: Int) -> AccessError {
    AccessError("", .unavailable(message: "\(count) more errors"))
  }
}
