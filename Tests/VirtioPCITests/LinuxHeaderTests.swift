import Foundation
import TestSupport
import Testing

@testable import VirtioPCI

/// Compares the tables with `/usr/include/linux/virtio_*.h`, through a C program that prints what
/// those headers define.
@Suite(
  .enabled("needs a C compiler and the headers of Linux") {
    Headers.compiler != nil
      && FileManager.default.fileExists(atPath: "\(Headers.folder)/virtio_pci.h")
  })
struct LinuxHeaderTests {
  @Test("feature bits have the numbers of Linux")
  func features() throws {
    let features = Feature.generic + DeviceType.defined.flatMap(\.features)
    var expected: [String: Int] = [:]
    for feature in features {
      for name in [feature.name] + feature.otherNames { expected[name] = feature.bit }
    }
    let found = try Headers.values(of: expected.keys.sorted())
    #expect(found.count > 80)
    for (name, value) in found { #expect(value == expected[name], "\(name)") }
  }

  @Test("device types have the numbers of Linux")
  func types() throws {
    let types: [String: DeviceType] = [
      "VIRTIO_ID_NET": .net, "VIRTIO_ID_BLOCK": .blk, "VIRTIO_ID_CONSOLE": .console,
      "VIRTIO_ID_RNG": .rng, "VIRTIO_ID_BALLOON": .balloon, "VIRTIO_ID_IOMEM": .iomem,
      "VIRTIO_ID_RPMSG": .rpmsg, "VIRTIO_ID_SCSI": .scsi, "VIRTIO_ID_9P": .nineP,
      "VIRTIO_ID_MAC80211_WLAN": .mac80211Wlan, "VIRTIO_ID_RPROC_SERIAL": .rprocSerial,
      "VIRTIO_ID_CAIF": .caif, "VIRTIO_ID_MEMORY_BALLOON": .memoryBalloon, "VIRTIO_ID_GPU": .gpu,
      "VIRTIO_ID_CLOCK": .rtc, "VIRTIO_ID_INPUT": .input, "VIRTIO_ID_VSOCK": .socket,
      "VIRTIO_ID_CRYPTO": .crypto, "VIRTIO_ID_SIGNAL_DIST": .signalDist,
      "VIRTIO_ID_PSTORE": .pstore, "VIRTIO_ID_IOMMU": .iommu, "VIRTIO_ID_MEM": .mem,
      "VIRTIO_ID_SOUND": .sound, "VIRTIO_ID_FS": .fs, "VIRTIO_ID_PMEM": .pmem,
      "VIRTIO_ID_RPMB": .rpmb, "VIRTIO_ID_MAC80211_HWSIM": .mac80211Hwsim,
      "VIRTIO_ID_VIDEO_ENCODER": .videoEncoder, "VIRTIO_ID_VIDEO_DECODER": .videoDecoder,
      "VIRTIO_ID_SCMI": .scmi, "VIRTIO_ID_NITRO_SEC_MOD": .nitroSecureModule,
      "VIRTIO_ID_I2C_ADAPTER": .i2c, "VIRTIO_ID_WATCHDOG": .watchdog, "VIRTIO_ID_CAN": .can,
      "VIRTIO_ID_DMABUF": .dmabuf, "VIRTIO_ID_PARAM_SERV": .paramServer,
      "VIRTIO_ID_AUDIO_POLICY": .audioPolicy, "VIRTIO_ID_BT": .bluetooth, "VIRTIO_ID_GPIO": .gpio,
    ]
    let found = try Headers.values(of: types.keys.sorted())
    #expect(found.count == types.count)
    for (name, value) in found { #expect(value == types[name].map { Int($0.rawValue) }, "\(name)") }
  }

  @Test("capability types, status bits and common registers have the numbers of Linux")
  func constants() throws {
    let expected: [String: Int] = [
      "VIRTIO_PCI_CAP_COMMON_CFG": Int(CapCfgType.common.rawValue),
      "VIRTIO_PCI_CAP_NOTIFY_CFG": Int(CapCfgType.notify.rawValue),
      "VIRTIO_PCI_CAP_ISR_CFG": Int(CapCfgType.isr.rawValue),
      "VIRTIO_PCI_CAP_DEVICE_CFG": Int(CapCfgType.device.rawValue),
      "VIRTIO_PCI_CAP_PCI_CFG": Int(CapCfgType.pci.rawValue),
      "VIRTIO_PCI_CAP_SHARED_MEMORY_CFG": Int(CapCfgType.sharedMemory.rawValue),
      "VIRTIO_CONFIG_S_ACKNOWLEDGE": Int(DeviceStatus.acknowledge.rawValue),
      "VIRTIO_CONFIG_S_DRIVER": Int(DeviceStatus.driver.rawValue),
      "VIRTIO_CONFIG_S_DRIVER_OK": Int(DeviceStatus.driverOK.rawValue),
      "VIRTIO_CONFIG_S_FEATURES_OK": Int(DeviceStatus.featuresOK.rawValue),
      "VIRTIO_CONFIG_S_NEEDS_RESET": Int(DeviceStatus.deviceNeedsReset.rawValue),
      "VIRTIO_CONFIG_S_FAILED": Int(DeviceStatus.failed.rawValue),
      "VIRTIO_PCI_ISR_CONFIG": Int(IsrStatus.configuration.rawValue),
      "VIRTIO_MSI_NO_VECTOR": Int(CommonCfg.noVector),
    ]
    let found = try Headers.values(of: expected.keys.sorted())
    #expect(found.count == expected.count)
    for (name, value) in found { #expect(value == expected[name], "\(name)") }

    let rows = try Spec("common-cfg")["fields"].array
    let macros = rows.compactMap { $0["linux_macro"].string }
    let offsets = try Headers.values(of: macros)
    #expect(offsets.count >= 18)
    for (macro, field) in zip(macros, CommonCfg.fields) where offsets[macro] != nil {
      #expect(offsets[macro] == field.offset, "\(macro)")
    }
  }

  @Test("names of values in configuration fields have the numbers of Linux")
  func valueNames() throws {
    let tables = [
      DeviceDefinition.inputBuses, DeviceDefinition.bluetoothTypes,
      DeviceDefinition.bluetoothVendors,
    ].flatMap(\.entries)
    #expect(try Headers.evaluate(tables.map(\.name)) == tables.map { Int($0.number) })
    let bits = DeviceDefinition.v4l2Capabilities.entries
    #expect(try Headers.evaluate(bits.map(\.name)) == bits.map { 1 << Int($0.number) })
  }

  @Test("the capability structures have the sizes and offsets of Linux")
  func capabilities() throws {
    let found = try Headers.evaluate([
      "sizeof(struct virtio_pci_cap)", "sizeof(struct virtio_pci_cap64)",
      "sizeof(struct virtio_pci_notify_cap)", "sizeof(struct virtio_pci_cfg_cap)",
      "offsetof(struct virtio_pci_cap, bar)", "offsetof(struct virtio_pci_cap, id)",
      "offsetof(struct virtio_pci_cap, padding)", "offsetof(struct virtio_pci_cap, offset)",
      "offsetof(struct virtio_pci_cap, length)", "offsetof(struct virtio_pci_cap64, offset_hi)",
      "offsetof(struct virtio_pci_cap64, length_hi)",
      "offsetof(struct virtio_pci_notify_cap, notify_off_multiplier)",
      "offsetof(struct virtio_pci_cfg_cap, pci_cfg_data)",
    ])
    let sizes = [Cap.size, Cap64.size, NotifyCap.size, CfgCap.size]
    #expect(found == sizes + [4, 5, 6, 8, 12, 16, 20, 16, 16])
  }

  /// A configuration structure in a header, as far as the oldest headers that are built on have it.
  struct Structure: Sendable {
    var type: DeviceType
    var name: String
    /// The bytes it had in Linux 6.1.
    var size: Int
    /// What Linux calls a field.
    var renamed: [String: String] = [:]
  }

  static let structures = [
    Structure(type: .net, name: "virtio_net_config", size: 24),
    Structure(
      type: .blk, name: "virtio_blk_config", size: 72,
      renamed: [
        "topology.physical_block_exp": "physical_block_exp",
        "topology.alignment_offset": "alignment_offset",
        "topology.min_io_size": "min_io_size", "topology.opt_io_size": "opt_io_size",
        "writeback": "wce",
      ]),
    Structure(type: .console, name: "virtio_console_config", size: 12),
    Structure(type: .balloon, name: "virtio_balloon_config", size: 16),
    Structure(type: .scsi, name: "virtio_scsi_config", size: 36),
    Structure(type: .gpu, name: "virtio_gpu_config", size: 16),
    Structure(type: .input, name: "virtio_input_config", size: 136),
    Structure(type: .socket, name: "virtio_vsock_config", size: 8),
    Structure(type: .crypto, name: "virtio_crypto_config", size: 56),
    Structure(type: .fs, name: "virtio_fs_config", size: 40),
    Structure(type: .iommu, name: "virtio_iommu_config", size: 40),
    Structure(type: .sound, name: "virtio_snd_config", size: 12),
    Structure(type: .mem, name: "virtio_mem_config", size: 56),
    Structure(type: .gpio, name: "virtio_gpio_config", size: 8),
    Structure(type: .pmem, name: "virtio_pmem_config", size: 16),
  ]

  @Test("configuration fields have the offsets and sizes of Linux", arguments: structures)
  func config(structure: Structure) throws {
    let fields = structure.type.configFields.filter { !$0.isPadding && $0.end <= structure.size }
    let name = "struct \(structure.name)"
    let found = try Headers.evaluate(
      fields.flatMap { field in
        let member = structure.renamed[field.name] ?? field.name
        return ["offsetof(\(name), \(member))", "sizeof(((\(name) *)0)->\(member))"]
      })
    #expect(found == fields.flatMap { [$0.offset, $0.size] })
  }
}

/// What the C headers of Linux define.
private enum Headers {
  static let folder = "/usr/include/linux"
  static let compiler = Tool("cc", "gcc", "clang")

  /// The values of those macros that are defined.
  static func values(of macros: [String]) throws -> [String: Int] {
    let lines = macros.map {
      "#ifdef \($0)\nprintf(\"\($0) %lld\\n\", (long long)(\($0)));\n#endif"
    }
    var values: [String: Int] = [:]
    for line in try run(lines).split(separator: "\n") {
      let words = line.split(separator: " ")
      values[String(words[0])] = Int(words[1])
    }
    return values
  }

  /// The values of expressions.
  static func evaluate(_ expressions: [String]) throws -> [Int] {
    let lines = expressions.map { "printf(\"%lld\\n\", (long long)(\($0)));" }
    return try run(lines).split(separator: "\n").compactMap { Int($0) }
  }

  private static func run(_ statements: [String]) throws -> String {
    let headers = try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0.hasPrefix("virtio_") && $0.hasSuffix(".h") && $0 != "virtio_ring.h" }.sorted()
    let includes =
      [
        "<stddef.h>", "<stdio.h>", "<linux/input.h>", "<linux/videodev2.h>",
        "<linux/virtio_ring.h>",
      ]
      + headers.map { "<linux/\($0)>" }
    let program =
      includes.map { "#include \($0)\n" }.joined()
      + "int main(void) {\n" + statements.joined(separator: "\n") + "\nreturn 0;\n}\n"
    return try withScratchFolder { folder in
      let source = "\(folder)/headers.c"
      try program.write(toFile: source, atomically: true, encoding: .utf8)
      let compiled = try #require(compiler).run(["-w", "-o", "\(folder)/headers", source])
      try #require(compiled.status == 0, "\(compiled.output)")
      return try Tool(path: "\(folder)/headers").run([]).output
    }
  }
}
