import Testing

@testable import Screen

@Test func placeholderScreen() {}
