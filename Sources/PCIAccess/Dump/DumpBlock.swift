internal import VirtioPCI

/// What is known of the function whose lines are being read, but for its bytes.
struct DumpBlock {
  var address: Address?
  var headerIDs: HeaderIDs?
  var form = DumpForm.lspci
  /// The line of its header, or of its first bytes.
  var line: Int
  /// What its offsets can be.
  var radices: [DumpOffset.Radix]
  /// How many bytes the last line had.
  var lineCount = 0
  /// What its lines of bytes begin with; nil before the first.
  var margin: DumpLine.Margin?
  /// The line of a `*` of which the end is not yet known.
  var repetition: Int?

  /// Whether other lines may stand between its own.
  var isSpaced: Bool { form != .lspci }

  /// Whether a line with such an offset is one of bytes, though they cannot be read, and not text, after
  /// so many bytes.
  func isMeant(_ offset: DumpOffset, _ margin: DumpLine.Margin, after count: Int) -> Bool {
    guard form == .log || margin != .none else { return true }
    return count > 0 && offset.value(in: .hexadecimal) == count
      && (form == .log || self.margin != DumpLine.Margin.none)
  }

  /// Whether a line that is like no other text belongs to the function, by what stands before it.
  func continues(_ margin: DumpLine.Margin) -> Bool {
    margin == .none || margin == .blanks && self.margin == .blanks
  }

  /// Whether `lspci` writes so many bytes.
  static func isWhole(_ count: Int) -> Bool {
    count == ConfigHeader.size || count == ConfigHeader.conventionalSize
      || count == ConfigHeader.extendedSize
  }

  /// Checks that `offset` is where the bytes in `config` end and that those of its line, so many, have
  /// room after it, and fills in what a `*` stands for. Returns what is wrong.
  mutating func place(
    _ offset: DumpOffset, of count: Int, after config: inout [UInt8]
  ) -> String? {
    let isRepeated = repetition != nil
    let size = config.count
    let possible = radices.filter { radix in
      guard let value = offset.value(in: radix) else { return false }
      guard isRepeated else { return value == size }
      return value > size && value <= ConfigHeader.extendedSize && (value - size) % lineCount == 0
    }
    guard let radix = possible.first, let value = offset.value(in: radix) else {
      return mismatch(of: radices.lazy.compactMap(offset.value).first, after: size)
    }
    guard value + count <= ConfigHeader.extendedSize else {
      return "more than \(ConfigHeader.extendedSize) bytes of config space"
    }
    while config.count < value { config.append(config[config.count - lineCount]) }
    // An end that a `*` leaves open is settled by the likeliest radix.
    radices = isRepeated ? [radix] : possible
    repetition = nil
    return nil
  }

  /// Why the bytes before `offset` do not end there, nil for one in no radix.
  private func mismatch(of offset: Int?, after size: Int) -> String {
    let found = "offset \(offset.map { "\(Hex($0))" } ?? "")"
    let expected = "\(Hex(size)) was expected"
    guard repetition != nil else { return "\(found) where \(expected)" }
    guard let offset, offset > size else { return "\(found) where one above \(expected)" }
    return offset > ConfigHeader.extendedSize
      ? "\(found) is beyond the \(ConfigHeader.extendedSize) bytes of config space"
      : "\(found) where \(Hex(size)) and a multiple of \(lineCount) was expected"
  }
}
