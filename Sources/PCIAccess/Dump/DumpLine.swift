internal import VirtioPCI

/// What a line of a dump is.
enum DumpLine {
  case blank
  /// What `lspci -v` says of a function, or other text that is indented.
  case indented
  case header(Address, HeaderIDs?, DumpForm)
  /// An offset, and bytes.
  case bytes(DumpOffset, Margin)
  /// Bytes alone, in a log: the rest of a line that was broken.
  case rest
  /// An offset alone: `hexdump` and `od` end with it.
  case end(DumpOffset)
  /// `*`: the line before, again and again.
  case repetition
  case malformed(String)
  /// An offset, and what is wrong with the bytes after it, if the line is meant to have any.
  case doubtful(DumpOffset, String)
  case unrecognised

  /// What stands before the offset or the address of a line.
  enum Margin {
    case none, blanks, logPrefix
  }

  /// `line` has no newline, but maybe a carriage return. Its bytes are put into `bytes`.
  init(_ line: Span<UInt8>, bytes: inout [UInt8]) {
    let hasReturn = line.count > 0 && line[line.count - 1] == UInt8(ascii: "\r")
    let text = hasReturn ? line.extracting(droppingLast: 1) : line
    bytes.removeAll(keepingCapacity: true)
    if text.contains(0) {
      self = .malformed("a NUL byte")
    } else if let line = Self.plain(text, into: &bytes) {
      self = line
    } else if text.endOfQuoteMarks > 0 {
      let rest = text.extracting(droppingFirst: text.endOfQuoteMarks)
      self = Self.plain(rest, into: &bytes) ?? .unrecognised
    } else {
      let end = text.endOfLogPrefix
      let rest = text.extracting(droppingFirst: end)
      self =
        (end > 0 ? Self.logged(rest, into: &bytes) : Self.logHeader(of: text)) ?? .unrecognised
    }
  }

  /// A line as a tool wrote it, or indented as in Markdown.
  private static func plain(_ text: Span<UInt8>, into bytes: inout [UInt8]) -> DumpLine? {
    let start = text.skippingBlanks(from: 0)
    if start == text.count { return .blank }
    if start > 0 { return indented(text.extracting(droppingFirst: start), into: &bytes) }
    if text[0] == UInt8(ascii: "*"), text.skippingBlanks(from: 1) == text.count {
      return .repetition
    }
    return Self.bytes(of: text, .none, into: &bytes) ?? header(of: text)
  }

  private static func indented(_ text: Span<UInt8>, into bytes: inout [UInt8]) -> DumpLine {
    if let line = uefiHeader(of: text) { return line }
    switch Self.bytes(of: text, .blanks, into: &bytes) ?? header(of: text) {
    case let line? where line.isCertain: return line
    default: return .indented
    }
  }

  private static func logged(_ text: Span<UInt8>, into bytes: inout [UInt8]) -> DumpLine? {
    let start = text.skippingBlanks(from: 0)
    guard start < text.count else { return nil }
    let rest = text.extracting(droppingFirst: start)
    if let line = logHeader(of: rest) { return line }
    switch Self.bytes(of: rest, .logPrefix, into: &bytes) ?? header(of: rest) {
    case let line? where line.isCertain: return line
    default: break
    }
    bytes.removeAll(keepingCapacity: true)
    guard start > 0, text.readGroups(from: start - 1, into: &bytes) == nil else { return nil }
    return .rest
  }

  /// Whether the line can be nothing else, though it does not begin at the margin.
  private var isCertain: Bool {
    switch self {
    case .header, .bytes, .doubtful: true
    default: false
    }
  }

  /// Longer than any address, so that a message can show what should have been one.
  private static let longestAddress = 24

  /// A word of hex digits and dots with a colon among them is meant as an address; one without a dot
  /// may be a time.
  private static func header(of text: Span<UInt8>) -> DumpLine? {
    var end = 0
    var hasColon = false
    var hasDot = false
    while !text.isBlank(at: end) {
      let isColon = text[end] == UInt8(ascii: ":")
      let isDot = text[end] == UInt8(ascii: ".")
      guard isColon || isDot || text.hexDigit(at: end) != nil, end < longestAddress else {
        return nil
      }
      hasColon = hasColon || isColon
      hasDot = hasDot || isDot
      end += 1
    }
    guard hasColon, hasDot else { return nil }
    let word = text.extracting(first: end)
    if let address = Address(word) {
      return .header(address, HeaderIDs(text.extracting(droppingFirst: end)), .lspci)
    }
    let name = String(decoding: word.indices.map { word[$0] }, as: UTF8.self)
    return .malformed("\(name) is not a PCI address")
  }

  /// `pci 0000:00:03.0: config space:`, which the kernel logs with `pci=earlydump`: `early_dump_pci_device`
  /// in drivers/pci/probe.c of Linux 6.12, and without the colon after the address in
  /// arch/x86/pci/early.c of 4.14.
  private static func logHeader(of text: Span<UInt8>) -> DumpLine? {
    let end = text.endWithoutBlanks
    guard text.starts(with: "pci "), text.extracting(first: end).ends(with: " config space:") else {
      return nil
    }
    var word = text.extracting(4..<Swift.max(4, end - 14))
    if word.count > 0, word[word.count - 1] == UInt8(ascii: ":") {
      word = word.extracting(droppingLast: 1)
    }
    return Address(word).map { .header($0, nil, .log) }
  }

  /// `PCI Segment 00 Bus 00 Device 03 Func 00 [EFI 0000030000]`, of `pci -i` in the UEFI Shell:
  /// ShellPkg/Library/UefiShellDebug1CommandsLib/Pci.c of edk2-stable202402.
  private static func uefiHeader(of text: Span<UInt8>) -> DumpLine? {
    var position = 0
    var numbers: [UInt32] = []
    for word in ["PCI Segment ", " Bus ", " Device ", " Func "] as [StaticString] {
      guard text.extracting(droppingFirst: position).starts(with: word) else { return nil }
      position += word.utf8CodeUnitCount
      guard let number = text.hexNumber(at: &position) else { return nil }
      numbers.append(number)
    }
    guard text.isBlank(at: position), let bus = UInt8(exactly: numbers[1]),
      let device = UInt8(exactly: numbers[2]), let function = UInt8(exactly: numbers[3]),
      let address = Address(domain: numbers[0], bus: bus, device: device, function: function)
    else { return nil }
    return .header(address, nil, .uefi)
  }

  /// `lspci` and `xxd` have a colon after the offset, `hexdump` and `od` have not.
  private static func bytes(
    of text: Span<UInt8>, _ margin: Margin, into bytes: inout [UInt8]
  ) -> DumpLine? {
    var offset = DumpOffset()
    while offset.digits < min(DumpOffset.mostDigits, text.count),
      let digit = text.hexDigit(at: offset.digits)
    {
      offset.append(digit)
    }
    var position = offset.digits
    offset.hasColon = position < text.count && text[position] == UInt8(ascii: ":")
    if offset.hasColon { position += 1 }
    guard offset.digits >= (offset.hasColon ? 1 : DumpOffset.leastDigitsWithoutColon),
      text.isBlank(at: position)
    else { return nil }

    let problem =
      offset.hasColon
      ? text.readGroups(from: position, into: &bytes)
      : text.readPairs(from: position, into: &bytes)
    guard case .none = margin else {
      if let problem { return .doubtful(offset, problem) }
      return bytes.isEmpty ? nil : .bytes(offset, margin)
    }
    if let problem { return .malformed(problem) }
    guard bytes.isEmpty else { return .bytes(offset, margin) }
    return offset.hasColon ? .malformed("an offset without bytes") : .end(offset)
  }
}

/// What wrote the header of a function, and with it what may stand between its lines.
enum DumpForm {
  /// `lspci`.
  case lspci
  /// The kernel, as it starts: other messages may come between.
  case log
  /// The UEFI Shell: blank lines and sentences may come between.
  case uefi
}
