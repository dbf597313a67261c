import Foundation

/// A terminal with a program in it, and what a person would see there. tmux plays the terminal.
public final class Terminal {
  private let bash: Tool
  /// Of a tmux server of its own.
  private let name = "virtio-pci-inspect-\(UUID().uuidString)"

  /// Starts `command`, for a shell, in `folder`; nil without tmux.
  public init?(_ command: String, in folder: String) throws {
    guard let bash = Tool("bash"), Tool("tmux") != nil else { return nil }
    self.bash = bash
    try tmux(["-f", "/dev/null", "-u", "new-session", "-d", "-x100", "-y60", "-c", folder, command])
  }

  deinit { _ = try? tmux(["kill-server"]) }

  /// Types text, in which a tab is the key.
  public func type(_ text: String) throws {
    try tmux(["send-keys", "-l", text])
  }

  /// What is on the screen as soon as `isExpected` holds for it, or after ten seconds.
  public func screen(when isExpected: (String) -> Bool) throws -> String {
    for _ in 0..<200 {
      let screen = try tmux(["capture-pane", "-p"])
      if isExpected(screen) { return screen }
      Thread.sleep(forTimeInterval: 0.05)
    }
    return try tmux(["capture-pane", "-p"])
  }

  /// The server that tmux leaves running must inherit nothing: `Process` takes a program for running
  /// as long as anybody holds its descriptor.
  @discardableResult
  private func tmux(_ arguments: [String]) throws -> String {
    let script = """
      for file in /proc/self/fd/*; do
        [[ ${file##*/} -gt 2 ]] && eval "exec ${file##*/}>&-"
      done
      exec tmux "$@"
      """
    return try bash.run(["-c", script, "tmux", "-L", name] + arguments).output
  }
}
