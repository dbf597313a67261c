import Foundation
import TestSupport
import Testing

/// A sysfs in which something is missing, of another kind or gone while it is read.
@Suite("Broken trees", .timeLimit(.minutes(10)))
struct BrokenTreeTests {
  @Test(
    "a config file of any size leaves the function in the list", arguments: [0, 63, 64, 256, 4096])
  func configSize(count: Int) throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:04.0", virtio: .init("virtio0", driver: "virtio_net"))
    let bytes = ConfigSpace.healthy.bytes + Array(repeating: 0, count: 4096 - 256)
    try tree.write(Array(bytes.prefix(count)), to: "bus/pci/devices/0000:00:04.0/config")
    let outcome = InProcess.run(["--sysfs", tree.root, "--noheadings"])
    #expect(outcome.output.hasPrefix("0000:00:04.0  socket  modern  virtio_net  virtio0  "))
    if count < 256 {
      #expect(outcome.error.hasPrefix("virtio-pci-inspect: 0000:00:04.0: "))
      #expect(outcome.error.contains("only the first \(count) bytes of its config space were"))
      #expect(outcome.status == 4)
    } else {
      #expect(outcome.error == "")
      #expect(outcome.status == 0)
    }
    let json = InProcess.run(["--sysfs", tree.root, "-J"])
    #expect(json.output.contains(#""config_bytes": \#(count),"#))
  }

  @Test("a config that is a folder, or gone, is an error of its function alone")
  func noConfig() throws {
    for kind in ["folder", "gone"] {
      let tree = try SysfsFixture()
      try tree.add("0000:00:03.0")
      try tree.add("0000:00:04.0")
      try tree.remove("bus/pci/devices/0000:00:03.0/config")
      if kind == "folder" { try tree.createFolder("bus/pci/devices/0000:00:03.0/config") }
      let outcome = InProcess.run(
        ["--sysfs", tree.root, "--noheadings", "-o", "ADDRESS,CAPABILITIES"])
      #expect(
        outcome.output == """
          0000:00:03.0  ?
          0000:00:04.0  common isr device notify pci

          """)
      #expect(outcome.status == 4)
      #expect(
        outcome.error == "virtio-pci-inspect: \(tree.function("0000:00:03.0", "config")): "
          + (kind == "folder" ? "is not a regular file" : "No such file or directory") + "\n")
    }
  }

  @Test("all ones say that the function is gone")
  func gone() throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:03.0", virtio: .init("virtio0", driver: "virtio_net"))
    try tree.write(Array(repeating: 0xFF, count: 256), to: "bus/pci/devices/0000:00:03.0/config")
    try tree.add("0000:00:04.0")
    let outcome = InProcess.run(
      ["--sysfs", tree.root, "--noheadings", "-o", "ADDRESS,DRIVER,CAPABILITIES"])
    #expect(
      outcome.output == """
        0000:00:03.0  virtio_net  ?
        0000:00:04.0  -           common isr device notify pci

        """)
    #expect(outcome.error.hasPrefix("virtio-pci-inspect: 0000:00:03.0: "))
    #expect(outcome.error.contains("reads all ones"))
    #expect(outcome.error.split(separator: "\n").count == 1)
    #expect(outcome.status == 4)
  }

  @Test("a function whose uevent is missing or empty hides no other")
  func noUEvent() throws {
    let tree = try SysfsFixture()
    for address in ["0000:00:02.0", "0000:00:03.0", "0000:00:04.0"] { try tree.add(address) }
    try tree.remove("bus/pci/devices/0000:00:02.0/uevent")
    try tree.write("", to: "bus/pci/devices/0000:00:03.0/uevent")
    let outcome = InProcess.run(["--sysfs", tree.root, "--noheadings", "-o", "ADDRESS"])
    #expect(outcome.output == "0000:00:04.0\n")
    #expect(outcome.status == 4)
    #expect(
      outcome.error == """
        virtio-pci-inspect: \(tree.function("0000:00:02.0", "uevent")): No such file or directory
        virtio-pci-inspect: \(tree.function("0000:00:03.0", "uevent")): is empty

        """)
  }

  @Test("functions that come and go during the scan hide none that stays")
  func vanishing() throws {
    let tree = try SysfsFixture()
    for device in 0..<16 {
      try tree.add("0000:00:\(String(format: "%02x", device)).0", virtio: .init("virtio\(device)"))
    }
    let outcome = try BuiltProgram.run(
      ["--sysfs", tree.root, "--noheadings", "-o", "ADDRESS,CAPABILITIES"],
      by: #"""
        cd "$TREE/bus/pci/devices"
        (while :; do for f in 1 5 9; do
          mv "0000:00:0$f.0" hidden; mv hidden "0000:00:0$f.0"
          mv "0000:00:0$f.0/config" hidden; mv hidden "0000:00:0$f.0/config"
        done; done) &
        for run in 1 2 3 4 5 6 7 8 9 10; do "$0" "$@" || test $? = 4 || echo "status $?"; done
        kill $!
        """#,
      environment: ["TREE": tree.root])
    let lines = outcome.output.split(separator: "\n")
    for device in [0, 2, 3, 4, 6, 7, 8, 10, 15] {
      let line = "0000:00:\(String(format: "%02x", device)).0  common isr device notify pci"
      #expect(lines.filter { $0 == line }.count == 10)
    }
    #expect(!outcome.output.contains("status"))
  }

  @Test(
    "features of 0 to 128 characters are read, more or fewer than whole words are told",
    arguments: [0, 63, 64, 65, 128, 129])
  func features(count: Int) throws {
    let tree = try SysfsFixture()
    try tree.add(
      "0000:00:04.0",
      virtio: .init("virtio0", features: String(repeating: "1", count: count)))
    try tree.add("0000:00:05.0")
    let outcome = InProcess.run(["--sysfs", tree.root, "--jsonl"])
    #expect(outcome.output.split(separator: "\n").count == 2)
    if count % 64 == 0 {
      #expect(outcome.output.components(separatedBy: #"{"bit":"#).count == count + 1)
    } else {
      #expect(outcome.error.contains("/features: "))
    }
    #expect(outcome.status == (count % 64 == 0 ? 0 : 4))
  }

  @Test(
    "domains of up to eight digits are listed in order and found with and without 0x",
    arguments: ["0000", "c82d", "10000", "ffffffff"])
  func domains(domain: String) throws {
    let tree = try SysfsFixture()
    let domains = ["0000", "c82d", "10000", "ffffffff"]
    for domain in domains { try tree.add("\(domain):00:04.0") }
    let all = InProcess.run(["--sysfs", tree.root, "--noheadings", "-o", "ADDRESS"])
    #expect(all.output.split(separator: "\n").map { String($0) } == domains.map { $0 + ":00:04.0" })
    for words in [
      ["\(domain):00:04.0"], ["0x\(domain):0x0:0x4.0x0"], ["-s", "\(domain)::"],
      ["-s", "0x\(domain):00:04.0"],
    ] {
      let one = InProcess.run(
        ["--sysfs", tree.root, "--noheadings", "-o", "ADDRESS"] + words)
      #expect(one.output == "\(domain):00:04.0\n")
    }
  }

  @Test("a pipe in place of a file of a tree costs that function alone")
  func pipeInTree() throws {
    let tree = try SysfsFixture()
    for slot in 2...4 { try tree.add("0000:00:0\(slot).0", virtio: .init("virtio\(slot)")) }
    for file in ["0000:00:02.0/uevent", "0000:00:03.0/config", "0000:00:04.0/virtio4/status"] {
      try tree.remove("bus/pci/devices/\(file)")
      try #require(mkfifo(tree.path("bus/pci/devices/\(file)"), 0o600) == 0)
    }
    // In a process that is ended if it waits for a writer.
    let outcome = try BuiltProgram.run(
      ["--sysfs", tree.root, "--noheadings", "-o", "ADDRESS,VIRTIO,CAPABILITIES,STATUS"])
    #expect(
      outcome.output == """
        0000:00:03.0  virtio3  ?                             DRIVER_OK
        0000:00:04.0  virtio4  common isr device notify pci  ?

        """)
    #expect(outcome.error.split(separator: "\n").count == 3)
    #expect(outcome.status == 4)
  }

  @Test(
    "folders are known on a file system that does not say so in the list of their names",
    .enabled(if: Tool("cc") != nil))
  func unknownTypes() throws {
    try withScratchFolder { folder in
      let code = #"""
        #define _GNU_SOURCE
        #include <dirent.h>
        #include <dlfcn.h>
        struct dirent *readdir(DIR *folder) {
          struct dirent *(*real)(DIR *) = (struct dirent * (*)(DIR *)) dlsym(RTLD_NEXT, "readdir");
          struct dirent *entry = real(folder);
          if (entry) entry->d_type = DT_UNKNOWN;
          return entry;
        }
        """#
      try Data(code.utf8).write(to: URL(filePath: "\(folder)/readdir.c"))
      let outcome = try BuiltProgram.run(
        ["--sysfs", "\(Fixtures.folder)/sysfs/firecracker", "--noheadings", "-o", "NODES"],
        by: #"""
          cc -shared -fPIC -o "$DIR/readdir.so" "$DIR/readdir.c" -ldl &&
            LD_PRELOAD="$DIR/readdir.so" "$0" "$@"
          """#,
        environment: ["DIR": folder])
      #expect(outcome.output.split(separator: "\n").contains("vda"))
      #expect(outcome.output.split(separator: "\n").contains("eth0"))
    }
  }
}
