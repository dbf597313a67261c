public struct FeatureSet: Hashable, Sendable {
  public var bits: [Int]
  public init(sysfs text: Span<UInt8>) throws(DecodeError) {
    bits = []
    for index in 0..<text.count where text[index] == 0x31 { bits.append(index) }
  }
}
public struct NamedFeature: Hashable, Sendable {
  public var bit: Int
  public var name: String?
}
extension DeviceType {
  public func features(in set: FeatureSet) -> [NamedFeature] { set.bits.map { NamedFeature(bit: $0, name: nil) } }
}
