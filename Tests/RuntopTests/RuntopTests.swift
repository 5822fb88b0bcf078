import Testing

@testable import runtop

@Test func placeholder() {}
