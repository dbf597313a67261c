/// What a virtio device is, by its virtio device ID, VIRTIO 1.4 §5.
///
/// An open code point: any number is kept, so that a type of a later version is still shown.
public struct DeviceType: RawRepresentable, Hashable, Sendable {
  public let rawValue: UInt16

  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// No type: the number is reserved.
  public static let invalid = Self(rawValue: 0)
  /// A network card, §5.1.
  public static let net = Self(rawValue: 1)
  /// A disk, §5.2.
  public static let blk = Self(rawValue: 2)
  /// A console, or several serial ports, §5.3.
  public static let console = Self(rawValue: 3)
  /// A source of entropy, §5.4.
  public static let rng = Self(rawValue: 4)
  /// A memory balloon, the traditional one, §5.5.
  public static let balloon = Self(rawValue: 5)
  /// Memory that is accessed by I/O.
  public static let iomem = Self(rawValue: 6)
  /// A channel of messages to a remote processor.
  public static let rpmsg = Self(rawValue: 7)
  /// A SCSI host adapter, §5.6.
  public static let scsi = Self(rawValue: 8)
  /// A file system by the 9P protocol.
  public static let nineP = Self(rawValue: 9)
  /// A wireless network card.
  public static let mac80211Wlan = Self(rawValue: 10)
  /// A serial line of a remote processor.
  public static let rprocSerial = Self(rawValue: 11)
  /// A CAIF modem link.
  public static let caif = Self(rawValue: 12)
  /// A memory balloon of the new kind, which was never described.
  public static let memoryBalloon = Self(rawValue: 13)
  /// A graphics card, §5.7.
  public static let gpu = Self(rawValue: 16)
  /// Clocks and alarms, §5.23.
  public static let rtc = Self(rawValue: 17)
  /// A keyboard, mouse or other input device, §5.8.
  public static let input = Self(rawValue: 18)
  /// Sockets between guest and host, vsock, §5.10.
  public static let socket = Self(rawValue: 19)
  /// A crypto accelerator, §5.9.
  public static let crypto = Self(rawValue: 20)
  /// A signal distribution module.
  public static let signalDist = Self(rawValue: 21)
  /// Storage that keeps records over a crash.
  public static let pstore = Self(rawValue: 22)
  /// An IOMMU of other devices, §5.13.
  public static let iommu = Self(rawValue: 23)
  /// Memory that can be plugged and unplugged, §5.15.
  public static let mem = Self(rawValue: 24)
  /// A sound card, §5.14.
  public static let sound = Self(rawValue: 25)
  /// A file system by FUSE, virtiofs, §5.11.
  public static let fs = Self(rawValue: 26)
  /// Persistent memory, §5.19.
  public static let pmem = Self(rawValue: 27)
  /// A replay protected memory block, §5.12.
  public static let rpmb = Self(rawValue: 28)
  /// A simulated wireless network of Linux.
  public static let mac80211Hwsim = Self(rawValue: 29)
  /// A video encoder.
  public static let videoEncoder = Self(rawValue: 30)
  /// A video decoder.
  public static let videoDecoder = Self(rawValue: 31)
  /// System control and management by SCMI, §5.17.
  public static let scmi = Self(rawValue: 32)
  /// The secure module of an AWS Nitro enclave.
  public static let nitroSecureModule = Self(rawValue: 33)
  /// An I2C adapter, §5.16.
  public static let i2c = Self(rawValue: 34)
  /// A watchdog timer.
  public static let watchdog = Self(rawValue: 35)
  /// A CAN controller, §5.20.
  public static let can = Self(rawValue: 36)
  /// DMA buffers that are shared; the number is used by Linux alone.
  public static let dmabuf = Self(rawValue: 37)
  /// A parameter server.
  public static let paramServer = Self(rawValue: 38)
  /// An audio policy device.
  public static let audioPolicy = Self(rawValue: 39)
  /// A Bluetooth controller.
  public static let bluetooth = Self(rawValue: 40)
  /// A GPIO controller, §5.18.
  public static let gpio = Self(rawValue: 41)
  /// A network card for RDMA.
  public static let rdma = Self(rawValue: 42)
  /// A camera.
  public static let camera = Self(rawValue: 43)
  /// Shared memory between systems, ISM.
  public static let ism = Self(rawValue: 44)
  /// An SPI controller, §5.21.
  public static let spi = Self(rawValue: 45)
  /// A trusted execution environment.
  public static let tee = Self(rawValue: 46)
  /// A CPU balloon.
  public static let cpuBalloon = Self(rawValue: 47)
  /// A media accelerator of V4L2, §5.22.
  public static let media = Self(rawValue: 48)
  /// A USB controller.
  public static let usb = Self(rawValue: 49)
}

extension DeviceType {
  /// What the specification says of a type.
  struct Entry: Sendable {
    let type: DeviceType
    let key: String
    let name: String
    /// The section that describes it; nil for a reserved number.
    let section: String?
    /// Whether the number is in the table of VIRTIO 1.4 §5.
    let isInTable: Bool

    init(
      _ type: DeviceType, _ key: String, _ name: String, section: String? = nil,
      isInTable: Bool = true
    ) {
      self.type = type
      self.key = key
      self.name = name
      self.section = section
      self.isInTable = isInTable
    }
  }

  /// Every number that is taken, in ascending order. 9P and Bluetooth have no section; their
  /// configuration is known from Linux.
  static let entries: [Entry] = [
    Entry(.invalid, "invalid", "Reserved (invalid)"),
    Entry(.net, "net", "Network device", section: "§5.1"),
    Entry(.blk, "blk", "Block device", section: "§5.2"),
    Entry(.console, "console", "Console", section: "§5.3"),
    Entry(.rng, "rng", "Entropy source", section: "§5.4"),
    Entry(.balloon, "balloon", "Memory balloon (traditional)", section: "§5.5"),
    Entry(.iomem, "iomem", "ioMemory"),
    Entry(.rpmsg, "rpmsg", "rpmsg"),
    Entry(.scsi, "scsi", "SCSI host", section: "§5.6"),
    Entry(.nineP, "9p", "9P transport"),
    Entry(.mac80211Wlan, "mac80211-wlan", "mac80211 WLAN"),
    Entry(.rprocSerial, "rproc-serial", "rproc serial"),
    Entry(.caif, "caif", "CAIF"),
    Entry(.memoryBalloon, "memory-balloon", "Memory balloon (new, never specified)"),
    Entry(.gpu, "gpu", "GPU", section: "§5.7"),
    Entry(.rtc, "rtc", "RTC (real time clock)", section: "§5.23"),
    Entry(.input, "input", "Input", section: "§5.8"),
    Entry(.socket, "socket", "Socket (vsock)", section: "§5.10"),
    Entry(.crypto, "crypto", "Crypto", section: "§5.9"),
    Entry(.signalDist, "signal-dist", "Signal distribution module"),
    Entry(.pstore, "pstore", "pstore"),
    Entry(.iommu, "iommu", "IOMMU", section: "§5.13"),
    Entry(.mem, "mem", "Memory", section: "§5.15"),
    Entry(.sound, "sound", "Sound", section: "§5.14"),
    Entry(.fs, "fs", "File system", section: "§5.11"),
    Entry(.pmem, "pmem", "PMEM", section: "§5.19"),
    Entry(.rpmb, "rpmb", "RPMB", section: "§5.12"),
    Entry(.mac80211Hwsim, "mac80211-hwsim", "mac80211 hwsim wireless simulation"),
    Entry(.videoEncoder, "video-encoder", "Video encoder"),
    Entry(.videoDecoder, "video-decoder", "Video decoder"),
    Entry(.scmi, "scmi", "SCMI", section: "§5.17"),
    Entry(.nitroSecureModule, "nitro-secure-module", "Nitro secure module"),
    Entry(.i2c, "i2c", "I2C adapter", section: "§5.16"),
    Entry(.watchdog, "watchdog", "Watchdog"),
    Entry(.can, "can", "CAN", section: "§5.20"),
    Entry(.dmabuf, "dmabuf", "DMA-BUF (number used by Linux only)", isInTable: false),
    Entry(.paramServer, "param-server", "Parameter server"),
    Entry(.audioPolicy, "audio-policy", "Audio policy"),
    Entry(.bluetooth, "bluetooth", "Bluetooth"),
    Entry(.gpio, "gpio", "GPIO", section: "§5.18"),
    Entry(.rdma, "rdma", "RDMA"),
    Entry(.camera, "camera", "Camera"),
    Entry(.ism, "ism", "ISM"),
    Entry(.spi, "spi", "SPI controller", section: "§5.21"),
    Entry(.tee, "tee", "TEE"),
    Entry(.cpuBalloon, "cpu-balloon", "CPU balloon"),
    Entry(.media, "media", "Media", section: "§5.22"),
    Entry(.usb, "usb", "USB controller"),
  ]

  /// Where it is in `entries`, of which a copy would count references for nothing.
  private var index: Int? { Self.entries.indices.first { Self.entries[$0].type == self } }

  /// Every number that is taken, in ascending order.
  public static var defined: [Self] { entries.map { $0.type } }

  /// A short lower-case name (`net`, `socket`); nil for a number that is not taken.
  public var key: String? { index.map { Self.entries[$0].key } }

  /// What people call it; nil for a number that is not taken.
  public var name: String? { index.map { Self.entries[$0].name } }

  /// The section of VIRTIO 1.4 that describes it (`§5.1`); nil when there is none.
  public var section: String? { index.flatMap { Self.entries[$0].section } }

  /// Whether VIRTIO 1.4 assigns the number; Linux uses one that it does not.
  public var isAssigned: Bool { index.map { Self.entries[$0].isInTable } ?? false }

  /// The type that `key` is the short name of.
  public init?(key: String) {
    guard let entry = Self.entries.first(where: { $0.key == key }) else { return nil }
    self = entry.type
  }
}

extension DeviceType {
  /// The type of a transitional device with this PCI device ID, VIRTIO 1.4 §4.1.2.1; nil for an ID that
  /// is not assigned. They follow no rule.
  public init?(transitionalID deviceID: UInt16) {
    // No array, so that nothing is allocated.
    switch deviceID {
    case 0x1000: self = .net
    case 0x1001: self = .blk
    case 0x1002: self = .balloon
    case 0x1003: self = .console
    case 0x1004: self = .scsi
    case 0x1005: self = .rng
    case 0x1009: self = .nineP
    default: return nil
    }
  }

  /// The type of a PCI function, VIRTIO 1.4 §4.1.2; nil when it is not a virtio function or does
  /// not say.
  ///
  /// A modern device ID is 0x1040 plus the type. A transitional one is looked up; where it is not
  /// assigned, the subsystem ID is the type.
  public init?(identity: Identity) {
    guard identity.isVirtio else { return nil }
    if identity.hasModernID {
      self.init(assigned: identity.deviceID - Identity.modernIDs.lowerBound)
    } else if let type = Self(transitionalID: identity.deviceID) {
      self = type
    } else {
      self.init(assigned: identity.subsystemID)
    }
  }

  private init?(assigned id: UInt16) {
    guard id != Self.invalid.rawValue else { return nil }
    self.init(rawValue: id)
  }
}

extension DeviceType: CustomStringConvertible {
  /// The short name; the number of a type without one.
  public var description: String { key ?? String(rawValue) }
}
