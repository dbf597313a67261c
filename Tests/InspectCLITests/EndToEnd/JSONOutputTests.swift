import Foundation
import TestSupport
import Testing
import VirtioConformance

@Suite("JSON output")
struct JSONOutputTests {
  /// The keys that scripts depend on, in their order.
  static let keys: [(path: String, keys: String)] = [
    (".", "schema_version tool access devices errors"),
    (".tool", "name version"),
    (".errors[]", "address message"),
    (
      ".devices[]",
      "address source vendor_id device_id subsystem_vendor_id subsystem_id revision class type "
        + "type_id type_name interface command interrupt sriov driver no_driver numa_node iommu_group "
        + "virtio vdpa "
        + "config_bytes bars capabilities pci_capabilities registers drivers problems"
    ),
    (
      ".devices[].capabilities[]",
      "position cap_vndr cap_next cap_len cfg_type cfg_type_value bar id offset length "
        + "notify_off_multiplier pci_cfg_data vendor_id vendor_data address padding bytes error"
    ),
    (".devices[].bars[]", "index space width prefetchable address size"),
    (".devices[].virtio | values", "name driver status features nodes"),
    (".devices[].virtio | values | .status | values", "value flags"),
    (".devices[].virtio | values | .features[]", "bit name"),
    (".devices[].pci_capabilities[]", "position id name msix"),
    (
      ".devices[].pci_capabilities[].msix | values",
      "enabled masked table_size table_bar table_offset pba_bar pba_offset"
    ),
    (
      ".devices[].drivers[]",
      "driver verdict step reason position since ignored unchecked tested"
    ),
    (".devices[].problems[]", "rule kind severity section position message ignored"),
  ]

  /// A tree with something of everything, a function with defects and one that cannot be read.
  /// `largest` is an offset and a length; a jq before 1.7 rounds what is above 2^53.
  private static func tree(largest: UInt64 = 1 << 53) throws -> SysfsFixture {
    let tree = try SysfsFixture()
    try tree.add(
      "0000:00:01.0", .healthy, driver: "virtio-pci", numaNode: 1, iommuGroup: 12,
      virtio: .init(
        "virtio0", driver: "vmw_vsock_virtio_transport",
        features: "1" + String(repeating: "0", count: 62) + "1", nodes: ["net/eth0"]))
    try tree.add(
      "0000:00:02.0",
      ConfigSpace()
        .adding(.sharedMemory(offset: largest, length: largest), at: 0x40)
        .adding(.vendor(0x1234, data: [1, 2, 3, 4, 5, 6]), at: 0x60)
        .adding(.virtio(77, capLen: 12), at: 0x70).pointing(at: 0x40))
    try tree.add("0000:00:03.0", ConfigSpace().setting(Array(repeating: 0xFF, count: 256), at: 0))
    try tree.write(
      "PCI_CLASS=20000\nPCI_ID=1AF4:1041\nPCI_SUBSYS_ID=1AF4:1041\n",
      to: "bus/pci/devices/0000:00:03.0/uevent")
    return tree
  }

  @Test("every object has the documented keys in their order, always", arguments: keys)
  func order(row: (path: String, keys: String)) throws {
    let tree = try Self.tree()
    let keys = try InProcess.run(["--sysfs", tree.root, "-J"])
      .jq("-r", "\(row.path) | keys_unsorted | join(\" \")")
    let lines = Set(keys.split(separator: "\n").map { String($0) })
    #expect(lines == [row.keys])
  }

  @Test("jq prints it as we do", arguments: [("--json", ["--indent", "2"]), ("--jsonl", ["-c"])])
  func sameAsJQ(option: String, jq: [String]) throws {
    let tree = try Self.tree()
    let arguments = ["--sysfs", tree.root, option]
    let own = InProcess.run(arguments)
    #expect(!own.output.isEmpty)
    #expect(try own.jq(jq + ["."]) == own.output)
    #expect(InProcess.run(arguments).output == own.output)
  }

  @Test("--jsonl prints the devices of --json")
  func lines() throws {
    let tree = try Self.tree()
    let lines = InProcess.run(["--sysfs", tree.root, "--jsonl"])
    let document = InProcess.run(["--sysfs", tree.root, "--json"])
    #expect(try document.jq("-c", ".devices[]") == lines.output)
    #expect(lines.output.split(separator: "\n").count == 3)
  }

  @Test("integers up to 2^64-1 are themselves")
  func largest() throws {
    let tree = try Self.tree(largest: .max)
    let outcome = InProcess.run(["--sysfs", tree.root, "--jsonl"])
    #expect(
      outcome.output.contains(
        #""offset":18446744073709551615,"length":18446744073709551615,"#))
  }

  @Test("what does not apply is null")
  func values() throws {
    let tree = try Self.tree()
    let query = """
      .devices[1].capabilities | map([.cfg_type, .cfg_type_value, .bar, .id, .offset, .length, \
      .notify_off_multiplier, .pci_cfg_data, .vendor_id, .vendor_data, .address, .padding, \
      .error]) | .[]
      """
    let shown = try InProcess.run(["--sysfs", tree.root, "-J"]).jq("-c", query)
    #expect(
      shown == """
        ["shared_memory",8,0,0,9007199254740992,9007199254740992,\
        null,null,null,null,"0x20004000000000","0000",null]
        ["vendor",9,null,null,null,null,null,null,"0x1234","010203040506",null,null,null]
        ["unknown",77,null,null,null,null,null,null,null,null,null,null,\
        "cap_len 12 is shorter than 16"]

        """)
  }

  @Test("the kernel's facts are there")
  func kernel() throws {
    let tree = try Self.tree()
    let query = """
      .devices[0] | [.driver, .numa_node, .iommu_group, .virtio.name, .virtio.driver, \
      .virtio.status, .virtio.features[].bit, .virtio.nodes, .config_bytes, .bars[0].size]
      """
    let shown = try InProcess.run(["--sysfs", tree.root, "-J"]).jq("-c", query)
    #expect(
      shown == """
        ["virtio-pci",1,12,"virtio0","vmw_vsock_virtio_transport",\
        {"value":"0x0f","flags":["ACKNOWLEDGE","DRIVER","DRIVER_OK","FEATURES_OK"]},\
        0,63,["eth0"],256,524288]

        """)
  }

  @Test("hostile names leave it valid UTF-8 and valid JSON")
  func names() throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:01.0", virtio: .init("virtio0"))
    try tree.write(
      Array("DRIVER=a\"b\\\u{1b}[2J\u{7f}\u{85}\u{2028}".utf8) + [0xFF, 0x0A],
      to: "bus/pci/devices/0000:00:01.0/virtio0/uevent")
    let outcome = InProcess.run(["--sysfs", tree.root, "--jsonl"])
    #expect(
      outcome.output.contains(
        #""driver":"a\"b\\\u001b[2J\u007f\u0085\u2028"# + "\u{fffd}\""))
    let line = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    #expect(line is [String: Any])
  }
}
