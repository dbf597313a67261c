import VirtioPCI

/// Which functions, by address: what lspci's `-s` takes.
///
/// `[[[[DOMAIN]:]BUS]:][SLOT][.[FUNCTION]]` in hex. A field that is left out, empty or `*` matches
/// any value, so `04.0` is function 0 of slot 4 on every bus of every domain. Unlike lspci, each
/// field may begin with `0x`, and the domain has all 32 bits.
struct AddressPattern: Hashable, Sendable {
  /// Each field is nil where any value will do.
  let domain: UInt32?
  let bus: UInt8?
  /// The device number, 0 to 31.
  let slot: UInt8?
  /// 0 to 7.
  let function: UInt8?

  /// Parses a pattern; the empty text matches every function.
  init(_ text: String) throws(PatternError) {
    var (domain, bus, place): (Substring?, Substring?, Substring?)
    var rest = Optional(text[...])
    while let field = rest.takeField(before: ":") {
      guard domain == nil else { throw .tooManyFields(text, maximum: 3) }
      (domain, bus, place) = (bus, place, field)
    }
    var parts = place
    let (slot, function) = (parts.takeField(before: "."), parts.takeField(before: "."))
    guard parts == nil else { throw .tooManyFields(String(place ?? ""), maximum: 2) }
    self.domain = try PatternField.domain.value(of: domain)
    self.bus = try PatternField.bus.value(of: bus)
    self.slot = try PatternField.slot.value(of: slot)
    self.function = try PatternField.function.value(of: function)
  }

  /// The one function at `address`.
  init(_ address: Address) {
    domain = address.domain
    bus = address.bus
    slot = address.device
    function = address.function
  }

  /// Whether the function at `address` is one of those.
  func matches(_ address: Address) -> Bool {
    (domain ?? address.domain) == address.domain
      && (bus ?? address.bus) == address.bus
      && (slot ?? address.device) == address.device
      && (function ?? address.function) == address.function
  }

  /// The one address that matches; nil when a field is left open, as in `00:04.0` the domain.
  var exact: Address? {
    guard let domain, let bus, let slot, let function else { return nil }
    return Address(domain: domain, bus: bus, device: slot, function: function)
  }
}

extension AddressPattern: CustomStringConvertible {
  /// The shortest text with slot and function that means the same: `00:04.*`.
  var description: String {
    var text = ""
    if let domain { text += PatternField.text(of: domain, digits: 4) + ":" }
    if domain != nil || bus != nil { text += PatternField.text(of: bus, digits: 2) + ":" }
    text += PatternField.text(of: slot, digits: 2) + "."
    return text + PatternField.text(of: function, digits: 1)
  }
}
