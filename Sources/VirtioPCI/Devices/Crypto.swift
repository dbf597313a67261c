extension Feature {
  /// The features of the crypto device, VIRTIO 1.4 §5.9.3.
  public enum Crypto {
    /// Revision 1 request format.
    public static let revision1 = Feature(0, "VIRTIO_CRYPTO_F_REVISION_1", "5.9.3")
    /// Session-less CIPHER requests.
    public static let cipherStatelessMode = Feature(
      1, "VIRTIO_CRYPTO_F_CIPHER_STATELESS_MODE", "5.9.3", requires: .all(revision1))
    /// Session-less HASH requests.
    public static let hashStatelessMode = Feature(
      2, "VIRTIO_CRYPTO_F_HASH_STATELESS_MODE", "5.9.3", requires: .all(revision1))
    /// Session-less MAC requests.
    public static let macStatelessMode = Feature(
      3, "VIRTIO_CRYPTO_F_MAC_STATELESS_MODE", "5.9.3", requires: .all(revision1))
    /// Session-less AEAD requests.
    public static let aeadStatelessMode = Feature(
      4, "VIRTIO_CRYPTO_F_AEAD_STATELESS_MODE", "5.9.3", requires: .all(revision1))
    /// Session-less AKCIPHER (asymmetric) requests.
    public static let akcipherStatelessMode = Feature(
      5, "VIRTIO_CRYPTO_F_AKCIPHER_STATELESS_MODE", "5.9.3", requires: .all(revision1))

    /// Every one of them, ascending.
    public static let all = [
      revision1, cipherStatelessMode, hashStatelessMode, macStatelessMode, aeadStatelessMode,
      akcipherStatelessMode,
    ]
  }
}

/// The configuration of the crypto device, VIRTIO 1.4 §5.9.5.
public enum Crypto {
  /// Whether the hardware is ready, as a bit.
  public static let status = Register<UInt32, ReadOnly>("status", at: 0)
  /// How many data queues there can be.
  public static let maxDataqueues = Register<UInt32, ReadOnly>("max_dataqueues", at: 4)
  /// The services that the device has, as bits.
  public static let cryptoServices = Register<UInt32, ReadOnly>("crypto_services", at: 8)
  /// The ciphers 0 to 31, as bits.
  public static let cipherAlgoL = Register<UInt32, ReadOnly>("cipher_algo_l", at: 12)
  /// The ciphers 32 to 63, as bits; none is defined.
  public static let cipherAlgoH = Register<UInt32, ReadOnly>("cipher_algo_h", at: 16)
  /// The hashes, as bits.
  public static let hashAlgo = Register<UInt32, ReadOnly>("hash_algo", at: 20)
  /// The MAC algorithms 0 to 31, as bits.
  public static let macAlgoL = Register<UInt32, ReadOnly>("mac_algo_l", at: 24)
  /// The MAC algorithms 32 to 63, as bits.
  public static let macAlgoH = Register<UInt32, ReadOnly>("mac_algo_h", at: 28)
  /// The AEAD algorithms, as bits.
  public static let aeadAlgo = Register<UInt32, ReadOnly>("aead_algo", at: 32)
  /// The length of the longest cipher key, in bytes.
  public static let maxCipherKeyLen = Register<UInt32, ReadOnly>("max_cipher_key_len", at: 36)
  /// The length of the longest authentication key, in bytes.
  public static let maxAuthKeyLen = Register<UInt32, ReadOnly>("max_auth_key_len", at: 40)
  /// The asymmetric ciphers, as bits.
  public static let akcipherAlgo = Register<UInt32, ReadOnly>("akcipher_algo", at: 44)
  /// The size of the largest request, in bytes.
  public static let maxSize = Register<UInt64, ReadOnly>("max_size", at: 48)
}

extension DeviceDefinition {
  /// The crypto device, VIRTIO 1.4 §5.9.
  public static let crypto = DeviceDefinition(
    .crypto, leastQueues: 2, features: Feature.Crypto.all,
    config: [
      ConfigField(Crypto.status, bits: [0: "VIRTIO_CRYPTO_S_HW_READY"]),
      ConfigField(Crypto.maxDataqueues),
      ConfigField(Crypto.cryptoServices, bits: services),
      ConfigField(Crypto.cipherAlgoL, bits: ciphers),
      // Algorithms 32 to 63, none of which is defined.
      ConfigField(Crypto.cipherAlgoH, format: .hex),
      ConfigField(Crypto.hashAlgo, bits: hashes),
      ConfigField(Crypto.macAlgoL, bits: lowMACs),
      // Algorithms 32 to 63.
      ConfigField(Crypto.macAlgoH, bits: highMACs),
      ConfigField(Crypto.aeadAlgo, bits: aeads),
      ConfigField(Crypto.maxCipherKeyLen, unit: .bytes),
      ConfigField(Crypto.maxAuthKeyLen, unit: .bytes),
      ConfigField(Crypto.akcipherAlgo, bits: akciphers),
      ConfigField(Crypto.maxSize, unit: .bytes),
    ])

  private static let services: NameTable = [
    0: "CIPHER",
    1: "HASH",
    2: "MAC",
    3: "AEAD",
    4: "AKCIPHER",
    5: "IPSEC",
  ]

  private static let ciphers: NameTable = [
    1: "VIRTIO_CRYPTO_CIPHER_ARC4",
    2: "VIRTIO_CRYPTO_CIPHER_AES_ECB",
    3: "VIRTIO_CRYPTO_CIPHER_AES_CBC",
    4: "VIRTIO_CRYPTO_CIPHER_AES_CTR",
    5: "VIRTIO_CRYPTO_CIPHER_DES_ECB",
    6: "VIRTIO_CRYPTO_CIPHER_DES_CBC",
    7: "VIRTIO_CRYPTO_CIPHER_3DES_ECB",
    8: "VIRTIO_CRYPTO_CIPHER_3DES_CBC",
    9: "VIRTIO_CRYPTO_CIPHER_3DES_CTR",
    10: "VIRTIO_CRYPTO_CIPHER_KASUMI_F8",
    11: "VIRTIO_CRYPTO_CIPHER_SNOW3G_UEA2",
    12: "VIRTIO_CRYPTO_CIPHER_AES_F8",
    13: "VIRTIO_CRYPTO_CIPHER_AES_XTS",
    14: "VIRTIO_CRYPTO_CIPHER_ZUC_EEA3",
  ]

  private static let hashes: NameTable = [
    1: "VIRTIO_CRYPTO_HASH_MD5",
    2: "VIRTIO_CRYPTO_HASH_SHA1",
    3: "VIRTIO_CRYPTO_HASH_SHA_224",
    4: "VIRTIO_CRYPTO_HASH_SHA_256",
    5: "VIRTIO_CRYPTO_HASH_SHA_384",
    6: "VIRTIO_CRYPTO_HASH_SHA_512",
    7: "VIRTIO_CRYPTO_HASH_SHA3_224",
    8: "VIRTIO_CRYPTO_HASH_SHA3_256",
    9: "VIRTIO_CRYPTO_HASH_SHA3_384",
    10: "VIRTIO_CRYPTO_HASH_SHA3_512",
    11: "VIRTIO_CRYPTO_HASH_SHA3_SHAKE128",
    12: "VIRTIO_CRYPTO_HASH_SHA3_SHAKE256",
  ]

  private static let lowMACs: NameTable = [
    1: "VIRTIO_CRYPTO_MAC_HMAC_MD5",
    2: "VIRTIO_CRYPTO_MAC_HMAC_SHA1",
    3: "VIRTIO_CRYPTO_MAC_HMAC_SHA_224",
    4: "VIRTIO_CRYPTO_MAC_HMAC_SHA_256",
    5: "VIRTIO_CRYPTO_MAC_HMAC_SHA_384",
    6: "VIRTIO_CRYPTO_MAC_HMAC_SHA_512",
    25: "VIRTIO_CRYPTO_MAC_CMAC_3DES",
    26: "VIRTIO_CRYPTO_MAC_CMAC_AES",
    27: "VIRTIO_CRYPTO_MAC_KASUMI_F9",
    28: "VIRTIO_CRYPTO_MAC_SNOW3G_UIA2",
  ]

  private static let highMACs: NameTable = [
    9: "VIRTIO_CRYPTO_MAC_GMAC_AES",
    10: "VIRTIO_CRYPTO_MAC_GMAC_TWOFISH",
    17: "VIRTIO_CRYPTO_MAC_CBCMAC_AES",
    18: "VIRTIO_CRYPTO_MAC_CBCMAC_KASUMI_F9",
    21: "VIRTIO_CRYPTO_MAC_XCBC_AES",
    22: "VIRTIO_CRYPTO_MAC_ZUC_EIA3",
  ]

  private static let aeads: NameTable = [
    1: "VIRTIO_CRYPTO_AEAD_GCM",
    2: "VIRTIO_CRYPTO_AEAD_CCM",
    3: "VIRTIO_CRYPTO_AEAD_CHACHA20_POLY1305",
  ]

  private static let akciphers: NameTable = [
    1: "VIRTIO_CRYPTO_AKCIPHER_RSA",
    2: "VIRTIO_CRYPTO_AKCIPHER_ECDSA",
  ]
}
