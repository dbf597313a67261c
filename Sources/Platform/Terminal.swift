private import CLinux

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// The standard streams of the process.
package enum StandardStreams {
  /// Makes their failures errors of a read or a write, whatever the process was started with: those
  /// that are closed keep their numbers, which a file that is opened later would get, and a file that
  /// has reached the limit of its size (RLIMIT_FSIZE) ends no process.
  package static func prepare() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(descriptor, F_GETFD) < 0 {
      _ = open_nothing()
    }
    _ = signal(SIGXFSZ, SIG_IGN)
  }
}

/// What the process knows of the terminal it may be talking to.
package enum Terminal {
  /// Whether standard output is one.
  package static var isStandardOutput: Bool { isatty(STDOUT_FILENO) == 1 }

  /// How wide standard output is; nil where it is no terminal, or one that does not say.
  package static var columns: Int? {
    var size = winsize()
    guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return nil
    }
    return Int(size.ws_col)
  }

  /// False when the environment holds `NO_COLOR` with a value, or a terminal without colors.
  package static var allowsColor: Bool {
    (environment("NO_COLOR") ?? "").isEmpty && environment("TERM") != "dumb"
  }

  private static func environment(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }
}
