internal import VirtioPCI

/// What a line of a dump is.
enum DumpLine {
  case blank
  /// What `lspci -v` says of a function, or other text that is indented.
  case indented
  case header(Address, HeaderIDs?, DumpForm)
  /// An offset, and bytes, of which there are none where the kernel logs each by itself.
  case bytes(DumpOffset, Margin)
  /// Bytes alone: in a log, the rest of a line that was broken.
  case rest(Margin)
  /// An offset alone: `hexdump` and `od` end with it.
  case end(DumpOffset, Margin)
  /// `*`: the line before, again and again.
  case repetition(Margin)
  case malformed(String)
  /// An offset, and what is wrong with the bytes after it, if the line is meant to have any.
  case doubtful(DumpOffset, Margin, String)
  case unrecognised

  /// What stands before the offset or the address of a line.
  enum Margin {
    case none, blanks, logPrefix
  }

  /// `line` has no newline, but maybe carriage returns. Its bytes are put into `bytes`.
  init(_ line: Span<UInt8>, bytes: inout [UInt8]) {
    var end = line.count
    while end > 0, line[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    let text = line.extracting(first: end)
    if text.contains(0) {
      self = .malformed("a NUL byte")
    } else {
      self = Self.unquoted(text, from: text.endOfQuoteMarks, into: &bytes)
    }
  }

  /// A line as a tool wrote it, indented as in Markdown, or behind what a log puts before it.
  private static func unquoted(
    _ text: Span<UInt8>, from start: Int, into bytes: inout [UInt8]
  ) -> DumpLine {
    let first = text.skippingBlanks(from: start)
    if first == text.count { return .blank }
    let margin = first > start ? Margin.blanks : .none
    if let line = plain(text, from: first, margin, into: &bytes) { return line }
    let end = text.endOfLogPrefix(from: first)
    if end > first {
      let logged = text.skippingBlanks(from: end)
      if logged == text.count { return .blank }
      if let line = plain(text, from: logged, .logPrefix, into: &bytes) { return line }
    }
    return margin == .blanks ? .indented : .unrecognised
  }

  /// What stands from `start` on; nil for text.
  private static func plain(
    _ text: Span<UInt8>, from start: Int, _ margin: Margin, into bytes: inout [UInt8]
  ) -> DumpLine? {
    bytes.removeAll(keepingCapacity: true)
    if text[start] == UInt8(ascii: "*"), text.skippingBlanks(from: start + 1) == text.count {
      return .repetition(margin)
    }
    let rest = text.extracting(droppingFirst: start)
    let line = Self.bytes(of: text, from: start, margin, into: &bytes) ?? header(of: rest)
    if let line, margin == .none || line.isCertain { return line }
    if let line = logHeader(of: rest) ?? uefiHeader(of: rest) { return line }
    bytes.removeAll(keepingCapacity: true)
    guard text.hexDigit(at: start) != nil, text.readPairs(from: start, into: &bytes) == nil else {
      return nil
    }
    return .rest(margin)
  }

  /// Whether the line can be nothing else, though it does not begin at the margin.
  private var isCertain: Bool {
    switch self {
    case .header, .bytes, .end, .doubtful: true
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

  /// `pci 0000:00:03.0: config space:`, which the kernel logs with `pci=earlydump`, with the name of the
  /// driver for `pci` where there is one: `early_dump_pci_device` in drivers/pci/probe.c of Linux 6.12;
  /// and without the colon after the address in arch/x86/pci/early.c up to 4.18.
  private static func logHeader(of text: Span<UInt8>) -> DumpLine? {
    let title: StaticString = " config space:"
    let line = text.extracting(first: text.endWithoutBlanks)
    guard line.ends(with: title) else { return nil }
    let words = line.extracting(droppingLast: title.utf8CodeUnitCount)
    var start = 0
    while !words.isBlank(at: start) { start += 1 }
    let hasColon = words.count > 0 && words[words.count - 1] == UInt8(ascii: ":")
    let address = words.extracting(droppingFirst: start + 1)
      .extracting(droppingLast: hasColon ? 1 : 0)
    return Address(address).map { .header($0, nil, .log) }
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
    of text: Span<UInt8>, from start: Int, _ margin: Margin, into bytes: inout [UInt8]
  ) -> DumpLine? {
    var offset = DumpOffset()
    var position = start
    while offset.digits < DumpOffset.mostDigits, position < text.count,
      let digit = text.hexDigit(at: position)
    {
      offset.append(digit)
      position += 1
    }
    offset.hasColon = position < text.count && text[position] == UInt8(ascii: ":")
    if offset.hasColon { position += 1 }
    guard offset.digits >= (offset.hasColon ? 1 : DumpOffset.leastDigitsWithoutColon),
      text.isBlank(at: position)
    else { return nil }

    let problem =
      offset.hasColon
      ? text.readGroups(from: position, into: &bytes)
      : text.readPairs(from: position, into: &bytes)
    if let problem { return .doubtful(offset, margin, problem) }
    if bytes.isEmpty, !offset.hasColon { return .end(offset, margin) }
    if bytes.isEmpty, margin == .none { return .malformed("an offset without bytes") }
    return .bytes(offset, margin)
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
