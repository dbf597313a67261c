/// The SR-IOV extended capability of a physical function (PCIe §9.3.3), which VIRTIO 1.4 §6 has
/// `VIRTIO_F_SR_IOV` for.
public struct SRIOV: Hashable, Sendable {
  /// What the function can do: the dword at 0x04.
  public var capabilities: UInt32
  /// What is switched on.
  public var control: Control
  /// The status register; bit 0 asks for a migration.
  public var status: UInt16
  /// How many virtual functions there are at first.
  public var initialVFs: UInt16
  /// How many virtual functions there can be.
  public var totalVFs: UInt16
  /// How many virtual functions there are while `vfEnable` is set.
  public var numVFs: UInt16
  /// The function that this one depends on; its own number when it depends on none.
  public var functionDependencyLink: UInt8
  /// The routing ID of the first virtual function, relative to that of this function.
  public var firstVFOffset: UInt16
  /// The distance from the routing ID of a virtual function to that of the next.
  public var vfStride: UInt16
  /// The device ID of every virtual function.
  public var vfDeviceID: UInt16
  /// The page sizes that the function supports: bit n stands for 2^(n+12) bytes.
  public var supportedPageSizes: UInt32
  /// The page size that the BARs of virtual functions are aligned to, as one such bit.
  public var systemPageSize: UInt32
  /// The six registers of the BARs that all virtual functions share.
  public var vfBARs: BARRegisters
  /// Where the migration state array is, as the register has it.
  public var vfMigrationStateArray: UInt32

  /// What software switches on in an SR-IOV capability.
  public struct Control: NamedBits, RegisterValue {
    public let rawValue: UInt16

    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// There are virtual functions.
    public static let vfEnable = Self(rawValue: 1 << 0)
    /// Virtual functions can be migrated.
    public static let vfMigrationEnable = Self(rawValue: 1 << 1)
    /// A request for a migration interrupts.
    public static let vfMigrationInterruptEnable = Self(rawValue: 1 << 2)
    /// The memory BARs of virtual functions are decoded.
    public static let vfMemorySpaceEnable = Self(rawValue: 1 << 3)
    /// Virtual functions may have function numbers above 7.
    public static let ariCapableHierarchy = Self(rawValue: 1 << 4)
    /// Virtual functions may have 10-bit tags.
    public static let vf10BitTagRequesterEnable = Self(rawValue: 1 << 5)

    public static let bitNames: NameTable = [
      0: "VF Enable",
      1: "VF Migration Enable",
      2: "VF Migration Interrupt Enable",
      3: "VF MSE",
      4: "ARI Capable Hierarchy",
      5: "VF 10-Bit Tag Requester Enable",
    ]
  }

  /// The ID of the extended capability.
  public static let id: UInt16 = 0x0010
  /// How many bytes the capability has.
  public static let size = 64

  /// A capability with these fields.
  public init(
    capabilities: UInt32 = 0, control: Control = Control(rawValue: 0), status: UInt16 = 0,
    initialVFs: UInt16,
    totalVFs: UInt16, numVFs: UInt16 = 0, functionDependencyLink: UInt8 = 0,
    firstVFOffset: UInt16, vfStride: UInt16, vfDeviceID: UInt16, supportedPageSizes: UInt32 = 1,
    systemPageSize: UInt32 = 1, vfBARs: BARRegisters = BARRegisters(),
    vfMigrationStateArray: UInt32 = 0
  ) {
    self.capabilities = capabilities
    self.control = control
    self.status = status
    self.initialVFs = initialVFs
    self.totalVFs = totalVFs
    self.numVFs = numVFs
    self.functionDependencyLink = functionDependencyLink
    self.firstVFOffset = firstVFOffset
    self.vfStride = vfStride
    self.vfDeviceID = vfDeviceID
    self.supportedPageSizes = supportedPageSizes
    self.systemPageSize = systemPageSize
    self.vfBARs = vfBARs
    self.vfMigrationStateArray = vfMigrationStateArray
  }

  /// Decodes the capability that `entry` begins; throws `pastConfigSpace` when not all of it can be
  /// read.
  public init<Source: RegisterSource & ~Copyable & ~Escapable>(
    _ entry: ExtendedCapability, from config: borrowing Source
  ) throws(ReadError<Source.Failure>) {
    let start = entry.position
    let available = max(0, config.count - max(0, start))
    guard start >= 0, available >= Self.size else {
      throw .malformed(.pastConfigSpace(needed: Self.size, available: available))
    }
    capabilities = try config.dword(at: start + 0x04)
    let controlAndStatus = try config.dword(at: start + 0x08)
    control = Control(rawValue: UInt16(truncatingIfNeeded: controlAndStatus))
    status = UInt16(truncatingIfNeeded: controlAndStatus >> 16)
    let limits = try config.dword(at: start + 0x0C)
    initialVFs = UInt16(truncatingIfNeeded: limits)
    totalVFs = UInt16(truncatingIfNeeded: limits >> 16)
    let number = try config.dword(at: start + 0x10)
    numVFs = UInt16(truncatingIfNeeded: number)
    functionDependencyLink = UInt8(truncatingIfNeeded: number >> 16)
    let routing = try config.dword(at: start + 0x14)
    firstVFOffset = UInt16(truncatingIfNeeded: routing)
    vfStride = UInt16(truncatingIfNeeded: routing >> 16)
    vfDeviceID = UInt16(truncatingIfNeeded: try config.dword(at: start + 0x18) >> 16)
    supportedPageSizes = try config.dword(at: start + 0x1C)
    systemPageSize = try config.dword(at: start + 0x20)
    vfBARs = BARRegisters()
    for index in 0..<BAR.count {
      vfBARs[register: index] = try config.dword(at: start + 0x24 + 4 * index)
    }
    vfMigrationStateArray = try config.dword(at: start + 0x3C)
  }
}

extension SRIOV: EncodableStructure {
  public var encodedSize: Int { Self.size }

  /// Writes the capability, its ID and version 1 among the rest and the pointer to the next one as 0.
  public func encode(into bytes: inout MutableSpan<UInt8>, at offset: Int) throws(EncodeError) {
    try bytes.require(Self.size, at: offset)
    bytes.set(ExtendedCapability(position: offset, id: Self.id).word, at: offset)
    bytes.set(capabilities, at: offset + 0x04)
    bytes.set(control.rawValue, at: offset + 0x08)
    bytes.set(status, at: offset + 0x0A)
    bytes.set(initialVFs, at: offset + 0x0C)
    bytes.set(totalVFs, at: offset + 0x0E)
    bytes.set(numVFs, at: offset + 0x10)
    bytes.set(UInt16(functionDependencyLink), at: offset + 0x12)
    bytes.set(firstVFOffset, at: offset + 0x14)
    bytes.set(vfStride, at: offset + 0x16)
    bytes.set(UInt32(vfDeviceID) << 16, at: offset + 0x18)
    bytes.set(supportedPageSizes, at: offset + 0x1C)
    bytes.set(systemPageSize, at: offset + 0x20)
    for index in 0..<BAR.count {
      bytes.set(vfBARs[register: index], at: offset + 0x24 + 4 * index)
    }
    bytes.set(vfMigrationStateArray, at: offset + 0x3C)
  }
}
