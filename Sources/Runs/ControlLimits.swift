import Foundation

/// What a job's past durations say of the next one: where it will probably lie, and from where on it is out of control.
///
/// A control chart of individual values (W. Shewhart; NIST/SEMATECH e-Handbook, 6.3.2.2) on the logarithm, because durations of
/// batch runs are skewed to the right: the centre is the median of the newest runs, moved along their trend if there is
/// one; the spread is estimated without outliers; the limit is the one that the next run of an undisturbed job exceeds
/// with a given probability, wider where fewer runs are known.
struct ControlLimits: Hashable, Sendable {
    /// The expected logarithm of the next duration in seconds.
    let centre: Double
    /// The deviation of the logarithm.
    let spread: Double
    /// The share by which durations change with every run; 0 without a trend.
    let trend: Double
    /// From so many seconds on, the next duration is out of control.
    let limit: Double

    /// The most runs that say what is usual now.
    static let mostRuns = 60
    /// The fewest that say anything about a limit.
    static let fewestRuns = 5
    /// The most of them whose trend is sought: the number of pairs grows with the square.
    private static let mostForTrend = 30
    /// Durations of very regular jobs still vary by so much of their logarithm.
    private static let leastSpread = 0.08

    /// Learns from durations in seconds, the oldest first; `nil` when there are too few.
    ///
    /// - Parameters:
    ///   - probability: how probable it may be that a usual run exceeds the limit.
    ///   - hasTrend: whether they may get longer or shorter with time.
    init?(of durations: [Double], exceededWith probability: Double, hasTrend: Bool = true) {
        let logs = durations.suffix(Self.mostRuns).map { log(max($0, 1)) }
        guard logs.count >= Self.fewestRuns else { return nil }
        let known = Array(logs[Self.changePoint(in: logs)...])
        let recent = Array(known.suffix(Self.mostForTrend))
        let slope = hasTrend ? Robust.slope(recent) : 0
        // Without a trend all known runs count, with one those that show it.
        let sample = slope == 0 ? known : recent
        let levelled = sample.enumerated().map { $1 + slope * Double(sample.count - $0) }
        centre = Robust.median(levelled)
        trend = exp(slope) - 1
        spread = max(Robust.spread(levelled, around: centre), Self.leastSpread)
        let deviations = Robust.predictionLimit(exceededWith: probability, count: sample.count)
        // What happened several times before is usual, however far out it lies; of few runs, what happened at all.
        let seen = levelled.sorted(by: >)
        let usualExtreme = seen[levelled.count < 10 ? 0 : levelled.count < 20 ? 1 : max(2, levelled.count / 20)]
        limit = exp(max(centre + deviations * spread, usualExtreme + 0.1, centre + log(1.6)))
    }

    /// The median of the next duration in seconds.
    var median: Double { exp(centre) }

    /// The duration that a share of the next runs does not exceed.
    func quantile(_ share: Double) -> Double {
        let normal = Robust.normalLimit(exceededWith: min(share, 1 - share))
        return exp(centre + (share < 0.5 ? -normal : normal) * spread)
    }

    /// Where the newest level begins: after a change that at least five runs in a row confirm, what was before is no
    /// longer usual. (The runs rules of the Western Electric Handbook, 1956, with five beyond two deviations.)
    private static func changePoint(in logs: [Double]) -> Int {
        let confirming = 5
        guard logs.count >= confirming * 2 else { return 0 }
        let newest = logs.suffix(confirming)
        var older = logs.dropLast(confirming)
        guard let low = newest.min(), let high = newest.max() else { return 0 }
        let centre = Robust.median(Array(older))
        let reach = max(2 * Robust.spread(Array(older), around: centre), 0.15)
        guard low > centre + reach || high < centre - reach else { return 0 }
        // The runs before them that lie on the same side belong to the new level.
        while let last = older.last, low > centre + reach ? last > centre + reach : last < centre - reach {
            older.removeLast()
        }
        return older.endIndex
    }
}
