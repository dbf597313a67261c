import TestSupport
import Testing

/// What drivers do, as a user sees it.
@Suite("Drivers")
struct DriverTests {
  /// A function that Linux refuses, since it has no ISR capability.
  private static func refused() throws -> SysfsFixture {
    let tree = try SysfsFixture()
    try tree.add(
      "0000:00:04.0",
      ConfigSpace().adding(.common(), at: 0x40).adding(
        .notify(offset: 0x2000, multiplier: 4), at: 0x50
      ))
    return tree
  }

  @Test("a refusal is shown with its reason in the full view")
  func detail() throws {
    let tree = try Self.refused()
    let outcome = InProcess.run(["--sysfs", tree.root, "04.0"])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("  drivers    Linux refuses it: "))
  }

  @Test("why no driver is bound is said, with the cure, where Linux could drive the function")
  func noDriver() throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:04.0")
    try tree.createFolder("bus/pci/drivers")
    try tree.add(
      "0000:00:05.0", driver: "virtio-pci", virtio: .init("virtio3", status: "0x00000001"))
    try tree.add("0000:00:06.0", driver: "vfio\u{1B}-pci")
    let detail = InProcess.run(["--sysfs", tree.root, "04.0", "05.0", "06.0"])
    #expect(detail.output.contains("  no driver  virtio-pci is not loaded: modprobe virtio_pci\n"))
    #expect(
      detail.output.contains(
        "  no driver  the driver of its type is not bound, or not loaded:"
          + " modprobe virtio:d00000013v00001AF4\n"
      ))
    #expect(
      detail.output.contains(
        "  no driver  vfio\\u{1b}-pci is bound, which leaves the function to another user\n"))
    let reasons = try InProcess.run(["--sysfs", tree.root, "-J"])
      .jq("-c", "[.devices[].no_driver | map(.reason)]")
    #expect(reasons == #"[["not_loaded"],["device_not_bound"],["other_driver"]]"# + "\n")
  }

  @Test(
    "-v shows the command register, and the interrupt where a check has read it",
    arguments: [
      (0, nil, "no pin"), (1, "11\n", "pin INTA, IRQ 11"), (4, "0\n", "pin INTD, no IRQ"),
      (9, nil, "pin 9, which is reserved"),
    ] as [(UInt8, String?, String)])
  func registersOfTheHeader(pin: UInt8, irq: String?, text: String) throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:04.0", ConfigSpace.healthy.setting([pin], at: 0x3D))
    if let irq { try tree.write(irq, to: "bus/pci/devices/0000:00:04.0/irq") }
    let detail = InProcess.run(["--sysfs", tree.root, "-v"]).output
    #expect(detail.contains("  command    IO MEMORY BUS_MASTER (0x0007)\n"))
    #expect(!detail.contains("  interrupt  "))
    #expect(
      InProcess.run(["--sysfs", tree.root, "-v", "--check"]).output
        .contains("  interrupt  \(text)\n"))
  }

  @Test("nothing keeps a driver away that refuses the function anyway")
  func refusedAnyway() throws {
    let tree = try Self.refused()
    try tree.createFolder("bus/pci/drivers")
    #expect(
      try InProcess.run(["--sysfs", tree.root, "-J"]).jq("-c", ".devices[].no_driver") == "[]\n")
  }

  @Test(
    "refusals of the drivers that count fail a check",
    arguments: [[], ["--drivers", "linux"], ["--drivers", "none"]])
  func check(options: [String]) throws {
    let counts = options.last != "none"
    let tree = try Self.refused()
    let problems = InProcess.run(["--sysfs", tree.root, "--check", "--jsonl"] + options)
    #expect(problems.output.contains(#""rule":"driver-linux""#) == counts)
    let outcome = InProcess.run(["--sysfs", tree.root, "--check"] + options)
    #expect(outcome.output.contains("error  driver-linux") == counts)
    #expect(outcome.output.contains("Linux refuses it: "))
  }

  @Test("reports have a case for a driver that counts and refuses")
  func report() throws {
    let tree = try Self.refused()
    let outcome = InProcess.run(["--sysfs", tree.root, "--check", "--report", "tap"])
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("- 0000:00:04.0: driver-linux\n"))
  }

  @Test(
    "names of drivers that cannot be are refused",
    arguments: [
      ("linus", "no driver linus; did you mean linux? (help lists them)"),
      ("linux,none", "none stands alone"),
      ("linux,", "has an empty item between its commas"),
    ])
  func names(value: String, message: String) throws {
    let outcome = InProcess.run(["--check", "--drivers", value])
    #expect(outcome.status == 2)
    #expect(outcome.error.contains(message))
  }

  @Test("--explain tells the steps of a driver")
  func explain() throws {
    let outcome = InProcess.run(["--explain", "linux"])
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix("linux  Linux\n"))
    #expect(outcome.output.contains("drivers/virtio/virtio_pci_modern_dev.c: vp_modern_probe"))
  }

  @Test("a column names the drivers that use a function")
  func column() throws {
    let tree = try Self.refused()
    try tree.add("0000:00:05.0", .healthy)
    let outcome = InProcess.run(
      ["--sysfs", tree.root, "--noheadings", "-o", "ADDRESS,DRIVERS"])
    let rows = outcome.output.split(separator: "\n")
    #expect(rows.count == 2)
    #expect(rows.first?.hasPrefix("0000:00:04.0  ") == true)
    #expect(rows.last == "0000:00:05.0  all but ovmf u-boot")
  }
}
