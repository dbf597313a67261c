/// Gives as many rows as can be a column of their own, each one that fits it.
///
/// A row takes the column of its own number where that fits, so that two lists in the same order
/// cost a comparison an element, and else the first that fits and that no other has; what is left is
/// settled by augmenting paths. A comparison that is wanted again is made again: what they give would
/// take more memory than the lists.
struct Assignment {
  /// The column of each row.
  private(set) var columns: [Int?]
  /// The row that has each column.
  private(set) var rows: [Int?]
  /// Columns that a search without success has reached: no later one finds a free column through them.
  private var isDead: [Bool]

  /// `kinds` has an element for each row, and the same for rows that fit the same columns.
  /// `candidates` are the columns of a row that may fit it; `fits` says whether one does. Once `isOver`
  /// holds, the rows that are left get no column.
  init(
    kinds: [Int], columns columnCount: Int, candidates: (_ row: Int) -> [Int],
    fits: (_ row: Int, _ column: Int) -> Bool, isOver: () -> Bool = { false }
  ) {
    let rowCount = kinds.count
    columns = Array(repeating: nil, count: rowCount)
    rows = Array(repeating: nil, count: columnCount)
    isDead = Array(repeating: false, count: columnCount)
    for index in 0..<min(rowCount, columnCount) where fits(index, index) {
      give(index, to: index)
    }
    var left: [Int] = []
    // How many candidates of a kind are of no more use: they do not fit, or another row has them.
    var passed: [Int: Int] = [:]
    for row in 0..<rowCount where columns[row] == nil && !isOver() {
      let candidates = candidates(row)
      var next = passed[kinds[row]] ?? 0
      while next < candidates.count, !isOver(),
        rows[candidates[next]] != nil || !fits(row, candidates[next])
      {
        next += 1
      }
      passed[kinds[row]] = next
      if next < candidates.count, !isOver() {
        give(candidates[next], to: row)
      } else {
        left.append(row)
      }
    }
    var failed: Set<Int> = []
    for row in left where !isOver() && !failed.contains(kinds[row]) {
      if !augment(from: row, kinds, candidates, fits, isOver) { failed.insert(kinds[row]) }
    }
  }

  private mutating func give(_ column: Int, to row: Int) {
    columns[row] = column
    rows[column] = row
  }

  /// Finds a column for `first` by letting others change theirs; false where that cannot be, which then
  /// stays so.
  private mutating func augment(
    from first: Int, _ kinds: [Int], _ candidates: (Int) -> [Int], _ fits: (Int, Int) -> Bool,
    _ isOver: () -> Bool
  ) -> Bool {
    var reachedFrom: [Int: Int] = [:]
    var queue = [first]
    var next = 0
    var searched: Set<Int> = []
    while next < queue.count, !isOver() {
      let row = queue[next]
      next += 1
      guard searched.insert(kinds[row]).inserted else { continue }
      for column in candidates(row)
      where !isDead[column] && reachedFrom[column] == nil && fits(row, column) {
        reachedFrom[column] = row
        guard let owner = rows[column] else {
          shift(to: column, along: reachedFrom)
          return true
        }
        queue.append(owner)
      }
    }
    for column in reachedFrom.keys { isDead[column] = true }
    return false
  }

  /// Gives `free` to the row it was reached from, that row's column to the one before, and so on.
  private mutating func shift(to free: Int, along reachedFrom: [Int: Int]) {
    var column: Int? = free
    while let current = column, let row = reachedFrom[current] {
      column = columns[row]
      give(current, to: row)
    }
  }
}
