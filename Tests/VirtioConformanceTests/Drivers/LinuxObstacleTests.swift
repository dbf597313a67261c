import Testing
import VirtioConformance
import VirtioPCI

@Suite("Why Linux has bound no driver")
struct LinuxObstacleTests {
  private static func function(_ edit: (inout Function.Kernel) -> Void) -> Function {
    var function = Function(
      identity: Identity(
        vendorID: 0x1AF4, deviceID: 0x1053, revision: 1, classCode: 0xFFFF00,
        subsystemVendorID: 0x1AF4, subsystemID: 0x1100))
    edit(&function.kernel)
    return function
  }

  private static func unbound(_ edit: (inout Function.Binding) -> Void) -> Function {
    function { kernel in
      var binding = Function.Binding()
      edit(&binding)
      kernel.binding = binding
    }
  }

  private static func driverless(
    _ status: DeviceStatus?, isAutomatic: Bool? = true
  ) -> Function {
    function { kernel in
      kernel.driver = "virtio-pci"
      kernel.virtio = Function.VirtioDevice(name: "virtio3", status: status)
      var binding = Function.Binding()
      binding.isAutomatic = isAutomatic
      kernel.binding = binding
    }
  }

  static let rows: [(function: Function, obstacles: [LinuxObstacle])] = [
    (function { _ in }, []),
    (function { $0.driver = "virtio-pci" }, []),
    (function { $0.driver = "vfio-pci" }, [.otherDriver("vfio-pci")]),
    (
      function {
        $0.driver = "vp-vdpa"
        $0.vdpa = Function.VDPADevice(name: "vdpa0")
      }, []
    ),
    (unbound { _ in }, []),
    (unbound { $0.onlyDriver = "vfio-pci" }, [.driverOverride("vfio-pci")]),
    (unbound { $0.onlyDriver = "virtio-pci" }, []),
    (unbound { $0.hasDriver = false }, [.notLoaded]),
    (unbound { $0.hasDriver = true }, [.notBound]),
    (
      unbound {
        $0.isAutomatic = false
        $0.hasDriver = true
      }, [.autoprobeOff(bus: "pci")]
    ),
    (
      unbound {
        $0.onlyDriver = "none"
        $0.isAutomatic = false
        $0.hasDriver = false
      }, [.driverOverride("none"), .autoprobeOff(bus: "pci"), .notLoaded]
    ),
    (driverless(.acknowledge), [.deviceNotBound(type: 19, vendor: 0x1AF4)]),
    (driverless([.acknowledge, .driver, .failed]), [.gaveUp]),
    (driverless(.acknowledge, isAutomatic: false), [.autoprobeOff(bus: "virtio")]),
    (driverless([.acknowledge, .driver]), []),
    (driverless(DeviceStatus(rawValue: 0xFF)), []),
    (driverless(nil), []),
    (
      function {
        $0.driver = "virtio-pci"
        $0.virtio = Function.VirtioDevice(name: "virtio3", driver: "virtio_net")
      }, []
    ),
  ]

  @Test("what the kernel shows says what keeps drivers away", arguments: rows.indices)
  func obstacles(row: Int) {
    #expect(Self.rows[row].function.linuxObstacles == Self.rows[row].obstacles)
  }
}
