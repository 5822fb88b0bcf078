import Testing

@testable import Polling

@Test func placeholderPolling() {}
