/// How long a job usually takes: learned from its own successful runs.
public struct UsualDuration: Hashable, Sendable {
    /// The median of the successful runs known.
    public let median: Duration
    /// The longest of them.
    public let longest: Duration

    /// Fewer runs than this say nothing about what is usual.
    public static let fewestRuns = 3

    /// Learns from runs; `nil` when too few of them succeeded.
    public init?(of runs: some Sequence<JobRun>) {
        let durations = runs.lazy
            .filter { $0.status == .success }
            .compactMap { run -> Duration? in
                guard let ended = run.ended else { return run.executionDuration }
                return run.duration(at: ended)
            }
            .sorted()
        guard durations.count >= Self.fewestRuns, let longest = durations.last else { return nil }
        let middle = durations.count / 2
        median = durations.count.isMultiple(of: 2) ? (durations[middle - 1] + durations[middle]) / 2 : durations[middle]
        self.longest = longest
    }

    /// The point past which an active run is late: twice the median, and half as long again as the longest,
    /// whichever is later; never within a minute, where a cluster's mood is all there is to see.
    public var lateAfter: Duration {
        max(median * 2, longest * 3 / 2, .seconds(60))
    }

    /// How a duration compares with the median: 1 is usual, 2 twice as long.
    public func ratio(of duration: Duration) -> Double? {
        guard median > .zero else { return nil }
        return duration / median
    }
}
