import Testing

@testable import InspectCLI

@Suite("Index of elements")
struct ElementIndexTests {
  private static let elements: [JSONValue] = [
    #"{"type": "net", "numa_node": null, "bars": []}"#, #"{"type": "blk", "numa_node": 1}"#,
    #"{"type": "net", "numa_node": 1}"#, #"{"numa_node": 1}"#, "7",
  ].compactMap { try? JSONParser.parse(Array($0.utf8)) }

  @Test(
    "the candidates are the fewest elements that one plain value leaves",
    arguments: [
      ([("type", .value(.string("net")))], [0, 2]),
      ([("type", .value(.string("net"))), ("numa_node", .value(.null))], [0]),
      ([("type", .value(.string("gpu")))], []),
      ([("numa_node", .value(.integer(1)))], [1, 2, 3]),
      // What holds no value is compared with all.
      (
        [
          ("type", .conditions([])),
          ("bars", .list(ExpectedList(elements: [], kinds: [], identity: []))),
        ],
        [0, 1, 2, 3, 4]
      ),
      ([], [0, 1, 2, 3, 4]),
    ] as [([(key: String, value: Expected)], [Int])])
  func candidates(members: [(key: String, value: Expected)], positions: [Int]) {
    var index = ElementIndex(Self.elements)
    #expect(index.candidates(for: .object(members)) == positions)
  }

  @Test("a scalar is one of its equals, and what is neither may be any element")
  func scalars() {
    var index = ElementIndex(Self.elements)
    #expect(index.candidates(for: .value(.integer(7))) == [4])
    #expect(index.candidates(for: .value(.integer(8))) == [])
    #expect(index.candidates(for: .conditions([])) == [0, 1, 2, 3, 4])
  }
}
