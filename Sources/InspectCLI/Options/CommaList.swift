/// The items between the commas of a value, none of them empty.
func items(of text: Substring) throws(ValueError) -> [String] {
  guard !text.isEmpty else { throw .empty }
  let items = text.split(separator: ",", omittingEmptySubsequences: false).map { String($0) }
  guard !items.contains("") else { throw .emptyItem }
  return items
}
