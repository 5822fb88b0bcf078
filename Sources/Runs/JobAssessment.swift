import Foundation

/// Something about a job that an operator should look at, with its reason.
package struct Verdict: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The newest run that succeeded or failed has failed.
        case failing
        /// A run waits, is blocked or runs beyond its job's own habit, so long that it will hardly end by itself.
        case stuck
        /// A run has run for longer than is usual.
        case slow
        /// A run should have started, and has not.
        case missed
        /// The job fails and succeeds in turns.
        case flapping
    }

    package var kind: Kind
    /// Since when it holds.
    package var since: Date
    /// In words, as of the moment of the assessment: `running 2.3× its median of 14m`. Made of numbers and runtop's own words.
    package var reason: String
    /// The run it is about, if it is about one.
    package var run: String?

    package init(kind: Kind, since: Date, reason: String, run: String? = nil) {
        self.kind = kind
        self.since = since
        self.reason = reason
        self.run = run
    }
}

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

    package init(
        runs: Int, median: Duration, p90: Duration, longest: Duration, spread: Duration, driftPerDay: Duration? = nil
    ) {
        (self.runs, self.median, self.p90, self.longest) = (runs, median, p90, longest)
        (self.spread, self.driftPerDay) = (spread, driftPerDay)
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
    /// How long its successful runs took.
    package var duration: UsualSpan?
    /// How long its runs waited to start.
    package var wait: UsualSpan?

    package init() {}

    /// Learns from a job's runs.
    package init(of history: JobHistory) {
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
        duration = UsualSpan(of: conclusive.filter { $0.status == .success }.compactMap(\.finalDuration))
        wait = UsualSpan(of: history.runs.compactMap(\.wait))
    }

    private static func share(_ outcomes: ArraySlice<Bool>) -> Double? {
        outcomes.isEmpty ? nil : Double(outcomes.count { $0 }) / Double(outcomes.count)
    }
}

extension UsualSpan {
    /// Fewer than this say nothing about what is usual.
    package static let fewestRuns = 3

    /// Learns from durations; `nil` when there are too few.
    init?(of durations: [Duration]) {
        let sorted = durations.sorted()
        guard sorted.count >= Self.fewestRuns, let longest = sorted.last else { return nil }
        let median = Self.middle(of: sorted)
        let deviations = sorted.map { $0 > median ? $0 - median : median - $0 }.sorted()
        self.init(
            runs: sorted.count, median: median, p90: sorted[(sorted.count * 9 + 9) / 10 - 1], longest: longest,
            spread: Self.middle(of: deviations))
    }

    private static func middle(of sorted: [Duration]) -> Duration {
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }

    /// How a duration compares with the median: 1 is usual, 2 twice as long.
    package func ratio(of duration: Duration) -> Double? {
        guard median > .zero else { return nil }
        return duration / median
    }
}

/// A job judged at a moment.
package struct JobAssessment: Hashable, Sendable {
    /// What to look at, the most urgent first.
    package var verdicts: [Verdict] = []
    /// When the run under way should end: the earliest, the likeliest and the latest moment.
    package var expectedEnd: ExpectedEnd?
    /// When the next run should start, by the schedule or else by the job's rhythm.
    package var nextStart: Date?
    /// Until when the same runs would be judged the same, but for the words.
    package var holdsUntil = Date.distantFuture

    package init() {}

    package struct ExpectedEnd: Hashable, Sendable {
        package var earliest: Date
        package var likeliest: Date
        package var latest: Date

        package init(earliest: Date, likeliest: Date, latest: Date) {
            (self.earliest, self.likeliest, self.latest) = (earliest, likeliest, latest)
        }
    }
}
