/// The structures that a driver uses: of each type the first whose BAR is there and has an address.
///
/// A device may name a structure more than once, in its order of preference; a driver takes the
/// first that it can use, and ignores those in a reserved BAR (VIRTIO 1.4 §4.1.4, §4.1.4.1). Shared
/// memory regions, of which there may be several, are for the capability list.
public struct LocatedStructures: Sendable {
  // By `cfg_type`, from 1. As four properties it would be copied piece by piece, which takes 4 KB of
  // code in firmware.
  private var found: InlineArray<4, LocatedStructure?>

  /// Reads the BARs, the capability list, and the capability of each structure that is still missing.
  /// One that does not decode is passed over, and so is one that `isUsable` refuses, as a driver
  /// without I/O ports does for those in an I/O BAR.
  public init<Source: RegisterSource & ~Copyable & ~Escapable>(
    from config: borrowing Source, where isUsable: (LocatedStructure) -> Bool = { _ in true }
  ) throws(Source.Failure) {
    found = InlineArray(repeating: nil)
    let bars = try BARRegisters(from: config)
    var list = try CapabilityList(from: config)
    while let entry = try list.next(in: config) {
      let index = Self.index(of: entry.cfgType)
      guard entry.id == .vendorSpecific, found.indices.contains(index), found[index] == nil
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
      found[index] = structure
    }
  }

  /// The common configuration; nil for a legacy device.
  public var common: LocatedStructure? { self[.common] }
  /// Where the doorbells are.
  public var notify: LocatedStructure? { self[.notify] }
  /// The ISR status.
  public var isr: LocatedStructure? { self[.isr] }
  /// The device-specific configuration; nil for a device that has none.
  public var device: LocatedStructure? { self[.device] }

  /// The structure of a type; nil as well for a type that is not one of these four.
  public subscript(type: CapCfgType) -> LocatedStructure? {
    let index = Self.index(of: type)
    return found.indices.contains(index) ? found[index] : nil
  }

  private static func index(of type: CapCfgType) -> Int {
    Int(type.rawValue) - Int(CapCfgType.common.rawValue)
  }
}
