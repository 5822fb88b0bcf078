import Foundation
import Testing

@testable import AIDPSimulator

@Suite("Task runs") struct TaskRunTests {
    @Test("are consistent with their run at all times")
    func consistent() {
        let world = World(seed: 2026, jobCount: 40, speed: 20)
        for run in world.jobs.flatMap({ world.runs(of: $0, at: tuesday, limit: 30) }) {
            let tasks = world.taskRuns(of: run)
            #expect((1...6).contains(tasks.count))
            let statuses = Set(tasks.map(\.status))
            switch run.status {
            case .success:
                #expect(statuses.isSubset(of: [.success, .excluded]))
                #expect(statuses.contains(.success))
            case .failed, .timedOut, .internalError, .canceled, .skipped, .upstreamFailed, .upstreamCanceled, .excluded:
                #expect(statuses.contains(run.status))
            case .running, .canceling: #expect(tasks.filter { $0.status == run.status }.count == 1)
            case .pending, .queued, .blocked, .pausedMaintenance: #expect(statuses == [.pending])
            }
            for task in tasks {
                #expect((task.started ?? .max) >= run.created)
                #expect((task.ended ?? 0) <= (run.ended ?? run.seen))
                #expect(task.started == nil || task.ended != nil || !run.status.isTerminal, "nothing outlasts its run")
                #expect((task.ended ?? .max) >= (task.started ?? 0))
                for before in task.plan.after where task.started != nil && tasks[before].status != .excluded {
                    #expect(
                        (tasks[before].ended ?? .max) <= (task.started ?? 0), "\(task.plan.key) waits for its upstream")
                }
            }
        }
    }

    @Test("are sometimes retried")
    func retries() {
        let world = World(seed: 2026, jobCount: 40, speed: 20)
        let tasks = world.jobs.flatMap { world.runs(of: $0, at: tuesday) }.flatMap { world.taskRuns(of: $0) }
        #expect(tasks.contains { $0.retries > 0 })
    }
}

@Suite("Error traces") struct TraceTests {
    static let world = World(seed: 2026, jobCount: 40, speed: 20)

    /// All failures that can be listed, with their jobs.
    private var failures: [(job: SimulatedJob, explanation: Explanation)] {
        Self.world.jobs.flatMap { job in
            (0..<20).flatMap { day in
                Self.world.runs(of: job, at: tuesday.addingTimeInterval(Double(day) * 7_200))
            }.filter { $0.status == .failed }.map { (job, Self.world.explanation(of: .failed, in: $0)) }
        }
    }

    @Test("look like real ones", arguments: TraceKind.allCases)
    func marks(kind: TraceKind) throws {
        let mark =
            switch kind {
            case .pySpark: "Caused by: "
            case .pandas: "KeyError: 'Column not found"
            case .oracle: "ORA-06512"
            case .analysis: "AnalysisException"
            case .shell: "\u{1B}[1;31merror:"
            case .dbt: "Running with dbt="
            case .outOfMemory: "java.lang.OutOfMemoryError"
            }
        let traces = failures.filter { $0.job.trace == kind }.compactMap(\.explanation.trace)
        #expect(!traces.isEmpty)
        #expect(traces.allSatisfy { $0.contains(mark) })
    }

    @Test("are sometimes thousands of lines long")
    func long() {
        let lengths = failures.compactMap(\.explanation.trace).map { $0.split(separator: "\n").count }
        #expect((lengths.max() ?? 0) > 2_000)
        #expect(lengths.filter { $0 < 200 }.count > lengths.count / 2)
    }

    @Test("come with a message of one line")
    func messages() {
        let messages = failures.map { $0.explanation.message ?? "" }
        #expect(messages.allSatisfy { !$0.isEmpty })
        #expect(messages.allSatisfy { !$0.contains("\n") })
    }

    @Test("are replaced with hostile text in a hostile world")
    func hostile() {
        let text = "\u{1B}]0;owned\u{7}\u{202E}gnp.exe"
        let world = World(seed: 2026, jobCount: 12, speed: 20, hostile: [text])
        #expect(world.jobs.allSatisfy { $0.name == text })
        let runs = world.jobs.flatMap { world.runs(of: $0, at: tuesday) }
        let traces = runs.compactMap { world.explanation(of: $0.status, in: $0).trace }
        #expect(!traces.isEmpty)
        #expect(traces.allSatisfy { $0.contains(text) })
    }
}
