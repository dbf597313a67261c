/// Where the fixtures are: `Tests/Fixtures` of this checkout.
public enum Fixtures {
  public static let folder: String = {
    let here = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return here.dropLast(2).joined(separator: "/") + "/Fixtures"
  }()
}
