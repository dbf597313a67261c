/// The structures that a driver uses: of each type the first whose BAR is there and has an address.
///
/// A device may name a structure more than once, in its order of preference; a driver takes the
/// first that it can use, and ignores those in a reserved BAR (VIRTIO 1.4 §4.1.4, §4.1.4.1). Shared
/// memory regions, of which there may be several, are for the capability list.
public struct LocatedStructures: Hashable, Sendable {
  /// The common configuration; nil for a legacy device.
  public private(set) var common: LocatedStructure?
  /// Where the doorbells are.
  public private(set) var notify: LocatedStructure?
  /// The ISR status.
  public private(set) var isr: LocatedStructure?
  /// The device-specific configuration; nil for a device that has none.
  public private(set) var device: LocatedStructure?

  /// Reads the BARs, the capability list and of each structure that is wanted its capability. One that
  /// does not decode is passed over, and so is one that is not usable for the driver, as on I/O ports
  /// where it has none.
  public init<Source: RegisterSource & ~Copyable & ~Escapable>(
    from config: borrowing Source, where isUsable: (LocatedStructure) -> Bool = { _ in true }
  ) throws(Source.Failure) {
    let bars = try BARRegisters(from: config)
    var list = try CapabilityList(from: config)
    while let entry = try list.next(in: config) {
      guard entry.id == .vendorSpecific, Self.hasPlace(for: entry.cfgType),
        self[entry.cfgType] == nil
      else { continue }
      let data: CapData
      do throws(ReadError<Source.Failure>) {
        data = try CapData(entry, from: config)
      } catch {
        switch error {
        case .access(let failure): throw failure
        case .malformed: continue
        }
      }
      guard let bar = bars[Int(data.bar)], let structure = LocatedStructure(data, in: bar),
        isUsable(structure)
      else { continue }
      self[entry.cfgType] = structure
    }
  }

  /// The structure of a type; nil as well for a type that is not among these.
  public private(set) subscript(type: CapCfgType) -> LocatedStructure? {
    get {
      switch type {
      case .common: common
      case .notify: notify
      case .isr: isr
      case .device: device
      default: nil
      }
    }
    set {
      switch type {
      case .common: common = newValue
      case .notify: notify = newValue
      case .isr: isr = newValue
      case .device: device = newValue
      default: break
      }
    }
  }

  private static func hasPlace(for type: CapCfgType) -> Bool {
    type == .common || type == .notify || type == .isr || type == .device
  }
}
