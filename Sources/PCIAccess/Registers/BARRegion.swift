internal import Platform
internal import SystemPackage
public import VirtioPCI

/// Registers of one structure in a BAR, however they are reached.
///
/// Nothing but the structure is ever accessed, whatever else a page of the BAR holds. What lies
/// outside or is not aligned to its width is an error and no access.
public struct BARRegion: ~Copyable, RegisterTarget {
  private let way: Way
  private let bounds: Bounds

  /// How the registers are reached.
  enum Way: ~Copyable {
    case memory(MappedRegion)
    /// The BAR's file: of I/O ports, of which one read or write is one access by the kernel, or what was
    /// saved of a BAR.
    case file(File)
    case window(ConfigWindow, bar: UInt8)
  }

  /// Where the structure is in the BAR, and whose it is.
  struct Bounds {
    let subject: String
    let address: Address?
    let start: Int
    let count: Int

    /// Nil when the end of the structure cannot be counted.
    init?(subject: String, address: Address?, offset: UInt64, count: Int) {
      guard count >= 0, let start = Int(exactly: offset), start <= Int.max - count else {
        return nil
      }
      self.subject = subject
      self.address = address
      self.start = start
      self.count = count
    }

    func error(_ reason: AccessError.Reason) -> AccessError {
      AccessError(subject, reason, address: address)
    }

    /// Where the register at `offset` is in the BAR.
    fileprivate func position(of offset: Int, width: Int) throws(AccessError) -> Int {
      guard offset >= 0, offset <= count - width else {
        let error = DecodeError.outOfBounds(offset: offset, width: width, count: count)
        throw self.error(.unavailable(message: "\(error)"))
      }
      guard (start + offset) % width == 0 else {
        let message = "\(width) bytes at \(Hex(start + offset)) of the BAR are not aligned"
        throw error(.unavailable(message: message))
      }
      return start + offset
    }
  }

  init(_ way: consuming Way, _ bounds: Bounds) {
    self.way = way
    self.bounds = bounds
  }

  public var count: Int { bounds.count }

  public func load8(at offset: Int) throws(AccessError) -> UInt8 { try value(at: offset) }
  public func load16(at offset: Int) throws(AccessError) -> UInt16 { try value(at: offset) }
  public func load32(at offset: Int) throws(AccessError) -> UInt32 { try value(at: offset) }

  public func store8(_ value: UInt8, at offset: Int) throws(AccessError) {
    try set(value, at: offset)
  }

  public func store16(_ value: UInt16, at offset: Int) throws(AccessError) {
    try set(value, at: offset)
  }

  public func store32(_ value: UInt32, at offset: Int) throws(AccessError) {
    try set(value, at: offset)
  }

  private func value<Value: RegisterWidth>(at offset: Int) throws(AccessError) -> Value {
    let position = try bounds.position(of: offset, width: Value.size)
    switch way {
    case .memory(let region): return region.load(at: position)
    case .window(let window, let bar): return try window.load(bar: bar, at: position)
    case .file(let file):
      do throws(Errno) {
        let bytes = try file.readOnce(at: position, count: Value.size)
        guard let value = Value(littleEndian: bytes) else { throw .ioError }
        return value
      } catch {
        throw bounds.error(.system(error))
      }
    }
  }

  private func set(_ value: some RegisterWidth, at offset: Int) throws(AccessError) {
    let position = try bounds.position(of: offset, width: type(of: value).size)
    switch way {
    case .memory(let region): region.store(value, at: position)
    case .window(let window, let bar): try window.store(value, bar: bar, at: position)
    case .file(let file):
      do throws(Errno) {
        try file.writeOnce(value.littleEndianBytes, at: position)
      } catch {
        throw bounds.error(.system(error))
      }
    }
  }
}
