/// A virtio capability as it stands in config space: its place, its bytes, and what they decode to.
public struct Capability: Hashable, Sendable {
  /// Its position and first four bytes, which all forms share.
  public let head: PCICapability
  /// The bytes from `position`, as far as they were read.
  public let bytes: [UInt8]
  /// What the bytes say, or why they do not decode.
  public let content: Result<Content, DecodeError>

  /// The two kinds of virtio capability.
  public enum Content: Hashable, Sendable {
    /// One that locates a structure; for `pci` the window's registers.
    case structure(CapData)
    /// One that holds vendor data.
    case vendor(VendorCap)
  }

  /// The capability that was found at `position`; nil when there are fewer than four bytes of it.
  public init?(position: UInt8, bytes: [UInt8]) {
    guard var head = try? PCICapability(from: bytes.span) else { return nil }
    head.position = position
    self.init(head, bytes: bytes)
  }

  /// The capability that begins with `head`, whose bytes are the first of `bytes`.
  public init(_ head: PCICapability, bytes: [UInt8]) {
    var entry = head
    // Where it is among its own bytes.
    entry.position = 0
    do throws(ReadError<DecodeError>) {
      content = .success(
        head.cfgType == .vendor
          ? .vendor(try VendorCap(entry, from: bytes.span))
          : .structure(try CapData(entry, from: bytes.span)))
    } catch {
      content = .failure(error.decodeError)
    }
    self.head = head
    self.bytes = bytes
  }

  /// Where it is in config space.
  public var position: UInt8 { head.position }

  /// What it says of its structure; nil for vendor data and for what does not decode.
  public var data: CapData? {
    if case .success(.structure(let data)) = content { data } else { nil }
  }

  /// The vendor data; nil for any other capability and for what does not decode.
  public var vendor: VendorCap? {
    if case .success(.vendor(let vendor)) = content { vendor } else { nil }
  }

  /// `pci_cfg_data`, when this is the window capability and those bytes were read.
  public var pciCfgData: UInt32? {
    // Asked first: of a live device they are not read, so that this is no error.
    guard head.cfgType == .pci, bytes.count >= CfgCap.size else { return nil }
    return try? CfgCap(from: bytes.span).pciCfgData
  }

  /// Whether this names a place in a BAR: true of all but vendor data and the window.
  public var locatesStructure: Bool { head.locatesStructure }
}
