#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// What runs this process.
package enum CIEnvironment {
  /// Whether it is a job of GitHub Actions.
  package static var isGitHub: Bool { unsafe getenv("GITHUB_ACTIONS") != nil }
}
