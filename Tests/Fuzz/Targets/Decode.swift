import VirtioPCI

@testable import InspectCLI

extension FuzzTarget {
  /// What `--decode` is given: refused in words that may be printed, or bits that mean the same in every
  /// form, and that both outputs show.
  static let decode = FuzzTarget(name: "decode") { input in
    let text = String(decoding: input, as: UTF8.self)
    let decoded: DecodedFeatures
    do throws(ValueError) {
      decoded = try DecodedFeatures(parsing: text)
    } catch {
      return try requirePrintable(Array(escaped("\(error)").utf8))
    }
    let set = Set(decoded.bits.bits)
    try require(set == Set(decoded.features.map(\.bit)), "\(decoded.features) of \(set)")

    let positions = 0..<FeatureSet.capacity
    let words = (0..<FeatureSet.groupCount).map { group in
      (0..<32).reduce(UInt32(0)) { set.contains(32 * group + $1) ? $0 | 1 << UInt32($1) : $0 }
    }
    let forms = [
      String(positions.map { set.contains($0) ? "1" : "0" }),
      words.map { Hex($0).description }.joined(separator: ","),
      "0x" + words.reversed().map { Hex($0).bare }.joined(),
    ]
    for form in forms {
      let again = try DecodedFeatures(parsing: "\(decoded.type.rawValue)=\(form)")
      try require(again == decoded, "\(form) is other features")
    }

    var writer = JSONWriter(compact: true)
    decoded.write(to: &writer)
    _ = try JSONParser.parse(writer.bytes, mostValues: 1 << 10)
    var table: [UInt8] = []
    FeaturesView(painter: Painter(isOn: false), showsHeadings: false).append(decoded, to: &table)
    try requirePrintable(table)
    try require(
      table.count { $0 == UInt8(ascii: "\n") } == max(1, set.count), "rows for \(set.count) bits")
  }
}
