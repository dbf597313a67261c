/// Makes text of what a step says and the numbers of a fault.
enum StepText {
  /// `template` with `{0}` to `{3}` as numbers, and `{0x}` to `{3x}` as numbers in hex.
  static func filled(_ template: String, with fault: Driver.Fault) -> String {
    var text: [UInt8] = []
    var rest = Array(template.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "{"), let digit = rest.popFirst() else {
        text.append(byte)
        continue
      }
      let number = fault.number(Int(digit) - Int(UInt8(ascii: "0")))
      let isHex = rest.first == UInt8(ascii: "x")
      if isHex { rest.removeFirst() }
      text += (isHex ? "0x" + String(number, radix: 16) : String(number)).utf8
      if rest.first == UInt8(ascii: "}") { rest.removeFirst() }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// `format` as `printf` fills it, with the numbers in their order.
  static func printed(_ format: String, with fault: Driver.Fault) -> String {
    var text: [UInt8] = []
    var rest = Array(format.utf8)[...]
    var index = 0
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        text.append(byte)
        continue
      }
      guard let conversion = Conversion(&rest) else {
        text.append(byte)
        continue
      }
      text += conversion.text(of: fault.number(index)).utf8
      index += 1
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// A conversion of `printf`: `u`, `04x`, `#x`, `zu`.
  private struct Conversion {
    private var hasPrefix = false
    private var width = 0
    private var isHex = false

    /// What stands after a `%`; nil for `%%`, of which the second is taken.
    init?(_ rest: inout ArraySlice<UInt8>) {
      while let byte = rest.popFirst() {
        switch byte {
        case UInt8(ascii: "%"): return nil
        case UInt8(ascii: "#"): hasPrefix = true
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
          width = width * 10 + Int(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "x"), UInt8(ascii: "X"):
          isHex = true
          return
        case UInt8(ascii: "u"), UInt8(ascii: "d"), UInt8(ascii: "i"): return
        default: continue
        }
      }
    }

    func text(of number: UInt64) -> String {
      let digits = String(number, radix: isHex ? 16 : 10)
      let zeros = String(repeating: "0", count: max(0, width - digits.utf8.count))
      return (hasPrefix ? "0x" : "") + zeros + digits
    }
  }
}
