import PCIAccess
import VirtioConformance
import VirtioPCI

/// All that is known of one virtio function: what the renderers print.
///
/// A class, since it is large and every column and key is handed the whole of it.
final class Inspection {
  /// Nil for a raw file, which does not know.
  let address: Address?
  /// The file it was read from; nil for a function of this machine.
  let file: String?
  /// What was read of it.
  let function: Function
  /// The whole config space, when it was asked for.
  var config: [UInt8]?

  /// What became of each rule of `Rule.all`, when it is to be checked.
  var verdicts: [Verdict]?

  /// Whose refusals are problems.
  private let counted: DriverChoice
  /// The rules whose findings are accepted.
  let ignored: IgnoredRules

  init(
    address: Address?, file: String?, function: Function, verdicts: [Verdict]? = nil,
    counted: DriverChoice = .standard, ignored: IgnoredRules = .none
  ) {
    self.address = address
    self.file = file
    self.function = function
    self.verdicts = verdicts
    self.counted = counted
    self.ignored = ignored
  }

  /// What each driver that the function is for does with it, by what was read.
  private(set) lazy var drivers = DriverEntry.all(on: function)

  /// Why Linux has bound no driver, where its verdict is not that it would not anyway.
  var obstacles: [LinuxObstacle] {
    let obstacles = function.linuxObstacles
    guard !obstacles.isEmpty, function.absence == nil,
      let linux = drivers.first(where: { $0.driver.key == Driver.linux.key })?.verdict.outcome
    else { return [] }
    return linux.isDriven || linux == .unknown ? obstacles : []
  }

  /// The refusals that count.
  var refusals: [Defect] {
    drivers.filter { counted.contains($0.driver) }.compactMap { Defect($0).map(weighed) }
  }

  /// What rules find: every rule when it was checked, else those of decoding.
  var findings: [Problem] {
    verdicts.map { Rule.problems(of: $0, in: function) } ?? Rule.decodingProblems(in: function)
  }

  /// Everything that is wrong.
  var problems: [Defect] { findings.map { weighed(Defect($0)) } + refusals }

  private func weighed(_ defect: Defect) -> Defect {
    var defect = defect
    defect.isIgnored = ignored.contains(defect.rule)
    return defect
  }
}

/// What is to be read of each function. Nothing else is.
struct ReadPlan: OptionSet {
  let rawValue: Int

  static let capabilities = Self(rawValue: 1 << 0)
  static let bars = Self(rawValue: 1 << 1)
  /// The 12 bytes of MSI-X.
  static let msix = Self(rawValue: 1 << 2)
  /// Every byte of config space, the window's data among them.
  static let wholeConfig = Self(rawValue: 1 << 3)
  static let kernel = Self(rawValue: 1 << 4)
  static let status = Self(rawValue: 1 << 5)
  static let features = Self(rawValue: 1 << 6)
  static let nodes = Self(rawValue: 1 << 7)
  /// NUMA node and IOMMU group.
  static let placement = Self(rawValue: 1 << 8)

  /// How many bytes of config space can be read.
  static let configSize = Self(rawValue: 1 << 9)
  /// What drivers look at in the header, its type and the interrupt pin, and the kernel's irq.
  static let header = Self(rawValue: 1 << 14)

  /// The extended capability list of PCI Express, and what SR-IOV says there.
  static let extended = Self(rawValue: 1 << 15)
  /// What the function is to SR-IOV, by the kernel.
  static let sriov = Self(rawValue: 1 << 16)

  /// Why no driver is bound.
  static let binding = Self(rawValue: 1 << 17)

  /// The structures behind the capabilities, as far as reading them has no side effect.
  static let registers: Self = [Self(rawValue: 1 << 10), .detail]
  /// What takes a write of selectors, too.
  static let probe: Self = [Self(rawValue: 1 << 11), .registers, .header]
  /// That also where a driver is bound.
  static let probeDriven: Self = [Self(rawValue: 1 << 12), .probe]

  /// All that rules ask for and that has no side effect, and their verdicts.
  static let check: Self = [
    Self(rawValue: 1 << 13), .detail, .msix, .configSize, .header, .extended,
  ]

  /// What drivers and the rules of decoding look at, and costs no more than the list.
  static let judged: Self = [.capabilities, .bars, .msix, .status, .features]

  /// What the detailed view of a function shows.
  static let detail: Self = [
    .capabilities, .bars, .kernel, .status, .features, .nodes, .placement, .sriov,
    .binding,
  ]
  /// What the JSON output holds.
  static let json: Self = [.detail, .msix, .configSize, .extended]

  /// The part of it that the kernel answers; nil when it need not be asked.
  var kernelParts: KernelFacts.Parts? {
    guard !isDisjoint(with: [.kernel, .status, .features, .nodes, .placement, .header]) else {
      return nil
    }
    var parts: KernelFacts.Parts = []
    if contains(.status) { parts.insert(.status) }
    if contains(.features) { parts.insert(.features) }
    if contains(.nodes) { parts.insert(.nodes) }
    if contains(.placement) { parts.insert(.placement) }
    if contains(.header) { parts.insert(.interrupt) }
    if contains(.sriov) { parts.insert(.sriov) }
    if contains(.binding) { parts.insert(.binding) }
    if contains(.registers) { parts.formUnion([.powerState, .offeredFeatures]) }
    return parts
  }
}
