import Testing

@testable import Runs

@Test func placeholderRuns() {}
