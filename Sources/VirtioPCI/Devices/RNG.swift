extension DeviceDefinition {
  /// The entropy device, VIRTIO 1.4 §5.4.
  public static let rng = DeviceDefinition(
    .rng, leastQueues: 1)
}
