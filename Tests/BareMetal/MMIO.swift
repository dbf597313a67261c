import VirtioPCI
import _Volatile

/// `count` bytes of memory-mapped registers from `base`: a function's config space, a structure in a BAR,
/// or memory that a device accesses as well.
struct MMIO: RegisterTarget {
  let base: UInt
  let count: Int

  /// The registers of a structure; nil when the processor cannot reach them, or fewer than `least`
  /// bytes are there.
  init?(_ structure: LocatedStructure?, least: Int = 1) {
    guard let structure, let base = UInt(exactly: structure.address),
      structure.data.length >= UInt64(least)
    else { return nil }
    self.init(base: base, count: Int(clamping: structure.data.length))
  }

  init(base: UInt, count: Int) {
    self.base = base
    self.count = count
  }

  func load8(at offset: Int) -> UInt8 { register(at: offset).load() }
  func load16(at offset: Int) -> UInt16 { UInt16(littleEndian: register(at: offset).load()) }
  func load32(at offset: Int) -> UInt32 { UInt32(littleEndian: register(at: offset).load()) }

  func store8(_ value: UInt8, at offset: Int) { register(at: offset).store(value) }
  func store16(_ value: UInt16, at offset: Int) { register(at: offset).store(value.littleEndian) }
  func store32(_ value: UInt32, at offset: Int) { register(at: offset).store(value.littleEndian) }

  private func register<Value>(at offset: Int) -> VolatileMappedRegister<Value> {
    VolatileMappedRegister(unsafeBitPattern: base + UInt(offset))
  }
}
