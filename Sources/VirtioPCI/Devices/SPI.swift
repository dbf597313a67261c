/// The configuration of the SPI controller, VIRTIO 1.4 §5.21.4.
public enum SPI {
  /// The largest chip select.
  public static let csMaxNumber = Register<UInt8, ReadOnly>("cs_max_number", at: 0)
  /// Whether chip select can change between transfers.
  public static let csChangeSupported = Register<UInt8, ReadOnly>("cs_change_supported", at: 1)
  /// How many bits at a time can be sent beside one, as bits.
  public static let txNbitsSupported = Register<UInt8, ReadOnly>("tx_nbits_supported", at: 2)
  /// How many bits at a time can be received beside one, as bits.
  public static let rxNbitsSupported = Register<UInt8, ReadOnly>("rx_nbits_supported", at: 3)
  /// The word sizes: bit n stands for n + 1 bits; 0 for no limit.
  public static let bitsPerWordMask = Register<UInt32, ReadOnly>("bits_per_word_mask", at: 4)
  /// The clock modes and other functions, as bits.
  public static let modeFuncSupported = Register<UInt32, ReadOnly>("mode_func_supported", at: 8)
  /// The highest clock, in Hz; 0 for no limit.
  public static let maxFreqHz = Register<UInt32, ReadOnly>("max_freq_hz", at: 12)
  /// The longest delay after a word, in ns; 0 when there is none.
  public static let maxWordDelayNs = Register<UInt32, ReadOnly>("max_word_delay_ns", at: 16)
  /// The longest delay after chip select is asserted, in ns; 0 when there is none.
  public static let maxCSSetupNs = Register<UInt32, ReadOnly>("max_cs_setup_ns", at: 20)
  /// The longest delay before chip select is deasserted, in ns; 0 when there is none.
  public static let maxCSHoldNs = Register<UInt32, ReadOnly>("max_cs_hold_ns", at: 24)
  /// The longest delay after chip select is deasserted, in ns; 0 when there is none.
  public static let maxCSInactiveNs = Register<UInt32, ReadOnly>("max_cs_inactive_ns", at: 28)
}

extension DeviceDefinition {
  /// The SPI controller, VIRTIO 1.4 §5.21.
  public static let spi = DeviceDefinition(
    .spi, leastQueues: 1,
    config: [
      ConfigField(SPI.csMaxNumber),
      ConfigField(SPI.csChangeSupported, values: support),
      ConfigField(SPI.txNbitsSupported, bits: widths),
      ConfigField(SPI.rxNbitsSupported, bits: widths),
      // Bit n is a word of n + 1 bits; 0 sets no limit.
      ConfigField(SPI.bitsPerWordMask, format: .hex),
      ConfigField(SPI.modeFuncSupported, bits: modes),
      ConfigField(SPI.maxFreqHz, unit: "Hz, 0 = no limit"),
      ConfigField(SPI.maxWordDelayNs, unit: "ns, 0 = unsupported"),
      ConfigField(SPI.maxCSSetupNs, unit: "ns, 0 = unsupported"),
      ConfigField(SPI.maxCSHoldNs, unit: "ns, 0 = unsupported"),
      ConfigField(SPI.maxCSInactiveNs, unit: "ns, 0 = unsupported"),
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
