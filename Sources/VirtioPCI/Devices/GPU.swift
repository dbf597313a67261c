extension Feature {
  /// The features of the GPU, VIRTIO 1.4 §5.7.3.
  public enum GPU {
    /// The device has the 3D mode virgl.
    public static let virgl = Feature(0, "VIRTIO_GPU_F_VIRGL", "5.7.3")
    /// The EDID of a display can be queried.
    public static let edid = Feature(1, "VIRTIO_GPU_F_EDID", "5.7.3")
    /// Resources can be exported by UUID.
    public static let resourceUUID = Feature(2, "VIRTIO_GPU_F_RESOURCE_UUID", "5.7.3")
    /// Resources can be blobs, which have a size only.
    public static let resourceBlob = Feature(3, "VIRTIO_GPU_F_RESOURCE_BLOB", "5.7.3")
    /// There are several types of contexts, and timelines.
    public static let contextInit = Feature(
      4, "VIRTIO_GPU_F_CONTEXT_INIT", "5.7.3", requires: .all(virgl))
    /// The field `blob_alignment` exists.
    public static let blobAlignment = Feature(
      5, "VIRTIO_GPU_F_BLOB_ALIGNMENT", "5.7.3", requires: .all(resourceBlob))

    /// Every one of them, ascending.
    public static let all = [virgl, edid, resourceUUID, resourceBlob, contextInit, blobAlignment]
  }
}

extension DeviceDefinition {
  /// The GPU, VIRTIO 1.4 §5.7.
  public static let gpu = DeviceDefinition(
    .gpu, leastQueues: 2, sharedMemoryIDs: [1...1], features: Feature.GPU.all,
    config: [
      ConfigField("events_read", .le32, at: 0, bits: [0: "VIRTIO_GPU_EVENT_DISPLAY"]),
      ConfigField("events_clear", .le32, at: 4, .writeOnly, writable: true),
      ConfigField("num_scanouts", .le32, at: 8),
      ConfigField("num_capsets", .le32, at: 12),
      ConfigField("blob_alignment", .le32, at: 16, .with(Feature.GPU.blobAlignment), unit: .bytes),
    ])
}
