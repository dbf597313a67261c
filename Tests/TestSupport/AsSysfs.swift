import Foundation

/// Makes a run take a made tree for the kernel's sysfs: its `resourceN` files can then be mapped and its
/// `config` be written, as a device's can.
public enum AsSysfs {
  /// What the run finds in its environment; nil without a C compiler.
  public static let environment: [String: String]? = {
    let library = NSTemporaryDirectory() + "as-sysfs-\(UUID().uuidString).so"
    let code = "\(Fixtures.folder)/as-sysfs.c"
    guard let result = try? Tool("cc")?.run(["-fPIC", "-shared", code, "-o", library]),
      result.status == 0
    else { return nil }
    atexit { AsSysfs.environment?.values.forEach { unlink($0) } }
    return ["LD_PRELOAD": library]
  }()
}
