import VirtioConformance
import VirtioPCI

/// What a piece of text is, for the eye.
enum Style {
  case plain
  case heading
  /// What a block is about.
  case title
  /// Labels, and what is not there.
  case faint
  case error
  case warning

  /// Its parameters of the terminal's SGR sequence.
  fileprivate var parameters: String? {
    switch self {
    case .plain: nil
    case .heading, .title: "1"
    case .faint: "2"
    case .error: "31"
    case .warning: "33"
    }
  }
}

/// Paints text for a terminal, or leaves it as it is.
struct Painter {
  var isOn: Bool

  func paint(_ text: String, _ style: Style, to output: inout [UInt8]) {
    guard !text.isEmpty else { return }
    let bytes = text.utf8.span
    output.append(addingCapacity: bytes.count + Self.mostAdded) { paint(bytes, style, to: &$0) }
  }

  /// The same for text that is not empty.
  func paint(_ text: Span<UInt8>, _ style: Style, to output: inout OutputSpan<UInt8>) {
    guard isOn, let parameters = style.parameters else { return output.append(bytes: text) }
    output.append(bytes: "\u{1B}[\(parameters)m".utf8.span)
    output.append(bytes: text)
    output.append(bytes: "\u{1B}[0m".utf8.span)
  }

  /// How many bytes are added to a text at most.
  static let mostAdded = 9
}

extension Style {
  init(_ severity: Severity) {
    self =
      switch severity {
      case .error: .error
      case .warning: .warning
      case .note: .faint
      }
  }
}
