import PCIAccess
import VirtioConformance
import VirtioPCI

// The short texts by which the tables name values of the library.

extension DeviceType {
  /// Its key, or its number.
  var label: String { description }
}

extension CapCfgType {
  /// Its key, or its number.
  var label: String { description }
}

extension Function {
  /// Why nothing answers there, in a word; nil where something does.
  var absence: String? {
    guard configIsAllOnes || statusIsAllOnes else { return nil }
    return kernel.powerState == "D3cold" ? "asleep" : "gone"
  }

  /// The device status as the kernel read it; nil where nothing answered.
  var kernelStatus: DeviceStatus? {
    kernel.virtio?.status.flatMap { $0.rawValue == .max ? nil : $0 }
  }
}

/// A feature bit of a device, with its name if it has one.
struct NamedFeature {
  var bit: Int
  var name: String?

  /// Its name, or its number.
  var label: String { name ?? "bit \(bit)" }

  /// Its name and its number.
  var numberedLabel: String { name.map { "\($0) (\(bit))" } ?? label }
}

extension FeatureSet {
  /// The features of a device of this type, by their names.
  func named(for type: DeviceType?) -> [NamedFeature] {
    let hasVersion1 = contains(.version1)
    return bits.map {
      NamedFeature(bit: $0, name: type?.featureName($0, hasVersion1: hasVersion1))
    }
  }
}

extension PCICapabilityID {
  /// Its name, or its number.
  var label: String { name ?? "capability \(Hex(rawValue))" }
}

extension InterruptEntry {
  /// As a line of the full view: pins are INTA to INTD.
  var text: String {
    let name =
      switch pin {
      case 0: "no pin"
      case 1...4: "pin INT" + String(UnicodeScalar(UInt8(ascii: "A") + pin - 1))
      default: "pin \(pin), which is reserved"
      }
    guard let irq else { return name }
    return name + (irq == 0 ? ", no IRQ" : ", IRQ \(irq)")
  }
}

extension LinuxObstacle {
  /// What it is called in JSON.
  enum Reason: String, CaseIterable, JSONConvertible {
    case otherDriver = "other_driver"
    case driverOverride = "driver_override"
    case autoprobeOff = "autoprobe_off"
    case notLoaded = "not_loaded"
    case notBound = "not_bound"
    case deviceNotBound = "device_not_bound"
    case gaveUp = "gave_up"
  }

  var reason: Reason {
    switch self {
    case .otherDriver: .otherDriver
    case .driverOverride: .driverOverride
    case .autoprobeOff: .autoprobeOff
    case .notLoaded: .notLoaded
    case .notBound: .notBound
    case .deviceNotBound: .deviceNotBound
    case .gaveUp: .gaveUp
    }
  }

  /// What is so, and what can be done about it.
  var message: String {
    switch self {
    case .otherDriver(let name): "\(name) is bound, which leaves the function to another user"
    case .driverOverride(let name):
      "driver_override allows \(name) only: write a newline to it in sysfs to allow any driver"
    case .autoprobeOff(let bus):
      "the kernel binds no driver by itself: bus/\(bus)/drivers_autoprobe in sysfs is 0"
    case .notLoaded: "virtio-pci is not loaded: modprobe virtio_pci"
    case .notBound:
      "virtio-pci is loaded but not bound: it gave up, as the kernel log says, or was unbound"
    case .deviceNotBound(let type, let vendor):
      "the driver of its type is not bound, or not loaded: modprobe virtio:d"
        + "\(Self.digits(type))v\(Self.digits(vendor))"
    case .gaveUp: "a driver gave up and set FAILED: the kernel log says why"
    }
  }

  /// As the aliases of modules have numbers.
  private static func digits(_ number: UInt32) -> String {
    Hex(number).bare.uppercased()
  }
}

extension SRIOVRole {
  /// As a line of the full view.
  var text: String {
    switch self {
    case .physical(let total, let count, let id):
      "physical function, \(count) of \(total) virtual functions"
        + (id.map { ", device ID \(Hex($0).bare)" } ?? "")
    case .virtual(let address): "virtual function" + (address.map { " of \($0)" } ?? "")
    }
  }
}

extension DeviceStatus {
  /// The bit that says most: a failure before progress, the last step before the first.
  var summary: String {
    let order: [Self] = [
      .failed, .deviceNeedsReset, .suspend, .driverOK, .featuresOK, .driver, .acknowledge,
    ]
    guard let bit = order.first(where: { contains($0) }) else {
      return rawValue == 0 ? "RESET" : names.joined(separator: " ")
    }
    return bit.names.joined(separator: " ")
  }
}

extension BAR {
  /// `0:512K`.
  var label: String { "\(index):\(size.map(ByteCount.short) ?? "?")" }

  /// Address bits; nil for I/O.
  var width: Int? {
    if case .memory(let width, prefetchable: _) = space { width } else { nil }
  }

  var isPrefetchable: Bool {
    if case .memory(width: _, let prefetchable) = space { prefetchable } else { false }
  }
}

/// Sizes in powers of 1024, when they are whole.
enum ByteCount {
  private static let units = ["", "K", "M", "G", "T", "P", "E"]

  /// `512K`.
  static func short(_ count: UInt64) -> String {
    let (value, unit) = scaled(count)
    return "\(value)\(units[unit])"
  }

  /// `512 KiB`, `1 byte`.
  static func long(_ count: UInt64) -> String {
    let (value, unit) = scaled(count)
    return unit == 0 ? "\(value) byte\(value == 1 ? "" : "s")" : "\(value) \(units[unit])iB"
  }

  private static func scaled(_ count: UInt64) -> (value: UInt64, unit: Int) {
    guard count > 0 else { return (0, 0) }
    let unit = min(count.trailingZeroBitCount / 10, units.count - 1)
    return (count >> UInt64(unit * 10), unit)
  }
}

extension Inspection {
  /// The negotiated features, by their names.
  var features: [NamedFeature] {
    function.kernel.virtio?.features?.named(for: function.type) ?? []
  }

  /// What the function is called in the output: its address, or the file it is in.
  var name: String { address?.description ?? file ?? "-" }
}
