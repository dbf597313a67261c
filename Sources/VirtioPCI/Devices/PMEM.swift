extension Feature {
  /// The features of the PMEM device, VIRTIO 1.4 §5.19.3.
  public enum PMEM {
    /// Persistent memory is a virtio shared memory region (id 0) instead of a raw physical address.
    public static let shmemRegion = Feature(0, "VIRTIO_PMEM_F_SHMEM_REGION", "5.19.3")

    /// Every one of them, ascending.
    public static let all = [shmemRegion]
  }
}

extension DeviceDefinition {
  /// The PMEM device, VIRTIO 1.4 §5.19.
  public static let pmem = DeviceDefinition(
    .pmem, leastQueues: 1, sharedMemoryIDs: [0...0], features: Feature.PMEM.all,
    config: [
      ConfigField("start", .le64, at: 0, .without(Feature.PMEM.shmemRegion), format: .address),
      ConfigField("size", .le64, at: 8, .without(Feature.PMEM.shmemRegion), unit: .bytes),
    ])
}
