/// Why bytes do not decode.
public enum DecodeError: Error, Hashable, Sendable {
  /// A field ends after the last byte there is.
  case outOfBounds(offset: Int, width: Int, count: Int)
  /// The capability is not a vendor-specific one, so it is not a virtio capability.
  case notVendorSpecific(capVndr: UInt8)
  /// `cap_len` does not reach the end of the structure that `cfg_type` names.
  case capLenTooShort(capLen: UInt8, minimum: UInt8)
  /// `cfg_type` is not that of the structure asked for.
  case cfgTypeMismatch(found: CapCfgType, expected: CapCfgType)
  /// The capability needs more bytes than lie between it and the end of config space.
  case pastConfigSpace(needed: Int, available: Int)
}

extension DecodeError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .outOfBounds(let offset, let width, let count):
      "\(width) bytes at \(Hex(offset)) end after the last of \(count)"
    case .notVendorSpecific(let capVndr):
      "cap_vndr \(Hex(capVndr)) is not \(Hex(Cap.vendorSpecificID))"
    case .capLenTooShort(let capLen, let minimum):
      "cap_len \(capLen) is shorter than \(minimum)"
    case .cfgTypeMismatch(let found, let expected):
      "cfg_type \(found.rawValue) is not \(expected.rawValue)"
    case .pastConfigSpace(let needed, let available):
      "needs \(needed) bytes, but config space ends after \(available)"
    }
  }
}
