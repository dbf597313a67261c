/// The configuration of the media device, VIRTIO 1.4 §5.22.4.
public enum Media {
  /// What the device can do: capability flags of V4L2.
  public static let deviceCaps = Register<UInt32, ReadOnly>("device_caps", at: 0)
  /// The type of the device node, as V4L2 numbers it.
  public static let deviceType = Register<UInt32, ReadOnly>("device_type", at: 4)
  /// The name of the device, in UTF-8, with NULs behind it.
  public static let card = ByteRegister("card", at: 8, count: 32)
}

extension DeviceDefinition {
  /// The media device, VIRTIO 1.4 §5.22.
  public static let media = DeviceDefinition(
    .media, leastQueues: 2, sharedMemoryIDs: [.init(0)],
    config: [
      ConfigField(Media.deviceCaps, bits: v4l2Capabilities),
      ConfigField(Media.deviceType, values: nodeTypes),
      ConfigField(Media.card, format: .text),
    ])

  /// As V4L2 names them.
  static let v4l2Capabilities: NameTable = [
    0: "V4L2_CAP_VIDEO_CAPTURE",
    1: "V4L2_CAP_VIDEO_OUTPUT",
    2: "V4L2_CAP_VIDEO_OVERLAY",
    4: "V4L2_CAP_VBI_CAPTURE",
    5: "V4L2_CAP_VBI_OUTPUT",
    6: "V4L2_CAP_SLICED_VBI_CAPTURE",
    7: "V4L2_CAP_SLICED_VBI_OUTPUT",
    8: "V4L2_CAP_RDS_CAPTURE",
    9: "V4L2_CAP_VIDEO_OUTPUT_OVERLAY",
    10: "V4L2_CAP_HW_FREQ_SEEK",
    11: "V4L2_CAP_RDS_OUTPUT",
    12: "V4L2_CAP_VIDEO_CAPTURE_MPLANE",
    13: "V4L2_CAP_VIDEO_OUTPUT_MPLANE",
    14: "V4L2_CAP_VIDEO_M2M_MPLANE",
    15: "V4L2_CAP_VIDEO_M2M",
    16: "V4L2_CAP_TUNER",
    17: "V4L2_CAP_AUDIO",
    18: "V4L2_CAP_RADIO",
    19: "V4L2_CAP_MODULATOR",
    20: "V4L2_CAP_SDR_CAPTURE",
    21: "V4L2_CAP_EXT_PIX_FORMAT",
    22: "V4L2_CAP_SDR_OUTPUT",
    23: "V4L2_CAP_META_CAPTURE",
    24: "V4L2_CAP_READWRITE",
    25: "V4L2_CAP_ASYNCIO",
    26: "V4L2_CAP_STREAMING",
    27: "V4L2_CAP_META_OUTPUT",
    28: "V4L2_CAP_TOUCH",
    29: "V4L2_CAP_IO_MC",
    31: "V4L2_CAP_DEVICE_CAPS",
  ]

  /// `enum vfl_devnode_type` of Linux.
  private static let nodeTypes: NameTable = [
    0: "VFL_TYPE_VIDEO",
    1: "VFL_TYPE_VBI",
    2: "VFL_TYPE_RADIO",
    3: "VFL_TYPE_SUBDEV",
    4: "VFL_TYPE_SDR",
    5: "VFL_TYPE_TOUCH",
  ]
}
