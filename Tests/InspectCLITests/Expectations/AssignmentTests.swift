import Testing

@testable import InspectCLI

@Suite("Assignment")
struct AssignmentTests {
  @Test(
    "as many rows as can be have a column of their own",
    arguments: [
      // The columns that fit each row, of how many, and how many rows can have one.
      ([], 3, 0), ([[]], 3, 0), ([[0]], 1, 1), ([[0], [0]], 1, 1),
      ([[0, 1], [0]], 2, 2), ([[0, 1, 2], [0, 1], [0]], 3, 3), ([[0, 1], [0, 1], [0, 1]], 2, 2),
      ([[1], [0]], 2, 2), ([[0, 1], [1, 2], [2, 3], [0]], 4, 4), ([[2], [2], [0, 2]], 3, 2),
    ])
  func maximum(fitting: [[Int]], columns: Int, count: Int) {
    let assignment = Assignment(
      kinds: Array(fitting.indices), columns: columns, candidates: { _ in Array(0..<columns) },
      fits: { fitting[$0].contains($1) })
    let taken = assignment.columns.compactMap { $0 }
    #expect(taken.count == count)
    #expect(Set(taken).count == count)
    for (row, column) in assignment.columns.enumerated() {
      guard let column else { continue }
      #expect(fitting[row].contains(column))
      #expect(assignment.rows[column] == row)
    }
  }

  @Test("it finds as many as a search through all permutations", arguments: 0..<200)
  func exhaustive(seed: Int) {
    let fits = { (row: Int, column: Int) in
      ((row &* 7919 &+ column &* 104_729 &+ seed &* 15_485_863) >> 3) % 3 == 0
    }
    func best(_ row: Int, _ used: Set<Int>) -> Int {
      guard row < 5 else { return 0 }
      let taken = (0..<4).filter { !used.contains($0) && fits(row, $0) }
        .map { 1 + best(row + 1, used.union([$0])) }
      return max(best(row + 1, used), taken.max() ?? 0)
    }
    let assignment = Assignment(
      kinds: Array(0..<5), columns: 4, candidates: { _ in Array(0..<4) }, fits: fits)
    #expect(assignment.columns.compactMap { $0 }.count == best(0, []))
  }

  @Test("two lists in the same order cost a comparison an element")
  func linear() {
    var comparisons = 0
    let assignment = Assignment(
      kinds: Array(0..<10_000), columns: 10_000, candidates: { _ in Array(0..<10_000) },
      fits: {
        comparisons += 1
        return $0 == $1
      })
    #expect(comparisons == 10_000)
    #expect(!assignment.columns.contains(nil))
  }

  @Test("rows for which there is no column cost little", .timeLimit(.minutes(5)))
  func surplus() {
    let assignment = Assignment(
      kinds: Array(0..<3000), columns: 1500, candidates: { _ in Array(0..<1500) },
      fits: { _, _ in true })
    #expect(assignment.columns.compactMap { $0 }.count == 1500)
  }

  @Test("none but the candidates of a row are compared with it")
  func candidates() {
    var comparisons = 0
    let assignment = Assignment(
      kinds: Array(0..<1000), columns: 1000, candidates: { [999 - $0] },
      fits: {
        comparisons += 1
        return $0 + $1 == 999
      })
    #expect(!assignment.columns.contains(nil))
    #expect(comparisons == 2000)
  }

  @Test("rows of one kind cost a comparison a column, whatever fits them")
  func kinds() {
    var comparisons = 0
    let assignment = Assignment(
      kinds: Array(repeating: 0, count: 1000), columns: 5000, candidates: { _ in Array(0..<5000) },
      fits: {
        comparisons += 1
        return $1 >= 4500
      })
    #expect(assignment.columns.compactMap { $0 }.count == 500)
    #expect(comparisons < 20_000)
  }

  @Test("a long chain of changes is no depth of calls")
  func chain() {
    // Every row has its column but the last, which only fits when all move up by one.
    let assignment = Assignment(
      kinds: Array(0..<1000), columns: 1000, candidates: { _ in Array(0..<1000) },
      fits: { row, column in row == 999 ? column == 0 : column == row || column == row + 1 })
    #expect(!assignment.columns.contains(nil))
  }
}
