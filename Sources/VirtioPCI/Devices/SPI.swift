extension DeviceDefinition {
  /// The SPI controller, VIRTIO 1.4 §5.21.
  public static let spi = DeviceDefinition(
    .spi, leastQueues: 1,
    config: [
      ConfigField("cs_max_number", .u8, at: 0),
      ConfigField("cs_change_supported", .u8, at: 1, values: support),
      ConfigField("tx_nbits_supported", .u8, at: 2, bits: widths),
      ConfigField("rx_nbits_supported", .u8, at: 3, bits: widths),
      // Bit n is a word of n + 1 bits; 0 sets no limit.
      ConfigField("bits_per_word_mask", .le32, at: 4),
      ConfigField("mode_func_supported", .le32, at: 8, bits: modes),
      ConfigField("max_freq_hz", .le32, at: 12, unit: "Hz, 0 = no limit"),
      ConfigField("max_word_delay_ns", .le32, at: 16, unit: "ns, 0 = unsupported"),
      ConfigField("max_cs_setup_ns", .le32, at: 20, unit: "ns, 0 = unsupported"),
      ConfigField("max_cs_hold_ns", .le32, at: 24, unit: "ns, 0 = unsupported"),
      ConfigField("max_cs_inactive_ns", .le32, at: 28, unit: "ns, 0 = unsupported"),
    ])

  private static let support: NameTable = [
    0: "unsupported",
    1: "supported",
  ]

  private static let widths: NameTable = [
    0: "DUAL",
    1: "QUAD",
    2: "OCTAL",
  ]

  private static let modes: NameTable = [
    0: "CPHA=0",
    1: "CPHA=1",
    2: "CPOL=0",
    3: "CPOL=1",
    4: "CS_HIGH",
    5: "LSB_FIRST",
    6: "LOOPBACK",
  ]
}
