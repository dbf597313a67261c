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
    paint(style, to: &output) { $0 += text.utf8 }
  }

  /// The same for what `append` appends, which is not empty.
  func paint(_ style: Style, to output: inout [UInt8], _ append: (inout [UInt8]) -> Void) {
    guard isOn, let parameters = style.parameters else { return append(&output) }
    output += "\u{1B}[\(parameters)m".utf8
    append(&output)
    output += "\u{1B}[0m".utf8
  }
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
