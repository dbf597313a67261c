/// The ISR status: why the device interrupted, VIRTIO 1.4 §4.1.4.5.
///
/// Reading the register clears it and takes the interrupt back, which only the driver may do. So
/// there is no initialiser from a `RegisterSource`: a driver loads the byte itself and knows that
/// it did.
public struct IsrStatus: NamedBits {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The device has used buffers of a queue.
  public static let queue = Self(rawValue: 0x01)
  /// The configuration of the device has changed.
  public static let configuration = Self(rawValue: 0x02)

  public static let bitNames: NameTable = [
    0: "QUEUE",
    1: "CONFIGURATION",
  ]
}
