/// Where the files of this checkout are.
public enum Fixtures {
  /// The folder of `Package.swift`.
  public static let package: String = {
    let here = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return here.dropLast(3).joined(separator: "/")
  }()

  public static let folder = "\(package)/Tests/Fixtures"
}
