import PCIAccess
import VirtioPCI

/// Reads the structures behind the capabilities of one function, without a side effect: neither the
/// ISR status, which a read clears, nor doorbells, nor shared memory. Selectors are written only for
/// a probe, and put back.
struct RegisterReader {
  let plan: ReadPlan
  let address: Address?
  let state: FunctionState
  let kernel: KernelFacts
  /// Takes what could not be read where the rest could.
  let report: (AccessError) -> Void
  /// Is called when the registers read all ones, before that is thrown.
  let noteAllOnes: () -> Void

  private var probes: Bool { plan.contains(.probe) }

  func read(_ function: inout any PCIFunction) throws(AccessError) -> Registers {
    try requireUndriven()
    let place = try commonPlace()
    try requireAnswers(place)
    guard probes else { return try read(place, of: &function) }
    // Selectors and the window are put back before a signal ends the program.
    return try holdingSignals { () throws(AccessError) in try read(place, of: &function) }
  }

  private func read(
    _ place: LocatedStructure, of function: inout any PCIFunction
  ) throws(AccessError) -> Registers {
    let count = Int(min(place.data.length, UInt64(Self.commonSize)))
    let common: BARRegion
    do throws(AccessError) {
      common = try function.openRegion(place, count: count, writable: probes)
    } catch {
      guard probes, let position = windowPosition else { throw error }
      return try ConfigWindow.using(try function.writableConfig(), at: position, of: address) {
        window throws(AccessError) in
        try read(try window.region(of: place, count: count), via: .window) {
          place, count throws(AccessError) in
          try window.region(of: place, count: count)
        }
      }
    }
    return try read(common, via: .bar) { place, count throws(AccessError) in
      try function.openRegion(place, count: count, writable: false)
    }
  }

  /// As much of the structure as VIRTIO 1.4 defines.
  private static let commonSize = CommonCfg.fields.map { $0.offset + $0.size }.max() ?? 0

  private func commonPlace() throws(AccessError) -> LocatedStructure {
    guard let place = state.place(of: .common), place.data.length > 0 else {
      throw error(
        state.interface == .legacy
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
  private func requireUndriven() throws(AccessError) {
    guard probes, !plan.contains(.probeDriven), let driver = kernel.driver else { return }
    throw AccessError("registers", .inUse(driver: driver), address: address)
  }

  /// Whether anything answers at `place`: a read would give all ones at best.
  private func requireAnswers(_ place: LocatedStructure) throws(AccessError) {
    if let power = kernel.powerState, power.hasPrefix("D"), power != "D0" {
      throw error("the function is powered down (\(power)), so that its BARs do not answer")
    }
    guard state.isDecoding(place.bar) == false else { return }
    throw error(
      "\(place.bar.isIO ? "I/O" : "memory") decoding is off in the command register, so that"
        + " BAR \(place.bar.index) does not answer: write 1 to the function's enable file in sysfs")
  }

  /// Where the capability of the window is, when it is all there.
  private var windowPosition: UInt8? {
    state.capabilities.first {
      $0.data?.cfgType == .pci && $0.head.capLen >= CfgCap.size
        && Int($0.position) + CfgCap.size <= ConfigHeader.conventionalSize
    }?.position
  }

  private typealias Opener = (LocatedStructure, Int) throws(AccessError) -> BARRegion

  private func read(
    _ common: borrowing BARRegion, via: Registers.Via, open: Opener
  ) throws(AccessError) -> Registers {
    var values = try CommonValues(from: common)
    guard !values.isAllOnes else { throw gone() }
    var features = Features(
      offered: kernel.virtio?.offered(by: state.interface),
      negotiated: kernel.virtio?.features ?? values.visibleDriverFeatures,
      visible: values.visibleDeviceFeatures)
    var queues: [QueueState]?
    if probes {
      queues = try CommonCfg.restoringSelectors(in: common) { () throws(AccessError) in
        features.offered = try CommonCfg.deviceFeatures(in: common)
        if kernel.virtio?.features == nil {
          features.negotiated = try CommonCfg.driverFeatures(in: common)
        }
        return try self.queues(of: values, with: features.known, in: common)
      }
    }
    try values.loadOptional(from: common, with: features.known)
    return Registers(
      type: state.type, via: via, common: values, commonLength: common.count,
      offered: features.offered, negotiated: features.negotiated,
      queues: withDoorbells(queues ?? [QueueState(values)].compactMap(\.self), features.known),
      device: deviceConfig(common, status: values[CommonCfg.deviceStatus] ?? [], features, open),
      skippedStructures: skippedStructures(via: via))
  }

  /// What is known of the features.
  private struct Features {
    var offered: FeatureSet?
    var negotiated: FeatureSet
    /// Those that are offered among the 32 that `device_feature` showed.
    var visible: FeatureSet

    /// Those that the device is known to have.
    var known: FeatureSet { (offered ?? visible).union(negotiated) }
  }

  /// Every queue, those of administration last.
  private func queues(
    of values: CommonValues, with features: FeatureSet, in common: borrowing BARRegion
  ) throws(AccessError) -> [QueueState] {
    var indices = Array(0..<(values[CommonCfg.numQueues] ?? 0))
    if CommonCfg.adminQueueNum.exists(with: features) {
      let first = try CommonCfg.adminQueueIndex.loadIfPresent(from: common) ?? 0
      let count = try CommonCfg.adminQueueNum.loadIfPresent(from: common) ?? 0
      indices += (0..<count).compactMap { UInt16(exactly: Int(first) + Int($0)) }
        .filter { $0 >= indices.count }
    }
    var queues: [QueueState] = []
    for index in indices {
      guard let queue = try QueueState(index, in: common, with: features) else { throw gone() }
      queues.append(queue)
    }
    return queues
  }

  private func withDoorbells(
    _ queues: [QueueState], _ features: FeatureSet
  ) -> [Registers.Queue] {
    let notify = state.place(of: .notify)
    let width = features.contains(.notificationData) ? 4 : 2
    return queues.map { queue in
      Registers.Queue(
        state: queue, doorbell: notify?.doorbell(notifyOff: queue.notifyOff, width: width))
    }
  }

  /// Nil when there is none; also when it cannot be read, which is reported.
  private func deviceConfig(
    _ common: borrowing BARRegion, status: DeviceStatus, _ features: Features, _ open: Opener
  ) -> DeviceConfig? {
    guard let type = state.type, let place = state.place(of: .device),
      let end = type.configFields.map(\.end).max()
    else { return nil }
    do throws(AccessError) {
      guard place.data.length > 0 else { throw error("the device configuration has no bytes") }
      let device = try open(place, Int(min(place.data.length, UInt64(end))))
      return try settled(in: common) { () throws(AccessError) in
        try DeviceConfig(
          of: type, from: device, offered: features.known, negotiated: features.negotiated,
          status: status)
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

  /// In list order, each once.
  private func skippedStructures(via: Registers.Via) -> [Registers.Omission] {
    var omissions: [Registers.Omission] = []
    for data in state.capabilities.compactMap(\.data) {
      guard let omission = omission(of: data, via), !omissions.contains(omission) else { continue }
      omissions.append(omission)
    }
    return omissions
  }

  /// Nil for what is read.
  private func omission(of data: CapData, _ via: Registers.Via) -> Registers.Omission? {
    switch data.cfgType {
    case .isr: .init(subject: "isr", reason: "a read clears it")
    case .notify:
      .init(subject: "notify", reason: "a write to it rings a doorbell, a read is undefined")
    case .sharedMemory:
      .init(
        subject: "shared_memory \(data.id)", reason: "its contents belong to the driver")
    case .pci where via == .bar:
      .init(subject: "pci", reason: "a read of its window makes the device read a BAR")
    case .device where state.type?.configFields.isEmpty ?? true:
      .init(
        subject: "device",
        reason: "no layout is defined for a device of type \(state.type?.label ?? "unknown")")
    default: nil
    }
  }

  private func gone() -> AccessError {
    noteAllOnes()
    return error("the registers read all ones: nothing answers there, the function is gone")
  }

  private func error(_ message: String) -> AccessError {
    AccessError("registers", .unavailable(message: message), address: address)
  }
}
