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

extension DeviceDefinition {
  /// The crypto device, VIRTIO 1.4 §5.9.
  public static let crypto = DeviceDefinition(
    .crypto, leastQueues: 2, features: Feature.Crypto.all,
    config: [
      ConfigField("status", .le32, at: 0, bits: [0: "VIRTIO_CRYPTO_S_HW_READY"]),
      ConfigField("max_dataqueues", .le32, at: 4),
      ConfigField("crypto_services", .le32, at: 8, bits: services),
      ConfigField("cipher_algo_l", .le32, at: 12, bits: ciphers),
      // Algorithms 32 to 63, none of which is defined.
      ConfigField("cipher_algo_h", .le32, at: 16),
      ConfigField("hash_algo", .le32, at: 20, bits: hashes),
      ConfigField("mac_algo_l", .le32, at: 24, bits: lowMACs),
      // Algorithms 32 to 63.
      ConfigField("mac_algo_h", .le32, at: 28, bits: highMACs),
      ConfigField("aead_algo", .le32, at: 32, bits: aeads),
      ConfigField("max_cipher_key_len", .le32, at: 36, unit: .bytes),
      ConfigField("max_auth_key_len", .le32, at: 40, unit: .bytes),
      ConfigField("akcipher_algo", .le32, at: 44, bits: akciphers),
      ConfigField("max_size", .le64, at: 48, unit: .bytes),
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
