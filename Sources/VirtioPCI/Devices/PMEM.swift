extension Feature {
  /// The features of the PMEM device, VIRTIO 1.4 §5.19.3.
  public enum PMEM {
    /// Persistent memory is a virtio shared memory region (id 0) instead of a raw physical address.
    public static let shmemRegion = Feature(0, "VIRTIO_PMEM_F_SHMEM_REGION", "5.19.3")

    /// Every one of them, ascending.
    public static let all = [shmemRegion]
  }
}

/// The configuration of the PMEM device, VIRTIO 1.4 §5.19.4.
public enum PMEM {
  /// Where the memory starts: a guest physical address.
  public static let start = Register<UInt64, ReadOnly>("start", at: 0)
  /// The size of the memory, in bytes.
  public static let size = Register<UInt64, ReadOnly>("size", at: 8)
}

extension DeviceDefinition {
  /// The PMEM device, VIRTIO 1.4 §5.19.
  public static let pmem = DeviceDefinition(
    .pmem, leastQueues: 1, sharedMemoryIDs: [.init(0)], features: Feature.PMEM.all,
    config: [
      ConfigField(PMEM.start, .without(Feature.PMEM.shmemRegion), format: .address),
      ConfigField(PMEM.size, .without(Feature.PMEM.shmemRegion), unit: .bytes),
    ])
}
