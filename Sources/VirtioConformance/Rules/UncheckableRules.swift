extension Rule {
  /// The rules that nothing can ever check, and why.
  public static let uncheckable: [Rule] = [
    .never(
      "pci-vendor-id", .must, .normative, "4.1.2.1",
      "A virtio PCI function uses PCI vendor ID 0x1AF4.",
      because: "a function of another vendor is not taken for a virtio function"),
    .never(
      "pci-subsystem-ids-are-informational", .may, .normative, "4.1.2.1",
      "Subsystem vendor and device IDs may show the environment (for example the board or "
        + "hypervisor vendor).",
      because: "any value is allowed"),
    .never(
      "pci-nonvirtio-ids-of-vendor", .must, .descriptive, "4.1.2", by: .driver,
      "Only IDs 0x1000..0x107F of vendor 0x1AF4 are virtio.",
      because: driverDuty),
    .never(
      "pci-any-revision-accepted", .must, .normative, "4.1.2.2", by: .driver,
      "Any revision ID is matched.",
      because: driverDuty),
    .never(
      "pci-express-optional", .may, .descriptive, "4.1",
      "A virtio device may be a conventional PCI or a PCI Express function.",
      because: permission),
    .never(
      "pci-legacy-only-device", .may, .descriptive, "4.1.5.1.1.1", by: .driver,
      "A function with ID 0x1000..0x103F and no virtio vendor capability is a legacy device, "
        + "outside this specification.",
      because: driverDuty),
    .never(
      "cap-device-cfg-optional-for-types-without-config", .may, .descriptive, "4.1.4.6",
      "Types without device configuration need no device-specific capability; one that is "
        + "present is harmless.",
      because: permission),
    .never(
      "cap-multiple-of-same-type", .may, .normative, "4.1.4",
      "Several capabilities of one type may exist; list order is preference order.",
      because: permission),
    .never(
      "cap-order-by-preference", .should, .normative, "4.1.4.2",
      "Several structures of one type are listed best first.",
      because: "what a device prefers is not visible"),
    .never(
      "cap-vendor-data-optional", .may, .descriptive, "4.1.4.8.1",
      "Vendor data capabilities are optional, may repeat, and may carry any vendor ID except "
        + "0x1AF4.",
      because: permission),
    .never(
      "cap-vendor-data-read-safe", .must, .normative, "4.1.4.8.1",
      "Reading vendor data has no side effect.",
      because: "a side effect of reading is not visible"),
    .never(
      "cap-len-larger-accepted", .must, .normative, "4.1.4.1", by: .driver,
      "A cap_len larger than needed is valid.",
      because: driverDuty),
    .never(
      "cap-cfg-type-reserved-ignored", .must, .normative, "4.1.4.1", by: .driver,
      "Vendor capabilities with a reserved cfg_type are ignored.",
      because: driverDuty),
    .never(
      "cap-bar-reserved-ignored", .must, .normative, "4.1.4.1", by: .driver,
      "A structure capability with bar above 5 is ignored.",
      because: driverDuty),
    .never(
      "cap-id-unspecified-outside-shared-memory", .may, .descriptive, "4.1.4",
      "The id byte of other capability types has no defined content.",
      because: permission),
    .never(
      "cap-isr-offset-unconstrained", .may, .descriptive, "4.1.4.5",
      "The ISR offset may have any alignment.",
      because: permission),
    .never(
      "cap-shared-memory-offset-unconstrained", .may, .descriptive, "4.1.4.7",
      "No alignment is required for shared memory regions by the transport.",
      because: permission),
    .never(
      "cap-length-larger-accepted", .must, .normative, "4.1.4.1", by: .driver,
      "An unexpectedly large length is valid.",
      because: driverDuty),
    .never(
      "cap-bar-any-type", .may, .descriptive, "4.1.4",
      "A structure may sit in a 32-bit or 64-bit, memory or I/O BAR.",
      because: permission),
    .never(
      "notify-preferred-capability-used", .should, .normative, "4.1.4.1", by: .driver,
      "The first usable structure of each type is the one to use.",
      because: driverDuty),
    .never(
      "devcfg-length-larger-accepted", .must, .normative, "2.5.1", by: .driver,
      "Tail padding in the device configuration is valid.",
      because: driverDuty),
    .never(
      "pci-cfg-window-not-a-structure", .may, .descriptive, "4.1.4.9",
      "bar, offset and length of the configuration access capability are driver-writable window "
        + "state, not a structure location.",
      because: permission),
    .never(
      "pci-cfg-data-never-read-blindly", .must, .normative, "4.1.4.9.2", by: .driver,
      "pci_cfg_data may be touched only with a valid window; reading it makes the device perform "
        + "a BAR read.",
      because: driverDuty),
    .never(
      "msix-at-most-2048", .should, .normative, "4.1.5.1.2.1",
      "At most 0x800 vectors.",
      because: "the encoding of PCI has no more"),
    .never(
      "intx-status-mirrors-isr", .must, .normative, "4.1.4.5.1",
      "With MSI-X disabled the Interrupt Status bit of the PCI status register equals the OR of "
        + "the ISR bits.",
      because: "a read of the ISR status would clear it"),
    .never(
      "isr-never-read", .should, .normative, "4.1.4.5.2", by: .driver,
      "With MSI-X the ISR status is not accessed upon a queue interrupt: a read would clear it.",
      because: driverDuty),
    .never(
      "config-generation-changes", .must, .normative, "4.1.4.3.1",
      "config_generation changes when the device configuration changed between two reads.",
      because: twoReadings),
    .never(
      "device-feature-high-groups-zero", .must, .normative, "4.1.4.3.1",
      "Feature groups without defined bits read 0.",
      because: "bits 128 and up are not read"),
    .never(
      "feature-sr-iov-before-vf-enable", .must, .normative, "6.1", by: .driver,
      "The driver negotiates VIRTIO_F_SR_IOV before it enables virtual functions.",
      because: "when the feature was negotiated is not visible"),
    .never(
      "feature-access-order-platform-addin-card", .should, .normative, "6.2",
      "An add-in card offers both VIRTIO_F_ACCESS_PLATFORM and VIRTIO_F_ORDER_PLATFORM.",
      because: "whether it is an add-in card is not visible"),
    .never(
      "feature-access-platform-iommu", .should, .normative, "6.2",
      "A device whose DMA is translated or restricted offers VIRTIO_F_ACCESS_PLATFORM.",
      because: "whether its DMA is translated is not visible"),
    .never(
      "feature-dependency-closed-offered", .must, .normative, "2.2.2",
      "The offered set is closed under feature requirements.",
      because: ownRules),
    .never(
      "feature-bits-above-63-need-group-2", .must, .descriptive, "4.1.4.3", by: .driver,
      "Bits 64..70 are in device_feature group 2; a reader limited to 64 bits misses them.",
      because: driverDuty),
    .never(
      "feature-not-failing-on-unknown", .must, .normative, "2.2.1", by: .driver,
      "An unknown offered feature is no reason to fail.",
      because: driverDuty),
    .never(
      "devcfg-optional-field-read-rule", .must, .normative, "2.5.1", by: .driver,
      "An optional field is read only if its feature is offered.",
      because: driverDuty),
    .never(
      "devcfg-readable-before-features-ok", .must, .normative, "2.5.2",
      "Every field whose feature is offered can be read before FEATURES_OK.",
      because: "a field may hold all ones"),
    .never(
      "console-emerg-wr-never-written", .may, .descriptive, "5.3.5", by: .driver,
      "emerg_wr can be written at any time, and prints a character.",
      because: driverDuty),
    .never(
      "input-select-write-only-allowed", .must, .normative, "5.8.5.1", by: .driver,
      "Only select and subsel are written by a driver, and both for each query.",
      because: driverDuty),
    .never(
      "sound-controls-read-rule", .must, .normative, "5.14.5.1", by: .driver,
      "controls is not read unless VIRTIO_SND_F_CTLS is negotiated.",
      because: driverDuty),
    .never(
      "mem-constant-fields", .must, .normative, "5.15.4.2",
      "block_size, node_id, addr and region_size never change while the system runs.",
      because: twoReadings),
    .never(
      "gpio-padding-zero", .should, .descriptive, "5.18.4",
      "padding is 0.",
      because: "padding is not read"),
    .never(
      "pmem-zero-with-shmem", .should, .normative, "5.19.5.1",
      "With SHMEM_REGION negotiated start and size are 0.",
      because: "they mean nothing then, and are not read"),
    .never(
      "net-mtu-constant", .must, .normative, "5.1.4.1",
      "mtu never changes once set.",
      because: twoReadings),
    .never(
      "net-speed-stable-while-up", .should, .normative, "5.1.4.1",
      "speed and duplex stay constant while the link is up (STATUS and SPEED_DUPLEX negotiated).",
      because: twoReadings),
    .never(
      "net-pairs-one-without-mq", .should, .descriptive, "5.1.2", by: .driver,
      "Without MQ and RSS one queue pair is used.",
      because: driverDuty),
    .never(
      "blk-padding-zero", .must, .normative, "5.2.5.2",
      "Padding bytes unused0 and unused1 are 0.",
      because: padding),
    .never(
      "blk-writeback-read-rule", .must, .normative, "5.2.5.1", by: .driver,
      "writeback is not read before FEATURES_OK.",
      because: driverDuty),
    .never(
      "blk-zoned-padding-zero", .must, .normative, "5.2.5.2",
      "unused2 is 0 with model 1 or 2.",
      because: padding),
    .never(
      "blk-writeback-zero-without-flush", .must, .normative, "5.2.5.2",
      "With CONFIG_WCE negotiated but not FLUSH writeback starts as 0.",
      because: "the driver may have written it since"),
    .never(
      "feature-any-layout-transitional", .must, .normative, "6.3",
      "A transitional device offers VIRTIO_F_ANY_LAYOUT through the legacy interface.",
      because: "it takes a read of the legacy registers"),
    .never(
      "transitional-legacy-header-location", .must, .normative, "4.1.4.10",
      "Legacy device configuration starts at offset 20, or 24 while MSI-X is enabled (not merely "
        + "present).",
      because: driverDuty),
    .never(
      "transitional-legacy-driver-detect", .must, .normative, "2.2.3",
      "A driver that did not accept VERSION_1 is a legacy driver.",
      because: driverDuty),
    .never(
      "nontransitional-io-bar0-allowed", .should, .normative, "4.1.4.11.0.1",
      "A non-transitional device may present an I/O BAR0 to make buggy legacy drivers fail; an "
        + "I/O BAR0 alone does not make it transitional.",
      because: permission),
    .never(
      "sriov-legacy-owner-ids", .should, .normative, "2.12.1.1.6",
      "An owner device with legacy administration commands, and its member functions, follow the "
        + "non-transitional revision and subsystem rules.",
      because: ownership),
    .never(
      "sriov-vf-bar0-hardwired", .must, .normative, "2.12.1.1.6",
      "If the owner supports the legacy notify-info command the VF BAR0 register of the SR-IOV "
        + "capability is 0.",
      because: ownership),
    .never(
      "access-width", .must, .normative, "4.1.3.1", by: .driver,
      "Fields are accessed with their own width: 8, 16 or 32 bits, aligned; 64-bit fields as two "
        + "32-bit halves.",
      because: driverDuty),
  ]

  private static let driverDuty = "a requirement on drivers, not observable here"
  private static let permission = "a permission, which nothing breaks"
  private static let twoReadings = "needs two readings at different times"
  private static let ownership = "it cannot be told whether the function is an owner"
  private static let ownRules = "each feature has a rule of its own"
  private static let padding = "padding is not read: devices end before it, and answer all ones"
}
