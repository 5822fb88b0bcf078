import Foundation
import Testing

extension Trait where Self == BlockingTests {
    /// For tests that block their thread while they wait for processes and terminals.
    package static var blocking: Self { Self() }
}

/// Runs blocking tests on threads of their own, two for each core: they mostly wait.
///
/// Swift's concurrency has as many threads as there are cores, for all tasks. With two blocking tests on two cores, every
/// server and client in this process would wait for them, beyond their deadlines.
package struct BlockingTests: SuiteTrait, TestTrait, TestScoping {
    package let isRecursive = true

    package func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await withTaskExecutorPreference(BlockableThreads.shared) { try await function() }
    }
}

private final class BlockableThreads: TaskExecutor {
    static let shared = BlockableThreads()

    private let queue: OperationQueue

    private init() {
        queue = OperationQueue()
        queue.maxConcurrentOperationCount = ProcessInfo.processInfo.activeProcessorCount * 2
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.addOperation { [self] in job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
}
