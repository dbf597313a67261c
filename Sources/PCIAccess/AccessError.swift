internal import Platform
public import SystemPackage
public import VirtioPCI

/// Why something could not be read.
public struct AccessError: Error, Hashable, Sendable {
  /// The function it concerns, where it is known.
  public var address: Address?
  /// The file or method it concerns.
  public var subject: String
  public var reason: Reason

  public enum Reason: Hashable, Sendable {
    /// The kernel refused an operation on a file.
    case system(Errno)
    /// A file is not what it should be; `line` counts from 1, 0 where there are no lines.
    case malformed(line: Int, message: String)
    /// libpci gave up, in its own words.
    case libpci(message: String)
    /// What is needed is not there.
    case unavailable(message: String)
    /// A capture does not hold all of these bytes of config space.
    case uncaptured(offset: Int, count: Int)
    /// What was named is not there, or is something else.
    case absent(message: String)
    /// A driver is bound, which what was asked for could disturb.
    case inUse(driver: String)
    /// libpci knows no method or parameter of that name.
    case unknownName(message: String)
  }

  public init(_ subject: String, _ reason: Reason, address: Address? = nil) {
    self.address = address
    self.subject = subject
    self.reason = reason
  }
}

extension AccessError {
  /// For whatever needs libpci in a program without it.
  public static var withoutLibPCI: AccessError {
    AccessError("libpci", .unavailable(message: "this program was built without it; use -A sysfs"))
  }
}

extension AccessError: CustomStringConvertible {
  /// What is wrong, without the subject.
  public var description: String {
    switch reason {
    case .system(let errno): "\(errno)"
    case .malformed(line: 0, let message): message
    case .malformed(let line, let message): "line \(line): \(message)"
    case .libpci(let message): "libpci: \(message)"
    case .unavailable(let message), .absent(let message), .unknownName(let message): message
    case .uncaptured(let offset, let count):
      "not all of the \(count) bytes at \(Hex(offset)) were captured: capture the function again"
        + " with -x"
    case .inUse(let driver):
      "\(driver) is bound, and a probe writes selectors that it may rely on: unbind it, or add --force"
    }
  }
}

/// What `body` makes of config space. Throws that there is too little of it.
func decoded<Value>(
  _ config: [UInt8], of subject: String, at address: Address?,
  _ body: (Span<UInt8>) throws(DecodeError) -> Value
) throws(AccessError) -> Value {
  do throws(DecodeError) {
    return try body(config.span)
  } catch {
    throw AccessError(subject, .malformed(line: 0, message: "\(error)"), address: address)
  }
}
