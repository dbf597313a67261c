import PCIAccess
import Platform
import SystemPackage
import VirtioPCI

/// A message on standard error: `virtio-pci-inspect: SUBJECT: what is wrong`.
enum Diagnostic {
  static func print(_ message: String) { write(line(message)) }

  /// What is printed for `message`.
  static func line(_ message: String) -> String {
    "\(Version.name): \(escaped(message.shortened()))\n"
  }

  /// Standard error may be closed too; then the text is lost.
  static func write(_ text: String) {
    _ = try? FileDescriptor.standardError.write(all: Array(text.utf8))
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
