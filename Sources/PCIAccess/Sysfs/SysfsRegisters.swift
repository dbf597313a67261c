internal import Platform
internal import SystemPackage
internal import VirtioPCI

extension SysfsFolder {
  /// The first `count` bytes of a structure, through the BAR's `resourceN` file.
  func openRegion(
    _ place: LocatedStructure, count: Int, writable: Bool
  ) throws(AccessError) -> BARRegion {
    let name = "resource\(place.bar.index)"
    let offset = Hex(place.data.offset)
    guard place.holds(count),
      let bounds = BARRegion.Bounds(
        subject: path.appending(name).string, address: address, offset: place.data.offset,
        count: count)
    else {
      throw error(
        name,
        .unavailable(message: "\(count) bytes at \(offset) do not lie in BAR \(place.bar.index)"))
    }
    if writable { try requireDevice(name) }
    let way: BARRegion.Way?
    do throws(AccessError) {
      way = try open(name, place.bar, bounds, writable: writable)
    } catch {
      guard case .system(let errno) = error.reason else { throw error }
      throw bounds.error(
        Self.whyUnreachable(errno, bar: place.bar.index, isLive: liveness.isLive))
    }
    guard let way else {
      throw bounds.error(.unavailable(message: "ends before the structure at \(offset) does"))
    }
    return BARRegion(way, bounds)
  }

  /// Nil when the file ends before the structure does: a mapping would be there beyond the end, and
  /// the first load from it the end of this process.
  private func open(
    _ name: String, _ bar: BAR, _ bounds: BARRegion.Bounds, writable: Bool
  ) throws(AccessError) -> BARRegion.Way? {
    let file = try file(name, writable: writable)
    let isDevice = liveness == .sysfs && file.liveness == .sysfs
    guard isDevice || !writable else { throw error(name, .noDevice) }
    let range = bounds.start..<bounds.start + bounds.count
    do throws(Errno) {
      guard range.upperBound <= (try file.size()) else { return nil }
      // Only the kernel's file keeps its size while it is mapped.
      if bar.isIO || !isDevice { return .file(file) }
      return .memory(try MappedRegion(file, range, writable: writable))
    } catch {
      throw self.error(name, .system(error))
    }
  }

  /// Throws where this is no folder of the kernel's: what was saved is not written, and what a file
  /// system passes through from elsewhere is written there.
  private func requireDevice(_ name: String) throws(AccessError) {
    guard liveness == .sysfs else { throw error(name, .noDevice) }
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

  /// Config space to read and write: a device's.
  func writableConfig() throws(AccessError) -> any WritableConfig {
    try requireDevice("config")
    let file = try file("config", writable: true)
    guard file.liveness == .sysfs else { throw error("config", .noDevice) }
    return SysfsConfig(file, of: self)
  }
}

extension AccessError.Reason {
  /// Why what was saved of config space is not written.
  static let noDevice = Self.unavailable(
    message: "is saved, so there is no device to probe")
}

/// The `config` of a function, whatever it is.
final class SysfsConfig: WritableConfig {
  private let file: File
  private let folder: SysfsFolder

  init(_ file: consuming File, of folder: SysfsFolder) {
    self.file = file
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
