package import VirtioPCI

/// Why the file `features` of a virtio device does not decode.
package enum FeatureTextError: Error, Hashable {
  /// It does not have a multiple of 64 digits.
  case length(Int)
  /// It has something other than 0 and 1.
  case digit(UInt8, at: Int)
  /// It has a bit that VIRTIO 1.4 has not.
  case beyondCapacity(Int)
}

extension FeatureTextError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .length(let count):
      "\(count) feature bits are not a multiple of 64"
    case .digit(let byte, let bit):
      "feature bit \(bit) is the character \(Hex(byte)) instead of 0 or 1"
    case .beyondCapacity(let bit):
      "feature bit \(bit) is set, and VIRTIO 1.4 has \(FeatureSet.capacity) bits"
    }
  }
}

extension FeatureSet {
  /// A string of 0 and 1, bit 0 first, as `features` of a virtio device in sysfs has it; a line feed
  /// may end it.
  ///
  /// Its length is a multiple of 64: Linux had 64 bits and has 128.
  package init(sysfs text: Span<UInt8>) throws(FeatureTextError) {
    self.init()
    var count = 0
    var excess: Int?
    var isComplete = false
    for index in text.indices {
      let byte = text[index]
      guard !isComplete else { throw .digit(byte, at: count) }
      switch byte {
      case UInt8(ascii: "0"): count += 1
      case UInt8(ascii: "1"):
        if count >= FeatureSet.capacity { excess = excess ?? count }
        insert(bit: count)
        count += 1
      case UInt8(ascii: "\n"): isComplete = true
      default: throw .digit(byte, at: count)
      }
    }
    guard count % 64 == 0 else { throw .length(count) }
    if let excess { throw .beyondCapacity(excess) }
  }
}
