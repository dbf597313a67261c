internal import SystemPackage
internal import VirtioPCI

extension SysfsFolder {
  /// The first `count` bytes of a structure, through the BAR's `resourceN` file.
  func openRegion(
    _ place: StructurePlace, count: Int, writable: Bool
  ) throws(AccessError) -> BARRegion {
    let name = "resource\(place.bar.index)"
    let file = path.appending(name)
    let offset = Hex(place.data.offset)
    guard place.holds(UInt64(count)),
      let bounds = BARRegion.Bounds(
        subject: file.string, address: address, offset: place.data.offset, count: count)
    else {
      throw error(
        name,
        .unavailable(message: "\(count) bytes at \(offset) do not lie in BAR \(place.bar.index)"))
    }
    let way: BARRegion.Way?
    do throws(Errno) {
      way = try Self.open(file, place.bar, bounds, writable: writable)
    } catch {
      throw bounds.error(
        Self.whyUnreachable(error, bar: place.bar.index, isLive: isLive))
    }
    guard let way else {
      throw bounds.error(.unavailable(message: "ends before the structure at \(offset) does"))
    }
    return BARRegion(way, bounds)
  }

  /// Nil when the file ends before the structure does: a mapping would be there beyond the end, and
  /// the first load from it the end of this process.
  private static func open(
    _ path: FilePath, _ bar: BAR, _ bounds: BARRegion.Bounds, writable: Bool
  ) throws(Errno) -> BARRegion.Way? {
    let file = try File(path, writable: writable)
    let range = bounds.start..<bounds.start + bounds.count
    guard range.upperBound <= (try file.size()) else { return nil }
    if bar.isIO { return .ports(file) }
    return .memory(try MappedRegion(file, range, writable: writable))
  }

  /// What the kernel meant, and what can be done about it.
  static func whyUnreachable(_ error: Errno, bar: Int, isLive: Bool) -> AccessError.Reason {
    switch error {
    case .noSuchFileOrDirectory where !isLive:
      .unavailable(message: "is not there: a saved tree has no registers to read")
    case .noSuchFileOrDirectory:
      .unavailable(
        message: "is not there: BAR \(bar) cannot be mapped through this sysfs, only reached"
          + " through config space (--probe)")
    case .permissionDenied:
      .unavailable(message: "permission denied: run as root to reach the registers in BAR \(bar)")
    case .notPermitted:
      .unavailable(message: "the kernel is locked down and lets nobody map BAR \(bar)")
    case .invalidArgument:
      .unavailable(
        message: "the kernel lets nobody map BAR \(bar) of a function in use: unbind the driver,"
          + " boot with iomem=relaxed, or go through config space (--probe --force)")
    default: .system(error)
    }
  }

  /// Config space to read and write: a device's. In a saved tree a write would do nothing but spoil
  /// what was saved.
  func writableConfig() throws(AccessError) -> any WritableConfig {
    let isOfKernel: Bool
    do throws(Errno) {
      isOfKernel = try SysfsTree.isOfKernel(path.appending("config").string)
    } catch {
      throw self.error("config", .system(error))
    }
    guard isOfKernel else { throw error("config", .noDevice) }
    return try SysfsConfig(of: self)
  }
}

extension AccessError.Reason {
  /// Why what was saved of config space is not written.
  static let noDevice = Self.unavailable(
    message: "was saved: there is no device behind it of which a window could show registers")
}

/// The `config` of a function, whatever it is.
final class SysfsConfig: WritableConfig {
  private let file: File
  private let folder: SysfsFolder

  init(of folder: SysfsFolder) throws(AccessError) {
    do throws(Errno) {
      file = try File(folder.path.appending("config"), writable: true)
    } catch {
      throw folder.error("config", .system(error))
    }
    self.folder = folder
  }

  func read(at offset: Int, count: Int) throws(AccessError) -> [UInt8] {
    do throws(Errno) {
      return try file.readOnce(at: offset, count: count)
    } catch {
      throw folder.error("config", .system(error))
    }
  }

  func write(_ bytes: [UInt8], at offset: Int) throws(AccessError) {
    do throws(Errno) {
      try file.writeOnce(bytes, at: offset)
    } catch {
      throw folder.error("config", .system(error))
    }
  }
}
