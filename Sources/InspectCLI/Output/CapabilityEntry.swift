import VirtioConformance
import VirtioPCI

/// A virtio capability as the output shows it: taken apart, with the address it leads to.
///
/// A class, since it is large and every key is handed the whole of it.
final class CapabilityEntry {
  let position: UInt8
  let head: PCICapability
  let bytes: [UInt8]
  /// Nil for vendor data, and for what does not decode.
  let data: CapData?
  let vendor: VendorCap?
  /// Why it does not decode.
  let error: DecodeError?
  /// The physical address of the structure.
  let address: UInt64?
  /// The bytes of the window, where they were read.
  let pciCfgData: ArraySlice<UInt8>?

  init(_ capability: Capability, in function: borrowing Function) {
    position = capability.position
    head = capability.head
    bytes = capability.bytes
    data = capability.data
    vendor = capability.vendor
    address = function.address(of: capability)
    pciCfgData = capability.pciCfgData == nil ? nil : bytes[16..<20]
    if case .failure(let error) = capability.content { self.error = error } else { error = nil }
  }

  /// The bytes at 6 and 7, which have no meaning.
  var padding: ArraySlice<UInt8>? { data == nil ? nil : bytes[6..<8] }

  /// What it says of a place in a BAR; nil for the window, whose registers are not one.
  var place: CapData? { head.cfgType == .pci ? nil : data }
}
