/// Why a structure could not be decoded from a `RegisterSource`.
///
/// Through a source whose accesses cannot fail (`Never`) only `malformed` is thrown, and so it is
/// through a `Span`: its bounds are checked before it is read.
public enum ReadError<Failure: Error>: Error {
  /// The source failed.
  case access(Failure)
  /// What it gave does not decode.
  case malformed(DecodeError)
}

extension ReadError: Equatable where Failure: Equatable {}

extension ReadError where Failure == DecodeError {
  /// The error, whichever of the two it is.
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
