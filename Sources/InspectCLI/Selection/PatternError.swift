import VirtioPCI

/// Why a text is not a pattern. A field comes with its text.
enum PatternError: Error, Hashable, Sendable {
  /// The text has more fields than the pattern can.
  case tooManyFields(String, maximum: Int)
  /// The text has fewer fields than the pattern must.
  case tooFewFields(minimum: Int)
  /// A field has something other than hex digits.
  case notHexadecimal(PatternField, String)
  /// A field is above the largest value that it can have.
  case tooLarge(PatternField, String)
}

extension PatternError: CustomStringConvertible {
  var description: String {
    switch self {
    case .tooManyFields(let text, let maximum):
      "more than \(maximum) fields in \(text)"
    case .tooFewFields(let minimum):
      "fewer than \(minimum) fields"
    case .notHexadecimal(let field, let text):
      "\(field.name) \(text) is not a hexadecimal number"
    case .tooLarge(let field, let text):
      "\(field.name) \(text) is above \(Hex(UInt64(field.maximum)).bare)"
    }
  }
}
