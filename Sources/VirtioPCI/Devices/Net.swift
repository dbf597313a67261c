extension Feature {
  /// The features of the network device, VIRTIO 1.4 §5.1.3.
  public enum Net {
    /// The device accepts transmit packets whose checksum is only partly done.
    public static let csum = Feature(0, "VIRTIO_NET_F_CSUM", "5.1.3")
    /// The driver accepts received packets whose checksum is only partly done.
    public static let guestCSUM = Feature(1, "VIRTIO_NET_F_GUEST_CSUM", "5.1.3")
    /// Receive offloads can be switched at run time over the control queue.
    public static let ctrlGuestOffloads = Feature(2, "VIRTIO_NET_F_CTRL_GUEST_OFFLOADS", "5.1.3")
    /// The field `mtu` exists.
    public static let mtu = Feature(3, "VIRTIO_NET_F_MTU", "5.1.3")
    /// The field `mac` holds an address.
    public static let mac = Feature(5, "VIRTIO_NET_F_MAC", "5.1.3")
    /// The device takes segmentation offload packets of every kind.
    public static let gso = Feature(6, "VIRTIO_NET_F_GSO", "5.1.3.2", legacyOnly: true)
    /// The driver can receive IPv4 TSO packets.
    public static let guestTSO4 = Feature(
      7, "VIRTIO_NET_F_GUEST_TSO4", "5.1.3", requires: .all(guestCSUM))
    /// The driver can receive IPv6 TSO packets.
    public static let guestTSO6 = Feature(
      8, "VIRTIO_NET_F_GUEST_TSO6", "5.1.3", requires: .all(guestCSUM))
    /// The driver can receive TSO packets that carry ECN.
    public static let guestECN = Feature(
      9, "VIRTIO_NET_F_GUEST_ECN", "5.1.3", requires: .any(guestTSO4, guestTSO6))
    /// The driver can receive UDP fragmentation offload packets.
    public static let guestUFO = Feature(
      10, "VIRTIO_NET_F_GUEST_UFO", "5.1.3", requires: .all(guestCSUM))
    /// The device can take IPv4 TSO packets for transmit.
    public static let hostTSO4 = Feature(
      11, "VIRTIO_NET_F_HOST_TSO4", "5.1.3", requires: .all(csum))
    /// The device can take IPv6 TSO packets for transmit.
    public static let hostTSO6 = Feature(
      12, "VIRTIO_NET_F_HOST_TSO6", "5.1.3", requires: .all(csum))
    /// The device can take TSO packets that carry ECN.
    public static let hostECN = Feature(
      13, "VIRTIO_NET_F_HOST_ECN", "5.1.3", requires: .any(hostTSO4, hostTSO6))
    /// The device can take UDP fragmentation offload packets.
    public static let hostUFO = Feature(14, "VIRTIO_NET_F_HOST_UFO", "5.1.3", requires: .all(csum))
    /// A received packet may span several receive buffers.
    public static let mrgRxbuf = Feature(15, "VIRTIO_NET_F_MRG_RXBUF", "5.1.3")
    /// The field `status` exists.
    public static let status = Feature(16, "VIRTIO_NET_F_STATUS", "5.1.3")
    /// There is a control queue.
    public static let ctrlVQ = Feature(17, "VIRTIO_NET_F_CTRL_VQ", "5.1.3")
    /// Receive mode (promiscuous, all-multicast) commands on the control queue.
    public static let ctrlRX = Feature(18, "VIRTIO_NET_F_CTRL_RX", "5.1.3", requires: .all(ctrlVQ))
    /// VLAN filter commands on the control queue.
    public static let ctrlVLAN = Feature(
      19, "VIRTIO_NET_F_CTRL_VLAN", "5.1.3", requires: .all(ctrlVQ))
    /// Extra receive mode commands (no-unicast, no-multicast, no-broadcast, all-unicast).
    public static let ctrlRXExtra = Feature(20, "VIRTIO_NET_F_CTRL_RX_EXTRA", "5.1.3")
    /// The driver can send gratuitous packets when the device asks for an announce.
    public static let guestAnnounce = Feature(
      21, "VIRTIO_NET_F_GUEST_ANNOUNCE", "5.1.3", requires: .all(ctrlVQ))
    /// There may be more than one pair of queues: the field `max_virtqueue_pairs` exists.
    public static let mq = Feature(22, "VIRTIO_NET_F_MQ", "5.1.3", requires: .all(ctrlVQ))
    /// The MAC address can be set over the control queue.
    public static let ctrlMACAddr = Feature(
      23, "VIRTIO_NET_F_CTRL_MAC_ADDR", "5.1.3", requires: .all(ctrlVQ))
    /// The device coalesces received IPv4 packets. Its bit is that of `VIRTIO_F_ADMIN_VQ`.
    public static let guestRSC4 = Feature(
      41, "VIRTIO_NET_F_GUEST_RSC4", "5.1.3.2", legacyOnly: true)
    /// The device coalesces received IPv6 packets.
    public static let guestRSC6 = Feature(
      42, "VIRTIO_NET_F_GUEST_RSC6", "5.1.3.2", legacyOnly: true)
    /// The device statistics can be fetched over the control queue.
    public static let deviceStats = Feature(50, "VIRTIO_NET_F_DEVICE_STATS", "5.1.3")
    /// The hash can be computed over the inner headers of tunnelled packets: the field
    /// `supported_tunnel_types` exists.
    public static let hashTunnel = Feature(
      51, "VIRTIO_NET_F_HASH_TUNNEL", "5.1.3", requires: .all(ctrlVQ).any(rss, hashReport))
    /// Interrupt coalescing can be set per queue.
    public static let vqNotfCoal = Feature(
      52, "VIRTIO_NET_F_VQ_NOTF_COAL", "5.1.3", requires: .all(ctrlVQ))
    /// Interrupt coalescing can be set per direction.
    public static let notfCoal = Feature(
      53, "VIRTIO_NET_F_NOTF_COAL", "5.1.3", requires: .all(ctrlVQ))
    /// The driver can receive IPv4 UDP segmentation offload packets.
    public static let guestUSO4 = Feature(
      54, "VIRTIO_NET_F_GUEST_USO4", "5.1.3", requires: .all(guestCSUM))
    /// The driver can receive IPv6 UDP segmentation offload packets.
    public static let guestUSO6 = Feature(
      55, "VIRTIO_NET_F_GUEST_USO6", "5.1.3", requires: .all(guestCSUM))
    /// The device can take UDP segmentation offload packets (each segment gets its own UDP header).
    public static let hostUSO = Feature(56, "VIRTIO_NET_F_HOST_USO", "5.1.3", requires: .all(csum))
    /// The device reports hash value and type per received packet.
    public static let hashReport = Feature(57, "VIRTIO_NET_F_HASH_REPORT", "5.1.3")
    /// The driver supplies an exact hdr_len on transmit.
    public static let guestHdrlen = Feature(59, "VIRTIO_NET_F_GUEST_HDRLEN", "5.1.3")
    /// Receive-side scaling can be configured (Toeplitz).
    public static let rss = Feature(60, "VIRTIO_NET_F_RSS", "5.1.3", requires: .all(ctrlVQ))
    /// The device reports coalesced segment and duplicate-ACK counts.
    public static let rscExt = Feature(
      61, "VIRTIO_NET_F_RSC_EXT", "5.1.3", requires: .any(hostTSO4, hostTSO6))
    /// The device can back up a primary device that has the same MAC address.
    public static let standby = Feature(62, "VIRTIO_NET_F_STANDBY", "5.1.3")
    /// The fields `speed` and `duplex` exist.
    public static let speedDuplex = Feature(63, "VIRTIO_NET_F_SPEED_DUPLEX", "5.1.3")
    /// Several RSS contexts are available.
    public static let rssContext = Feature(
      64, "VIRTIO_NET_F_RSS_CONTEXT", "5.1.3", requires: .all(ctrlVQ, rss))
    /// The driver can receive GSO packets inside a UDP tunnel.
    public static let guestUDPTunnelGSO = Feature(
      65, "VIRTIO_NET_F_GUEST_UDP_TUNNEL_GSO", "5.1.3",
      requires: .all(guestTSO4, guestTSO6, guestUSO4, guestUSO6))
    /// The driver can receive them with a partial checksum in the outer UDP header.
    public static let guestUDPTunnelGSOCSUM = Feature(
      66, "VIRTIO_NET_F_GUEST_UDP_TUNNEL_GSO_CSUM", "5.1.3", requires: .all(guestUDPTunnelGSO))
    /// The device can take GSO packets inside a UDP tunnel.
    public static let hostUDPTunnelGSO = Feature(
      67, "VIRTIO_NET_F_HOST_UDP_TUNNEL_GSO", "5.1.3", requires: .all(hostTSO4, hostTSO6, hostUSO))
    /// The device can take them with a partial checksum in the outer UDP header.
    public static let hostUDPTunnelGSOCSUM = Feature(
      68, "VIRTIO_NET_F_HOST_UDP_TUNNEL_GSO_CSUM", "5.1.3", requires: .all(hostUDPTunnelGSO))
    /// The driver tells the device where the outer network header starts.
    public static let outNetHeader = Feature(69, "VIRTIO_NET_F_OUT_NET_HEADER", "5.1.3")
    /// Inline IPsec processing in the network device.
    public static let ipsec = Feature(70, "VIRTIO_NET_F_IPSEC", "5.1.3")

    /// Every one of them, ascending.
    public static let all = [
      csum, guestCSUM, ctrlGuestOffloads, mtu, mac, gso, guestTSO4, guestTSO6, guestECN, guestUFO,
      hostTSO4, hostTSO6, hostECN, hostUFO, mrgRxbuf, status, ctrlVQ, ctrlRX, ctrlVLAN,
      ctrlRXExtra, guestAnnounce, mq, ctrlMACAddr, guestRSC4, guestRSC6, deviceStats, hashTunnel,
      vqNotfCoal, notfCoal, guestUSO4, guestUSO6, hostUSO, hashReport, guestHdrlen, rss, rscExt,
      standby, speedDuplex, rssContext, guestUDPTunnelGSO, guestUDPTunnelGSOCSUM,
      hostUDPTunnelGSO, hostUDPTunnelGSOCSUM, outNetHeader, ipsec,
    ]
  }
}

/// The configuration of the network device, VIRTIO 1.4 §5.1.4.
public enum Net {
  /// The MAC address, if `Feature.Net.mac` is offered.
  public static let mac = ByteRegister("mac", at: 0, count: 6)
  /// The state of the link, as bits.
  public static let status = Register<UInt16, ReadOnly>("status", at: 6, needs: Feature.Net.status)
  /// How many pairs of receive and transmit queues there can be.
  public static let maxVirtqueuePairs = Register<UInt16, ReadOnly>(
    "max_virtqueue_pairs", at: 8, needs: Feature.Net.mq, or: Feature.Net.rss)
  /// The largest MTU that the driver should use, in bytes.
  public static let mtu = Register<UInt16, ReadOnly>("mtu", at: 10, needs: Feature.Net.mtu)
  /// The speed of the link in Mbit/s; all ones when it is not known.
  public static let speed = Register<UInt32, ReadOnly>(
    "speed", at: 12, needs: Feature.Net.speedDuplex)
  /// 0 for half duplex, 1 for full duplex, 255 when it is not known.
  public static let duplex = Register<UInt8, ReadOnly>(
    "duplex", at: 16, needs: Feature.Net.speedDuplex)
  /// The size of the longest hash key, in bytes.
  public static let rssMaxKeySize = Register<UInt8, ReadOnly>(
    "rss_max_key_size", at: 17, needs: Feature.Net.rss, or: Feature.Net.hashReport)
  /// The length of the longest indirection table, in 16-bit entries.
  public static let rssMaxIndirectionTableLength = Register<UInt16, ReadOnly>(
    "rss_max_indirection_table_length", at: 18, needs: Feature.Net.rss)
  /// The types of hashes that can be computed, as bits.
  public static let supportedHashTypes = Register<UInt32, ReadOnly>(
    "supported_hash_types", at: 20, needs: Feature.Net.rss, or: Feature.Net.hashReport)
  /// The types of tunnels of whose inner headers hashes can be computed, as bits.
  public static let supportedTunnelTypes = Register<UInt32, ReadOnly>(
    "supported_tunnel_types", at: 24, needs: Feature.Net.hashTunnel)
}

extension DeviceDefinition {
  /// The network device, VIRTIO 1.4 §5.1.
  public static let net = DeviceDefinition(
    .net, leastQueues: 2, features: Feature.Net.all,
    config: [
      ConfigField(Net.mac, .meaningful(with: Feature.Net.mac), format: .mac),
      ConfigField(Net.status, bits: netStatus),
      ConfigField(Net.maxVirtqueuePairs),
      ConfigField(Net.mtu, unit: .bytes),
      ConfigField(Net.speed, unit: "Mbit/s", values: [0xFFFF_FFFF: "unknown"]),
      // So in the text and in Linux; the normative clause of §5.1.4.1 has half and full exchanged.
      ConfigField(Net.duplex, values: duplex),
      ConfigField(Net.rssMaxKeySize, unit: .bytes),
      ConfigField(Net.rssMaxIndirectionTableLength, unit: "16-bit entries"),
      ConfigField(Net.supportedHashTypes, bits: hashTypes),
      ConfigField(Net.supportedTunnelTypes, bits: tunnelTypes),
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
