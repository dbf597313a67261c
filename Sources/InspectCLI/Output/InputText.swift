import VirtioConformance

extension Rule.Inputs {
  /// What is said where one of these was not read.
  private static let reasons: [(input: Self, reason: String)] = [
    (.capabilities, "needs the whole capability list"),
    (.msix, "needs the MSI-X capability"),
    (.bars, "needs the BAR sizes, which config space does not tell"),
    (.command, "needs the command register, which a virtual function does not show"),
    (.kernel, "needs the kernel of the machine"),
    (.status, "needs the device status: a bound driver, or --registers"),
    (.common, "needs --registers"),
    (.negotiated, "needs a driver that has negotiated features"),
    (.deviceConfig, "needs --registers"),
    (.offered, "needs the offered features: --probe"),
    (.queues, "needs --probe"),
    (.ringLayout, "needs to know whether VIRTIO_F_RING_PACKED is offered: --probe"),
    (.adminQueues, "needs to know whether there are administration queues: --probe"),
    (.absentQueue, "needs a queue to be selected that does not exist"),
    (.extended, "needs the extended config space"),
    (.queuePairs, "needs a driver that has negotiated features: MQ or RSS, or neither"),
    (.modernDriver, "a driver may use the legacy interface, of which the registers say nothing"),
  ]

  /// Why a rule cannot be said to hold without this input.
  var reason: String {
    Self.reasons.first { contains($0.input) }?.reason ?? ""
  }

  /// What would let a rule without this input be checked, in the few words of a total.
  var remedy: String {
    if !isDisjoint(with: [.offered, .queues, .ringLayout, .adminQueues, .absentQueue]) {
      return "--probe"
    }
    if !isDisjoint(with: [.common, .deviceConfig]) { return "--registers" }
    if !isDisjoint(with: [.status, .negotiated, .kernel, .queuePairs]) {
      return "a running driver"
    }
    if contains(.bars) { return "the BAR sizes" }
    if contains(.modernDriver) { return "a modern driver" }
    return "more of config space"
  }

  /// How a rule with these needs is checked.
  var summary: String {
    if !isDisjoint(with: [.offered, .queues]) { return "--probe" }
    if !isDisjoint(with: [.common, .deviceConfig]) { return "--registers" }
    if !isDisjoint(with: [.status, .negotiated, .kernel]) { return "kernel" }
    return "config space"
  }
}
