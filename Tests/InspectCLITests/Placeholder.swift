import Testing

@testable import InspectCLI
