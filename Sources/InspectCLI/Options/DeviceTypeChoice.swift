import VirtioPCI

extension DeviceType {
  /// A key (`net`) in either case, or a number.
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
