extension DeviceDefinition {
  /// The network device, VIRTIO 1.4 §5.1.
  static let net = DeviceDefinition(
    features: [
      Feature(0, "VIRTIO_NET_F_CSUM"),
      Feature(1, "VIRTIO_NET_F_GUEST_CSUM"),
      Feature(2, "VIRTIO_NET_F_CTRL_GUEST_OFFLOADS"),
      Feature(3, "VIRTIO_NET_F_MTU"),
      Feature(5, "VIRTIO_NET_F_MAC"),
      Feature(6, "VIRTIO_NET_F_GSO", legacyOnly: true),
      Feature(7, "VIRTIO_NET_F_GUEST_TSO4"),
      Feature(8, "VIRTIO_NET_F_GUEST_TSO6"),
      Feature(9, "VIRTIO_NET_F_GUEST_ECN"),
      Feature(10, "VIRTIO_NET_F_GUEST_UFO"),
      Feature(11, "VIRTIO_NET_F_HOST_TSO4"),
      Feature(12, "VIRTIO_NET_F_HOST_TSO6"),
      Feature(13, "VIRTIO_NET_F_HOST_ECN"),
      Feature(14, "VIRTIO_NET_F_HOST_UFO"),
      Feature(15, "VIRTIO_NET_F_MRG_RXBUF"),
      Feature(16, "VIRTIO_NET_F_STATUS"),
      Feature(17, "VIRTIO_NET_F_CTRL_VQ"),
      Feature(18, "VIRTIO_NET_F_CTRL_RX"),
      Feature(19, "VIRTIO_NET_F_CTRL_VLAN"),
      Feature(20, "VIRTIO_NET_F_CTRL_RX_EXTRA"),
      Feature(21, "VIRTIO_NET_F_GUEST_ANNOUNCE"),
      Feature(22, "VIRTIO_NET_F_MQ"),
      Feature(23, "VIRTIO_NET_F_CTRL_MAC_ADDR"),
      Feature(41, "VIRTIO_NET_F_GUEST_RSC4", legacyOnly: true),
      Feature(42, "VIRTIO_NET_F_GUEST_RSC6", legacyOnly: true),
      Feature(50, "VIRTIO_NET_F_DEVICE_STATS"),
      Feature(51, "VIRTIO_NET_F_HASH_TUNNEL"),
      Feature(52, "VIRTIO_NET_F_VQ_NOTF_COAL"),
      Feature(53, "VIRTIO_NET_F_NOTF_COAL"),
      Feature(54, "VIRTIO_NET_F_GUEST_USO4"),
      Feature(55, "VIRTIO_NET_F_GUEST_USO6"),
      Feature(56, "VIRTIO_NET_F_HOST_USO"),
      Feature(57, "VIRTIO_NET_F_HASH_REPORT"),
      Feature(59, "VIRTIO_NET_F_GUEST_HDRLEN"),
      Feature(60, "VIRTIO_NET_F_RSS"),
      Feature(61, "VIRTIO_NET_F_RSC_EXT"),
      Feature(62, "VIRTIO_NET_F_STANDBY"),
      Feature(63, "VIRTIO_NET_F_SPEED_DUPLEX"),
      Feature(64, "VIRTIO_NET_F_RSS_CONTEXT"),
      Feature(65, "VIRTIO_NET_F_GUEST_UDP_TUNNEL_GSO"),
      Feature(66, "VIRTIO_NET_F_GUEST_UDP_TUNNEL_GSO_CSUM"),
      Feature(67, "VIRTIO_NET_F_HOST_UDP_TUNNEL_GSO"),
      Feature(68, "VIRTIO_NET_F_HOST_UDP_TUNNEL_GSO_CSUM"),
      Feature(69, "VIRTIO_NET_F_OUT_NET_HEADER"),
      Feature(70, "VIRTIO_NET_F_IPSEC"),
    ],
    config: [
      ConfigField("mac", .bytes(6), at: 0, .meaningful(with: "VIRTIO_NET_F_MAC"), format: .mac),
      ConfigField("status", .le16, at: 6, .with("VIRTIO_NET_F_STATUS"), bits: netStatus),
      ConfigField(
        "max_virtqueue_pairs", .le16, at: 8, .with("VIRTIO_NET_F_MQ", "VIRTIO_NET_F_RSS")),
      ConfigField("mtu", .le16, at: 10, .with("VIRTIO_NET_F_MTU"), unit: .bytes),
      ConfigField(
        "speed", .le32, at: 12, .with("VIRTIO_NET_F_SPEED_DUPLEX"), unit: "Mbit/s",
        values: [0xFFFF_FFFF: "unknown"]),
      // So in the text and in Linux; the normative clause of §5.1.4.1 has half and full exchanged.
      ConfigField("duplex", .u8, at: 16, .with("VIRTIO_NET_F_SPEED_DUPLEX"), values: duplex),
      ConfigField(
        "rss_max_key_size", .u8, at: 17, .with("VIRTIO_NET_F_RSS", "VIRTIO_NET_F_HASH_REPORT"),
        unit: .bytes),
      ConfigField(
        "rss_max_indirection_table_length", .le16, at: 18, .with("VIRTIO_NET_F_RSS"),
        unit: "16-bit entries"),
      ConfigField(
        "supported_hash_types", .le32, at: 20,
        .with("VIRTIO_NET_F_RSS", "VIRTIO_NET_F_HASH_REPORT"), bits: hashTypes),
      ConfigField(
        "supported_tunnel_types", .le32, at: 24, .with("VIRTIO_NET_F_HASH_TUNNEL"),
        bits: tunnelTypes),
    ])

  private static let netStatus: NameTable = [
    0: "VIRTIO_NET_S_LINK_UP",
    1: "VIRTIO_NET_S_ANNOUNCE",
  ]

  private static let duplex: NameTable = [
    0: "half",
    1: "full",
    255: "unknown",
  ]

  private static let hashTypes: NameTable = [
    0: "VIRTIO_NET_HASH_TYPE_IPv4",
    1: "VIRTIO_NET_HASH_TYPE_TCPv4",
    2: "VIRTIO_NET_HASH_TYPE_UDPv4",
    3: "VIRTIO_NET_HASH_TYPE_IPv6",
    4: "VIRTIO_NET_HASH_TYPE_TCPv6",
    5: "VIRTIO_NET_HASH_TYPE_UDPv6",
    6: "VIRTIO_NET_HASH_TYPE_IP_EX",
    7: "VIRTIO_NET_HASH_TYPE_TCP_EX",
    8: "VIRTIO_NET_HASH_TYPE_UDP_EX",
  ]

  private static let tunnelTypes: NameTable = [
    0: "VIRTIO_NET_HASH_TUNNEL_TYPE_GRE_2784",
    1: "VIRTIO_NET_HASH_TUNNEL_TYPE_GRE_2890",
    2: "VIRTIO_NET_HASH_TUNNEL_TYPE_GRE_7676",
    3: "VIRTIO_NET_HASH_TUNNEL_TYPE_GRE_UDP",
    4: "VIRTIO_NET_HASH_TUNNEL_TYPE_VXLAN",
    5: "VIRTIO_NET_HASH_TUNNEL_TYPE_VXLAN_GPE",
    6: "VIRTIO_NET_HASH_TUNNEL_TYPE_GENEVE",
    7: "VIRTIO_NET_HASH_TUNNEL_TYPE_IPIP",
    8: "VIRTIO_NET_HASH_TUNNEL_TYPE_NVGRE",
  ]
}
