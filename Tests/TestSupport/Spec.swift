import Foundation

/// A value of the JSON tables in `Tests/Fixtures/spec`, which were made from the specification
/// apart from this program and so bear witness against it.
public struct Spec: CustomStringConvertible {
  private let json: Any?

  /// The table in the file `name`.json.
  public init(_ name: String) throws {
    let file = URL(filePath: "\(Fixtures.folder)/spec/\(name).json")
    json = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
  }

  private init(json: Any?) { self.json = json }

  public subscript(key: String) -> Spec { Spec(json: (json as? [String: Any])?[key]) }

  public var string: String? { json as? String }
  public var int: Int? { (json as? NSNumber)?.intValue }
  public var bool: Bool? { (json as? NSNumber)?.boolValue }
  public var array: [Spec] { (json as? [Any] ?? []).map(Spec.init(json:)) }
  public var strings: [String] { array.compactMap(\.string) }
  public var dictionary: [String: Spec] {
    (json as? [String: Any] ?? [:]).mapValues(Spec.init(json:))
  }

  public var description: String { "\(json ?? "null")" }
}
