import VirtioPCI

/// What a rule is given: a value of what was read of a function, and what has to have been read for
/// the rule to hold.
///
/// The value may be there before all of it was read: what is broken in a part of a list is broken.
/// Without a value the rule has nothing to judge.
struct Given<Value>: Sendable {
  let needs: Rule.Inputs
  let value: @Sendable (Function) -> Value?

  init(_ needs: Rule.Inputs, _ value: @escaping @Sendable (Function) -> Value?) {
    self.needs = needs
    self.value = value
  }
}

// What it says it is, and what names its features.

extension Given where Value == Identity {
  /// Nil of a function with the IDs of another vendor: the rules about IDs do not apply to it.
  static var identity: Self { Self([]) { $0.identity.isVirtio ? $0.identity : nil } }
}

extension Given where Value == Interface {
  static var interface: Self { Self([]) { $0.interface } }
}

extension Given where Value == DeviceType {
  /// The type, if the IDs stand for one.
  static var type: Self { Self([]) { $0.type } }
  /// The same, for a rule that needs to know what there is to know of it.
  static var describedType: Self { Self(.describedType) { $0.type } }
}

/// What a feature bit is called in a function.
struct Naming {
  let type: DeviceType?
  let hasVersion1: Bool

  /// What `bit` is; nil when it has no name.
  func feature(_ bit: Int) -> Feature? { Feature.of(type, bit: bit, hasVersion1: hasVersion1) }

  func names(of features: FeatureSet) -> String {
    features.names(for: type, hasVersion1: hasVersion1).joined(separator: ", ")
  }
}

extension Given where Value == Naming {
  static var naming: Self {
    Self([]) {
      Naming(
        type: $0.type, hasVersion1: ($0.offered ?? $0.negotiated)?.contains(.version1) ?? true)
    }
  }
}

// The capability list and the BARs.

extension Given where Value == ListedCapabilities {
  /// What was read of the list.
  static var list: Self { Self(.capabilities) { ListedCapabilities(of: $0) } }
  /// The list, if it was read to its end.
  static var wholeList: Self {
    Self(.capabilities) { $0.listWasRead ? ListedCapabilities(of: $0) : nil }
  }
  /// What was read of the list, with MSI-X.
  static var listWithMSIX: Self { Self(.msix) { ListedCapabilities(of: $0) } }
}

extension Given where Value == [BAR] {
  /// The BARs that were read.
  static var bars: Self { Self(.bars) { $0.bars } }
}

extension Given where Value == Places {
  /// Where the structures lie.
  static var places: Self { Self(.capabilities) { Places(of: $0) } }
  /// The same, for a rule that needs every BAR.
  static var placesInBARs: Self { Self([.capabilities, .bars]) { Places(of: $0) } }
}

extension Given where Value == MSIX {
  static var msix: Self { Self(.msix) { $0.msix } }
}

extension Given where Value == LocatedStructure {
  /// The structure of this type that a driver uses.
  static func place(_ type: CapCfgType) -> Self { Self([]) { $0.place(of: type) } }
}

// Features.

extension Given where Value == FeatureSet {
  /// What the device is known to offer.
  static var offered: Self { Self(.offered) { $0.offered } }
  /// The same, or else what a driver accepted; what is not in it may be offered all the same.
  static var shownOffered: Self { Self(.offered) { $0.shownOffered } }
  /// What was negotiated.
  static var negotiated: Self { Self(.negotiated) { $0.negotiated } }
  /// The same, if no driver uses the legacy interface.
  static var modernNegotiated: Self {
    Self([.negotiated, .modernDriver]) { $0.mayBeDrivenAsLegacy ? nil : $0.negotiated }
  }
  /// The same, if the kernel says so.
  static var kernelNegotiated: Self {
    Self([.kernel, .negotiated, .modernDriver]) {
      $0.mayBeDrivenAsLegacy || $0.kernel.virtio?.status == nil ? nil : $0.negotiated
    }
  }
  /// The offered features that a driver which has negotiated did not accept.
  static var refused: Self {
    Self([.offered, .negotiated, .modernDriver]) {
      $0.mayBeDrivenAsLegacy || $0.status?.contains(.featuresOK) == false
        ? nil : $0.negotiated.map($0.shownOffered.subtracting)
    }
  }
}

extension Given where Value == FeatureSet? {
  /// What the device offers, where it is known; a rule that can do without it.
  static var offeredIfKnown: Self { Self([]) { .some($0.offered) } }
}

extension Given where Value == UInt64 {
  static var doorbellWidth: Self { Self(.offered) { UInt64($0.doorbellWidth) } }
}

extension Given where Value == Int {
  /// How long the device-specific configuration has to be.
  static var neededConfigLength: Self {
    Self([.offered, .describedType]) { $0.configLength(with: $0.shownOffered) }
  }
}

// Status and registers.

extension Given where Value == DeviceStatus {
  static var status: Self { Self(.status) { $0.status } }
  /// As the common configuration has it.
  static var commonStatus: Self { Self(.common) { $0.answered?.common[CommonCfg.deviceStatus] } }
  /// As the kernel has it.
  static var kernelStatus: Self {
    Self(.kernel) { function in
      function.kernel.virtio?.status.flatMap { $0.rawValue == .max ? nil : $0 }
    }
  }
  /// That of a driver which is no legacy one.
  static var modernStatus: Self {
    Self([.status, .modernDriver]) { $0.mayBeDrivenAsLegacy ? nil : $0.status }
  }
}

extension Given where Value == CommonValues {
  static var common: Self { Self(.common) { $0.answered?.common } }
}

extension Given where Value == UInt16 {
  /// The vector of configuration changes.
  static var configVector: Self {
    Self(.common) { $0.answered?.common[CommonCfg.configMSIXVector] }
  }
  /// How many queues there are, by the common configuration.
  static var queueCount: Self { Self(.common) { $0.answered?.common[CommonCfg.numQueues] } }
}

extension Given where Value == [QueueState] {
  /// The queues that were read.
  static var queues: Self { Self(.queues) { $0.answered?.queues } }
  /// Every queue.
  static var allQueues: Self {
    Self(.queues) { $0.answered?.queuesAreComplete == true ? $0.answered?.queues : nil }
  }
  /// The queues that were read of a device that no driver has touched since its reset.
  static var queuesAfterReset: Self {
    Self(.queues) { $0.status?.rawValue == 0 ? $0.answered?.queues : nil }
  }
  /// The queues that the device does not have.
  static var absentQueues: Self {
    Self([.common, .adminQueues, .absentQueue]) { function in
      function.knowsAdminQueues ? function.readQueues.filter { function.isAbsent($0) } : nil
    }
  }
}

extension Given where Value == Bool {
  /// Whether there is an SR-IOV capability.
  static var hasSRIOV: Self { Self(.extended) { $0.hasSRIOV } }
}

// The device-specific configuration.

extension Given where Value == DeviceConfig {
  static var deviceConfig: Self { Self(.deviceConfig) { $0.answered?.device } }
}

extension Given where Value: RegisterValue {
  /// A register of the device-specific configuration; one that exists with a feature needs to know
  /// whether that is offered.
  static func config<Access>(_ register: Register<Value, Access>) -> Self {
    read(register, needs: register.features.isEmpty ? .deviceConfig : [.deviceConfig, .offered])
  }

  /// The same for a rule that asks whether its feature was negotiated.
  static func readConfig<Access>(_ register: Register<Value, Access>) -> Self {
    read(register, needs: .deviceConfig)
  }

  private static func read<Access>(
    _ register: Register<Value, Access>, needs: Rule.Inputs
  ) -> Self {
    let key = ConfigField.Key(register)
    return Self(needs) { function in
      function.answered?.device?.number(at: key).map {
        Value(bits: Value.Bits(truncatingIfNeeded: $0))
      }
    }
  }
}

extension Given where Value == [UInt8] {
  static func config(_ register: ByteRegister, needs: Rule.Inputs = []) -> Self {
    Self(needs.union(.deviceConfig)) { $0.answered?.device?[register] }
  }
}
