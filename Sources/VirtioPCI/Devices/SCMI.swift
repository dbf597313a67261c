extension Feature {
  /// The features of the SCMI device, VIRTIO 1.4 §5.17.3.
  public enum SCMI {
    /// The device sends notifications or delayed responses; event queue exists.
    public static let p2aChannels = Feature(0, "VIRTIO_SCMI_F_P2A_CHANNELS", "5.17.3")
    /// The device has SCMI statistics shared memory.
    public static let sharedMemory = Feature(1, "VIRTIO_SCMI_F_SHARED_MEMORY", "5.17.3")

    /// Every one of them, ascending.
    public static let all = [p2aChannels, sharedMemory]
  }
}

extension DeviceDefinition {
  /// The SCMI device, VIRTIO 1.4 §5.17.
  public static let scmi = DeviceDefinition(
    .scmi, leastQueues: 1, sharedMemoryIDs: [.init(1, through: 3), .init(0x80, through: 0xFF)],
    features: Feature.SCMI.all)
}
