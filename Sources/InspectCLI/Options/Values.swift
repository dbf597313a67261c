import VirtioPCI

// Types of the library as values of options.

extension AddressPattern {
  init(parsing text: String) throws(ValueError) {
    do { self = try AddressPattern(text) } catch { throw .pattern(error) }
  }
}

extension IDPattern {
  init(parsing text: String) throws(ValueError) {
    do { self = try IDPattern(text) } catch { throw .pattern(error) }
  }
}

extension DeviceType {
  /// A key (`net`) or a number.
  init(parsing text: String) throws(ValueError) {
    if let type = DeviceType(key: text.lowercased()) {
      self = type
    } else if let number = UInt16(text) {
      self.init(rawValue: number)
    } else {
      throw .unknown("device type", text, known: DeviceType.defined.compactMap { $0.key })
    }
  }
}
