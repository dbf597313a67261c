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
