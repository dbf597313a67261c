// swift-tools-version: 6.3
import PackageDescription

let common: [SwiftSetting] = [
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

// What is fuzzed: for `make fuzz` a program whose main function is libFuzzer's, else tests that replay
// the corpus.
let fuzz: [Target.Dependency] = [
  "InspectCLI", "PCIAccess", "Platform", "TestSupport", "VirtioConformance", "VirtioPCI",
  .product(name: "SystemPackage", package: "swift-system"),
]
let fuzzTarget: Target =
  Context.environment["FUZZ"] == nil
  ? .testTarget(
    name: "FuzzTests", dependencies: fuzz, path: "Tests/Fuzz",
    exclude: ["Driver.swift", "corpus", "run", "seeds.py"])
  : .executableTarget(
    name: "fuzz", dependencies: fuzz, path: "Tests/Fuzz",
    exclude: ["ReplayTests.swift", "corpus", "run", "seeds.py"])

let package = Package(
  name: "virtio-pci-inspect",
  products: [
    .library(name: "VirtioPCI", targets: ["VirtioPCI"]),
    .library(name: "VirtioConformance", targets: ["VirtioConformance"]),
    .executable(name: "virtio-pci-inspect", targets: ["virtio-pci-inspect"]),
  ],
  traits: [
    .trait(name: "LibPCI", description: "`-A libpci`: read config space through libpci."),
    .default(enabledTraits: ["LibPCI"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1")
  ],
  targets: [
    // Its files are empty without the trait, and do without libpci's header where it is not installed.
    .target(name: "CLibPCI", cSettings: [.define("LIBPCI", .when(traits: ["LibPCI"]))]),
    // Headers alone.
    .systemLibrary(name: "CLinux"),
    .target(name: "VirtioPCI", swiftSettings: common),
    .target(
      name: "VirtioConformance", dependencies: ["VirtioPCI"], swiftSettings: common),
    .target(
      name: "Platform",
      dependencies: ["CLinux", .product(name: "SystemPackage", package: "swift-system")],
      swiftSettings: common),
    .target(
      name: "PCIAccess",
      dependencies: [
        "VirtioPCI", "VirtioConformance", "Platform", "CLinux",
        .target(name: "CLibPCI", condition: .when(traits: ["LibPCI"])),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: common),
    .target(
      name: "InspectCLI",
      dependencies: [
        "VirtioPCI", "VirtioConformance", "PCIAccess", "Platform",
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: common),
    .executableTarget(name: "virtio-pci-inspect", dependencies: ["InspectCLI"]),
    .target(name: "TestSupport", dependencies: ["VirtioPCI"], path: "Tests/TestSupport"),
    .testTarget(name: "VirtioPCITests", dependencies: ["VirtioPCI", "TestSupport"]),
    .testTarget(
      name: "VirtioConformanceTests",
      dependencies: ["VirtioConformance", "VirtioPCI", "TestSupport"]),
    .testTarget(
      name: "PlatformTests",
      dependencies: [
        "Platform", "TestSupport", .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .testTarget(
      name: "PCIAccessTests",
      dependencies: ["PCIAccess", "Platform", "VirtioConformance", "TestSupport"],
      exclude: ["LibPCI/old-libpci.c", "LibPCI/valgrind-libpci.c", "LibPCI/valgrind-libpci.sh"]),
    .testTarget(
      name: "InspectCLITests",
      dependencies: [
        "InspectCLI", "Platform", "VirtioConformance", "TestSupport", "virtio-pci-inspect",
      ]),
    fuzzTarget,
  ],
  swiftLanguageModes: [.v6]
)
