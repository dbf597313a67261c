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

/// The configuration of the GPU, VIRTIO 1.4 §5.7.4.
public enum GPU {
  /// Events that wait for the driver, as bits.
  public static let eventsRead = Register<UInt32, ReadOnly>("events_read", at: 0)
  /// Clears the events whose bits are written; a read gives nothing that is defined.
  public static let eventsClear = Register<UInt32, ReadWrite>("events_clear", at: 4)
  /// How many scanouts there can be.
  public static let numScanouts = Register<UInt32, ReadOnly>("num_scanouts", at: 8)
  /// How many sets of capabilities there are.
  public static let numCapsets = Register<UInt32, ReadOnly>("num_capsets", at: 12)
  /// How blobs are aligned, in bytes.
  public static let blobAlignment = Register<UInt32, ReadOnly>(
    "blob_alignment", at: 16, needs: Feature.GPU.blobAlignment)
}

extension DeviceDefinition {
  /// The GPU, VIRTIO 1.4 §5.7.
  public static let gpu = DeviceDefinition(
    .gpu, leastQueues: 2, sharedMemoryIDs: [.init(1)], features: Feature.GPU.all,
    config: [
      ConfigField(GPU.eventsRead, bits: [0: "VIRTIO_GPU_EVENT_DISPLAY"]),
      ConfigField(GPU.eventsClear, .writeOnly),
      ConfigField(GPU.numScanouts),
      ConfigField(GPU.numCapsets),
      ConfigField(GPU.blobAlignment, unit: .bytes),
    ])
}
