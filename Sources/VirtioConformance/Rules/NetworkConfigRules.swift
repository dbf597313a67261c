import VirtioPCI

extension Rule {
  /// The configuration of network devices, VIRTIO 1.4 §5.1.4.
  static let networkConfigRules: [Rule] = [
    .bound(
      "net-mq-pairs-range", .net, BoundField(Net.maxVirtqueuePairs), is: .range(1...0x8000), .must,
      .normative, "5.1.4.1", offered: Feature.Net.mq),
    .bound(
      "net-mtu-range", .net, BoundField(Net.mtu), is: .range(68...0xFFFF), .must, .normative,
      "5.1.4.1"),
    Rule(
      "net-mtu-1280", .should, .normative, "5.1.4.1", of: .type(.net),
      "With VIRTIO_NET_F_MTU offered mtu is at least 1280.",
      example: "mtu 1279", given: .config(Net.mtu)
    ) { mtu, found in
      // Below 68 it violates the requirement above.
      guard (68..<1280).contains(mtu) else { return }
      found.add("mtu \(mtu) is below 1280")
    },
    .bound(
      "net-rss-key-size", .net, BoundField(Net.rssMaxKeySize), is: .atLeast(40), .must, .normative,
      "5.1.4.1"),
    .bound(
      "net-rss-table-length", .net, BoundField(Net.rssMaxIndirectionTableLength), is: .atLeast(128),
      .must, .normative, "5.1.4.1"),
    Rule(
      "net-speed-values", .must, .normative, "5.1.4.1", of: .type(.net),
      "With SPEED_DUPLEX speed is 0..0x7FFFFFFF or 0xFFFFFFFF.",
      example: "speed 0x80000000", given: .readConfig(Net.speed), .negotiated
    ) { speed, negotiated, found in
      guard negotiated.contains(Feature.Net.speedDuplex), speed > 0x7FFF_FFFF,
        speed != 0xFFFF_FFFF
      else { return }
      found.add("speed \(Hex(UInt64(speed))) is neither up to 0x7fffffff nor 0xffffffff")
    },
    .bound(
      "net-duplex-values", .net, BoundField(Net.duplex), is: .namedValues, .must, .normative,
      "5.1.4.1", negotiated: Feature.Net.speedDuplex),
    .bound(
      "net-status-bits", .net, BoundField(Net.status), is: .namedBits, .should, .inferred, "5.1.4"),
    Rule(
      "net-mac-unicast", .should, .inferred, "5.1.4", of: .type(.net),
      "A valid MAC address is unicast and not zero.",
      example: "mac 00:00:00:00:00:00", given: .config(Net.mac, needs: .offered)
    ) { mac, found in
      guard let first = mac.first, first & 1 != 0 || mac.allSatisfy({ $0 == 0 }) else { return }
      found.add("the MAC address is not a unicast address")
    },
    .bound(
      "net-hash-types-defined", .net, BoundField(Net.supportedHashTypes), is: .namedBits, .should,
      .inferred, "5.1.4"),
    .bound(
      "net-tunnel-types-defined", .net, BoundField(Net.supportedTunnelTypes), is: .namedBits,
      .should, .inferred, "5.1.4"),
  ]
}
