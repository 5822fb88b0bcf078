import Foundation

/// Statistics of durations or waits.
package struct UsualSpan: Hashable, Sendable {
    /// The number of runs used.
    package var runs: Int
    package var median: Duration
    /// The 90th percentile.
    package var p90: Duration
    package var longest: Duration
    /// The median absolute deviation from the median.
    package var spread: Duration
    /// The change per day; negative if it gets shorter, `nil` if unknown.
    package var driftPerDay: Duration?
    /// A longer value is unusual; `nil` if there are too few runs.
    package var limit: Duration?

    /// The fewest runs that show what is usual.
    package static let fewestRuns = 3
    /// The number of newest runs that show what is usual now. ``ControlLimits`` uses more of them for the spread.
    static let mostRuns = 60

    package init(
        runs: Int, median: Duration, p90: Duration, longest: Duration, spread: Duration, driftPerDay: Duration? = nil,
        limit: Duration? = nil
    ) {
        (self.runs, self.median, self.p90, self.longest) = (runs, median, p90, longest)
        (self.spread, self.driftPerDay, self.limit) = (spread, driftPerDay, limit)
    }

    /// Computes the statistics of durations in seconds; `nil` if there are too few.
    init?(of durations: some Sequence<Double>) {
        let sorted = durations.sorted()
        guard sorted.count >= Self.fewestRuns, let longest = sorted.last else { return nil }
        let median = Robust.median(sorted: sorted)
        self.init(
            runs: sorted.count, median: Duration(inSeconds: median),
            p90: Duration(inSeconds: Robust.quantile(0.9, sorted: sorted)), longest: Duration(inSeconds: longest),
            spread: Duration(inSeconds: Robust.deviation(sorted, from: median)))
    }

    /// A duration divided by the median: 1 is usual, 2 is twice as long.
    package func ratio(of duration: Duration) -> Double? {
        guard median > .zero else { return nil }
        return duration / median
    }
}

/// What is usual for a job, from its history. Each part is `nil` if there are too few runs.
package struct JobStatistics: Hashable, Sendable {
    /// The number of known runs.
    package var runs = 0
    /// The number of runs that succeeded or failed.
    package var conclusive = 0
    /// The share of the conclusive runs that succeeded, 0…1.
    package var successRate: Double?
    /// The success rate of the newer half of the conclusive runs minus that of the older half.
    package var successTrend: Double?
    /// How many of the newest conclusive runs have the same outcome, and whether they succeeded.
    package var streak: (succeeded: Bool, runs: Int)? {
        get { streakRuns == 0 ? nil : (streakSucceeded, streakRuns) }
        set { (streakSucceeded, streakRuns) = newValue.map { ($0.succeeded, $0.runs) } ?? (false, 0) }
    }
    private var streakSucceeded = false
    private var streakRuns = 0
    /// When the newest successful run ended.
    package var lastSuccess: Date?
    /// Statistics of how long its newest successful runs took.
    package var duration: UsualSpan?
    /// Statistics of how long its runs waited to start.
    package var wait: UsualSpan?

    package init() {}

    /// Computes the statistics of a job's runs.
    package init(of history: JobHistory) { self.init(of: history, limits: JobLimits(of: history)) }

    init(of history: JobHistory, limits: JobLimits) {
        let conclusive = history.runs.filter(\.status.isConclusive)
        let succeeded = conclusive.map { $0.status == .success }
        runs = history.runs.count
        self.conclusive = conclusive.count
        successRate = Self.share(succeeded[...])
        let half = succeeded.count / 2
        if half > 0, let newer = Self.share(succeeded.suffix(half)), let older = Self.share(succeeded.prefix(half)) {
            successTrend = newer - older
        }
        streak = succeeded.last.map { newest in (newest, succeeded.reversed().prefix { $0 == newest }.count) }
        lastSuccess = conclusive.last { $0.status == .success }.flatMap { $0.ended ?? $0.moment }
        duration = limits.usualDuration
        wait = limits.usualWaiting
    }

    private static func share(_ outcomes: ArraySlice<Bool>) -> Double? {
        outcomes.isEmpty ? nil : Double(outcomes.count { $0 }) / Double(outcomes.count)
    }
}
