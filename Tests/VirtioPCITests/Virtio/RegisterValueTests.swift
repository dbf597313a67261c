import TestSupport
import Testing

@testable import VirtioPCI

@Suite struct DeviceStatusTests {
  @Test("every bit has the specification's name")
  func bits() throws {
    let rows = try Spec("common-cfg")["device_status_bits"].array
    #expect(rows.count == 8)
    for row in rows {
      let value = try UInt8(#require(row["value"].int))
      #expect(DeviceStatus(rawValue: value).names == [row["name"].string ?? "0x20"])
    }
  }

  @Test("a status is named bit by bit, and keeps what has no name")
  func names() {
    let running: DeviceStatus = [.featuresOK, .driverOK, .driver, .acknowledge]
    #expect(running.rawValue == 0x0F)
    #expect(running.names == ["ACKNOWLEDGE", "DRIVER", "DRIVER_OK", "FEATURES_OK"])
    #expect(DeviceStatus(rawValue: 0).names == [])
    #expect("\(running)" == "[ACKNOWLEDGE, DRIVER, DRIVER_OK, FEATURES_OK]")
    #expect("\(DeviceStatus(rawValue: 0x20))" == "[0x20]")
    #expect(DeviceStatus(rawValue: 0xFF).rawValue == 0xFF)
    #expect(
      DeviceStatus(rawValue: 0xF0).names == ["SUSPEND", "0x20", "DEVICE_NEEDS_RESET", "FAILED"])
  }

  @Test("the constants are the bits that bear their names")
  func constants() {
    #expect(DeviceStatus.suspend.names == ["SUSPEND"])
    #expect(DeviceStatus.deviceNeedsReset.names == ["DEVICE_NEEDS_RESET"])
    #expect(DeviceStatus.failed.names == ["FAILED"])
  }
}

@Suite struct IsrStatusTests {
  @Test("bit 0 is a queue, bit 1 the configuration, the rest are kept")
  func names() {
    #expect(IsrStatus.queue.rawValue == 1)
    #expect(IsrStatus.configuration.rawValue == 2)
    #expect(IsrStatus(rawValue: 0x83).names == ["QUEUE", "CONFIGURATION", "0x80"])
  }
}

@Suite struct NotificationDataTests {
  @Test("16 bits of queue, 15 of position and the wrap bit make the doorbell's value")
  func packing() throws {
    let data = try #require(NotificationData(vqn: 0x1234, nextOff: 0x5678, nextWrap: false))
    #expect(data.rawValue == 0x5678_1234)
    #expect(NotificationData(vqn: 1, nextOff: 0, nextWrap: true)?.rawValue == 0x8000_0001)
    #expect(NotificationData(vqn: 0, nextOff: 0x7FFF, nextWrap: true)?.rawValue == 0xFFFF_0000)
  }

  @Test("a position of more than 15 bits does not fit", arguments: [0x8000, 0xFFFF] as [UInt16])
  func tooFar(nextOff: UInt16) {
    #expect(NotificationData(vqn: 0, nextOff: nextOff, nextWrap: false) == nil)
  }

  @Test("a split ring's available index fills position and wrap bit")
  func split() {
    let data = NotificationData(vqn: 7, availableIndex: 0x8003)
    #expect(data.vqn == 7)
    #expect(data.nextOff == 3)
    #expect(data.nextWrap)
    #expect(data.availableIndex == 0x8003)
  }

  @Test("each part changes alone")
  func parts() {
    var data = NotificationData(vqn: 7, availableIndex: 0x8003)
    data.vqn = 0xFFFF
    #expect(data.rawValue == 0x8003_FFFF)
    data.nextOff = 0xFFFE
    #expect(data.rawValue == 0xFFFE_FFFF)
    data.nextWrap.toggle()
    #expect(data.rawValue == 0x7FFE_FFFF)
    data.availableIndex &+= 2
    #expect(data.rawValue == 0x8000_FFFF)
  }

  @Test(
    "unpacking and packing give the value again",
    arguments: [0, 1, 0xFFFF, 0x1_0000, 0x7FFF_0000, 0x8000_0000, 0xFFFF_FFFF, 0x1234_5678]
      as [UInt32])
  func roundTrip(value: UInt32) {
    let data = NotificationData(rawValue: value)
    let again = NotificationData(vqn: data.vqn, nextOff: data.nextOff, nextWrap: data.nextWrap)
    #expect(again?.rawValue == value)
  }
}
