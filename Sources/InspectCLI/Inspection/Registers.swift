import PCIAccess
import VirtioPCI

/// What was read of the structures behind the capabilities of one function.
struct Registers {
  let type: DeviceType?
  let via: Via
  let common: CommonValues
  /// How many bytes of the common configuration there are.
  let commonLength: Int
  /// Nil where it is not known.
  let offered: FeatureSet?
  /// What the driver accepted, as far as is known.
  let negotiated: FeatureSet
  /// Every queue, or the one that was selected.
  let queues: [Queue]
  /// The device-specific configuration; nil when there is none, or none that could be read.
  let device: DeviceConfig?
  /// The structures that were not read.
  let skippedStructures: [Omission]

  /// What was not read, and why.
  struct Omission: Hashable {
    var subject: String
    var reason: String
  }

  /// How the registers were reached.
  enum Via: String, CaseIterable {
    /// The BAR's file: mapped, or its ports.
    case bar
    /// The PCI configuration access capability.
    case window
  }

  /// A queue, and the physical address of its doorbell where it has one in the notify structure.
  struct Queue {
    var state: QueueState
    var doorbell: UInt64?
  }

  /// All that was not read: structures, and fields of those that were.
  var skipped: [Omission] {
    let commonFields = CommonCfg.fields.compactMap { field in
      reasonForAbsence(of: field).map {
        Omission(subject: "common.\(field.name)", reason: $0)
      }
    }
    let deviceFields = (device?.fields ?? []).compactMap { decoded in
      if case .absent(let absence) = decoded.content {
        Omission(subject: "device.\(decoded.field.name)", reason: absence.reason(for: type))
      } else {
        Omission?.none
      }
    }
    return skippedStructures + commonFields + deviceFields
  }

  /// Why `field` was not read; nil when it was.
  func reasonForAbsence(of field: CommonCfg.Field) -> String? {
    guard common[field] == nil else { return nil }
    if field.offset + field.size > commonLength {
      return DecodedField.Absence.beyondEnd(commonLength).reason(for: type)
    }
    return field.features.isEmpty
      ? nil : ConfigField.Condition.exists(field.features).text(for: type)
  }
}

extension DecodedField.Absence {
  /// Why a field of a device of this type was not read.
  func reason(for type: DeviceType?) -> String {
    switch self {
    case .beyondEnd(let count): "what there is ends after \(count) bytes"
    case .unmet(let condition): condition.text(for: type)
    }
  }
}

extension ConfigField.Condition {
  /// What it demands of a device of this type.
  func text(for type: DeviceType?) -> String {
    func alternatives(_ features: FeatureSet) -> String {
      features.names(for: type, hasVersion1: true).joined(separator: " or ")
    }
    return switch self {
    case .exists(let features): "exists with \(alternatives(features)) only"
    case .means(let features): "means something with \(alternatives(features)) only"
    case .without(let feature): "means nothing with \(feature.name)"
    case .negotiated(let feature): "not to be read before \(feature.name) is negotiated"
    case .status(let bits): "not to be read before \(bits.names.joined(separator: " "))"
    case .selected(let field, let values): "exists where \(field.name) is \(Self.text(values)) only"
    case .writeOnly: "there to be written: what a read gives is not defined"
    }
  }

  private static func text(_ values: ClosedRange<UInt64>) -> String {
    values.count == 1 ? "\(values.lowerBound)" : "\(values.lowerBound) to \(values.upperBound)"
  }
}
