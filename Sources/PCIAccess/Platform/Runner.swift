#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// What runs this process.
public enum Runner {
  /// Whether it is a job of GitHub Actions.
  public static var isGitHub: Bool { unsafe getenv("GITHUB_ACTIONS") != nil }
}
