import Foundation
import SystemPackage
import Testing

@testable import Platform

@Suite("Signals held back")
struct HeldSignalsTests {
  private static let all = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGALRM, SIGUSR1]

  /// Those of `all` that this thread holds back.
  private var held: [Int32] {
    var mask = sigset_t()
    pthread_sigmask(SIG_SETMASK, nil, &mask)
    return Self.all.filter { sigismember(&mask, $0) == 1 }
  }

  @Test("they are held back for as long as it takes, also when it fails")
  func mask() throws {
    let before = held
    let inside = holdingSignals { held }
    #expect(inside == Self.all)
    #expect(held == before)
    let error = Errno.ioError
    #expect(throws: error) { try holdingSignals { () throws(Errno) in throw error } }
    #expect(held == before)
  }
}
