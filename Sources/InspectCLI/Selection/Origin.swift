import PCIAccess
import VirtioPCI

/// Where functions are read from.
enum Origin {
  case sysfs(SysfsTree)
  case libpci(method: String?, parameters: [(name: String, value: String)], SysfsTree)
  case dump(DumpFile)
  /// An operand that is a file: a raw config space.
  case file(String)
  /// An operand that is a function's folder in a sysfs other than the one in use.
  case folder(String)

  /// Where the functions that `arguments` ask for are: the machine or the dumps for what is named
  /// by address or name or not at all, and each path.
  static func all(
    for arguments: Arguments, devices: [DeviceOperand], in tree: SysfsTree
  ) -> [Origin] {
    let paths = devices.compactMap(\.path)
    let named = paths.map { path in
      let isFolder = SysfsTree.isFolder(path) || SysfsTree.isCaptured(path)
      return isFolder ? Origin.folder(path) : .file(path)
    }
    guard paths.isEmpty || paths.count < devices.count || !arguments.dumps.isEmpty else {
      return named
    }
    if !arguments.dumps.isEmpty { return arguments.dumps.map(Origin.dump) + named }
    switch arguments.access {
    case .libpci(let method):
      var parameters = arguments.libpciParameters.map { (name: $0.name, value: $0.value) }
      if let root = arguments.sysfs { parameters.append(("sysfs.path", "\(root)/bus/pci")) }
      return [.libpci(method: method, parameters: parameters, tree)] + named
    case .sysfs, nil:
      return [.sysfs(tree)] + named
    }
  }

  /// The path by which it was named as a device itself, so that all that is there is asked for.
  var path: String? {
    switch self {
    case .file(let path), .folder(let path): path
    case .sysfs, .libpci, .dump: nil
    }
  }

  /// Its functions, those that `selection` cannot want left out; what is read of those in sysfs goes
  /// into `capture` too.
  func open(
    _ selection: Selection, capture: Capture?
  ) throws(AccessError) -> any DeviceSource {
    switch self {
    case .sysfs(let tree):
      if let addresses = selection.addresses {
        return SysfsSource(tree: tree, capture: capture, addresses: addresses)
      }
      return SysfsSource(tree: tree, capture: capture) { selection.admits($0) }
    case .libpci(let method, let parameters, let tree):
      return try Self.libpci(method, parameters, tree, selection)
    case .dump(.path(let path)): return DumpSource(path: try Self.record(path))
    case .dump(.standardInput): return DumpSource(path: "-")
    case .file(let path): return RawSource(path: try Self.record(path))
    case .folder(let path): return try SysfsSource(folder: path, capture: capture)
    }
  }

  /// A file to be read whole: not one of which a capture holds a part only.
  private static func record(_ path: String) throws(AccessError) -> String {
    guard !SysfsTree.isCaptured(path) else {
      throw AccessError(
        path, .unavailable(message: "is part of a capture: name its folder, or use --sysfs"))
    }
    return path
  }

  private static func libpci(
    _ method: String?, _ parameters: [(name: String, value: String)], _ tree: SysfsTree,
    _ selection: Selection
  ) throws(AccessError) -> any DeviceSource {
    #if LibPCI
      return try LibPCISource(
        method: method ?? SysfsTree.libpciMethod,
        parameters: parameters, tree: tree,
        exactly: selection.addresses.map { Set($0) }, wants: { selection.admits($0) })
    #else
      throw .withoutLibPCI
    #endif
  }

  /// The `access` of the JSON output.
  var access: JSONDocument.AccessName {
    switch self {
    case .libpci: .libpci
    case .dump: .dump
    case .file: .raw
    case .sysfs, .folder: .sysfs
    }
  }

  /// Why nothing at all was found.
  static func whyNothing(
    in origins: [Origin], isRestricted: Bool, seen: Strangers
  ) -> String {
    guard !isRestricted else { return "no virtio function matches" }
    let tree: SysfsTree
    switch origins.first {
    // It may read what is not this machine's, by its parameters.
    case .libpci(let method?, _, _) where method != SysfsTree.libpciMethod:
      return "libpci's \(method) has no virtio function" + seen.summary
    case .sysfs(let used), .libpci(_, _, let used): tree = used
    default:
      return origins.map { "\($0)" }.joined(separator: ", ") + ": no virtio function" + seen.summary
    }
    if tree.hasVirtio {
      return "the virtio devices of this machine are not on PCI (virtio-mmio, for one)"
    }
    return tree.hasPCI
      ? "no virtio function on the PCI bus" + seen.summary
      : "no PCI bus: \(tree.pciDevices) is not there"
  }
}

extension Origin: CustomStringConvertible {
  /// What messages call it.
  var description: String {
    switch self {
    case .sysfs(let tree): tree.root
    case .libpci: "libpci"
    case .dump(.path(let path)): path
    case .dump(.standardInput): "standard input"
    case .file(let path), .folder(let path): path
    }
  }
}

extension Arguments {
  /// The sysfs in use, where it is not the machine's own: what libpci is told to read is part of
  /// one, of which all else is read too.
  var sysfsRoot: String? {
    if let sysfs { return sysfs }
    guard case .libpci(let method) = access,
      method ?? SysfsTree.libpciMethod == SysfsTree.libpciMethod,
      let path = libpciParameters.last(where: { $0.name == "sysfs.path" })?.value
    else { return nil }
    let part = "/bus/pci"
    return path.hasSuffix(part) && path != part
      ? String(path.dropLast(part.count)) : path + "/../.."
  }
}
