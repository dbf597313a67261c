import Testing

@testable import PCIAccess

@Suite("IDs in the header lines of dumps")
struct HeaderIDsTests {
  @Test(
    "lspci -n and -nn have them",
    arguments: [
      " Ethernet controller [0200]: Red Hat, Inc. Virtio network device [1af4:1041] (rev 01)",
      " VGA compatible controller [0300]: A (B) [1af4:1041] (rev ff) (prog-if 00 [VGA controller])",
      " Class [ffff]: Device [1AF4:1041]  ",
      " 0200: 1af4:1041 (rev 01)", " 0200: 1af4:1041",
    ])
  func present(header: String) throws {
    let bytes = Array(header.utf8)
    let found = HeaderIDs(bytes.span)
    let ids = try #require(found)
    #expect(ids.vendor == 0x1AF4 && ids.device == 0x1041)
  }

  @Test(
    "any other header has none",
    arguments: [
      "", " ", ")", " (rev 01)", " Ethernet controller: Virtio network device (rev ff)",
      " 1af4:104", "1af4:1041", "[1af4:1041]x", " [1af4:104g]", " [1af4-1041]", " a1af4:1041",
      " (1af4:1041]", " [0200]",
    ])
  func absent(header: String) {
    let bytes = Array(header.utf8)
    let found = HeaderIDs(bytes.span)
    #expect(found == nil)
  }
}
