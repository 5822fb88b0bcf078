import Testing

@testable import AIDPClient

@Test func placeholderAIDPClient() {}
