import AIDPSimulator
import Testing

extension Simulator {
    /// Listens on a free port of this machine for as long as the body takes.
    package func whileRunning<Result: Sendable>(
        _ body: @Sendable (_ port: Int) async throws -> Result
    ) async throws -> Result {
        let (ports, listening) = AsyncStream<Int>.makeStream()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { listening.finish() }
                try await self.run { listening.yield($0) }
            }
            var iterator = ports.makeAsyncIterator()
            let port = try #require(await iterator.next(), "the simulator did not come up")
            let result = try await body(port)
            group.cancelAll()
            return result
        }
    }
}
