import PCIAccess
import Platform

/// What a run finds around it, beside its arguments.
struct Surroundings {
  /// The width of the terminal that shows the output; nil where it goes elsewhere.
  var columns: Int?
  /// Whether the output is colored where the arguments leave that open.
  var showsColor = false
  /// Whether failures become annotations of GitHub Actions.
  var isGitHub = false

  /// Those of this process.
  static var inherited: Self {
    let isTerminal = Terminal.isStandardOutput
    return Self(
      columns: isTerminal ? Terminal.columns : nil,
      showsColor: isTerminal && Terminal.allowsColor, isGitHub: CIEnvironment.isGitHub)
  }
}
