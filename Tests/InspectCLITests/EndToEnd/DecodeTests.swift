import TestSupport
import Testing
import VirtioPCI

@testable import InspectCLI

@Suite("Features of --decode")
struct DecodeTests {
  @Test(
    "features are 0 and 1 as in sysfs, a hex number, or hex numbers of 32 bits",
    arguments: [
      ("0", []), ("1", [0]), ("0x80000001", [0, 31]), ("410fdda3", [0, 1, 5, 7, 8, 10]),
      ("0X100000000", [32]), ("0,1", [32]), ("0x1,0x1,8,80000000", [0, 32, 67, 127]),
      ("8" + String(repeating: "0", count: 31), [127]),
      ("0" + "1" + String(repeating: "0", count: 62), [1]),
      (String(repeating: "0", count: 127) + "1", [127]),
    ] as [(String, [Int])])
  func forms(text: String, lowest: [Int]) throws {
    let bits = Array(try DecodedFeatures(parsing: "net=\(text)").bits.bits)
    #expect(Array(bits.prefix(lowest.count)) == lowest)
    #expect(!lowest.isEmpty || bits.isEmpty)
  }

  @Test(
    "other text is refused",
    arguments: [
      "net=", "net=0x", "net=g", "net=1,", "net=,1", "net=100000000,0", "net=0,0,0,0,0",
      "net=-1", "net=0x0x1", "net= 1",
      "net=1" + String(repeating: "0", count: 32),
      "net=2" + String(repeating: "0", count: 63),
      "net=" + String(repeating: "1", count: 65),
    ])
  func malformed(text: String) {
    #expect(throws: ValueError.notFeatures) { try DecodedFeatures(parsing: text) }
  }

  @Test("a type has to be known and to be there")
  func types() throws {
    #expect(throws: ValueError.notTypeAndFeatures) { try DecodedFeatures(parsing: "net") }
    #expect(throws: ValueError.self) { try DecodedFeatures(parsing: "nett=1") }
    #expect(throws: ValueError.self) { try DecodedFeatures(parsing: "=1") }
    #expect(try DecodedFeatures(parsing: "1=1") == DecodedFeatures(parsing: "NET=1"))
  }

  @Test("without bit 32 the names are those of the legacy interface")
  func legacy() throws {
    let names = { (text: String) in
      try DecodedFeatures(parsing: text).features.map(\.name)
    }
    #expect(try names("net=20000000000") == ["VIRTIO_NET_F_GUEST_RSC4"])
    #expect(try names("net=20100000000") == ["VIRTIO_F_VERSION_1", "VIRTIO_F_ADMIN_VQ"])
    #expect(try names("net=40") == ["VIRTIO_NET_F_GSO"])
    #expect(try names("300=4") == [nil])
  }

  @Test("a table names the bits, and reads no device")
  func table() throws {
    let outcome = try BuiltProgram.run(["--decode", "blk=0x100000042,"])
    #expect(outcome.status == 2)
    #expect(outcome.error.contains("--decode blk=0x100000042,: is not"))
    let good = try BuiltProgram.run(["--decode", "blk=0x8000000100000042"])
    #expect(
      good.output == """
        BIT  NAME
          1  VIRTIO_BLK_F_SIZE_MAX
          6  VIRTIO_BLK_F_BLK_SIZE
         32  VIRTIO_F_VERSION_1
         63  -

        """)
    #expect((good.status, good.error) == (0, ""))
    #expect(try BuiltProgram.run(["--decode=rng=0"]).output == "none\n")
    let bare = try BuiltProgram.run(["--decode", "blk=2", "--noheadings"])
    #expect(bare.output == "1  VIRTIO_BLK_F_SIZE_MAX\n")
  }

  @Test("JSON has the type and a feature for each bit")
  func json() throws {
    let outcome = try BuiltProgram.run(["--decode", "socket=2", "--json"])
    #expect(
      outcome.output == """
        {
          "schema_version": 1,
          "type": "socket",
          "type_id": 19,
          "features": [
            {
              "bit": 1,
              "name": "VIRTIO_VSOCK_F_SEQPACKET"
            }
          ]
        }

        """)
  }

  @Test(
    "what would have no effect beside it is refused",
    arguments: ["eth0", "-v", "--check", "--jsonl", "-s4", "-F-", "--capture=a"])
  func alone(option: String) throws {
    let outcome = try BuiltProgram.run(["--decode", "net=1", option])
    #expect(outcome.status == 2)
    #expect(outcome.error.contains("--decode reads no device"))
  }
}
