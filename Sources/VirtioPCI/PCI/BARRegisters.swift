/// The six base address registers of a type 0 header, as they stand in config space.
///
///     for bar in try BARRegisters(from: config) {
///       print(bar.index, bar.address)
///     }
///
/// A register of 0 is not among the BARs: there is no such BAR, or memory below 4 GiB without an
/// address, which config space alone does not tell apart. Nothing here allocates.
public struct BARRegisters: Sendable, Sequence {
  private var words: InlineArray<6, UInt32>

  /// Registers that all are 0.
  public init() {
    words = InlineArray(repeating: 0)
  }

  /// Loads the six registers, which begin at `offset`.
  public init<Source: RegisterSource & ~Copyable & ~Escapable>(
    from config: borrowing Source, at offset: Int = ConfigHeader.bars
  ) throws(Source.Failure) {
    self.init()
    for index in words.indices { words[index] = try config.load32(at: offset + 4 * index) }
  }

  /// The register of this number, 0 to 5.
  public subscript(register index: Int) -> UInt32 {
    get { words[index] }
    set { words[index] = newValue }
  }

  /// The BAR of this number; nil when there is none, as for the upper half of a 64-bit one and for
  /// a number above 5.
  public subscript(number: Int) -> BAR? {
    first { $0.index == number }
  }

  public func makeIterator() -> Iterator { Iterator(self) }

  /// Goes over the BARs that are there, in their order.
  public struct Iterator: IteratorProtocol, Sendable {
    private let registers: BARRegisters
    private var index = 0

    fileprivate init(_ registers: BARRegisters) {
      self.registers = registers
    }

    public mutating func next() -> BAR? {
      while index < BAR.count {
        let bar = registers.bar(at: index)
        let register = registers.words[index]
        index += bar.is64Bit ? 2 : 1
        if register != 0 { return bar }
      }
      return nil
    }
  }

  /// What the register is when it is not the upper half of the one before it.
  private func bar(at index: Int) -> BAR {
    let low = words[index]
    let space: BAR.Space
    var address = UInt64(low & ~15)
    if low & 1 != 0 {
      space = .io
      address = UInt64(low & ~3)
    } else if low & 6 == 4, index + 1 < BAR.count {
      space = .memory(width: 64, prefetchable: low & 8 != 0)
      address |= UInt64(words[index + 1]) << 32
    } else {
      space = .memory(width: 32, prefetchable: low & 8 != 0)
    }
    return BAR(index: index, space: space, address: address == 0 ? nil : address, size: nil)
  }
}

extension BARRegisters: Hashable {
  public static func == (left: BARRegisters, right: BARRegisters) -> Bool {
    left.words.indices.allSatisfy { left.words[$0] == right.words[$0] }
  }

  public func hash(into hasher: inout Hasher) {
    for index in words.indices { hasher.combine(words[index]) }
  }
}
