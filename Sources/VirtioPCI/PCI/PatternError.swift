/// Why a text is not a pattern. Each case carries the text it concerns.
public enum PatternError: Error, Hashable, Sendable {
  case tooManyFields(String, maximum: Int)
  case tooFewFields(String, minimum: Int)
  /// A field has something other than hex digits.
  case notHexadecimal(PatternField, String)
  /// A field is above the largest value that it can have.
  case tooLarge(PatternField, String)
}

extension PatternError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .tooManyFields(let text, let maximum):
      "\(text) has more than \(maximum) fields"
    case .tooFewFields(let text, let minimum):
      "\(text) has fewer than \(minimum) fields"
    case .notHexadecimal(let field, let text):
      "\(field.name) \(text) is not a hexadecimal number"
    case .tooLarge(let field, let text):
      "\(field.name) \(text) is above \(String(field.maximum, radix: 16))"
    }
  }
}
