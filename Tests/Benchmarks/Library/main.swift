// Prints how long an access to a register takes for a driver on a host; 1 when one takes too long.

import VirtioPCI

#if canImport(Glibc)
  import Glibc
#endif

/// Registers in memory, each access of which is one of the processor's.
struct Memory: ~Copyable, RegisterTarget {
  let base = UnsafeMutableRawPointer.allocate(byteCount: CommonCfg.size, alignment: 8)
  var count: Int { CommonCfg.size }

  func load8(at offset: Int) -> UInt8 { base.load(fromByteOffset: offset, as: UInt8.self) }
  func load16(at offset: Int) -> UInt16 { base.load(fromByteOffset: offset, as: UInt16.self) }
  func load32(at offset: Int) -> UInt32 { base.load(fromByteOffset: offset, as: UInt32.self) }
  func store8(_ value: UInt8, at offset: Int) {
    base.storeBytes(of: value, toByteOffset: offset, as: UInt8.self)
  }
  func store16(_ value: UInt16, at offset: Int) {
    base.storeBytes(of: value, toByteOffset: offset, as: UInt16.self)
  }
  func store32(_ value: UInt32, at offset: Int) {
    base.storeBytes(of: value, toByteOffset: offset, as: UInt32.self)
  }

  deinit { base.deallocate() }
}

/// The least time of an access in nanoseconds, in the best of some rounds.
@inline(never) func time(_ access: () -> UInt64) -> Double {
  let count = 2_000_000
  var sum: UInt64 = 0
  let rounds = (0..<7).map { _ in
    ContinuousClock().measure {
      for _ in 0..<count { sum &+= access() }
    }
  }
  guard let best = rounds.min(), sum != 1 else { return .infinity }
  return Double(best.components.attoseconds) / 1e9 / Double(count)
}

let goal = 5.0
let memory = Memory()
for offset in stride(from: 0, to: memory.count, by: 4) { memory.store32(0, at: offset) }
let accesses: [(name: String, time: Double)] = [
  ("the source's own load", time { UInt64(memory.load16(at: 0x18)) }),
  ("queue_size", time { UInt64(CommonCfg.queueSize.load(from: memory)) }),
  ("device_status", time { UInt64(CommonCfg.deviceStatus.load(from: memory).rawValue) }),
  ("queue_desc", time { CommonCfg.queueDesc.load(from: memory) }),
  ("queue_reset", time { UInt64(CommonCfg.queueReset.loadIfPresent(from: memory) ?? 0) }),
  (
    "queue_select, stored",
    time {
      CommonCfg.queueSelect.store(3, to: memory)
      return 0
    }
  ),
]
for access in accesses {
  let isSlow = access.time > goal
  print("\(access.time) ns  \(access.name)\(isSlow ? "  above \(goal) ns" : "")")
}
exit(accesses.contains { $0.time > goal } ? 1 : 0)
