import VirtioPCI

extension Driver {
  /// What a step has to know of a function.
  public struct Needs: OptionSet, Hashable, Sendable {
    public let rawValue: UInt16

    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The whole capability list, and the fields of each virtio capability.
    public static let capabilities = Self(rawValue: 1 << 0)
    /// Which BARs there are, and their sizes.
    public static let bars = Self(rawValue: 1 << 1)
    /// What the kernel made of each BAR.
    public static let placement = Self(rawValue: 1 << 2)
    /// The MSI-X capability, where there is one.
    public static let msix = Self(rawValue: 1 << 3)
    /// The interrupt pin.
    public static let interrupt = Self(rawValue: 1 << 4)
    /// The header type.
    public static let header = Self(rawValue: 1 << 5)
    /// The device status.
    public static let status = Self(rawValue: 1 << 6)
    /// The common configuration.
    public static let common = Self(rawValue: 1 << 7)
    /// The device-specific configuration.
    public static let deviceConfig = Self(rawValue: 1 << 8)
    /// What the device offers, which takes a write of selectors.
    public static let offered = Self(rawValue: 1 << 9)
    /// Every queue, which takes a write of selectors.
    public static let queues = Self(rawValue: 1 << 10)
    /// The registers of the legacy interface, which are not read.
    public static let legacyRegisters = Self(rawValue: 1 << 11)
    /// What the device does when a driver starts it, or what the system has room for: nothing shows
    /// it beforehand.
    public static let attempt = Self(rawValue: 1 << 12)

    /// What the registers of the modern interface show.
    static let modernRegisters: Self = [.status, .common, .deviceConfig, .offered, .queues]

    /// What is known of `function`.
    public init(of function: Function) {
      self = []
      let registers = function.registers
      if function.listWasRead, function.capabilities.allSatisfy({ $0.isReadWhole }) {
        insert(.capabilities)
      }
      if function.barsAreComplete { insert(.bars) }
      if function.kernel.bars != nil { insert(.placement) }
      if function.listWasRead,
        function.pciCapabilities.allSatisfy({ $0.id != .msix || $0.msix != nil })
      {
        insert(.msix)
      }
      if function.interruptPin != nil { insert(.interrupt) }
      if function.headerType != nil { insert(.header) }
      if function.status != nil { insert(.status) }
      if registers != nil { insert(.common) }
      if registers?.device != nil { insert(.deviceConfig) }
      if function.offered != nil { insert(.offered) }
      if registers?.queuesAreComplete == true { insert(.queues) }
    }
  }
}

extension Capability {
  /// Whether the bytes of its structure were read, whatever its `cap_len` says.
  fileprivate var isReadWhole: Bool {
    switch head.cfgType {
    case .notify: bytes.count >= NotifyCap.size
    case .sharedMemory: bytes.count >= Cap64.size
    case .vendor: true
    default: bytes.count >= Cap.size
    }
  }
}
