import Testing

@testable import AIDPSimulator

@Test func placeholderAIDPSimulator() {}
