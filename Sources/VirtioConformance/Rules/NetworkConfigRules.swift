import VirtioPCI

extension Rule {
  /// The configuration of network devices, VIRTIO 1.4 §5.1.4.
  static let networkConfigRules: [Rule] = [
    Rule(
      "net-mq-pairs-range", .must, .normative, "5.1.4.1",
      for: .types([.net]), needs: [.offered, .deviceConfig],
      "With MQ offered max_virtqueue_pairs is 1..0x8000.",
      example: "max_virtqueue_pairs 0 with MQ",
      .fields("max_virtqueue_pairs", offered: Feature.Net.mq, are: .range(1...0x8000))),
    Rule(
      "net-mtu-range", .must, .normative, "5.1.4.1",
      for: .types([.net]), needs: [.offered, .deviceConfig],
      "With MTU offered mtu is 68..65535.",
      example: "mtu 60",
      .fields("mtu", are: .range(68...0xFFFF))),
    Rule(
      "net-mtu-1280", .should, .normative, "5.1.4.1",
      for: .types([.net]), needs: [.offered, .deviceConfig],
      "With MTU offered mtu is at least 1280.",
      example: "mtu 576",
      .fields("mtu", are: .range(1280...UInt64.max))),
    Rule(
      "net-mtu-constant", .must, .normative, "5.1.4.1", for: .types([.net]),
      "mtu never changes once set.",
      .undecidable("it takes two looks at different times")),
    Rule(
      "net-rss-key-size", .must, .normative, "5.1.4.1",
      for: .types([.net]), needs: [.offered, .deviceConfig],
      "With RSS or HASH_REPORT offered rss_max_key_size is at least 40.",
      example: "rss_max_key_size 32",
      .fields("rss_max_key_size", are: .range(40...UInt64.max))),
    Rule(
      "net-rss-table-length", .must, .normative, "5.1.4.1",
      for: .types([.net]), needs: [.offered, .deviceConfig],
      "With RSS offered rss_max_indirection_table_length is at least 128.",
      example: "64",
      .fields("rss_max_indirection_table_length", are: .range(128...UInt64.max))),
    Rule(
      "net-speed-values", .must, .normative, "5.1.4.1",
      for: .types([.net]), needs: [.negotiated, .deviceConfig],
      "With SPEED_DUPLEX speed is 0..0x7FFFFFFF or 0xFFFFFFFF.",
      example: "speed 0x80000000"
    ) { function in
      guard function.hasNegotiated(Feature.Net.speedDuplex),
        let speed = function.field("speed")
      else { return [] }
      return .when(
        speed > 0x7FFF_FFFF && speed != 0xFFFF_FFFF,
        "speed \(Hex(speed)) is neither up to 0x7fffffff nor 0xffffffff")
    },
    Rule(
      "net-duplex-values", .must, .normative, "5.1.4.1",
      for: .types([.net]), needs: [.negotiated, .deviceConfig],
      "With SPEED_DUPLEX duplex is 0, 1 or 0xFF.",
      example: "duplex 2",
      .fields("duplex", negotiated: Feature.Net.speedDuplex, are: .oneOf([0, 1, 0xFF]))),
    Rule(
      "net-speed-stable-while-up", .should, .normative, "5.1.4.1", for: .types([.net]),
      "speed and duplex stay constant while the link is up (STATUS and SPEED_DUPLEX negotiated).",
      .undecidable("it takes two looks at different times")),
    Rule(
      "net-status-bits", .should, .inferred, "5.1.4",
      for: .types([.net]), needs: [.offered, .deviceConfig],
      "Only status bits 0 and 1 are defined.",
      example: "status 0x0100",
      .fields("status", are: .bits(3))),
    Rule(
      "net-mac-unicast", .should, .inferred, "5.1.4",
      for: .types([.net]), needs: [.offered, .deviceConfig],
      "A valid MAC address is unicast and not zero.",
      example: "mac 00:00:00:00:00:00"
    ) { function in
      guard let mac = function.fieldBytes("mac"), let first = mac.first else { return [] }
      return .when(
        first & 1 != 0 || mac.allSatisfy { $0 == 0 }, "the MAC address is no unicast address")
    },
    Rule(
      "net-hash-types-defined", .should, .inferred, "5.1.4",
      for: .types([.net]), needs: [.offered, .deviceConfig],
      "Only hash type bits 0..8 are defined.",
      example: "supported_hash_types 0x200",
      .fields("supported_hash_types", are: .bits(0x1FF))),
    Rule(
      "net-tunnel-types-defined", .should, .inferred, "5.1.4",
      for: .types([.net]), needs: [.offered, .deviceConfig],
      "Only tunnel type bits 0..8 are defined; drivers ignore others.",
      example: "supported_tunnel_types 0x400",
      .fields("supported_tunnel_types", are: .bits(0x1FF))),
    Rule(
      "net-pairs-one-without-mq", .should, .descriptive, "5.1.2",
      subject: .driver, for: .types([.net]),
      "Without MQ and RSS one queue pair is used.",
      .undecidable("it binds whoever reads a device; this program keeps it")),
  ]
}
