import TestSupport
import Testing

@testable import VirtioPCI

@Suite struct ConfigGenerationTests {
  @Test("a configuration that stands still is read once")
  func settled() throws {
    let common = RecordingSource.ramp(64)
    var reads = 0
    let value = try CommonCfg.whileUnchanged(in: common) { () throws(DecodeError) in
      reads += 1
      return 7
    }
    #expect(value == 7)
    #expect(reads == 1)
    #expect(common.loads == [.init(21, 1), .init(21, 1)])
  }

  @Test("a configuration that changes is read again, and the last read counts")
  func changing() throws {
    let common = RecordingSource.ramp(64)
    var reads = 0
    let value = try CommonCfg.whileUnchanged(in: common) { () throws(DecodeError) in
      reads += 1
      if reads < 3 { common.bytes[21] &+= 1 }
      return reads
    }
    #expect(value == 3)
  }

  @Test("a configuration that never settles is an error", arguments: [0, 1, 16])
  func unsettled(attempts: Int) {
    let common = RecordingSource.ramp(64)
    var reads = 0
    #expect(throws: ConfigReadError<DecodeError>.unsettled(attempts: attempts)) {
      try CommonCfg.whileUnchanged(in: common, attempts: attempts) { () throws(DecodeError) in
        reads += 1
        common.bytes[21] &+= 1
      }
    }
    #expect(reads == attempts)
  }

  @Test("the error of a read comes through")
  func failing() {
    let common = RecordingSource.ramp(64)
    let error = DecodeError.outOfBounds(offset: 9, width: 4, count: 8)
    #expect(throws: ConfigReadError<DecodeError>.access(error)) {
      try CommonCfg.whileUnchanged(in: common) { () throws(DecodeError) in throw error }
    }
    #expect(throws: ConfigReadError<DecodeError>.self) {
      try CommonCfg.whileUnchanged(in: RecordingSource.ramp(21)) { () throws(DecodeError) in 0 }
    }
    #expect(
      ConfigReadError<DecodeError>.unsettled(attempts: 16).description
        == "config_generation changed during each of 16 reads")
  }
}
