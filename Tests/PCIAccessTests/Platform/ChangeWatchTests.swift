import Glibc
import Testing

@testable import PCIAccess

@Suite("Watch for changes")
struct ChangeWatchTests {
  /// Two ends of a datagram socket: what is written to the second is an event at the first.
  private func sockets() throws -> (Int32, Int32) {
    var ends: [Int32] = [-1, -1]
    try #require(socketpair(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0, &ends) == 0)
    return (ends[0], ends[1])
  }

  private func milliseconds(_ body: () -> Void) -> Int {
    let time = ContinuousClock().measure(body).components
    return Int(time.seconds) * 1000 + Int(time.attoseconds / 1_000_000_000_000_000)
  }

  @Test("no time is no wait", arguments: [true, false])
  func noTime(listens: Bool) {
    var watch = ChangeWatch(milliseconds: 0, listens: listens)
    let goesOn = watch.wait()
    #expect(!goesOn)
  }

  @Test("without events it is time to look after less than a tenth of a second, until the end")
  func polling() {
    var watch = ChangeWatch(milliseconds: 120, listens: false)
    var looks = 0
    let time = milliseconds {
      while watch.wait() { looks += 1 }
    }
    #expect((1...3).contains(looks))
    #expect(time >= 119)
  }

  @Test("an event ends the wait, all of its burst is one, and a look soon after follows")
  func events() throws {
    let (watched, other) = try sockets()
    defer { close(other) }
    var watch = ChangeWatch(milliseconds: 5000, descriptor: watched)
    for _ in 0..<10 { #expect(send(other, "add", 3, 0) == 3) }
    var holds = false
    #expect(milliseconds { holds = watch.wait() } < 900)
    #expect(holds)
    let second = milliseconds { holds = watch.wait() }
    #expect(second >= 49)
    #expect(second < 900)
    #expect(milliseconds { holds = watch.wait() } >= 999)
    #expect(holds)
  }

  @Test("the wait is no longer than the time that is left")
  func deadline() throws {
    let (watched, other) = try sockets()
    defer { close(other) }
    var watch = ChangeWatch(milliseconds: 60, descriptor: watched)
    var answers: [Bool] = []
    let time = milliseconds {
      answers = [watch.wait(), watch.wait()]
    }
    #expect(answers == [true, false])
    #expect(time >= 59)
    #expect(time < 900)
  }

  @Test("the kernel's events are listened to where they can be")
  func kernel() {
    var watch = ChangeWatch(milliseconds: 20, listens: true)
    let goesOn = watch.wait()
    #expect(goesOn)
  }
}
