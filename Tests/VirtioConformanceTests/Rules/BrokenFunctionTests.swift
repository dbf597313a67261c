import TestSupport
import Testing

@testable import VirtioConformance
@testable import VirtioPCI

/// A defect in a function that is healthy but for it.
struct Defect: Sendable, CustomTestStringConvertible {
  var rule: String
  var type: DeviceType
  var severity: Severity
  var damage: @Sendable (inout HealthyFunction) -> Void

  init(
    _ rule: String, _ type: DeviceType = .net, _ severity: Severity = .error,
    _ damage: @escaping @Sendable (inout HealthyFunction) -> Void
  ) {
    self.rule = rule
    self.type = type
    self.severity = severity
    self.damage = damage
  }

  /// A field of the device-specific configuration with a wrong value.
  init(
    _ rule: String, _ type: DeviceType, _ severity: Severity, _ field: String, _ value: UInt64
  ) {
    self.init(rule, type, severity) { $0.set(field, value) }
  }

  var testDescription: String { rule }
}

@Suite("Broken functions")
struct BrokenFunctionTests {
  private static let io = BAR(index: 0, space: .io, address: 0xC000, size: 0x80)

  static let defects: [Defect] = [
    // Identity
    Defect("pci-device-id-valid") { $0.device = 0x1006 },
    Defect("pci-device-id-type-assigned", .net, .warning) { $0.edit = { $0.type = nil } },
    Defect("pci-device-id-type-assigned", DeviceType(rawValue: 63), .warning) { _ in },
    // Linux uses the number; VIRTIO 1.4 does not assign it.
    Defect("pci-device-id-type-assigned", .dmabuf, .warning) { _ in },
    Defect("pci-id-transitional-only-if-transitional", .net, .warning) {
      $0.device = 0x1000
      $0.subsystem = 1
    },
    Defect("pci-modern-revision", .net, .warning) { $0.revision = 0 },
    Defect("pci-modern-subsystem-id", .net, .warning) { $0.subsystem = 1 },
    Defect("pci-transitional-revision") {
      $0.device = 0x1000
      $0.subsystem = 1
      $0.bars[0] = io
    },
    Defect("pci-transitional-subsystem-matches-type") {
      $0.device = 0x1000
      $0.revision = 0
      $0.subsystem = 2
      $0.bars[0] = io
    },
    Defect("pci-transitional-id-range") {
      $0.revision = 0
      $0.subsystem = 1
      $0.bars[0] = io
    },
    Defect("pci-gpu-class", .gpu, .warning) { $0.classCode = 0xFF0000 },

    // The list and what is in it
    Defect("pci-config-capability-list") { $0.edit = { $0.listEnd = .loop(position: 0x40) } },
    Defect("cap-common-present") { $0.capabilities[0x40] = nil },
    Defect("cap-common-present") { $0.capabilities[0x40] = .common(bar: 6) },
    Defect("cap-notify-present") { $0.capabilities[0x70] = nil },
    Defect("cap-isr-present") { $0.capabilities[0x50] = nil },
    Defect("cap-pci-cfg-present") { $0.capabilities[0x84] = nil },
    Defect("cap-device-cfg-present", .blk) { $0.capabilities[0x60] = nil },
    Defect("cap-len-base") { $0.capabilities[0x40] = .virtio(1, length: 64, capLen: 12) },
    Defect("cap-len-notify") { $0.capabilities[0x70] = .virtio(2, offset: 0x6000, capLen: 16) },
    Defect("cap-len-pci-cfg") { $0.capabilities[0x84] = .virtio(5, length: 0, capLen: 16) },
    Defect("cap-len-shared-memory") {
      $0.capabilities[0xA4] = .virtio(8, offset: 0x5_0000, capLen: 16)
    },
    Defect("cap-len-vendor-data-multiple-of-4") {
      $0.capabilities[0xA4] = .vendor(0x1234, data: [1, 2, 3, 4])
    },
    Defect("cap-vendor-data-vendor-id") {
      $0.capabilities[0xA4] = .vendor(0x1AF4, data: [0, 0])
    },
    Defect("cap-inside-config-space", .net, .warning) {
      $0.capabilities[0xF8] = .virtio(77)
    },
    Defect("cap-inside-config-space", .net, .warning) {
      $0.capabilities[0x40] = .virtio(1, length: 64, capLen: 32)
    },
    Defect("cap-cfg-type-defined", .net, .note) { $0.capabilities[0xA4] = .virtio(7) },

    // Places
    Defect("cap-bar-defined", .net, .warning) { $0.capabilities[0x60] = .virtio(4, bar: 6) },
    Defect("cap-bar-implemented", .net, .warning) { $0.capabilities[0x60] = .virtio(4, bar: 1) },
    Defect("cap-bar-assigned", .net, .warning) { $0.bars[0].address = nil },
    Defect("cap-bar-assigned", .net, .note) {
      $0.status = 0
      $0.edit = { function in
        function.command = [.io, .busMaster]
        function.kernel.virtio?.driver = nil
      }
    },
    Defect("cap-structure-in-bar", .net, .warning) {
      $0.capabilities[0x60] = .virtio(4, offset: 0x7_F000, length: 0x2000)
    },
    Defect("cap-structure-in-bar", .net, .warning) {
      $0.capabilities[0x60] = .device(offset: 0x8_0000)
    },
    Defect("cap-structure-no-wrap", .net, .warning) {
      $0.capabilities[0x60] = .device(offset: 0xFFFF_FFF0)
    },
    Defect("cap-structures-disjoint", .net, .warning) {
      $0.capabilities[0x50] = .isr(offset: 0x10)
    },
    Defect("cap-structures-disjoint", .net, .warning) {
      $0.capabilities[0x98] = .msix(vectors: 4, table: 0x8000, pending: 0x8008)
    },
    Defect("cap-common-offset-aligned") {
      $0.capabilities[0x40] = .common(offset: 0x1002, length: 64)
    },
    Defect("cap-notify-offset-aligned") {
      $0.capabilities[0x70] = .notify(offset: 0x6002, multiplier: 4)
    },
    Defect("cap-device-cfg-offset-aligned") { $0.capabilities[0x60] = .device(offset: 0x4002) },
    Defect("cap-isr-length", .net, .warning) {
      $0.capabilities[0x50] = .virtio(3, offset: 0x2000, length: 0)
    },
    Defect("cap-common-length-base", .net, .warning) {
      $0.capabilities[0x40] = .common(length: 48)
    },
    Defect("cap-common-length-notif-config-data", .net, .warning) {
      $0.capabilities[0x40] = .common(length: 56)
    },
    Defect("cap-common-length-ring-reset", .net, .warning) {
      $0.capabilities[0x40] = .common(length: 56)
    },
    Defect("cap-common-length-admin-vq", .net, .warning) {
      $0.capabilities[0x40] = .common(length: 60)
    },
    Defect("notify-length-min") {
      $0.capabilities[0x70] = .virtio(2, offset: 0x6000, length: 2, tail: [0, 0, 0, 0])
    },
    Defect("notify-multiplier") { $0.capabilities[0x70] = .notify(offset: 0x6000, multiplier: 6) },
    Defect("notify-multiplier") {
      $0.remove(.notificationData)
      $0.capabilities[0x70] = .notify(offset: 0x6000, multiplier: 1)
    },
    Defect("notify-offset-fits-every-queue") { $0.queue[0x1E] = [0, 4] },
    Defect("devcfg-length-covers-offered-fields", .net, .warning) {
      $0.capabilities[0x60] = .virtio(4, offset: 0x4000, length: 0)
    },
    Defect("devcfg-length-covers-offered-fields", .net, .warning) {
      $0.capabilities[0x60] = .virtio(4, offset: 0x4000, length: 8)
    },
    Defect("devcfg-length-covers-offered-fields", .sound, .warning) {
      $0.capabilities[0x60] = .virtio(4, offset: 0x4000, length: 12)
      $0.negotiated.remove(0)
    },

    // The window
    Defect("pci-cfg-window-length", .net, .note) {
      $0.capabilities[0x84] = .virtio(5, length: 8, tail: [0, 0, 0, 0])
    },
    Defect("pci-cfg-window-aligned", .net, .note) {
      $0.capabilities[0x84] = .virtio(5, offset: 2, length: 4, tail: [0, 0, 0, 0])
    },
    Defect("pci-cfg-window-in-structure", .net, .note) {
      $0.capabilities[0x84] = .virtio(5, offset: 0x7_0000, length: 4, tail: [0, 0, 0, 0])
    },

    // Shared memory
    Defect("shm-id-unique", .fs) {
      $0.capabilities[0xC0] = .sharedMemory(id: 0, offset: 0x5_1000, length: 0x1000)
    },
    Defect("shm-region-in-bar", .fs) {
      $0.capabilities[0xA4] = .sharedMemory(offset: 0x8_0000, length: 1 << 33)
    },
    Defect("shm-region-nonempty", .fs, .warning) {
      $0.capabilities[0xA4] = .sharedMemory(offset: 0x5_0000, length: 0)
    },
    Defect("shm-region-not-control", .fs) {
      $0.capabilities[0xA4] = .sharedMemory(offset: 0, length: 0x1000)
    },
    Defect("shm-region-in-memory-bar", .fs, .warning) {
      $0.bars.append(BAR(index: 2, space: .io, address: 0xC000, size: 0x80))
      $0.capabilities[0xA4] = .sharedMemory(bar: 2, offset: 0, length: 0x80)
    },
    Defect("shm-id-gpu", .gpu) {
      $0.capabilities[0xA4] = .sharedMemory(id: 2, offset: 0x5_0000, length: 0x1000)
    },
    Defect("shm-id-gpu", .gpu, .warning) {
      $0.capabilities[0xA4] = .sharedMemory(id: 0, offset: 0x5_0000, length: 0x1000)
    },
    Defect("shm-id-fs", .fs) {
      $0.capabilities[0xA4] = .sharedMemory(id: 1, offset: 0x5_0000, length: 0x1000)
    },
    Defect("shm-id-pmem", .pmem) { $0.capabilities[0xA4] = nil },
    Defect("shm-id-scmi", .scmi) {
      $0.capabilities[0xA4] = .sharedMemory(id: 0, offset: 0x5_0000, length: 0x1000)
    },
    Defect("shm-id-media", .media, .warning) {
      $0.capabilities[0xA4] = .sharedMemory(id: 1, offset: 0x5_0000, length: 0x1000)
    },
    Defect("shm-scmi-feature", .scmi) { $0.remove(1) },
    Defect("shm-type-uses-shared-memory", .blk, .note) {
      $0.capabilities[0xA4] = .sharedMemory(offset: 0x5_0000, length: 0x1000)
    },

    // Interrupts
    Defect("msix-two-vectors", .net, .warning) {
      $0.capabilities[0x98] = .msix(vectors: 1, table: 0x8000, pending: 0x4_8000)
    },
    Defect("msix-config-vector-valid") { $0.common[0x10] = [8, 0] },
    Defect("msix-queue-vector-valid") { $0.queue[0x1A] = [5, 0] },
    Defect("msix-unmapped-after-reset") { $0.status = 0 },
    Defect("msix-absent-vectors", .net, .note) {
      $0.capabilities[0x98] = nil
      $0.common[0x10] = [3, 0]
    },
    Defect("msix-mapping-failed", .net, .note) { $0.common[0x10] = [0xFF, 0xFF] },

    // Status
    Defect("status-reserved-bit", .net, .warning) { $0.status = 0x2F },
    Defect("status-sequence-driver") { $0.status = 0x02 },
    Defect("status-sequence-features-ok") { $0.status = 0x09 },
    Defect("status-sequence-driver-ok") { $0.status = 0x07 },
    Defect("status-needs-reset") { $0.status = 0x4F },
    Defect("status-failed") { $0.status = 0x8F },
    Defect("status-suspend-negotiated", .net, .warning) {
      $0.status = 0x1B
      $0.negotiated.remove(43)
    },
    Defect("status-suspended-state", .net, .note) { $0.status = 0x1F },
    Defect("status-zero-while-bound") { $0.status = 0 },
    Defect("command-bus-master") { $0.edit = { $0.command = [.io, .memory] } },
    Defect("command-decoding") { $0.edit = { $0.command = [.io, .busMaster] } },
    // A driver that is no kernel's is at work once it has told the device.
    Defect("command-decoding") {
      $0.edit = { function in
        function.command = [.io, .busMaster]
        function.kernel.virtio?.driver = nil
      }
    },
    Defect("common-registers-not-all-ones") {
      $0.edit = { ($0.registers, $0.registersAreAllOnes) = (nil, true) }
    },
    Defect("common-registers-not-all-ones") {
      $0.edit = { function in
        function.registers = nil
        function.kernel.virtio?.status = DeviceStatus(rawValue: 0xFF)
      }
    },
    Defect("common-registers-not-all-zero") { $0.edit = { $0.readZeros() } },
    Defect("status-common-matches-sysfs", .net, .warning) {
      $0.edit = { $0.kernel.virtio?.status = .acknowledge }
    },

    // Queues
    Defect("queue-enable-zero-after-reset") { $0.status = 0 },
    Defect("queue-enable-values", .net, .warning) { $0.queue[0x1C] = [2, 0] },
    Defect("queue-enabled-exists", .net, .warning) { $0.queue[0x18] = [0, 0] },
    Defect("queue-size-power-of-two") {
      $0.negotiated.remove(34)
      $0.queue[0x18] = [3, 0]
    },
    // Before a driver has negotiated, where the packed ring is not offered.
    Defect("queue-size-power-of-two") {
      $0.status = 0
      $0.remove(.ringPacked)
      $0.queue[0x18] = [100, 0]
    },
    Defect("queue-size-max", .net, .warning) { $0.queue[0x18] = [0, 0xC0] },
    Defect("queue-size-zero-beyond-num-queues") { $0.queueCount = 10 },
    // So it is while the queue is being reset.
    Defect("queue-reset-zero-when-enabled", .net, .note) { $0.queue[0x3A] = [1, 0] },
    Defect("queue-addresses-set-when-enabled", .net, .note) { $0.queue[0x20] = [0, 0] },
    Defect("queue-desc-aligned") {
      $0.negotiated.remove(34)
      $0.queue[0x28] = [1, 0]
    },
    Defect("queue-packed-desc-aligned") { $0.queue[0x20] = [8, 0] },
    Defect("queue-packed-desc-aligned") { $0.queue[0x28] = [2, 0] },
    Defect("driver-ok-has-enabled-queue", .net, .note) { $0.queueCount = 0 },
    Defect("num-queues-fits-type", .net, .warning) { $0.common[0x12] = [1, 0] },
    Defect("num-queues-net", .net, .warning, "max_virtqueue_pairs", 8),
    Defect("num-queues-blk", .blk, .warning, "num_queues", 9),
    Defect("num-queues-scsi", .scsi, .warning, "num_queues", 7),
    Defect("num-queues-crypto", .crypto, .warning, "max_dataqueues", 8),
    Defect("num-queues-fs", .fs, .warning, "num_request_queues", 7),
    Defect("num-queues-console", .console, .warning, "max_nr_ports", 4),
    Defect("num-queues-balloon", .balloon, .warning) { $0.common[0x12] = [4, 0] },
    Defect("num-queues-gpio", .gpio, .warning) { $0.common[0x12] = [1, 0] },
    Defect("num-queues-scmi", .scmi, .warning) { $0.common[0x12] = [1, 0] },
    Defect("num-queues-rtc", .rtc, .warning) { $0.common[0x12] = [1, 0] },
    Defect("admin-queue-index") { $0.common[0x3C] = [7, 0] },
    Defect("admin-queue-num-range") { $0.common[0x3E] = [0xFF, 0xFF] },
    Defect("admin-queue-num-nonzero", .net, .warning) { $0.common[0x3E] = [0, 0] },
    Defect("driver-feature-readback") { $0.common[0x0C] = [0, 0, 0, 0] },
    Defect("driver-feature-readback") {
      $0.common[0x0C] = [0xFF, 0xFF, 0xFF, 0xFF]
      $0.negotiated.remove(28)
    },

    // Features
    Defect("driver-features-subset") { $0.offered.remove(28) },
    Defect("feature-version-1-offered") { $0.remove(.version1) },
    Defect("feature-version-1-accepted") { $0.negotiated.remove(Feature.version1.bit) },
    Defect("feature-reserved-bits") { $0.offered.insert(44) },
    Defect("feature-generic-undefined-bits", .net, .note) { $0.offered.insert(25) },
    Defect("feature-device-undefined-bits", .blk, .note) { $0.offered.insert(3) },
    Defect("feature-legacy-only-on-modern", .net, .warning) { $0.offered.insert(24) },
    Defect("feature-bit-30-not-negotiated", .net, .warning) { $0.negotiated.insert(30) },
    Defect("feature-sr-iov-needs-capability") { $0.edit = { $0.extendedCapabilities = [] } },
    Defect("feature-sr-iov-offered", .net, .warning) { $0.remove(37) },
    Defect("feature-sr-iov-not-negotiated-without-cap") {
      $0.edit = { $0.extendedCapabilities = [] }
    },
    Defect("feature-driver-accepts-access-platform", .net, .note) { $0.negotiated.remove(33) },
    Defect("feature-driver-accepts-ring-packed", .net, .note) { $0.negotiated.remove(34) },
    Defect("feature-driver-accepts-order-platform", .net, .note) { $0.negotiated.remove(36) },
    Defect("feature-driver-accepts-notif-config-data", .net, .note) { $0.negotiated.remove(39) },
    Defect("feature-dependency-closed-negotiated") { $0.negotiated.remove(1) },
    Defect("feature-driver-no-undefined-bits", .net, .note) { $0.negotiated.insert(25) },

    // Device-specific configuration
    Defect("net-mq-pairs-range", .net, .error, "max_virtqueue_pairs", 0),
    Defect("net-mtu-range", .net, .error, "mtu", 67),
    Defect("net-mtu-1280", .net, .warning, "mtu", 1279),
    Defect("net-rss-key-size", .net, .error, "rss_max_key_size", 39),
    Defect("net-rss-table-length", .net, .error, "rss_max_indirection_table_length", 127),
    Defect("net-speed-values", .net, .error, "speed", 0x8000_0000),
    Defect("net-duplex-values", .net, .error, "duplex", 2),
    Defect("net-status-bits", .net, .warning, "status", 4),
    Defect("net-mac-unicast", .net, .warning, "mac", 1),
    Defect("net-mac-unicast", .net, .warning, "mac", 0),
    Defect("net-hash-types-defined", .net, .warning, "supported_hash_types", 0x200),
    Defect("net-tunnel-types-defined", .net, .warning, "supported_tunnel_types", 0x200),
    Defect("blk-writeback-values", .blk, .warning, "writeback", 2),
    Defect("blk-num-queues-min", .blk, .warning, "num_queues", 0),
    Defect("blk-blk-size", .blk, .warning, "blk_size", 1000),
    Defect("blk-blk-size", .blk, .warning, "blk_size", 256),
    Defect("blk-seg-max-min", .blk, .warning, "seg_max", 0),
    Defect("blk-discard-limits", .blk, .warning, "max_discard_seg", 0),
    Defect("blk-write-zeroes-limits", .blk, .warning, "max_write_zeroes_seg", 0),
    Defect("blk-secure-erase-limits", .blk, .warning, "max_secure_erase_seg", 0),
    Defect("feature-blk-zoned-hm-no-discard", .blk) {
      $0.negotiated.remove(17)
      $0.set("zoned.model", 1)
    },
    Defect("blk-zoned-model", .blk, .error, "zoned.model", 3),
    Defect("blk-zoned-zone-sectors", .blk, .error, "zoned.zone_sectors", 0),
    Defect(
      "blk-zoned-zone-sectors-power-of-two", .blk, .warning, "zoned.zone_sectors", 3000),
    Defect("blk-zoned-write-granularity", .blk, .error, "zoned.write_granularity", 0),
    Defect("blk-zoned-hm-refused", .blk) {
      $0.negotiated.remove(17)
      $0.set("zoned.model", 1)
    },
    Defect("blk-zoned-append-limit", .blk, .warning, "zoned.max_append_sectors", 1025),
    Defect("blk-zoned-zero-when-refused", .blk, .warning) { $0.negotiated.remove(17) },
    Defect("blk-zoned-nonzoned-not-offered", .blk, .note, "zoned.model", 0),
    Defect(
      "blk-zoned-secure-erase-alignment", .blk, .error, "secure_erase_sector_alignment", 9),
    Defect("blk-may-unmap", .blk, .warning, "write_zeroes_may_unmap", 2),
    Defect("console-max-ports", .console, .warning, "max_nr_ports", 0),
    Defect("balloon-sizes", .balloon, .note, "num_pages", 1),
    Defect("scsi-reset-defaults", .scsi) {
      $0.status = 0
      $0.set("sense_size", 95)
    },
    Defect("scsi-reset-defaults", .scsi) {
      $0.status = 0
      $0.set("cdb_size", 31)
    },
    Defect("scsi-max-channel", .scsi, .warning, "max_channel", 1),
    Defect("scsi-max-target", .scsi, .warning, "max_target", 256),
    Defect("scsi-max-lun", .scsi, .warning, "max_lun", 16_384),
    Defect("gpu-scanouts", .gpu, .warning, "num_scanouts", 17),
    Defect("gpu-blob-alignment", .gpu, .warning, "blob_alignment", 3),
    Defect("gpu-events-defined", .gpu, .warning, "events_read", 2),
    Defect("input-size-zero-when-unsupported", .input, .error, "size", 1),
    Defect("input-size-max", .input, .warning, "size", 129),
    Defect("input-size-matches-select", .input, .warning) {
      $0.set("select", 3)
      $0.set("size", 7)
    },
    Defect("input-size-matches-select", .input, .warning) {
      $0.set("select", 0x12)
      $0.set("size", 8)
    },
    Defect("crypto-dataqueues", .crypto, .error, "max_dataqueues", 0),
    Defect("crypto-status-defined", .crypto, .error, "status", 2),
    Defect("crypto-algorithms-defined", .crypto, .error, "cipher_algo_l", 0x8002),
    Defect("crypto-services-have-algorithms", .crypto, .error, "crypto_services", 3),
    Defect("crypto-services-defined", .crypto, .warning, "crypto_services", 0x41),
    Defect("crypto-ipsec-admin", .crypto, .warning) {
      $0.remove(41)
      $0.set("crypto_services", 0x21)
    },
    Defect("crypto-max-size", .crypto, .error, "max_size", 0),
    Defect("crypto-cipher-key-len", .crypto, .error, "max_cipher_key_len", 0),
    Defect("crypto-auth-key-len", .crypto) {
      $0.set("crypto_services", 5)
      $0.set("mac_algo_l", 2)
    },
    Defect("socket-cid-high-zero", .socket, .warning, "guest_cid", 1 << 32 | 3),
    Defect("socket-cid-not-reserved", .socket, .warning, "guest_cid", 2),
    Defect("fs-request-queues", .fs, .error, "num_request_queues", 0),
    Defect("fs-tag", .fs, .warning, "tag", 0),
    Defect("fs-tag", .fs, .warning, "tag", 0xFF),
    Defect("fs-tag", .fs, .warning, "tag", 0x61_0061),
    Defect("fs-notify-buf-size", .fs, .error, "notify_buf_size", 15),
    Defect("rpmb-capacity", .rpmb, .error, "capacity", 0x81),
    Defect("iommu-page-mask", .iommu, .error, "page_size_mask", 0),
    Defect("iommu-bypass-value", .iommu, .error, "bypass", 2),
    Defect("iommu-input-range", .iommu, .warning, "input_range.start", 1),
    Defect("iommu-domain-range", .iommu, .warning, "domain_range.start", 1),
    Defect("iommu-probe-size", .iommu, .warning, "probe_size", 0),
    Defect("mem-block-size", .mem, .error, "block_size", 3),
    Defect("mem-multiples", .mem, .error, "addr", 1),
    Defect("mem-usable-covers-requested", .mem, .error, "requested_size", 0x20_0000),
    Defect("mem-usable-within-region", .mem, .warning, "usable_region_size", 0x8000_0000),
    Defect("mem-usable-within-region", .mem, .warning, "plugged_size", 0x20_0000),
    Defect("gpio-names-size", .gpio, .error, "gpio_names_size", 3),
    Defect("pmem-address", .pmem) { $0.remove(0) },
    Defect("pmem-address", .pmem) {
      $0.remove(0)
      $0.set("start", .max)
      $0.set("size", 2)
    },
    Defect("can-status-defined", .can, .warning, "status", 2),
    Defect("spi-nbits-reserved", .spi, .warning, "rx_nbits_supported", 8),
    Defect("spi-cs-change", .spi, .warning, "cs_change_supported", 2),
    Defect("spi-cpha-cpol", .spi, .warning, "mode_func_supported", 4),
    Defect("spi-cpha-cpol", .spi, .warning, "mode_func_supported", 1),
    Defect("spi-mode-bits-defined", .spi, .warning, "mode_func_supported", 0x85),
    Defect("media-card-text", .media, .warning, "card", 0xFF),

    // The legacy interface
    Defect("transitional-legacy-bar0-io") {
      $0.device = 0x1000
      $0.revision = 0
      $0.subsystem = 1
    },
    Defect("transitional-bar0-size", .net, .warning) {
      $0.device = 0x1000
      $0.revision = 0
      $0.subsystem = 1
      $0.bars[0] = io
      $0.bars[0].size = 32
    },
    Defect("transitional-legacy-features-32") {
      $0.device = 0x1000
      $0.revision = 0
      $0.subsystem = 1
      $0.bars[0] = io
      $0.negotiated = [5, 40]
    },
  ]

  @Test("each defect is found by its rule", arguments: defects)
  func found(defect: Defect) throws {
    var function = HealthyFunction(defect.type)
    defect.damage(&function)
    let state = try function.state()
    let outcome = try #require(
      Outcome.all(in: state).first { $0.rule.id == defect.rule })
    let problem = try #require(outcome.problems.first, "\(outcome.verdict)")
    #expect(problem.severity == defect.severity)
    #expect(!problem.message.isEmpty)
  }

  /// Every type that has rules of its own, and 9P, whose configuration has no size of its own.
  static let healthy: [DeviceType] = DeviceType.defined.filter { $0.section != nil } + [.nineP]

  @Test("a healthy function of each type has no finding", arguments: healthy)
  func sound(type: DeviceType) throws {
    let outcomes = Outcome.all(in: try HealthyFunction(type).state())
    #expect(outcomes.flatMap(\.problems).map { "\($0.rule.id): \($0.message)" } == [])
    for outcome in outcomes {
      if case .notChecked(let reason) = outcome.verdict,
        !(type.configFields.isEmpty && outcome.rule.needs.contains(.deviceConfig))
      {
        Issue.record("\(outcome.rule.id): \(reason)")
      }
    }
  }

  @Test("the tag of 9P takes as many bytes as there are, also of the legacy registers")
  func transitionalNineP() throws {
    var function = HealthyFunction(.nineP)
    function.device = 0x1009
    function.revision = 0
    function.subsystem = 9
    function.bars[0] = Self.io
    function.bars[0].size = 32
    for id in ["transitional-bar0-size", "devcfg-length-covers-offered-fields"] {
      let outcome = try #require(
        Outcome.all(in: try function.state()).first { $0.rule.id == id })
      guard case .held = outcome.verdict else {
        Issue.record("\(id): \(outcome.verdict)")
        continue
      }
    }
  }

  @Test("Bluetooth's second layout is there once it was negotiated", arguments: [false, true])
  func bluetoothLayout(isNegotiated: Bool) throws {
    var function = HealthyFunction(.bluetooth)
    function.capabilities[0x60] = .virtio(4, offset: 0x4000, length: 5)
    if !isNegotiated { function.negotiated.remove(3) }
    let problems = Outcome.all(in: try function.state()).flatMap(\.problems)
      .filter { $0.rule.id == "devcfg-length-covers-offered-fields" }
    #expect(problems.count == (isNegotiated ? 1 : 0))
  }

  @Test("what does not count for its BAR breaks no other rule")
  func ignored() throws {
    var function = HealthyFunction(.fs)
    // On top of each other, without a byte, and with an id that is taken.
    function.capabilities[0xC0] = .sharedMemory(bar: 6, offset: 0, length: 0)
    function.capabilities[0xD8] = .virtio(3, bar: 6, offset: 0, length: 16)
    function.capabilities[0xE8] = .virtio(4, bar: 6, offset: 0, length: 0x100)
    let problems = Outcome.all(in: try function.state()).flatMap(\.problems)
    #expect(problems.map(\.rule.id) == Array(repeating: "cap-bar-defined", count: 3))
  }

  @Test(
    "a selected queue beyond num_queues is none of administration only where that is known",
    arguments: [nil, [], [41]] as [[Int]?])
  func selectedAdminQueue(offered: [Int]?) throws {
    var function = HealthyFunction(.net)
    function.offered.remove(41)
    function.queueCount = 9
    function.edit = { state in
      state.registers?.offered = offered.map { FeatureSet(bits: $0) }
      state.kernel.virtio?.features = nil
    }
    let outcome = try #require(
      Outcome.all(in: try function.state())
        .first { $0.rule.id == "queue-size-zero-beyond-num-queues" })
    switch outcome.verdict {
    case .broken: #expect(offered == [])
    case .notChecked: #expect(offered != [])
    case .held, .notApplicable: Issue.record("\(outcome.verdict)")
    }
  }

  @Test("the queue that was selected is judged whether all queues were read or not")
  func selectedBeyond() throws {
    var function = HealthyFunction(.net)
    function.edit = { state in
      // As a probe does: those that there are.
      let queues = state.registers?.queues ?? []
      let present = queues.filter { !state.isAbsent($0) }
      state.registers?.queues = present
    }
    func verdict(size: UInt8) throws -> Verdict {
      function.common[CommonCfg.queueSelect.offset] = [12, 0]
      function.common[CommonCfg.queueSize.offset] = [0, size]
      return try #require(
        Outcome.all(in: try function.state())
          .first { $0.rule.id == "queue-size-zero-beyond-num-queues" }
      ).verdict
    }
    guard case .held = try verdict(size: 0) else {
      Issue.record("\(try verdict(size: 0))")
      return
    }
    #expect(try verdict(size: 1) == .broken(.error))
    let rule = try #require(Rule.all.first { $0.id == "queue-size-zero-beyond-num-queues" })
    #expect(
      rule.findings(in: try function.state()).map(\.message) == [
        "queue 12: it has size 256, and num_queues is 8"
      ])
  }

  @Test("of a type that is but a number nothing is said to hold that depends on the type")
  func undescribedType() throws {
    var function = HealthyFunction(.fs)
    function.edit = { $0.type = DeviceType(rawValue: 35) }
    for outcome in Outcome.all(in: try function.state())
    where outcome.rule.needs.contains(.describedType) {
      #expect(outcome.verdict == .notApplicable, "\(outcome.rule.id)")
    }
  }

  /// What becomes of the rules in a transitional function with I/O BAR 0, after a change.
  private func transitionalOutcomes(
    _ change: (inout HealthyFunction) -> Void
  ) throws -> [Outcome] {
    var function = HealthyFunction(.net)
    function.device = 0x1000
    function.revision = 0
    function.subsystem = 1
    function.bars[0] = Self.io
    change(&function)
    return Outcome.all(in: try function.state())
  }

  private func transitionalProblems(
    _ change: (inout HealthyFunction) -> Void
  ) throws -> [String] {
    try transitionalOutcomes(change).flatMap(\.problems).map(\.rule.id)
  }

  @Test("what a legacy driver does shows in no register of the other interface")
  func legacyDriver() throws {
    let outcomes = try transitionalOutcomes { function in
      // Accepted through the legacy interface, which alone may offer bit 27.
      function.offered = [5, 16, 17, 32, 34]
      function.negotiated = [5, 27]
      function.status = 7
      function.common[CommonCfg.driverFeature.offset] = [0, 0, 0, 0]
      function.edit = { state in
        let disabled = (state.registers?.queues ?? []).map { queue in
          var queue = queue
          queue.enable = 0
          return queue
        }
        state.registers?.queues = disabled
      }
    }
    let silent = outcomes.filter { $0.rule.needs.contains(.modernDriver) }
    #expect(
      Set(silent.map(\.rule.id)).isSuperset(of: [
        "driver-features-subset", "driver-feature-readback", "driver-ok-has-enabled-queue",
        "feature-driver-accepts-ring-packed", "feature-version-1-accepted",
        "feature-net-driver-accepts", "msix-mapping-failed",
      ]))
    for outcome in silent {
      switch outcome.verdict {
      case .notChecked, .notApplicable: continue
      case .held, .broken: Issue.record("\(outcome.rule.id): \(outcome.verdict)")
      }
    }
  }

  @Test("a driver that accepts more than is offered makes no device offer it")
  func excess() throws {
    var function = HealthyFunction(.net)
    function.capabilities[0x40] = .common(length: 56)
    function.offered = [5, 16, 32, 37]
    function.negotiated = [5, 16, 32, 37, 40]
    let problems = Outcome.all(in: try function.state()).flatMap(\.problems)
    #expect(problems.map(\.rule.id) == ["driver-features-subset"])
  }

  @Test("how many queues there are is known where no feature can add to them")
  func knownPairs() throws {
    var function = HealthyFunction(.net)
    function.offered = [5, 16, 32]
    function.negotiated = []
    function.edit = { $0.kernel.virtio?.features = nil }
    let outcome = try #require(
      Outcome.all(in: try function.state()).first { $0.rule.id == "num-queues-net" })
    guard case .held = outcome.verdict else {
      Issue.record("\(outcome.verdict)")
      return
    }
  }

  @Test("BAR 0 holds the fields that the legacy interface offers, not those of later bits")
  func legacyFields() throws {
    // VIRTIO_NET_F_SPEED_DUPLEX, of 8 bytes, is bit 63.
    let change = { (function: inout HealthyFunction) in
      function.offered = [5, 16, 32, 63]
      function.negotiated = [5, 16, 32]
      function.bars[0].size = 32
    }
    #expect(try !transitionalProblems(change).contains("transitional-bar0-size"))
    #expect(
      try transitionalProblems {
        change(&$0)
        $0.bars[0].size = 16
      }.contains("transitional-bar0-size"))
  }

  @Test(
    "a network device has its further pairs once a feature that uses them is accepted",
    arguments: [[], [22], [60]] as [Set<Int>])
  func queuePairs(accepted: Set<Int>) throws {
    var function = HealthyFunction(.net)
    function.set("max_virtqueue_pairs", 4)
    function.common[CommonCfg.numQueues.offset] = [3, 0]
    function.negotiated.subtract(Set([22, 60]).subtracting(accepted))
    let problems = Outcome.all(in: try function.state()).flatMap(\.problems)
    #expect(problems.contains { $0.rule.id == "num-queues-net" } == !accepted.isEmpty)
  }

  @Test("what a driver accepted is offered, whether that was read or not")
  func accepted() throws {
    var function = HealthyFunction(.net)
    function.capabilities[0x40] = .common(length: 56)
    function.edit = { $0.registers?.offered = nil }
    let problems = Outcome.all(in: try function.state()).flatMap(\.problems).map(\.rule.id)
    #expect(problems.contains("cap-common-length-ring-reset"))
  }

  @Test(
    "what a field must be once its feature is negotiated it need not be before",
    arguments: [
      ("speed", 0x8000_0000, .net, 63), ("duplex", 2, .net, 63), ("writeback", 2, .blk, 11),
      ("zoned.model", 3, .blk, 17), ("max_virtqueue_pairs", 0, .net, 22),
    ] as [(String, UInt64, DeviceType, Int)])
  func refusedField(name: String, value: UInt64, type: DeviceType, bit: Int) throws {
    func rules(_ isRefused: Bool) throws -> Set<String> {
      var function = HealthyFunction(type)
      if isRefused { function.negotiated.remove(bit) }
      // Offered with another feature alone.
      if isRefused, bit == 22 { function.remove(bit) }
      function.set(name, value)
      return Set(Outcome.all(in: try function.state()).flatMap(\.problems).map(\.rule.id))
    }
    let about = [
      "speed": "net-speed-values", "duplex": "net-duplex-values",
      "writeback": "blk-writeback-values", "zoned.model": "blk-zoned-model",
      "max_virtqueue_pairs": "net-mq-pairs-range",
    ]
    let rule = try #require(about[name])
    #expect(try rules(false).contains(rule))
    #expect(try !rules(true).contains(rule))
  }

  @Test("of a type that is only a number nothing is said that its features would tell")
  func undescribed() throws {
    var function = HealthyFunction(.rpmsg)
    function.offered.insert(0)
    function.negotiated.insert(0)
    function.capabilities[0xA4] = .sharedMemory(id: 1, offset: 0x5_0000, length: 0x1000)
    let problems = Outcome.all(in: try function.state()).flatMap(\.problems).map(\.rule.id)
    #expect(problems == [])
    function.negotiated.insert(25)
    function.offered.insert(25)
    let generic = Outcome.all(in: try function.state()).flatMap(\.problems).map(\.rule.id)
    #expect(generic == ["feature-generic-undefined-bits", "feature-driver-no-undefined-bits"])
  }

  @Test("every rule is held once, and broken once")
  func coverage() throws {
    var held: Set<String> = []
    var functions = Self.healthy.map { HealthyFunction($0) }
    // A transitional function.
    var transitional = HealthyFunction(.net)
    transitional.device = 0x1000
    transitional.revision = 0
    transitional.subsystem = 1
    transitional.bars[0] = Self.io
    functions.append(transitional)
    for function in functions {
      for outcome in Outcome.all(in: try function.state()) {
        if case .held = outcome.verdict { held.insert(outcome.rule.id) }
      }
    }
    let broken = Set(Self.defects.map(\.rule) + FeatureDependencyTests.rows.map(\.rule))
    for rule in Rule.all {
      #expect(held.contains(rule.id), "\(rule.id) never holds")
      #expect(broken.contains(rule.id), "\(rule.id) is never broken")
    }
  }
}
