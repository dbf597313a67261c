import VirtioPCI

extension Driver {
  /// The PCI transport of the crate virtio-drivers, which kernels in Rust use.
  public static let rcore = Driver(
    "rcore", "rcore virtio-drivers", for: "Every function with the vendor ID 0x1af4.",
    source: Source("rcore-os/virtio-drivers", "commit 9742c4470f97 of 2026-06-24; release unknown"),
    where: { $0.identity.isVirtio },
    [.present("common", common, at: new, logs: missing("COMMON"))]
      + region("common", common, minimum: 56, alignment: 8)
      + [
        .present("notify", notify, at: new, logs: missing("NOTIFY")),
        .structure(
          "multiplier", notify, "The multiplier of the doorbells is even.",
          else: "notify_off_multiplier is {0}, an odd number", at: new,
          logs: "`VIRTIO_PCI_CAP_NOTIFY_CFG` capability has a `notify_off_multiplier` that is not"
            + " a multiple of 2: %u", needs: .capabilities
        ) { capability, _, _ in
          guard let multiplier = capability.multiplier else { return .notRead }
          return multiplier % 2 == 0 ? .passes : .fails(at: capability.position, multiplier)
        },
      ] + region("notify", notify, minimum: 2, alignment: 2)
      + [.present("isr", isr, at: new, logs: missing("ISR"))]
      + region("isr", isr, minimum: 1, alignment: 1)
      + region("device", device, minimum: 4, alignment: 4)
      + [.featuresOK(at: Citation("src/transport/mod.rs", "begin_init"))])

  /// What becomes of the structure of a capability.
  private static func region(
    _ key: String, _ choice: Choice, minimum: UInt64, alignment: UInt64
  ) -> [Step] {
    let steps: [Step?] = [
      .bar(
        key + "-bar", choice, isMemory: true, at: getRegion,
        logs: "Unexpected IO BAR (expected memory BAR)."),
      .structure(
        key + "-assigned", choice, "The BAR of the \(choice.name) structure has an address.",
        else: "BAR {0} of the \(choice.name) structure has no address", at: getRegion,
        logs: "Bar %u not allocated."
      ) { capability, usability, _ in
        guard case .usable(let bar) = usability else {
          if case .unknown = usability { return .notRead }
          return .passes
        }
        return bar.address == nil ? .fails(at: capability.position, UInt64(bar.index)) : .passes
      },
      .inBAR(
        key + "-in-bar", choice, at: getRegion,
        logs: "Capability offset greater than BAR length."),
      .length(
        key + "-length", choice, atLeast: minimum, at: getRegion,
        logs: "Capability offset greater than BAR length."),
      alignment > 1 ? .aligned(key + "-aligned", choice, to: alignment, at: getRegion) : nil,
    ]
    return steps.compactMap { $0 }
  }

  private static func missing(_ type: String) -> String {
    "No valid `VIRTIO_PCI_CAP_\(type)_CFG` capability was found."
  }

  private static let file = "src/transport/pci.rs"
  private static let new = Citation(file, "PciTransport::new")
  private static let getRegion = Citation(file, "get_bar_region")
  private static let common = Choice(
    name: "common configuration", type: .common, leastCapLen: 16)
  private static let notify = Choice(name: "notify", type: .notify, leastCapLen: 20)
  private static let isr = Choice(name: "ISR", type: .isr, leastCapLen: 16)
  private static let device = Choice(
    name: "device-specific configuration", type: .device, leastCapLen: 16)
}
