import PCIAccess
import Testing

@testable import InspectCLI

/// Whether `-A libpci` can work here.
enum LibPCI {
  static let isUsable: Bool = {
    #if LibPCI
      return Version.libpci && (try? LibPCISource()) != nil
    #else
      return false
    #endif
  }()
}

/// Skips the test that calls it. A test case that is cancelled is not heard of; a warning is.
func skip(_ name: String) throws -> Never {
  Issue.record("skipped: \(name) is not installed", severity: .warning)
  try Test.cancel("\(name) is not installed")
}

extension Trait where Self == ConditionTrait {
  /// For tests of `-A libpci`.
  static var needsLibPCI: Self {
    .enabled("needs libpci, built in and installed") { LibPCI.isUsable }
  }
}
