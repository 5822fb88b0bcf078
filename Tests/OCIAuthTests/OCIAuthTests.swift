import Testing

@testable import OCIAuth

@Test func placeholderOCIAuth() {}
