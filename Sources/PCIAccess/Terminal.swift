import Glibc

/// What the process knows of the terminal it may be talking to.
public enum Terminal {
  /// Whether standard output is one.
  public static var isStandardOutput: Bool { isatty(STDOUT_FILENO) == 1 }

  /// False when the environment holds `NO_COLOR` with a value, or a terminal without colors.
  public static var allowsColor: Bool {
    (environment("NO_COLOR") ?? "").isEmpty && environment("TERM") != "dumb"
  }

  private static func environment(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }
}
