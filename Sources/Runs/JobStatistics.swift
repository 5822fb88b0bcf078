import Foundation

/// How long something usually takes.
package struct UsualSpan: Hashable, Sendable {
    /// How many runs it rests on.
    package var runs: Int
    package var median: Duration
    /// Nine of ten take no longer.
    package var p90: Duration
    package var longest: Duration
    /// The median absolute deviation from the median.
    package var spread: Duration
    /// How much longer it gets in a day; negative when it gets shorter, `nil` when nothing can be said.
    package var driftPerDay: Duration?
    /// Past this, the next one takes longer than is usual; `nil` with too few runs to say.
    package var limit: Duration?

    /// Fewer than this say nothing about what is usual.
    package static let fewestRuns = 3
    /// The newest that say what is usual now. How far they spread is seen in more of them (``ControlLimits``).
    static let mostRuns = 60

    package init(
        runs: Int, median: Duration, p90: Duration, longest: Duration, spread: Duration, driftPerDay: Duration? = nil,
        limit: Duration? = nil
    ) {
        (self.runs, self.median, self.p90, self.longest) = (runs, median, p90, longest)
        (self.spread, self.driftPerDay, self.limit) = (spread, driftPerDay, limit)
    }

    /// Learns from durations in seconds; `nil` when there are too few.
    init?(of durations: some Sequence<Double>) {
        let sorted = durations.sorted()
        guard sorted.count >= Self.fewestRuns, let longest = sorted.last else { return nil }
        let median = Robust.median(sorted: sorted)
        self.init(
            runs: sorted.count, median: Duration(inSeconds: median),
            p90: Duration(inSeconds: Robust.quantile(0.9, sorted: sorted)), longest: Duration(inSeconds: longest),
            spread: Duration(inSeconds: Robust.deviation(sorted, from: median)))
    }

    /// How a duration compares with the median: 1 is usual, 2 twice as long.
    package func ratio(of duration: Duration) -> Double? {
        guard median > .zero else { return nil }
        return duration / median
    }
}

/// What a job's history says is usual for it. Each part is `nil` where there are too few runs to say.
package struct JobStatistics: Hashable, Sendable {
    /// The runs known.
    package var runs = 0
    /// Those of them that succeeded or failed.
    package var conclusive = 0
    /// The share of the conclusive runs that succeeded, 0…1.
    package var successRate: Double?
    /// The success rate of the newer half of them less that of the older half.
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
    /// How long its successful runs took, of the newest that are known.
    package var duration: UsualSpan?
    /// How long its runs waited to start.
    package var wait: UsualSpan?

    package init() {}

    /// Learns from a job's runs.
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
