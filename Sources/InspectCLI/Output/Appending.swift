extension [UInt8] {
  /// Appends text that is a few bytes long, for which the general way takes longer.
  mutating func append(bytes: Span<UInt8>) {
    append(addingCapacity: bytes.count) { $0.append(bytes: bytes) }
  }
}

extension OutputSpan<UInt8> {
  mutating func append(bytes: Span<UInt8>) {
    for index in bytes.indices { append(bytes[index]) }
  }
}
