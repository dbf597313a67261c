import VirtioPCI

extension Rule {
  /// The configuration of crypto devices, VIRTIO 1.4 §5.9.4.
  static let cryptoConfigRules: [Rule] = [
    .bound(
      "crypto-dataqueues", .crypto, BoundField(Crypto.maxDataqueues), is: .range(1...0xFFFF), .must,
      .normative, "5.9.5.1"),
    .bound(
      "crypto-status-defined", .crypto, BoundField(Crypto.status), is: .namedBits, .must,
      .normative, "5.9.5.1"),
    Rule(
      "crypto-algorithms-defined", .must, .normative, "5.9.5.1", of: .type(.crypto),
      "No undefined algorithm bit is set.",
      example: "cipher_algo_l bit 20", given: .deviceConfig
    ) { config, found in
      for field in config.fields {
        guard let none = Crypto.algorithms[field.field.key], let mask = field.number else {
          continue
        }
        let undefined = field.field.bits.entries.reduce(mask & ~none) { $0 & ~(1 << $1.number) }
        if undefined != 0 {
          found.add("\(field.field.name) has undefined bits \(Hex(undefined))")
        }
      }
    },
    Rule(
      "crypto-services-have-algorithms", .must, .normative, "5.9.5.1", of: .type(.crypto),
      "Each advertised service has a non-empty algorithm mask.",
      example: "bit 0 set, cipher masks 0", given: .config(Crypto.cryptoServices), .deviceConfig
    ) { services, config, found in
      for (bit, masks) in Crypto.services
      where services & 1 << bit != 0 && masks.allSatisfy({ config[$0] == 0 }) {
        let names = DeviceDefinition.crypto.config.first {
          $0.key == ConfigField.Key(Crypto.cryptoServices)
        }?.bits
        found.add("the service \(names?[UInt64(bit)] ?? "\(bit)") has no algorithm")
      }
    },
    .bound(
      "crypto-services-defined", .crypto, BoundField(Crypto.cryptoServices), is: .namedBits,
      .should, .inferred, "5.9.4"),
    Rule(
      "crypto-ipsec-admin", .should, .inferred, "5.9.9.9", of: .type(.crypto),
      "IPsec resources are managed by administration commands, so an admin virtqueue is needed.",
      example: "crypto_services bit 5 set, bit 41 not offered",
      given: .config(Crypto.cryptoServices), .offered
    ) { services, offered, found in
      guard services & 1 << 5 != 0, !offered.contains(.adminVQ) else { return }
      found.add("there is the service IPSEC, and \(Feature.adminVQ.name) is not offered")
    },
    .bound(
      "crypto-max-size", .crypto, BoundField(Crypto.maxSize), is: .nonzero, .must, .normative,
      "5.9.5.1"),
    Rule(
      "crypto-cipher-key-len", .must, .normative, "5.9.5.1", of: .type(.crypto),
      "With the CIPHER service max_cipher_key_len is set.",
      example: "0", given: .config(Crypto.cryptoServices), .config(Crypto.maxCipherKeyLen)
    ) { services, length, found in
      guard services & 1 != 0, length == 0 else { return }
      found.add("max_cipher_key_len is 0")
    },
    Rule(
      "crypto-auth-key-len", .must, .normative, "5.9.5.1", of: .type(.crypto),
      "With the MAC service max_auth_key_len is set.",
      example: "0", given: .config(Crypto.cryptoServices), .config(Crypto.maxAuthKeyLen)
    ) { services, length, found in
      guard services & 4 != 0, length == 0 else { return }
      found.add("max_auth_key_len is 0")
    },
  ]
}

extension Crypto {
  /// The algorithms of each service, by the number of its bit.
  fileprivate static let services: [(bit: UInt32, masks: [Register<UInt32, ReadOnly>])] = [
    (0, [cipherAlgoL, cipherAlgoH]), (1, [hashAlgo]), (2, [macAlgoL, macAlgoH]),
    (3, [aeadAlgo]), (4, [akcipherAlgo]),
  ]

  /// The masks of algorithms. In the first of a service bit 0 stands for none.
  fileprivate static let algorithms: [ConfigField.Key: UInt64] = Dictionary(
    uniqueKeysWithValues: services.flatMap { _, masks in
      masks.enumerated().map { (ConfigField.Key($1), $0 == 0 ? 1 : 0) }
    })
}
