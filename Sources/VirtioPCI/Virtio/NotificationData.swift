/// What a driver writes to a doorbell with `VIRTIO_F_NOTIFICATION_DATA`, VIRTIO 1.4 §4.1.5.2 and
/// §2.9.
public struct NotificationData: RawRepresentable, Hashable, Sendable {
  /// The 32 bits as they are written.
  public private(set) var rawValue: UInt32

  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Nil when `nextOff` has more than 15 bits.
  public init?(vqn: UInt16, nextOff: UInt16, nextWrap: Bool) {
    guard nextOff <= 0x7FFF else { return nil }
    self.init(vqn: vqn, position: nextOff | (nextWrap ? 0x8000 : 0))
  }

  /// For a split virtqueue: the position is its available index, all 16 bits of it.
  public init(vqn: UInt16, availableIndex: UInt16) {
    self.init(vqn: vqn, position: availableIndex)
  }

  private init(vqn: UInt16, position: UInt16) {
    rawValue = UInt32(position) << 16 | UInt32(vqn)
  }

  /// The index of the virtqueue, or its `queue_notif_config_data` when
  /// `VIRTIO_F_NOTIF_CONFIG_DATA` is negotiated as well.
  public var vqn: UInt16 {
    get { UInt16(truncatingIfNeeded: rawValue) }
    set { self = Self(vqn: newValue, position: availableIndex) }
  }

  /// The available index of a split ring: all 16 bits of the position.
  public var availableIndex: UInt16 {
    get { UInt16(truncatingIfNeeded: rawValue >> 16) }
    set { self = Self(vqn: vqn, position: newValue) }
  }

  /// Where the next available entry goes: a descriptor of a packed ring, or the low 15 bits of a
  /// split one's available index. Of a new value 15 bits count.
  public var nextOff: UInt16 {
    get { availableIndex & 0x7FFF }
    set { availableIndex = availableIndex & 0x8000 | newValue & 0x7FFF }
  }

  /// The wrap counter of a packed ring, or the high bit of a split one's available index.
  public var nextWrap: Bool {
    get { availableIndex & 0x8000 != 0 }
    set { availableIndex = nextOff | (newValue ? 0x8000 : 0) }
  }
}
