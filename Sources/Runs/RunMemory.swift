import Foundation

/// How long a job's newest runs took and waited, remembered after the answers no longer have them: an answer holds few
/// runs, and fewer still that succeeded.
struct RunMemory: Hashable, Sendable {
    /// The most runs remembered of a kind: as many as an answer can hold.
    static let mostRuns = 10

    private struct Entry: Hashable, Sendable {
        let run: RunID
        let moment: Date
        let duration: Duration
    }

    private var successes: [Entry] = []
    private var starts: [Entry] = []

    /// How long the newest successful runs took.
    var durations: [Duration] { successes.map(\.duration) }

    /// How long the newest runs that started had waited to.
    var waits: [Duration] { starts.map(\.duration) }

    /// Learns from the runs of an answer.
    mutating func learn(from runs: [JobRun]) {
        Self.add(runs, to: &successes) { $0.status == .success ? $0.finalDuration : nil }
        Self.add(runs, to: &starts) { run in run.started.flatMap { run.queueWait(at: $0) } }
    }

    private static func add(_ runs: [JobRun], to entries: inout [Entry], _ duration: (JobRun) -> Duration?) {
        let new = runs.compactMap { run in
            duration(run).map { Entry(run: run.id, moment: run.moment ?? .distantPast, duration: $0) }
        }
        guard !new.isEmpty else { return }
        let newKeys = Set(new.map(\.run))
        let all = new + entries.filter { !newKeys.contains($0.run) }
        entries = Array(all.sorted { $0.moment > $1.moment }.prefix(mostRuns))
    }
}
