import Testing

@testable import PCIAccess

@Suite("Watch for changes")
struct ChangeWatchTests {
  private func milliseconds(_ body: () -> Void) -> Int {
    let time = ContinuousClock().measure(body).components
    return Int(time.seconds) * 1000 + Int(time.attoseconds / 1_000_000_000_000_000)
  }

  @Test("no time is no wait")
  func noTime() {
    var watch = ChangeWatch(milliseconds: 0)
    let goesOn = watch.wait()
    #expect(!goesOn)
  }

  @Test("the first pause is short, and each longer than the one before, up to a second")
  func pauses() {
    var watch = ChangeWatch(milliseconds: 1)
    let pauses = (0..<10).map { _ in watch.nextPause() }
    #expect(pauses == [50, 75, 112, 168, 252, 378, 567, 850, 1000, 1000])
  }

  @Test("the wait is no longer than the time that is left")
  func deadline() {
    var watch = ChangeWatch(milliseconds: 60)
    var answers: [Bool] = []
    let time = milliseconds {
      answers = [watch.wait(), watch.wait(), watch.wait()]
    }
    #expect(answers == [true, true, false])
    #expect(time >= 59)
    #expect(time < 900)
  }
}
