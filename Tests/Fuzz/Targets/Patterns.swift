import VirtioPCI

@testable import InspectCLI

extension FuzzTarget {
  /// Addresses and the filters of `-s` and `-d`: what is printed reads back.
  static let patterns = FuzzTarget(name: "patterns") { input in
    let text = String(decoding: input, as: UTF8.self)
    if let address = Address(text) {
      try require(Address(address.description) == address, "\(address) reads back otherwise")
      let pattern = try AddressPattern(text)
      try require(pattern.matches(address), "\(pattern) does not match \(address)")
      let exact = try AddressPattern(address.description)
      try require(exact.exact == address, "\(exact) is not \(address) alone")
    }
    if let pattern = try? AddressPattern(text) {
      let again = try AddressPattern(pattern.description)
      try require(again == pattern, "\(pattern) reads back otherwise")
      let operand = text.isEmpty ? nil : try DeviceOperand(parsing: text)
      try require(operand == nil || operand == .address(pattern), "\(pattern) is \(text)")
    }
    if let pattern = try? IDPattern(text) {
      let again = try IDPattern(pattern.description)
      try require(again == pattern, "\(pattern) reads back otherwise")
    }
  }
}
