#if LibPCI
  private import CLibPCI
  internal import SystemPackage
  internal import VirtioPCI

  /// An access of libpci, shared by the functions of one source.
  ///
  /// When libpci gives up, the access is lost and the error thrown; the next call makes another, so
  /// that one function that cannot be read hides no other. Files that libpci had open by then stay
  /// open: some thousand such functions are too many.
  @safe
  final class LibPCISession {
    private let library: String
    private let method: String
    private let parameters: [(name: String, value: String)]
    /// Nil after libpci gave up.
    private var access: OpaquePointer?
    /// Functions met so far, as objects of `access`.
    private var devices: [Address: OpaquePointer] = unsafe [:]

    init(
      library: String, method: String, parameters: [(name: String, value: String)]
    ) throws(AccessError) {
      self.library = library
      self.method = method
      self.parameters = parameters
      _ = try unsafe opened()
    }

    deinit { close() }

    /// The functions that there are: all, or those of `wanted`.
    func addresses(among wanted: Set<Address>?) throws(AccessError) -> [Address] {
      guard let wanted else { return try scan() }
      guard isSysfs else { return try scan().filter(wanted.contains) }
      var found: [Address] = []
      for address in wanted where try unsafe find(address) != nil { found.append(address) }
      return found
    }

    func configSize(of address: Address) throws(AccessError) -> Int {
      let device = try unsafe device(at: address)
      return unsafe libpci_config_size(access, device)
    }

    func identity(of address: Address) throws(AccessError) -> Identity {
      let device = try unsafe device(at: address)
      var identity = libpci_identity()
      try check(unsafe libpci_get_identity(access, device, &identity), address)
      return Identity(
        vendorID: identity.vendor_id, deviceID: identity.device_id, revision: identity.revision,
        classCode: identity.class_code, subsystemVendorID: identity.subsystem_vendor_id,
        subsystemID: identity.subsystem_id)
    }

    func bars(of address: Address) throws(AccessError) -> [BAR] {
      guard isSysfs else { return try barRegisters(of: address) }
      let device = try unsafe device(at: address)
      var bars: [BAR] = []
      for index in 0..<BAR.count {
        var bar = libpci_bar()
        try check(unsafe libpci_get_bar(access, device, Int32(index), &bar), address)
        guard bar.is_implemented else { continue }
        let width = bar.is_64bit ? 64 : 32
        bars.append(
          BAR(
            index: index,
            space: bar.is_io ? .io : .memory(width: width, prefetchable: bar.is_prefetchable),
            address: bar.address == 0 ? nil : bar.address, size: bar.size == 0 ? nil : bar.size))
      }
      return bars
    }

    /// Only with `isSysfs`.
    func kernelFacts(of address: Address) throws(AccessError) -> KernelFacts {
      let device = try unsafe device(at: address)
      var facts = unsafe libpci_kernel_facts()
      try check(unsafe libpci_get_kernel_facts(access, device, &facts), address)
      return KernelFacts(
        driver: unsafe string(facts.driver),
        numaNode: unsafe facts.numa_node < 0 ? nil : Int(facts.numa_node),
        iommuGroup: unsafe string(facts.iommu_group).flatMap { UInt32($0).map { Int($0) } })
    }

    /// The BARs of config space. libpci's linux-proc has sizes and drivers as well, but cuts
    /// addresses above 4 GiB and takes what it cut off for the next column (3.9).
    private func barRegisters(of address: Address) throws(AccessError) -> [BAR] {
      let before = [UInt8](repeating: 0, count: ConfigHeader.bars)
      let config = before + (try read(address, at: ConfigHeader.bars, count: BAR.count * 4))
      return try decoded(config, of: "\(address)", at: address) { bytes throws(DecodeError) in
        Array(try BARRegisters(from: bytes))
      }
    }

    /// Fewer than `count` bytes where config space ends.
    func read(
      _ address: Address, at offset: Int, count: Int
    ) throws(AccessError) -> [UInt8] {
      let device = try unsafe device(at: address)
      var succeeded = true
      let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
        succeeded = unsafe libpci_read(
          access, device, offset, count, buffer.baseAddress, &done)
      }
      try check(succeeded, address)
      if bytes.isEmpty, let warning = unsafe string(libpci_warning(access)), !warning.isEmpty {
        throw AccessError("\(address)", .libpci(message: warning), address: address)
      }
      return bytes
    }

    /// Writes all of `bytes` in one access, for which they are 1, 2 or 4 aligned ones.
    func write(_ bytes: [UInt8], to address: Address, at offset: Int) throws(AccessError) {
      let device = try unsafe device(at: address)
      var done = false
      let succeeded = unsafe bytes.withUnsafeBufferPointer {
        unsafe libpci_write(access, device, offset, $0.count, $0.baseAddress, &done)
      }
      try check(succeeded, address)
      guard !done else { return }
      let warning = unsafe string(libpci_warning(access)) ?? ""
      throw AccessError(
        "\(address)", .libpci(message: warning.isEmpty ? "config space was not written" : warning),
        address: address)
    }

    private func opened() throws(AccessError) -> OpaquePointer {
      if let access = unsafe access { return unsafe access }
      let access = unsafe libpci_open(library, method)
      unsafe self.access = access
      try check(unsafe libpci_failure_kind(access) == LIBPCI_NO_FAILURE)
      for (name, value) in parameters { try check(unsafe libpci_set(access, name, value)) }
      try check(unsafe libpci_start(access))
      return unsafe access
    }

    private func close() {
      if let access = unsafe access { unsafe libpci_close(access) }
      unsafe access = nil
      unsafe devices = [:]
    }

    /// Throws what became of the call that returned `succeeded`.
    private func check(_ succeeded: Bool, _ address: Address? = nil) throws(AccessError) {
      guard !succeeded, let access = unsafe access else { return }
      let message = unsafe String(cString: libpci_message(access))
      let kind = unsafe libpci_failure_kind(access)
      close()
      let reason: AccessError.Reason =
        switch kind {
        case LIBPCI_GAVE_UP where isCaptured(address):
          .libpci(message: "\(message): a capture is read with -A sysfs")
        case LIBPCI_GAVE_UP: .libpci(message: message)
        case LIBPCI_UNKNOWN_NAME: .unknownName(message: message)
        default: .unavailable(message: message)
        }
      throw AccessError(
        address.map(String.init(describing:)) ?? (kind == LIBPCI_GAVE_UP ? method : "libpci"),
        reason, address: address)
    }

    /// Whether the function is part of a capture, which lacks files that libpci reads.
    private func isCaptured(_ address: Address?) -> Bool {
      address.flatMap(configPath).map(SysfsTree.isCaptured) ?? false
    }

    /// Sysfs alone tells whether there is a function without looking for all, where its regions
    /// really are, and its driver.
    var isSysfs: Bool { method == SysfsTree.libpciMethod }

    /// Whether libpci was told where to read, which is then not this machine's own sysfs or procfs.
    var hasPath: Bool { parameters.contains { $0.name.hasSuffix(".path") } }

    var hasParameters: Bool { !parameters.isEmpty }

    /// The file that config space is read from, or one beside it; nil for what is this machine's own.
    private func configPath(of address: Address) -> String? {
      let (parameter, file) =
        isSysfs ? ("sysfs.path", "devices/\(address)/config") : ("proc.path", "devices")
      return parameters.last { $0.name == parameter }.map { "\($0.value)/\(file)" }
    }

    private func device(at address: Address) throws(AccessError) -> OpaquePointer {
      if let device = try unsafe find(address) { return unsafe device }
      throw AccessError(
        "\(address)", .unavailable(message: "the function is gone"), address: address)
    }

    private func find(_ address: Address) throws(AccessError) -> OpaquePointer? {
      if let device = unsafe devices[address] { return unsafe device }
      if isSysfs {
        let access = try unsafe opened()
        let device = unsafe libpci_get(access, libpci_address(address))
        try check(unsafe libpci_failure_kind(access) == LIBPCI_NO_FAILURE, address)
        unsafe devices[address] = device
      } else {
        _ = try scan()
      }
      return unsafe devices[address]
    }

    private func scan() throws(AccessError) -> [Address] {
      let access = try unsafe opened()
      try check(unsafe libpci_scan(access))
      var next = unsafe libpci_first(access)
      while let device = unsafe next {
        let raw = unsafe libpci_address_of(device)
        guard let address = Address(raw) else {
          throw AccessError(
            method,
            .malformed(
              line: 0, message: "no such device and function: \(raw.device).\(raw.function)"))
        }
        unsafe devices[address] = device
        unsafe next = libpci_next(device)
      }
      return unsafe Array(devices.keys)
    }
  }

  private func string(_ text: UnsafePointer<CChar>?) -> String? {
    unsafe text.map { unsafe String(cString: $0) }
  }

  extension libpci_address {
    fileprivate init(_ address: Address) {
      self.init(
        domain: address.domain, bus: address.bus, device: address.device,
        function: address.function)
    }
  }

  extension Address {
    fileprivate init?(_ raw: libpci_address) {
      self.init(domain: raw.domain, bus: raw.bus, device: raw.device, function: raw.function)
    }
  }
#endif
