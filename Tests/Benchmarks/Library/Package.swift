// swift-tools-version: 6.3
import PackageDescription

// A client of the library, since what an access costs shows only from another module.
let package = Package(
  name: "library-bench",
  dependencies: [.package(name: "virtio-pci-inspect", path: "../../..")],
  targets: [
    .executableTarget(
      name: "library-bench",
      dependencies: [.product(name: "VirtioPCI", package: "virtio-pci-inspect")], path: ".")
  ]
)
