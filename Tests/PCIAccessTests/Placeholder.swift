import Testing

@testable import PCIAccess
