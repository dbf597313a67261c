/// Why a structure could not be decoded from a `RegisterSource`.
///
/// A source whose accesses cannot fail has the failure `Never`, and then `malformed` is the only case
/// there is. Nor has a `Span` another one: its bounds are checked before it is read.
public enum ReadError<Failure: Error>: Error {
  /// The source failed.
  case access(Failure)
  /// What it gave does not decode.
  case malformed(DecodeError)
}

extension ReadError: Equatable where Failure: Equatable {}

extension ReadError where Failure == DecodeError {
  /// The same as the one error of bytes that were read before.
  public var decodeError: DecodeError {
    switch self {
    case .access(let error), .malformed(let error): error
    }
  }
}

extension ReadError: CustomStringConvertible where Failure: CustomStringConvertible {
  public var description: String {
    switch self {
    case .access(let failure): failure.description
    case .malformed(let error): error.description
    }
  }
}

extension RegisterSource where Self: ~Copyable & ~Escapable {
  /// The dword at `offset`, of a structure whose bounds were checked.
  func dword(at offset: Int) throws(ReadError<Failure>) -> UInt32 {
    do throws(Failure) {
      return try load32(at: offset)
    } catch {
      throw .access(error)
    }
  }
}
