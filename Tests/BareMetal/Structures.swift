import VirtioPCI

// What the driver does not use, so that the compiler looks at it under -no-allocations as well. The linker
// drops it.

@c(read_structures) func readStructures(_ config: UInt, _ registers: UInt) -> UInt64 {
  let config = MMIO(base: config, count: ConfigHeader.extendedSize)
  let common = MMIO(base: registers, count: CommonCfg.size)
  var sum: UInt64 = 0
  var list = CapabilityList(from: config)
  while let entry = list.next(in: config) {
    if let msix = try? MSIX(entry, from: config) { sum &+= msix.tableLength }
    if let region = try? Cap64(entry, from: config) { sum &+= region.offset }
    if let notify = try? NotifyCap(entry, from: config) { sum &+= UInt64(notify.cap.offset) }
    if let window = try? CfgCap(entry, from: config) { sum &+= UInt64(window.pciCfgData) }
  }
  var extended = ExtendedCapabilityList()
  while let entry = extended.next(in: config) {
    guard entry.id == SRIOV.id, let sriov = try? SRIOV(entry, from: config) else { continue }
    sum &+= sriov.control.contains(.vfEnable) ? UInt64(sriov.numVFs) : 0
    for bar in sriov.vfBARs { sum &+= bar.address ?? 0 }
  }
  var features = CommonCfg.driverFeatures(in: common)
  features.insert(.ringReset)
  if let queue = QueueState(0, in: common, with: features), queue.isInReset == true {
    sum &+= QueueState(CommonCfg(from: common)).desc
  }
  var data = NotificationData(vqn: 1, availableIndex: 2)
  data.availableIndex &+= 1
  return sum &+ UInt64(data.rawValue)
}

@c(write_structures) func writeStructures(_ config: UnsafeMutablePointer<UInt8>) -> Bool {
  let buffer = UnsafeMutableBufferPointer(start: config, count: ConfigHeader.extendedSize)
  var bytes = buffer.mutableSpan
  do throws(EncodeError) {
    try Cap(cfgType: .common, bar: 0, offset: 0, length: 56).encode(into: &bytes, at: 0x40)
    try NotifyCap(bar: 0, offset: 0, length: 0x100, notifyOffMultiplier: 4)
      .encode(into: &bytes, at: 0x50)
    try CfgCap().encode(into: &bytes, at: 0x64)
    try Cap64(bar: 0, id: 0, offset: 0, length: 0).encode(into: &bytes, at: 0x78)
    try CapData(cfgType: .isr, bar: 0, offset: 0, length: 1).encode(into: &bytes, at: 0x90)
    try MSIX(tableSize: 4, tableBAR: 0, tableOffset: 0, pbaBAR: 0, pbaOffset: 0x1000)
      .encode(into: &bytes, at: 0xA0)
    try SRIOV(
      initialVFs: 1, totalVFs: 1, firstVFOffset: 1, vfStride: 1, vfDeviceID: 0x1041
    ).encode(into: &bytes, at: 0x100)
    try CommonCfg(numQueues: 2).encode(into: &bytes, at: 0x200)
    return true
  } catch {
    return false
  }
}
