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

  /// `candidates` are the columns of a row that may fit it; `fits` says whether one does.
  init(
    rows rowCount: Int, columns columnCount: Int, candidates: (_ row: Int) -> [Int],
    fits: (_ row: Int, _ column: Int) -> Bool
  ) {
    columns = Array(repeating: nil, count: rowCount)
    rows = Array(repeating: nil, count: columnCount)
    isDead = Array(repeating: false, count: columnCount)
    for index in 0..<min(rowCount, columnCount) where fits(index, index) {
      give(index, to: index)
    }
    var left: [Int] = []
    for row in 0..<rowCount where columns[row] == nil {
      if let free = candidates(row).first(where: { rows[$0] == nil && fits(row, $0) }) {
        give(free, to: row)
      } else {
        left.append(row)
      }
    }
    for row in left { augment(from: row, candidates, fits) }
  }

  private mutating func give(_ column: Int, to row: Int) {
    columns[row] = column
    rows[column] = row
  }

  /// Finds a column for `first` by letting others change theirs, if that can be.
  private mutating func augment(
    from first: Int, _ candidates: (Int) -> [Int], _ fits: (Int, Int) -> Bool
  ) {
    var reachedFrom: [Int: Int] = [:]
    var queue = [first]
    var next = 0
    while next < queue.count {
      let row = queue[next]
      next += 1
      for column in candidates(row)
      where !isDead[column] && reachedFrom[column] == nil && fits(row, column) {
        reachedFrom[column] = row
        guard let owner = rows[column] else { return shift(to: column, along: reachedFrom) }
        queue.append(owner)
      }
    }
    for column in reachedFrom.keys { isDead[column] = true }
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
