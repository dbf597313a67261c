import Testing

@testable import VirtioPCI
