import Testing

@testable import Platform

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

  @Test("it waits at least for the time that is left, and then no more")
  func deadline() {
    var watch = ChangeWatch(milliseconds: 60)
    let time = milliseconds { while watch.wait() {} }
    #expect(time >= 59)
    let goesOn = watch.wait()
    #expect(!goesOn)
  }
}
