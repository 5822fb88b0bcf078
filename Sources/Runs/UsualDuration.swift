import Foundation

/// How long a job usually takes: learned from its own successful runs.
package struct UsualDuration: Hashable, Sendable {
    /// The median of the successful runs known.
    package let median: Duration
    /// The longest of them.
    package let longest: Duration

    /// Fewer runs than this say nothing about what is usual.
    package static let fewestRuns = 3

    /// Learns from runs; `nil` when too few of them succeeded.
    package init?(of runs: some Sequence<JobRun>) {
        self.init(durations: runs.filter { $0.status == .success }.compactMap(\.finalDuration))
    }

    /// Learns from the durations of successful runs; `nil` when there are too few.
    init?(durations: [Duration]) {
        guard let spread = Spread(of: durations) else { return nil }
        (median, longest) = (spread.median, spread.longest)
    }

    /// An active run that has run for longer than this is late: twice the median, or half as long again as the
    /// longest, whichever is more; and never less than a minute, because short runs vary by their start-up alone.
    package var lateAfter: Duration {
        max(median * 2, longest * 3 / 2, .seconds(60))
    }

    /// How a duration compares with the median: 1 is usual, 2 twice as long.
    package func ratio(of duration: Duration) -> Double? {
        guard median > .zero else { return nil }
        return duration / median
    }
}

/// How long a job's runs usually wait between being created and starting: learned from those that started.
package struct UsualWait: Hashable, Sendable {
    /// The median of the waits known.
    package let median: Duration
    /// The longest of them.
    package let longest: Duration

    /// A run of a job of which too few runs have started is late after this.
    package static let lateAfterUnknown = Duration.seconds(1_800)

    /// Learns from the waits of runs that started; `nil` when there are too few.
    init?(waits: [Duration]) {
        guard let spread = Spread(of: waits) else { return nil }
        (median, longest) = (spread.median, spread.longest)
    }

    /// A run that has waited for longer than this is late: twice the median, or half as long again as the longest,
    /// whichever is more; and never less than five minutes, because a cluster may take that long to start.
    package var lateAfter: Duration {
        max(median * 2, longest * 3 / 2, .seconds(300))
    }
}

/// The median and the longest of enough durations.
private struct Spread {
    let median: Duration
    let longest: Duration

    init?(of durations: [Duration]) {
        let durations = durations.sorted()
        guard durations.count >= UsualDuration.fewestRuns, let longest = durations.last else { return nil }
        let middle = durations.count / 2
        median = durations.count.isMultiple(of: 2) ? (durations[middle - 1] + durations[middle]) / 2 : durations[middle]
        self.longest = longest
    }
}

extension JobRun {
    /// How long a run that is over took; `nil` when the service does not say.
    var finalDuration: Duration? {
        guard let ended else { return executionDuration }
        return duration(at: ended)
    }
}

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
