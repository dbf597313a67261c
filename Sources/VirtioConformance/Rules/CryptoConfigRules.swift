import VirtioPCI

extension Rule {
  /// The configuration of crypto devices, VIRTIO 1.4 §5.9.4.
  static let cryptoConfigRules: [Rule] = [
    Rule(
      "crypto-dataqueues", .must, .normative, "5.9.5.1",
      for: .types([.crypto]), needs: .deviceConfig,
      "max_dataqueues is 1..65535.",
      example: "0",
      .fields("max_dataqueues", are: .range(1...0xFFFF))),
    Rule(
      "crypto-status-defined", .must, .normative, "5.9.5.1",
      for: .types([.crypto]), needs: .deviceConfig,
      "Only status bit 0 is set.",
      example: "2",
      .fields("status", are: .bits(1))),
    Rule(
      "crypto-algorithms-defined", .must, .normative, "5.9.5.1",
      for: .types([.crypto]), needs: .deviceConfig,
      "No undefined algorithm bit is set.",
      example: "cipher_algo_l bit 20"
    ) { function in
      cryptoAlgorithms.compactMap { name, bits in
        guard let mask = function.field(name), mask & ~bits != 0 else { return nil }
        return Finding("\(name) has undefined bits \(Hex(mask & ~bits))")
      }
    },
    Rule(
      "crypto-services-have-algorithms", .must, .normative, "5.9.5.1",
      for: .types([.crypto]), needs: .deviceConfig,
      "Each advertised service has a non-empty algorithm mask.",
      example: "bit 0 set, cipher masks 0"
    ) { function in
      guard let services = function.field("crypto_services") else { return [] }
      return cryptoServices.compactMap { bit, name, masks in
        guard services & 1 << bit != 0, masks.allSatisfy({ function.field($0) == 0 }) else {
          return nil
        }
        return Finding("the service \(name) has no algorithm")
      }
    },
    Rule(
      "crypto-services-defined", .should, .inferred, "5.9.4",
      for: .types([.crypto]), needs: .deviceConfig,
      "Only service bits 0..5 are set.",
      example: "bit 6",
      .fields("crypto_services", are: .bits(0x3F))),
    Rule(
      "crypto-max-size", .must, .normative, "5.9.5.1",
      for: .types([.crypto]), needs: .deviceConfig,
      "max_size reports the request limit.",
      example: "0",
      .fields("max_size", are: .nonzero)),
    Rule(
      "crypto-cipher-key-len", .must, .normative, "5.9.5.1",
      for: .types([.crypto]), needs: .deviceConfig,
      "With the CIPHER service max_cipher_key_len is set.",
      example: "0"
    ) { function in
      .when(
        (function.field("crypto_services") ?? 0) & 1 != 0
          && function.field("max_cipher_key_len") == 0, "max_cipher_key_len is 0")
    },
    Rule(
      "crypto-auth-key-len", .must, .normative, "5.9.5.1",
      for: .types([.crypto]), needs: .deviceConfig,
      "With the MAC service max_auth_key_len is set.",
      example: "0"
    ) { function in
      .when(
        (function.field("crypto_services") ?? 0) & 4 != 0
          && function.field("max_auth_key_len") == 0, "max_auth_key_len is 0")
    },
  ]
}

extension Rule {
  /// The algorithms that are defined, bit 0 for none among them.
  private static let cryptoAlgorithms: [(field: String, bits: UInt64)] = [
    ("cipher_algo_l", 0x7FFF), ("cipher_algo_h", 0), ("hash_algo", 0x1FFF),
    ("mac_algo_l", 0x1E00_007F), ("mac_algo_h", 0x66_0600), ("aead_algo", 0xF),
    ("akcipher_algo", 7),
  ]

  /// The bit of each service, and the fields of its algorithms.
  private static let cryptoServices: [(bit: UInt64, name: String, masks: [String])] = [
    (0, "CIPHER", ["cipher_algo_l", "cipher_algo_h"]), (1, "HASH", ["hash_algo"]),
    (2, "MAC", ["mac_algo_l", "mac_algo_h"]), (3, "AEAD", ["aead_algo"]),
    (4, "AKCIPHER", ["akcipher_algo"]),
  ]
}
