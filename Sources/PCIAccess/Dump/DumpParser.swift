internal import Platform
internal import VirtioPCI

/// Makes functions of the lines of a dump, in one pass and with memory for one function.
///
/// A line that is wrong ends the function it stands in, which keeps the bytes before it. The bytes
/// after it belong to nobody, up to the next header: a function never gets another's.
struct DumpParser: ~Copyable {
  private var input: InputBuffer
  private let file: String
  private var stage = Stage.start

  private enum Stage {
    case start, lines, end
  }

  /// What is known and was not yet asked for: seldom more than one.
  private var results: [Outcome] = []

  private enum Outcome {
    case function(DumpFunction)
    case failure(AccessError)
  }
  /// The function that the lines are about.
  private var current: DumpBlock?
  /// The bytes of `current`.
  private var config: [UInt8] = []
  private var lineBytes: [UInt8] = []
  /// Whether a line was wrong, so that bytes belong to nobody.
  private var ignoresBytes = false
  /// The wrong lines since one was reported: there may be millions before the next function.
  private var others: Others?
  private var hasFunctions = false
  /// The first line of text that belongs to no function.
  private var firstText: Int?
  /// Whether there was a function, or an error.
  private var hasOutcome = false

  private struct Others {
    var count = 0
    /// What is wrong with the first.
    var message = ""
    var first = 0
    var last = 0
  }

  /// `file` is what messages call the input.
  init(_ input: consuming InputBuffer, file: String) {
    self.input = input
    self.file = file
  }

  mutating func next() throws(AccessError) -> DumpFunction? {
    while results.isEmpty, stage != .end {
      do throws(AccessError) {
        try stage == .start ? begin() : readLine()
      } catch {
        endFunction()
        results.append(.failure(error))
        stage = .end
      }
    }
    guard !results.isEmpty else { return nil }
    switch results.count == 1 ? results.removeLast() : results.removeFirst() {
    case .function(let function): return function
    case .failure(let error): throw error
    }
  }

  private mutating func begin() throws(AccessError) {
    let content = try input.content()
    stage = .end
    switch content {
    case .empty:
      fail(line: 0, "is empty")
    case .utf16:
      fail(line: 1, "UTF-16 text: convert it to UTF-8 (iconv -f UTF-16)")
    case .raw:
      try input.fillRaw()
      results.append(.function(try input.takeRaw(file: file)))
    case .text(let mark):
      input.drop(mark)
      stage = .lines
    }
  }

  private mutating func readLine() throws(AccessError) {
    readExactLines()
    if let line = try input.takeLine(bytes: &lineBytes) {
      take(line)
    } else {
      endFunction()
      endOthers()
      if !hasOutcome {
        fail(
          line: firstText ?? 1,
          "no config space found: expected the output of lspci -x, -xxx or -xxxx, a kernel log with"
            + " pci=earlydump, pci -i of the UEFI Shell, hexdump -C, xxd or od -tx1, or a raw config"
            + " file")
      }
      stage = .end
    }
  }

  /// The fast way through what `lspci` writes; it stops before any line that wants a second look.
  private mutating func readExactLines() {
    guard var block = current, block.address != nil, block.repetition == nil,
      block.margin == nil || block.margin == DumpLine.Margin.none
    else { return }
    guard input.takeExactLines(into: &config) else { return }
    block.lineCount = ExactLines.bytesPerLine
    block.margin = DumpLine.Margin.none
    current = block
  }

  private mutating func take(_ line: DumpLine) {
    switch line {
    case .blank:
      guard current?.isSpaced != true else { return }
      endFunction()
      ignoresBytes = false
    case .indented:
      break
    case .header(let address, let ids, let form):
      endOthers()
      endFunction()
      ignoresBytes = false
      hasFunctions = true
      current = DumpBlock(
        address: address, headerIDs: ids, form: form, line: input.lineNumber,
        radices: [.hexadecimal])
    case .bytes(let offset, .none):
      takeBytes(at: offset, .none)
    case .bytes(let offset, let margin):
      takeBytes(behind: margin, at: offset)
    case .rest(let margin):
      takeRest(margin)
    case .doubtful(let offset, let margin, let message):
      let isMeant = current?.isMeant(offset, margin, after: config.count) ?? (margin == .none)
      if isMeant { refuseLine(message) }
    case .end(let offset, let margin):
      guard margin == .none || current?.continues(margin) == true else { return }
      takeBytes(at: offset, margin)
      endFunction()
    case .repetition(let margin):
      guard margin == .none || current?.continues(margin) == true else { return }
      takeRepetition()
    case .malformed(let message):
      refuseLine(message)
    case .unrecognised:
      takeUnrecognised()
    }
  }

  /// `lineBytes` follow the bytes of the current function.
  private mutating func takeBytes(at offset: DumpOffset, _ margin: DumpLine.Margin) {
    guard !ignoresBytes else { return }
    guard var block = current ?? headless(at: offset) else {
      return refuseLine("bytes without a function's header above them")
    }
    if let problem = block.place(offset, of: lineBytes.count, after: &config) {
      return refuseLine(problem)
    }
    config += lineBytes
    block.lineCount = lineBytes.count
    block.margin = margin
    endOthers()
    current = block
    hasFunctions = true
  }

  /// Bytes that do not begin at the margin: those of the current function, or what `lspci -v` or another
  /// message of the kernel says.
  private mutating func takeBytes(behind margin: DumpLine.Margin, at offset: DumpOffset) {
    guard let block = current else {
      // A log holds other dumps as well.
      if margin == .blanks, !lineBytes.isEmpty { takeBytes(at: offset, margin) }
      return
    }
    guard block.margin != DumpLine.Margin.none, block.form == .log || !lineBytes.isEmpty else {
      return
    }
    if offset.value(in: .hexadecimal) != config.count {
      if config.isEmpty { return }
      if block.form == .log, DumpBlock.isWhole(config.count) { return endFunction() }
    }
    takeBytes(at: offset, margin)
  }

  /// The rest of a line that another message broke, or each of its bytes: Linux 4.9 to 4.15 logs every
  /// one by itself, since its `early_dump_pci_device` continues a line without KERN_CONT.
  private mutating func takeRest(_ margin: DumpLine.Margin) {
    guard let block = current, block.form == .log else {
      return margin == .none ? takeUnrecognised() : ()
    }
    guard block.margin != nil, block.lineCount + lineBytes.count <= ExactLines.bytesPerLine else {
      return
    }
    config += lineBytes
    current?.lineCount += lineBytes.count
  }

  /// A function without an address, as the only one of its file, and with no text above it.
  private func headless(at offset: DumpOffset) -> DumpBlock? {
    hasFunctions || firstText != nil
      ? nil : DumpBlock(line: input.lineNumber, radices: offset.radices)
  }

  private mutating func takeRepetition() {
    guard !ignoresBytes else { return }
    guard let block = current, block.lineCount > 0, block.repetition == nil else {
      return refuseLine("`*` without bytes above it")
    }
    current?.repetition = input.lineNumber
  }

  /// Text may stand before, between and behind functions, but not within one.
  private mutating func takeUnrecognised() {
    guard !ignoresBytes else { return refuseLine("neither a function's header nor bytes") }
    guard let block = current else {
      firstText = firstText ?? input.lineNumber
      return
    }
    if block.isSpaced { return }
    guard DumpBlock.isWhole(config.count) else {
      return refuseLine("neither a function's header nor bytes")
    }
    endFunction()
  }

  private static let consequence = "; bytes are ignored up to the next header"

  /// Reports the line that was read last, and ends the function that it stands in. After one that
  /// was reported it is counted.
  private mutating func refuseLine(_ message: String) {
    let line = input.lineNumber
    endFunction(isComplete: false)
    ignoresBytes = true
    guard var others else {
      others = Others()
      return fail(line: line, message + Self.consequence)
    }
    if others.count == 0 { (others.first, others.message) = (line, message) }
    others.count += 1
    others.last = line
    self.others = others
  }

  /// Reports the lines that were counted as one.
  private mutating func endOthers() {
    guard let others = others.take(), others.count > 0 else { return }
    let more =
      switch others.count {
      case 1: ""
      case 2: "; line \(others.last) cannot be read either"
      default:
        "; \(others.count - 1) more lines up to line \(others.last) cannot be read either"
      }
    fail(line: others.first, others.message + more + Self.consequence)
  }

  private mutating func endFunction(isComplete: Bool = true) {
    guard let block = current else { return }
    current = nil
    defer { config.removeAll(keepingCapacity: true) }
    if isComplete, config.isEmpty {
      return fail(
        line: block.line, "has no bytes of config space: save it with lspci -xxx",
        address: block.address)
    }
    hasOutcome = true
    let bytes = Array(config[...])
    do throws(AccessError) {
      results.append(
        .function(
          try DumpFunction(
            address: block.address, file: file, line: block.line, bytes: bytes,
            headerIDs: block.headerIDs)))
    } catch {
      results.append(.failure(error))
    }
    if isComplete, let line = block.repetition {
      fail(line: line, "`*` without an offset below it", address: block.address)
    }
  }

  private mutating func fail(line: Int, _ message: String, address: Address? = nil) {
    hasOutcome = true
    results.append(
      .failure(AccessError(file, .malformed(line: line, message: message), address: address)))
  }
}
