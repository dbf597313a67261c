import Glibc

/// Waits for what may have changed on the bus, for a limited time.
///
/// The kernel announces devices and drivers that come and go by events on a netlink socket. It does
/// not announce a change of a register, and a network namespace of a container may get no events at
/// all; so there is always a time after which to look without one.
public struct ChangeWatch: ~Copyable {
  private let descriptor: Int32
  private let deadline: Int
  private var hadEvent = false

  /// How long to wait for an event, in milliseconds: without events, and with them. The files of a
  /// new device may follow its event by a little, so that a second look follows soon.
  private static let shortPause = 50
  private static let longPause = 1000
  /// A device comes with a burst of events, which are one reason to look.
  private static let burst = 10

  /// For so many milliseconds from now; without events of the kernel where `listens` is false.
  public init(milliseconds: Int, listens: Bool) {
    deadline = Self.now() + milliseconds
    descriptor = listens && milliseconds > 0 && Privilege.isInInitialNamespace ? Self.open() : -1
  }

  /// For events on a datagram socket, which is closed in the end.
  init(milliseconds: Int, descriptor: Int32) {
    deadline = Self.now() + milliseconds
    self.descriptor = descriptor
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Waits until it is time to look again; false when the time is over.
  public mutating func wait() -> Bool {
    let left = deadline - Self.now()
    guard left > 0 else { return false }
    let pause = descriptor < 0 || hadEvent ? Self.shortPause : Self.longPause
    hadEvent = Self.sleep(min(pause, left), watching: descriptor)
    if hadEvent {
      _ = Self.sleep(min(Self.burst, left), watching: -1)
      drain()
    }
    return true
  }

  private borrowing func drain() {
    var byte: UInt8 = 0
    // An overflow of the socket's buffer is reported once, and is an event as well.
    while unsafe recv(descriptor, &byte, 1, Int32(MSG_DONTWAIT)) >= 0 || errno == ENOBUFS {}
  }

  /// Whether there was an event within `milliseconds`.
  private static func sleep(_ milliseconds: Int, watching descriptor: Int32) -> Bool {
    // poll passes over a negative descriptor.
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&entry, 1, Int32(clamping: milliseconds)) > 0
  }

  private static func now() -> Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }

  /// `struct sockaddr_nl` of linux/netlink.h.
  private struct NetlinkAddress {
    var family = UInt16(AF_NETLINK)
    var padding: UInt16 = 0
    var process: UInt32 = 0
    /// The group of the kernel's own events.
    var groups: UInt32 = 1
  }

  /// `NETLINK_KOBJECT_UEVENT` of linux/netlink.h.
  private static let uevents: Int32 = 15

  /// The socket of the kernel's events; negative where it may not be had.
  private static func open() -> Int32 {
    let type = Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue)
    let descriptor = socket(AF_NETLINK, type, uevents)
    guard descriptor >= 0 else { return -1 }
    var address = NetlinkAddress()
    let result = unsafe withUnsafeBytes(of: &address) { bytes in
      unsafe bytes.withMemoryRebound(to: sockaddr.self) {
        unsafe bind(descriptor, $0.baseAddress, socklen_t(bytes.count))
      }
    }
    guard result == 0 else {
      close(descriptor)
      return -1
    }
    return descriptor
  }
}
