import Foundation
import TestSupport
import Testing

@Suite struct EmbeddedTests {
  static let compiler = Tool("swiftc")

  @Test(
    "the library compiles as Embedded Swift",
    .enabled("needs swiftc on PATH") { compiler != nil })
  func embedded() throws {
    let root = URL(filePath: Fixtures.folder).appending(path: "../../Sources/VirtioPCI")
      .standardized
    let files = try #require(FileManager.default.enumerator(atPath: root.path))
    let sources = files.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }
    #expect(sources.count > 20)
    let compiler = try #require(Self.compiler)
    let result = try withScratchFolder { folder in
      try compiler.run(
        [
          "-parse-as-library", "-O", "-wmo", "-swift-version", "6", "-strict-memory-safety",
          "-enable-experimental-feature", "Embedded", "-warnings-as-errors",
          "-package-name", "virtio-pci-inspect", "-module-name", "VirtioPCI",
          "-c", "-o", "\(folder)/VirtioPCI.o",
        ] + sources.map { "\(root.path)/\($0)" })
    }
    #expect(result.status == 0, "\(result.output)")
  }

  private static let linker = Tool("ld.lld")

  /// Registers as a guest without an operating system reaches them.
  private static let registers = """
    import VirtioPCI

    struct MMIO: RegisterTarget {
      let base: UInt
      let count = 64

      func load<Value>(_ offset: Int) -> Value {
        unsafe UnsafePointer<Value>(bitPattern: base + UInt(offset))!.pointee
      }

      func store<Value>(_ value: Value, _ offset: Int) {
        unsafe UnsafeMutablePointer<Value>(bitPattern: base + UInt(offset))!.pointee = value
      }

      func load8(at offset: Int) -> UInt8 { load(offset) }
      func load16(at offset: Int) -> UInt16 { load(offset) }
      func load32(at offset: Int) -> UInt32 { load(offset) }
      func store8(_ value: UInt8, at offset: Int) { store(value, offset) }
      func store16(_ value: UInt16, at offset: Int) { store(value, offset) }
      func store32(_ value: UInt32, at offset: Int) { store(value, offset) }
    }

    """

  private static let negotiation = """
    @_cdecl("drive") public func drive(_ base: UInt) -> UInt64 {
      let common = MMIO(base: base)
      let wanted: FeatureSet = [.version1, Feature.Blk.flush, Feature.Blk.blkSize]
      let accepted = CommonCfg.deviceFeatures(in: common).intersection(wanted)
      CommonCfg.setDriverFeatures(accepted, in: common)
      guard CommonCfg.confirmFeatures(in: common) else { return 0 }
      return Blk.capacity.load(from: common)
    }
    """

  private static let configuration = """
    @_cdecl("drive") public func drive(_ base: UInt) -> Int {
      let common = MMIO(base: base)
      let offered = CommonCfg.deviceFeatures(in: common)
      let config = DeviceConfig(
        of: DeviceDefinition.blk.config, from: common, negotiated: offered, status: [])
      return config.fields.count + offered.names(among: Feature.Blk.all).count
    }
    """

  @Test(
    "a driver of one type links nothing of another, and negotiates without an allocation",
    .enabled("needs swiftc and ld.lld on PATH") { compiler != nil && linker != nil })
  func linked() throws {
    let root = URL(filePath: Fixtures.folder).appending(path: "../../Sources/VirtioPCI")
      .standardized
    let files = try #require(FileManager.default.enumerator(atPath: root.path))
    let sources = files.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }
    let (compiler, linker) = (try #require(Self.compiler), try #require(Self.linker))
    try withScratchFolder { folder in
      let flags = [
        "-parse-as-library", "-Osize", "-wmo", "-swift-version", "6", "-target",
        "aarch64-none-none-elf", "-enable-experimental-feature", "Embedded", "-Xfrontend",
        "-function-sections",
      ]
      let module = try compiler.run(
        flags + [
          "-package-name", "virtio-pci-inspect", "-module-name", "VirtioPCI", "-emit-module",
          "-emit-module-path", "\(folder)/VirtioPCI.swiftmodule",
        ] + sources.map { "\(root.path)/\($0)" })
      try #require(module.status == 0, "\(module.output)")
      let stubs = [
        "__stack_chk_fail", "__stack_chk_guard", "memset", "memcpy", "memmove", "memcmp", "free",
      ]
      for (body, allocator) in [(Self.negotiation, []), (Self.configuration, ["posix_memalign"])] {
        let source = "\(folder)/driver.swift"
        try (Self.registers + body).write(toFile: source, atomically: true, encoding: .utf8)
        let object = try compiler.run(
          flags + ["-I", folder, "-c", source, "-o", "\(folder)/driver.o"])
        try #require(object.status == 0, "\(object.output)")
        // What is left undefined and used makes the link fail.
        let program = try linker.run(
          ["--gc-sections", "--strip-all", "-e", "drive", "\(folder)/driver.o", "-o"]
            + ["\(folder)/driver"] + (stubs + allocator).map { "--defsym=\($0)=0" })
        try #require(program.status == 0, "\(program.output)")
        let bytes = try Data(contentsOf: URL(filePath: "\(folder)/driver"))
        #expect(bytes.range(of: Data("VIRTIO_BLK_F_FLUSH".utf8)) != nil)
        for name in ["VIRTIO_NET_F", "VIRTIO_GPU_F", "rss_max", "num_scanouts"] {
          #expect(bytes.range(of: Data(name.utf8)) == nil, "\(name) is linked")
        }
      }
    }
  }
}
