import VirtioPCI

/// What the drivers of Linux want of features and of the device-specific configuration before they
/// set up queues.
extension Driver {
  static let linuxValidationSteps: [Step] =
    [
      Step(
        "legacy-type", on: .legacy, "The device type has a legacy interface.",
        else: "the driver of device type {0} wants VIRTIO_F_VERSION_1, which a legacy function"
          + " cannot offer",
        at: Citation("drivers/gpu/drm/virtio/virtgpu_kms.c", "virtio_gpu_init"), needs: []
      ) { function in
        guard let type = function.linuxType else { return .passes }
        return .require(!modernTypes.contains(type), UInt64(type.rawValue))
      }
    ] + withoutConfig(late: false)
    + [
      controlQueue(Feature.Net.ctrlRX), controlQueue(Feature.Net.ctrlVLAN),
      controlQueue(Feature.Net.guestAnnounce), controlQueue(Feature.Net.mq),
      controlQueue(Feature.Net.ctrlMACAddr), controlQueue(Feature.Net.rss),
      controlQueue(Feature.Net.hashReport), controlQueue(Feature.Net.notfCoal),
      controlQueue(Feature.Net.vqNotfCoal, since: "6.12"),
      Step(
        "net-mtu", effect: .ignores, of: .net, "The MTU is at least 68.",
        else: "the MTU of {0}, which is below 68", at: Citation(net, "virtnet_validate"),
        needs: [.deviceConfig, .offered]
      ) { function in
        .require(function.linuxConfig(Net.mtu).map { $0 >= 68 }, of: function, Feature.Net.mtu) {
          UInt64(function.linuxConfig(Net.mtu) ?? 0)
        }
      },
      Step(
        "net-standby-mac", effect: .ignores, of: .net, "A standby device has a MAC address.",
        else: "VIRTIO_NET_F_STANDBY, which is offered without VIRTIO_NET_F_MAC",
        at: Citation(net, "virtnet_validate"),
        logs: "device advertises feature VIRTIO_NET_F_STANDBY but not VIRTIO_NET_F_MAC,"
          + " disabling standby", needs: .offered
      ) { function in
        guard let offered = function.offered else { return .notRead }
        return .require(
          !offered.contains(Feature.Net.standby) || offered.contains(Feature.Net.mac))
      },
      Step(
        "features-ok", "The device accepts the features that the driver chose.",
        else: "the device refuses the features", at: Citation("drivers/virtio/virtio.c", okay),
        logs: "virtio: device refuses features: %x", needs: .attempt
      ) { _ in .notRead },
    ]

  static let linuxConfigSteps: [Step] = [
    configRead(late: false), configMapped(late: false),
    Step(
      "blk-num-queues", of: .blk, "With VIRTIO_BLK_F_MQ there is a queue.",
      else: "VIRTIO_BLK_F_MQ is offered, and num_queues is 0",
      at: Citation("drivers/block/virtio_blk.c", "init_vq"),
      logs: "MQ advertised but zero queues reported", needs: [.deviceConfig, .offered]
    ) { function in
      .require(function.linuxConfig(Blk.numQueues).map { $0 > 0 }, of: function, Feature.Blk.mq)
    },
    Step(
      "console-ports", of: .console, "There are 1 to 0x8000 ports.",
      else: "max_nr_ports is {0}", at: Citation("drivers/char/virtio_console.c", "virtcons_probe"),
      logs: "Invalidate max_nr_ports %d", needs: [.deviceConfig, .offered]
    ) { function in
      .require(
        function.linuxConfig(Console.maxNrPorts).map { 1...0x8000 ~= $0 }, of: function,
        Feature.Console.multiport
      ) { UInt64(function.linuxConfig(Console.maxNrPorts) ?? 0) }
    },
    Step(
      "fs-tag", of: .fs, "The tag is not empty, and has no line feed.",
      else: "the tag is empty or has a line feed", at: Citation(fs, "virtio_fs_read_tag"),
      logs: nil, needs: .deviceConfig
    ) { function in
      guard function.type == .fs, let tag = function.registers?.device?[FS.tag] else {
        return .notRead
      }
      let name = tag.prefix { $0 != 0 }
      return .require(!name.isEmpty && !name.contains(UInt8(ascii: "\n")))
    },
    Step(
      "fs-request-queues", of: .fs, "There is a request queue.",
      else: "num_request_queues is 0", at: Citation(fs, "virtio_fs_setup_vqs"),
      needs: .deviceConfig
    ) { .require($0.linuxConfig(FS.numRequestQueues).map { $0 > 0 }) },
    Step(
      "iommu-map-unmap", of: .iommu, "VIRTIO_IOMMU_F_MAP_UNMAP is offered.",
      else: "VIRTIO_IOMMU_F_MAP_UNMAP is not offered", at: Citation(iommu, "viommu_probe"),
      needs: .offered
    ) { .require($0.offers(Feature.IOMMU.mapUnmap)) },
    Step(
      "gpio-lines", of: .gpio, "There is a line.", else: "ngpio is 0",
      at: Citation("drivers/gpio/gpio-virtio.c", "virtio_gpio_probe"),
      logs: "Number of GPIOs can't be zero", needs: .deviceConfig
    ) { .require($0.linuxConfig(GPIO.ngpio).map { $0 > 0 }) },
    Step(
      "i2c-zero-length", of: .i2c, "VIRTIO_I2C_F_ZERO_LENGTH_REQUEST is offered.",
      else: "VIRTIO_I2C_F_ZERO_LENGTH_REQUEST is not offered",
      at: Citation("drivers/i2c/busses/i2c-virtio.c", "virtio_i2c_probe"),
      logs: "Zero-length request feature is mandatory", needs: .offered
    ) { .require($0.offers(Feature.I2C.zeroLengthRequest)) },
    Step(
      "bluetooth-type", of: .bluetooth, "The controller is a primary one.",
      else: "type is {0}; a primary controller has 0",
      at: Citation("drivers/bluetooth/virtio_bt.c", "virtbt_probe"), needs: .deviceConfig
    ) { function in
      guard let type = function.linuxConfig(Bluetooth.type) else { return .notRead }
      return .require(type == 0, UInt64(type))
    },
  ]

  /// What becomes of a device whose driver needs a configuration that is not there.
  static func withoutConfig(late: Bool) -> [Step] {
    LinuxDevice.all.compactMap { device in
      let key = device.type.description + "-config"
      switch device.withoutConfig {
      case .isRefused(let message, late):
        return withoutConfig(key, .refuses, device, logs: message) { _ in true }
      case .isRefusedWith(let features, let message) where !late:
        return withoutConfig(key, .refuses, device, logs: message) { function in
          function.offered.map { !$0.isDisjoint(with: features) }
        }
      case .isFatal(late): return withoutConfig(key, .isFatal, device, logs: nil) { _ in true }
      default: return nil
      }
    }
  }

  private static func withoutConfig(
    _ key: String, _ effect: Effect, _ device: LinuxDevice, logs message: String?,
    isNeeded: @escaping @Sendable (Function) -> Bool?
  ) -> Step {
    Step(
      key, effect: effect, on: .modern, of: device.type,
      "There is a device-specific configuration in a BAR that exists.",
      else: effect == .isFatal
        ? "there is no device-specific configuration, and the driver calls a null function pointer"
        : "there is no device-specific configuration in a BAR that exists",
      at: device.probe, logs: message, needs: [.capabilities, .bars],
      .linuxDevice
    ) { result, function in
      switch result {
      case .capability: .passes
      case .unknown: .notRead
      case .none: .require(isNeeded(function).map { !$0 })
      }
    }
  }

  /// A read beyond the structure stops the kernel.
  static func configRead(late: Bool) -> Step {
    Step(
      late ? "config-length-late" : "config-length", effect: .isFatal, on: .modern,
      "The device-specific configuration holds what the driver reads "
        + (late ? "after it has set up the queues." : "first."),
      else: "the device-specific configuration has {0} bytes, and the driver reads up to {1}:"
        + " the kernel stops with a BUG",
      at: Citation("drivers/virtio/virtio_pci_modern.c", "vp_get"), logs: "kernel BUG",
      needs: [.capabilities, .bars, .offered], .linuxDevice
    ) { structure, function in
      function.linuxReads(of: structure, late) { end, capability, _ in
        guard let length = capability.length else { return .notRead }
        let mapped = min(length, 4096)
        return end <= mapped ? .passes : .fails(at: capability.position, mapped, end)
      }
    }
  }

  /// A read beyond the pages of the BAR that are mapped faults.
  static func configMapped(late: Bool) -> Step {
    Step(
      late ? "config-mapped-late" : "config-mapped", effect: .isFatal, on: .modern,
      "What the driver reads "
        + (late ? "after it has set up the queues" : "first") + " lies in the pages of the BAR.",
      else: "the driver reads up to {1x} of BAR {0}, which ends at {2x}: a page fault",
      at: Citation("drivers/virtio/virtio_pci_modern.c", "vp_get"),
      logs: "BUG: unable to handle page fault", needs: [.capabilities, .bars, .offered],
      .linuxDevice
    ) { structure, function in
      function.linuxReads(of: structure, late) { end, capability, bar in
        guard !bar.isIO else { return .passes }
        guard let offset = capability.offset, let size = bar.size else { return .notRead }
        // Of a BAR that is smaller than a page the rest of the page is mapped too.
        let limit = size <= .max - 4095 ? (size + 4095) & ~4095 : size
        guard offset + end > limit else { return .passes }
        return .fails(at: capability.position, UInt64(bar.index), offset + end, size)
      }
    }
  }

  private static func controlQueue(_ feature: Feature, since: String? = nil) -> Step {
    Step(
      "net-ctrl-vq-\(feature.bit)", of: .net, since: since,
      "\(feature.name) is not offered without VIRTIO_NET_F_CTRL_VQ.",
      else: "\(feature.name) is offered without VIRTIO_NET_F_CTRL_VQ",
      at: Citation(net, "virtnet_validate_features"),
      logs: "device advertises feature \(feature.name) but not VIRTIO_NET_F_CTRL_VQ",
      needs: .offered
    ) { function in
      guard let offered = function.offered else { return .notRead }
      return .require(!offered.contains(feature) || offered.contains(Feature.Net.ctrlVQ))
    }
  }

  private static let modernTypes: Set<DeviceType> = [
    .gpu, .input, .crypto, .iommu, .sound, .can, .bluetooth,
  ]
  private static let net = "drivers/net/virtio_net.c"
  private static let fs = "fs/fuse/virtio_fs.c"
  private static let iommu = "drivers/iommu/virtio-iommu.c"
  private static let okay = "virtio_features_ok"
}

extension Driver.Answer {
  /// Fails unless `holds`, if the feature is offered.
  static func require(
    _ holds: Bool?, of function: Function, _ feature: Feature, _ number: () -> UInt64 = { 0 }
  ) -> Self {
    switch function.offers(feature) {
    case nil: .notRead
    case false?: .passes
    case true?: holds == false ? .fails(number()) : .require(holds)
    }
  }
}

extension Function {
  /// What `judge` says of the end of each field that the driver reads: of those that depend on
  /// features only where the features are known.
  fileprivate func linuxReads(
    of structure: Choice.Result, _ late: Bool,
    _ judge: (UInt64, SeenCapability, BAR) -> Driver.Answer
  ) -> Driver.Answer {
    guard let device = linuxType.flatMap(LinuxDevice.of) else { return .passes }
    return structure.judged { capability, bar in
      var answer = Driver.Answer.passes
      for read in device.reads where read.isLate == late {
        let judgement = judge(read.end, capability, bar)
        if case .passes = judgement { continue }
        let isRead =
          read.features.isEmpty ? true : offered.map { !$0.isDisjoint(with: read.features) }
        switch isRead {
        case true?: if case .fails = judgement { return judgement } else { answer = .notRead }
        case false?: continue
        case nil: answer = .notRead
        }
      }
      return answer
    }
  }
}
