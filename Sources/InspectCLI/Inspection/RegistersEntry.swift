import VirtioConformance
import VirtioPCI

/// The registers of a function as the output shows them, with what was not read and why.
///
/// A class, since it is large and every key is handed the whole of it.
final class RegistersEntry {
  let function: Function
  let registers: Function.Registers

  /// Nil when they were not asked for, or could not be read.
  init?(_ inspection: Inspection) {
    guard let registers = inspection.function.registers else { return nil }
    function = inspection.function
    self.registers = registers
  }

  var type: DeviceType? { function.type }

  /// Every queue, or the one that was selected.
  var queues: [Queue] {
    registers.queues.map { Queue(state: $0, doorbell: function.doorbell(of: $0)) }
  }

  /// A queue, and the physical address of its doorbell where it has one in the notify structure.
  struct Queue {
    var state: QueueState
    var doorbell: UInt64?
  }

  /// What was not read, and why.
  struct Omission: Hashable {
    var subject: String
    var reason: String
  }

  /// All that was not read: structures, and fields of those that were.
  var skipped: [Omission] {
    let commonFields = CommonCfg.fields.compactMap { field in
      reasonForAbsence(of: field).map {
        Omission(subject: "common.\(field.name)", reason: $0)
      }
    }
    let deviceFields = (registers.device?.fields ?? []).compactMap { decoded in
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
    guard registers.common[field] == nil else { return nil }
    if field.offset + field.size > registers.commonLength {
      return DecodedField.Absence.beyondEnd(registers.commonLength).reason(for: type)
    }
    return field.features.isEmpty
      ? nil : ConfigField.Condition.exists(field.features).text(for: type)
  }

  /// The structures that were not read, in list order, each once.
  var skippedStructures: [Omission] {
    var omissions: [Omission] = []
    for data in function.capabilities.compactMap(\.data) {
      guard let omission = omission(of: data), !omissions.contains(omission) else { continue }
      omissions.append(omission)
    }
    return omissions
  }

  /// Nil for what is read.
  private func omission(of data: CapData) -> Omission? {
    switch data.cfgType {
    case .isr: Omission(subject: "isr", reason: "a read clears it")
    case .notify:
      Omission(
        subject: "notify", reason: "a write to it rings a doorbell, a read is undefined")
    case .sharedMemory:
      Omission(
        subject: "shared_memory \(data.id)", reason: "its contents belong to the driver")
    case .pci where registers.path == .bar:
      Omission(subject: "pci", reason: "a read of its window makes the device read a BAR")
    case .device where type?.configFields.isEmpty ?? true:
      Omission(
        subject: "device",
        reason: "no layout is defined for a device of type \(type?.label ?? "unknown")")
    default: nil
    }
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
    case .writeOnly: "write-only: the result of a read is undefined"
    }
  }

  private static func text(_ values: ClosedRange<UInt64>) -> String {
    values.count == 1 ? "\(values.lowerBound)" : "\(values.lowerBound) to \(values.upperBound)"
  }
}
