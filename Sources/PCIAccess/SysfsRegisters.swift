internal import SystemPackage
internal import VirtioPCI

extension SysfsFolder {
  /// The first `count` bytes of a structure, through the BAR's `resourceN` file.
  func openRegion(
    _ place: StructurePlace, count: Int, writable: Bool
  ) throws(AccessError) -> BARRegion {
    let name = "resource\(place.bar.index)"
    let file = path.appending(name)
    let offset = Hex(place.data.offset, digits: 1)
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
      throw bounds.error(Self.whyUnreachable(error, bar: place.bar.index))
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
  static func whyUnreachable(_ error: Errno, bar: Int) -> AccessError.Reason {
    switch error {
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

  /// Config space to read and write.
  func writableConfig() throws(AccessError) -> any WritableConfig {
    do throws(Errno) {
      return SysfsConfig(try File(path.appending("config"), writable: true), of: self)
    } catch {
      throw self.error("config", .system(error))
    }
  }
}

private final class SysfsConfig: WritableConfig {
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
