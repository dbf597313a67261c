import PCIAccess
import VirtioConformance
import VirtioPCI

@testable import InspectCLI
@testable import PCIAccess

/// What a source gives, to its end.
struct Harvest {
  struct Function: Hashable {
    var address: Address?
    var bytes: [UInt8]
  }

  var functions: [Function] = []
  var errors: [AccessError] = []

  init(_ source: some DeviceSource) throws {
    var source = source
    while true {
      do throws(AccessError) {
        guard let function = try source.next() else { return }
        let bytes = try function.readConfig(at: 0, count: .max)
        functions.append(Function(address: function.address, bytes: bytes))
      } catch {
        errors.append(error)
      }
      guard functions.count + errors.count < 1 << 20 else {
        throw Violation(description: "a source without an end")
      }
    }
  }

  /// What is in `text`, read as a dump.
  init(dump text: [UInt8], chunkSize: Int = InputBuffer.usualChunkSize) throws {
    let folder = ScratchFolder()
    try folder.write(text, to: "dump")
    self = try Harvest(DumpSource(path: "\(folder.path)/dump", chunkSize: chunkSize))
  }
}

/// The functions as the kernel logs them with `pci=earlydump`.
func earlyDump(_ functions: [Harvest.Function]) -> [UInt8] {
  var text = ""
  for function in functions {
    guard let address = function.address else { continue }
    text += "[    0.000000] pci \(address): config space:\n"
    for (offset, bytes) in lines(of: function) {
      text += "[    0.000000] \(Hex(UInt32(offset)).bare): \(bytes.joined(separator: " "))\n"
    }
  }
  return Array(text.utf8)
}

/// The functions as `pci -i` of the UEFI Shell prints them.
func uefiDump(_ functions: [Harvest.Function]) -> [UInt8] {
  var text = ""
  for function in functions {
    guard let address = function.address else { continue }
    let words = [
      "  PCI Segment", Hex(address.domain).bare, "Bus", Hex(address.bus).bare, "Device",
      Hex(address.device).bare, "Func", Hex(address.function).bare, "[EFI 0000030000]\n\n",
    ]
    text += words.joined(separator: " ")
    for (offset, bytes) in lines(of: function) {
      let halves = [bytes.prefix(8), bytes.dropFirst(8)].map { $0.joined(separator: " ") }
      let line = halves[1].isEmpty ? halves[0] : halves.joined(separator: "-")
      let column = String(repeating: ".", count: bytes.count)
      text += "  \(Hex(UInt32(offset)).bare.uppercased()): \(line.uppercased())  *\(column)*\n"
    }
    text += "\n"
  }
  return Array(text.utf8)
}

private func lines(of function: Harvest.Function) -> [(offset: Int, bytes: [String])] {
  stride(from: 0, to: function.bytes.count, by: 16).map { offset in
    (offset, function.bytes.dropFirst(offset).prefix(16).map { Hex($0).bare })
  }
}

/// The functions as `lspci -x` and `--hex` write them.
func lspciDump(_ functions: [Harvest.Function]) -> [UInt8] {
  var text: [UInt8] = []
  for function in functions {
    if let address = function.address { text += "\(address) any device\n".utf8 }
    HexDump.append(function.bytes, to: &text)
    text.append(UInt8(ascii: "\n"))
  }
  return text
}
