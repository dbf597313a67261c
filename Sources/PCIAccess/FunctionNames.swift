public import VirtioConformance
public import VirtioPCI

/// What a virtio function is called, by the kernel and on the bus: enough to choose one.
public struct FunctionNames: Hashable, Sendable {
  public var address: Address
  public var vendorID: UInt16
  public var deviceID: UInt16
  /// Nil when the function does not say.
  public var type: DeviceType?
  /// What the kernel says of it.
  public var kernel: Function.Kernel

  /// Nil for a function that is not virtio.
  public init?(address: Address, identity: Identity, kernel: KernelFacts = KernelFacts()) {
    guard identity.isVirtio else { return nil }
    self.address = address
    vendorID = identity.vendorID
    deviceID = identity.deviceID
    type = DeviceType(identity: identity)
    self.kernel = kernel.kernel
  }
}

extension SysfsTree {
  /// The names of every virtio function, in the order of the addresses. What cannot be read is left
  /// out, and config space is not touched, since the user is only typing. At most `most` are returned.
  public func functionNames(most: Int) -> [FunctionNames] {
    var names: [FunctionNames] = []
    for address in (try? listing().addresses) ?? [] where names.count < most {
      // The revision, which `uevent` lacks, names nothing.
      guard let folder = try? folder(of: address), let uevent = try? folder.uevent(),
        let identity = uevent.identity(revision: 0), identity.isVirtio,
        let found = FunctionNames(
          address: address, identity: identity,
          kernel: folder.kernelFacts(.nodes, driver: uevent["DRIVER"]))
      else { continue }
      names.append(found)
    }
    return names
  }
}

extension DumpSource {
  /// The names of the virtio functions in the file at `path`, as far as it can be read. None of a
  /// pipe, which can be read only once, and of the config space of a live device; `most` at most.
  public static func functionNames(path: String, most: Int) -> [FunctionNames] {
    let source = DumpSource(InputBuffer(path: path, takesRegularFilesOnly: true), file: path)
    var names: [FunctionNames] = []
    while names.count < most {
      do throws(AccessError) {
        guard let function = try source.next() else { break }
        guard let address = function.address,
          let found = FunctionNames(address: address, identity: try function.identity())
        else { continue }
        names.append(found)
      } catch {
        continue
      }
    }
    return names
  }
}
