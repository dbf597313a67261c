private import CLinux
package import SystemPackage

/// Whether an open file may lead to a device, as its file system has it. A path would not say: what it
/// leads to can be exchanged between the question and the read.
package enum Liveness: Hashable, Sendable {
  /// The kernel's sysfs: the file is a device's, whose registers can be mapped and written.
  case sysfs
  /// The kernel's procfs, where `/proc/bus/pci` is config space.
  case procfs
  /// A file system that may pass a device's file through from elsewhere (FUSE, virtiofs, 9P), or one
  /// that does not say what it is.
  case possible
  /// Any other: what was saved.
  case record

  /// Whether a read may reach a device, and have a side effect there.
  package var isLive: Bool { self != .record }

  package init(of file: FileDescriptor) {
    // The device number does not say: each network namespace has a sysfs of its own.
    switch file_system_type(file.rawValue) {
    case SYSFS_TYPE: self = .sysfs
    case PROCFS_TYPE: self = .procfs
    case FUSE_TYPE, PLAN9_TYPE, -1: self = .possible
    default: self = .record
    }
  }
}
