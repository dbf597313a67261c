import Testing

@testable import InspectCLI

@Suite("Exit status")
struct ExitStatusTests {
  @Test("the largest of several wins, and each number is the documented one")
  func order() {
    #expect(ExitStatus.allCases.map { $0.rawValue } == [0, 1, 2, 3, 4])
    #expect([.noMatch, .success, .incomplete, .failed].max() == ExitStatus.incomplete)
  }
}
