import VirtioPCI
import _Volatile

/// `count` bytes of memory-mapped registers from `base`: a function's config space, a structure in a BAR,
/// or memory that a device accesses as well.
struct MMIO: RegisterTarget {
  let base: UInt
  let count: Int

  /// The registers of a structure of which the BAR has an address.
  init(_ structure: LocatedStructure) {
    self.init(base: UInt(structure.address), count: Int(clamping: structure.data.length))
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
