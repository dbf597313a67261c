import Foundation

/// Makes a run take a made tree for the kernel's sysfs: its `resourceN` files can then be mapped and its
/// `config` be written, as a device's can.
public enum AsSysfs {
  /// What is loaded before the C library; nil without a C compiler.
  private static let library: String? = {
    let library = NSTemporaryDirectory() + "as-sysfs-\(UUID().uuidString).so"
    let code = "\(Fixtures.folder)/as-sysfs.c"
    guard let result = try? Tool("cc")?.run(["-fPIC", "-shared", code, "-o", library]),
      result.status == 0
    else { return nil }
    atexit { if let library = AsSysfs.library { unlink(library) } }
    return library
  }()

  public static var isPossible: Bool { library != nil }

  /// What the run finds in its environment.
  public static func environment(_ tree: SysfsFixture) -> [String: String] {
    library.map { ["LD_PRELOAD": $0, "AS_SYSFS": tree.root] } ?? [:]
  }
}
