extension DeviceDefinition {
  /// The PMEM device, VIRTIO 1.4 §5.19.
  static let pmem = DeviceDefinition(
    features: [
      Feature(0, "VIRTIO_PMEM_F_SHMEM_REGION")
    ],
    config: [
      ConfigField("start", .le64, at: 0, .without("VIRTIO_PMEM_F_SHMEM_REGION"), format: .address),
      ConfigField("size", .le64, at: 8, .without("VIRTIO_PMEM_F_SHMEM_REGION"), unit: .bytes),
    ])
}
