#if LibPCI
  private import CLibPCI
  internal import SystemPackage
  public import VirtioPCI

  /// PCI functions as libpci reads them.
  ///
  /// libpci is loaded when a source is made. Identity, BARs and the kernel's facts are asked of it:
  /// with `linux-sysfs` it takes them from files, and reads config space only for what no file says
  /// (the subsystem or revision of an old kernel, the BARs of an empty `resource`); other methods
  /// know little but config space. All else is read in the ranges asked for.
  public struct LibPCISource: DeviceSource {
    let session: LibPCISession
    private let tree: SysfsTree
    private let exactly: Set<Address>?
    private let wants: (Address) -> Bool
    /// What is still to come, the last first; nil before the first is asked for.
    private var pending: [Address]?

    /// Whether libpci's header was there for the build. Else there is no source to make.
    public static var isBuiltIn: Bool { libpci_is_built_in() }

    /// `method` and `parameters` are libpci's own, as `lspci -A` and `-O` take them. With `exactly`
    /// no other functions are looked for, and those that do not exist are left out. The kernel's
    /// virtio devices are those of `tree`.
    public init(
      method: String = SysfsTree.libpciMethod, parameters: [(name: String, value: String)] = [],
      tree: SysfsTree = SysfsTree(), exactly: Set<Address>? = nil,
      wants: @escaping (Address) -> Bool = { _ in true }
    ) throws(AccessError) {
      try self.init(
        library: "libpci.so.3", method: method, parameters: parameters, tree: tree,
        exactly: exactly, wants: wants)
    }

    init(
      library: String, method: String = SysfsTree.libpciMethod,
      parameters: [(name: String, value: String)] = [], tree: SysfsTree = SysfsTree(),
      exactly: Set<Address>? = nil, wants: @escaping (Address) -> Bool
    ) throws(AccessError) {
      guard Self.isBuiltIn else { throw .withoutLibPCI }
      // libpci's own reader of dumps crashes on damaged ones.
      guard method != "dump" else {
        throw AccessError(method, .unavailable(message: "use -F FILE to read a dump"))
      }
      session = try LibPCISession(library: library, method: method, parameters: parameters)
      self.tree = tree
      self.exactly = exactly
      self.wants = wants
    }

    public mutating func next() throws(AccessError) -> (any PCIFunction)? {
      if pending == nil {
        pending = []
        pending = try session.addresses(among: exactly).filter(wants).sorted(by: >)
      }
      guard let address = pending?.popLast() else { return nil }
      return try LibPCIFunction(address, of: session, in: tree)
    }
  }

  private final class LibPCIFunction: PCIFunction {
    let session: LibPCISession
    let tree: SysfsTree
    let location: Address
    private(set) var configSize: Int

    var address: Address? { location }
    var file: String? { nil }
    /// libpci opens what it reads itself, so that nothing says what that is.
    var isLive: Bool { true }
    var knowsAllBARs: Bool { session.isSysfs }

    init(_ address: Address, of session: LibPCISession, in tree: SysfsTree) throws(AccessError) {
      self.session = session
      self.tree = tree
      location = address
      configSize = try session.configSize(of: address)
    }

    func identity() throws(AccessError) -> Identity { try session.identity(of: location) }

    func bars() throws(AccessError) -> [BAR] { try session.bars(of: location) }

    /// Of virtio libpci knows nothing, and by other methods than linux-sysfs it names the wrong
    /// drivers: what it cannot say comes from sysfs itself.
    func kernelFacts(_ parts: KernelFacts.Parts) throws(AccessError) -> KernelFacts {
      guard session.isSysfs else {
        // Of a procfs from elsewhere this machine's sysfs knows nothing.
        guard !session.hasPath, let folder = try tree.folder(of: location) else {
          return KernelFacts()
        }
        return folder.kernelFacts(parts, driver: try folder.uevent()["DRIVER"])
      }
      var facts = try session.kernelFacts(of: location)
      do throws(AccessError) {
        guard let folder = try tree.folder(of: location) else { return facts }
        // libpci does not tell a function without a driver from one whose driver it could not read.
        if parts.contains(.binding), facts.driver == nil {
          facts.driver = try folder.uevent()["DRIVER"]
        }
        folder.addDevice(parts, to: &facts)
      } catch {
        facts.errors.append(error)
      }
      return facts
    }

    /// libpci maps nothing: that is the kernel's business, whatever the method.
    func openRegion(
      _ place: LocatedStructure, count: Int, writable: Bool
    ) throws(AccessError) -> BARRegion {
      guard session.isSysfs || !session.hasPath else {
        throw AccessError("registers", .noDevice, address: location)
      }
      if writable { try requireDevice() }
      return try folder("registers").openRegion(place, count: count, writable: writable)
    }

    func writableConfig() throws(AccessError) -> any WritableConfig {
      try requireDevice()
      _ = try folder("config space")
      return LibPCIConfig(session: session, location: location)
    }

    /// Throws where libpci was given a parameter, such as the path of what it reads: whose driver would be
    /// disturbed is then not known.
    private func requireDevice() throws(AccessError) {
      guard !session.hasParameters else {
        throw AccessError(
          "config space",
          .unavailable(
            message: "is not written through libpci with parameters: leave --sysfs and -O out"),
          address: location)
      }
    }

    /// Its folder in sysfs, which names its driver.
    private func folder(_ subject: String) throws(AccessError) -> SysfsFolder {
      if let folder = try tree.folder(of: location) { return folder }
      throw AccessError(
        subject, .unavailable(message: "cannot be reached: the function is not in sysfs"),
        address: location)
    }

    func readConfig(
      at offset: Int, count: Int, into bytes: inout [UInt8]
    ) throws(AccessError) {
      guard count > 0, (0..<configSize).contains(offset) else { return }
      let count = min(count, configSize - offset)
      let read = try session.read(location, at: offset, count: count)
      if read.count < count {
        configSize = ConfigHeader.end(afterReading: read.count, at: offset)
      }
      bytes += read
    }
  }

  /// The config space of a function, whatever it is.
  final class LibPCIConfig: WritableConfig {
    private let session: LibPCISession
    private let location: Address

    init(session: LibPCISession, location: Address) {
      self.session = session
      self.location = location
    }

    func read(at offset: Int, count: Int) throws(AccessError) -> [UInt8] {
      try session.read(location, at: offset, count: count)
    }

    func write(_ bytes: [UInt8], at offset: Int) throws(AccessError) {
      try session.write(bytes, to: location, at: offset)
    }
  }
#endif
