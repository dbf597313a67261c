/// Where a PCI function sits: domain, bus, device, function.
///
/// Ordered as `lspci` lists: by each part as a number. Domains have 32 bits, since a hypervisor
/// (VMD, Hyper-V) makes its own above 0xffff.
public struct Address: Hashable, Sendable {
  /// Which host bridge, as the kernel numbers them: 32 bits.
  public let domain: UInt32
  /// 0 to 255.
  public let bus: UInt8
  /// 0 to 31, also called the slot.
  public let device: UInt8
  /// 0 to 7.
  public let function: UInt8

  /// Nil when `device` is above 31 or `function` above 7.
  public init?(domain: UInt32 = 0, bus: UInt8, device: UInt8, function: UInt8) {
    guard device <= 0x1F, function <= 7 else { return nil }
    self.domain = domain
    self.bus = bus
    self.device = device
    self.function = function
  }

  /// `[DOMAIN:]BUS:DEVICE.FUNCTION` in hex, as sysfs and lspci write it; nil for anything else.
  public init?(_ text: some StringProtocol) {
    let ascii = Array(text.utf8)
    self.init(ascii.span)
  }

  /// The same, from ASCII.
  public init?(_ text: Span<UInt8>) {
    var fields: (UInt32, UInt32, UInt32) = (0, 0, 0)
    var value: UInt32 = 0
    var digits = 0
    var colons = 0
    var hasDot = false
    for index in text.indices {
      let byte = text[index]
      switch byte {
      case UInt8(ascii: ":"):
        guard digits > 0, colons < 2, !hasDot else { return nil }
        fields = (fields.1, value, 0)
        colons += 1
        (value, digits) = (0, 0)
      case UInt8(ascii: "."):
        guard digits > 0, digits <= 2, colons > 0, !hasDot else { return nil }
        fields.2 = value
        hasDot = true
        (value, digits) = (0, 0)
      default:
        guard let digit = byte.hexDigitValue, digits < 8 else { return nil }
        value = value << 4 | UInt32(digit)
        digits += 1
      }
    }
    guard hasDot, digits == 1, let bus = UInt8(exactly: fields.1),
      let device = UInt8(exactly: fields.2)
    else { return nil }
    self.init(domain: fields.0, bus: bus, device: device, function: UInt8(value))
  }
}

extension Address: Comparable {
  public static func < (left: Address, right: Address) -> Bool {
    left.sortKey < right.sortKey
  }

  private var sortKey: UInt64 {
    UInt64(domain) << 32 | UInt64(bus) << 16 | UInt64(device) << 8 | UInt64(function)
  }
}

extension Address: CustomStringConvertible {
  /// `DDDD:BB:DD.F` with four to eight domain digits.
  public var description: String {
    var text: [UInt8] = []
    text.append(self)
    return String(decoding: text, as: UTF8.self)
  }
}

extension [UInt8] {
  /// Appends an address as it is written.
  package mutating func append(_ address: Address) {
    append(addingCapacity: 16) { text in
      text.append(hex: UInt64(address.domain), digits: 4)
      text.append(UInt8(ascii: ":"))
      text.append(hex: UInt64(address.bus), digits: 2)
      text.append(UInt8(ascii: ":"))
      text.append(hex: UInt64(address.device), digits: 2)
      text.append(UInt8(ascii: "."))
      text.append(hex: UInt64(address.function), digits: 1)
    }
  }
}
