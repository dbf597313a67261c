import PCIAccess
import Platform
import VirtioConformance
import VirtioPCI

/// Reads the structures behind the capabilities of one function, without a side effect: neither the
/// ISR status, which a read clears, nor doorbells, nor shared memory. Selectors are written only for
/// a probe, and put back.
struct RegisterReader {
  let plan: ReadPlan
  let address: Address?
  /// Takes what could not be read where the rest could.
  let report: (AccessError) -> Void

  private var probes: Bool { plan.contains(.probe) }

  /// Adds the registers of `function` to its `record`, or nothing where they cannot be read.
  func read(
    _ function: any PCIFunction, into record: inout Function
  ) throws(AccessError) {
    do throws(AccessError) {
      try requireUndriven(record)
      let place = try commonPlace(record)
      try requireAnswers(place, record)
      guard probes else { return try read(place, of: function, into: &record) }
      // Selectors and the window are put back before a signal ends the program.
      try holdingSignals { () throws(AccessError) in
        try read(place, of: function, into: &record)
      }
    } catch {
      record.registers = nil
      throw error
    }
  }

  private func read(
    _ place: LocatedStructure, of function: any PCIFunction, into record: inout Function
  ) throws(AccessError) {
    let count = Int(min(place.data.length, UInt64(CommonCfg.size)))
    let common: BARRegion
    do throws(AccessError) {
      common = try function.openRegion(place, count: count, writable: probes)
    } catch {
      guard probes, let position = windowPosition(record) else { throw error }
      return try ConfigWindow.using(try function.writableConfig(), at: position, of: address) {
        window throws(AccessError) in
        try read(try window.region(of: place, count: count), via: .window, into: &record) {
          place, count throws(AccessError) in
          try window.region(of: place, count: count)
        }
      }
    }
    return try read(common, via: .bar, into: &record) { place, count throws(AccessError) in
      try function.openRegion(place, count: count, writable: false)
    }
  }

  private func commonPlace(_ record: Function) throws(AccessError) -> LocatedStructure {
    guard let place = record.place(of: .common), place.data.length > 0 else {
      throw error(
        record.interface == .legacy
          ? "a legacy function has no structures to read"
          : "no capability leads to a common configuration structure")
    }
    guard !probes || place.data.length >= UInt64(CommonCfg.baseSize) else {
      throw error(
        "the common configuration of \(place.data.length) bytes is too short for a probe:"
          + " \(CommonCfg.baseSize) are needed")
    }
    return place
  }

  /// A driver may be between a write of a selector and the access that it is for.
  private func requireUndriven(_ record: Function) throws(AccessError) {
    guard probes, !plan.contains(.probeDriven), let driver = record.kernel.driver else { return }
    throw AccessError("registers", .inUse(driver: driver), address: address)
  }

  /// Whether anything answers at `place`: a read would give all ones at best.
  private func requireAnswers(
    _ place: LocatedStructure, _ record: Function
  ) throws(AccessError) {
    if let power = record.kernel.powerState, power.hasPrefix("D"), power != "D0" {
      throw error("the function is powered down (\(power)), so that its BARs do not answer")
    }
    guard record.isDecoding(place.bar) == false else { return }
    throw error(
      "\(place.bar.isIO ? "I/O" : "memory") decoding is off in the command register, so that"
        + " BAR \(place.bar.index) does not answer: write 1 to the function's enable file in sysfs")
  }

  /// Where the capability of the window is, when it is all there.
  private func windowPosition(_ record: Function) -> UInt8? {
    record.capabilities.first {
      $0.data?.cfgType == .pci && $0.head.capLen >= CfgCap.size
        && Int($0.position) + CfgCap.size <= ConfigHeader.conventionalSize
    }?.position
  }

  private typealias Opener = (LocatedStructure, Int) throws(AccessError) -> BARRegion

  private func read(
    _ common: borrowing BARRegion, via path: Function.Registers.Path,
    into record: inout Function, open: Opener
  ) throws(AccessError) {
    let values = try CommonValues(from: common)
    guard !values.isAllOnes else { throw gone(&record) }
    record.registers = Function.Registers(
      path: path, common: values, commonLength: common.count)
    if probes {
      try CommonCfg.restoringSelectors(in: common) { () throws(AccessError) in
        let offered = try CommonCfg.deviceFeatures(in: common)
        record.registers?.offered = offered
        if record.kernel.virtio?.features == nil {
          let accepted = try CommonCfg.driverFeatures(in: common)
          record.registers?.accepted = accepted
        }
        let queues = try queues(of: values, in: common, &record)
        record.registers?.queues = queues
        record.registers?.queuesAreComplete = true
      }
    }
    let features = record.knownFeatures
    try record.registers?.common.loadOptional(from: common, with: features)
    if !probes, let selected = record.registers.flatMap({ QueueState($0.common) }) {
      record.registers?.queues = [selected]
    }
    let device = deviceConfig(common, record, open)
    record.registers?.device = device
  }

  /// Every queue, those of administration last.
  private func queues(
    of values: CommonValues, in common: borrowing BARRegion, _ record: inout Function
  ) throws(AccessError) -> [QueueState] {
    let features = record.knownFeatures
    var indices = Array(0..<(values[CommonCfg.numQueues] ?? 0))
    if CommonCfg.adminQueueNum.exists(with: features) {
      let first = try CommonCfg.adminQueueIndex.loadIfPresent(from: common) ?? 0
      let count = try CommonCfg.adminQueueNum.loadIfPresent(from: common) ?? 0
      indices += (0..<count).compactMap { UInt16(exactly: Int(first) + Int($0)) }
        .filter { $0 >= indices.count }
    }
    var queues: [QueueState] = []
    for index in indices {
      guard let queue = try QueueState(index, in: common, with: features) else {
        throw gone(&record)
      }
      queues.append(queue)
    }
    return queues
  }

  /// Nil when there is none; also when it cannot be read, which is reported.
  private func deviceConfig(
    _ common: borrowing BARRegion, _ record: Function, _ open: Opener
  ) -> DeviceConfig? {
    guard let type = record.type, let place = record.place(of: .device),
      let end = type.configFields.map(\.end).max()
    else { return nil }
    do throws(AccessError) {
      guard place.data.length > 0 else { throw error("the device configuration has no bytes") }
      let device = try open(place, Int(min(place.data.length, UInt64(end))))
      return try settled(in: common) { () throws(AccessError) in
        try DeviceConfig(
          of: type, from: device, offered: record.knownFeatures,
          negotiated: record.visiblyAccepted, status: record.status ?? [])
      }
    } catch {
      report(error)
      return nil
    }
  }

  private func settled(
    in common: borrowing BARRegion, _ read: () throws(AccessError) -> DeviceConfig
  ) throws(AccessError) -> DeviceConfig {
    do {
      return try CommonCfg.whileUnchanged(in: common, read: read)
    } catch {
      switch error {
      case .access(let error): throw error
      case .unsettled: throw self.error("device configuration: \(error)")
      }
    }
  }

  private func gone(_ record: inout Function) -> AccessError {
    record.registersAreAllOnes = true
    return error("the registers read all ones: nothing answers there, the function is gone")
  }

  private func error(_ message: String) -> AccessError {
    AccessError("registers", .unavailable(message: message), address: address)
  }
}
